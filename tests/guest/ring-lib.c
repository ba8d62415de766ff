// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the tests ring-lib-*.py run: libiftap on a real tap. The other end is a
 * packet socket on the interface, so that each frame passes the whole driver
 * and is compared byte by byte.
 *
 * usage: ring-lib WHAT [DEVICE]
 * environment: IFTAP_TURNS, how long a ball game is (100,000)
 *
 * Nobody else may send on the interface. Ends with 0, or says in which line it
 * found what.
 */
#include <errno.h>
#include <iftap.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PROTOCOL 0x88b5		/* for experiments */
#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const char *device = "tap0";
static struct iftap *t;
static int sock;		/* the interface's other side */

static void fail(int line, const char *what, long long value)
{
	fprintf(stderr, "line %d: %s (%lld)\n", line, what, value);
	exit(1);
}

#define TRUE(x) do { if (!(x)) fail(__LINE__, "not so: " #x, errno); } while (0)
#define EQUAL(x, y)							\
do {									\
	long long x_ = (x);						\
	if (x_ != (y))							\
		fail(__LINE__, #x " is not " #y, x_);			\
} while (0)

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

/* A frame of ours: broadcast, our protocol, then what depends on @n. */
static void fill(unsigned char *frame, uint32_t len, uint32_t n)
{
	uint32_t i;

	memset(frame, 0xff, 6);
	memcpy(frame + 6, "\x02\0\0\0\0\1\x88\xb5", 8);
	for (i = 14; i < len; i++)
		frame[i] = n * 31 + i * 7 + (i >> 8);
}

static int is(const unsigned char *frame, uint32_t len, uint32_t n)
{
	static _Thread_local unsigned char other[65536];

	fill(other, len, n);
	return !memcmp(frame, other, len);
}

/*
 * A tap is down when it has been closed before. Frames pass once it is up and
 * the carrier has been noticed.
 */
static void bring_up(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = { 0 };
	double end = now() + 20;

	TRUE(fd >= 0);
	strcpy(ifr.ifr_name, iftap_name(t));
	EQUAL(ioctl(fd, SIOCGIFFLAGS, &ifr), 0);
	ifr.ifr_flags |= IFF_UP;
	EQUAL(ioctl(fd, SIOCSIFFLAGS, &ifr), 0);
	do {
		TRUE(now() < end);
		usleep(1000);
		EQUAL(ioctl(fd, SIOCGIFFLAGS, &ifr), 0);
	} while (!(ifr.ifr_flags & IFF_RUNNING));
	close(fd);
}

static void open_socket(void)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(PROTOCOL),
		.sll_ifindex = if_nametoindex(iftap_name(t)),
	};
	int room = 64 << 20;

	sock = socket(AF_PACKET, SOCK_RAW, 0);
	TRUE(sock >= 0);
	setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(sock, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
	EQUAL(bind(sock, (void *)&at, sizeof(at)), 0);
}

static void open_with(struct iftap_options *options)
{
	int err;

	if (options)
		options->size = sizeof(*options);
	err = iftap_open(&t, device, options);
	if (err) {
		fprintf(stderr, "%s: %s\n", device, iftap_strerror(err));
		exit(1);
	}
	bring_up();
	open_socket();
}

static void close_all(void)
{
	close(sock);
	iftap_close(t);
}

/* From the stack to the program, from the program to the stack. */
static void stack_sends(uint32_t n, uint32_t len)
{
	unsigned char frame[65536];

	fill(frame, len, n);
	EQUAL(send(sock, frame, len, 0), len);
}

static void stack_has(uint32_t n, uint32_t len)
{
	unsigned char frame[65536];

	EQUAL(recv(sock, frame, sizeof(frame), 0), len);
	TRUE(is(frame, len, n));
}

static void program_has(uint32_t n, uint32_t len)
{
	struct iftap_frame frame;
	int err;

	while ((err = iftap_rx_peek(t, &frame)) == -EAGAIN) {
		iftap_rx_release(t);
		TRUE(iftap_wait(t, POLLIN, 20000) == POLLIN);
	}
	EQUAL(err, 0);
	EQUAL(frame.len, len);
	TRUE(is(frame.data, len, n));
}

