/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The arithmetic of a byte ring: positions, records, and which values of the
 * other side can be. No memory is touched here, so that this file compiles in
 * user space too, where it is tested and fuzzed. <net/if_tap.h> has the
 * picture.
 */
#ifndef IFTAP_RING_H
#define IFTAP_RING_H

#include <net/if_tap.h>

/* The bytes a record with a frame of @len takes; no @len overflows it. */
static inline __u64 iftap_record_size(__u32 len)
{
	const __u64 mask = TAP_RING_ALIGN - 1;

	return (sizeof(struct taprecord) + (__u64)len + mask) & ~mask;
}

/* Where position @pos is in the data of a ring of @size bytes. */
static inline __u32 iftap_ring_offset(__u64 pos, __u32 size)
{
	return pos & (size - 1);
}

static inline int iftap_ring_aligned(__u64 pos)
{
	return !(pos & (TAP_RING_ALIGN - 1));
}

/*
 * Can the consumer be at @theirs, when it was at @before and we have produced
 * up to @producer? It only goes on, and not beyond that.
 */
static inline int iftap_consumer_possible(__u64 theirs, __u64 before,
					  __u64 producer)
{
	return iftap_ring_aligned(theirs) &&
	       theirs - before <= producer - before;
}

/*
 * Can the producer be at @theirs, when we have consumed up to @consumer? It
 * is not behind us, nor more than the ring's size ahead.
 */
static inline int iftap_producer_possible(__u64 theirs, __u64 consumer,
					  __u32 size)
{
	return iftap_ring_aligned(theirs) && theirs - consumer <= size;
}

/* Is a record with a frame of @len whole within the @available bytes? */
static inline int iftap_record_possible(__u32 len, __u64 available)
{
	return iftap_record_size(len) <= available;
}

static inline int iftap_ring_size_possible(__u32 size)
{
	return size >= TAP_RING_MIN && size <= TAP_RING_MAX &&
	       !(size & (size - 1));
}

#endif /* IFTAP_RING_H */
