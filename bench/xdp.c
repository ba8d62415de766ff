// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_XDP on one end of a veth pair, as the kernel has it without zero copy
 * (veth has none): "xdp" in the driver, "xdp-generic" behind it.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include "bench.h"

/* Half of the chunks are for receiving, half for sending. */
#define CHUNK	2048u
#define CHUNKS	4096u
#define ENTRIES	2048u
#define MASK	(ENTRIES - 1)

struct xdp_ring {
	uint32_t *producer, *consumer;
	void *entries;
};

static struct xdp_ring fill, completion, receive, transmit;
static unsigned char *memory;
static uint32_t sent, taken;
static bool dont_wait;
static int xsk;

static uint32_t acquire(const uint32_t *index)
{
	return __atomic_load_n(index, __ATOMIC_ACQUIRE);
}

static void release(uint32_t *index, uint32_t value)
{
	__atomic_store_n(index, value, __ATOMIC_RELEASE);
}

static void map_ring(struct xdp_ring *ring,
		     const struct xdp_ring_offset *offset, size_t entry,
		     uint64_t page)
{
	unsigned char *at = mmap(NULL, offset->desc + ENTRIES * entry,
				 PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_POPULATE, xsk, page);

	if (at == MAP_FAILED)
		fail("AF_XDP ring: %s", strerror(errno));
	ring->producer = (void *)(at + offset->producer);
	ring->consumer = (void *)(at + offset->consumer);
	ring->entries = at + offset->desc;
}

static void set(int option, const void *value, socklen_t len)
{
	if (setsockopt(xsk, SOL_XDP, option, value, len))
		fail("AF_XDP option %d: %s", option, strerror(errno));
}

static void open_socket(void)
{
	struct sockaddr_xdp address = {
		.sxdp_family = AF_XDP, .sxdp_ifindex = veth_program_end(),
		.sxdp_flags = XDP_COPY,
	};
	struct xdp_umem_reg area = {
		.len = (uint64_t)CHUNK * CHUNKS, .chunk_size = CHUNK,
	};
	struct xdp_mmap_offsets offsets;
	socklen_t len = sizeof(offsets);
	const int entries = ENTRIES;
	unsigned int i;

	xsk = socket(AF_XDP, SOCK_RAW, 0);
	memory = mmap(NULL, area.len, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (xsk < 0 || memory == MAP_FAILED)
		fail("AF_XDP: %s", strerror(errno));
	area.addr = (uintptr_t)memory;
	set(XDP_UMEM_REG, &area, sizeof(area));
	set(XDP_UMEM_FILL_RING, &entries, sizeof(entries));
	set(XDP_UMEM_COMPLETION_RING, &entries, sizeof(entries));
	set(XDP_RX_RING, &entries, sizeof(entries));
	set(XDP_TX_RING, &entries, sizeof(entries));
	if (getsockopt(xsk, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &len))
		fail("AF_XDP: %s", strerror(errno));
	map_ring(&fill, &offsets.fr, sizeof(uint64_t),
		 XDP_UMEM_PGOFF_FILL_RING);
	map_ring(&completion, &offsets.cr, sizeof(uint64_t),
		 XDP_UMEM_PGOFF_COMPLETION_RING);
	map_ring(&receive, &offsets.rx, sizeof(struct xdp_desc),
		 XDP_PGOFF_RX_RING);
	map_ring(&transmit, &offsets.tx, sizeof(struct xdp_desc),
		 XDP_PGOFF_TX_RING);
	for (i = 0; i < ENTRIES; i++)
		((uint64_t *)fill.entries)[i] = (uint64_t)i * CHUNK;
	release(fill.producer, ENTRIES);
	if (bind(xsk, (void *)&address, sizeof(address)))
		fail("AF_XDP bind: %s", strerror(errno));
}

static int bpf(int command, union bpf_attr *attr)
{
	int result = syscall(SYS_bpf, command, attr, sizeof(*attr));

	if (result < 0)
		fail("bpf command %d: %s", command, strerror(errno));
	return result;
}

/* A program for the interface that gives every frame to the socket. */
static void redirect_all(uint32_t mode)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_XSKMAP, .key_size = 4,
		.value_size = 4, .max_entries = 1,
	};
	uint32_t key = 0, value = xsk;
	int map = bpf(BPF_MAP_CREATE, &attr), program;
	const struct bpf_insn code[] = {
		/* r1 = the map; r2 = 0, the queue; r3 = what to do else */
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1,
		  .src_reg = BPF_PSEUDO_MAP_FD, .imm = map },
		{ .code = 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3,
		  .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect_map },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uintptr_t)&key;
	attr.value = (uintptr_t)&value;
	bpf(BPF_MAP_UPDATE_ELEM, &attr);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_XDP;
	attr.insns = (uintptr_t)code;
	attr.insn_cnt = sizeof(code) / sizeof(*code);
	attr.license = (uintptr_t)"Dual BSD/GPL";
	program = bpf(BPF_PROG_LOAD, &attr);
	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = program;
	attr.link_create.target_ifindex = veth_program_end();
	attr.link_create.attach_type = BPF_XDP;
	attr.link_create.flags = mode;
	bpf(BPF_LINK_CREATE, &attr);
}

