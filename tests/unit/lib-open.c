// SPDX-License-Identifier: BSD-2-Clause
/*
 * Opening and closing: names, options, what the kernel is asked for, and that
 * an opening that fails at any of its steps leaves nothing behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib-fake.h"

static int setup(void **state)
{
	fake_reset();
	return 0;
}

static int try(const char *name, struct iftap_options *options)
{
	struct iftap *t = NULL;
	int err;

	errno = 1234;
	err = iftap_open(&t, name, options);
	assert_int_equal(errno, 1234);
	if (!err) {
		assert_non_null(t);
		iftap_close(t);
	} else {
		assert_null(t);
	}
	assert_int_equal(errno, 1234);
	assert_int_equal(fake.mapped, 0);
	return err;
}

static void names_become_nodes(void **state)
{
	static const struct {
		const char *name, *path;
	} good[] = {
		{ NULL, "/dev/tap" },
		{ "", "/dev/tap" },
		{ "tap", "/dev/tap" },
		{ "tap0", "/dev/tap0" },
		{ "tap65535", "/dev/tap65535" },
		{ "vmnet0", "/dev/vmnet0" },
		{ "vmnet255", "/dev/vmnet255" },
		{ "/dev/some/where", "/dev/some/where" },
	};
	static const char *const bad[] = {
		"tap65536", "tap00", "tap01", "tap-1", "tap 1", "tap1 ",
		"tap4294967296", "vmnet", "vmnet256", "vmnet00", "tun0",
		"eth0", "TAP0", "tap1x", ".", "tap99999999999999999999",
	};
	unsigned int i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		fake_reset();
		assert_int_equal(try(good[i].name, NULL), 0);
		assert_string_equal(fake.path, good[i].path);
		assert_int_equal(fake.open_flags, O_RDWR | O_CLOEXEC);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		fake_reset();
		assert_int_equal(try(bad[i], NULL), -EINVAL);
		assert_string_equal(fake.path, "");
	}
	assert_int_equal(try("nowhere/tap0", NULL), -ENOENT);
}

static void a_path_may_not_be_endless(void **state)
{
	char path[8192];

	memset(path, '/', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(try(path, NULL), -ENAMETOOLONG);
}

static void without_options_there_is_a_ring_of_the_usual_size(void **state)
{
	struct iftap *t;

	assert_int_equal(iftap_open(&t, "tap7", NULL), 0);
	assert_int_equal(fake.want.out_size, TAP_RING_DEFAULT);
	assert_int_equal(fake.want.in_size, TAP_RING_DEFAULT);
	assert_int_equal(fake.want.flags, 0);
	assert_int_equal(fake.want.eventfd, -1);
	assert_int_equal(fake.want.spin, 0);
	assert_int_equal(fake.mapped, 4);
	assert_string_equal(iftap_name(t), "tap7");
	assert_int_equal(iftap_fd(t), fake.fd);
	assert_int_equal((uintptr_t)t % 64, 0);
	iftap_close(t);
	iftap_close(NULL);
}

static void options_reach_the_kernel(void **state)
{
	int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_NONBLOCK | IFTAP_BACKPRESSURE |
			 IFTAP_KERNEL_POLL | IFTAP_TIMESTAMP | IFTAP_EVENTFD,
		.out_size = 1 << 20,
		.in_size = 1 << 16,
		.eventfd = event,
		.spin = 200,
		.offload = TUN_F_CSUM | TUN_F_TSO4,
	};
	struct iftap *t;

	assert_int_equal(iftap_open(&t, "tap7", &o), 0);
	assert_int_equal(fake.open_flags, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	assert_int_equal(fake.want.out_size, 1 << 20);
	assert_int_equal(fake.want.in_size, 1 << 16);
	assert_int_equal(fake.want.flags, TAP_RING_BACKPRESSURE |
			 TAP_RING_POLL | TAP_RING_TIMESTAMP);
	assert_int_equal(fake.want.eventfd, event);
	assert_int_equal(fake.want.spin, 200);
	assert_int_equal(fake.offload, TUN_F_CSUM | TUN_F_TSO4);
	iftap_close(t);
	close(event);
}

static void options_that_cannot_be_are_einval(void **state)
{
	static const struct iftap_options bad[] = {
		{ .size = 0 },
		{ .size = sizeof(struct iftap_options) - 1 },
		{ .size = sizeof(struct iftap_options), .flags = 0x40 },
		{ .size = sizeof(struct iftap_options), .flags = 1u << 31 },
		{ .size = sizeof(struct iftap_options), .reserved = { 1 } },
		{ .size = sizeof(struct iftap_options), .reserved = { 0, 1 } },
		{ .size = sizeof(struct iftap_options), .spin = 1 },
		{ .size = sizeof(struct iftap_options), .eventfd = 5 },
		{ .size = sizeof(struct iftap_options), .eventfd = -1,
		  .flags = IFTAP_EVENTFD },
		{ .size = sizeof(struct iftap_options), .in_size = 1 << 16,
		  .flags = IFTAP_NO_RING },
		{ .size = sizeof(struct iftap_options),
		  .flags = IFTAP_NO_RING | IFTAP_BACKPRESSURE },
		{ .size = sizeof(struct iftap_options),
		  .flags = IFTAP_NO_RING | IFTAP_TIMESTAMP },
		{ .size = sizeof(struct iftap_options), .out_size = 100000 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct iftap_options o = bad[i];

		assert_int_equal(try("tap0", &o), -EINVAL);
	}
}

static void newer_options_are_taken_if_unused(void **state)
{
	struct {
		struct iftap_options o;
		uint64_t newer[4];
	} options = { .o.size = sizeof(options) };

	assert_int_equal(try("tap0", &options.o), 0);
	options.newer[3] = (uint64_t)1 << 56;
	fake_reset();
	assert_int_equal(try("tap0", &options.o), -E2BIG);
}

/* Let each system call fail in turn. */
static void a_failed_opening_leaves_nothing(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.offload = TUN_F_CSUM,
	};
	int before, step, err, calls;

	fake_reset();
	before = fake_descriptors();
	for (step = 1;; step++) {
		fake_reset();
		fake.fail_at = step;
		fake.fail_with = ENOMEM;
		err = try("tap0", &o);
		calls = fake.calls;
		fake_reset();
		assert_int_equal(fake_descriptors(), before);
		if (!err && calls < step)
			break;
		/* The one that may fail: is there an offload header? */
		if (!err)
			assert_int_equal(step, 3);
		else
			assert_int_equal(err, -ENOMEM);
	}
	assert_int_equal(step, 10);
}

