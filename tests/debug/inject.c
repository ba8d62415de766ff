// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fault injection. For each operation named: prepare it, let the kernel fail
 * the 1st allocation (or copy to or from user space) that this thread asks
 * for, then the 2nd, and so on (beyond the 200th in steps of a twentieth),
 * until one attempt goes through untouched. After each: the errno is one that
 * the operation may give, nothing has been left behind, and the operation
 * works.
 *
 * usage: inject OPERATION...   with IF_TAP_KO naming the module
 *
 * Faults are armed through /proc/thread-self/fail-nth, which counts down at
 * each place where a fault is possible and fails the last. To have another
 * operation pressed, write its functions and add a row to the table.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

#include "kit.h"

/* No operation makes so many. */
#define FAULTS_MAX 20000
/*
 * So many are all tried, and then one each time there are a twentieth more: an
 * interface with hundreds of queues makes thousands of allocations, all alike.
 */
#define ALL 200
#define GROWTH 20
/* How long what RCU or a worker frees may stay, in milliseconds. */
#define PATIENCE 20000

#define NAME "tap0"
#define NODE "./node"
#define CLONE "./clone"
#define SHORT 64
#define LONG 9000

struct operation {
	const char *name;
	int (*before)(void);	/* not failed; 0 or the program ends */
	int (*call)(void);	/* failed; >= 0 or -errno */
	void (*after)(int result);
	/*
	 * Beyond ENOMEM, ENOBUFS, and EFAULT for a copy that failed. EINVAL is
	 * what the core gives for a device whose name it had no memory for, and
	 * ENFILE what socket() gives for an inode.
	 */
	int others[4];
	/* It may be that it must not fail whatever happens: closing. */
	bool always;
};

static const char *ko;
static const struct operation *now;
static unsigned int nth;
static int fd = -1, extra = -1;
static struct kit_ring ring;
static unsigned char frame[LONG], room[70000];

static void __attribute__((format(printf, 1, 2), noreturn))
die(const char *format, ...)
{
	va_list args;

	printf("%s, fault %u: ", now->name, nth);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	exit(1);
}

static int result(long value)
{
	return value < 0 ? -errno : value;
}

static int good(int value, const char *what)
{
	if (value < 0)
		die("%s fails with %s without a fault", what,
		    kit_errno_name(-value));
	return value;
}

static void must(bool so, const char *what)
{
	if (!so)
		die("not so: %s", what);
}

/* Faults */

static int fail_nth = -1;

static void arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_nth, text, len, 0) != len) {
		perror("fail-nth");
		exit(1);
	}
}

/*
 * Was the fault used up? Reading and writing the file may be failed too, by
 * what is left: then it was not.
 */
static bool disarm(void)
{
	char text[16] = "";
	bool unused = pread(fail_nth, text, sizeof(text) - 1, 0) < 0;

	unused |= atoi(text) != 0;
	while (pwrite(fail_nth, "0", 1, 0) != 1)
		;
	return !unused;
}

/* Let each allocation be failed, also those that may wait for memory. */
static void configure(void)
{
	kit_write_file("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	kit_write_file("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
	kit_write_file("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem",
		       "N");
	kit_write_file("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	/* A report with a stack for each would fill the log. */
	kit_write_file("/sys/kernel/debug/failslab/verbose", "0");
	kit_write_file("/sys/kernel/debug/fail_page_alloc/verbose", "0");
	kit_write_file("/sys/kernel/debug/fail_usercopy/verbose", "0");
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0) {
		perror("/proc/thread-self/fail-nth");
		exit(1);
	}
}

/* Pieces */

static int nothing(void)
{
	return 0;
}

static void after_keep(int value)
{
	(void)value;
}

static void close_all(void)
{
	kit_ring_unmap(&ring);
	if (extra >= 0)
		close(extra);
	if (fd >= 0)
		close(fd);
	fd = extra = -1;
}

static void remove_link(void)
{
	close_all();
	if (kit_link_exists(NAME))
		good(kit_link_del(NAME), "deleting the link");
}

static void after_remove(int value)
{
	(void)value;
	remove_link();
}

/* What another attempt has left open serves this one, too. */
static int have_open(void)
{
	if (fd >= 0)
		return 0;
	fd = good(kit_open(NODE, O_NONBLOCK), "open");
	return 0;
}

static int have_up(void)
{
	if (fd >= 0)
		return 0;
	have_open();
	good(kit_link_flags(NAME, IFF_UP, 0), "up");
	return 0;
}

static bool bypass = true;

static int transmit(size_t len)
{
	int err, to = good(kit_packet_socket(NAME, bypass), "a packet socket");

	err = good(result(send(to, frame, kit_frame(frame, len), 0)), "send");
	close(to);
	return err;
}

/* As long as the stack has no queue for it yet, a frame is dropped there. */
static void wait_for_frame(void)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		transmit(SHORT);
		if (poll(&p, 1, 20) == 1)
			return;
	}
	die("no frame can be transmitted");
}

