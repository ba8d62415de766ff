// SPDX-License-Identifier: BSD-2-Clause
/*
 * Packet sockets with rings (TPACKET_V3) on one end of a veth pair: what a
 * program would do who wants no tap at all. The stack has the other end.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include "bench.h"

#define STACK_END	"bench-stack"
#define PROGRAM_END	"bench-prog"

/* The pair, fresh. */
void veth_open(void)
{
	run("ip link del " STACK_END " 2>/dev/null; ip link add " STACK_END
	    " type veth peer name " PROGRAM_END);
	strcpy(port_interface, STACK_END);
	strcpy(port_receiver, STACK_END);
	link_up(STACK_END);
	link_up(PROGRAM_END);
}

unsigned int veth_program_end(void)
{
	return if_nametoindex(PROGRAM_END);
}

#define BLOCK	(1u << 16)
#define BLOCKS	32u
#define SLOT	2048u
#define SLOTS	1024u
/* Where a frame to send begins in its slot. */
#define SLOT_DATA TPACKET_ALIGN(sizeof(struct tpacket3_hdr))

static unsigned char *rx_ring, *tx_ring;
static int rx, tx;
static unsigned int rx_block, tx_slot;
/* The block that is being taken, and what is left of it. */
static struct tpacket_block_desc *block;
static struct tpacket3_hdr *next;
static unsigned int left;

static int open_socket(int type, const struct tpacket_req3 *req,
		       unsigned char **ring)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_ifindex = veth_program_end(),
		.sll_protocol = type == PACKET_RX_RING ? htons(ETH_P_ALL) : 0,
	};
	const int version = TPACKET_V3, one = 1;
	size_t size = (size_t)req->tp_block_size * req->tp_block_nr;
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)) ||
	    setsockopt(fd, SOL_PACKET, type, req, sizeof(*req)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one,
		       sizeof(one)) ||
	    (type == PACKET_TX_RING &&
	     setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one,
			sizeof(one))))
		fail("TPACKET_V3: %s", strerror(errno));
	*ring = mmap(NULL, size, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, fd, 0);
	if (*ring == MAP_FAILED || bind(fd, (void *)&address, sizeof(address)))
		fail("TPACKET_V3: %s", strerror(errno));
	return fd;
}

static void open_packet(void)
{
	const struct tpacket_req3 receive = {
		.tp_block_size = BLOCK, .tp_block_nr = BLOCKS,
		.tp_frame_size = SLOT, .tp_frame_nr = BLOCK / SLOT * BLOCKS,
		.tp_retire_blk_tov = 1,
	};
	const struct tpacket_req3 transmit = {
		.tp_block_size = BLOCK, .tp_block_nr = SLOT * SLOTS / BLOCK,
		.tp_frame_size = SLOT, .tp_frame_nr = SLOTS,
	};

	veth_open();
	rx = open_socket(PACKET_RX_RING, &receive, &rx_ring);
	tx = open_socket(PACKET_TX_RING, &transmit, &tx_ring);
}

static struct tpacket_block_desc *current_block(void)
{
	return (void *)(rx_ring + (size_t)rx_block * BLOCK);
}

static uint32_t acquire(const __u32 *status)
{
	return __atomic_load_n(status, __ATOMIC_ACQUIRE);
}

/* A block is the program's when it is full or a millisecond old. */
static void ready(void)
{
	struct pollfd waiter = { .fd = rx, .events = POLLIN };

	while (!left && !(acquire(&current_block()->hdr.bh1.block_status) &
			  TP_STATUS_USER)) {
		poll(&waiter, 1, -1);
		syscalls++;
	}
}

static unsigned int receive_packet(struct frame *frames, unsigned int max)
{
	unsigned int i;

	if (!left) {
		/* The frames of the block before are done with. */
		if (block)
			__atomic_store_n(&block->hdr.bh1.block_status,
					 TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		ready();
		block = current_block();
		rx_block = (rx_block + 1) % BLOCKS;
		left = block->hdr.bh1.num_pkts;
		next = (void *)((unsigned char *)block +
				block->hdr.bh1.offset_to_first_pkt);
	}
	for (i = 0; i < max && left; i++, left--) {
		frames[i].data = (unsigned char *)next + next->tp_mac;
		frames[i].len = next->tp_snaplen;
		frames[i].hdr = NULL;
		next = (void *)((unsigned char *)next + next->tp_next_offset);
	}
	return i;
}

static void kick(void)
{
	syscalls++;
	if (send(tx, NULL, 0, 0) < 0 && errno != ENOBUFS)
		fail("TPACKET_V3 send: %s", strerror(errno));
}

static void send_packet(const struct frame *frames, unsigned int n)
{
	struct tpacket3_hdr *slot;
	unsigned int i;

	for (i = 0; i < n; i++) {
		slot = (void *)(tx_ring + (size_t)tx_slot * SLOT);
		while (acquire(&slot->tp_status) != TP_STATUS_AVAILABLE)
			kick();
		memcpy((unsigned char *)slot + SLOT_DATA, frames[i].data,
		       frames[i].len);
		slot->tp_len = frames[i].len;
		slot->tp_next_offset = 0;
		__atomic_store_n(&slot->tp_status, TP_STATUS_SEND_REQUEST,
				 __ATOMIC_RELEASE);
		tx_slot = (tx_slot + 1) % SLOTS;
	}
	kick();
}

const struct port port_packet = {
	.name = "packet", .open = open_packet, .send = send_packet,
	.receive = receive_packet, .ready = ready,
};
