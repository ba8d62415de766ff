// SPDX-License-Identifier: BSD-2-Clause
/*
 * Packet sockets with rings (TPACKET_V3) on one end of a veth pair: what a
 * program would do who wants no tap at all. The stack has the other end.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
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

#define SLOTS	1024u
/* The short one of virtio's headers is what packet sockets know. */
#define HEADER	sizeof(struct virtio_net_hdr)
/* Where a frame to send begins in its slot. */
#define SLOT_DATA TPACKET_ALIGN(sizeof(struct tpacket3_hdr))

static unsigned char *rx_ring, *tx_ring;
static int rx, tx;
static unsigned int rx_block, tx_slot, block_size, blocks, slot_size, slots;
static bool dont_wait;
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
	const int version = TPACKET_V3, one = 1, header = opt.headers;
	size_t size = (size_t)req->tp_block_size * req->tp_block_nr;
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &header,
		       sizeof(header)) ||
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

/* A slot for each frame to send; many received ones to a block. */
static void open_packet(void)
{
	struct tpacket_req3 receive = { .tp_retire_blk_tov = 1 };
	struct tpacket_req3 transmit = { 0 };

	slot_size = 2048;
	while (slot_size < opt.size + 256)
		slot_size *= 2;
	slots = slot_size > 2048 ? 64 : SLOTS;
	block_size = slot_size > 2048 ? 1 << 20 : 1 << 16;
	blocks = slot_size > 2048 ? 8 : 32;
	receive.tp_block_size = block_size;
	receive.tp_block_nr = blocks;
	receive.tp_frame_size = slot_size;
	receive.tp_frame_nr = block_size / slot_size * blocks;
	transmit.tp_block_size = slot_size > 1 << 16 ? slot_size : 1 << 16;
	transmit.tp_block_nr = slot_size * slots / transmit.tp_block_size;
	transmit.tp_frame_size = slot_size;
	transmit.tp_frame_nr = slots;
	veth_open();
	rx = open_socket(PACKET_RX_RING, &receive, &rx_ring);
	tx = open_socket(PACKET_TX_RING, &transmit, &tx_ring);
}

static struct tpacket_block_desc *current_block(void)
{
	return (void *)(rx_ring + (size_t)rx_block * block_size);
}

static uint32_t acquire(const __u32 *status)
{
	return __atomic_load_n(status, __ATOMIC_ACQUIRE);
}

/* A block is the program's when it is full or a millisecond old. */
static void ready(void)
{
	struct pollfd waiter = { .fd = rx, .events = POLLIN };

	/* Some time after its millisecond whatever there is has come. */
	if (dont_wait)
		usleep(5000);
	while (!dont_wait && !left && !(acquire(&current_block()->hdr.bh1.block_status) &
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
		block = NULL;
		if (!dont_wait)
			ready();
		else if (!(acquire(&current_block()->hdr.bh1.block_status) &
			   TP_STATUS_USER))
			return 0;
		block = current_block();
		rx_block = (rx_block + 1) % blocks;
		left = block->hdr.bh1.num_pkts;
		next = (void *)((unsigned char *)block +
				block->hdr.bh1.offset_to_first_pkt);
	}
	for (i = 0; i < max && left; i++, left--) {
		frames[i].data = (unsigned char *)next + next->tp_mac;
		frames[i].len = next->tp_snaplen;
		frames[i].hdr = opt.headers ?
			(void *)(frames[i].data - HEADER) : NULL;
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
	size_t header = opt.headers ? HEADER : 0;
	struct tpacket3_hdr *slot;
	unsigned char *at;
	unsigned int i;

	for (i = 0; i < n; i++) {
		slot = (void *)(tx_ring + (size_t)tx_slot * slot_size);
		while (acquire(&slot->tp_status) != TP_STATUS_AVAILABLE)
			kick();
		at = (unsigned char *)slot + SLOT_DATA;
		memcpy(at, frames[i].hdr, header);
		memcpy(at + header, frames[i].data, frames[i].len);
		slot->tp_len = frames[i].len + header;
		slot->tp_next_offset = 0;
		__atomic_store_n(&slot->tp_status, TP_STATUS_SEND_REQUEST,
				 __ATOMIC_RELEASE);
		tx_slot = (tx_slot + 1) % slots;
	}
	kick();
}

static void nonblock_packet(bool on)
{
	dont_wait = on;
}

const struct port port_packet = {
	.name = "packet", .open = open_packet, .send = send_packet,
	.receive = receive_packet, .ready = ready,
	.nonblock = nonblock_packet,
};
