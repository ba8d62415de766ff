// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP over a port. One end is a socket of the stack, the other a small TCP of
 * our own at the program's end of the port, which never loses a segment, never
 * sends one twice, and puts its segments together while the clock is stopped.
 * So what is measured is the driver and the stack, and nothing waits for a
 * timer. All of it runs in one thread, in turns.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include "bench.h"

#define MSS		1460
#define TSO_PAYLOAD	(44 * MSS)
#define HEADERS		(ETH_HLEN + sizeof(struct iphdr) +	\
			 sizeof(struct tcphdr))
#define OUR_ADDRESS	"10.99.0.2"
#define STACK_ADDRESS	"10.99.0.1"
#define PORT		7777
#define WINDOW_SHIFT	10

static const struct port *port;
static unsigned char stack_mac[ETH_ALEN];
static const unsigned char our_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x99 };

/* Our end: what we send next, and what we expect and acknowledge next. */
static uint32_t next_seq = 1000, expected;
/* What the stack has acknowledged, and has room for beyond that. */
static uint32_t acknowledged, window;
static unsigned int stack_shift, stack_port;

/* Segments */

static const unsigned char syn_options[] = {
	2, 4, MSS >> 8, MSS & 0xff, 1, 3, 3, WINDOW_SHIFT,
};

static uint32_t sum_bytes(const void *bytes, unsigned int len, uint32_t sum)
{
	const uint16_t *words = bytes;
	uint64_t total = sum;

	for (; len > 1; len -= 2)
		total += *words++;
	if (len)
		total += *(const unsigned char *)words;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

/* The pseudo header's sum, to which the segment's own is added. */
static uint32_t sum_pseudo(const struct iphdr *ip, unsigned int len)
{
	uint32_t sum = sum_bytes(&ip->saddr, 8, 0);
	uint16_t rest[2] = { htons(IPPROTO_TCP), htons(len) };

	return sum_bytes(rest, sizeof(rest), sum);
}

/* Memory for segments, each with room for its offload header before it. */
static void segments_alloc(struct frame *frames, unsigned int n,
			   unsigned int payload)
{
	unsigned int i, room = 128 + HEADERS + payload;
	unsigned char *memory = calloc(n, room);

	if (!memory)
		fail("no memory");
	for (i = 0; i < n; i++) {
		frames[i].data = memory + (size_t)i * room + 64;
		if (opt.headers)
			frames[i].hdr = (void *)(frames[i].data -
						 sizeof(*frames[i].hdr));
	}
}

/*
 * Make @frame a segment with that much payload. With offloads its checksum is
 * left to do, and what is above MSS is to be cut up; without, an offload
 * header that there is all the same stays empty.
 */
static void segment(struct frame *frame, unsigned int payload, bool syn)
{
	struct iphdr *ip = (void *)(frame->data + ETH_HLEN);
	struct tcphdr *tcp = (void *)(ip + 1);
	unsigned int options_len = syn ? sizeof(syn_options) : 0;
	unsigned int len = sizeof(*tcp) + options_len + payload;
	struct ethhdr *eth = (void *)frame->data;

	memcpy(eth->h_dest, stack_mac, ETH_ALEN);
	memcpy(eth->h_source, our_mac, ETH_ALEN);
	eth->h_proto = htons(ETH_P_IP);
	*ip = (struct iphdr){
		.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP,
		.tot_len = htons(sizeof(*ip) + len), .frag_off = htons(IP_DF),
		.saddr = inet_addr(OUR_ADDRESS),
		.daddr = inet_addr(STACK_ADDRESS),
	};
	ip->check = ~sum_bytes(ip, sizeof(*ip), 0);
	*tcp = (struct tcphdr){
		.source = htons(PORT), .dest = htons(stack_port),
		.seq = htonl(next_seq), .ack_seq = htonl(expected),
		.doff = (sizeof(*tcp) + options_len) / 4,
		.syn = syn, .ack = expected != 0,
		.window = htons(65535),
	};
	memcpy(tcp + 1, syn_options, options_len);
	frame->len = ETH_HLEN + sizeof(*ip) + len;
	if (!opt.gso) {
		tcp->check = ~sum_bytes(tcp, len, sum_pseudo(ip, len));
	} else {
		tcp->check = sum_pseudo(ip, len);
		*frame->hdr = (struct virtio_net_hdr_v1){
			.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
			.hdr_len = HEADERS,
			.csum_start = ETH_HLEN + sizeof(*ip),
			.csum_offset = offsetof(struct tcphdr, check),
		};
		if (payload > MSS) {
			frame->hdr->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
			frame->hdr->gso_size = MSS;
		}
	}
	next_seq += payload + syn;
}

static void send_one(struct frame *frame)
{
	port->send(frame, 1);
	if (port->settle)
		port->settle();
}

/* What a frame of the stack tells us. Return: bytes of payload, in order. */
static unsigned int take(const struct frame *frame)
{
	const struct iphdr *ip = (void *)(frame->data + ETH_HLEN);
	const struct tcphdr *tcp = (void *)(ip + 1);
	unsigned int payload;

	if (frame->len < HEADERS || frame->data[12] != 8 ||
	    frame->data[13] != 0 || ip->protocol != IPPROTO_TCP)
		return 0;	/* somebody else's */
	payload = ntohs(ip->tot_len) - sizeof(*ip) - tcp->doff * 4;
	stack_port = ntohs(tcp->source);
	if (tcp->rst)
		fail("the stack resets the connection");
	if (tcp->syn)
		expected = ntohl(tcp->seq) + 1;
	else if (payload && ntohl(tcp->seq) != expected)
		fail("the stack sends %u, %u is expected", ntohl(tcp->seq),
		     expected);
	expected += payload;
	if (tcp->ack) {
		acknowledged = ntohl(tcp->ack_seq);
		window = ntohs(tcp->window) << (tcp->syn ? 0 : stack_shift);
	}
	return payload;
}

/* The window shift that a SYN of the stack offers. */
static unsigned int shift_offered(const struct frame *frame)
{
	const struct tcphdr *tcp = (void *)(frame->data + ETH_HLEN +
					    sizeof(struct iphdr));
	const unsigned char *at = (void *)(tcp + 1);
	const unsigned char *end = (const unsigned char *)tcp + tcp->doff * 4;

	while (at < end && *at) {
		if (*at == 1) {
			at++;
			continue;
		}
		if (*at == 3)
			return at[2];
		at += at[1];
	}
	return 0;
}

/* Connection */

static void configure(void)
{
	struct ifreq req = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	strcpy(req.ifr_name, port_interface);
	if (ioctl(fd, SIOCGIFHWADDR, &req))
		fail("%s: %s", port_interface, strerror(errno));
	memcpy(stack_mac, req.ifr_hwaddr.sa_data, ETH_ALEN);
	close(fd);
	run("ip address add " STACK_ADDRESS "/24 dev %s", port_interface);
	run("ip link set %s arp on", port_interface);
	run("ip neighbour replace " OUR_ADDRESS " dev %s lladdr "
	    "02:00:00:00:00:99 nud permanent", port_interface);
}

static int stack_socket(void)
{
	const int plenty = 16 << 20, one = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &plenty,
		       sizeof(plenty)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &plenty,
		       sizeof(plenty)) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		fail("socket: %s", strerror(errno));
	return fd;
}

