// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The outbound ring: the transmit path puts frames in and wakes the program;
 * back-pressure stops the queue while there is no room. All of it runs under
 * the transmit queue's lock. The barriers' letters are explained in ring.c.
 */
#include <linux/eventfd.h>
#include <linux/highmem.h>
#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/poll.h>
#include "copy.h"
#include "iftap.h"
#include "ring.h"

/* A program that frees no room for so long is not waited for any more. */
#define STALL_TIMEOUT	(5 * HZ)

static u64 out_free(const struct iftap_ring *ring)
{
	return ring->out_consumer + ring->area.out_size - ring->out_producer;
}

/* See how far the program has come. False if it lies. */
static bool out_refresh(struct iftap_ring *ring)
{
	u64 theirs;

	/* Acquire: the program is done with what is before that. */
	theirs = smp_load_acquire(&ring->area.user->out_consumer);

	if (unlikely(!iftap_consumer_possible(theirs, ring->out_consumer,
					      ring->out_producer))) {
		iftap_ring_break(ring);
		return false;
	}
	ring->out_consumer = theirs;
	return true;
}

static bool out_has_room(struct iftap_ring *ring, u64 size)
{
	if (likely(out_free(ring) >= size))
		return true;
	return out_refresh(ring) && out_free(ring) >= size;
}

static struct netdev_queue *out_txq(const struct iftap_ring *ring,
				    const struct net_device *dev)
{
	return netdev_get_tx_queue(dev, iftap_queue_index(ring->q));
}

/* The room the next frame may want, but no more than an empty ring has. */
static u64 out_room_wanted(const struct iftap_ring *ring,
			   const struct net_device *dev)
{
	u32 len = READ_ONCE(dev->mtu) + VLAN_ETH_HLEN;

	if (READ_ONCE(ring->q->unit->offloads))
		len = max_t(u32, len, TAP_FRAME_MAX);
	return min_t(u64, iftap_record_size(len), ring->area.out_size);
}

/*
 * With back-pressure, stop the queue while there is still no frame to drop.
 * The program may free room before it can see that it should tell.
 */
static void out_stop_if_full(struct iftap_ring *ring, struct net_device *dev)
{
	struct netdev_queue *txq = out_txq(ring, dev);
	u64 wanted = out_room_wanted(ring, dev);

	if (out_has_room(ring, wanted)) {
		ring->stalled = false;
		return;
	}
	if (ring->stalled || iftap_ring_broken(ring))
		return;
	netif_tx_stop_queue(txq);
	WRITE_ONCE(ring->area.kernel->out_need_wakeup, 1);
	smp_mb();	/* H, matches G in the program */
	if (out_has_room(ring, wanted)) {
		WRITE_ONCE(ring->area.kernel->out_need_wakeup, 0);
		netif_tx_start_queue(txq);
		return;
	}
	iftap_count(ring->q->unit->counters, IFTAP_ring_stopped);
	ring->stopped = jiffies;
	mod_timer(&ring->stall_timer, ring->stopped + STALL_TIMEOUT);
	/* It may have been broken before it could see that the queue is stopped. */
	if (unlikely(iftap_ring_broken(ring)))
		mod_timer(&ring->stall_timer, jiffies);
}

/* Not inline: few frames are large, and it would cost the others registers. */
static noinline void out_copy_pages(const struct sk_buff *skb, void *to)
{
	u32 offset, len, copied;
	const skb_frag_t *frag;
	struct page *page;
	unsigned int i;
	void *from;

	iftap_copy(to, skb->data, skb_headlen(skb));
	to += skb_headlen(skb);
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		frag = &skb_shinfo(skb)->frags[i];
		skb_frag_foreach_page(frag, skb_frag_off(frag),
				      skb_frag_size(frag), page, offset, len,
				      copied) {
			from = kmap_local_page(page);
			iftap_copy(to, from + offset, len);
			kunmap_local(from);
			to += len;
		}
	}
}

static void out_copy(const struct sk_buff *skb, void *to)
{
	if (likely(!skb_is_nonlinear(skb)))
		iftap_copy(to, skb->data, skb->len);
	else if (!skb_has_frag_list(skb) && iftap_skb_readable(skb))
		out_copy_pages(skb, to);
	else
		skb_copy_bits(skb, 0, to, skb->len);
}

/*
 * Return: false for a frame that the program has not agreed to take as it is.
 * A checksum can still be finished; only of a redirection's frame, or after the
 * program has changed its mind, is there one.
 */
static bool out_write(struct iftap_ring *ring, struct sk_buff *skb)
{
	void *at = ring->area.out +
		   iftap_ring_offset(ring->out_producer, ring->area.out_size);
	struct taprecord *record = at;

	memset(record, 0, sizeof(*record));
	if (unlikely(skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL)) {
		if (iftap_offload_agreed(ring->q->unit, skb))
			iftap_offload_from_skb(skb, &record->hdr, true);
		else if (skb_is_gso(skb) || skb_checksum_help(skb))
			return false;
	}
	record->len = skb->len;
	if (ring->flags & TAP_RING_TIMESTAMP) {
		record->flags = TAP_RECORD_TIME;
		record->time = ktime_get_real_ns();
	}
	out_copy(skb, record + 1);
	return true;
}