static void a_descriptor_is_kept_by_who_gave_it_if_that_fails(void **state)
{
	struct iftap *t;

	fake.fd = eventfd(0, EFD_CLOEXEC);
	fake.no_ring = true;
	assert_int_equal(iftap_open_fd(&t, fake.fd, NULL), -ENOTTY);
	assert_true(fcntl(fake.fd, F_GETFD) >= 0);
	fake.no_ring = false;
	assert_int_equal(iftap_open_fd(&t, fake.fd, NULL), 0);
	assert_int_equal(iftap_fd(t), fake.fd);
	iftap_close(t);
	assert_int_equal(fcntl(fake.fd, F_GETFD), -1);
}

static void nonblock_is_set_on_a_descriptor(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_NONBLOCK,
	};
	struct iftap *t;

	fake.fd = eventfd(0, EFD_CLOEXEC);
	assert_int_equal(iftap_open_fd(&t, fake.fd, &o), 0);
	assert_true(fcntl(fake.fd, F_GETFL) & O_NONBLOCK);
	iftap_close(t);
}

static void what_is_no_tap_is_enotty(void **state)
{
	struct iftap *t;
	int pipes[2];

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(iftap_open_fd(&t, pipes[0], NULL), -ENOTTY);
	assert_int_equal(iftap_open_fd(&t, -1, NULL), -EBADF);
	close(pipes[0]);
	close(pipes[1]);
}