static int program_puts(uint32_t n, uint32_t len)
{
	struct iftap_frame frame;
	int err = iftap_tx_reserve(t, len, &frame);

	if (err)
		return err;
	fill(frame.data, len, n);
	return iftap_tx_commit(t, &frame);
}

static uint32_t length(uint32_t n)
{
	return 14 + n * 37 % 1500;
}

/* Many times round small rings, both ways. */
static void wrap(void)
{
	struct iftap_options o = {
		.out_size = TAP_RING_MIN,
		.in_size = TAP_RING_MIN,
	};
	uint32_t n, i;

	open_with(&o);
	for (n = 0; n < 3000; n += 20) {
		for (i = n; i < n + 20; i++)
			stack_sends(i, length(i));
		for (i = n; i < n + 20; i++)
			program_has(i, length(i));
		iftap_rx_release(t);
		for (i = n; i < n + 20; i++)
			EQUAL(program_puts(i, length(i)), 0);
		EQUAL(iftap_tx_submit(t), 0);
		for (i = n; i < n + 20; i++)
			stack_has(i, length(i));
	}
	TRUE(t->rx.cursor > 30 * TAP_RING_MIN);
	TRUE(t->tx.cursor > 30 * TAP_RING_MIN);
	close_all();
}

/* Nobody reads: what has room stays, in order; the rest is dropped. */
static void full(void)
{
	struct iftap_options o = {
		.out_size = TAP_RING_MIN,
		.in_size = TAP_RING_MIN,
	};
	const uint32_t fit = TAP_RING_MIN / 1024;
	struct iftap_stat stats[200];
	struct iftap_frame frame;
	uint32_t n;
	int total, i;

	open_with(&o);
	for (n = 0; n < fit + 10; n++)
		stack_sends(n, 1024 - 32);
	for (n = 0; n < fit; n++)
		program_has(n, 1024 - 32);
	EQUAL(iftap_rx_peek(t, &frame), -EAGAIN);
	iftap_rx_release(t);
	total = iftap_stats(t, stats, COUNT(stats));
	TRUE(total > 0 && total <= (int)COUNT(stats));
	for (i = 0; i < total; i++)
		if (!strcmp(stats[i].name, "tx_ring_full"))
			EQUAL(stats[i].value, 10);
	TRUE(iftap_stats(t, NULL, 0) == total);
	stack_sends(7, 60);
	program_has(7, 60);
	iftap_rx_release(t);

	for (n = 0; n < fit; n++)
		EQUAL(program_puts(n, 1024 - 32), 0);
	EQUAL(program_puts(n, 14), -ENOBUFS);
	EQUAL(program_puts(n, IFTAP_FRAME_MAX), -EMSGSIZE);
	EQUAL(iftap_wait(t, POLLOUT, 20000), POLLOUT);
	EQUAL(program_puts(n, 14), 0);
	EQUAL(iftap_tx_submit(t), 0);
	for (n = 0; n < fit; n++)
		stack_has(n, 1024 - 32);
	stack_has(fit, 14);
	close_all();
}

