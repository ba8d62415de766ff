// SPDX-License-Identifier: BSD-2-Clause
/*
 * Arrays of frames in the program's own memory, whatever the descriptor can
 * do: through the ring, by the batch calls, or one by one with read() and
 * write(). Each way stops at the first frame that fails and reports its error
 * only if it is the first of all, as the batch calls do.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/uio.h>

#include "private.h"

/* Frames a call: the array that describes them is on the stack. */
#define CHUNK 64

/* Through the ring */

static void copy_out(struct iftap_frame *to, const struct iftap_frame *from)
{
	uint32_t len = from->len < to->size ? from->len : to->size;

	if (len)
		memcpy(to->data, from->data, len);
	to->len = from->len;
	to->hdr = from->hdr;
	to->flags = from->flags | (len < from->len ? IFTAP_FRAME_TRUNCATED : 0);
	to->time = from->time;
}

static int recv_ring(struct iftap *t, struct iftap_frame *frames,
		     unsigned int n, bool wait)
{
	struct iftap_frame frame;
	unsigned int i;
	int err;

	for (;;) {
		for (i = 0; i < n; i++) {
			err = iftap_rx_peek(t, &frame);
			if (err)
				break;
			copy_out(&frames[i], &frame);
		}
		iftap_rx_release(t);
		if (i)
			return i;
		if (err != -EAGAIN || !wait)
			return err;
		err = iftap_wait(t, POLLIN, -1);
		if (err < 0)
			return err;
	}
}

static int put_ring(struct iftap *t, const struct iftap_frame *from)
{
	struct iftap_frame to;
	int err = iftap_tx_reserve(t, from->len, &to);

	if (err)
		return err;
	memcpy(to.data, from->data, from->len);
	to.hdr = from->hdr;
	return iftap_tx_commit(t, &to);
}

/* A full ring is emptied once, by submitting, before that is an error. */
static int send_ring(struct iftap *t, const struct iftap_frame *frames,
		     unsigned int n, bool wait)
{
	unsigned int i = 0;
	int err, sent;

	while (i < n) {
		err = put_ring(t, &frames[i]);
		if (err == -ENOBUFS) {
			err = iftap_tx_submit(t);
			if (!err)
				err = put_ring(t, &frames[i]);
		}
		if (err == -ENOBUFS && !i && wait) {
			err = iftap_wait(t, POLLOUT, -1);
			if (err < 0)
				return err;
			continue;
		}
		if (err)
			break;
		i++;
	}
	sent = iftap_tx_submit(t);
	if (i)
		return i;
	return err ? err : sent;
}

/* By the batch calls */

static int recv_batch(struct handle *h, struct iftap_frame *frames,
		      unsigned int n, bool wait)
{
	struct tapframe chunk[CHUNK];
	struct tapbatch batch = {
		.frames = (uintptr_t)chunk,
		.count = n,
		.flags = wait ? 0 : TAP_BATCH_DONTWAIT,
	};
	unsigned int i;
	int done;

	for (i = 0; i < n; i++)
		chunk[i] = (struct tapframe){
			.base = (uintptr_t)frames[i].data,
			.size = frames[i].size,
		};
	done = ioctl(h->fd, TAPRECVBATCH, &batch);
	if (done < 0)
		return -errno;
	for (i = 0; i < (unsigned int)done; i++) {
		frames[i].len = chunk[i].len;
		frames[i].hdr = chunk[i].hdr;
		frames[i].flags = chunk[i].flags & TAP_FRAME_TRUNCATED ?
					  IFTAP_FRAME_TRUNCATED : 0;
		frames[i].time = 0;
	}
	return done;
}

static int send_batch(struct handle *h, const struct iftap_frame *frames,
		      unsigned int n, bool wait)
{
	struct tapframe chunk[CHUNK];
	struct tapbatch batch = {
		.frames = (uintptr_t)chunk,
		.count = n,
		.flags = wait ? 0 : TAP_BATCH_DONTWAIT,
	};
	unsigned int i;
	int done;

	for (i = 0; i < n; i++)
		chunk[i] = (struct tapframe){
			.base = (uintptr_t)frames[i].data,
			.size = frames[i].len,
			.hdr = frames[i].hdr,
		};
	done = ioctl(h->fd, TAPSENDBATCH, &batch);
	return done < 0 ? -errno : done;
}

/* One by one */