static void drain(void)
{
	while (read(fd, room, sizeof(room)) > 0)
		;
}

/* Loading and unloading; the others find the module loaded. */

static int have_unloaded(void)
{
	if (access("/sys/module/if_tap", F_OK))
		return 0;
	return good(kit_module_unload(), "unloading");
}

static int do_load(void)
{
	return kit_module_load(ko);
}

static void after_load(int value)
{
	must((value == 0) == !access("/sys/module/if_tap/refcnt", F_OK),
	     "the module is there if and only if it was loaded");
	must(value == 0 || !strcmp(now->name, "load"), "it is loaded");
}

static int have_loaded(void)
{
	if (access("/sys/module/if_tap", F_OK))
		good(kit_module_load(ko), "loading");
	kit_node(NODE, 0);
	have_up();
	wait_for_frame();
	close_all();
	return good(kit_link_add("tap5", 4), "adding a link");
}

static int do_unload(void)
{
	return kit_module_unload();
}

static void after_unload(int value)
{
	if (value < 0) {
		must(value == -EFAULT, "only copying the module's name fails");
		good(kit_module_unload(), "unloading");
	}
	must(!kit_link_exists(NAME) && !kit_link_exists("tap5"),
	     "no unit is left");
}

/* Opening */

static int do_open(void)
{
	fd = kit_open(NODE, O_NONBLOCK);
	return fd;
}

static int do_open_clone(void)
{
	fd = kit_open(CLONE, O_NONBLOCK);
	return fd;
}

static int have_closed(void)
{
	have_open();
	close_all();
	return 0;
}


static void after_open(int value)
{
	if (value >= 0) {
		must(kit_link_exists(NAME), "there is an interface");
		must(kit_open(NODE, 0) == -EBUSY, "it is open");
	} else {
		must(!kit_link_exists(NAME), "nothing was made");
	}
	remove_link();
}

static void after_open_existing(int value)
{
	must(kit_link_exists(NAME), "there still is an interface");
	if (value >= 0)
		must(kit_open(NODE, 0) == -EBUSY, "it is open");
	remove_link();
}

static void after_open_clone(int value)
{
	must(kit_link_exists(NAME) == (value >= 0), "it is there if it is open");
	close_all();
	must(!kit_link_exists(NAME), "it went at close");
}

/* Closing: never fails, and whatever it needs it does without. */

static int have_addresses(void)
{
	have_up();
	good(kit_link_address(NAME, "10.0.0.1"), "an address");
	wait_for_frame();
	return 0;
}

static int do_close(void)
{
	int err = result(close(fd));

	fd = -1;
	return err;
}

static void after_close(int value)
{
	must(value == 0, "close succeeds");
	must(kit_link_exists(NAME), "the interface stays");
	have_open();
	remove_link();
}

static int have_ring(void)
{
	if (ring.user)
		return 0;
	have_up();
	good(kit_ring_make(fd, 0), "a ring");
	return good(kit_ring_map(fd, &ring), "mapping it");
}

static int have_ring_unmapped(void)
{
	have_ring();
	kit_ring_unmap(&ring);
	return 0;
}

static int have_clone_open(void)
{
	fd = good(kit_open(CLONE, O_NONBLOCK), "open");
	return 0;
}

static void after_close_clone(int value)
{
	must(value == 0, "close succeeds");
	must(!kit_link_exists(NAME), "the interface is gone");
}