/* A program that breaks its ring is told so, by everything. */
static void broken(void)
{
	struct iftap_frame frame;
	char byte;

	open_with(NULL);
	EQUAL(read(iftap_fd(t), &byte, 1), -1);
	EQUAL(errno, EBUSY);
	__atomic_store_n(&t->tx.user->in_producer, 8, __ATOMIC_RELEASE);
	EQUAL(iftap_doorbell(t), -EBADMSG);
	EQUAL(iftap_rx_peek(t, &frame), -EBADMSG);
	EQUAL(iftap_rx_arm(t), -EBADMSG);
	EQUAL(iftap_wait(t, POLLIN, 20000), -EBADMSG);
	EQUAL(iftap_doorbell(t), -EBADMSG);
	stack_sends(1, 60);
	EQUAL(iftap_wait(t, POLLIN, 20000), -EBADMSG);
	close_all();

	/* A record longer than what was published. */
	open_with(NULL);
	EQUAL(program_puts(1, 60), 0);
	((struct taprecord *)t->tx.data)->len = 65;
	EQUAL(iftap_tx_submit(t), -EBADMSG);
	close_all();

	/* The other direction: more released than there was. */
	open_with(NULL);
	__atomic_store_n(&t->rx.user->out_consumer, 1ull << 40,
			 __ATOMIC_RELEASE);
	/* The kernel looks only when it thinks that there is no room. */
	for (int n = 0; n < 400; n++)
		stack_sends(n, 1024 - 32);
	EQUAL(iftap_doorbell(t), -EBADMSG);
	close_all();

	open_with(NULL);	/* and a new one works */
	stack_sends(1, 60);
	program_has(1, 60);
	close_all();
}

/* The stack's side of a ball game; it sleeps in recv(). */
static uint32_t turns;

static void set_turns(uint32_t usual)
{
	const char *set = getenv("IFTAP_TURNS");

	turns = set ? strtoul(set, NULL, 10) : usual;
}

static void *stack_returns(void *arg)
{
	unsigned char frame[2048];
	uint32_t n;

	(void)arg;
	for (n = 0; n < turns; n++) {
		EQUAL(recv(sock, frame, sizeof(frame), 0), 60);
		TRUE(is(frame, 60, n));
		EQUAL(send(sock, frame, 60, 0), 60);
	}
	return NULL;
}

static int event;

static void sleep_poll(void)
{
	EQUAL(iftap_wait(t, POLLIN, 20000), POLLIN);
}

static void sleep_eventfd(void)
{
	struct pollfd p = { .fd = event, .events = POLLIN };
	uint64_t count;

	if (iftap_rx_arm(t))
		return;
	EQUAL(poll(&p, 1, 20000), 1);
	EQUAL(read(event, &count, sizeof(count)), 8);
}

static void play(void (*sleep_)(void))
{
	double last = now(), longest = 0, at;
	struct iftap_frame frame;
	uint32_t n, slept = 0;
	pthread_t stack;
	int err;

	EQUAL(pthread_create(&stack, NULL, stack_returns, NULL), 0);
	for (n = 0; n < turns; n++) {
		EQUAL(program_puts(n, 60), 0);
		EQUAL(iftap_tx_submit(t), 0);
		while ((err = iftap_rx_peek(t, &frame)) == -EAGAIN) {
			sleep_();
			slept++;
		}
		EQUAL(err, 0);
		TRUE(frame.len == 60 && is(frame.data, 60, n));
		iftap_rx_release(t);
		at = now();
		if (at - last > longest)
			longest = at - last;
		last = at;
	}
	pthread_join(stack, NULL);
	printf("%u turns, slept %u times, longest gap %.3f s\n", turns, slept,
	       longest);
	TRUE(longest < 1);
}

static void ping_pong_poll(void)
{
	set_turns(100000);
	open_with(NULL);
	play(sleep_poll);
	close_all();
}

static void ping_pong_eventfd(void)
{
	struct iftap_options o = { .flags = IFTAP_EVENTFD };

	set_turns(20000);
	o.eventfd = event = eventfd(0, EFD_NONBLOCK);
	open_with(&o);
	play(sleep_eventfd);
	close_all();
}

static void ping_pong_kernel_poll(void)
{
	struct iftap_options o = { .flags = IFTAP_KERNEL_POLL, .spin = 100 };

	set_turns(20000);
	open_with(&o);
	play(sleep_poll);
	close_all();
}

/* A queue that stops never loses a frame, nor stops for good. */
static void *stack_floods(void *arg)
{
	uint32_t n;

	(void)arg;
	for (n = 0; n < turns; n++)
		stack_sends(n, length(n));
	return NULL;
}

