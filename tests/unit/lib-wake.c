// SPDX-License-Identifier: BSD-2-Clause
/*
 * Two threads, the program and "the kernel", hand a frame to and fro through
 * both rings and sleep between: 100,000 turns, by poll() and by eventfd, and
 * with a queue that stops for room. Neither may sleep over the other's change,
 * so no turn takes long. Under the thread sanitizer this also shows that the
 * positions order all that is in the rings.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <ring.h>

#include "lib-fake.h"

#define TURNS 100000
#define GAP_MAX 1.0	/* seconds */

static struct iftap *t;
static uint32_t seen;	/* by the kernel's thread: frames it has taken */

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

/* The longest time between two calls. */
static void gap(double *last, double *longest)
{
	double at = now();

	if (*last && at - *last > *longest)
		*longest = at - *last;
	*last = at;
}

static void take_numbered(const struct taprecord *record,
			  const unsigned char *bytes)
{
	if (!fake_is(bytes, record->len, seen))
		abort();
	seen++;
}

/* Sleep as NAPI does, until the doorbell is rung. */
static void kernel_take(void)
{
	uint64_t count;

	__atomic_store_n(&fake.kernel->in_need_wakeup, 0, __ATOMIC_RELAXED);
	for (;;) {
		uint32_t before = seen;

		if (!fake_take())
			abort();
		if (seen != before)
			return;
		if (fake_sleepy() &&
		    read(fake.bell, &count, sizeof(count)) != sizeof(count))
			abort();
		__atomic_store_n(&fake.kernel->in_need_wakeup, 0,
				 __ATOMIC_RELAXED);
	}
}

/* Sends frame n, waits for it to come back, sends n + 1. */
static void *kernel_pings(void *arg)
{
	unsigned char bytes[2000];
	uint32_t n;

	for (n = 0; n < TURNS; n++) {
		uint32_t len = 14 + n % 1900;

		fake_fill(bytes, len, n);
		if (!fake_put(bytes, len, NULL))
			abort();
		fake_publish();
		while (seen <= n)
			kernel_take();
	}
	return NULL;
}

static int sleep_poll(void)
{
	return iftap_wait(t, POLLIN, 10000);
}

static int event = -1;

static int sleep_eventfd(void)
{
	struct pollfd p = { .fd = event, .events = POLLIN };
	int ready = iftap_rx_arm(t);
	uint64_t count;

	if (ready)
		return ready;
	if (poll(&p, 1, 10000) != 1)
		return 0;
	assert_int_equal(read(event, &count, sizeof(count)), sizeof(count));
	return 1;
}

static void pong(int (*sleep_)(void))
{
	double last = 0, longest = 0;
	struct iftap_frame from = { 0 }, to = { 0 };
	pthread_t kernel;
	uint32_t n = 0;
	int err;

	seen = 0;
	fake.manual = true;
	fake.taken = take_numbered;
	assert_int_equal(pthread_create(&kernel, NULL, kernel_pings, NULL), 0);
	while (n < TURNS) {
		err = iftap_rx_peek(t, &from);
		if (err == -EAGAIN) {
			assert_true(sleep_() > 0);
			continue;
		}
		assert_int_equal(err, 0);
		gap(&last, &longest);
		assert_int_equal(iftap_tx_reserve(t, from.len, &to), 0);
		memcpy(to.data, from.data, from.len);
		assert_int_equal(iftap_tx_commit(t, &to), 0);
		iftap_rx_release(t);
		assert_int_equal(iftap_tx_submit(t), 0);
		n++;
	}
	pthread_join(kernel, NULL);
	print_message("%d turns, %d doorbells, longest gap %.3f s\n", TURNS,
		      fake.doorbells, longest);
	assert_true(longest < GAP_MAX);
}

static void poll_never_sleeps_over_a_frame(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.out_size = TAP_RING_MIN,
		.in_size = TAP_RING_MIN,
	};

	fake_reset();
	assert_int_equal(iftap_open(&t, "tap0", &o), 0);
	pong(sleep_poll);
	iftap_close(t);
}

static void an_eventfd_never_sleeps_over_a_frame(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_EVENTFD,
	};

	fake_reset();
	event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	o.eventfd = event;
	assert_int_equal(iftap_open(&t, "tap0", &o), 0);
	pong(sleep_eventfd);
	iftap_close(t);
	close(event);
}

/*
 * The kernel sends as fast as it can, and when the ring is full it stops and
 * sleeps until the doorbell.
 */
