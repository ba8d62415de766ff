// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Frames waiting for a reader, oldest first. The transmit path puts, readers
 * get; a queue is bounded in frames and in bytes, and every frame it gives up
 * is counted.
 */
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include "iftap.h"

/* Our part of skb->cb while the frame waits here. */
struct frame_cb {
	unsigned long queued;	/* jiffies */
	unsigned int purges;	/* q->purges then */
};

static struct frame_cb *frame_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct frame_cb) > sizeof(skb->cb));
	return (struct frame_cb *)skb->cb;
}

void iftap_queue_init(struct iftap_queue *q, struct iftap_unit *unit)
{
	q->unit = unit;
	q->hold = unit->id.kind == IFTAP_KIND_VMNET;
	skb_queue_head_init(&q->frames);
	init_waitqueue_head(&q->wait);
	spin_lock_init(&q->xdp_lock);
}

static struct sk_buff *unlink_first(struct iftap_queue *q)
{
	struct sk_buff *skb;

	lockdep_assert_held(&q->frames.lock);
	skb = __skb_dequeue(&q->frames);
	if (skb)
		q->bytes -= skb->truesize;
	return skb;
}

static void drop_first(struct iftap_queue *q, enum iftap_counter cause)
{
	kfree_skb_reason(unlink_first(q), SKB_DROP_REASON_DEV_READY);
	iftap_count(q->unit->counters, cause);
}

static void drop_all(struct iftap_queue *q, enum iftap_counter cause)
{
	while (!skb_queue_empty(&q->frames))
		drop_first(q, cause);
	q->purges++;
}

/* Frames were queued in order of time, so the old ones are in front. */
static void drop_expired(struct iftap_queue *q)
{
	unsigned long hold = READ_ONCE(iftap_vmnet_hold) * (unsigned long)HZ;
	struct sk_buff *skb;

	if (!hold)
		return;
	while ((skb = skb_peek(&q->frames)) &&
	       time_after(jiffies, frame_cb(skb)->queued + hold))
		drop_first(q, IFTAP_tx_expired);
}

/* Let frames in for a reader, who gets those still held too. */
void iftap_queue_open(struct iftap_queue *q)
{
	spin_lock_bh(&q->frames.lock);
	drop_expired(q);
	WRITE_ONCE(q->open, true);
	spin_unlock_bh(&q->frames.lock);
}

/* What is held is not for who opens now. */
void iftap_queue_disown(struct iftap_queue *q)
{
	spin_lock_bh(&q->frames.lock);
	drop_all(q, IFTAP_tx_other_user);
	spin_unlock_bh(&q->frames.lock);
}

/* A tap's frames go; of a vmnet's the oldest wait for the next opener. */
void iftap_queue_close(struct iftap_queue *q)
{
	struct sk_buff *last;

	spin_lock_bh(&q->frames.lock);
	WRITE_ONCE(q->open, false);
	if (!q->hold)
		drop_all(q, IFTAP_tx_purged);
	while (skb_queue_len(&q->frames) > IFTAP_HOLD_FRAMES) {
		last = __skb_dequeue_tail(&q->frames);
		q->bytes -= last->truesize;
		kfree_skb_reason(last, SKB_DROP_REASON_FULL_RING);
		iftap_count(q->unit->counters, IFTAP_tx_purged);
	}
	spin_unlock_bh(&q->frames.lock);
}

void iftap_queue_purge(struct iftap_queue *q)
{
	spin_lock_bh(&q->frames.lock);
	drop_all(q, IFTAP_tx_purged);
	spin_unlock_bh(&q->frames.lock);
}

/**
 * iftap_queue_put - append a frame
 * @q: the queue
 * @skb: the frame; the queue's when this succeeds, still the caller's if not
 * @limit: how many frames may wait
 *
 * Bottom halves are off.
 *
 * Return: IFTAP_NO_DROP, or what the caller shall count it under.
 */
enum iftap_counter iftap_queue_put(struct iftap_queue *q, struct sk_buff *skb,
				   unsigned int limit)
{
	enum iftap_counter cause = IFTAP_NO_DROP;

	/* netpoll may have interrupted who holds it, and it would never end. */
	if (unlikely(irqs_disabled())) {
		if (!spin_trylock(&q->frames.lock))
			return IFTAP_tx_queue_full;
	} else {
		spin_lock(&q->frames.lock);
	}
	if (unlikely(!q->open)) {
		if (!q->hold) {
			cause = IFTAP_tx_closed;
			goto out;
		}
		/* Whose they are may not be freed with IRQs off. */
		if (likely(!irqs_disabled()))
			drop_expired(q);
		limit = min_t(unsigned int, limit, IFTAP_HOLD_FRAMES);
	}
	if (unlikely(skb_queue_len(&q->frames) >= limit)) {
		cause = IFTAP_tx_queue_full;
		goto out;
	}
	if (unlikely(q->bytes + skb->truesize > IFTAP_QUEUE_BYTES)) {
		cause = IFTAP_tx_queue_bytes;
		goto out;
	}
	frame_cb(skb)->queued = jiffies;
	frame_cb(skb)->purges = q->purges;
	q->bytes += skb->truesize;
	__skb_queue_tail(&q->frames, skb);
out:
	spin_unlock(&q->frames.lock);
	return cause;
}

/**
 * iftap_queue_get - take the first frame
 * @q: the queue
 *
 * Return: the frame, the caller's now, or NULL if none waits.
 */
struct sk_buff *iftap_queue_get(struct iftap_queue *q)
{
	struct sk_buff *skb;

