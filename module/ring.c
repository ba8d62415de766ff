// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * A queue's pair of rings in memory shared with the program: the outbound one,
 * which the transmit path fills, and the inbound one, which NAPI empties into
 * the stack. Memory and mapping are in area.c, the arithmetic in ring.h, the
 * rules in <net/if_tap.h>.
 *
 * Whatever the program can write is read once and checked against positions
 * kept here; a lie marks the ring broken, and a broken ring moves nothing.
 *
 * Who can be in a ring, and why not once it is freed: transmitters hold RCU
 * and find it through q->ring, which is cleared and RCU waited for; NAPI is
 * disabled and deleted before; the timer is deleted after the last
 * transmitter, who could start it; calls and mappings hold the descriptor,
 * and it is the descriptor's release that frees.
 *
 * Barriers. Each pair keeps one side from sleeping over what the other did;
 * both sides write, then a full barrier, then read what the other writes.
 *
 *	transmit			poll(), program with an eventfd
 *	publish out_producer		set armed, or out_wake
 *	(C) full barrier		(D) full barrier
 *	look at armed and out_wake	look at out_producer, sleep
 *
 *	program				NAPI
 *	publish in_producer		set in_need_wakeup
 *	(E) full barrier		(F) full barrier
 *	look at in_need_wakeup		look at in_producer, complete
 *
 *	program				transmit, the ring full
 *	publish out_consumer		stop the queue, set out_need_wakeup
 *	(G) full barrier		(H) full barrier
 *	look at out_need_wakeup		look at out_consumer, go on or leave it
 *
 *	NAPI				poll(), the inbound ring full
 *	publish in_consumer		set in_armed
 *	(I) full barrier		(J) full barrier
 *	look at in_armed		look at in_consumer, sleep
 */
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/poll.h>
#include <linux/rtnetlink.h>
#include "iftap.h"
#include "ring.h"

/* A program that frees no room for so long is not waited for any more. */
#define STALL_TIMEOUT	(5 * HZ)
#define SPIN_MAX	1000000

static void ring_break(struct iftap_ring *ring)
{
	if (cmpxchg(&ring->broken, 0, 1))
		return;
	iftap_count(ring->q->unit->counters, IFTAP_ring_broken);
	iftap_area_state(&ring->area, TAP_RING_BROKEN);
	iftap_queue_wake(ring->q, EPOLLERR);
}

bool iftap_ring_broken(const struct iftap_ring *ring)
{
	return READ_ONCE(ring->broken);
}

/* Outbound: the transmit lock is held, bottom halves are off */

static u64 out_free(const struct iftap_ring *ring)
{
	return ring->out_consumer + ring->area.out_size - ring->out_producer;
}

