// SPDX-License-Identifier: BSD-2-Clause
/*
 * Races: every two of these actions, and each with itself, go on at once for
 * a while on one unit, a thread each. Errors are no matter: what counts is
 * that nobody hangs and that the kernel has nothing to say. A watchdog names
 * an action that has stopped and shows where in the kernel it is. At the end
 * the books balance: no unit, no reference to the module, nothing charged.
 *
 * usage: race MILLISECONDS [ACTION...]     with IF_TAP_KO naming the module
 *
 * MILLISECONDS is for each pair. With ACTIONs only pairs that one of them is
 * part of. To have another action, write its function and add a row.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_tun.h>

#include "kit.h"

#define NAME "tap0"
#define OTHER_NAME "other0"
#define NODE "./node"
#define BRIDGE "br0"
/* Seconds in which an action does not end: it hangs. Emulation is slow. */
#define HANGS 100

struct actor {
	const struct action *action;
	pthread_t thread;
	atomic_int tid;
	atomic_ulong rounds;
	unsigned int n;		/* the round, for what goes in turn */
};

struct action {
	const char *name;
	void (*round)(struct actor *a);
};

static const char *ko;
static int home_netns, other_netns;
static atomic_bool over;
static unsigned char frame[64];

/* The descriptor of the unit that is open just now, if it is. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int shared = -1;

/* A descriptor for one call: a duplicate, so that others may close theirs. */
static int use(void)
{
	int fd;

	pthread_mutex_lock(&lock);
	if (shared < 0)
		shared = kit_open(NODE, 0);
	fd = shared < 0 ? -1 : fcntl(shared, F_DUPFD_CLOEXEC, 0);
	pthread_mutex_unlock(&lock);
	return fd;
}

static void replace(int fd)
{
	int old;

	pthread_mutex_lock(&lock);
	old = shared;
	shared = fd;
	pthread_mutex_unlock(&lock);
	if (old >= 0)
		close(old);
}

static void done(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* Actions */

static void act_open(struct actor *a)
{
	int fd = kit_open(NODE, a->n & 1 ? O_NONBLOCK : 0);

	if (fd >= 0)
		replace(fd);
	else if (a->n % 4 == 0)
		replace(-1);
}

static void act_close(struct actor *a)
{
	(void)a;
	done(use());
	replace(-1);
}

static void act_dup(struct actor *a)
{
	int fd = use(), twin = dup(fd);

	(void)a;
	done(fd);
	done(twin);
}

static void act_fork(struct actor *a)
{
	int status, fd = use();
	pid_t pid = fork();

	(void)a;
	if (!pid) {
		write(fd, frame, sizeof(frame));
		_exit(0);
	}
	done(fd);
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
}

/* Sleeps until a frame, a signal of the watchdog, or the unit's end. */
static void act_read(struct actor *a)
{
	unsigned char room[2048];
	int fd = use();

	(void)a;
	read(fd, room, sizeof(room));
	done(fd);
}

static void act_write(struct actor *a)
{
	int i, fd = use();

	(void)a;
	for (i = 0; i < 8; i++)
		write(fd, frame, sizeof(frame));
	done(fd);
}

static void act_batch(struct actor *a)
{
	unsigned char room[4][2048];
	struct tapframe frames[4];
	struct tapbatch batch = { (uintptr_t)frames, 4, TAP_BATCH_DONTWAIT };
	int i, fd = use();

	memset(frames, 0, sizeof(frames));
	for (i = 0; i < 4; i++) {
		frames[i].base = (uintptr_t)(a->n & 1 ? frame : room[i]);
		frames[i].size = a->n & 1 ? sizeof(frame) : sizeof(room[i]);
	}
	if (a->n & 1)
		batch.flags = 0;
	ioctl(fd, a->n & 1 ? TAPSENDBATCH : TAPRECVBATCH, &batch);
	done(fd);
}

static void act_poll(struct actor *a)
{
	struct pollfd p = { .fd = use(), .events = POLLIN | POLLOUT };

	if (a->n & 1)
		p.events = POLLIN;
	poll(&p, 1, 5);
	done(p.fd);
}

static void act_sigio(struct actor *a)
{
	int owner = getpid(), fd = use();

	ioctl(fd, FIOSETOWN, &owner);
	fcntl(fd, F_SETFL, a->n & 1 ? O_ASYNC | O_NONBLOCK : 0);
	done(fd);
}

static void act_mmap(struct actor *a)
{
	struct kit_ring ring;
	int fd = use();

	kit_ring_make(fd, a->n & 1 ? TAP_RING_BACKPRESSURE : 0);
	if (!kit_ring_map(fd, &ring)) {
		((volatile unsigned char *)ring.in)[0]++;
		kit_ring_unmap(&ring);
	}
	done(fd);
}

/* Traffic, and nonsense: positions that were right for another mapping. */
static void act_ring(struct actor *a)
{
	struct kit_ring ring;
	int i, fd = use();

	kit_ring_make(fd, a->n % 3 ? 0 : TAP_RING_POLL);
	if (!kit_ring_map(fd, &ring)) {
		for (i = 0; i < 20; i++) {
			kit_ring_put(&ring, frame, sizeof(frame));
			ioctl(fd, TAPDOORBELL);
			while (kit_ring_get(&ring) >= 0)
				;
		}
		kit_ring_unmap(&ring);
	}
	done(fd);
	if (a->n % 8 == 0)	/* the ring goes with the last descriptor */
		replace(-1);
}

static void act_ioctl(struct actor *a)
{
	static const struct {
		unsigned long command;
		int number;
	} calls[] = {
		{ TAPGIFINFO, 0 }, { TAPGIFNAME, 0 }, { TAPSTRANSIENT, 1 },
		{ TAPSTRANSIENT, 0 }, { TAPGTRANSIENT, 0 },
		{ TAPSVNETHDR, 12 }, { TAPSVNETHDR, 0 }, { TAPGVNETHDR, 0 },
		{ TAPSOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 }, { TAPSOFFLOAD, 0 },
		{ SIOCGIFFLAGS, 0 }, { SIOCGIFADDR, 0 }, { FIONREAD, 0 },
		{ FIOGETOWN, 0 }, { TAPDOORBELL, 0 },
	};
	struct tapinfo info = { 1000000, 1400, TAP_IFT_ETHER, 0 };
	unsigned int i;
	int fd = use();

	(void)a;
	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		struct ifreq ifr;

		memset(&ifr, 0, sizeof(ifr));
		memcpy(&ifr, &calls[i].number, sizeof(int));
		ioctl(fd, calls[i].command, &ifr);
	}
	ioctl(fd, TAPSIFINFO, &info);
	ioctl(fd, VMIO_SIOCSIFFLAGS, (unsigned long)TAP_IFF_PROMISC);
	done(fd);
}