/* Links */

static int do_link_add(void)
{
	return kit_link_add(NAME, 1);
}

static int have_link(void)
{
	return kit_link_exists(NAME) ? 0 :
	       good(kit_link_add(NAME, 4), "adding a link");
}

static int have_down(void)
{
	have_open();
	return good(kit_link_flags(NAME, 0, IFF_UP), "down");
}

static int have_mtu(void)
{
	have_up();
	return good(kit_link_mtu(NAME, 1500), "an MTU of 1500");
}

static int have_link_open(void)
{
	have_link();
	have_up();
	wait_for_frame();
	return 0;
}

static int do_link_del(void)
{
	return kit_link_del(NAME);
}

static int do_link_get(void)
{
	return kit_link_get(NAME);
}

static int do_link_stats(void)
{
	return kit_link_stats(NAME);
}

static int do_link_up(void)
{
	return kit_link_flags(NAME, IFF_UP, 0);
}

static int do_link_mtu(void)
{
	return kit_link_mtu(NAME, 9000);
}

/*
 * A name each time: where a rename fails, Linux 6.1 may leave the class's link
 * with the new one, even when the interface has gone.
 */
static char other_name[IFNAMSIZ];

static int have_other_name(void)
{
	static unsigned int number;

	snprintf(other_name, sizeof(other_name), "other%u", number++);
	return have_open();
}

static int do_link_rename(void)
{
	return kit_link_rename(NAME, other_name);
}

static void after_rename(int value)
{
	bool renamed = kit_link_exists(other_name);

	/* EFAULT may also be from the copy of the answer, at the end. */
	must(renamed == (value >= 0) || value == -EFAULT,
	     "it has the other name if it was renamed");
	if (renamed)
		good(kit_link_rename(other_name, NAME), "renaming it back");
	else
		remove_link();
}

static int do_sysfs(void)
{
	int file = open("/sys/class/net/" NAME "/if_tap/opened_by", O_RDONLY);
	int err = result(file);

	if (file >= 0) {
		err = result(read(file, room, 100));
		close(file);
	}
	return err;
}

/* Reading, writing, transmitting */

static int have_short(void)
{
	have_up();
	drain();
	wait_for_frame();
	return 0;
}

static int have_long(void)
{
	have_up();
	drain();
	good(kit_link_mtu(NAME, 9000), "an MTU of 9000");
	wait_for_frame();
	drain();
	transmit(LONG);
	return 0;
}

static int have_room(void)
{
	have_up();
	drain();
	return 0;
}

static int do_read(void)
{
	return result(read(fd, room, sizeof(room)));
}

static void after_read(int value)
{
	if (value < 0)	/* it is still there */
		good(do_read(), "reading the frame again");
	else
		must(value >= SHORT, "a whole frame was read");
}

static int do_readv(void)
{
	struct iovec iov[12];
	unsigned int i;

	for (i = 0; i < 12; i++)
		iov[i] = (struct iovec){ room + 1000 * i, 1000 };
	return result(readv(fd, iov, 12));
}

static int do_write_short(void)
{
	return result(write(fd, frame, kit_frame(frame, SHORT)));
}

static int do_write_long(void)
{
	return result(write(fd, frame, kit_frame(frame, LONG)));
}

static void after_write(int value)
{
	must(value < 0 || value == SHORT || value == LONG, "all was written");
}

static int have_header(void)
{
	int size = 12;

	have_up();
	return good(result(ioctl(fd, TAPSVNETHDR, &size)), "TAPSVNETHDR");
}

/* UDP of 8 KiB, to be cut up into datagrams of 1000. */
static int do_write_gso(void)
{
	static const unsigned char headers[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 0,
		0x45, 0, 0x20, 0x1c, 0, 0, 0, 0, 64, 17, 0, 0,
		10, 0, 0, 2, 10, 0, 0, 1, 0, 9, 0, 9, 0x20, 0x08, 0, 0,
	};
	struct tapoffload hdr = {
		.flags = 1,
		.gso_type = 5,
		.hdr_len = 42,
		.gso_size = 1000,
		.csum_start = 34,
		.csum_offset = 6,
	};
	struct iovec iov[] = { { &hdr, 12 }, { frame, 14 + 0x201c } };

	memset(frame, 0, sizeof(frame));
	memcpy(frame, headers, sizeof(headers));
	return result(writev(fd, iov, 2));
}