/* Fields of an offload header turned round where the machine is big-endian. */
static void turn_hdr(struct tapoffload *hdr)
{
	hdr->hdr_len = iftap__le16(hdr->hdr_len);
	hdr->gso_size = iftap__le16(hdr->gso_size);
	hdr->csum_start = iftap__le16(hdr->csum_start);
	hdr->csum_offset = iftap__le16(hdr->csum_offset);
}

/*
 * read() does not say that it has cut a frame short. A byte more room than the
 * program gave tells: how much longer the frame was is not known then.
 */
static int read_one(struct handle *h, struct iftap_frame *frame, bool wait)
{
	struct tapoffload hdr = { 0 };
	unsigned char excess;
	struct iovec iov[3] = {
		{ &hdr, h->vnethdr },
		{ frame->data, frame->size },
		{ &excess, 1 },
	};
	ssize_t len;

	if (!wait) {
		struct pollfd p = { .fd = h->fd, .events = POLLIN };
		int n = poll(&p, 1, 0);

		if (n < 0)
			return -errno;
		if (!n)
			return -EAGAIN;
	}
	len = readv(h->fd, iov, 3);
	if (len < 0)
		return -errno;
	if (len < h->vnethdr)
		return -EIO;
	turn_hdr(&hdr);
	frame->len = len - h->vnethdr;
	frame->hdr = hdr;
	frame->flags = frame->len > frame->size ? IFTAP_FRAME_TRUNCATED : 0;
	frame->time = 0;
	return 1;
}

static int write_one(struct handle *h, const struct iftap_frame *frame)
{
	struct tapoffload hdr = frame->hdr;
	struct iovec iov[2] = {
		{ &hdr, h->vnethdr },
		{ frame->data, frame->len },
	};

	if (!h->vnethdr && !iftap_offload_plain(&hdr))
		return -EOPNOTSUPP;
	/* read() and write() have no error for what they take to be nothing. */
	if (frame->len < IFTAP_FRAME_MIN)
		return -EINVAL;
	turn_hdr(&hdr);
	return writev(h->fd, iov, 2) < 0 ? -errno : 1;
}

/* All the chunks of an array, until one is not done in full */

static int recv_some(struct handle *h, struct iftap_frame *frames,
		     unsigned int n, bool wait)
{
	int done;

	if (h->batch) {
		done = recv_batch(h, frames, n > CHUNK ? CHUNK : n, wait);
		if (done != -ENOTTY)
			return done;
		h->batch = false;
	}
	return read_one(h, frames, wait);
}

static int send_some(struct handle *h, const struct iftap_frame *frames,
		     unsigned int n, bool wait)
{
	int done;

	if (h->batch) {
		done = send_batch(h, frames, n > CHUNK ? CHUNK : n, wait);
		if (done != -ENOTTY)
			return done;
		h->batch = false;
	}
	return write_one(h, frames);
}

static bool may_wait(const struct handle *h, unsigned int flags)
{
	return !(flags & IFTAP_DONTWAIT) && !h->nonblock;
}

EXPORT int iftap_recv(struct iftap *t, struct iftap_frame *frames,
		      unsigned int n, unsigned int flags)
{
	struct handle *h = handle_of(t);
	bool wait = may_wait(h, flags);
	unsigned int i = 0;
	int saved = errno, done;

	if (!n || n > INT_MAX || flags & ~IFTAP_DONTWAIT)
		return -EINVAL;
	if (h->ring)
		return recv_ring(t, frames, n, wait);
	do {
		done = recv_some(h, frames + i, n - i, wait && !i);
		if (done > 0)
			i += done;
	} while (done > 0 && i < n && (!h->batch || i % CHUNK == 0));
	errno = saved;
	return i ? (int)i : done;
}

EXPORT int iftap_send(struct iftap *t, const struct iftap_frame *frames,
		      unsigned int n, unsigned int flags)
{
	struct handle *h = handle_of(t);
	bool wait = may_wait(h, flags);
	unsigned int i = 0;
	int saved = errno, done;

	if (!n || n > INT_MAX || flags & ~IFTAP_DONTWAIT)
		return -EINVAL;
	if (h->ring)
		return send_ring(t, frames, n, wait);
	do {
		done = send_some(h, frames + i, n - i, wait);
		if (done > 0)
			i += done;
	} while (done > 0 && i < n && (!h->batch || i % CHUNK == 0));
	errno = saved;
	return i ? (int)i : done;
}