static void act_queue(struct actor *a)
{
	int index = a->n % 4, fd = use();
	int queue = ioctl(fd, TAPQUEUE, &index);

	done(fd);
	if (queue >= 0) {
		write(queue, frame, sizeof(frame));
		close(queue);
	}
}

static void act_transmit(struct actor *a)
{
	int i, fd = kit_packet_socket(NAME, a->n & 1);

	for (i = 0; i < 20; i++)
		send(fd, frame, sizeof(frame), MSG_DONTWAIT);
	done(fd);
}

static void act_link_del(struct actor *a)
{
	(void)a;
	if (kit_link_del(NAME))
		done(use());	/* so that there is one again */
}

static void act_link_add(struct actor *a)
{
	kit_link_add(NAME, 1 + a->n % 4);
	if (a->n & 1)
		kit_link_del(NAME);
}

static void act_link_show(struct actor *a)
{
	char text[100];
	int fd = open("/sys/class/net/" NAME "/if_tap/opened_by", O_RDONLY);

	(void)a;
	kit_link_get(NAME);
	kit_link_stats(NAME);
	if (fd >= 0)
		read(fd, text, sizeof(text));
	done(fd);
}

static void act_rename(struct actor *a)
{
	(void)a;
	kit_link_rename(NAME, OTHER_NAME);
	kit_link_rename(OTHER_NAME, NAME);
}

static void act_move(struct actor *a)
{
	(void)a;
	kit_link_move(NAME, other_netns);
	setns(other_netns, CLONE_NEWNET);
	kit_link_move(NAME, home_netns);
	kit_link_del(NAME);
	setns(home_netns, CLONE_NEWNET);
}

/* A namespace ends with a unit of its own, in use, or with one moved in. */
static void act_netns_exit(struct actor *a)
{
	int netns, fd = -1;

	if (unshare(CLONE_NEWNET))
		return;
	if (a->n & 1)
		fd = kit_open(NODE, O_NONBLOCK);
	netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	setns(home_netns, CLONE_NEWNET);
	if (!(a->n & 1))
		kit_link_move(NAME, netns);
	done(netns);
	write(fd, frame, sizeof(frame));
	done(fd);
}