static int do_transmit(void)
{
	return result(send(extra, frame, SHORT, 0));
}

static int do_transmit_long(void)
{
	return result(send(extra, frame, LONG, 0));
}

static int have_sender(void)
{
	if (extra >= 0) {
		drain();
		return 0;
	}
	bypass = false;
	have_long();
	bypass = true;
	drain();
	extra = good(kit_packet_socket(NAME, false), "a packet socket");
	kit_frame(frame, LONG);
	return 0;
}

static int have_sender_to_ring(void)
{
	if (ring.user) {
		while (kit_ring_get(&ring) >= 0)
			;
		return 0;
	}
	have_sender();
	good(kit_ring_make(fd, TAP_RING_BACKPRESSURE), "a ring");
	return good(kit_ring_map(fd, &ring), "mapping it");
}

static int do_send_batch(void)
{
	struct tapframe frames[20];
	struct tapbatch batch = { (uintptr_t)frames, 20, 0 };
	unsigned int i;

	memset(frames, 0, sizeof(frames));
	for (i = 0; i < 20; i++) {
		frames[i].base = (uintptr_t)frame;
		frames[i].size = kit_frame(frame, i & 1 ? LONG : SHORT);
	}
	return result(ioctl(fd, TAPSENDBATCH, &batch));
}

static int do_recv_batch(void)
{
	struct tapframe frames[4];
	struct tapbatch batch = { (uintptr_t)frames, 4, TAP_BATCH_DONTWAIT };
	unsigned int i;

	memset(frames, 0, sizeof(frames));
	for (i = 0; i < 4; i++) {
		frames[i].base = (uintptr_t)room + i * LONG;
		frames[i].size = LONG;
	}
	return result(ioctl(fd, TAPRECVBATCH, &batch));
}

static void after_batch(int value)
{
	must(value != 0, "something was done, or it failed");
	if (value < 0 && now->call == do_recv_batch)
		good(do_recv_batch(), "receiving the frames again");
}

/* Rings */

static int do_ring(void)
{
	return kit_ring_make(fd, 0);
}

static int do_ring_polled(void)
{
	return kit_ring_make(fd, TAP_RING_POLL);
}

static int do_map(void)
{
	return kit_ring_map(fd, &ring);
}

static int have_ring_unmapped_up(void)
{
	have_up();
	return good(kit_ring_make(fd, 0), "a ring");
}

static int do_doorbell(void)
{
	good(kit_ring_put(&ring, frame, kit_frame(frame, SHORT)), "a record");
	return result(ioctl(fd, TAPDOORBELL));
}

static int do_poll(void)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	return result(poll(&p, 1, 0));
}

/* The ring was not made, or it is there: then another is refused. */
static void after_ring(int value)
{
	if (value >= 0)
		must(kit_ring_make(fd, 0) == -EBUSY, "there is a ring");
	else
		good(kit_ring_make(fd, 0), "a ring on the same descriptor");
	remove_link();
}

/* Queues */

static int do_queue(void)
{
	int index = 2;

	extra = result(ioctl(fd, TAPQUEUE, &index));
	return extra;
}

/* ioctls: each in its turn with an argument that it takes. */

static const struct {
	unsigned long command;
	int number;	/* what is in the first four bytes of the argument */
	bool by_value;
} ioctls[] = {
	{ TAPGDEBUG, 0, false },
	{ TAPSDEBUG, 0, false },
	{ TAPSIFINFO, 0, false },
	{ TAPGIFINFO, 0, false },
	{ TAPGIFNAME, 0, false },
	{ TAPSTRANSIENT, 1, false },
	{ TAPSTRANSIENT, 0, false },
	{ TAPGTRANSIENT, 0, false },
	{ TAPSVNETHDR, 12, false },
	{ TAPGVNETHDR, 0, false },
	{ TAPSOFFLOAD, TUN_F_CSUM | TUN_F_TSO4, false },
	{ TAPGOFFLOAD, 0, false },
	{ VMIO_SIOCSIFFLAGS, TAP_IFF_PROMISC | TAP_IFF_NOARP, true },
	{ SIOCGIFFLAGS, 0, false },
	{ SIOCGIFADDR, 0, false },
	{ SIOCSIFADDR, 2, false },
	{ FIONREAD, 0, false },
	{ FIOSETOWN, 1, false },
	{ FIOGETOWN, 0, false },
	{ TIOCSPGRP, 1, false },
	{ TIOCGPGRP, 0, false },
	{ FIOASYNC, 1, false },
};
static unsigned int which;

