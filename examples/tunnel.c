// SPDX-License-Identifier: BSD-2-Clause
/*
 * tunnel: joins two machines' taps by UDP, as one Ethernet. On each side:
 *
 *	tunnel tap0 LOCAL:PORT REMOTE:PORT &
 *	ip address add 192.0.2.1/24 dev tap0	# .2 on the other side
 *	ip link set tap0 mtu 1450 up
 *
 * A frame is the payload of a datagram. A model for programs that do more, such
 * as VPNs: this one encrypts nothing and believes everybody who can forge the
 * other side's address.
 *
 * On the tap's side frames are sent from where they lie in the ring, and go
 * into it without a system call each. On the network's side many datagrams
 * share one call (sendmmsg, recvmmsg), and those of the same length one pass
 * through the network stack (UDP_SEGMENT, UDP_GRO).
 *
 * SIGUSR1 prints what was moved; SIGINT and SIGTERM do so and end it.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <iftap.h>
#include <netdb.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#define UDP_GRO 104
#endif

#define FRAMES 256	/* looked at before they are sent */
#define SEGMENTS 64	/* the kernel's limit for one message */
#define PAYLOAD 65000	/* bytes one message may have */
#define BUFFERS 16	/* messages received at a time */

struct side {
	unsigned long long frames, bytes, messages, calls, lost;
};

static struct side to_net, to_tap;
static struct iftap *tap;
static int sock;

/*
 * From the tap to the network
 *
 * The longest frame worth joining with others. The kernel refuses segments
 * that would have to be fragmented, where it sends the same frame alone.
 */
static uint32_t longest_joined = PAYLOAD;

static struct iovec iov[FRAMES];
static struct mmsghdr out[FRAMES];
static union {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(uint16_t))];
} out_control[FRAMES];

/* Tell the kernel to cut a message that has several frames. */
static void set_segment_size(struct msghdr *msg, void *control, uint16_t size)
{
	struct cmsghdr *cmsg;

	msg->msg_control = control;
	msg->msg_controllen = CMSG_SPACE(sizeof(size));
	cmsg = CMSG_FIRSTHDR(msg);
	cmsg->cmsg_level = IPPROTO_UDP;
	cmsg->cmsg_type = UDP_SEGMENT;
	cmsg->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(cmsg), &size, sizeof(size));
}

/*
 * Arrange frames in messages. A message can take another frame as long as all
 * before it have the same length, and it is no longer than they.
 */
static unsigned int collect(int *status)
{
	unsigned int frames = 0, messages = 0;
	size_t size = 0, total = 0;
	struct iftap_frame frame;
	struct msghdr *msg = NULL;

	while (frames < FRAMES &&
	       (*status = iftap_rx_peek(tap, &frame)) == 0) {
		iov[frames].iov_base = frame.data;
		iov[frames].iov_len = frame.len;
		if (msg && frame.len <= size && size <= longest_joined &&
		    msg->msg_iovlen < SEGMENTS && total + frame.len < PAYLOAD) {
			set_segment_size(msg, &out_control[messages - 1], size);
			msg->msg_iovlen++;
			total += frame.len;
			if (frame.len < size)
				msg = NULL;	/* it was the last */
		} else {
			size = total = frame.len;
			msg = &out[messages++].msg_hdr;
			memset(msg, 0, sizeof(*msg));
			msg->msg_iov = &iov[frames];
			msg->msg_iovlen = 1;
		}
		to_net.bytes += frame.len;
		frames++;
	}
	to_net.frames += frames;
	return messages;
}

/* A message that cannot go as it is: try its frames one by one. */
static void send_apart(const struct msghdr *msg)
{
	struct msghdr one = { .msg_iovlen = 1 };
	size_t i;

	for (i = 0; i < msg->msg_iovlen; i++) {
		one.msg_iov = &msg->msg_iov[i];
		to_net.calls++;
		if (sendmsg(sock, &one, 0) < 0)
			to_net.lost++;
		else
			to_net.messages++;
	}
}

static void send_messages(unsigned int n)
{
	unsigned int i = 0;
	int sent;

	while (i < n) {
		struct msghdr *msg = &out[i].msg_hdr;

		to_net.calls++;
		sent = sendmmsg(sock, &out[i], n - i, 0);
		if (sent > 0) {
			to_net.messages += sent;
			i += sent;
			continue;
		}
		/* Tells of an earlier message: the other side is not there. */
		if (errno == ECONNREFUSED)
			continue;
		if (msg->msg_iovlen > 1)
			longest_joined = msg->msg_iov[0].iov_len - 1;
		send_apart(msg);
		i++;
	}
}

/* True if there was anything to do. */
static bool tap_to_net(void)
{
	int status = 0;
	unsigned int messages = collect(&status);

	if (messages) {
		send_messages(messages);
		iftap_rx_release(tap);	/* only now may they change */
	}
	if (status && status != -EAGAIN)
		errx(1, "%s: %s", iftap_name(tap), iftap_strerror(status));
	return messages;
}

/* From the network to the tap */

static char buffers[BUFFERS][65536];
static union {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
} in_control[BUFFERS];

/* One frame; whatever has come by UDP is not believed to be one. */
static void put(const char *bytes, size_t len)
{
	struct iftap_frame frame;
	int status;

	to_tap.frames++;
	to_tap.bytes += len;
	status = iftap_tx_reserve(tap, len, &frame);
	/* Full: hand over what is there, and give the kernel some time. */
	if (status == -ENOBUFS && iftap_wait(tap, POLLOUT, 100) > 0)
		status = iftap_tx_reserve(tap, len, &frame);
	if (status) {
		to_tap.lost++;
		return;
	}
	memcpy(frame.data, bytes, len);
	iftap_tx_commit(tap, &frame);
}

