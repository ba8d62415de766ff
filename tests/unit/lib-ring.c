// SPDX-License-Identifier: BSD-2-Clause
/*
 * The verbs of the ring against a kernel that the test plays on the same
 * memory: order, wrapping, the four different answers, and what the library
 * does when the kernel lies.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib-fake.h"

static struct iftap *t;

static void open_with(struct iftap_options *options)
{
	fake_reset();
	assert_int_equal(iftap_open(&t, "tap0", options), 0);
}

static int setup(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.out_size = TAP_RING_MIN,
		.in_size = TAP_RING_MIN,
	};

	open_with(&o);
	return 0;
}

static int teardown(void **state)
{
	iftap_close(t);
	t = NULL;
	assert_int_equal(fake.mapped, 0);
	return 0;
}

static void put(uint32_t n, uint32_t len)
{
	static unsigned char bytes[65536];

	fake_fill(bytes, len, n);
	assert_true(fake_put(bytes, len, NULL));
}

static void peek(uint32_t n, uint32_t len)
{
	struct iftap_frame frame = { 0 };

	assert_int_equal(iftap_rx_peek(t, &frame), 0);
	assert_int_equal(frame.len, len);
	assert_true(fake_is(frame.data, len, n));
}

static int reserve(uint32_t n, uint32_t len)
{
	struct iftap_frame frame = { 0 };
	int err = iftap_tx_reserve(t, len, &frame);

	if (err)
		return err;
	fake_fill(frame.data, len, n);
	return iftap_tx_commit(t, &frame);
}

static void frames_come_in_order_and_stay_until_released(void **state)
{
	struct iftap_frame frame = { 0 };
	int calls = fake.calls;

	put(1, 60);
	put(2, 1514);
	assert_int_equal(iftap_rx_peek(t, &frame), -EAGAIN);
	fake_publish();
	peek(1, 60);
	peek(2, 1514);
	assert_int_equal(iftap_rx_peek(t, &frame), -EAGAIN);
	assert_int_equal(fake.user->out_consumer, 0);
	iftap_rx_release(t);
	assert_int_equal(fake.user->out_consumer, fake.out_producer);
	assert_int_equal(fake.calls, calls);
}

static void release_to_keeps_the_later_frames(void **state)
{
	struct iftap_frame a = { 0 }, b = { 0 }, c = { 0 };

	put(1, 60);
	put(2, 100);
	put(3, 60);
	fake_publish();
	assert_int_equal(iftap_rx_peek(t, &a), 0);
	assert_int_equal(iftap_rx_peek(t, &b), 0);
	assert_int_equal(iftap_rx_peek(t, &c), 0);
	iftap_rx_release_to(t, &b);
	assert_int_equal(fake.user->out_consumer, b.position);
	iftap_rx_release_to(t, &a);	/* is released: not again */
	assert_int_equal(fake.user->out_consumer, b.position);
	assert_true(fake_is(c.data, c.len, 3));
	iftap_rx_release(t);
	assert_int_equal(fake.user->out_consumer, c.position);
	iftap_rx_release_to(t, &b);
	assert_int_equal(fake.user->out_consumer, c.position);
}

static void received_frames_cannot_be_written(void **state)
{
	int pipes[2];
	struct iftap_frame frame = { 0 };

	put(1, 60);
	fake_publish();
	assert_int_equal(iftap_rx_peek(t, &frame), 0);
	/* The kernel's answer for an address that a store would fault on. */
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "x", 1), 1);
#ifndef __SANITIZE_THREAD__
	assert_int_equal(read(pipes[0], frame.data, 1), -1);
	assert_int_equal(errno, EFAULT);
#endif
	close(pipes[0]);
	close(pipes[1]);
}

/* Many times round the ring, so that records lie across its end everywhere. */
static void frames_of_all_lengths_go_round_outbound(void **state)
{
	uint32_t n, len;

	for (n = 0; n < 4000; n++) {
		len = 14 + n * 37 % 3000;
		put(n, len);
		fake_publish();
		peek(n, len);
		iftap_rx_release(t);
	}
	assert_true(fake.out_producer > 10 * TAP_RING_MIN);
}

static uint32_t next_taken;

static void taken_in_order(const struct taprecord *record,
			   const unsigned char *bytes)
{
	assert_int_equal(record->len, 14 + next_taken * 37 % 3000);
	assert_true(fake_is(bytes, record->len, next_taken));
	next_taken++;
}

static void frames_of_all_lengths_go_round_inbound(void **state)
{
	uint32_t n;

	next_taken = 0;
	fake.taken = taken_in_order;
	for (n = 0; n < 4000; n++) {
		assert_int_equal(reserve(n, 14 + n * 37 % 3000), 0);
		if (n % 5 == 0)
			assert_int_equal(iftap_tx_submit(t), 0);
	}
	assert_int_equal(iftap_tx_submit(t), 0);
	assert_int_equal(next_taken, 4000);
	assert_true(fake.in_consumer > 10 * TAP_RING_MIN);
}

