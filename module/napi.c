// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * IFF_NAPI: written frames go to the stack by a NAPI of their queue's, so that
 * what belongs together is merged (GRO), instead of one by one.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include "iftap.h"

/* Frames that may wait, as many as wait for a CPU by default. */
#define WAITING_MAX	1000

struct iftap_napi {
	struct napi_struct napi;
	struct sk_buff_head frames;
};

static int poll(struct napi_struct *napi, int budget)
{
	struct iftap_napi *n = container_of(napi, struct iftap_napi, napi);
	struct sk_buff *skb;
	int done = 0;

	while (done < budget && (skb = skb_dequeue(&n->frames))) {
		napi_gro_receive(napi, skb);
		done++;
	}
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

/**
 * iftap_napi_start - let a queue's written frames go by NAPI
 * @q: the queue
 * @dev: the interface
 *
 * Context: rtnl.
 * Return: 0 or -ENOMEM.
 */
int iftap_napi_start(struct iftap_queue *q, struct net_device *dev)
{
	struct iftap_napi *n;

	ASSERT_RTNL();
	n = kzalloc(sizeof(*n), GFP_KERNEL_ACCOUNT);
	if (!n)
		return -ENOMEM;
	skb_queue_head_init(&n->frames);
	netif_napi_add(dev, &n->napi, poll);
	napi_enable(&n->napi);
	rcu_assign_pointer(q->napi, n);
	return 0;
}

/*
 * No more of that; nothing is done if it was not started. Writers use it under
 * RCU, and are waited for before it is stopped: one of them may just be
 * scheduling it, which then runs before napi_disable() returns, or never.
 */
void iftap_napi_stop(struct iftap_queue *q)
{
	struct iftap_napi *n = rtnl_dereference(q->napi);

	if (!n)
		return;
	RCU_INIT_POINTER(q->napi, NULL);
	synchronize_net();
	napi_disable(&n->napi);
	netif_napi_del(&n->napi);
	skb_queue_purge(&n->frames);
	kfree(n);
}

/**
 * iftap_napi_receive - give a frame to the stack by NAPI
 * @q: the queue it came by
 * @skb: the frame, consumed unless this returns 0
 *
 * It runs when the writer lets bottom halves on again, or on a thread of its
 * own if the interface's are threaded.
 *
 * Context: RCU read section, bottom halves off.
 * Return: 1; -1 if it was dropped and counted; 0 if there is no NAPI.
 */
int iftap_napi_receive(struct iftap_queue *q, struct sk_buff *skb)
{
	struct iftap_napi *n = rcu_dereference(q->napi);

	if (likely(!n))
		return 0;
	if (unlikely(skb_queue_len_lockless(&n->frames) >= WAITING_MAX)) {
		iftap_count(q->unit->counters, IFTAP_rx_napi_full);
		kfree_skb_reason(skb, SKB_DROP_REASON_CPU_BACKLOG);
		return -1;
	}
	/*
	 * One that counts against a socket (TUNSETSNDBUF) may not be merged with
	 * one that does not: the whole would be charged to it, or to nobody.
	 */
	skb_prepare_for_gro(skb);
	skb_queue_tail(&n->frames, skb);
	napi_schedule(&n->napi);
	return 1;
}