static void act_mtu(struct actor *a)
{
	kit_link_mtu(NAME, a->n & 1 ? 1500 : 9000);
}

static void act_qlen(struct actor *a)
{
	kit_link_qlen(NAME, a->n & 1 ? 1000 : 2);
}

static void act_updown(struct actor *a)
{
	(void)a;
	kit_link_flags(NAME, IFF_UP, 0);
	kit_link_address(NAME, "10.0.0.1");
	kit_link_flags(NAME, 0, IFF_UP);
}

static void act_bridge(struct actor *a)
{
	(void)a;
	kit_bridge_port(BRIDGE, NAME, 1);
	kit_bridge_port(BRIDGE, NAME, 0);
}

/* Refused while it is in use; else it is loaded again. */
static void act_rmmod(struct actor *a)
{
	if (a->n % 4 == 0)
		replace(-1);
	if (!kit_module_unload())
		kit_module_load(ko);
}

/* The Linux face: a unit of its own turn, or a queue of one that is there. */
static void act_tun(struct actor *a)
{
	static const unsigned int kinds[] = {
		IFF_TAP, IFF_TAP | IFF_MULTI_QUEUE, IFF_TAP | IFF_NAPI,
		IFF_TAP | IFF_MULTI_QUEUE | IFF_NAPI,
	};
	int fd = kit_tun(NAME, IFF_NO_PI | kinds[a->n % 4]);
	unsigned char room[2048];

	if (fd < 0) {
		replace(-1);
		return;
	}
	kit_link_flags(NAME, IFF_UP, 0);
	write(fd, frame, sizeof(frame));
	read(fd, room, sizeof(room));
	close(fd);
}

static void act_tun_queue(struct actor *a)
{
	int fd = kit_tun(NAME, IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE);
	int twin = kit_tun(NAME, IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE);
	struct sock_filter all = { 6, 0, 0, 0xffffffff };
	struct sock_fprog program = { 1, &all };
	struct ifreq ifr = { .ifr_flags = IFF_DETACH_QUEUE };

	(void)a;
	ioctl(twin, TUNSETQUEUE, &ifr);
	write(twin, frame, sizeof(frame));
	ioctl(fd, TUNATTACHFILTER, &program);
	ioctl(fd, TUNSETSNDBUF, &(int){ 4096 });
	write(fd, frame, sizeof(frame));
	ifr.ifr_flags = IFF_ATTACH_QUEUE;
	ioctl(twin, TUNSETQUEUE, &ifr);
	ioctl(fd, TUNDETACHFILTER, &program);
	ioctl(fd, TUNSETCARRIER, &(int){ 0 });
	ioctl(fd, TUNSETOFFLOAD, (unsigned long)TUN_F_CSUM);
	done(twin);
	done(fd);
}

static const struct action table[] = {
	{ "open", act_open },
	{ "close", act_close },
	{ "dup", act_dup },
	{ "fork", act_fork },
	{ "read", act_read },
	{ "write", act_write },
	{ "batch", act_batch },
	{ "poll", act_poll },
	{ "sigio", act_sigio },
	{ "mmap", act_mmap },
	{ "ring", act_ring },
	{ "ioctl", act_ioctl },
	{ "queue", act_queue },
	{ "transmit", act_transmit },
	{ "link-del", act_link_del },
	{ "link-add", act_link_add },
	{ "link-show", act_link_show },
	{ "rename", act_rename },
	{ "move", act_move },
	{ "netns-exit", act_netns_exit },
	{ "mtu", act_mtu },
	{ "qlen", act_qlen },
	{ "up-down", act_updown },
	{ "bridge", act_bridge },
	{ "tun", act_tun },
	{ "tun-queue", act_tun_queue },
	{ "rmmod", act_rmmod },
};
#define ACTIONS (sizeof(table) / sizeof(*table))

/* Who sleeps is woken now and then; SIGIO is part of the game. */
static void wake(int number)
{
	(void)number;
}

