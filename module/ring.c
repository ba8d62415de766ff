// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * A queue's pair of rings in memory shared with the program: made, parted from
 * its interface, freed, and what the program can call on it. How frames move
 * is in ring_out.c and ring_in.c, memory and mapping in area.c, the arithmetic
 * in ring.h, the rules in <net/if_tap.h>.
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
#include <linux/poll.h>
#include <linux/rtnetlink.h>
#include "iftap.h"
#include "ring.h"

#define SPIN_MAX	1000000

/* There will be no more: whoever waits shall look at the state. */
static void ring_end(struct iftap_ring *ring, u32 state, __poll_t events)
{
	iftap_area_state(&ring->area, state);
	if (ring->eventfd)
		iftap_eventfd_signal(ring->eventfd);
	iftap_queue_wake(ring->q, events);
}

/* The program lies. Any context. */
void iftap_ring_break(struct iftap_ring *ring)
{
	if (cmpxchg(&ring->broken, 0, 1))
		return;
	iftap_count(ring->q->unit->counters, IFTAP_ring_broken);
	if (READ_ONCE(ring->area.kernel->out_need_wakeup))
		mod_timer(&ring->stall_timer, jiffies);
	ring_end(ring, TAP_RING_BROKEN, EPOLLERR);
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
	iftap_ring_kick(ring);
	iftap_ring_resume(ring);
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

	if (want->flags & ~known || want->eventfd < -1 ||
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
	timer_setup(&ring->stall_timer, iftap_ring_stalled, 0);
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
	netif_napi_add(dev, &ring->napi, iftap_ring_poll);
	napi_enable(&ring->napi);
	ring->attached = true;
	if (ring->flags & TAP_RING_POLL) {
		if (!unit->npolled++)
			unit->threaded = dev->threaded;
		err = dev_set_threaded(dev, true);
	}
	return err;
}

static void ring_detach(struct iftap_ring *ring, struct net_device *dev)
{
	struct iftap_queue *q = ring->q;
	struct iftap_unit *unit = q->unit;

	ASSERT_RTNL();
	if (!ring->attached)
		return;
	ring->attached = false;
	napi_disable(&ring->napi);
	netif_napi_del(&ring->napi);
	/* If no thread could be made for this ring, all have lost theirs. */
	if (ring->flags & TAP_RING_POLL)
		dev_set_threaded(dev, --unit->npolled || unit->threaded);
	/* Nobody will ring the doorbell for a queue that is stopped. */
	netif_tx_wake_queue(netdev_get_tx_queue(dev, iftap_queue_index(q)));
}

/**
 * iftap_ring_gone - the interface of a queue's ring is being destroyed
 * @q: the queue; nothing is done if it has no ring
 * @dev: the interface
 *
 * The ring stays with its descriptor; transmitters may still fill it until
 * the interface is unregistered. Inbound records that NAPI finds now are
 * dropped as for an interface that is down, the others stay where they are.
 *
 * Context: rtnl. Waits for NAPI.
 */
void iftap_ring_gone(struct iftap_queue *q, struct net_device *dev)
{
	struct iftap_ring *ring = rtnl_dereference(q->ring);

	if (ring) {
		ring_end(ring, TAP_RING_GONE, EPOLLHUP | EPOLLERR);
		ring_detach(ring, dev);
	}
}

/*
 * From here on transmitters use the ring. Those frames that wait for a reader
 * go first, in order: no reader can come for them any more, nor put back one
 * it had taken.
 */
static void ring_start(struct iftap_ring *ring, struct net_device *dev)
{
	struct iftap_queue *q = ring->q;
	struct netdev_queue *txq;
	struct sk_buff *skb;

	txq = netdev_get_tx_queue(dev, iftap_queue_index(q));
	__netif_tx_lock_bh(txq);
	rcu_assign_pointer(q->ring, ring);
	/* Who is just putting a frame back has done so, or sees the ring. */
	spin_lock_bh(&q->frames.lock);
	spin_unlock_bh(&q->frames.lock);
	while ((skb = iftap_queue_get(q))) {
		if (!iftap_frame_finish(q->unit, skb, true))
			continue;
		iftap_ring_put(ring, skb, false);
		kfree_skb(skb);
	}
	__netif_tx_unlock_bh(txq);
	/* Readers asleep have nothing more to wait for. */
	iftap_queue_wake_pollers(q);
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
	/* Before all its memory is there; under rtnl it is asked again. */
	if (rcu_access_pointer(q->ring))
		return -EBUSY;
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
	err = -EINVAL;
	if (!q->open)	/* detached by TUNSETQUEUE */
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