/* How long the datagrams are that the kernel has joined; @len: it has not. */
static size_t segment_size(struct msghdr *msg, size_t len)
{
	struct cmsghdr *cmsg;
	int size;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != IPPROTO_UDP ||
		    cmsg->cmsg_type != UDP_GRO)
			continue;
		memcpy(&size, CMSG_DATA(cmsg), sizeof(size));
		if (size > 0)
			return size;
	}
	return len;
}

static void split(struct msghdr *msg, size_t len)
{
	size_t size = segment_size(msg, len), at, part;
	const char *bytes = msg->msg_iov->iov_base;

	for (at = 0; at < len; at += part) {
		part = len - at < size ? len - at : size;
		put(bytes + at, part);
	}
}

static bool net_to_tap(void)
{
	struct mmsghdr in[BUFFERS] = { 0 };
	struct iovec into[BUFFERS];
	int n, i, status;

	for (i = 0; i < BUFFERS; i++) {
		into[i].iov_base = buffers[i];
		into[i].iov_len = sizeof(buffers[i]);
		in[i].msg_hdr.msg_iov = &into[i];
		in[i].msg_hdr.msg_iovlen = 1;
		in[i].msg_hdr.msg_control = &in_control[i];
		in[i].msg_hdr.msg_controllen = sizeof(in_control[i]);
	}
	to_tap.calls++;
	n = recvmmsg(sock, in, BUFFERS, MSG_DONTWAIT, NULL);
	if (n < 0 && errno != EAGAIN && errno != ECONNREFUSED)
		err(1, "recvmmsg");
	if (n <= 0)
		return false;

	to_tap.messages += n;
	for (i = 0; i < n; i++)
		split(&in[i].msg_hdr, in[i].msg_len);
	status = iftap_tx_submit(tap);
	if (status)
		errx(1, "%s: %s", iftap_name(tap), iftap_strerror(status));
	return true;
}

/* Setting up */

/* "192.0.2.1:5000" or "[2001:db8::1]:5000": numbers only, both parts. */
static struct addrinfo *parse(const char *text)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_DGRAM,
	};
	const char *colon = strrchr(text, ':');
	struct addrinfo *result;
	char host[128], *end;
	size_t len;
	long port;

	if (!colon || colon == text)
		errx(2, "%s: not ADDRESS:PORT", text);
	port = strtol(colon + 1, &end, 10);
	if (colon[1] < '0' || colon[1] > '9' || *end || port < 1 ||
	    port > 65535)
		errx(2, "%s: the port is not a number from 1 to 65535", text);
	len = colon - text;
	if (*text == '[' && colon[-1] == ']') {
		text++;
		len -= 2;
	}
	if (len >= sizeof(host))
		errx(2, "%s: too long for an address", text);
	memcpy(host, text, len);
	host[len] = '\0';
	if (getaddrinfo(host, colon + 1, &hints, &result))
		errx(2, "%s: not an IPv4 address, nor an IPv6 one in brackets",
		     host);
	return result;
}

static int open_socket(const char *local, const char *remote)
{
	struct addrinfo *from = parse(local), *to = parse(remote);
	const int on = 1, room = 4 << 20;
	int fd;

	if (from->ai_family != to->ai_family)
		errx(2, "%s and %s are of different kinds", local, remote);
	fd = socket(from->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(1, "socket");
	/* Both are for speed; without them things go on, slower. */
	setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (bind(fd, from->ai_addr, from->ai_addrlen) < 0)
		err(1, "%s", local);
	/* From now on only what comes from there is received. */
	if (connect(fd, to->ai_addr, to->ai_addrlen) < 0)
		err(1, "%s", remote);
	freeaddrinfo(from);
	freeaddrinfo(to);
	return fd;
}

static void print_side(const char *what, const struct side *side)
{
	printf("%s: %llu frames, %llu bytes, %llu messages in %llu calls, "
	       "%llu lost\n", what, side->frames, side->bytes, side->messages,
	       side->calls, side->lost);
}

static void print(void)
{
	print_side("to network", &to_net);
	print_side("from network", &to_tap);
	fflush(stdout);
}

/* SIGUSR1 prints, the others end it. */
static bool signalled(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return false;
	print();
	return info.ssi_signo != SIGUSR1;
}

static int open_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		err(1, "signalfd");
	return fd;
}

int main(int argc, char **argv)
{
	struct pollfd fds[3] = {
		{ .events = POLLIN }, { .events = POLLIN },
		{ .events = POLLIN },
	};
	bool busy;
	int status;

	if (argc != 4)
		errx(2, "usage: tunnel DEVICE LOCAL:PORT REMOTE:PORT");
	sock = open_socket(argv[2], argv[3]);
	status = iftap_open(&tap, argv[1], NULL);
	if (status)
		errx(1, "%s: %s", argv[1], iftap_strerror(status));
	fds[0].fd = iftap_fd(tap);
	fds[1].fd = sock;
	fds[2].fd = open_signals();
	printf("%s: %s to %s\n", iftap_name(tap), argv[2], argv[3]);
	fflush(stdout);

	/* Both sides have been looked at again each time before it sleeps. */
	do {
		busy = tap_to_net();
		busy |= net_to_tap();
		if (poll(fds, 3, busy ? 0 : -1) < 0 && errno != EINTR)
			err(1, "poll");
	} while (!(fds[2].revents && signalled(fds[2].fd)));
	iftap_close(tap);
	return 0;
}