static void *act(void *argument)
{
	struct actor *a = argument;

	atomic_store(&a->tid, gettid());
	while (!atomic_load(&over)) {
		a->action->round(a);
		a->n++;
		atomic_fetch_add(&a->rounds, 1);
	}
	atomic_store(&a->tid, 0);
	return NULL;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void show(const char *what, int tid)
{
	char path[64], text[4096];
	int n, fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/%s", tid, what);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text));
	done(fd);
	printf("%s: %.*s\n", what, n > 0 ? n : 0, text);
}

static void hang(const struct actor *a, const struct actor *other)
{
	const struct actor *both[] = { a, other };
	int i;

	printf("%s hangs while %s goes on\n", a->action->name,
	       other->action->name);
	for (i = 0; i < 2; i++) {
		printf("--- %s, after %lu rounds\n", both[i]->action->name,
		       atomic_load(&both[i]->rounds));
		if (atomic_load(&both[i]->tid)) {
			show("syscall", atomic_load(&both[i]->tid));
			show("stack", atomic_load(&both[i]->tid));
		}
	}
	fflush(stdout);
	_exit(1);
}

/* Wait for @end, or for both to end, waking who sleeps and seeing who hangs. */
static void watch(struct actor *actors, double end)
{
	unsigned long rounds[2] = { 0, 0 }, now;
	double since[2] = { seconds(), seconds() };
	int i, tid, running;

	do {
		usleep(20000);
		for (i = running = 0; i < 2; i++) {
			now = atomic_load(&actors[i].rounds);
			tid = atomic_load(&actors[i].tid);
			if (now != rounds[i] || (!tid && now)) {
				rounds[i] = now;
				since[i] = seconds();
			}
			if (seconds() - since[i] > HANGS)
				hang(&actors[i], &actors[!i]);
			if (tid) {
				running++;
				syscall(SYS_tgkill, getpid(), tid, SIGUSR1);
			}
		}
	} while (end ? seconds() < end : running);
}

static void tidy(void)
{
	static const char * const names[] = { NAME, OTHER_NAME };
	unsigned int i;

	replace(-1);
	for (i = 0; i < 2; i++) {
		kit_link_del(names[i]);
		setns(other_netns, CLONE_NEWNET);
		kit_link_del(names[i]);
		setns(home_netns, CLONE_NEWNET);
	}
	if (access("/sys/module/if_tap", F_OK))
		kit_module_load(ko);
}

static void race(const struct action *first, const struct action *second,
		 double length)
{
	struct actor actors[2] = { { .action = first }, { .action = second } };
	int i;

	done(use());
	kit_link_flags(NAME, IFF_UP, 0);
	atomic_store(&over, false);
	for (i = 0; i < 2; i++)
		if (pthread_create(&actors[i].thread, NULL, act, &actors[i])) {
			perror("pthread_create");
			exit(1);
		}
	watch(actors, seconds() + length);
	atomic_store(&over, true);
	watch(actors, 0);
	for (i = 0; i < 2; i++)
		pthread_join(actors[i].thread, NULL);
	printf("%s %s: %lu, %lu rounds\n", first->name, second->name,
	       atomic_load(&actors[0].rounds), atomic_load(&actors[1].rounds));
	fflush(stdout);
	tidy();
}

/* With room for one ring charged to this user: is nothing left of others? */
static bool ring_is_free(void)
{
	int err, fd = kit_open(NODE, 0);

	if (fd < 0)
		return false;
	err = kit_ring_make(fd, 0);
	close(fd);
	kit_link_del(NAME);
	return !err;
}

static int balance(void)
{
	double end = seconds() + HANGS;
	int units, users;

	if (!ring_is_free()) {
		printf("memory of rings is still charged\n");
		return 1;
	}
	do {
		units = kit_units();
		users = kit_module_users();
		if (!units && !users)
			return 0;
		usleep(20000);
	} while (seconds() < end);
	printf("left: %d units, %d references to the module\n", units, users);
	return 1;
}

static bool wanted(const char *name, char **names)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = wake };
	unsigned int i, j, pairs = 0;
	double begin = seconds();

	ko = getenv("IF_TAP_KO");
	home_netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (!ko || argc < 2 || home_netns < 0 || unshare(CLONE_NEWNET)) {
		fprintf(stderr, "usage: race MILLISECONDS [ACTION...]\n");
		return 2;
	}
	other_netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	setns(home_netns, CLONE_NEWNET);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGIO, &action, NULL);
	kit_frame(frame, sizeof(frame));
	kit_node(NODE, 0);
	kit_bridge_add(BRIDGE);
	kit_limit_memory();
	for (i = 0; i < ACTIONS; i++)
		for (j = i; j < ACTIONS; j++) {
			if (argc > 2 && !wanted(table[i].name, argv + 2) &&
			    !wanted(table[j].name, argv + 2))
				continue;
			race(&table[i], &table[j], atoi(argv[1]) / 1000.0);
			pairs++;
		}
	kit_bridge_del(BRIDGE);
	if (balance())
		return 1;
	printf("figure: races %u pairs %.1f minutes\n", pairs,
	       (seconds() - begin) / 60);
	return 0;
}