static int do_ioctl(void)
{
	union {
		int number;
		struct tapinfo info;
		struct ifreq ifr;
	} arg = { .number = ioctls[which].number };

	if (ioctls[which].command == TAPSIFINFO)
		arg.info = (struct tapinfo){ 1000000, 9000, TAP_IFT_ETHER, 0 };
	if (ioctls[which].by_value)
		return result(ioctl(fd, ioctls[which].command,
				    (unsigned long)ioctls[which].number));
	return result(ioctl(fd, ioctls[which].command, &arg));
}

/* The Linux face */

static const unsigned int tap_flags = IFF_TAP | IFF_NO_PI;

static int have_tun(void)
{
	if (fd >= 0)
		return 0;
	fd = good(kit_tun(NAME, tap_flags | IFF_MULTI_QUEUE | IFF_VNET_HDR |
			  IFF_NAPI), "TUNSETIFF");
	return good(kit_link_flags(NAME, IFF_UP, 0), "up");
}

static int have_tun_frame(void)
{
	have_tun();
	drain();
	wait_for_frame();
	return 0;
}

static int do_tun(void)
{
	fd = kit_tun(NAME, tap_flags);
	return fd;
}

static int do_tun_layer3(void)
{
	fd = kit_tun(NAME, IFF_TUN | IFF_NAPI);
	return fd;
}

static int do_tun_queues(void)
{
	fd = kit_tun(NAME, tap_flags | IFF_MULTI_QUEUE);
	return fd;
}

static int do_tun_queue(void)
{
	extra = kit_tun(NAME, tap_flags | IFF_MULTI_QUEUE | IFF_VNET_HDR);
	return extra;
}

static void after_tun(int value)
{
	must(kit_link_exists(NAME) == (value >= 0), "it is there if it is open");
	close_all();
	must(!kit_link_exists(NAME), "it went at close");
}

static void after_tun_queue(int value)
{
	if (value >= 0)
		close(extra);
	extra = -1;
}

static int do_tun_write(void)
{
	struct virtio_net_hdr hdr = { 0 };
	struct iovec iov[] = { { &hdr, 10 }, { frame, kit_frame(frame, LONG) } };

	return result(writev(fd, iov, 2));
}

static int do_tun_detach(void)
{
	struct ifreq ifr = { .ifr_flags = IFF_DETACH_QUEUE };
	int err = result(ioctl(fd, TUNSETQUEUE, &ifr));

	ifr.ifr_flags = IFF_ATTACH_QUEUE;
	return err < 0 ? err : result(ioctl(fd, TUNSETQUEUE, &ifr));
}

static void after_tun_detach(int value)
{
	struct ifreq ifr = { .ifr_flags = IFF_ATTACH_QUEUE };

	if (value < 0)		/* detached, or not */
		ioctl(fd, TUNSETQUEUE, &ifr);
}

static int do_tun_filters(void)
{
	struct sock_filter all = { 6, 0, 0, 0xffffffff };
	struct sock_fprog program = { 1, &all };
	struct {
		struct tun_filter filter;
		unsigned char addresses[10][6];
	} addresses = { .filter = { .count = 10 } };
	int err;

	memset(addresses.addresses, 1, sizeof(addresses.addresses));
	err = result(ioctl(fd, TUNATTACHFILTER, &program));
	if (err >= 0)
		err = result(ioctl(fd, TUNSETTXFILTER, &addresses));
	if (err >= 0)
		err = result(ioctl(fd, TUNGETFILTER, &program));
	if (err >= 0)
		err = result(ioctl(fd, TUNDETACHFILTER, &program));
	return err;
}

