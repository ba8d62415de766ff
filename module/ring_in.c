// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The inbound ring: NAPI takes the records that the program has written and
 * makes frames of them. Of one ring that is one CPU at a time. The barriers'
 * letters are explained in ring.c.
 */
#include <linux/if_ether.h>
#include <linux/ktime.h>
#include "iftap.h"
#include "ring.h"

/* Read a record once, as a whole, into memory the program cannot change. */
static void in_read(const void *at, struct taprecord *record)
{
	const u64 *from = at;
	u64 *to = (u64 *)record;
	unsigned int i;

	for (i = 0; i < sizeof(*record) / sizeof(*to); i++)
		to[i] = READ_ONCE(from[i]);
}

static struct sk_buff *in_frame(struct iftap_ring *ring,
				const struct taprecord *record,
				const void *bytes)
{
	struct iftap_counters __percpu *counters = ring->q->unit->counters;
	bool l3 = ring->q->unit->l3;
	struct sk_buff *skb;

	if (unlikely(record->len < iftap_unit_frame_min(ring->q->unit))) {
		iftap_count(counters, IFTAP_rx_short);
		return NULL;
	}
	if (unlikely(record->len > TAP_FRAME_MAX)) {
		iftap_count(counters, IFTAP_rx_long);
		return NULL;
	}
	if (unlikely(record->flags || record->reserved || record->time ||
		     record->reserved2)) {
		iftap_count(counters, IFTAP_rx_bad_header);
		return NULL;
	}
	skb = iftap_frame_from_memory(bytes, record->len);
	if (unlikely(!skb)) {
		iftap_count(counters, IFTAP_rx_nomem);
		return NULL;
	}
	if (unlikely(l3) && !iftap_frame_is_ip(skb)) {
		iftap_count(counters, IFTAP_rx_no_ip);
		kfree_skb(skb);
		return NULL;
	}
	if (unlikely(iftap_offload_present(&record->hdr)) &&
	    unlikely(iftap_offload_to_skb(skb, &record->hdr, true, l3))) {
		iftap_count(counters, IFTAP_rx_bad_header);
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

/* Take at most @budget records. Return: are there more? */
static bool in_consume(struct iftap_ring *ring, int budget, int *done)
{
	u64 consumer = ring->in_consumer;
	struct iftap_arrivals arrivals;
	struct taprecord record;
	struct sk_buff *skb;
	const void *at;
	u64 producer;

	*done = 0;
	/* Acquire: what the program wrote up to here is seen from here on. */
	producer = smp_load_acquire(&ring->area.user->in_producer);
	if (producer == consumer || iftap_ring_broken(ring))
		return false;
	if (unlikely(!iftap_producer_possible(producer, consumer,
					      ring->area.in_size))) {
		iftap_ring_break(ring);
		return false;
	}

	rcu_read_lock();
	iftap_arrivals_begin(&arrivals, ring->q, &ring->napi);
	for (; *done < budget && consumer != producer; ++*done) {
		at = ring->area.in +
		     iftap_ring_offset(consumer, ring->area.in_size);
		in_read(at, &record);
		if (unlikely(!iftap_record_possible(record.len,
						    producer - consumer))) {
			iftap_ring_break(ring);
			break;
		}
		skb = in_frame(ring, &record, at + sizeof(record));
		if (likely(skb))
			iftap_arrivals_add(&arrivals, skb);
		consumer += iftap_record_size(record.len);
	}
	WRITE_ONCE(ring->in_consumer, consumer);
	/* Release: the copies above are done. The program may write there. */
	smp_store_release(&ring->area.kernel->in_consumer, consumer);
	iftap_arrivals_end(&arrivals);
	rcu_read_unlock();

	smp_mb();	/* I, matches J */
	if (READ_ONCE(ring->in_armed)) {
		WRITE_ONCE(ring->in_armed, false);
		iftap_queue_wake_pollers(ring->q);
	}
	return consumer != producer && !iftap_ring_broken(ring);
}

static bool in_pending(const struct iftap_ring *ring)
{
	return READ_ONCE(ring->area.user->in_producer) !=
	       READ_ONCE(ring->in_consumer) && !iftap_ring_broken(ring);
}

/*
 * Only on a thread of its own may it go round without work. The bit alone says
 * that the next poll will be there.
 */
static bool in_spin(struct iftap_ring *ring, int done)
{
	u64 now;

	if (!ring->spin_ns || current != READ_ONCE(ring->napi.thread) ||
	    !test_bit(NAPI_STATE_THREADED, &ring->napi.state))
		return false;
	now = ktime_get_mono_fast_ns();
	if (done)
		ring->last_work = now;
	return now - ring->last_work < ring->spin_ns;
}

int iftap_ring_poll(struct napi_struct *napi, int budget)
{
	struct iftap_ring *ring = container_of(napi, struct iftap_ring, napi);
	int done;

	if (!budget)	/* netpoll, which wants transmit completions only */
		return 0;
	if (READ_ONCE(ring->area.kernel->in_need_wakeup))
		WRITE_ONCE(ring->area.kernel->in_need_wakeup, 0);
	/* Having used all of it, NAPI wants to call again in any case. */
	if (in_consume(ring, budget, &done) || done == budget ||
	    in_spin(ring, done))
		return budget;

	WRITE_ONCE(ring->area.kernel->in_need_wakeup, 1);
	smp_mb();	/* F, matches E in the program */
	if (in_pending(ring))
		return budget;
	napi_complete_done(napi, done);
	return done;
}

void iftap_ring_kick(struct iftap_ring *ring)
{
	if (!in_pending(ring))
		return;
	local_bh_disable();
	napi_schedule(&ring->napi);
	local_bh_enable();
}
