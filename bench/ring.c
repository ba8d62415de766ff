// SPDX-License-Identifier: BSD-2-Clause
/*
 * This driver's ring, as <net/if_tap.h> describes it and without the library:
 * what is measured is the driver.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <net/if_tap.h>
#include <sys/mman.h>
#include "bench.h"

/* How long the kernel looks for frames by itself, in microseconds. */
#define SPIN 1000

struct pair {
	const struct tapring_kernel *kernel;
	struct tapring_user *user;
	const unsigned char *out;
	unsigned char *in;
	uint64_t released, consumed, produced;
	uint64_t size;
	int tap;
};

static struct pair pairs[UNITS_MAX], *p;
static unsigned int npairs;
static bool dont_wait;

static uint64_t acquire(const __u64 *position)
{
	return __atomic_load_n(position, __ATOMIC_ACQUIRE);
}

static void release(__u64 *position, uint64_t value)
{
	__atomic_store_n(position, value, __ATOMIC_RELEASE);
}

static uint64_t record_size(unsigned int len)
{
	uint64_t bytes = sizeof(struct taprecord) + len + TAP_RING_ALIGN - 1;

	return bytes - bytes % TAP_RING_ALIGN;
}

static void *map(size_t bytes, int prot, off_t offset)
{
	void *at = mmap(NULL, bytes, prot, MAP_SHARED | MAP_POPULATE, p->tap,
			offset);

	if (at == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	return at;
}

/*
 * Room for two batches, but no less than the size a program gets by default;
 * except when there are very many, or idle ones to be weighed.
 */
static void open_ring(uint32_t flags)
{
	struct tapring ring = { .flags = flags, .eventfd = -1 };
	uint64_t size = npairs < 64 && !opt.queues ? TAP_RING_DEFAULT :
						     TAP_RING_MIN;

	if (flags & TAP_RING_POLL)
		ring.spin = SPIN;
	if (npairs == UNITS_MAX)
		fail("too many rings");
	p = &pairs[npairs++];
	while (size < 2 * opt.batch * record_size(opt.size))
		size *= 2;
	p->size = size;
	ring.out_size = size;
	ring.in_size = size;
	p->tap = tap_open();
	if (opt.headers)
		tap_offload(p->tap);
	if (ioctl(p->tap, TAPSRING, &ring))
		fail("TAPSRING: %s", strerror(errno));
	p->kernel = map(4096, PROT_READ, TAP_RING_OFF_KERNEL);
	p->user = map(4096, PROT_READ | PROT_WRITE, TAP_RING_OFF_USER);
	p->out = map(2 * size, PROT_READ, TAP_RING_OFF_OUT);
	p->in = map(2 * size, PROT_READ | PROT_WRITE, TAP_RING_OFF_IN);
	link_up(port_interface);
}

static void open_plain(void)
{
	open_ring(0);
}

static void open_polled(void)
{
	open_ring(TAP_RING_POLL);
}

static void wait_for(short events)
{
	struct pollfd waiter = { .fd = p->tap, .events = events };

	syscalls++;
	if (poll(&waiter, 1, -1) < 0 || waiter.revents & POLLERR)
		fail("poll: the ring is broken");
}

/* Make the kernel see what was put, and ring if it does not look by itself. */
static void publish(void)
{
	release(&p->user->in_producer, p->produced);
	atomic_thread_fence(memory_order_seq_cst);
	if (!*(const volatile __u32 *)&p->kernel->in_need_wakeup)
		return;
	syscalls++;
	if (ioctl(p->tap, TAPDOORBELL))
		fail("TAPDOORBELL: %s", strerror(errno));
}

static void put(const struct frame *frame)
{
	struct taprecord *record = (void *)(p->in + (p->produced & (p->size - 1)));

	record->len = frame->len;
	record->flags = 0;
	record->reserved = 0;
	record->time = 0;
	record->reserved2 = 0;
	if (frame->hdr)
		memcpy(&record->hdr, frame->hdr, sizeof(record->hdr));
	else
		memset(&record->hdr, 0, sizeof(record->hdr));
	memcpy(record + 1, frame->data, frame->len);
	p->produced += record_size(frame->len);
}

static void send_ring(const struct frame *frames, unsigned int n)
{
	uint64_t limit = acquire(&p->kernel->in_consumer) + p->size;
	unsigned int i;

	for (i = 0; i < n; i++) {
		while (p->produced + record_size(frames[i].len) > limit) {
			publish();
			limit = acquire(&p->kernel->in_consumer) + p->size;
			if (p->produced + record_size(frames[i].len) > limit)
				wait_for(POLLOUT);
		}
		put(&frames[i]);
	}
	publish();
}

/* Only where the kernel polls it may be anything but done. */
static void settle_ring(void)
{
	while (acquire(&p->kernel->in_consumer) != p->produced)
		sched_yield();
}

/* The frames stay where they are until the next call gives them back. */
static unsigned int receive_ring(struct frame *frames, unsigned int max)
{
	const struct taprecord *record;
	unsigned int i = 0;
	uint64_t end;

	if (p->released != p->consumed)
		release(&p->user->out_consumer, p->released = p->consumed);
	while ((end = acquire(&p->kernel->out_producer)) == p->consumed) {
		if (dont_wait)
			return 0;
		wait_for(POLLIN);
	}
	for (; i < max && p->consumed != end; i++) {
		record = (const void *)(p->out + (p->consumed & (p->size - 1)));
		frames[i].data = (unsigned char *)(record + 1);
		frames[i].len = record->len;
		frames[i].hdr = (void *)&record->hdr;
		p->consumed += record_size(record->len);
	}
	return i;
}

static void choose_ring(unsigned int unit)
{
	p = &pairs[unit];
}

static void nonblock_ring(bool on)
{
	dont_wait = on;
}

const struct port port_ring = {
	.name = "ring", .open = open_plain, .send = send_ring,
	.receive = receive_ring, .settle = settle_ring,
	.nonblock = nonblock_ring, .choose = choose_ring,
};

const struct port port_ring_poll = {
	.name = "ring-poll", .open = open_polled, .send = send_ring,
	.receive = receive_ring, .settle = settle_ring,
	.nonblock = nonblock_ring,
};