static int do_tun_get(void)
{
	struct ifreq ifr = { 0 };
	int number = 0, err = result(ioctl(fd, TUNGETIFF, &ifr));

	if (err >= 0)
		err = result(ioctl(fd, TUNGETVNETHDRSZ, &number));
	if (err >= 0)
		err = result(ioctl(fd, SIOCGIFHWADDR, &ifr));
	if (err >= 0)
		err = result(ioctl(fd, SIOCSIFHWADDR, &ifr));
	if (err >= 0)
		err = result(ioctl(fd, TUNSETPERSIST, 0));
	if (err >= 0)
		err = result(ioctl(fd, TUNSETOFFLOAD, (unsigned long)TUN_F_CSUM));
	return err;
}

static const struct operation table[] = {
	{ "load", have_unloaded, do_load, after_load, { EINVAL }, false },
	{ "rmmod", have_loaded, do_unload, after_unload, { 0 }, false },
	{ "open-new", nothing, do_open, after_open, { EINVAL }, false },
	{ "open-existing", have_closed, do_open, after_open_existing, { 0 }, false },
	{ "open-clone", nothing, do_open_clone, after_open_clone, { EINVAL }, false },
	{ "open-queue", have_link_open, do_queue, after_remove, { 0 }, false },
	{ "close", have_addresses, do_close, after_close, { 0 }, true },
	{ "close-with-ring", have_ring_unmapped, do_close, after_close, { 0 }, true },
	{ "close-clone", have_clone_open, do_close, after_close_clone, { 0 }, true },
	{ "link-add", nothing, do_link_add, after_remove, { EINVAL, ENFILE }, false },
	{ "link-del", have_link, do_link_del, after_remove, { ENFILE }, false },
	{ "link-del-open", have_link_open, do_link_del, after_remove, { ENFILE }, false },
	{ "link-get", have_link, do_link_get, after_keep, { ENFILE }, false },
	{ "link-stats", have_link, do_link_stats, after_keep, { ENFILE }, false },
	{ "link-up", have_down, do_link_up, after_keep, { ENFILE }, false },
	{ "link-mtu", have_mtu, do_link_mtu, after_keep, { ENFILE }, false },
	{ "link-rename", have_other_name, do_link_rename, after_rename, { EINVAL, ENFILE }, false },
	{ "sysfs", have_open, do_sysfs, after_keep, { 0 }, false },
	{ "read", have_short, do_read, after_read, { 0 }, false },
	{ "read-pieces", have_long, do_readv, after_read, { 0 }, false },
	{ "write-short", have_room, do_write_short, after_write, { 0 }, false },
	{ "write-long", have_room, do_write_long, after_write, { 0 }, false },
	{ "write-segments", have_header, do_write_gso, after_keep, { 0 }, false },
	{ "transmit-short", have_sender, do_transmit, after_keep, { 0 }, false },
	{ "transmit-long", have_sender, do_transmit_long, after_keep, { 0 }, false },
	{ "transmit-to-ring", have_sender_to_ring, do_transmit_long, after_keep, { 0 }, false },
	{ "send-batch", have_room, do_send_batch, after_batch, { 0 }, false },
	{ "receive-batch", have_short, do_recv_batch, after_batch, { 0 }, false },
	{ "ring", have_short, do_ring, after_ring, { 0 }, false },
	{ "ring-polled", have_up, do_ring_polled, after_ring, { 0 }, false },
	{ "ring-map", have_ring_unmapped_up, do_map, after_remove, { EAGAIN }, false },
	{ "ring-doorbell", have_ring, do_doorbell, after_keep, { 0 }, false },
	{ "ring-poll", have_ring, do_poll, after_keep, { 0 }, false },
	{ "ioctl", have_open, do_ioctl, after_keep, { 0 }, false },
	{ "tun-new", nothing, do_tun, after_tun, { EINVAL }, false },
	{ "tun-layer-3", nothing, do_tun_layer3, after_tun, { EINVAL }, false },
	{ "tun-many-queues", nothing, do_tun_queues, after_tun, { EINVAL }, false },
	{ "tun-queue", have_tun, do_tun_queue, after_tun_queue, { 0 }, false },
	{ "tun-detach", have_tun, do_tun_detach, after_tun_detach, { 0 }, false },
	{ "tun-close", have_tun, do_close, after_close_clone, { 0 }, true },
	{ "tun-read", have_tun_frame, do_read, after_read, { 0 }, false },
	{ "tun-write", have_tun, do_tun_write, after_keep, { 0 }, false },
	{ "tun-filters", have_tun, do_tun_filters, after_keep, { 0 }, false },
	{ "tun-ioctls", have_tun, do_tun_get, after_keep, { 0 }, false },
};