static void open_driver(void)
{
	veth_open();
	open_socket();
	redirect_all(XDP_FLAGS_DRV_MODE);
}

static void open_generic(void)
{
	veth_open();
	open_socket();
	redirect_all(XDP_FLAGS_SKB_MODE);
}

/*
 * Chunks go back to be filled when the next call shows they are done with. The
 * way through veth may lose a frame: after a while none is waited for.
 */
static unsigned int receive_xdp(struct frame *frames, unsigned int max)
{
	struct pollfd waiter = { .fd = xsk, .events = POLLIN };
	const struct xdp_desc *entry;
	unsigned int i;
	uint32_t end;

	for (; *receive.consumer != taken; ) {
		entry = (struct xdp_desc *)receive.entries +
			(*receive.consumer & MASK);
		((uint64_t *)fill.entries)[*fill.producer & MASK] =
			entry->addr & ~(uint64_t)(CHUNK - 1);
		release(fill.producer, *fill.producer + 1);
		release(receive.consumer, *receive.consumer + 1);
	}
	while ((end = acquire(receive.producer)) == taken) {
		if (dont_wait)
			return 0;
		syscalls++;
		if (!poll(&waiter, 1, 100))
			return 0;
	}
	for (i = 0; i < max && taken != end; i++, taken++) {
		entry = (struct xdp_desc *)receive.entries + (taken & MASK);
		frames[i].data = memory + entry->addr;
		frames[i].len = entry->len;
		frames[i].hdr = NULL;
	}
	return i;
}

static void complete(void)
{
	release(completion.consumer, acquire(completion.producer));
}

static void kick(void)
{
	syscalls++;
	if (sendto(xsk, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 &&
	    errno != EAGAIN && errno != EBUSY && errno != ENOBUFS)
		fail("AF_XDP send: %s", strerror(errno));
	complete();
}

static void settle_xdp(void)
{
	while (*completion.consumer != sent)
		kick();
}

static void send_xdp(const struct frame *frames, unsigned int n)
{
	struct xdp_desc *entry;
	unsigned int i;

	for (i = 0; i < n; i++, sent++) {
		while (sent - *completion.consumer >= ENTRIES) {
			release(transmit.producer, sent);
			kick();
		}
		entry = (struct xdp_desc *)transmit.entries + (sent & MASK);
		entry->addr = (uint64_t)(ENTRIES + (sent & MASK)) * CHUNK;
		entry->len = frames[i].len;
		entry->options = 0;
		memcpy(memory + entry->addr, frames[i].data, frames[i].len);
	}
	release(transmit.producer, sent);
	kick();
}

static void nonblock_xdp(bool on)
{
	dont_wait = on;
}

const struct port port_xdp = {
	.name = "xdp", .open = open_driver, .send = send_xdp,
	.receive = receive_xdp, .settle = settle_xdp,
	.nonblock = nonblock_xdp,
};

const struct port port_xdp_generic = {
	.name = "xdp-generic", .open = open_generic, .send = send_xdp,
	.receive = receive_xdp, .settle = settle_xdp,
	.nonblock = nonblock_xdp,
};