static void a_full_ring_is_enobufs_until_it_is_emptied(void **state)
{
	uint32_t n = 0;

	fake.manual = true;
	while (reserve(n, 1000) == 0)
		n++;
	assert_int_equal(n, TAP_RING_MIN / (32 + 1008));
	assert_int_equal(reserve(0, 1000), -ENOBUFS);
	assert_int_equal(iftap_tx_submit(t), 0);
	assert_int_equal(reserve(0, 1000), -ENOBUFS);
	assert_true(fake_take());
	assert_int_equal(fake.sent_ring, n);
	assert_int_equal(reserve(0, 1000), 0);
}

static void a_ring_can_be_filled_to_its_last_byte(void **state)
{
	struct iftap_frame frame = { 0 };
	uint32_t n;

	for (n = 0; n < TAP_RING_MIN / 1024; n++)
		assert_int_equal(reserve(n, 1024 - 32), 0);
	assert_int_equal(iftap_tx_reserve(t, 14, &frame), -ENOBUFS);
	assert_int_equal(iftap_tx_submit(t), 0);
	assert_int_equal(fake.sent_ring, TAP_RING_MIN / 1024);

	for (n = 0; n < TAP_RING_MIN / 1024; n++)
		put(n, 1024 - 32);
	assert_false(fake_put("12345678901234", 14, NULL));
	fake_publish();
	for (n = 0; n < TAP_RING_MIN / 1024; n++)
		peek(n, 1024 - 32);
	assert_int_equal(iftap_rx_peek(t, &frame), -EAGAIN);
	iftap_rx_release(t);
	put(7, 14);
}

static void lengths_that_cannot_be_are_emsgsize(void **state)
{
	struct iftap_frame frame = { 0 };

	assert_int_equal(iftap_tx_reserve(t, 0, &frame), -EMSGSIZE);
	assert_int_equal(iftap_tx_reserve(t, 13, &frame), -EMSGSIZE);
	assert_int_equal(iftap_tx_reserve(t, 65558, &frame), -EMSGSIZE);
	assert_int_equal(iftap_tx_reserve(t, UINT32_MAX, &frame), -EMSGSIZE);
	/* A legal length that this ring will never have room for. */
	assert_int_equal(iftap_tx_reserve(t, 65557, &frame), -EMSGSIZE);
	assert_int_equal(iftap_tx_reserve(t, TAP_RING_MIN - 32, &frame), 0);
}

static void the_longest_frame_takes_a_larger_ring(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.in_size = 2 * TAP_RING_MIN,
	};
	struct iftap_frame frame = { 0 };

	iftap_close(t);
	open_with(&o);
	assert_int_equal(iftap_tx_reserve(t, 65557, &frame), 0);
	assert_int_equal(iftap_tx_commit(t, &frame), 0);
	assert_int_equal(iftap_tx_submit(t), 0);
	assert_int_equal(fake.sent_ring, 1);
}

static void a_frame_may_be_shorter_than_reserved(void **state)
{
	struct iftap_frame frame = { 0 };

	assert_int_equal(iftap_tx_reserve(t, 2000, &frame), 0);
	frame.len = 2001;
	assert_int_equal(iftap_tx_commit(t, &frame), -EINVAL);
	frame.len = 13;
	assert_int_equal(iftap_tx_commit(t, &frame), -EINVAL);
	frame.len = 14;
	assert_int_equal(iftap_tx_commit(t, &frame), 0);
	assert_int_equal(iftap_tx_commit(t, &frame), -EINVAL);
	assert_int_equal(iftap_tx_submit(t), 0);
	assert_int_equal(fake.in_consumer, 48);
}

static void a_reservation_not_committed_is_forgotten(void **state)
{
	struct iftap_frame frame = { 0 };
	void *first;

	assert_int_equal(iftap_tx_reserve(t, 2000, &frame), 0);
	first = frame.data;
	assert_int_equal(iftap_tx_reserve(t, 60, &frame), 0);
	assert_ptr_equal(frame.data, first);
	frame.len = 61;
	assert_int_equal(iftap_tx_commit(t, &frame), -EINVAL);
	assert_int_equal(iftap_tx_submit(t), 0);
	assert_int_equal(fake.doorbells, 0);
	assert_int_equal(fake.user->in_producer, 0);
}

