// SPDX-License-Identifier: BSD-2-Clause
/*
 * iftap_recv(), iftap_send() and iftap_wait(): the same answers whether the
 * frames go through the ring, by the batch calls, or by read() and write().
 * The last way is tried on a real descriptor, a socket that keeps frames apart.
 */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib-fake.h"

#define N 200

static struct iftap *t;
static unsigned char room[N][256];
static struct iftap_frame frames[N];

static void open_with(uint32_t flags)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = flags,
	};
	unsigned int i;

	fake_reset();
	assert_int_equal(iftap_open(&t, "tap0", &o), 0);
	memset(frames, 0, sizeof(frames));
	for (i = 0; i < N; i++) {
		frames[i].data = room[i];
		frames[i].size = sizeof(room[i]);
		frames[i].len = 14 + i;
		fake_fill(room[i], 14 + i, i);
	}
}

static int teardown(void **state)
{
	iftap_close(t);
	t = NULL;
	return 0;
}

/* Frames 0 to n - 1, for the program to receive. */
static void deliver_ring(unsigned int n)
{
	unsigned char bytes[256];
	unsigned int i;

	for (i = 0; i < n; i++) {
		fake_fill(bytes, 14 + i, i);
		assert_true(fake_put(bytes, 14 + i, NULL));
	}
	fake_publish();
}

static void deliver_queue(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		fake_fill(fake.queue_out[i].bytes, 14 + i, i);
		fake.queue_out[i].len = 14 + i;
	}
	fake.nout = n;
}

static void expect(int n)
{
	int i;

	for (i = 0; i < n; i++) {
		assert_int_equal(frames[i].len, 14 + i);
		assert_int_equal(frames[i].flags, 0);
		assert_true(fake_is(room[i], 14 + i, i));
	}
}

static void the_ring_is_received_from(void **state)
{
	open_with(0);
	deliver_ring(N);
	memset(room, 0, sizeof(room));
	assert_int_equal(iftap_recv(t, frames, N, 0), N);
	expect(N);
	assert_int_equal(fake.user->out_consumer, fake.out_producer);
	assert_int_equal(iftap_recv(t, frames, N, IFTAP_DONTWAIT), -EAGAIN);
	fake.kernel->state = TAP_RING_GONE;
	assert_int_equal(iftap_recv(t, frames, N, 0), -EHOSTDOWN);
}

static void batch_calls_receive_many_at_a_time(void **state)
{
	open_with(IFTAP_NO_RING);
	deliver_queue(N);
	memset(room, 0, sizeof(room));
	assert_int_equal(iftap_recv(t, frames, N, 0), N);
	expect(N);
	assert_int_equal(fake.batch_calls, (N + 63) / 64);
	assert_int_equal(fake.batch_flags, TAP_BATCH_DONTWAIT);
	deliver_queue(3);
	fake.batch_calls = 0;
	assert_int_equal(iftap_recv(t, frames, N, 0), 3);
	assert_int_equal(fake.batch_calls, 1);
	assert_int_equal(fake.batch_flags, 0);
	assert_int_equal(iftap_recv(t, frames, N, IFTAP_DONTWAIT), -EAGAIN);
	assert_int_equal(fake.batch_flags, TAP_BATCH_DONTWAIT);
}

static void what_does_not_fit_is_truncated(void **state)
{
	open_with(0);
	deliver_ring(10);
	frames[9].size = 20;
	assert_int_equal(iftap_recv(t, frames, 10, 0), 10);
	assert_int_equal(frames[8].flags, 0);
	assert_int_equal(frames[9].flags, IFTAP_FRAME_TRUNCATED);
	assert_int_equal(frames[9].len, 23);
	iftap_close(t);

	open_with(IFTAP_NO_RING);
	deliver_queue(10);
	frames[9].size = 0;
	frames[9].data = NULL;
	assert_int_equal(iftap_recv(t, frames, 10, 0), 10);
	assert_int_equal(frames[9].flags, IFTAP_FRAME_TRUNCATED);
	assert_int_equal(frames[9].len, 23);
}

