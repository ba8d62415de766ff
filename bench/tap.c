// SPDX-License-Identifier: BSD-2-Clause
/* This driver without shared memory: read() and write(), and batches. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <net/if_tap.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "bench.h"

/* As many a call as the target is set for. */
#define BATCH 64

/*
 * Units with opt.queues queues. One ip makes them all, and is not asked to
 * delete one that is not there: the kernel would look for a module that has it.
 */
static void make_units(unsigned int first, unsigned int n)
{
	FILE *batch = popen("ip -batch -", "w");
	char path[64];
	unsigned int i;

	if (!batch)
		fail("ip: %s", strerror(errno));
	for (i = first; i < first + n; i++) {
		snprintf(path, sizeof(path), "/sys/class/net/tap%u", i);
		if (!access(path, F_OK))
			fprintf(batch, "link del tap%u\n", i);
		fprintf(batch, "link add tap%u numtxqueues %u numrxqueues %u "
			"type if_tap\n", i, opt.queues, opt.queues);
	}
	if (pclose(batch))
		fail("ip: units with %u queues", opt.queues);
}

/*
 * The next queue of a unit with opt.queues of them, which is another unit when
 * that one has no more. The first unit is made alone, then many at a time.
 */
static int open_queue(void)
{
	static const char node[] = "/dev/if_tap-bench";
	static unsigned int unit = 9000, made = 9000, next;
	int index = next++ % opt.queues, fd;
	static int first;
	unsigned int more;
	struct stat clone;

	if (!index) {
		if (unit == made) {
			more = made == 9000 ? 1 : 128;
			make_units(made, more);
			made += more;
		}
		if (stat("/dev/tap", &clone))
			fail("/dev/tap: %s", strerror(errno));
		unlink(node);
		if (mknod(node, S_IFCHR | 0600,
			  makedev(major(clone.st_rdev), unit++)))
			fail("%s: %s", node, strerror(errno));
		fd = first = open(node, O_RDWR | O_CLOEXEC);
	} else {
		fd = ioctl(first, TAPQUEUE, &index);
	}
	if (fd < 0)
		fail("queue %d of tap%u: %s", index, unit - 1, strerror(errno));
	return fd;
}

/* A descriptor with an interface, the lowest free. */
int tap_open(void)
{
	struct ifreq req;
	int fd;

	fd = opt.queues ? open_queue() : open("/dev/tap", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, TAPGIFNAME, &req))
		fail("/dev/tap: %s", strerror(errno));
	strcpy(port_interface, req.ifr_name);
	strcpy(port_receiver, req.ifr_name);
	return fd;
}

/* The same offloads that tun is told. */
void tap_offload(int fd)
{
	unsigned int offloads = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;

	if (ioctl(fd, TAPSOFFLOAD, &offloads))
		fail("TAPSOFFLOAD: %s", strerror(errno));
}

static void open_tap(void)
{
	int fd = tap_open(), header = sizeof(struct tapoffload);

	if (opt.headers) {
		if (ioctl(fd, TAPSVNETHDR, &header))
			fail("TAPSVNETHDR: %s", strerror(errno));
		tap_offload(fd);
	}
	link_up(port_interface);
	file_use(fd);
}

const struct port port_tap = {
	.name = "tap", .single = true, .open = open_tap, .send = file_send,
	.receive = file_receive, .nonblock = file_nonblock,
	.choose = file_choose,
};

/* Batches */

static struct tapframe *slots;
static unsigned char *buffer;
static bool dont_wait;
static int tap;

static void open_batch(void)
{
	tap = tap_open();
	if (opt.headers)
		tap_offload(tap);
	link_up(port_interface);
	slots = calloc(BATCH, sizeof(*slots));
	buffer = calloc(BATCH, record_bytes());
	if (!slots || !buffer)
		fail("no memory");
}

static void send_batch(const struct frame *frames, unsigned int n)
{
	struct tapbatch batch = { .frames = (uintptr_t)slots };
	unsigned int i, done;
	int sent;

	for (done = 0; done < n; done += sent) {
		batch.count = n - done < BATCH ? n - done : BATCH;
		for (i = 0; i < batch.count; i++) {
			slots[i].base = (uintptr_t)frames[done + i].data;
			slots[i].size = frames[done + i].len;
			slots[i].len = 0;
			slots[i].flags = 0;
			if (frames[done + i].hdr)
				memcpy(&slots[i].hdr, frames[done + i].hdr,
				       sizeof(slots[i].hdr));
		}
		sent = ioctl(tap, TAPSENDBATCH, &batch);
		syscalls++;
		if (sent <= 0)
			fail("TAPSENDBATCH: %s", strerror(errno));
	}
}

static unsigned int receive_batch(struct frame *frames, unsigned int max)
{
	struct tapbatch batch = {
		.frames = (uintptr_t)slots,
		.count = max < BATCH ? max : BATCH,
		.flags = dont_wait ? TAP_BATCH_DONTWAIT : 0,
	};
	size_t room = record_bytes();
	int i, got;

	for (i = 0; i < (int)batch.count; i++) {
		slots[i].base = (uintptr_t)(buffer + i * room);
		slots[i].size = room;
	}
	got = ioctl(tap, TAPRECVBATCH, &batch);
	syscalls++;
	if (got < 0 && errno == EAGAIN)
		return 0;
	if (got < 0)
		fail("TAPRECVBATCH: %s", strerror(errno));
	for (i = 0; i < got; i++) {
		frames[i].data = buffer + i * room;
		frames[i].len = slots[i].len;
		frames[i].hdr = (void *)&slots[i].hdr;
	}
	return got;
}

static void nonblock_batch(bool on)
{
	dont_wait = on;
}

const struct port port_batch = {
	.name = "batch", .open = open_batch, .send = send_batch,
	.receive = receive_batch, .nonblock = nonblock_batch,
};