static void *kernel_floods(void *arg)
{
	unsigned char bytes[2000];
	uint64_t count;
	uint32_t n;

	for (n = 0; n < TURNS; n++) {
		uint32_t len = 14 + n % 1900;

		fake_fill(bytes, len, n);
		while (!fake_put(bytes, len, NULL)) {
			fake_publish();
			if (!fake_stop(iftap_record_size(len)))
				continue;
			if (read(fake.bell, &count, sizeof(count)) !=
			    sizeof(count))
				abort();
		}
		if (n % 7 == 0)
			fake_publish();
	}
	fake_publish();
	return NULL;
}

static void back_pressure_never_stops_for_good(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_BACKPRESSURE,
		.out_size = TAP_RING_MIN,
		.in_size = TAP_RING_MIN,
	};
	double last = 0, longest = 0;
	struct iftap_frame frame = { 0 };
	pthread_t kernel;
	uint32_t n = 0;
	int err;

	fake_reset();
	assert_int_equal(iftap_open(&t, "tap0", &o), 0);
	fake.manual = true;
	assert_int_equal(pthread_create(&kernel, NULL, kernel_floods, NULL),
			 0);
	while (n < TURNS) {
		err = iftap_rx_peek(t, &frame);
		if (err == -EAGAIN) {
			iftap_rx_release(t);
			assert_true(iftap_wait(t, POLLIN, 10000) > 0);
			continue;
		}
		assert_int_equal(err, 0);
		gap(&last, &longest);
		assert_int_equal(frame.len, 14 + n % 1900);
		assert_true(fake_is(frame.data, frame.len, n));
		n++;
		if (n % 16 == 0)
			iftap_rx_release(t);
	}
	pthread_join(kernel, NULL);
	print_message("%d frames, %d doorbells, longest gap %.3f s\n", TURNS,
		      fake.doorbells, longest);
	assert_true(longest < GAP_MAX);
	iftap_close(t);
}

/* One thread each way at the same time, on one handle. */
static void *program_sends(void *arg)
{
	struct iftap_frame frame = { 0 };
	uint32_t n;
	int err;

	for (n = 0; n < TURNS; n++) {
		while ((err = iftap_tx_reserve(t, 14 + n % 1900, &frame)) ==
		       -ENOBUFS)
			if (iftap_tx_submit(t) ||
			    iftap_wait(t, POLLOUT, 10) < 0)
				abort();
		if (err)
			abort();
		fake_fill(frame.data, frame.len, n);
		if (iftap_tx_commit(t, &frame) ||
		    (n % 32 == 0 && iftap_tx_submit(t)))
			abort();
	}
	if (iftap_tx_submit(t))
		abort();
	return NULL;
}

static void *kernel_takes(void *arg)
{
	while (seen < TURNS)
		kernel_take();
	return NULL;
}

static void the_two_directions_do_not_meet(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.out_size = TAP_RING_MIN,
		.in_size = TAP_RING_MIN,
	};
	unsigned char bytes[64] = { 0 };
	struct iftap_frame frame = { 0 };
	pthread_t program, kernel;
	uint32_t n = 0, got = 0;

	fake_reset();
	assert_int_equal(iftap_open(&t, "tap0", &o), 0);
	fake.manual = true;
	fake.taken = take_numbered;
	seen = 0;
	assert_int_equal(pthread_create(&kernel, NULL, kernel_takes, NULL), 0);
	assert_int_equal(pthread_create(&program, NULL, program_sends, NULL),
			 0);
	while (got < TURNS) {
		while (n < TURNS && fake_put(bytes, 64, NULL))
			n++;
		fake_publish();
		while (iftap_rx_peek(t, &frame) == 0)
			got++;
		iftap_rx_release(t);
	}
	pthread_join(program, NULL);
	pthread_join(kernel, NULL);
	assert_int_equal(seen, TURNS);
	iftap_close(t);
}

/*
 * The same three pairs of barriers under a magnifying glass. In each round both
 * sides come from a barrier at once, each writes and then reads, and afterwards
 * it must not be that neither has seen the other. Without a full barrier on
 * either side that happens, if rarely; the rounds above can hide it.
 */
#define ROUNDS 1000000
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define ROUNDS_SECONDS 1	/* too slow to meet in the same nanosecond */
#else
#define ROUNDS_SECONDS 5
#endif

static struct {
	void (*program)(void);
	void (*kernel)(void);
	bool (*missed)(void);	/* with both at rest */
	uint32_t arrived;
	uint32_t end;
	bool asleep;		/* what one side decided */
	int rung;		/* doorbells before */
} round_;

/* Both sides pass at once. They spin, or they would come one by one. */
static void meet(uint32_t *count)
{
	uint32_t i = 0;

	*count += 2;
	__atomic_add_fetch(&round_.arrived, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&round_.arrived, __ATOMIC_SEQ_CST) < *count)
		if (++i % 1000 == 0)
			sched_yield();
}