static void back_pressure(void)
{
	struct iftap_options o = {
		.flags = IFTAP_BACKPRESSURE,
		.out_size = TAP_RING_MIN,
		.in_size = TAP_RING_MIN,
	};
	double last = now(), longest = 0, at;
	pthread_t stack;
	uint32_t n;

	set_turns(20000);
	open_with(&o);
	/* The default, fq_codel, drops frames that wait for too long. */
	TRUE(!system("tc qdisc replace dev tap0 root pfifo limit 100000"));
	EQUAL(pthread_create(&stack, NULL, stack_floods, NULL), 0);
	for (n = 0; n < turns; n++) {
		program_has(n, length(n));
		if (n % 8 == 7)
			iftap_rx_release(t);
		at = now();
		if (at - last > longest)
			longest = at - last;
		last = at;
	}
	pthread_join(stack, NULL);
	printf("longest gap %.3f s\n", longest);
	TRUE(longest < 3);	/* a lost kick costs five seconds */
	close_all();
}

/* The eventfd is signalled once for each arming. */
static void signalled_once(void)
{
	struct iftap_options o = { .flags = IFTAP_EVENTFD };
	struct pollfd p = { .events = POLLIN };
	struct iftap_frame frame;
	uint64_t count;
	int n;

	p.fd = o.eventfd = eventfd(0, EFD_NONBLOCK);
	open_with(&o);
	for (n = 0; n < 50; n++) {
		EQUAL(iftap_rx_arm(t), 0);
		stack_sends(1, 60);
		stack_sends(2, 60);
		EQUAL(poll(&p, 1, 20000), 1);
		EQUAL(read(p.fd, &count, sizeof(count)), 8);
		EQUAL(count, 1);
		EQUAL(iftap_rx_arm(t), 1);
		program_has(1, 60);
		program_has(2, 60);
		iftap_rx_release(t);
		EQUAL(iftap_rx_peek(t, &frame), -EAGAIN);
		EQUAL(poll(&p, 1, 0), 0);
	}
	close_all();
}

/* Who sleeps is woken too when there will be no more frames, and told why. */
static void signalled_at_the_end(void)
{
	struct iftap_options o = { .flags = IFTAP_EVENTFD };
	struct pollfd p = { .events = POLLIN };
	struct iftap_frame frame;
	uint64_t count;

	p.fd = o.eventfd = eventfd(0, EFD_NONBLOCK);
	open_with(&o);
	EQUAL(iftap_rx_arm(t), 0);
	__atomic_store_n(&t->tx.user->in_producer, 8, __ATOMIC_RELEASE);
	EQUAL(iftap_doorbell(t), -EBADMSG);
	EQUAL(poll(&p, 1, 20000), 1);
	EQUAL(read(p.fd, &count, sizeof(count)), 8);
	EQUAL(iftap_rx_peek(t, &frame), -EBADMSG);
	close_all();

	open_with(&o);
	EQUAL(iftap_rx_arm(t), 0);
	TRUE(!system("ip link del tap0"));
	EQUAL(poll(&p, 1, 20000), 1);
	EQUAL(iftap_rx_peek(t, &frame), -EHOSTDOWN);
	close_all();
}

/* Wait until the program's main thread sleeps in poll(). */
static void await_sleep(void)
{
	double end = now() + 20;
	char path[64];
	long number;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", getpid());
	do {
		TRUE(now() < end);
		usleep(1000);
		f = fopen(path, "r");
		TRUE(f);
		/* It says "running" when the thread does not sleep. */
		if (fscanf(f, "%ld", &number) != 1)
			number = -1;
		fclose(f);
	} while (number != SYS_poll);
}

/* The interface is deleted while one sleeps. */
static void *stack_deletes(void *arg)
{
	(void)arg;
	await_sleep();
	TRUE(!system("ip link del tap0"));
	return NULL;
}