static uint32_t taken;

static void take(const struct taprecord *record, const unsigned char *bytes)
{
	assert_int_equal(record->len, 14 + taken);
	assert_true(fake_is(bytes, record->len, taken));
	taken++;
}

static void the_ring_is_sent_to(void **state)
{
	open_with(0);
	taken = 0;
	fake.taken = take;
	assert_int_equal(iftap_send(t, frames, N, 0), N);
	assert_int_equal(taken, N);
	assert_int_equal(fake.doorbells, 1);
}

static void more_than_the_ring_holds_is_sent_in_turns(void **state)
{
	unsigned char bytes[10000] = { 0 };
	struct iftap_frame big[100];
	unsigned int i;

	open_with(0);
	for (i = 0; i < 100; i++)
		big[i] = (struct iftap_frame){ .data = bytes, .len = 10000 };
	assert_int_equal(iftap_send(t, big, 100, 0), 100);
	assert_int_equal(fake.sent_ring, 100);
	/* A kernel that does not keep up: as many as there is room for. */
	fake.manual = true;
	assert_int_equal(iftap_send(t, big, 100, 0), TAP_RING_DEFAULT / 10032);
	assert_int_equal(iftap_send(t, big, 100, IFTAP_DONTWAIT), -ENOBUFS);
}

static void batch_calls_send_many_at_a_time(void **state)
{
	unsigned int i;

	open_with(IFTAP_NO_RING);
	assert_int_equal(iftap_send(t, frames, N, 0), N);
	assert_int_equal(fake.nsent, N);
	assert_int_equal(fake.batch_calls, (N + 63) / 64);
	for (i = 0; i < N; i++) {
		assert_int_equal(fake.sent[i].len, 14 + i);
		assert_true(fake_is(fake.sent[i].bytes, 14 + i, i));
	}
}

static void the_first_bad_frame_ends_a_batch(void **state)
{
	const uint32_t flags[] = { 0, IFTAP_NO_RING };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		open_with(flags[i]);
		frames[70].len = 13;
		assert_int_equal(iftap_send(t, frames, N, 0), 70);
		assert_true(iftap_send(t, frames + 70, N - 70, 0) ==
			    (flags[i] ? -EINVAL : -EMSGSIZE));
		if (!i)
			iftap_close(t);
	}
}

static void arguments_that_cannot_be_are_einval(void **state)
{
	open_with(0);
	assert_int_equal(iftap_recv(t, frames, 0, 0), -EINVAL);
	assert_int_equal(iftap_recv(t, frames, 1, 2), -EINVAL);
	assert_int_equal(iftap_send(t, frames, 0, 0), -EINVAL);
	assert_int_equal(iftap_send(t, frames, 1, 2), -EINVAL);
	assert_int_equal(iftap_wait(t, 0, 0), -EINVAL);
	assert_int_equal(iftap_wait(t, POLLPRI, 0), -EINVAL);
}

/* A socket in place of the tap; the ioctls still go to the fake. */
static int open_socket(int vnethdr)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_NO_RING,
	};
	int fds[2];
	unsigned int i;

	fake_reset();
	fake.no_batch = true;
	fake.vnethdr = vnethdr;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	fake.fd = fds[0];
	assert_int_equal(iftap_open_fd(&t, fds[0], &o), 0);
	fake.fd = -2;	/* poll() is the real one now */
	memset(frames, 0, sizeof(frames));
	for (i = 0; i < N; i++) {
		frames[i].data = room[i];
		frames[i].size = sizeof(room[i]);
		frames[i].len = 14 + i;
		fake_fill(room[i], 14 + i, i);
	}
	return fds[1];
}

