// SPDX-License-Identifier: BSD-2-Clause
/*
 * read() and write() through io_uring, in its cheapest way: registered file
 * and buffers, a batch of requests a system call.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <liburing.h>
#include "bench.h"

static struct io_uring ring;
static unsigned char *buffer;
static int file;

/* Non-blocking, as tun otherwise has each request done by a worker thread. */
static void use(int fd)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_SINGLE_ISSUER |
			 IORING_SETUP_DEFER_TASKRUN,
	};
	struct iovec memory = { .iov_len = BATCH_MAX * record_bytes() };

	file = fd;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	buffer = aligned_alloc(4096, (memory.iov_len + 4095) & ~4095ul);
	if (!buffer)
		fail("no memory");
	memset(buffer, 0, memory.iov_len);
	memory.iov_base = buffer;
	if (io_uring_queue_init_params(BATCH_MAX, &ring, &params) ||
	    io_uring_register_buffers(&ring, &memory, 1) ||
	    io_uring_register_files(&ring, &fd, 1))
		fail("io_uring");
}

/* Submit @n requests and have them done. */
static void submit(unsigned int n)
{
	int done = io_uring_submit_and_wait(&ring, n);

	syscalls++;
	if (done != (int)n)
		fail("io_uring: %d of %u requests taken", done, n);
}

static unsigned int receive_uring(struct frame *frames, unsigned int max)
{
	struct pollfd waiter = { .fd = file, .events = POLLIN };
	struct io_uring_cqe *done;
	struct io_uring_sqe *want;
	size_t room = record_bytes();
	unsigned int i, got = 0;

	for (;;) {
		for (i = 0; i < max; i++) {
			want = io_uring_get_sqe(&ring);
			io_uring_prep_read_fixed(want, 0, buffer + i * room,
						 room, 0, 0);
			want->flags |= IOSQE_FIXED_FILE;
			want->user_data = i;
		}
		submit(max);
		for (i = 0; i < max; i++) {
			if (io_uring_peek_cqe(&ring, &done))
				fail("io_uring: a request is not done");
			if (done->res >= 0) {
				frames[got].data = buffer +
						   done->user_data * room;
				frames[got].len = done->res;
				frames[got++].hdr = NULL;
			} else if (done->res != -EAGAIN) {
				fail("io_uring: %s", strerror(-done->res));
			}
			io_uring_cqe_seen(&ring, done);
		}
		if (got)
			return got;
		poll(&waiter, 1, -1);
		syscalls++;
	}
}

/* The frames of a batch are one in fact, which stands in the first buffer. */
static void send_uring(const struct frame *frames, unsigned int n)
{
	struct io_uring_cqe *done;
	struct io_uring_sqe *want;
	unsigned int i;

	if (memcmp(buffer, frames[0].data, frames[0].len))
		memcpy(buffer, frames[0].data, frames[0].len);
	for (i = 0; i < n; i++) {
		want = io_uring_get_sqe(&ring);
		io_uring_prep_write_fixed(want, 0, buffer, frames[i].len, 0, 0);
		want->flags |= IOSQE_FIXED_FILE;
	}
	submit(n);
	for (i = 0; i < n; i++) {
		if (io_uring_peek_cqe(&ring, &done) ||
		    done->res != (int)frames[i].len)
			fail("io_uring: a frame was not written");
		io_uring_cqe_seen(&ring, done);
	}
}

static void open_tun(void)
{
	use(tun_open(0));
}

static void open_tap(void)
{
	use(tap_open());
	link_up(port_interface);
}

const struct port port_tun_uring = {
	.name = "tun-uring", .open = open_tun, .send = send_uring,
	.receive = receive_uring,
};

const struct port port_tap_uring = {
	.name = "tap-uring", .open = open_tap, .send = send_uring,
	.receive = receive_uring,
};
