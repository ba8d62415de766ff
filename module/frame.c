// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Bytes a program wrote become a frame, and the frame goes into the network
 * stack. The other direction needs no conversion.
 */
#include <linux/etherdevice.h>
#include <linux/uio.h>
#include "iftap.h"

/*
 * Frames up to here are one piece of memory; of longer ones this much is, and
 * the rest is in pages: enough for every header the stack will look at.
 */
#define LINEAR_MAX	SKB_MAX_HEAD(NET_SKB_PAD + NET_IP_ALIGN)
#define LINEAR_HEAD	256

static struct sk_buff *frame_alloc(size_t len)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;
	size_t head = len <= LINEAR_MAX ? len : LINEAR_HEAD;
	struct sk_buff *skb;
	int err;

	if (head == len)
		skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + len, gfp);
	else
		skb = alloc_skb_with_frags(NET_SKB_PAD + NET_IP_ALIGN + head,
					   len - head, PAGE_ALLOC_COSTLY_ORDER,
					   &err, gfp);
	if (unlikely(!skb))
		return NULL;

	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb_put(skb, head);
	skb->data_len = len - head;
	skb->len += len - head;
	return skb;
}

/**
 * iftap_frame_from_user - make a frame of what is being written
 * @from: all of it is the frame, Ethernet header first, at least ETH_HLEN;
 *	read once
 *
 * Return: the frame, or -ENOBUFS or -EFAULT as an error pointer.
 */
struct sk_buff *iftap_frame_from_user(struct iov_iter *from)
{
	size_t len = iov_iter_count(from);
	struct sk_buff *skb;

	skb = frame_alloc(len);
	if (unlikely(!skb))
		return ERR_PTR(-ENOBUFS);
	if (unlikely(skb_copy_datagram_from_iter(skb, 0, from, len))) {
		kfree_skb(skb);
		return ERR_PTR(-EFAULT);
	}
	return skb;
}

/**
 * iftap_frame_receive - give a frame to the stack as received by the interface
 * @unit: the unit
 * @skb: the frame, consumed in any case
 *
 * RCU keeps the interface until netif_receive_skb() is done with it: its
 * destruction clears unit->dev and waits for readers before it frees. The test
 * is for netif_running(), not IFF_UP, because that is cleared before
 * dev_close() waits for readers; so nothing reaches the stack's backlog after
 * unregister_netdevice() has flushed it.
 *
 * Return: 0, also when the frame is dropped because the interface is down, or
 * -EHOSTDOWN when there is no interface any more.
 */
int iftap_frame_receive(struct iftap_unit *unit, struct sk_buff *skb)
{
	unsigned int len = skb->len;
	struct net_device *dev;
	int err = 0;

	rcu_read_lock();
	dev = rcu_dereference(unit->dev);
	if (unlikely(!dev)) {
		err = -EHOSTDOWN;
		goto drop;
	}
	if (unlikely(!netif_running(dev))) {
		iftap_count(unit->counters, IFTAP_rx_down);
		goto drop;
	}

	skb->protocol = eth_type_trans(skb, dev);
	iftap_count(unit->counters, IFTAP_rx_packets);
	iftap_count_add(unit->counters, IFTAP_rx_bytes, len);
	local_bh_disable();
	netif_receive_skb(skb);
	local_bh_enable();
	rcu_read_unlock();
	return 0;

drop:
	rcu_read_unlock();
	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
	return err;
}