static void the_doorbell_is_rung_only_when_wanted(void **state)
{
	fake.manual = true;
	fake.kernel->in_need_wakeup = 0;
	assert_int_equal(reserve(1, 60), 0);
	assert_int_equal(fake.user->in_producer, 0);
	assert_int_equal(iftap_tx_submit(t), 0);
	assert_int_equal(fake.user->in_producer, 96);
	assert_int_equal(fake.doorbells, 0);
	fake.kernel->in_need_wakeup = 1;
	assert_int_equal(iftap_tx_submit(t), 0); /* nothing new */
	assert_int_equal(fake.doorbells, 0);
	assert_int_equal(reserve(1, 60), 0);
	assert_int_equal(reserve(1, 60), 0);
	assert_int_equal(iftap_tx_submit(t), 0);
	assert_int_equal(fake.doorbells, 1);
}

static void release_rings_for_a_stopped_queue(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_BACKPRESSURE,
	};

	iftap_close(t);
	open_with(&o);
	put(1, 60);
	put(2, 60);
	fake_publish();
	peek(1, 60);
	iftap_rx_release(t);
	assert_int_equal(fake.doorbells, 0);
	assert_true(fake_stop(TAP_RING_DEFAULT));
	peek(2, 60);
	iftap_rx_release(t);
	assert_int_equal(fake.doorbells, 1);
}

static void the_last_frames_come_before_ehostdown(void **state)
{
	struct iftap_frame frame = { 0 };

	put(1, 60);
	fake_publish();
	fake.kernel->state = TAP_RING_GONE;
	peek(1, 60);
	assert_int_equal(iftap_rx_peek(t, &frame), -EHOSTDOWN);
	iftap_rx_release(t);
	assert_int_equal(iftap_rx_arm(t), -EHOSTDOWN);
	assert_int_equal(reserve(1, 60), 0);	/* not known yet */
	assert_int_equal(iftap_tx_submit(t), -EHOSTDOWN);
}

static void a_full_ring_of_a_unit_gone_is_ehostdown(void **state)
{
	fake.manual = true;
	fake.kernel->in_need_wakeup = 0;
	fake.kernel->state = TAP_RING_GONE;
	while (reserve(1, 8000) == 0)
		;
	assert_int_equal(reserve(1, 8000), -EHOSTDOWN);
}

static void a_broken_ring_is_ebadmsg(void **state)
{
	struct iftap_frame frame = { 0 };

	t->tx.user->in_producer = 8;	/* what no program would do */
	assert_false(fake_take());
	assert_int_equal(iftap_rx_peek(t, &frame), -EBADMSG);
	assert_int_equal(iftap_rx_arm(t), -EBADMSG);
	while (reserve(1, 8000) == 0)
		;
	assert_int_equal(reserve(1, 8000), -EBADMSG);
	assert_int_equal(iftap_tx_submit(t), -EBADMSG);
}

static void a_lying_producer_is_ebadmsg(void **state)
{
	static const uint64_t lies[] = {
		8, 1, TAP_RING_MIN + 16, (uint64_t)-16, (uint64_t)1 << 63,
	};
	struct iftap_frame frame = { 0 };
	unsigned int i;

	for (i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		fake.kernel->out_producer = lies[i];
		assert_int_equal(iftap_rx_peek(t, &frame), -EBADMSG);
		assert_int_equal(iftap_rx_arm(t), -EBADMSG);
	}
	fake.kernel->out_producer = 0;
	assert_int_equal(iftap_rx_peek(t, &frame), -EAGAIN);

	/* Nor may it go over what is peeked at and not released. */
	put(1, 60);
	fake_publish();
	peek(1, 60);
	fake.kernel->out_producer = TAP_RING_MIN + 16;
	assert_int_equal(iftap_rx_peek(t, &frame), -EBADMSG);
	fake.kernel->out_producer = 48;	/* back */
	assert_int_equal(iftap_rx_peek(t, &frame), -EBADMSG);
}

static void a_record_that_cannot_be_is_ebadmsg(void **state)
{
	static const uint32_t lies[] = {
		65, 1u << 16, TAP_RING_MIN, UINT32_MAX, UINT32_MAX - 31,
	};
	struct taprecord *record = (void *)fake.out;
	struct iftap_frame frame = { 0 };
	unsigned int i;

	put(1, 60);
	fake_publish();
	for (i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		record->len = lies[i];
		assert_int_equal(iftap_rx_peek(t, &frame), -EBADMSG);
	}
	record->len = 60;
	peek(1, 60);
}

static void a_lying_consumer_is_ebadmsg(void **state)
{
	static const uint64_t lies[] = {
		8, (uint64_t)-16, TAP_RING_MIN * 2, (uint64_t)1 << 63,
	};
	unsigned int i;

	fake.manual = true;
	while (reserve(1, 4000) == 0)
		;
	/* Committed is not published: it cannot be consumed. */
	fake.kernel->in_consumer = 4032;
	assert_int_equal(reserve(1, 4000), -EBADMSG);
	fake.kernel->in_consumer = 0;
	assert_int_equal(iftap_tx_submit(t), 0);
	for (i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		fake.kernel->in_consumer = lies[i];
		assert_int_equal(reserve(1, 4000), -EBADMSG);
	}
	fake.kernel->in_consumer = 4032;
	assert_int_equal(reserve(1, 4000), 0);
}