/* See how far the program has come. False if it lies. */
static bool out_refresh(struct iftap_ring *ring)
{
	u64 theirs = smp_load_acquire(&ring->area.user->out_consumer);

	if (unlikely(!iftap_consumer_possible(theirs, ring->out_consumer,
					      ring->out_producer))) {
		ring_break(ring);
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

/* The room the next frame may want, but no more than an empty ring has. */
static u64 out_room_wanted(const struct iftap_ring *ring,
			   const struct net_device *dev)
{
	u32 len = READ_ONCE(dev->mtu) + VLAN_ETH_HLEN;

	if (READ_ONCE(ring->q->unit->offloads))
		len = max_t(u32, len, IFTAP_FRAME_MAX);
	return min_t(u64, iftap_record_size(len), ring->area.out_size);
}

/*
 * With back-pressure, stop the queue while there is still no frame to drop.
 * The program may free room before it can see that it should tell.
 */
static void out_stop_if_full(struct iftap_ring *ring, struct net_device *dev,
			     struct netdev_queue *txq)
{
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
	mod_timer(&ring->stall_timer, jiffies + STALL_TIMEOUT);
}

static void out_write(struct iftap_ring *ring, const struct sk_buff *skb)
{
	void *at = ring->area.out +
		   iftap_ring_offset(ring->out_producer, ring->area.out_size);
	struct taprecord *record = at;

	memset(record, 0, sizeof(*record));
	record->len = skb->len;
	if (ring->flags & TAP_RING_TIMESTAMP) {
		record->flags = TAP_RECORD_TIME;
		record->time = ktime_get_real_ns();
	}
	if (unlikely(skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL))
		iftap_offload_from_skb(skb, &record->hdr, true);
	if (likely(!skb_is_nonlinear(skb)))
		memcpy(record + 1, skb->data, skb->len);
	else
		skb_copy_bits(skb, 0, record + 1, skb->len);
}

/**
 * iftap_ring_put - put a frame into the outbound ring
 * @ring: the ring
 * @skb: the frame, still the caller's afterwards
 * @txq: the transmit queue it came by, locked
 *
 * It is seen by the program after the next iftap_ring_publish().
 *
 * Return: IFTAP_NO_DROP, or what the caller shall count it under.
 */
enum iftap_counter iftap_ring_put(struct iftap_ring *ring,
				  const struct sk_buff *skb,
				  struct netdev_queue *txq)
{
	u64 size = iftap_record_size(skb->len);

	if (unlikely(iftap_ring_broken(ring)))
		return IFTAP_tx_ring_broken;
	if (unlikely(size > ring->area.out_size))
		return IFTAP_tx_ring_oversize;
	if (unlikely(!out_has_room(ring, size)))
		return iftap_ring_broken(ring) ? IFTAP_tx_ring_broken :
					   IFTAP_tx_ring_full;
	out_write(ring, skb);
	ring->out_producer += size;
	if (ring->flags & TAP_RING_BACKPRESSURE)
		out_stop_if_full(ring, skb->dev, txq);
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
	smp_store_release(&ring->area.kernel->out_producer, new);
	smp_mb();	/* C, matches D */
	if (ring->eventfd &&
	    READ_ONCE(ring->area.user->out_wake) - old < new - old) {
		iftap_count(q->unit->counters, IFTAP_ring_wakeups);
		iftap_eventfd_signal(ring->eventfd);
	}
	if (READ_ONCE(ring->armed)) {
		WRITE_ONCE(ring->armed, false);
		iftap_count(q->unit->counters, IFTAP_ring_wakeups);
		iftap_queue_wake(q, EPOLLIN | EPOLLRDNORM);
	} else if (READ_ONCE(q->fasync)) {
		iftap_queue_sigio(q);
	}
}

/* Let a stopped queue go on if the program has freed room. */
static void out_resume(struct iftap_ring *ring)
{
	struct iftap_unit *unit = ring->q->unit;
	struct netdev_queue *txq;
	struct net_device *dev;

	if (likely(!READ_ONCE(ring->area.kernel->out_need_wakeup)))
		return;
	rcu_read_lock();
	dev = rcu_dereference(unit->dev);
	if (dev) {
		txq = netdev_get_tx_queue(dev, iftap_queue_index(ring->q));
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

/* The program does not free room. The stack must not wait for it for ever. */
static void out_stalled(struct timer_list *timer)
{
	struct iftap_ring *ring = from_timer(ring, timer, stall_timer);
	struct netdev_queue *txq;
	struct net_device *dev;

	rcu_read_lock();
	dev = rcu_dereference(ring->q->unit->dev);
	if (dev && READ_ONCE(ring->area.kernel->out_need_wakeup)) {
		txq = netdev_get_tx_queue(dev, iftap_queue_index(ring->q));
		__netif_tx_lock(txq, smp_processor_id());
		ring->stalled = true;
		iftap_count(ring->q->unit->counters, IFTAP_ring_stalled);
		netif_tx_wake_queue(txq);
		__netif_tx_unlock(txq);
	}
	rcu_read_unlock();
}

/* Inbound: in the NAPI context of this ring, so one at a time */

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
	struct sk_buff *skb;

	if (unlikely(record->len < ETH_HLEN)) {
		iftap_count(counters, IFTAP_rx_short);
		return NULL;
	}
	if (unlikely(record->len > IFTAP_FRAME_MAX)) {
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
	if (unlikely(iftap_offload_present(&record->hdr)) &&
	    unlikely(iftap_offload_to_skb(skb, &record->hdr, true))) {
		iftap_count(counters, IFTAP_rx_bad_header);
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

/* Take at most @budget records. Return: are there more? */
static bool in_consume(struct iftap_ring *ring, int budget, int *done)
{
	u64 producer = smp_load_acquire(&ring->area.user->in_producer);
	u64 consumer = ring->in_consumer;
	struct iftap_arrivals arrivals;
	struct taprecord record;
	struct sk_buff *skb;
	const void *at;

	*done = 0;
	if (producer == consumer || iftap_ring_broken(ring))
		return false;
	if (unlikely(!iftap_producer_possible(producer, consumer,
					      ring->area.in_size))) {
		ring_break(ring);
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
			ring_break(ring);
			break;
		}
		skb = in_frame(ring, &record, at + sizeof(record));
		if (likely(skb))
			iftap_arrivals_add(&arrivals, skb);
		consumer += iftap_record_size(record.len);
	}
	WRITE_ONCE(ring->in_consumer, consumer);
	smp_store_release(&ring->area.kernel->in_consumer, consumer);
	iftap_arrivals_end(&arrivals);
	rcu_read_unlock();

	smp_mb();	/* I, matches J */
	if (READ_ONCE(ring->in_armed)) {
		WRITE_ONCE(ring->in_armed, false);
		iftap_queue_wake(ring->q, EPOLLOUT | EPOLLWRNORM);
	}
	return consumer != producer && !iftap_ring_broken(ring);
}

static bool in_pending(const struct iftap_ring *ring)
{
	return READ_ONCE(ring->area.user->in_producer) !=
	       READ_ONCE(ring->in_consumer) && !iftap_ring_broken(ring);
}

/* Only on a thread of its own may it go round without work. */
static bool in_spin(struct iftap_ring *ring, int done)
{
	u64 now;

	if (!ring->spin_ns ||
	    !test_bit(NAPI_STATE_THREADED, &ring->napi.state))
		return false;
	now = ktime_get_mono_fast_ns();
	if (done)
		ring->last_work = now;
	return now - ring->last_work < ring->spin_ns;
}

static int ring_poll(struct napi_struct *napi, int budget)
{
	struct iftap_ring *ring = container_of(napi, struct iftap_ring, napi);
	int done;

	if (!budget)	/* netpoll, which wants transmit completions only */
		return 0;
	if (READ_ONCE(ring->area.kernel->in_need_wakeup))
		WRITE_ONCE(ring->area.kernel->in_need_wakeup, 0);
	if (in_consume(ring, budget, &done) || in_spin(ring, done))
		return budget;

	WRITE_ONCE(ring->area.kernel->in_need_wakeup, 1);
	smp_mb();	/* F, matches E in the program */
	if (in_pending(ring))
		return budget;
	napi_complete_done(napi, done);
	return done;
}

static void in_kick(struct iftap_ring *ring)
{
	if (!in_pending(ring))
		return;
	local_bh_disable();
	napi_schedule(&ring->napi);
	local_bh_enable();
}

/* Calls on the descriptor, which keep the ring */

/**
 * iftap_ring_doorbell - TAPDOORBELL, and what poll() does on its way
 * @ring: the ring
 *
 * Return: 0, or -EBADMSG if the ring is broken.
 */
int iftap_ring_doorbell(struct iftap_ring *ring)
{
	if (iftap_ring_broken(ring))
		return -EBADMSG;
	in_kick(ring);
	out_resume(ring);
	return iftap_ring_broken(ring) ? -EBADMSG : 0;
}

/* What poll() finds in the ring. The caller has joined q->wait. */
__poll_t iftap_ring_events(struct iftap_ring *ring)
{
	__poll_t events = 0;
	u64 pending;

	iftap_ring_doorbell(ring);
	WRITE_ONCE(ring->armed, true);
	WRITE_ONCE(ring->in_armed, true);
	smp_mb();	/* D, matches C; J, matches I */
	if (READ_ONCE(ring->area.kernel->out_producer) !=
	    READ_ONCE(ring->area.user->out_consumer))
		events |= EPOLLIN | EPOLLRDNORM;
	pending = READ_ONCE(ring->area.user->in_producer) -
		  READ_ONCE(ring->in_consumer);
	if (pending <= ring->area.in_size / 2)
		events |= EPOLLOUT | EPOLLWRNORM;
	if (iftap_ring_broken(ring))
		events |= EPOLLERR;
	return events;
}

/* Making and unmaking */

static int check(const struct tapring *want)
{
	const u32 known = TAP_RING_BACKPRESSURE | TAP_RING_POLL |
			  TAP_RING_TIMESTAMP;

	if (want->flags & ~known ||
	    want->reserved[0] || want->reserved[1] || want->reserved[2])
		return -EINVAL;
	if (!iftap_ring_size_possible(want->out_size) ||
	    !iftap_ring_size_possible(want->in_size))
		return -EINVAL;
	if (want->spin > SPIN_MAX ||
	    (want->spin && !(want->flags & TAP_RING_POLL)))
		return -EINVAL;
	if (want->flags & TAP_RING_POLL && !capable(CAP_NET_ADMIN))
		return -EPERM;
	return 0;
}

static struct iftap_ring *ring_alloc(struct iftap_queue *q,
				     const struct tapring *want)
{
	struct iftap_ring *ring;
	int err;

	ring = kvzalloc(sizeof(*ring), GFP_KERNEL_ACCOUNT);
	if (!ring)
		return ERR_PTR(-ENOMEM);
	ring->q = q;
	ring->flags = want->flags;
	ring->spin_ns = (u64)want->spin * NSEC_PER_USEC;
	timer_setup(&ring->stall_timer, out_stalled, 0);
	if (want->eventfd >= 0) {
		ring->eventfd = eventfd_ctx_fdget(want->eventfd);
		if (IS_ERR(ring->eventfd)) {
			err = PTR_ERR(ring->eventfd);
			goto err_free_ring;
		}
	}
	err = iftap_area_alloc(&ring->area, want->out_size, want->in_size);
	if (err)
		goto err_put_eventfd;
	ring->area.kernel->in_need_wakeup = 1;
	return ring;

err_put_eventfd:
	if (ring->eventfd)
		eventfd_ctx_put(ring->eventfd);
err_free_ring:
	kvfree(ring);
	return ERR_PTR(err);
}

static void ring_free(struct iftap_ring *ring)
{
	iftap_area_free(&ring->area);
	if (ring->eventfd)
		eventfd_ctx_put(ring->eventfd);
	kvfree(ring);
}

/* Kernel-side polling is a property of the device: all its rings or none. */
static int ring_attach(struct iftap_ring *ring, struct net_device *dev)
{
	struct iftap_unit *unit = ring->q->unit;
	int err = 0;

	ASSERT_RTNL();
	netif_napi_add(dev, &ring->napi, ring_poll);
	napi_enable(&ring->napi);
	ring->attached = true;
	if (ring->flags & TAP_RING_POLL && !unit->npolled++)
		err = dev_set_threaded(dev, true);
	return err;
}

static void ring_detach(struct iftap_ring *ring, struct net_device *dev)
{
	struct iftap_queue *q = ring->q;

	ASSERT_RTNL();
	if (!ring->attached)
		return;
	ring->attached = false;
	napi_disable(&ring->napi);
	netif_napi_del(&ring->napi);
	if (ring->flags & TAP_RING_POLL && !--q->unit->npolled)
		dev_set_threaded(dev, false);
	/* Nobody will ring the doorbell for a queue that is stopped. */
	netif_tx_wake_queue(netdev_get_tx_queue(dev, iftap_queue_index(q)));
}

/**
 * iftap_ring_gone - the interface of a queue's ring is being destroyed
 * @q: the queue; nothing is done if it has no ring
 * @dev: the interface
 *
 * The ring stays with its descriptor; transmitters may still fill it until
 * the interface is unregistered. Records left in the inbound ring stay there.
 *
 * Context: rtnl. Waits for NAPI.
 */
void iftap_ring_gone(struct iftap_queue *q, struct net_device *dev)
{
	struct iftap_ring *ring = rtnl_dereference(q->ring);

	if (ring) {
		iftap_area_state(&ring->area, TAP_RING_GONE);
		ring_detach(ring, dev);
	}
}

/*
 * From here on transmitters use the ring. Those frames that wait for a reader
 * go first, in order: no reader can come for them any more.
 */
static void ring_start(struct iftap_ring *ring, struct net_device *dev)
{
	struct iftap_queue *q = ring->q;
	struct netdev_queue *txq;
	enum iftap_counter cause;
	struct sk_buff *skb;

	txq = netdev_get_tx_queue(dev, iftap_queue_index(q));
	__netif_tx_lock_bh(txq);
	while ((skb = iftap_queue_get(q))) {
		cause = iftap_ring_put(ring, skb, txq);
		iftap_count_delivery(q->unit->counters, skb->len, cause);
		kfree_skb(skb);
	}
	rcu_assign_pointer(q->ring, ring);
	iftap_ring_publish(ring);
	__netif_tx_unlock_bh(txq);
	/* Readers asleep have nothing more to wait for. */
	iftap_queue_wake(q, EPOLLIN | EPOLLRDNORM);
}

/**
 * iftap_ring_create - TAPSRING
 * @q: the queue
 * @want: our copy of what is asked for
 *
 * Return: 0 or a negative errno, as <net/if_tap.h> says.
 */
int iftap_ring_create(struct iftap_queue *q, const struct tapring *want)
{
	struct iftap_ring *ring;
	struct net_device *dev;
	int err;

	err = check(want);
	if (err)
		return err;
	ring = ring_alloc(q, want);
	if (IS_ERR(ring))
		return PTR_ERR(ring);

	err = -EINTR;
	if (rtnl_lock_killable())
		goto err_free_ring;
	dev = rtnl_dereference(q->unit->dev);
	err = -EHOSTDOWN;
	if (!dev)
		goto err_unlock;
	err = -EBUSY;
	if (rtnl_dereference(q->ring))
		goto err_unlock;
	err = ring_attach(ring, dev);
	if (err)
		goto err_detach;
	ring_start(ring, dev);
	rtnl_unlock();
	return 0;

err_detach:
	ring_detach(ring, dev);
err_unlock:
	rtnl_unlock();
err_free_ring:
	ring_free(ring);
	return err;
}

/**
 * iftap_ring_destroy - the descriptor is closed and nothing is mapped
 * @q: the queue; nothing is done if it has no ring
 *
 * Context: rtnl. Waits for transmitters.
 */
void iftap_ring_destroy(struct iftap_queue *q)
{
	struct iftap_ring *ring = rtnl_dereference(q->ring);
	struct net_device *dev = rtnl_dereference(q->unit->dev);

	if (!ring)
		return;
	RCU_INIT_POINTER(q->ring, NULL);
	synchronize_net();
	if (dev)
		ring_detach(ring, dev);
	del_timer_sync(&ring->stall_timer);
	ring_free(ring);
}
