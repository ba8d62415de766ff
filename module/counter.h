/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The counters of a unit. The names here are those of `ethtool -S`, tapctl(8)
 * and if_tap(4); each frame lost has one cause and is counted under it.
 */
#ifndef IFTAP_COUNTER_H
#define IFTAP_COUNTER_H

#include <linux/percpu.h>
#include <linux/types.h>

struct rtnl_link_stats64;

/* X(name, what the interface's own statistics count it as) */
#define IFTAP_COUNTERS(X)						\
	X(tx_packets,		tx_packets)  /* given to a reader */	\
	X(tx_bytes,		tx_bytes)				\
	X(rx_packets,		rx_packets)  /* given to the stack */	\
	X(rx_bytes,		rx_bytes)				\
	X(tx_truncated,		none)	     /* read in part, rest lost */ \
	X(tx_queue_full,	tx_dropped)  /* txqueuelen frames wait */ \
	X(tx_queue_bytes,	tx_dropped)  /* they take too much memory */ \
	X(tx_closed,		tx_dropped)  /* nobody has it open */	\
	X(tx_purged,		tx_dropped)  /* waiting at down or close */ \
	X(tx_expired,		tx_dropped)  /* held beyond vmnet_hold */ \
	X(tx_other_user,	tx_dropped)  /* held for another user */ \
	X(tx_no_header,		tx_dropped)  /* unfinished, read without header */ \
	X(tx_filtered,		tx_dropped)  /* the program's filters */ \
	X(tx_fault,		tx_dropped)  /* no room for its header */ \
	X(tx_nomem,		tx_dropped)  /* no memory to keep it */	\
	X(tx_ring_full,		tx_dropped)  /* no room in the ring */	\
	X(tx_ring_oversize,	tx_dropped)  /* larger than the ring */	\
	X(tx_ring_broken,	tx_dropped)  /* the program broke it */	\
	X(rx_down,		rx_dropped)  /* interface not up */	\
	X(rx_short,		rx_errors)   /* under 14 bytes */	\
	X(rx_long,		rx_errors)   /* over 16384, or 65557 with header */	\
	X(rx_fault,		rx_errors)   /* unreadable user memory */ \
	X(rx_nomem,		rx_errors)   /* no memory for it */	\
	X(rx_bad_header,	rx_errors)   /* offload or record header */ \
	X(rx_no_ip,		rx_errors)   /* neither IPv4 nor IPv6 */ \
	X(rx_napi_full,		rx_dropped)  /* too many wait: IFF_NAPI */ \
	X(rx_xdp,		rx_dropped)  /* dropped by the XDP program */ \
	X(ring_broken,		none)	     /* rings marked broken */	\
	X(ring_doorbells,	none)	     /* TAPDOORBELL calls */	\
	X(ring_wakeups,		none)	     /* poll() woken, eventfd signalled */ \
	X(ring_stopped,		none)	     /* back-pressure stopped it */ \
	X(ring_stalled,		none)	     /* and gave up after 5 s */

#define IFTAP_COUNTER_ENUM(name, stat) IFTAP_##name,
enum iftap_counter {
	IFTAP_COUNTERS(IFTAP_COUNTER_ENUM)
	IFTAP_NCOUNTERS,
	IFTAP_NO_DROP = IFTAP_NCOUNTERS
};
#undef IFTAP_COUNTER_ENUM

/* Per CPU, added to by any context of that CPU. */
struct iftap_counters {
	u64 value[IFTAP_NCOUNTERS];
};

static inline void iftap_count_add(struct iftap_counters __percpu *counters,
				   enum iftap_counter which, u64 n)
{
	this_cpu_add(counters->value[which], n);
}

static inline void iftap_count(struct iftap_counters __percpu *counters,
			       enum iftap_counter which)
{
	iftap_count_add(counters, which, 1);
}

/* A frame delivered, or dropped for @cause. */
static inline void iftap_count_delivery(struct iftap_counters __percpu *counters,
					unsigned int len,
					enum iftap_counter cause)
{
	if (unlikely(cause != IFTAP_NO_DROP)) {
		iftap_count(counters, cause);
		return;
	}
	iftap_count(counters, IFTAP_tx_packets);
	iftap_count_add(counters, IFTAP_tx_bytes, len);
}

u64 iftap_counter_sum(struct iftap_counters __percpu *counters,
		      enum iftap_counter which);
const char *iftap_counter_name(enum iftap_counter which);
void iftap_counter_stats64(struct iftap_counters __percpu *counters,
			   struct rtnl_link_stats64 *stats);

#endif /* IFTAP_COUNTER_H */
