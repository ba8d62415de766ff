// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Bytes of a program become frames, and frames go into the network stack.
 */
#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/uio.h>
#include <net/gro.h>
#include "copy.h"
#include "iftap.h"

/*
 * Frames up to here are one piece of memory; of longer ones this much is, and
 * the rest is in pages: enough for every header the stack will look at.
 */
#define LINEAR_MAX	SKB_MAX_HEAD(IFTAP_HEADROOM)
#define LINEAR_HEAD	256

static size_t piece_size(size_t len)
{
	return SKB_HEAD_ALIGN(IFTAP_HEADROOM + len);
}

/* Make a frame of a piece of memory, a page fragment of that size. */
static struct sk_buff *skb_of_piece(struct sk_buff *skb, void *piece,
				    unsigned int headroom, unsigned int len)
{
	if (unlikely(!skb)) {
		skb_free_frag(piece);
		return NULL;
	}
	skb_reserve(skb, headroom);
	__skb_put(skb, len);
	return skb;
}

/*
 * Get a piece of the page that the task keeps for such purposes. It is taken
 * before anything is copied into it, for the copy may fault, and what handles
 * the fault may want a piece too.
 */
static void *piece_alloc(size_t size)
{
	struct page_frag *frag = &current->task_frag;
	void *piece;

	/* Others leave off wherever their data ends. */
	frag->offset = ALIGN(frag->offset, SMP_CACHE_BYTES);
	if (!skb_page_frag_refill(size, frag, GFP_KERNEL | __GFP_NOWARN))
		return NULL;
	piece = page_address(frag->page) + frag->offset;
	get_page(frag->page);
	frag->offset += size;
	return piece;
}

static struct sk_buff *frame_alloc_large(size_t len, gfp_t gfp)
{
	struct sk_buff *skb;
	int err;

	skb = alloc_skb_with_frags(IFTAP_HEADROOM + LINEAR_HEAD,
				   len - LINEAR_HEAD, PAGE_ALLOC_COSTLY_ORDER, &err,
				   gfp | __GFP_NOWARN);
	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, IFTAP_HEADROOM);
	skb_put(skb, LINEAR_HEAD);
	skb->data_len = len - LINEAR_HEAD;
	skb->len = len;
	return skb;
}

static struct sk_buff *large_from_user(struct iov_iter *from, size_t len)
{
	struct sk_buff *skb = frame_alloc_large(len, GFP_KERNEL);

	if (!skb)
		return ERR_PTR(-ENOBUFS);
	if (skb_copy_datagram_from_iter(skb, 0, from, len)) {
		kfree_skb(skb);
		return ERR_PTR(-EFAULT);
	}
	return skb;
}

/* The same with more room in front, and shown to the XDP program. */
static struct sk_buff *xdp_from_user(struct iftap_queue *q,
				     struct iov_iter *from, unsigned int len,
				     bool *ran)
{
	unsigned int headroom = IFTAP_HEADROOM + XDP_PACKET_HEADROOM;
	size_t size = SKB_HEAD_ALIGN(headroom + len);
	struct sk_buff *skb;
	void *piece;

	piece = piece_alloc(size);
	if (!piece)
		return ERR_PTR(-ENOBUFS);
	if (!copy_from_iter_full(piece + headroom, len, from)) {
		skb_free_frag(piece);
		return ERR_PTR(-EFAULT);
	}
	if (!iftap_xdp_run(q, piece, size, &headroom, &len, ran))
		return NULL;
	skb = skb_of_piece(build_skb(piece, size), piece, headroom, len);
	return skb ? skb : ERR_PTR(-ENOBUFS);
}

/**
 * iftap_frame_from_user - make a frame of what is being written
 * @q: the queue it is written to
 * @from: read once from where it stands
 * @len: bytes of it that are the frame, at least iftap_unit_frame_min()
 * @xdp: let the XDP program see it, if there is one and that is possible now;
 *	set to whether that is still to be done
 *
 * Return: the frame, NULL if the XDP program has kept it, or -ENOBUFS or
 * -EFAULT as an error pointer.
 */
struct sk_buff *iftap_frame_from_user(struct iftap_queue *q,
				      struct iov_iter *from, size_t len,
				      bool *xdp)
{
	size_t size = piece_size(len);
	struct sk_buff *skb;
	bool ran = false;
	void *piece;

	if (unlikely(len > LINEAR_MAX))
		return large_from_user(from, len);
	if (unlikely(rcu_access_pointer(q->unit->xdp_prog)) && *xdp &&
	    len <= LINEAR_MAX - XDP_PACKET_HEADROOM) {
		skb = xdp_from_user(q, from, len, &ran);
		*xdp = !ran;
		return skb;
	}
	piece = piece_alloc(size);
	if (unlikely(!piece))
		return ERR_PTR(-ENOBUFS);
	if (unlikely(!copy_from_iter_full(piece + IFTAP_HEADROOM, len, from))) {
		skb_free_frag(piece);
		return ERR_PTR(-EFAULT);
	}
	skb = skb_of_piece(build_skb(piece, size), piece, IFTAP_HEADROOM, len);
	return skb ? skb : ERR_PTR(-ENOBUFS);
}