static enum iftap_counter out_put(struct iftap_ring *ring,
				  struct sk_buff *skb)
{
	u64 size = iftap_record_size(skb->len);

	if (unlikely(iftap_ring_broken(ring)))
		return IFTAP_tx_ring_broken;
	if (unlikely(!out_has_room(ring, size))) {
		if (size > ring->area.out_size)
			return IFTAP_tx_ring_oversize;
		/* Started anew by `up`, say, or the frames have grown. */
		if (ring->flags & TAP_RING_BACKPRESSURE)
			out_stop_if_full(ring, skb->dev);
		return iftap_ring_broken(ring) ? IFTAP_tx_ring_broken :
						 IFTAP_tx_ring_full;
	}
	if (unlikely(!out_write(ring, skb)))
		return IFTAP_tx_no_header;
	ring->out_producer += size;
	if (ring->flags & TAP_RING_BACKPRESSURE)
		out_stop_if_full(ring, skb->dev);
	return IFTAP_NO_DROP;
}

/* Let the program see what was put, and wake it if it asked for that. */
void iftap_ring_publish(struct iftap_ring *ring)
{
	u64 old = ring->out_published, new = ring->out_producer;
	struct iftap_queue *q = ring->q;

	if (old == new)
		return;
	ring->out_published = new;
	/* Release: the records are whole. */
	smp_store_release(&ring->area.kernel->out_producer, new);
	smp_mb();	/* C, matches D */
	if (ring->eventfd &&
	    READ_ONCE(ring->area.user->out_wake) - old < new - old) {
		iftap_count(q->unit->counters, IFTAP_ring_wakeups);
		iftap_eventfd_signal(ring->eventfd);
	}
	if (unlikely(READ_ONCE(ring->armed))) {
		WRITE_ONCE(ring->armed, false);
		/* Who has just been woken looks once more, and arms again. */
		if (waitqueue_active(&q->wait))
			iftap_count(q->unit->counters, IFTAP_ring_wakeups);
		iftap_queue_wake_pollers(q);
	}
	if (unlikely(READ_ONCE(q->fasync)))
		kill_fasync(&q->fasync, SIGIO, POLL_IN);
}

/**
 * iftap_ring_put - put a frame into the outbound ring, and count it
 * @ring: the ring; the transmit queue is locked
 * @skb: the frame, still the caller's afterwards
 * @more: others follow at once, and the program need not see it before them
 *
 * Return: IFTAP_NO_DROP, or why it is dropped, which is counted as well.
 */
enum iftap_counter iftap_ring_put(struct iftap_ring *ring,
				  struct sk_buff *skb, bool more)
{
	enum iftap_counter cause = out_put(ring, skb);

	iftap_count_delivery(ring->q->unit->counters, skb->len, cause);
	/* A stopped queue gets no more of a burst. */
	if (!more || netif_tx_queue_stopped(out_txq(ring, skb->dev)))
		iftap_ring_publish(ring);
	return cause;
}

/* Let a stopped queue go on if the program has freed room. */
void iftap_ring_resume(struct iftap_ring *ring)
{
	struct iftap_unit *unit = ring->q->unit;
	struct netdev_queue *txq;
	struct net_device *dev;

	if (likely(!READ_ONCE(ring->area.kernel->out_need_wakeup)))
		return;
	rcu_read_lock();
	dev = rcu_dereference(unit->dev);
	if (dev) {
		txq = out_txq(ring, dev);
		__netif_tx_lock_bh(txq);
		if (out_has_room(ring, out_room_wanted(ring, dev))) {
			WRITE_ONCE(ring->area.kernel->out_need_wakeup, 0);
			ring->stalled = false;
			netif_tx_wake_queue(txq);
		}
		__netif_tx_unlock_bh(txq);
	}
	rcu_read_unlock();
}

/* Has the program had its time, under the transmit lock? */
static bool out_waited_long(const struct iftap_ring *ring)
{
	return READ_ONCE(ring->area.kernel->out_need_wakeup) &&
	       (iftap_ring_broken(ring) ||
		time_after_eq(jiffies, ring->stopped + STALL_TIMEOUT));
}

/*
 * The program does not free room, or has broken the ring. The stack must not
 * wait for it for ever.
 */
void iftap_ring_stalled(struct timer_list *timer)
{
	struct iftap_ring *ring = from_timer(ring, timer, stall_timer);
	struct netdev_queue *txq;
	struct net_device *dev;

	rcu_read_lock();
	dev = rcu_dereference(ring->q->unit->dev);
	if (dev) {
		txq = out_txq(ring, dev);
		__netif_tx_lock(txq, smp_processor_id());
		if (out_waited_long(ring)) {
			ring->stalled = true;
			iftap_count(ring->q->unit->counters,
				    IFTAP_ring_stalled);
			netif_tx_wake_queue(txq);
		}
		__netif_tx_unlock(txq);
	}
	rcu_read_unlock();
}