static void a_tun_descriptor_is_taken_without_a_ring(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_NO_RING,
	};
	struct iftap *t;

	fake.fd = eventfd(0, EFD_CLOEXEC);
	fake.tun = true;
	assert_int_equal(iftap_open_fd(&t, fake.fd, &o), 0);
	assert_string_equal(iftap_name(t), "tun-tap");
	iftap_close(t);

	fake.fd = eventfd(0, EFD_CLOEXEC);
	o.offload = TUN_F_CSUM;
	assert_int_equal(iftap_open_fd(&t, fake.fd, &o), -EINVAL);
	fake.vnethdr = 10;
	assert_int_equal(iftap_open_fd(&t, fake.fd, &o), 0);
	assert_int_equal(fake.offload, TUN_F_CSUM);
	iftap_close(t);
}

static void offloads_without_a_ring_turn_headers_on(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_NO_RING,
		.offload = TUN_F_CSUM,
	};

	assert_int_equal(try("tap0", &o), 0);
	assert_int_equal(fake.vnethdr, 12);
	assert_int_equal(fake.offload, TUN_F_CSUM);
}

static void other_queues_have_their_own_rings(void **state)
{
	struct iftap_options o = {
		.size = sizeof(o),
		.flags = IFTAP_NO_RING,
	};
	struct iftap *t, *other;
	int first;

	assert_int_equal(iftap_open(&t, "tap0", &o), 0);
	first = fake.fd;
	assert_int_equal(iftap_queue(t, 1, NULL, &other), 0);
	assert_int_equal(fake.queue, 1);
	assert_int_not_equal(iftap_fd(other), first);
	assert_int_equal(fake.mapped, 4);
	iftap_close(other);
	fake.fd = first;
	assert_int_equal(iftap_queue(t, 2, NULL, &other), -EINVAL);
	assert_int_equal(iftap_queue(t, UINT32_MAX, NULL, &other), -EINVAL);
	iftap_close(t);
}

static void errors_are_put_into_words(void **state)
{
	static const int own[] = {
		EAGAIN, ENOBUFS, EHOSTDOWN, EBADMSG, EBUSY, EOPNOTSUPP,
		EMSGSIZE, ENOENT, EPERM, EACCES, EINVAL, E2BIG, ENOTTY, EEXIST,
	};
	unsigned int i, j;

	for (i = 0; i < sizeof(own) / sizeof(*own); i++) {
		assert_string_equal(iftap_strerror(own[i]),
				    iftap_strerror(-own[i]));
		assert_string_not_equal(iftap_strerror(own[i]),
					strerror(own[i]));
		for (j = 0; j < i; j++)
			assert_string_not_equal(iftap_strerror(own[i]),
						iftap_strerror(own[j]));
	}
	assert_string_equal(iftap_strerror(-ENOMEM), strerror(ENOMEM));
	assert_string_equal(iftap_strerror(0), "success");
	assert_non_null(iftap_strerror(99999));
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_become_nodes),
		TEST(a_path_may_not_be_endless),
		TEST(without_options_there_is_a_ring_of_the_usual_size),
		TEST(options_reach_the_kernel),
		TEST(options_that_cannot_be_are_einval),
		TEST(newer_options_are_taken_if_unused),
		TEST(a_failed_opening_leaves_nothing),
		TEST(a_descriptor_is_kept_by_who_gave_it_if_that_fails),
		TEST(nonblock_is_set_on_a_descriptor),
		TEST(what_is_no_tap_is_enotty),
		TEST(a_tun_descriptor_is_taken_without_a_ring),
		TEST(offloads_without_a_ring_turn_headers_on),
		TEST(other_queues_have_their_own_rings),
		TEST(errors_are_put_into_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