static void without_batch_calls_frames_go_one_by_one(void **state)
{
	unsigned char bytes[300];
	int peer = open_socket(0), i;

	for (i = 0; i < 50; i++) {
		fake_fill(bytes, 14 + i, i);
		assert_int_equal(send(peer, bytes, 14 + i, 0), 14 + i);
	}
	memset(room, 0, sizeof(room));
	frames[49].size = 40;
	assert_int_equal(iftap_recv(t, frames, N, 0), 50);
	expect(49);
	assert_int_equal(frames[49].flags, IFTAP_FRAME_TRUNCATED);
	assert_true(frames[49].len > frames[49].size);
	assert_int_equal(iftap_recv(t, frames, N, IFTAP_DONTWAIT), -EAGAIN);

	for (i = 0; i < 50; i++) {
		frames[i].len = 14 + i;
		fake_fill(room[i], 14 + i, i);
	}
	assert_int_equal(iftap_send(t, frames, 50, 0), 50);
	for (i = 0; i < 50; i++) {
		assert_int_equal(recv(peer, bytes, sizeof(bytes), 0), 14 + i);
		assert_true(fake_is(bytes, 14 + i, i));
	}
	frames[0].len = 13;
	assert_int_equal(iftap_send(t, frames, 1, 0), -EINVAL);
	frames[0].len = 20;
	frames[0].hdr.flags = 1;
	assert_int_equal(iftap_send(t, frames, 1, 0), -EOPNOTSUPP);
	close(peer);
}

