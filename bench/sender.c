// SPDX-License-Identifier: BSD-2-Clause
/*
 * The sender of outbound frames, the same for every port: a packet socket
 * that hands a batch a call to the driver's transmit function.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include "bench.h"

struct sender {
	int fd;
	struct mmsghdr *messages;
	struct iovec (*parts)[2];
	struct virtio_net_hdr hdr;
};

/* A sender of batches of at most @most. */
struct sender *sender_open(const char *interface, unsigned int most)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	const int one = 1, plenty = 1 << 28;
	struct sender *s = calloc(1, sizeof(*s));
	struct frame frame;
	unsigned int i, n;

	if (!s || !(s->messages = calloc(most, sizeof(*s->messages))) ||
	    !(s->parts = calloc(most, sizeof(*s->parts))))
		fail("no memory");
	frames_make(&frame, 1);
	address.sll_ifindex = if_nametoindex(interface);
	s->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (s->fd < 0 || bind(s->fd, (void *)&address, sizeof(address)))
		fail("packet socket on '%s': %s", interface, strerror(errno));
	if (setsockopt(s->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one,
		       sizeof(one)) ||
	    setsockopt(s->fd, SOL_SOCKET, SO_SNDBUFFORCE, &plenty,
		       sizeof(plenty)))
		fail("packet socket: %s", strerror(errno));
	if (frame.hdr) {
		if (setsockopt(s->fd, SOL_PACKET, PACKET_VNET_HDR, &one,
			       sizeof(one)))
			fail("packet socket: %s", strerror(errno));
		memcpy(&s->hdr, frame.hdr, sizeof(s->hdr));
	}
	for (i = 0; i < most; i++) {
		n = 0;
		if (frame.hdr)
			s->parts[i][n++] = (struct iovec){ &s->hdr,
							   sizeof(s->hdr) };
		s->parts[i][n++] = (struct iovec){ frame.data, frame.len };
		s->messages[i].msg_hdr.msg_iov = s->parts[i];
		s->messages[i].msg_hdr.msg_iovlen = n;
	}
	return s;
}

/* A frame that the driver drops is sent all the same: ENOBUFS says so. */
void sender_send(struct sender *s, unsigned int n)
{
	unsigned int done = 0;
	int sent;

	while (done < n) {
		sent = sendmmsg(s->fd, s->messages, n - done, 0);
		if (sent < 0 && errno != ENOBUFS)
			fail("sending: %s", strerror(errno));
		done += sent < 0 ? 1 : sent;
	}
}

/* Its frames have that priority, by which mqprio finds their queue. */
void sender_class(struct sender *s, int class)
{
	if (setsockopt(s->fd, SOL_SOCKET, SO_PRIORITY, &class, sizeof(class)))
		fail("SO_PRIORITY: %s", strerror(errno));
}