static void gone(void)
{
	struct iftap_frame frame;
	pthread_t stack;
	sigset_t set;
	double start;

	/*
	 * When ip(8) ends this thread would get the signal, which system()
	 * holds back in its own thread only, and poll() begin anew: woken by
	 * that and not by the driver.
	 */
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	EQUAL(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	open_with(NULL);
	start = now();
	EQUAL(pthread_create(&stack, NULL, stack_deletes, NULL), 0);
	EQUAL(iftap_wait(t, POLLIN, 20000), -EHOSTDOWN);
	/* Who is not woken is told the same when his time is over. */
	TRUE(now() - start < 20);
	pthread_join(stack, NULL);
	EQUAL(iftap_rx_peek(t, &frame), -EHOSTDOWN);
	EQUAL(iftap_rx_arm(t), -EHOSTDOWN);
	EQUAL(iftap_doorbell(t), -EHOSTDOWN);
	program_puts(1, 60);
	EQUAL(iftap_tx_submit(t), -EHOSTDOWN);
	EQUAL(iftap_recv(t, &frame, 1, 0), -EHOSTDOWN);
	close_all();
}

/* The same arrays of frames, through a ring and without. */
static void batch_with(uint32_t flags)
{
	static unsigned char room[300][2048];
	static struct iftap_frame frames[300];
	struct iftap_options o = { .flags = flags };
	uint32_t n, got;
	int done;

	open_with(&o);
	for (n = 0; n < COUNT(frames); n++)
		stack_sends(n, length(n));
	for (n = 0; n < COUNT(frames); n++) {
		frames[n].data = room[n];
		frames[n].size = sizeof(room[n]);
	}
	for (got = 0; got < COUNT(frames); got += done) {
		done = iftap_recv(t, frames + got, COUNT(frames) - got, 0);
		TRUE(done > 0);
	}
	for (n = 0; n < COUNT(frames); n++) {
		EQUAL(frames[n].len, length(n));
		TRUE(is(room[n], length(n), n));
	}
	EQUAL(iftap_recv(t, frames, 1, IFTAP_DONTWAIT), -EAGAIN);
	for (got = 0; got < COUNT(frames); got += done) {
		done = iftap_send(t, frames + got, COUNT(frames) - got, 0);
		TRUE(done > 0);
	}
	for (n = 0; n < COUNT(frames); n++)
		stack_has(n, length(n));

	stack_sends(1, 1000);
	frames[0].size = 100;
	EQUAL(iftap_recv(t, frames, 1, 0), 1);
	EQUAL(frames[0].flags, IFTAP_FRAME_TRUNCATED);
	EQUAL(frames[0].len, 1000);
	close_all();
}

static void batch(void)
{
	batch_with(0);
	batch_with(IFTAP_NO_RING);
	batch_with(IFTAP_NO_RING | IFTAP_NONBLOCK);
}

/* Two queues of a unit, each with a ring; what one sends the stack has. */
static void queues(void)
{
	struct iftap *queue[2], *third;
	struct iftap_frame frame;
	uint32_t n, seen[2] = { 0, 0 };
	int q;

	open_with(NULL);
	queue[0] = t;
	EQUAL(iftap_queue(queue[0], 1, NULL, &queue[1]), 0);
	EQUAL(iftap_queue(queue[0], 1, NULL, &third), -EBUSY);
	EQUAL(iftap_queue(queue[0], 0, NULL, &third), -EBUSY);
	EQUAL(iftap_queue(queue[0], 2, NULL, &third), -EINVAL);
	TRUE(!strcmp(iftap_name(queue[1]), "tap2"));
	for (q = 0; q < 2; q++) {
		t = queue[q];
		for (n = 0; n < 100; n++)
			EQUAL(program_puts(n, length(n)), 0);
		EQUAL(iftap_tx_submit(t), 0);
		for (n = 0; n < 100; n++)
			stack_has(n, length(n));
	}
	/* Whichever queue the stack picks: all arrive, each queue in order. */
	for (n = 0; n < 100; n++)
		stack_sends(n, 60);
	while (seen[0] + seen[1] < 100) {
		struct pollfd p[2] = {
			{ .fd = iftap_fd(queue[0]), .events = POLLIN },
			{ .fd = iftap_fd(queue[1]), .events = POLLIN },
		};

		TRUE(poll(p, 2, 20000) > 0);
		for (q = 0; q < 2; q++) {
			while (!iftap_rx_peek(queue[q], &frame)) {
				EQUAL(frame.len, 60);
				seen[q]++;
			}
			iftap_rx_release(queue[q]);
		}
	}
	printf("queue 0: %u, queue 1: %u frames\n", seen[0], seen[1]);
	/* The unit stays open with its other queue. */
	iftap_close(queue[0]);
	t = queue[1];
	for (n = 0; n < 10; n++)
		EQUAL(program_puts(n, 60), 0);
	EQUAL(iftap_tx_submit(t), 0);
	for (n = 0; n < 10; n++)
		stack_has(n, 60);
	close_all();
}

static uint16_t sum(const void *bytes, size_t len, uint32_t start)
{
	const unsigned char *p = bytes;
	size_t i;

	for (i = 0; i < len; i++)
		start += i % 2 ? p[i] : p[i] << 8;
	while (start >> 16)
		start = (start & 0xffff) + (start >> 16);
	return start;
}

/* IPv4 and UDP, from 10.9.0.2 to 10.9.0.1, the sum left to do. */
static uint32_t fill_udp(unsigned char *frame, const char *mac, uint32_t bytes,
			 struct tapoffload *hdr)
{
	struct ip ip = {
		.ip_v = 4, .ip_hl = 5, .ip_ttl = 64, .ip_p = IPPROTO_UDP,
		.ip_len = htons(28 + bytes),
		.ip_src.s_addr = htonl(0x0a090002),
		.ip_dst.s_addr = htonl(0x0a090001),
	};
	struct udphdr udp = {
		.uh_sport = htons(4000), .uh_dport = htons(4000),
		.uh_ulen = htons(8 + bytes),
	};

	ip.ip_sum = ~htons(sum(&ip, 20, 0));
	udp.uh_sum = htons(sum(&ip.ip_src, 8, IPPROTO_UDP + 8 + bytes));
	memcpy(frame, mac, 6);
	memcpy(frame + 6, "\x02\0\0\0\0\1\x08\0", 8);
	memcpy(frame + 14, &ip, 20);
	memcpy(frame + 34, &udp, 8);
	memset(frame + 42, 'x', bytes);
	iftap_offload_csum(hdr, 34, 6);
	return 42 + bytes;
}

static void add_addresses(void)
{
	TRUE(!system("ip address replace 10.9.0.1/24 dev tap0"));
	TRUE(!system("ip neighbour replace 10.9.0.2 dev tap0 "
		     "lladdr 02:00:00:00:00:01"));
}

static int open_udp(void)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(4000),
		.sin_addr.s_addr = htonl(0x0a090001),
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct timeval limit = { .tv_sec = 20 };

	TRUE(fd >= 0);
	EQUAL(bind(fd, (void *)&at, sizeof(at)), 0);
	at.sin_addr.s_addr = htonl(0x0a090002);
	EQUAL(connect(fd, (void *)&at, sizeof(at)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

/* The next IPv4 frame, copied. */
static struct iftap_frame next_ipv4(unsigned char *room)
{
	struct iftap_frame frame;
	int err;

	for (;;) {
		while ((err = iftap_rx_peek(t, &frame)) == -EAGAIN)
			TRUE(iftap_wait(t, POLLIN, 20000) > 0);
		EQUAL(err, 0);
		memcpy(room, frame.data, frame.len);
		iftap_rx_release(t);
		if (room[12] == 8 && room[13] == 0)
			return frame;
	}
}

/*
 * What the stack leaves to do is said in the header, and what the program leaves
 * to do the stack does.
 */
static void offload(void)
{
	struct iftap_options o = {
		.flags = IFTAP_TIMESTAMP,
		.offload = TUN_F_CSUM | TUN_F_TSO4,
	};
	static unsigned char room[65536 + 100];
	struct iftap_frame frame;
	struct timespec ts;
	struct ifreq ifr = { 0 };
	char payload[4000];
	uint32_t pseudo;
	int udp;

	open_with(&o);
	add_addresses();
	udp = open_udp();
	strcpy(ifr.ifr_name, "tap0");
	EQUAL(ioctl(udp, SIOCGIFHWADDR, &ifr), 0);

	EQUAL(send(udp, "hello, tap", 10, 0), 10);
	frame = next_ipv4(room);
	EQUAL(frame.len, 14 + 20 + 8 + 10);
	TRUE(!iftap_offload_plain(&frame.hdr));
	EQUAL(frame.hdr.csum_start, 34);
	EQUAL(frame.hdr.csum_offset, 6);
	EQUAL(iftap_checksum(&frame.hdr, room, frame.len), 0);
	pseudo = sum(room + 26, 8, IPPROTO_UDP + 18);
	EQUAL(sum(room + 34, 18, pseudo), 0xffff);
	TRUE(frame.flags & IFTAP_FRAME_TIME);
	clock_gettime(CLOCK_REALTIME, &ts);
	TRUE((uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec - frame.time <
	     10000000000ull);

	/* Inbound: a checksum left to do. */
	EQUAL(iftap_tx_reserve(t, 42 + 100, &frame), 0);
	fill_udp(frame.data, ifr.ifr_hwaddr.sa_data, 100, &frame.hdr);
	EQUAL(iftap_tx_commit(t, &frame), 0);
	EQUAL(iftap_tx_submit(t), 0);
	EQUAL(recv(udp, payload, sizeof(payload), 0), 100);
	EQUAL(payload[99], 'x');

	/* Inbound: one frame that is four datagrams. */
	EQUAL(iftap_tx_reserve(t, 42 + 3500, &frame), 0);
	fill_udp(frame.data, ifr.ifr_hwaddr.sa_data, 3500, &frame.hdr);
	iftap_offload_gso(&frame.hdr, 5 /* VIRTIO_NET_HDR_GSO_UDP_L4 */, 42,
			  1000);
	EQUAL(iftap_tx_commit(t, &frame), 0);
	EQUAL(iftap_tx_submit(t), 0);
	EQUAL(recv(udp, payload, sizeof(payload), 0), 1000);
	EQUAL(recv(udp, payload, sizeof(payload), 0), 1000);
	EQUAL(recv(udp, payload, sizeof(payload), 0), 1000);
	EQUAL(recv(udp, payload, sizeof(payload), 0), 500);
	close(udp);
	close_all();

	/* Not asked for: the stack does it all itself. */
	open_with(NULL);
	add_addresses();
	udp = open_udp();
	EQUAL(send(udp, "hello, tap", 10, 0), 10);
	frame = next_ipv4(room);
	TRUE(iftap_offload_plain(&frame.hdr));
	EQUAL(sum(room + 34, 18, pseudo), 0xffff);
	close(udp);
	close_all();
}

static const struct {
	const char *name;
	void (*run)(void);
} table[] = {
	{ "wrap", wrap },
	{ "full", full },
	{ "broken", broken },
	{ "ping-pong-poll", ping_pong_poll },
	{ "ping-pong-eventfd", ping_pong_eventfd },
	{ "ping-pong-kernel-poll", ping_pong_kernel_poll },
	{ "back-pressure", back_pressure },
	{ "signalled-once", signalled_once },
	{ "signalled-at-the-end", signalled_at_the_end },
	{ "gone", gone },
	{ "batch", batch },
	{ "queues", queues },
	{ "offload", offload },
};

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc > 2)
		device = argv[2];
	for (i = 0; i < COUNT(table); i++)
		if (argc > 1 && !strcmp(argv[1], table[i].name)) {
			table[i].run();
			return 0;
		}
	fprintf(stderr, "usage: ring-lib WHAT [DEVICE]\n");
	return 2;
}