static void one_by_one_offload_headers_go_before_frames(void **state)
{
	struct {
		struct tapoffload hdr;
		unsigned char bytes[60];
	} message = { .hdr = { .flags = 1, .csum_start = 34 } }, back;
	int peer = open_socket(12);

	fake_fill(message.bytes, 60, 5);
	assert_int_equal(send(peer, &message, sizeof(message), 0),
			 sizeof(message));
	assert_int_equal(iftap_recv(t, frames, N, 0), 1);
	assert_int_equal(frames[0].len, 60);
	assert_int_equal(frames[0].hdr.csum_start, 34);
	assert_true(fake_is(room[0], 60, 5));
	assert_int_equal(iftap_send(t, frames, 1, 0), 1);
	assert_int_equal(recv(peer, &back, sizeof(back), 0), sizeof(back));
	assert_memory_equal(&back, &message, sizeof(back));
	close(peer);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

static void waiting_ends_with_a_frame_or_the_time(void **state)
{
	struct iftap_frame frame = { 0 };
	double start = now();

	open_with(0);
	assert_int_equal(iftap_wait(t, POLLIN, 0), 0);
	assert_int_equal(iftap_wait(t, POLLIN, 100), 0);
	assert_true(now() - start >= 0.099);
	assert_int_equal(iftap_wait(t, POLLIN | POLLOUT, -1), POLLOUT);
	deliver_ring(1);
	fake.polls = 0;
	assert_int_equal(iftap_wait(t, POLLIN, -1), POLLIN);
	assert_int_equal(fake.polls, 0);	/* it looked first */
	assert_int_equal(iftap_wait(t, POLLIN | POLLOUT, -1), POLLIN | POLLOUT);
	assert_int_equal(iftap_rx_peek(t, &frame), 0);
	assert_int_equal(iftap_wait(t, POLLIN, -1), -EBUSY);
	iftap_rx_release(t);
	assert_int_equal(iftap_wait(t, POLLIN, 0), 0);
	fake.kernel->state = TAP_RING_GONE;
	assert_int_equal(iftap_wait(t, POLLIN, -1), -EHOSTDOWN);
	fake.kernel->state = TAP_RING_BROKEN;
	assert_int_equal(iftap_wait(t, POLLIN, -1), -EBADMSG);
}

static void waiting_for_room_submits_and_waits_for_enough(void **state)
{
	struct iftap_frame frame = { 0 };

	open_with(0);
	fake.manual = true;
	fake.kernel->in_need_wakeup = 0;
	while (iftap_tx_reserve(t, 60000, &frame) == 0)
		assert_int_equal(iftap_tx_commit(t, &frame), 0);
	while (iftap_tx_reserve(t, 60, &frame) == 0)
		assert_int_equal(iftap_tx_commit(t, &frame), 0);
	assert_int_equal(iftap_tx_reserve(t, 60000, &frame), -ENOBUFS);
	assert_int_equal(iftap_wait(t, POLLOUT, 50), 0);
	assert_true(fake.user->in_producer != 0);	/* submitted */
	assert_true(fake_take());
	assert_int_equal(iftap_wait(t, POLLOUT, 0), POLLOUT);
	assert_int_equal(iftap_tx_reserve(t, 60000, &frame), 0);
}

static void an_interrupted_wait_is_eintr(void **state)
{
	open_with(0);
	fake.fail_at = fake.calls + 1;
	fake.fail_with = EINTR;
	errno = 77;
	assert_int_equal(iftap_wait(t, POLLIN, -1), -EINTR);
	assert_int_equal(errno, 77);
	/* The doorbell is not: it is rung again. */
	fake.fail_at = fake.calls + 1;
	assert_int_equal(iftap_doorbell(t), 0);
	assert_int_equal(fake.doorbells, 1);
}

static void statistics_of_a_deleted_unit_leave_errno_alone(void **state)
{
	struct iftap_stat stat;

	open_with(0);
	fake.fail_at = fake.calls + 1;
	fake.fail_with = EHOSTDOWN;
	errno = 77;
	assert_int_equal(iftap_stats(t, &stat, 1), -EHOSTDOWN);
	assert_int_equal(errno, 77);
}

static void checksums_are_finished(void **state)
{
	struct tapoffload hdr = { 0 };
	/* RFC 1071's example, 00 01 f2 03 f4 f5 f6 f7, and room for a sum. */
	unsigned char bytes[] = {
		9, 9, 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 0, 0,
	};

	assert_int_equal(iftap_checksum(&hdr, bytes, sizeof(bytes)), 0);
	assert_int_equal(bytes[10], 0);
	iftap_offload_csum(&hdr, 2, 8);
	assert_false(iftap_offload_plain(&hdr));
	assert_int_equal(iftap_checksum(&hdr, bytes, sizeof(bytes)), 0);
	assert_int_equal(bytes[10], 0x22);
	assert_int_equal(bytes[11], 0x0d);
	/* An odd byte at the end counts as the upper half. */
	bytes[10] = bytes[11] = 0;
	iftap_offload_csum(&hdr, 1, 9);
	assert_int_equal(iftap_checksum(&hdr, bytes, sizeof(bytes)), 0);
	iftap_offload_csum(&hdr, 2, 9);
	assert_int_equal(iftap_checksum(&hdr, bytes, sizeof(bytes)), -EINVAL);
	iftap_offload_csum(&hdr, 65535, 65535);
	assert_int_equal(iftap_checksum(&hdr, bytes, sizeof(bytes)), -EINVAL);
	iftap_offload_gso(&hdr, 1, 54, 1460);
	assert_int_equal(iftap_checksum(&hdr, bytes, sizeof(bytes)),
			 -EOPNOTSUPP);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_ring_is_received_from),
		TEST(batch_calls_receive_many_at_a_time),
		TEST(what_does_not_fit_is_truncated),
		TEST(the_ring_is_sent_to),
		TEST(more_than_the_ring_holds_is_sent_in_turns),
		TEST(batch_calls_send_many_at_a_time),
		TEST(the_first_bad_frame_ends_a_batch),
		TEST(arguments_that_cannot_be_are_einval),
		TEST(without_batch_calls_frames_go_one_by_one),
		TEST(one_by_one_offload_headers_go_before_frames),
		TEST(waiting_ends_with_a_frame_or_the_time),
		TEST(waiting_for_room_submits_and_waits_for_enough),
		TEST(an_interrupted_wait_is_eintr),
		TEST(statistics_of_a_deleted_unit_leave_errno_alone),
		cmocka_unit_test(checksums_are_finished),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
