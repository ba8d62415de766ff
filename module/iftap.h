/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the files of the module share: the unit, its queues, and who may call
 * what. The user interface is <net/if_tap.h>.
 *
 * Calls go one way: faces (chardev.c, ioctl.c, link.c) use units (unit.c),
 * units use the interface (netdev.c, addr.c), the interface uses queues
 * (queue.c) and frames (frame.c). counter.c, sysctl.c, sysfs.c and node.c
 * keep the books and call nobody above them.
 *
 * LOCKING
 *
 *	what			held to change		to read
 *	iftap_net.units		rtnl			rtnl or RCU
 *	iftap_unit.dev		rtnl			rtnl or RCU
 *	  .home .number .kind	rtnl; number and kind	rtnl, or for ever
 *				never after creation
 *	  .users .open		rtnl			rtnl; .open also bare
 *	  .transient		rtnl			bare, for show
 *	  .baudrate		rtnl			bare
 *	  .opener, .remote	iftap_unit.lock		the same
 *	  .queues .nqueues	never after creation
 *	iftap_queue.frames	iftap_queue.frames.lock	the same; emptiness bare
 *	  .bytes .purges .open	iftap_queue.frames.lock	the same
 *	counters		this CPU, any context	bare
 *
 * rtnl is outermost. Next netdev's transmit lock, then iftap_queue.frames.lock
 * (taken with bottom halves off). iftap_unit.lock is a leaf and never taken
 * from a bottom half. Permission is checked before rtnl is asked for, so that
 * nobody without it can make others wait, and again under it.
 */
#ifndef IFTAP_H
#define IFTAP_H

#include <linux/cdev.h>
#include <linux/cred.h>
#include <linux/kref.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/xarray.h>
#include <net/if_tap.h>
#include <net/net_namespace.h>
#include "compat.h"
#include "counter.h"

#define IFTAP_NAME		"if_tap"

/* Bytes of memory (truesize) the frames of one queue may take. */
#define IFTAP_QUEUE_BYTES	(8u << 20)
/* Frames a closed vmnet keeps for its next opener. */
#define IFTAP_HOLD_FRAMES	50
/* A unit without a number: its interface has a name of another form. */
#define IFTAP_NO_NUMBER		(-1)

/* What an opening or a netlink message asks for. */
struct iftap_ident {
	enum iftap_kind kind;
	int number;		/* IFTAP_NO_NUMBER: none, or the lowest free */
};

struct iftap_queue {
	struct iftap_unit *unit;
	struct sk_buff_head frames;
	size_t bytes;		/* truesize of frames */
	unsigned int purges;	/* how often frames was emptied */
	bool open;
	bool hold;		/* keep frames while closed (vmnet) */
	wait_queue_head_t wait;
	struct fasync_struct *fasync;
} ____cacheline_aligned_in_smp;

struct iftap_opener {
	struct pid *pid;	/* of the thread group, NULL when closed */
	kuid_t uid;		/* kept after close, for the frames held */
	char comm[TASK_COMM_LEN];
};

struct iftap_unit {
	/* needed for every frame */
	struct net_device __rcu *dev;	/* NULL once destroyed */
	struct iftap_queue *queues;
	struct iftap_counters __percpu *counters;
	unsigned int nqueues;

	/* needed to open, close and look */
	struct kref ref;	/* one for dev, one per descriptor */
	struct iftap_net *home;	/* NULL: destroyed, or the namespace is gone */
	struct iftap_ident id;
	unsigned int users;	/* descriptors */
	bool open;		/* in use, or still being closed */
	bool transient;
	s32 baudrate;
	void *security;
	spinlock_t lock;
	struct iftap_opener opener;
	u8 remote[ETH_ALEN];
	struct rcu_head rcu;
};

/* Units by number, per network namespace and kind. */
struct iftap_net {
	struct xarray units[2];
};

/* What the interface keeps in its private area. */
struct iftap_priv {
	struct iftap_unit *unit;
};

static inline struct iftap_unit *iftap_netdev_unit(const struct net_device *dev)
{
	return ((struct iftap_priv *)netdev_priv(dev))->unit;
}

/* unit.c */
int iftap_unit_init(void);
void iftap_unit_fini(void);
struct iftap_queue *iftap_unit_open(struct iftap_ident id, bool clone);
void iftap_unit_close(struct iftap_unit *unit);
void iftap_unit_get(struct iftap_unit *unit);
void iftap_unit_put(struct iftap_unit *unit);
int iftap_unit_register(struct net_device *dev, struct iftap_ident id,
			struct nlattr *address);
void iftap_unit_destroy(struct iftap_unit *unit, struct list_head *head);
bool iftap_unit_admin(struct iftap_unit *unit);
int iftap_unit_opener_pid(struct iftap_unit *unit, char *comm);

/* link.c */
extern struct rtnl_link_ops iftap_link_ops;

/* netdev.c */
void iftap_netdev_setup(struct net_device *dev);
void iftap_netdev_random_address(struct net_device *dev, unsigned int number);

/* addr.c */
void iftap_addr_forget(struct net *net, int ifindex);

/* chardev.c */
extern const struct file_operations iftap_chardev_fops;

/* ioctl.c */
long iftap_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
#ifdef CONFIG_COMPAT
long iftap_compat_ioctl(struct file *file, unsigned int cmd,
			unsigned long arg);
#endif

/* node.c */
int iftap_node_init(void);
void iftap_node_fini(void);

/* queue.c */
void iftap_queue_init(struct iftap_queue *q, struct iftap_unit *unit);
void iftap_queue_open(struct iftap_queue *q, bool keep);
void iftap_queue_close(struct iftap_queue *q);
void iftap_queue_purge(struct iftap_queue *q);
enum iftap_counter iftap_queue_put(struct iftap_queue *q, struct sk_buff *skb,
				   unsigned int limit);
struct sk_buff *iftap_queue_get(struct iftap_queue *q);
void iftap_queue_unget(struct iftap_queue *q, struct sk_buff *skb);
int iftap_queue_first_len(struct iftap_queue *q);
void iftap_queue_wake(struct iftap_queue *q, __poll_t events);

/* frame.c */
struct sk_buff *iftap_frame_from_user(struct iov_iter *from);
int iftap_frame_receive(struct iftap_unit *unit, struct sk_buff *skb);

/* sysctl.c */
extern int iftap_debug_level;
extern int iftap_user_open;
extern int iftap_up_on_open;
extern int iftap_vmnet_hold;
int iftap_sysctl_init(void);
void iftap_sysctl_fini(void);

/* sysfs.c */
extern const struct attribute_group iftap_sysfs_group;

/*
 * A line in the kernel's log when debug.if_tap_debug is set, with the
 * interface's name when it has one; never more than net_ratelimit() allows.
 */
__printf(2, 3)
void iftap_debug_print(struct iftap_unit *unit, const char *fmt, ...);

#define iftap_debug(unit, ...)						\
do {									\
	if (unlikely(READ_ONCE(iftap_debug_level)))			\
		iftap_debug_print(unit, __VA_ARGS__);			\
} while (0)

#endif /* IFTAP_H */