	if (skb_queue_empty_lockless(&q->frames))
		return NULL;
	spin_lock_bh(&q->frames.lock);
	skb = unlink_first(q);
	spin_unlock_bh(&q->frames.lock);
	return skb;
}

/* The same for up to @n frames. Return: how many. */
unsigned int iftap_queue_get_some(struct iftap_queue *q, struct sk_buff **skbs,
				  unsigned int n)
{
	unsigned int i;

	if (skb_queue_empty_lockless(&q->frames))
		return 0;
	spin_lock_bh(&q->frames.lock);
	for (i = 0; i < n; i++) {
		skbs[i] = unlink_first(q);
		if (!skbs[i])
			break;
	}
	spin_unlock_bh(&q->frames.lock);
	return i;
}

/**
 * iftap_queue_wait - sleep until a frame may be there for a reader
 * @q: the queue
 *
 * Return: 0, -ERESTARTSYS for a signal, -EHOSTDOWN if the unit is destroyed,
 * -EBUSY if the queue has got a ring.
 */
int iftap_queue_wait(struct iftap_queue *q)
{
	int err;

	err = wait_event_interruptible(q->wait,
				       !skb_queue_empty_lockless(&q->frames) ||
				       rcu_access_pointer(q->ring) ||
				       !rcu_access_pointer(q->unit->dev));
	if (err)
		return err;
	if (!rcu_access_pointer(q->unit->dev))
		return -EHOSTDOWN;
	return rcu_access_pointer(q->ring) ? -EBUSY : 0;
}

/**
 * iftap_queue_next - take the first frame a reader can have, or wait for it
 * @q: the queue
 * @nonblock: do not wait
 * @header: an offload header goes with it
 *
 * Return: the frame, the caller's now, or an error pointer: EAGAIN, or as
 * iftap_queue_wait() says.
 */
struct sk_buff *iftap_queue_next(struct iftap_queue *q, bool nonblock,
				 bool header)
{
	struct sk_buff *skb;
	int err;

	for (;;) {
		skb = iftap_queue_get(q);
		if (likely(skb)) {
			if (likely(iftap_frame_finish(q->unit, skb, header)))
				return skb;
			continue;
		}
		if (nonblock)
			return ERR_PTR(-EAGAIN);
		err = iftap_queue_wait(q);
		if (err)
			return ERR_PTR(err);
	}
}

/**
 * iftap_queue_unget - put back a frame that could not be delivered
 * @q: the queue
 * @skb: the frame, no longer the caller's
 *
 * It becomes the first again, and other readers are told. If the queue was
 * emptied since it was put, or has got a ring, it is lost, and counted.
 */
void iftap_queue_unget(struct iftap_queue *q, struct sk_buff *skb)
{
	bool back;

	spin_lock_bh(&q->frames.lock);
	back = frame_cb(skb)->purges == q->purges &&
	       !rcu_access_pointer(q->ring);
	if (back) {
		q->bytes += skb->truesize;
		__skb_queue_head(&q->frames, skb);
	}
	spin_unlock_bh(&q->frames.lock);

	if (back) {
		iftap_queue_wake(q, EPOLLIN | EPOLLRDNORM);
	} else {
		iftap_count(q->unit->counters, IFTAP_tx_purged);
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
	}
}

/* The length in bytes of the first frame, 0 if none waits. */
int iftap_queue_first_len(struct iftap_queue *q)
{
	struct sk_buff *skb;
	int len = 0;

	spin_lock_bh(&q->frames.lock);
	skb = skb_peek(&q->frames);
	if (skb)
		len = skb->len;
	spin_unlock_bh(&q->frames.lock);
	return len;
}

static int band(__poll_t events)
{
	if (events & EPOLLHUP)
		return POLL_HUP;
	return events & EPOLLIN ? POLL_IN : POLL_OUT;
}

/*
 * Tell whoever waits. Barriers, here and in the pollers:
 *
 *	transmit			reader, poller
 *	put the frame			enter q->wait
 *	(A) full barrier		(B) full barrier
 *	look into q->wait		look into q->frames
 *
 * Without either of them both could look before the other's write is seen,
 * and the reader would sleep over a frame. (A) is in wq_has_sleeper(). (B) is
 * in prepare_to_wait_event() for a read and written out in the poll calls.
 */
void iftap_queue_wake(struct iftap_queue *q, __poll_t events)
{
	if (wq_has_sleeper(&q->wait))	/* A, matches B */
		wake_up_interruptible_poll(&q->wait, events);
	if (READ_ONCE(q->fasync))
		kill_fasync(&q->fasync, SIGIO, band(events));
}

/*
 * Tell who has found that he cannot write and said so in q->full, as poll() of
 * the Linux face does before it looks once more.
 */
void iftap_queue_wake_writers(struct iftap_queue *q)
{
	if (test_and_clear_bit(0, &q->full))
		iftap_queue_wake(q, EPOLLOUT | EPOLLWRNORM);
}

void iftap_queue_wake_all_writers(struct iftap_unit *unit)
{
	unsigned int i;

	for (i = 0; i < unit->nqueues; i++)
		iftap_queue_wake_writers(&unit->queues[i]);
}

/*
 * Tell whoever waits to look again, without saying what for: who is told that
 * need not call ->poll again, and that is what asks a ring to wake it anew.
 */
void iftap_queue_wake_pollers(struct iftap_queue *q)
{
	if (wq_has_sleeper(&q->wait))	/* A, matches B */
		wake_up_interruptible(&q->wait);
}
