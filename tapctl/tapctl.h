/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of tapctl share. Each command has a file of its own and
 * exports one function, <name>_main(); tapctl.c has the table of them.
 *
 * A function that returns "an exit status" has told the user about a failure
 * when it does not return 0. One that returns a negative errno has not.
 */
#ifndef TAPCTL_H
#define TAPCTL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include <linux/if_link.h>
#include <net/if_tap.h>

#define ETH_ALEN	6
#define ETH_HLEN	14
#define ALTIFNAMSIZ	128	/* from <linux/if.h>, which clashes */
#define MAC_STRLEN	18	/* with its final NUL */
#define COMM_LEN	16	/* the kernel's TASK_COMM_LEN */

#define EXIT_USAGE	2

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct json_object;

/*
 * tapctl.c
 *
 * fail() prints "tapctl: MESSAGE" to standard error and returns EXIT_FAILURE,
 * usage_fail() adds the command's usage and returns EXIT_USAGE. A message
 * reads "what (value): why; what to do next".
 */
extern bool json_wanted;	/* tapctl -j */
int fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int usage_fail(const char *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int name_missing(const char *command);

/* the commands: argv[0] is the command's name; an exit status */
int list_main(int argc, char *argv[]);
int show_main(int argc, char *argv[]);
int create_main(int argc, char *argv[]);
int destroy_main(int argc, char *argv[]);
int set_main(int argc, char *argv[]);
int dump_main(int argc, char *argv[]);
int send_main(int argc, char *argv[]);
int monitor_main(int argc, char *argv[]);

/* text.c: between words and values. No function here prints. */
bool parse_uint(const char *word, uint32_t min, uint32_t max, uint32_t *value);
bool parse_mac(const char *word, uint8_t mac[ETH_ALEN]);
const char *format_mac(const uint8_t mac[ETH_ALEN], char text[MAC_STRLEN]);
const char *kind_word(enum iftap_kind kind);
bool parse_unit(const char *name, enum iftap_kind *kind, uint32_t *unit);
char *printable(char *text);

/* netlink.c: one request to rtnetlink and its answer */
struct nlmsghdr;
struct nlmsghdr *netlink_new(char *buf, uint16_t type, uint16_t flags,
			     int ifindex);
int netlink_talk(struct nlmsghdr *request,
		 void (*answer)(const struct nlmsghdr *nlh, void *data),
		 void *data);
int netlink_fail(int err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
#define NETLINK_REQUEST_SIZE	1024

/*
 * link.c: interfaces, as rtnetlink describes them
 *
 * For the user to see, name and comm are printable; for the kernel, ifname is
 * what it is.
 */
struct link {
	int index;
	char name[IFNAMSIZ];
	char ifname[IFNAMSIZ];
	char type[32];		/* rtnetlink's kind, "" if it has none */
	unsigned int flags;	/* IFF_ */
	uint32_t mtu;
	uint32_t txqueuelen;
	uint32_t queues;
	uint8_t operstate;	/* RFC 2863 */
	bool carrier;
	uint8_t address[ETH_ALEN];
	struct rtnl_link_stats64 stats;

	/* of an if_tap interface only */
	enum iftap_kind kind;
	bool numbered;
	uint32_t unit;		/* if numbered */
	bool open;
	bool has_opener;	/* false while it is being closed */
	bool has_pid;		/* false when the opener has exited */
	uint32_t pid;		/* 0: in a pid namespace we cannot see */
	char comm[COMM_LEN];
	uint8_t remote[ETH_ALEN];
	bool transient;
	int32_t baudrate;	/* bit/s; <= 0: unknown */
	uint32_t queued;
};

int link_find(const char *name, struct link *link);
int link_again(int index, struct link *link);
int link_list(struct link **links, size_t *count);
#define OPENER_STRLEN	80
const char *link_opener(const struct link *link, char text[OPENER_STRLEN]);
struct json_object *link_json(const struct link *link);

/* counter.c: what `ethtool -S` shows */
struct counter {
	char name[32];
	uint64_t value;
};

int counters_get(const char *ifname, struct counter **counters, size_t *count);
uint64_t counter_value(const struct counter *counters, size_t count,
		       const char *name);

/* node.c: device nodes */
#define NODE_PATHLEN	32
enum node_state {
	NODE_ABSENT,
	NODE_OURS,	/* a character device with the unit's numbers */
	NODE_FOREIGN,	/* anything else */
};

int module_major(void);
int module_missing(void);
dev_t node_device(int major, enum iftap_kind kind, uint32_t unit);
const char *node_path(enum iftap_kind kind, uint32_t unit,
		      char path[NODE_PATHLEN]);
enum node_state node_look(const char *path, dev_t device);
int node_make(const char *path, dev_t device);
bool node_is_modules(const char *path);
int node_open(const struct link *link);

/* interrupt.c: ending in good order when the user has seen enough */
void interrupt_catch(void);
bool interrupted(void);
int interrupt_poll(struct pollfd *fds, nfds_t n, const struct timespec *wait);

#endif /* TAPCTL_H */