/* The books */

static void balance(void)
{
	int waited, units;

	if (access("/sys/module/if_tap", F_OK))
		return;
	must(kit_module_users() == 0, "nobody holds the module");
	for (waited = 0; ; waited += 10) {
		units = kit_units();
		if (!units)
			return;
		if (waited > PATIENCE)
			die("%d units are left", units);
		usleep(10000);
	}
}

static bool may(const struct operation *op, int number)
{
	unsigned int i;

	if (number == ENOMEM || number == ENOBUFS || number == EFAULT)
		return true;
	for (i = 0; i < 4; i++)
		if (op->others[i] == number)
			return true;
	return false;
}

static int attempt(const struct operation *op, unsigned int n, bool *failed)
{
	int value;

	op->before();
	if (n)
		arm(n);
	value = op->call();
	*failed = n && disarm();
	if (value < 0 && !*failed)
		die("it fails with %s without a fault", kit_errno_name(-value));
	if (value < 0 && op->always)
		die("it fails with %s, and must not", kit_errno_name(-value));
	if (value < 0 && !may(op, -value))
		die("it fails with %s", kit_errno_name(-value));
	op->after(value);
	return value;
}

/* The faults until there are no more; what they led to. */
static void press(const struct operation *op, const char *suffix)
{
	unsigned int seen[256] = { 0 }, i, faults = 0;
	bool failed, ignored;
	int value;

	now = op;
	for (nth = 1; nth < FAULTS_MAX; nth += nth < ALL ? 1 : nth / GROWTH) {
		value = attempt(op, nth, &failed);
		if (!failed)
			break;
		faults++;
		seen[value < 0 && -value < 256 ? -value : 0]++;
		/* It works the next time. */
		if (value < 0)
			attempt(op, 0, &ignored);
	}
	must(nth < FAULTS_MAX, "there is an end to the allocations");
	if (!access("/sys/module/if_tap", F_OK))
		remove_link();
	balance();
	printf("figure: faults %s%s %u", op->name, suffix, faults);
	for (i = 1; i < 256; i++)
		if (seen[i])
			printf(" %s=%u", kit_errno_name(i), seen[i]);
	printf(" none=%u\n", seen[0]);
	fflush(stdout);
}

/* As many faults as a call makes are few: the unit is kept for all calls. */
static void press_ioctls(const struct operation *op)
{
	char suffix[32];

	for (which = 0; which < sizeof(ioctls) / sizeof(*ioctls); which++) {
		snprintf(suffix, sizeof(suffix), "-%#lx",
			 ioctls[which].command & 0xffff);
		press(op, suffix);
	}
}

int main(int argc, char **argv)
{
	unsigned int i;
	int arg;

	ko = getenv("IF_TAP_KO");
	if (!ko || argc < 2) {
		fprintf(stderr, "usage: inject OPERATION...\n");
		return 2;
	}
	kit_limit_memory();
	configure();
	kit_node(NODE, 0);
	kit_node(CLONE, TAP_MINOR_CLONE);
	for (arg = 1; arg < argc; arg++) {
		now = NULL;
		for (i = 0; i < sizeof(table) / sizeof(*table); i++)
			if (!strcmp(argv[arg], table[i].name))
				now = &table[i];
		if (!now) {
			fprintf(stderr, "no operation %s\n", argv[arg]);
			return 2;
		}
		if (now->call == do_ioctl)
			press_ioctls(now);
		else
			press(now, "");
	}
	if (access("/sys/module/if_tap", F_OK))
		good(kit_module_load(ko), "loading");
	return 0;
}