/*
 * Early in a connection the stack acknowledges each segment, as long as it
 * thinks the sender needs that. Here shall be what follows for ever after: an
 * acknowledgement for each second segment.
 */
static void calm_down(int fd)
{
	const int zero = 0;

	if (setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &zero, sizeof(zero)))
		fail("TCP_QUICKACK: %s", strerror(errno));
}

/* Take frames until the stack's SYN comes. */
static void await_syn(void)
{
	struct frame frame;

	port->nonblock(false);
	do {
		if (!port->receive(&frame, 1))
			fail("no SYN");
		take(&frame);
	} while (!expected);
	stack_shift = shift_offered(&frame);
}

/* The stack connects to us. Return: its socket. */
static int connect_stack(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(OUR_ADDRESS),
	};
	int fd = stack_socket(), err = 0;
	socklen_t len = sizeof(err);
	struct frame frame = { 0 };

	segments_alloc(&frame, 1, MSS);
	if (!connect(fd, (void *)&to, sizeof(to)) || errno != EINPROGRESS)
		fail("connect: %s", strerror(errno));
	await_syn();
	segment(&frame, 0, true);
	send_one(&frame);
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) || err)
		fail("connect: %s", strerror(err));
	calm_down(fd);
	return fd;
}

/*
 * Take all frames that wait. Return: bytes of payload. Ports return fewer than
 * they are asked for when there are no more, but those that wait for a timer
 * have their frames in blocks.
 */
static unsigned long take_all(struct frame *frames, unsigned int *number)
{
	unsigned long bytes = 0;
	unsigned int n, i;

	do {
		n = port->receive(frames, 64);
		for (i = 0; i < n; i++)
			bytes += take(&frames[i]);
		*number += n;
	} while (n == 64 || (n && port->ready));
	return bytes;
}

/* Jobs: opt.batch segments a round; with opt.gso, of 64 KiB. */

static void start(const struct port *chosen)
{
	port = chosen;
	/* Buffers are of opt.size: longer than the longest that may come. */
	opt.size = opt.gso ? FRAME_MAX : 1514;
	/* A pair that another process has left, with the same addresses. */
	run("ip link del bench-stack 2>/dev/null || true");
	port->open();
	if (!opt.gso)
		link_no_offload();
	configure();
}

static unsigned long drain(int fd)
{
	static unsigned char buffer[1 << 18];
	unsigned long bytes = 0;
	ssize_t n;

	while ((n = recv(fd, buffer, sizeof(buffer), 0)) > 0)
		bytes += n;
	if (n < 0 && errno != EAGAIN)
		fail("recv: %s", strerror(errno));
	return bytes;
}

