// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where the library makes the system calls of the ring: the doorbell, and
 * sleeping. Before each sleep it looks into the ring again; the kernel does
 * so itself within poll(), after it has made sure that it will wake us.
 */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "private.h"

EXPORT int iftap_doorbell(struct iftap *t)
{
	struct handle *h = handle_of(t);
	int saved = errno, err = 0;

	if (!h->ring)
		return -EOPNOTSUPP;
	while (ioctl(h->fd, TAPDOORBELL) < 0) {
		err = -errno;
		if (err != -EINTR)
			break;
		err = 0;
	}
	errno = saved;
	return err;
}

/* Which of POLLIN and POLLOUT the ring is ready for, or an error. */
static int ring_ready(struct iftap *t, int events)
{
	struct iftap_rx *rx = &t->rx;
	struct iftap_tx *tx = &t->tx;
	int ready = 0, err;

	if (events & POLLIN) {
		err = rx->cursor != rx->end ? 0 : iftap__rx_refill(rx);
		if (err && err != -EAGAIN)
			return err;
		if (!err)
			ready |= POLLIN;
	}
	if (events & POLLOUT) {
		uint64_t bytes = tx->wanted;

		if (!bytes)
			bytes = iftap__record_bytes(IFTAP_FRAME_MIN);
		err = bytes <= tx->limit - tx->cursor ?
			0 : iftap__tx_refill(tx, bytes);
		if (err && err != -ENOBUFS)
			return ready ? ready : err;
		if (!err)
			ready |= POLLOUT;
	}
	return ready;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* poll(), and its events or a negative error number. */
static int do_poll(struct handle *h, int events, int timeout)
{
	struct pollfd p = { .fd = h->fd, .events = events };
	int n = poll(&p, 1, timeout);

	if (n < 0)
		return -errno;
	if (n && p.revents & POLLNVAL)
		return -EBADF;
	return n ? p.revents : 0;
}

static int wait_plain(struct handle *h, int events, int timeout)
{
	int revents = do_poll(h, events, timeout);

	if (revents <= 0)
		return revents;
	if (revents & events)
		return revents & events;
	return -EHOSTDOWN;	/* POLLERR, POLLHUP */
}

/*
 * poll() may find the descriptor ready when we do not: it knows nothing of
 * how much room is wanted. Then the kernel has something to do and poll() has
 * told it to, so going round is not idle.
 */
static int wait_ring(struct iftap *t, int events, int timeout)
{
	int64_t end = timeout > 0 ? now_ms() + timeout : 0;
	int ready, revents;

	if (events & POLLOUT) {
		ready = iftap_tx_submit(t);
		if (ready)
			return ready;
	}
	for (;;) {
		ready = ring_ready(t, events);
		if (ready)
			return ready;
		/* poll() would return at once for frames not released. */
		if (events & POLLIN && t->rx.cursor != t->rx.released)
			return -EBUSY;
		revents = do_poll(handle_of(t), events, timeout);
		if (revents < 0)
			return revents;
		ready = ring_ready(t, events);
		if (ready || !revents)
			return ready;
		if (revents & (POLLERR | POLLHUP))
			return iftap__state_error(t->rx.kernel->state,
						  -EHOSTDOWN);
		if (timeout > 0) {
			int64_t left = end - now_ms();

			timeout = left > 0 ? left : 0;
		}
	}
}

EXPORT int iftap_wait(struct iftap *t, int events, int timeout)
{
	struct handle *h = handle_of(t);
	int saved = errno, result;

	if (!events || events & ~(POLLIN | POLLOUT))
		return -EINVAL;
	result = h->ring ? wait_ring(t, events, timeout) :
			   wait_plain(h, events, timeout);
	errno = saved;
	return result;
}