/* The same with the frame in one piece at a user address. */
struct sk_buff *iftap_frame_from_address(void __user *from, size_t len)
{
	size_t size = piece_size(len);
	struct iov_iter iter;
	struct sk_buff *skb;
	void *piece;

	if (unlikely(len > LINEAR_MAX)) {
		if (!access_ok(from, len))
			return ERR_PTR(-EFAULT);
		iov_iter_ubuf(&iter, WRITE, from, len);
		return large_from_user(&iter, len);
	}
	piece = piece_alloc(size);
	if (unlikely(!piece))
		return ERR_PTR(-ENOBUFS);
	if (unlikely(copy_from_user(piece + IFTAP_HEADROOM, from, len))) {
		skb_free_frag(piece);
		return ERR_PTR(-EFAULT);
	}
	skb = skb_of_piece(build_skb(piece, size), piece, IFTAP_HEADROOM, len);
	return skb ? skb : ERR_PTR(-ENOBUFS);
}

static void large_fill(struct sk_buff *skb, const void *from)
{
	const skb_frag_t *frag;
	unsigned int i;

	iftap_copy(skb->data, from, skb_headlen(skb));
	from += skb_headlen(skb);
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		frag = &skb_shinfo(skb)->frags[i];
		iftap_copy(skb_frag_address(frag), from, skb_frag_size(frag));
		from += skb_frag_size(frag);
	}
}

/**
 * iftap_frame_from_memory - make a frame of bytes in a ring
 * @from: the bytes; somebody may be changing them
 * @len: their number, at least ETH_HLEN
 *
 * Context: a NAPI poll function.
 * Return: the frame, or NULL if there is no memory.
 */
struct sk_buff *iftap_frame_from_memory(const void *from, size_t len)
{
	size_t size = piece_size(len);
	struct sk_buff *skb;
	void *piece;

	if (unlikely(len > LINEAR_MAX)) {
		skb = frame_alloc_large(len, GFP_ATOMIC);
		if (skb)
			large_fill(skb, from);
		return skb;
	}
	piece = napi_alloc_frag(size);
	if (unlikely(!piece))
		return NULL;
	iftap_copy(piece + IFTAP_HEADROOM, from, len);
	return skb_of_piece(napi_build_skb(piece, size), piece, IFTAP_HEADROOM,
			    len);
}

/**
 * iftap_frame_finish - do what is left to do to an outbound frame
 * @unit: the unit
 * @skb: the frame; freed and counted when it cannot be done
 * @header: an offload header goes with it
 *
 * Nothing is done for a program that takes offload headers and has agreed to do
 * that itself.
 *
 * Return: is there still a frame?
 */
bool iftap_frame_finish(struct iftap_unit *unit, struct sk_buff *skb,
			bool header)
{
	enum iftap_counter cause = IFTAP_tx_nomem;

	if (likely(skb->ip_summed != CHECKSUM_PARTIAL && !skb_is_gso(skb)))
		return true;
	if (header && iftap_offload_agreed(unit, skb))
		return true;
	if (skb_is_gso(skb))
		cause = IFTAP_tx_no_header;
	else if (!skb_checksum_help(skb))
		return true;
	iftap_count(unit->counters, cause);
	kfree_skb(skb);
	return false;
}

/**
 * iftap_frame_is_ip - is this an IP packet, as where there is no other header?
 * @skb: the frame of a unit with @l3; its protocol is set if it is
 */
bool iftap_frame_is_ip(struct sk_buff *skb)
{
	switch (skb->data[0] >> 4) {
	case 4:
		skb->protocol = htons(ETH_P_IP);
		return true;
	case 6:
		skb->protocol = htons(ETH_P_IPV6);
		return true;
	default:
		return false;
	}
}

/* The frame's headers, for a stack that will cut it up or sum it. */
static void frame_type(const struct iftap_unit *unit, struct sk_buff *skb,
		       struct net_device *dev)
{
	bool offload = skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL;

	if (unlikely(unit->l3)) {
		skb->dev = dev;
		skb_reset_mac_header(skb);
	} else {
		skb->protocol = eth_type_trans(skb, dev);
	}
	if (unlikely(offload)) {
		skb_reset_network_header(skb);
		skb_probe_transport_header(skb);
	}
}

/* With several queues the stack may want to know; not all rx queues exist. */
static void frame_record_queue(struct sk_buff *skb, struct iftap_queue *q,
			       const struct net_device *dev)
{
	unsigned int index = iftap_queue_index(q);

	/* It may be closed just now; then the stack has fewer soon. */
	if (q->unit->nqueues > 1 && READ_ONCE(q->open) &&
	    index < READ_ONCE(dev->real_num_rx_queues))
		skb_record_rx_queue(skb, index);
}