/* We send, the stack receives. */
void job_tcp_in(const struct port *chosen)
{
	struct frame *frames = calloc(BATCH_MAX, sizeof(*frames)), taken[64];
	struct series feeding, reading, answering, total, acks;
	unsigned int payload = opt.gso ? TSO_PAYLOAD : MSS;
	unsigned int round, n, answers = 0, partial = 0;
	uint64_t t0, t1, t2, t3;
	double bytes;
	int fd;

	start(chosen);
	fd = connect_stack();
	segments_alloc(frames, opt.batch, payload);
	acknowledged = next_seq;
	window = 65535;
	series_start(&feeding, "feed");
	series_start(&reading, "recv");
	series_start(&answering, "acks");
	series_start(&total, "total");
	series_start(&acks, "ack-frames");
	port->nonblock(true);
	if (port->ready)
		port->ready();
	take_all(taken, &answers);
	for (round = 0; round < opt.warmup + opt.rounds; round++) {
		/* The stack's window opens as it sees what we send. */
		for (n = 0; n < opt.batch &&
		     next_seq + payload - acknowledged <= window; n++)
			segment(&frames[n], payload, false);
		port->nonblock(false);
		t0 = clock_now();
		if (n)
			port->send(frames, n);
		if (port->settle)
			port->settle();
		t1 = clock_now();
		bytes = drain(fd);
		t2 = clock_now();
		port->nonblock(true);
		if (port->ready)
			port->ready();
		answers = 0;
		t3 = clock_now();
		take_all(taken, &answers);
		t3 = clock_now() - t3;
		if (bytes != (double)n * payload)
			fail("%u segments of %u, %.0f bytes received", n,
			     payload, bytes);
		if (n < opt.batch) {	/* only the full ones compare */
			if (++partial > 1000)
				fail("the window stays at %u", window);
			usleep(1000);	/* for a delayed acknowledgement */
			round--;
			continue;
		}
		if (round < opt.warmup)
			continue;
		series_add(&feeding, (t1 - t0) / bytes);
		series_add(&reading, (t2 - t1) / bytes);
		series_add(&answering, t3 / bytes);
		series_add(&total, (t2 - t0 + t3) / bytes);
		series_add(&acks, (double)answers / n);
	}
	series_print(&feeding);
	series_print(&reading);
	series_print(&answering);
	series_print(&total);
	series_print(&acks);
}

/* The stack sends, we receive and acknowledge. */
void job_tcp_out(const struct port *chosen)
{
	static unsigned char data[1 << 17];
	unsigned long goal, bytes, queued;
	struct series sending, taking, answering, total, segments;
	struct frame *taken = calloc(64, sizeof(*taken)), ack = { 0 };
	unsigned int round, frames;
	uint64_t t[4], sum[3];
	ssize_t n;
	int fd;

	start(chosen);
	fd = connect_stack();
	segments_alloc(&ack, 1, MSS);
	/* The third segment of the handshake still waits to be taken. */
	port->nonblock(true);
	if (port->ready)
		port->ready();
	take_all(taken, &frames);
	series_start(&sending, "send");
	series_start(&taking, "receive");
	series_start(&answering, "ack");
	series_start(&total, "total");
	series_start(&segments, "frames");
	goal = (unsigned long)opt.batch * (opt.gso ? TSO_PAYLOAD : MSS);
	for (round = 0; round < opt.warmup + opt.rounds; round++) {
		memset(sum, 0, sizeof(sum));
		frames = 0;
		for (bytes = queued = 0; bytes < goal;) {
			t[0] = clock_now();
			while (queued < goal) {
				n = goal - queued < sizeof(data) ?
				    goal - queued : sizeof(data);
				n = send(fd, data, n, 0);
				if (n < 0 && errno == EAGAIN)
					break;
				if (n < 0)
					fail("send: %s", strerror(errno));
				queued += n;
			}
			t[1] = clock_now();
			sum[0] += t[1] - t[0];
			if (port->ready)
				port->ready();
			t[1] = clock_now();
			bytes += take_all(taken, &frames);
			t[2] = clock_now();
			segment(&ack, 0, false);
			t[3] = clock_now();
			port->nonblock(false);
			send_one(&ack);
			port->nonblock(true);
			sum[1] += t[2] - t[1];
			sum[2] += clock_now() - t[3];
		}
		if (round < opt.warmup)
			continue;
		series_add(&sending, (double)sum[0] / bytes);
		series_add(&taking, (double)sum[1] / bytes);
		series_add(&answering, (double)sum[2] / bytes);
		series_add(&total, (double)(sum[0] + sum[1] + sum[2]) / bytes);
		series_add(&segments, (double)frames / bytes * MSS);
	}
	series_print(&sending);
	series_print(&taking);
	series_print(&answering);
	series_print(&total);
	series_print(&segments);
}
