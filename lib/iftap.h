/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * <iftap.h>: libiftap(3), Ethernet taps for programs.
 *
 * The verbs that move frames through a ring are inline and make no system
 * call but the doorbell; the rest is in the library. It opens taps, waits and
 * moves frames. It does not configure interfaces: that is ip(8), tapctl(8) or
 * rtnetlink.
 *
 * Functions return 0 or more, or a negative error number; they leave errno
 * alone. What they may return is in their manual pages. The memory model, with
 * the letters used below, is in iftap_ring(7).
 *
 * Outbound (rx, iftap_recv()) and inbound (tx, iftap_send()) are independent:
 * one thread each may use them at the same time, no more. iftap_wait() belongs
 * to the direction it waits for.
 */
#ifndef IFTAP_H
#define IFTAP_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <net/if_tap.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iftap;

/* The longest frame to send, and the shortest: an Ethernet header. */
#define IFTAP_FRAME_MAX		TAP_FRAME_MAX
#define IFTAP_FRAME_MIN		14

/* iftap_frame.flags */
#define IFTAP_FRAME_TRUNCATED	0x1
#define IFTAP_FRAME_TIME	0x2

/*
 * struct iftap_frame - one frame, in a ring or in the program's memory
 * @data: its bytes, Ethernet header first. From iftap_rx_peek(): in the ring,
 *	and read-only (SIGSEGV)
 * @size: the room at @data
 * @len: the length of the frame. Above @size if it was truncated
 * @hdr: offload header, little-endian; all zero is a plain frame
 * @flags: IFTAP_FRAME_*, of received frames
 * @time: nanoseconds of CLOCK_REALTIME, if IFTAP_FRAME_TIME
 * @position: for the library
 */
struct iftap_frame {
	void *data;
	uint32_t size;
	uint32_t len;
	struct tapoffload hdr;
	uint32_t flags;
	uint64_t time;
	uint64_t position;
};

/* iftap_options.flags */
#define IFTAP_NONBLOCK		0x01	/* O_NONBLOCK; iftap_recv(), _send() */
#define IFTAP_NO_RING		0x02	/* iftap_recv(), iftap_send() only */
#define IFTAP_BACKPRESSURE	0x04	/* TAP_RING_BACKPRESSURE */
#define IFTAP_KERNEL_POLL	0x08	/* TAP_RING_POLL, for spin us */
#define IFTAP_TIMESTAMP		0x10	/* TAP_RING_TIMESTAMP */
#define IFTAP_EVENTFD		0x20	/* iftap_options.eventfd is one */

/*
 * struct iftap_options - how to open a tap
 * @size: sizeof(struct iftap_options). The structure may grow; what an older
 *	library does not know must be zero
 * @flags: IFTAP_*
 * @out_size, @in_size: bytes of the rings, powers of two; 0: TAP_RING_DEFAULT
 * @eventfd: with IFTAP_EVENTFD: signalled once after each iftap_rx_arm(), and
 *	when the ring is broken or the unit destroyed
 * @spin: with IFTAP_KERNEL_POLL: microseconds
 * @offload: TUN_F_* bits the program takes frames for, see TAPSOFFLOAD
 * @reserved: 0
 */
struct iftap_options {
	size_t size;
	uint32_t flags;
	uint32_t out_size;
	uint32_t in_size;
	int32_t eventfd;
	uint32_t spin;
	uint32_t offload;
	uint32_t reserved[2];
};

/* One of an interface's counters, as `ethtool -S` names it. */
struct iftap_stat {
	char name[32];
	uint64_t value;
};

/* iftap_recv(), iftap_send(): do not wait, whatever the descriptor says. */
#define IFTAP_DONTWAIT		0x1

int iftap_open(struct iftap **t, const char *name,
	       const struct iftap_options *options);
int iftap_open_fd(struct iftap **t, int fd,
		  const struct iftap_options *options);
int iftap_queue(struct iftap *t, unsigned int queue,
		const struct iftap_options *options, struct iftap **other);
void iftap_close(struct iftap *t);
int iftap_fd(const struct iftap *t);
const char *iftap_name(const struct iftap *t);

int iftap_wait(struct iftap *t, int events, int timeout);
int iftap_doorbell(struct iftap *t);

