// SPDX-License-Identifier: BSD-2-Clause
/*
 * vhost-net over tun: the rings of virtio, which a virtual machine would have.
 * Here the program plays the machine, and the kernel's worker does the rest.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include "bench.h"

#define ENTRIES	1024u
#define HEADER	sizeof(struct virtio_net_hdr_v1)
enum { RX, TX };

struct queue {
	struct vring ring;
	unsigned char *buffers;
	size_t room;
	uint16_t offered, taken;
	int kick, call;
};

static struct queue queues[2];
static bool dont_wait;
static int vhost;

static void control(unsigned long request, void *argument)
{
	if (ioctl(vhost, request, argument))
		fail("vhost: %s", strerror(errno));
}

/* Each entry has a buffer of its own, for good. */
static void queue_open(unsigned int index, unsigned char *memory)
{
	struct queue *q = &queues[index];
	struct vhost_vring_state state = { .index = index, .num = ENTRIES };
	struct vhost_vring_addr address = { .index = index };
	struct vhost_vring_file file = { .index = index };
	unsigned int i;

	q->room = record_bytes();
	vring_init(&q->ring, ENTRIES, memory, 4096);
	q->buffers = memory + ((vring_size(ENTRIES, 4096) + 4095) & ~4095ul);
	for (i = 0; i < ENTRIES; i++) {
		q->ring.desc[i].addr = (uintptr_t)(q->buffers + i * q->room);
		q->ring.desc[i].len = q->room;
		q->ring.desc[i].flags = index == RX ? VRING_DESC_F_WRITE : 0;
		q->ring.avail->ring[i] = i;
	}
	control(VHOST_SET_VRING_NUM, &state);
	state.num = 0;
	control(VHOST_SET_VRING_BASE, &state);
	address.desc_user_addr = (uintptr_t)q->ring.desc;
	address.avail_user_addr = (uintptr_t)q->ring.avail;
	address.used_user_addr = (uintptr_t)q->ring.used;
	control(VHOST_SET_VRING_ADDR, &address);
	file.fd = q->kick = eventfd(0, 0);
	control(VHOST_SET_VRING_KICK, &file);
	file.fd = q->call = eventfd(0, EFD_NONBLOCK);
	control(VHOST_SET_VRING_CALL, &file);
}

static void open_vhost(void)
{
	struct {
		struct vhost_memory head;
		struct vhost_memory_region region;
	} table = { .head.nregions = 1 };
	uint64_t features = 1ull << VIRTIO_F_VERSION_1;
	size_t each = vring_size(ENTRIES, 4096) + 8192 +
		      ENTRIES * record_bytes();
	struct vhost_vring_file backend;
	unsigned char *memory;
	unsigned int i;

	each = (each + 4095) & ~4095ul;
	memory = mmap(NULL, 2 * each, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	vhost = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);
	if (vhost < 0 || memory == MAP_FAILED)
		fail("vhost-net: %s", strerror(errno));
	opt.headers = true;	/* virtio has one before each frame */
	backend.fd = tun_open(0);
	table.region.guest_phys_addr = (uintptr_t)memory;
	table.region.userspace_addr = (uintptr_t)memory;
	table.region.memory_size = 2 * each;
	control(VHOST_SET_OWNER, NULL);
	control(VHOST_SET_FEATURES, &features);
	control(VHOST_SET_MEM_TABLE, &table);
	for (i = RX; i <= TX; i++)
		queue_open(i, memory + i * each);
	for (i = RX; i <= TX; i++) {
		backend.index = i;
		control(VHOST_NET_SET_BACKEND, &backend);
	}
}

static uint16_t used(const struct queue *q)
{
	return __atomic_load_n(&q->ring.used->idx, __ATOMIC_ACQUIRE);
}

/* Let the worker have the entries offered so far. */
static void kick(struct queue *q)
{
	const uint64_t one = 1;

	__atomic_store_n(&q->ring.avail->idx, q->offered, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (*(volatile __virtio16 *)&q->ring.used->flags &
	    VRING_USED_F_NO_NOTIFY)
		return;
	syscalls++;
	if (write(q->kick, &one, sizeof(one)) != sizeof(one))
		fail("vhost kick: %s", strerror(errno));
}

/* Sleep until the worker signals, whatever it was. */
static void wait_call(struct queue *q)
{
	struct pollfd waiter = { .fd = q->call, .events = POLLIN };
	uint64_t count;

	syscalls += 2;
	if (poll(&waiter, 1, 1000) > 0 &&
	    read(q->call, &count, sizeof(count)) < 0)
		fail("vhost call: %s", strerror(errno));
}

/*
 * Buffers are offered when the program asks for frames, and not before: on one
 * processor the worker would otherwise be woken for each frame.
 */
static unsigned int receive_vhost(struct frame *frames, unsigned int max)
{
	struct queue *q = &queues[RX];
	const struct vring_used_elem *done;
	unsigned char *at;
	unsigned int i;

	if ((uint16_t)(q->offered - q->taken) < max) {
		q->offered = q->taken + max;
		kick(q);
	}
	/* The worker shares the processor, and has its turn. */
	for (i = 0; i < 4 && dont_wait && used(q) == q->taken; i++)
		sched_yield();
	while (used(q) == q->taken) {
		if (dont_wait)
			return 0;
		wait_call(q);
	}
	for (i = 0; i < max && q->taken != used(q); i++, q->taken++) {
		done = &q->ring.used->ring[q->taken % ENTRIES];
		q->ring.avail->ring[q->taken % ENTRIES] = done->id;
		at = q->buffers + done->id * q->room;
		frames[i].data = at + HEADER;
		frames[i].len = done->len - HEADER;
		frames[i].hdr = (void *)at;
	}
	return i;
}

static void settle_vhost(void)
{
	struct queue *q = &queues[TX];

	while (used(q) != q->offered)
		wait_call(q);
	q->taken = q->offered;
}

static void send_vhost(const struct frame *frames, unsigned int n)
{
	struct queue *q = &queues[TX];
	struct vring_desc *entry;
	unsigned char *at;
	unsigned int i;

	for (i = 0; i < n; i++, q->offered++) {
		if ((uint16_t)(q->offered - q->taken) == ENTRIES) {
			kick(q);
			settle_vhost();
		}
		entry = &q->ring.desc[q->offered % ENTRIES];
		at = q->buffers + q->offered % ENTRIES * q->room;
		if (frames[i].hdr)
			memcpy(at, frames[i].hdr, HEADER);
		else
			memset(at, 0, HEADER);
		memcpy(at + HEADER, frames[i].data, frames[i].len);
		entry->len = frames[i].len + HEADER;
	}
	kick(q);
}

static void nonblock_vhost(bool on)
{
	dont_wait = on;
}

const struct port port_vhost = {
	.name = "vhost", .open = open_vhost, .send = send_vhost,
	.receive = receive_vhost, .settle = settle_vhost,
	.nonblock = nonblock_vhost,
};