/* The two do not take equally long to the point in question; try all shifts. */
static void shift(uint32_t n)
{
	while (n--)
		__asm__ volatile("" ::: "memory");
}

static void *kernel_rounds(void *arg)
{
	uint32_t count = 0, n = 0;

	for (;;) {
		meet(&count);
		if (__atomic_load_n(&round_.end, __ATOMIC_SEQ_CST))
			return NULL;
		shift(n++ % 509);
		round_.kernel();
		meet(&count);
	}
}

static void go_round(uint32_t flags, void (*prepare)(void))
{
	struct iftap_options o = { .size = sizeof(o), .flags = flags };
	uint32_t count = 0, n, missed = 0;
	double end = now() + ROUNDS_SECONDS;
	pthread_t kernel;

	fake_reset();
	event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (flags & IFTAP_EVENTFD)
		o.eventfd = event;
	assert_int_equal(iftap_open(&t, "tap0", &o), 0);
	fake.manual = true;
	round_.arrived = round_.end = 0;
	assert_int_equal(pthread_create(&kernel, NULL, kernel_rounds, NULL),
			 0);
	for (n = 0; n < ROUNDS && now() < end; n++) {
		prepare();
		round_.rung = fake.doorbells;
		meet(&count);
		shift(n % 251);
		round_.program();
		meet(&count);
		missed += round_.missed();
	}
	__atomic_store_n(&round_.end, 1, __ATOMIC_SEQ_CST);
	meet(&count);
	pthread_join(kernel, NULL);
	iftap_close(t);
	close(event);
	print_message("%u rounds, %u missed\n", n, missed);
	assert_int_equal(missed, 0);
}

static void one_to_send(void)
{
	struct iftap_frame frame = { 0 };

	fake.kernel->in_need_wakeup = 0;
	assert_int_equal(iftap_tx_reserve(t, 60, &frame), 0);
	assert_int_equal(iftap_tx_commit(t, &frame), 0);
}

static void submit(void)
{
	if (iftap_tx_submit(t))
		abort();
}

static void kernel_sleeps(void)
{
	round_.asleep = fake_sleepy();
}

static bool doorbell_missed(void)
{
	bool missed = round_.asleep && fake.doorbells == round_.rung;

	assert_true(fake_take());
	return missed;
}

static void submit_and_the_sleeping_kernel_see_each_other(void **state)
{
	round_.program = submit;
	round_.kernel = kernel_sleeps;
	round_.missed = doorbell_missed;
	go_round(0, one_to_send);
}

static void one_to_publish(void)
{
	unsigned char bytes[60] = { 0 };

	assert_true(fake_put(bytes, sizeof(bytes), NULL));
}

static void arm(void)
{
	round_.asleep = iftap_rx_arm(t) == 0;
}

static bool signal_missed(void)
{
	struct iftap_frame frame = { 0 };
	uint64_t count;
	bool signalled = read(event, &count, sizeof(count)) == sizeof(count);

	assert_int_equal(iftap_rx_peek(t, &frame), 0);
	iftap_rx_release(t);
	return round_.asleep && !signalled;
}

static void arm_and_the_publishing_kernel_see_each_other(void **state)
{
	round_.program = arm;
	round_.kernel = fake_publish;
	round_.missed = signal_missed;
	go_round(IFTAP_EVENTFD, one_to_publish);
}

static void one_to_release(void)
{
	struct iftap_frame frame = { 0 };

	fake.kernel->out_need_wakeup = 0;
	one_to_publish();
	fake_publish();
	assert_int_equal(iftap_rx_peek(t, &frame), 0);
}

static void release(void)
{
	iftap_rx_release(t);
}

static void kernel_stops(void)
{
	round_.asleep = fake_stop(TAP_RING_DEFAULT);
}

static bool room_missed(void)
{
	return round_.asleep && fake.doorbells == round_.rung;
}

static void release_and_the_stopping_kernel_see_each_other(void **state)
{
	round_.program = release;
	round_.kernel = kernel_stops;
	round_.missed = room_missed;
	go_round(IFTAP_BACKPRESSURE, one_to_release);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(submit_and_the_sleeping_kernel_see_each_other),
		cmocka_unit_test(arm_and_the_publishing_kernel_see_each_other),
		cmocka_unit_test(release_and_the_stopping_kernel_see_each_other),
		cmocka_unit_test(poll_never_sleeps_over_a_frame),
		cmocka_unit_test(an_eventfd_never_sleeps_over_a_frame),
		cmocka_unit_test(back_pressure_never_stops_for_good),
		cmocka_unit_test(the_two_directions_do_not_meet),
	};

	alarm(600);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