int iftap_recv(struct iftap *t, struct iftap_frame *frames, unsigned int n,
	       unsigned int flags);
int iftap_send(struct iftap *t, const struct iftap_frame *frames,
	       unsigned int n, unsigned int flags);

int iftap_checksum(const struct tapoffload *hdr, void *data, uint32_t len);
int iftap_stats(struct iftap *t, struct iftap_stat *stats, unsigned int n);
const char *iftap_strerror(int err);

/*
 * From here on: the ring, inline. The structures are part of the library's
 * binary interface and nothing for programs: do not access members directly.
 *
 * Each half has a cache line. The private copies of positions count; those in
 * shared memory are written, never read back.
 *
 *	released <= cursor <= end	rx: peeked at before cursor
 *	published <= cursor <= limit	tx: committed before cursor
 */
struct iftap_rx {
	const struct tapring_kernel *kernel;
	struct tapring_user *user;
	const unsigned char *data;
	uint64_t size;
	uint64_t released;	/* tapring_user.out_consumer as we wrote it */
	uint64_t cursor;	/* the next record */
	uint64_t end;		/* tapring_kernel.out_producer as last seen */
	uint32_t backpressure;	/* the kernel may want a doorbell for room */
	uint32_t reserved;
};

struct iftap_tx {
	const struct tapring_kernel *kernel;
	struct tapring_user *user;
	unsigned char *data;
	uint64_t size;
	uint64_t published;	/* tapring_user.in_producer as we wrote it */
	uint64_t cursor;	/* where the next record goes */
	uint64_t limit;		/* tapring_kernel.in_consumer + size, too */
	uint32_t room;		/* for the frame reserved, 0: none is */
	uint32_t wanted;	/* bytes of the record there was no room for */
};

struct iftap {
	struct iftap_rx rx __attribute__((aligned(64)));
	struct iftap_tx tx __attribute__((aligned(64)));
};

/*
 * Barriers. The fields of <net/if_tap.h> are plain integers and this file is
 * for C++ too, hence the compilers' own spelling of C11's atomic operations.
 *
 * acquire: what the other side did before its release is seen after it.
 * release: what this side did before it is done when the other side sees it.
 * full: what is stored before it is visible before anything after it is read;
 * acquire and release do not give that.
 */
