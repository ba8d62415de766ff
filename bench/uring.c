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
#include <net/if_tap.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include "bench.h"

#define HEADER sizeof(struct virtio_net_hdr_v1)

static struct io_uring ring;
static unsigned char *buffer;
static bool dont_wait;
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
	size_t header = opt.headers ? HEADER : 0, room = record_bytes();
	struct io_uring_cqe *done;
	struct io_uring_sqe *want;
	unsigned char *at;
	unsigned int i, got = 0;

	for (;;) {
		for (i = 0; i < max; i++) {
			want = io_uring_get_sqe(&ring);
			io_uring_prep_read_fixed(want, 0, buffer + i * room,
						 room, 0, 0);
			want->flags |= IOSQE_FIXED_FILE;
			want->rw_flags = dont_wait ? RWF_NOWAIT : 0;
			want->user_data = i;
		}
		submit(max);
		for (i = 0; i < max; i++) {
			if (io_uring_peek_cqe(&ring, &done))
				fail("io_uring: a request is not done");
			if (done->res >= (int)header) {
				at = buffer + done->user_data * room;
				frames[got].data = at + header;
				frames[got].len = done->res - header;
				frames[got++].hdr = header ? (void *)at : NULL;
			} else if (done->res == -EOPNOTSUPP) {
				fail("io_uring: this driver cannot be read without waiting");
			} else if (done->res != -EAGAIN) {
				fail("io_uring: %s", strerror(-done->res));
			}
			io_uring_cqe_seen(&ring, done);
		}
		if (got || dont_wait)
			return got;
		poll(&waiter, 1, -1);
		syscalls++;
	}
}

/*
 * Most often the frames of a batch are one in fact, which then stands in the
 * first registered buffer. Others are written from where they are.
 */
static void send_uring(const struct frame *frames, unsigned int n)
{
	size_t header = opt.headers ? HEADER : 0, len;
	bool one = frames[0].data == frames[n - 1].data;
	struct io_uring_cqe *done;
	struct io_uring_sqe *want;
	unsigned char *from;
	unsigned int i;

	from = frames[0].data - header;
	len = frames[0].len + header;
	if (one && memcmp(buffer, from, len))
		memcpy(buffer, from, len);
	for (i = 0; i < n; i++) {
		want = io_uring_get_sqe(&ring);
		from = frames[i].data - header;
		len = frames[i].len + header;
		if (one)
			io_uring_prep_write_fixed(want, 0, buffer, len, 0, 0);
		else
			io_uring_prep_write(want, 0, from, len, 0);
		want->flags |= IOSQE_FIXED_FILE;
		want->user_data = len;
	}
	submit(n);
	for (i = 0; i < n; i++) {
		if (io_uring_peek_cqe(&ring, &done) ||
		    done->res != (int)done->user_data)
			fail("io_uring: a frame was not written");
		io_uring_cqe_seen(&ring, done);
	}
}

static void nonblock_uring(bool on)
{
	dont_wait = on;
}

static void open_tun(void)
{
	use(tun_open(0));
}

static void open_tap(void)
{
	int fd = tap_open(), header = HEADER;

	if (opt.headers) {
		if (ioctl(fd, TAPSVNETHDR, &header))
			fail("TAPSVNETHDR: %s", strerror(errno));
		tap_offload(fd);
	}
	use(fd);
	link_up(port_interface);
}

const struct port port_tun_uring = {
	.name = "tun-uring", .open = open_tun, .send = send_uring,
	.receive = receive_uring, .nonblock = nonblock_uring,
};

const struct port port_tap_uring = {
	.name = "tap-uring", .open = open_tap, .send = send_uring,
	.receive = receive_uring, .nonblock = nonblock_uring,
};