static void frame_drop(struct sk_buff *skb)
{
	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
}

/* Is there more to do with inbound frames than to hand them on? */
static bool special(const struct iftap_unit *unit)
{
	return unit->nqueues > 1 || rcu_access_pointer(unit->xdp_prog);
}

/*
 * Do it. Bottom halves are off. Return: does the frame go on to the stack?
 * If not, it is gone.
 */
static bool do_special(struct iftap_queue *q, struct net_device *dev,
		       struct sk_buff **skb, bool xdp)
{
	frame_record_queue(*skb, q, dev);
	if (xdp && !iftap_xdp_run_skb(q->unit, skb))
		return false;
	if (READ_ONCE(q->unit->steer))
		iftap_steer_learn(q, *skb);
	return true;
}

/**
 * iftap_frame_receive - give a frame to the stack as received by the interface
 * @q: the queue it came by
 * @skb: the frame, consumed in any case
 * @xdp: let the XDP program see it, if there is one
 *
 * RCU keeps the interface until netif_receive_skb() is done with it: its
 * destruction clears unit->dev and waits for readers before it frees. The test
 * is for netif_running(), not IFF_UP, because that is cleared before
 * dev_close() waits for readers; so nothing reaches the stack's backlog after
 * unregister_netdevice() has flushed it.
 *
 * Return: 0; -ENETDOWN when the frame is dropped because the interface is
 * down, or -EHOSTDOWN when there is no interface any more.
 */
int iftap_frame_receive(struct iftap_queue *q, struct sk_buff *skb, bool xdp)
{
	struct iftap_unit *unit = q->unit;
	unsigned int len = skb->len;
	struct net_device *dev;
	int err, taken;

	rcu_read_lock();
	dev = rcu_dereference(unit->dev);
	err = -EHOSTDOWN;
	if (unlikely(!dev))
		goto drop;
	err = -ENETDOWN;
	if (unlikely(!netif_running(dev))) {
		iftap_count(unit->counters, IFTAP_rx_down);
		goto drop;
	}

	frame_type(unit, skb, dev);
	local_bh_disable();
	if (likely(!special(unit)) || do_special(q, dev, &skb, xdp)) {
		taken = iftap_napi_receive(q, skb);
		if (likely(taken >= 0)) {
			iftap_count(unit->counters, IFTAP_rx_packets);
			iftap_count_add(unit->counters, IFTAP_rx_bytes, len);
		}
		if (likely(!taken))
			netif_receive_skb(skb);
	}
	local_bh_enable();
	rcu_read_unlock();
	return 0;

drop:
	rcu_read_unlock();
	frame_drop(skb);
	return err;
}

/**
 * iftap_arrivals_begin - begin to give many frames to the stack in a row
 * @a: to be ended with iftap_arrivals_end()
 * @q: the queue they came by
 * @napi: to merge what belongs together, or NULL
 *
 * Context: RCU read section and bottom halves off, both until the end. What
 * iftap_frame_receive() says of the interface's life goes for these frames too.
 */
void iftap_arrivals_begin(struct iftap_arrivals *a, struct iftap_queue *q,
			  struct napi_struct *napi)
{
	struct net_device *dev = rcu_dereference(q->unit->dev);

	a->dev = dev && netif_running(dev) ? dev : NULL;
	a->q = q;
	a->special = special(q->unit);
	a->by_napi = !napi && rcu_access_pointer(q->napi);
	a->napi = napi;
	a->packets = 0;
	a->bytes = 0;
}

/*
 * Only IP has a chance of being merged; the rest is spared the attempt. The
 * order is kept within a protocol, which is all that anybody relies on. Frames
 * go to the stack one by one: freed that way they find the slab's current
 * page, which a list of 64 of them does not, and that costs more than the
 * list saves.
 */
static bool may_merge(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ||
	       skb->protocol == htons(ETH_P_IPV6) ||
	       eth_type_vlan(skb->protocol);
}

void iftap_arrivals_add(struct iftap_arrivals *a, struct sk_buff *skb)
{
	unsigned int len = skb->len;
	int taken = 0;

	if (unlikely(!a->dev)) {
		iftap_count(a->q->unit->counters, IFTAP_rx_down);
		frame_drop(skb);
		return;
	}
	frame_type(a->q->unit, skb, a->dev);
	if (unlikely(a->special) && !do_special(a->q, a->dev, &skb, true))
		return;
	if (unlikely(a->by_napi))
		taken = iftap_napi_receive(a->q, skb);
	if (unlikely(taken < 0))
		return;
	a->packets++;
	a->bytes += len;
	if (unlikely(taken))
		return;
	if (a->napi && may_merge(skb))
		napi_gro_receive(a->napi, skb);
	else
		netif_receive_skb(skb);
}

void iftap_arrivals_end(struct iftap_arrivals *a)
{
	iftap_count_add(a->q->unit->counters, IFTAP_rx_packets, a->packets);
	iftap_count_add(a->q->unit->counters, IFTAP_rx_bytes, a->bytes);
}