static inline uint64_t iftap__acquire64(const __u64 *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline uint32_t iftap__acquire32(const __u32 *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline uint32_t iftap__read32(const __u32 *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline void iftap__write64(__u64 *p, uint64_t value)
{
	__atomic_store_n(p, value, __ATOMIC_RELAXED);
}

static inline void iftap__release64(__u64 *p, uint64_t value)
{
	__atomic_store_n(p, value, __ATOMIC_RELEASE);
}

static inline void iftap__full(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#define iftap__unlikely(x) __builtin_expect(!!(x), 0)

/* Bytes a record takes for a frame of @len. */
static inline uint64_t iftap__record_bytes(uint32_t len)
{
	uint64_t bytes = sizeof(struct taprecord) + (uint64_t)len;

	return (bytes + TAP_RING_ALIGN - 1) & ~(uint64_t)(TAP_RING_ALIGN - 1);
}

/* What tapring_kernel.state means for the caller; @otherwise if nothing. */
static inline int iftap__state_error(uint32_t state, int otherwise)
{
	if (!state)
		return otherwise;
	if (state & TAP_RING_GONE)
		return -EHOSTDOWN;
	return state & TAP_RING_BROKEN ? -EBADMSG : -EOPNOTSUPP;
}

/*
 * Look for new records, once all known ones have been peeked at. The state is
 * read first: what was produced before the unit went is still delivered.
 */
static inline int iftap__rx_refill(struct iftap_rx *rx)
{
	uint32_t state = iftap__acquire32(&rx->kernel->state);
	/*
	 * K, matches the kernel's release of out_producer. Without it the
	 * records could be read as they were before the kernel wrote them.
	 */
	uint64_t end = iftap__acquire64(&rx->kernel->out_producer);
	uint64_t fresh = end - rx->cursor;

	if (!fresh)
		return iftap__state_error(state, -EAGAIN);
	if (iftap__unlikely(fresh > rx->size - (rx->cursor - rx->released) ||
			    fresh % TAP_RING_ALIGN))
		return -EBADMSG;
	rx->end = end;
	return 0;
}

/* The next frame, where it lies in the ring. It stays until released. */
static inline int iftap_rx_peek(struct iftap *t, struct iftap_frame *frame)
{
	struct iftap_rx *rx = &t->rx;
	const struct taprecord *record;
	uint64_t bytes;
	int err;

	if (rx->cursor == rx->end) {
		err = iftap__rx_refill(rx);
		if (err)
			return err;
	}
	record = (const struct taprecord *)(rx->data +
					    (rx->cursor & (rx->size - 1)));
	frame->len = record->len;
	bytes = iftap__record_bytes(frame->len);
	if (iftap__unlikely(bytes > rx->end - rx->cursor))
		return -EBADMSG;
	rx->cursor += bytes;

	frame->data = (void *)(uintptr_t)(record + 1);
	frame->size = frame->len;
	frame->hdr = record->hdr;
	frame->flags = record->flags & TAP_RECORD_TIME ? IFTAP_FRAME_TIME : 0;
	frame->time = record->time;
	frame->position = rx->cursor;
	return 0;
}

static inline void iftap__rx_release(struct iftap *t, uint64_t position)
{
	struct iftap_rx *rx = &t->rx;

	rx->released = position;
	/*
	 * L, matches the kernel's acquire of out_consumer. Without it the
	 * kernel could write where we are still reading.
	 */
	iftap__release64(&rx->user->out_consumer, position);
	if (!rx->backpressure)
		return;
	/*
	 * G, matches H, where the kernel stops its queue. Without it both
	 * sides could miss the other's change: the kernel would wait for room
	 * that there is, and we for frames that it holds back.
	 */
	iftap__full();
	if (iftap__read32(&rx->kernel->out_need_wakeup))
		iftap_doorbell(t);	/* its errors: iftap_rx_peek() */
}

/* Give back all frames peeked at: once for many is cheapest. */
static inline void iftap_rx_release(struct iftap *t)
{
	if (t->rx.released != t->rx.cursor)
		iftap__rx_release(t, t->rx.cursor);
}

/* Give back this frame and those before it, and keep the later ones. */
static inline void iftap_rx_release_to(struct iftap *t,
				       const struct iftap_frame *frame)
{
	/* What is released already, or not yet peeked at, is left alone. */
	if (frame->position - t->rx.released <= t->rx.cursor - t->rx.released &&
	    frame->position != t->rx.released)
		iftap__rx_release(t, frame->position);
}

/*
 * Ask for the eventfd to be signalled by the next frame. 0: it will be;
 * 1: do not sleep, a frame is there.
 */
static inline int iftap_rx_arm(struct iftap *t)
{
	struct iftap_rx *rx = &t->rx;
	int err;

	if (rx->cursor != rx->end)
		return 1;
	iftap__write64(&rx->user->out_wake, rx->cursor);
	/*
	 * D, matches C, where the kernel has published. Without it both sides
	 * could miss the other's change: we sleep, with a frame in the ring.
	 */
	iftap__full();
	err = iftap__rx_refill(rx);
	if (!err)
		return 1;
	return err == -EAGAIN ? 0 : err;
}

/* See how far the kernel has come; is there room for @bytes now? */
static inline int iftap__tx_refill(struct iftap_tx *tx, uint64_t bytes)
{
	uint32_t state = iftap__acquire32(&tx->kernel->state);
	/*
	 * N, matches the kernel's release of in_consumer. Without it the frame
	 * could be written while the kernel still reads an older one there.
	 */
	uint64_t consumer = iftap__acquire64(&tx->kernel->in_consumer);
	uint64_t known = tx->limit - tx->size;

	if (state)
		return iftap__state_error(state, 0);
	if (bytes > tx->size)
		return -EMSGSIZE;
	if (iftap__unlikely(consumer - known > tx->published - known ||
			    consumer % TAP_RING_ALIGN))
		return -EBADMSG;
	tx->limit = consumer + tx->size;
	if (bytes <= tx->limit - tx->cursor)
		return 0;
	tx->wanted = (uint32_t)bytes;
	return -ENOBUFS;
}

/*
 * Room for a frame of up to @len bytes. One at a time: what was reserved
 * before and not committed is forgotten.
 */
static inline int iftap_tx_reserve(struct iftap *t, uint32_t len,
				   struct iftap_frame *frame)
{
	struct iftap_tx *tx = &t->tx;
	uint64_t bytes = iftap__record_bytes(len);
	int err;

	if (iftap__unlikely(len < IFTAP_FRAME_MIN || len > IFTAP_FRAME_MAX))
		return -EMSGSIZE;
	if (bytes > tx->limit - tx->cursor) {
		err = iftap__tx_refill(tx, bytes);
		if (err)
			return err;
	}
	tx->room = len;
	frame->data = tx->data + (tx->cursor & (tx->size - 1)) +
		      sizeof(struct taprecord);
	frame->size = len;
	frame->len = len;
	memset(&frame->hdr, 0, sizeof(frame->hdr));
	frame->flags = 0;
	frame->time = 0;
	frame->position = tx->cursor;
	return 0;
}

/* The frame is written: frame->len bytes, with offload header frame->hdr. */
static inline int iftap_tx_commit(struct iftap *t,
				  const struct iftap_frame *frame)
{
	struct iftap_tx *tx = &t->tx;
	struct taprecord *record;

	if (iftap__unlikely(frame->len < IFTAP_FRAME_MIN ||
			    frame->len > tx->room))
		return -EINVAL;
	record = (struct taprecord *)(tx->data +
				      (tx->cursor & (tx->size - 1)));
	memset(record, 0, sizeof(*record));
	record->len = frame->len;
	record->hdr = frame->hdr;
	tx->cursor += iftap__record_bytes(frame->len);
	tx->room = 0;
	return 0;
}

/* Hand the committed frames to the kernel: once for many is cheapest. */
static inline int iftap_tx_submit(struct iftap *t)
{
	struct iftap_tx *tx = &t->tx;

	if (tx->published == tx->cursor)
		return 0;
	tx->published = tx->cursor;
	/*
	 * M, matches the kernel's acquire of in_producer. Without it the
	 * kernel could read a record before we have written it.
	 */
	iftap__release64(&tx->user->in_producer, tx->cursor);
	/*
	 * E, matches F, where the kernel goes to sleep. Without it both sides
	 * could miss the other's change: the kernel sleeps, with a record in
	 * the ring and no doorbell to come.
	 */
	iftap__full();
	if (iftap__read32(&tx->kernel->in_need_wakeup))
		return iftap_doorbell(t);
	return 0;
}

/*
 * Offload headers: what is left to do to a frame. Their fields are
 * little-endian wherever struct iftap_frame goes.
 */
static inline uint16_t iftap__le16(uint16_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap16(value);
#else
	return value;
#endif
}

/* Is there nothing left to be done to the frame? */
static inline int iftap_offload_plain(const struct tapoffload *hdr)
{
	return !(hdr->flags & 1 /* VIRTIO_NET_HDR_F_NEEDS_CSUM */) &&
	       !hdr->gso_type;
}

/*
 * The Internet checksum over the frame from byte @start on is to go to byte
 * @start + @offset, where the sum of the pseudo header is now.
 */
static inline void iftap_offload_csum(struct tapoffload *hdr, uint16_t start,
				      uint16_t offset)
{
	hdr->flags |= 1;	/* VIRTIO_NET_HDR_F_NEEDS_CSUM */
	hdr->csum_start = iftap__le16(start);
	hdr->csum_offset = iftap__le16(offset);
}

/*
 * The frame is to be cut into segments of @size bytes of payload, each behind
 * a copy of its first @hdr_len bytes. @type is a VIRTIO_NET_HDR_GSO_*.
 */
static inline void iftap_offload_gso(struct tapoffload *hdr, uint8_t type,
				     uint16_t hdr_len, uint16_t size)
{
	hdr->gso_type = type;
	hdr->hdr_len = iftap__le16(hdr_len);
	hdr->gso_size = iftap__le16(size);
}

#ifdef __cplusplus
}
#endif

#endif /* IFTAP_H */