static void offload_headers_and_times_go_along(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_TIMESTAMP,
	};
	struct tapoffload hdr = { .flags = 1, .csum_start = 34 };
	unsigned char bytes[64] = { 0 };
	struct iftap_frame frame = { 0 };

	put(1, 60);
	fake_publish();
	assert_int_equal(iftap_rx_peek(t, &frame), 0);
	assert_int_equal(frame.flags, 0);
	iftap_close(t);

	open_with(&o);
	assert_true(fake_put(bytes, 64, &hdr));
	fake_publish();
	assert_int_equal(iftap_rx_peek(t, &frame), 0);
	assert_memory_equal(&frame.hdr, &hdr, sizeof(hdr));
	assert_int_equal(frame.flags, IFTAP_FRAME_TIME);
	assert_int_equal(frame.time, 1000000000ull);

	fake.manual = true;
	assert_int_equal(iftap_tx_reserve(t, 60, &frame), 0);
	assert_true(iftap_offload_plain(&frame.hdr));
	frame.hdr = hdr;
	assert_int_equal(iftap_tx_commit(t, &frame), 0);
	assert_memory_equal(&((struct taprecord *)fake.in)->hdr, &hdr,
			    sizeof(hdr));
}

static void arming_tells_of_frames_that_are_there(void **state)
{
	int event = eventfd(0, EFD_NONBLOCK);
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_EVENTFD,
		.eventfd = event,
	};
	uint64_t count;

	iftap_close(t);
	open_with(&o);
	put(1, 60);
	fake_publish();
	(void)!read(event, &count, sizeof(count));
	assert_int_equal(iftap_rx_arm(t), 1);
	peek(1, 60);
	iftap_rx_release(t);
	assert_int_equal(iftap_rx_arm(t), 0);
	assert_int_equal(read(event, &count, sizeof(count)), -1);
	put(2, 60);
	put(3, 60);
	fake_publish();
	assert_int_equal(read(event, &count, sizeof(count)), sizeof(count));
	assert_int_equal(count, 1);
	put(4, 60);
	fake_publish();	/* signalled once */
	assert_int_equal(read(event, &count, sizeof(count)), -1);
	assert_int_equal(iftap_rx_arm(t), 1);
	close(event);
}

static void without_a_ring_the_verbs_are_eopnotsupp(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_NO_RING,
	};
	struct iftap_frame frame = { 0 };

	iftap_close(t);
	open_with(&o);
	assert_int_equal(iftap_rx_peek(t, &frame), -EOPNOTSUPP);
	assert_int_equal(iftap_rx_arm(t), -EOPNOTSUPP);
	iftap_rx_release(t);
	assert_int_equal(iftap_tx_reserve(t, 60, &frame), -EOPNOTSUPP);
	frame.len = 60;
	assert_int_equal(iftap_tx_commit(t, &frame), -EINVAL);
	assert_int_equal(iftap_tx_submit(t), 0);
	assert_int_equal(iftap_doorbell(t), -EOPNOTSUPP);
	assert_int_equal(fake.mapped, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_come_in_order_and_stay_until_released),
		TEST(release_to_keeps_the_later_frames),
		TEST(received_frames_cannot_be_written),
		TEST(frames_of_all_lengths_go_round_outbound),
		TEST(frames_of_all_lengths_go_round_inbound),
		TEST(a_full_ring_is_enobufs_until_it_is_emptied),
		TEST(a_ring_can_be_filled_to_its_last_byte),
		TEST(lengths_that_cannot_be_are_emsgsize),
		TEST(the_longest_frame_takes_a_larger_ring),
		TEST(a_frame_may_be_shorter_than_reserved),
		TEST(a_reservation_not_committed_is_forgotten),
		TEST(the_doorbell_is_rung_only_when_wanted),
		TEST(release_rings_for_a_stopped_queue),
		TEST(the_last_frames_come_before_ehostdown),
		TEST(a_full_ring_of_a_unit_gone_is_ehostdown),
		TEST(a_broken_ring_is_ebadmsg),
		TEST(a_lying_producer_is_ebadmsg),
		TEST(a_record_that_cannot_be_is_ebadmsg),
		TEST(a_lying_consumer_is_ebadmsg),
		TEST(offload_headers_and_times_go_along),
		TEST(arming_tells_of_frames_that_are_there),
		TEST(without_a_ring_the_verbs_are_eopnotsupp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
