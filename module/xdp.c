// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * XDP on inbound frames. A plain frame that is written meets the program before
 * it becomes an skb; one from a ring, a batch, with an offload header or too
 * long for one page meets it after.
 *
 * For each of the interface's receive queues it sees one frame at a time, as in
 * a driver's NAPI: AF_XDP's queues rely on that, and programs do. There are as
 * many writers as there are threads, and where the interface has fewer receive
 * queues than the unit has queues, several of these are one.
 */
#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <net/xdp.h>
#include "iftap.h"

/* The interface's ->ndo_bpf; the core looks after the references. */
int iftap_xdp_setup(struct net_device *dev, struct netdev_bpf *bpf)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	struct bpf_prog *old;

	ASSERT_RTNL();
	if (bpf->command != XDP_SETUP_PROG)
		return -EINVAL;
	old = rtnl_dereference(unit->xdp_prog);
	rcu_assign_pointer(unit->xdp_prog, bpf->prog);
	if (old)
		bpf_prog_put(old);
	return 0;
}

/*
 * Send @xdp out by the interface it came by. Return: 1; 0 if it was refused and
 * counted there; a negative errno if it was not counted either.
 */
static int transmit(struct net_device *dev, struct xdp_buff *xdp)
{
	struct xdp_frame *frame = xdp_convert_buff_to_frame(xdp);

	if (!frame)
		return -EOVERFLOW;
	return dev->netdev_ops->ndo_xdp_xmit(dev, 1, &frame, XDP_XMIT_FLUSH);
}

/*
 * Do what the program decided. Return: does the frame go on to the stack? If
 * not, is *@gone, its memory is somebody else's now.
 */
static bool act_on(struct iftap_unit *unit, struct net_device *dev,
		   struct bpf_prog *prog, struct xdp_buff *xdp, u32 act,
		   bool *gone)
{
	unsigned int len = xdp->data_end - xdp->data;
	int sent;

	switch (act) {
	case XDP_PASS:
		return true;
	case XDP_REDIRECT:
		*gone = !xdp_do_redirect(dev, xdp, prog);
		if (*gone)
			xdp_do_flush();
		break;
	case XDP_TX:
		sent = transmit(dev, xdp);
		if (!sent)
			return false;
		*gone = sent > 0;
		break;
	default:
		bpf_warn_invalid_xdp_action(dev, prog, act);
		fallthrough;
	case XDP_ABORTED:
		trace_xdp_exception(dev, prog, act);
		fallthrough;
	case XDP_DROP:
		break;
	}
	if (*gone) {
		iftap_count(unit->counters, IFTAP_rx_packets);
		iftap_count_add(unit->counters, IFTAP_rx_bytes, len);
	} else {
		iftap_count(unit->counters, IFTAP_rx_xdp);
	}
	return false;
}

/**
 * iftap_xdp_run - let the XDP program see a frame that is no skb yet
 * @q: the queue it came by
 * @piece: a page fragment; freed, or somebody else's, when this returns false
 * @size: its bytes, with room for a struct skb_shared_info at the end
 * @headroom: where in it the frame begins, which the program may change
 * @len: the frame's bytes, likewise
 * @ran: set to whether it has seen it; it has not while the interface is down
 *
 * Return: does the frame go on to the stack?
 */
bool iftap_xdp_run(struct iftap_queue *q, void *piece, size_t size,
		   unsigned int *headroom, unsigned int *len, bool *ran)
{
	struct iftap_unit *unit = q->unit;
	struct iftap_bpf_context context;
	struct bpf_prog *prog;
	spinlock_t *lock;
	struct net_device *dev;
	bool pass = true, gone = false;
	struct xdp_buff xdp;
	unsigned int index;

	local_bh_disable();
	rcu_read_lock();
	prog = rcu_dereference(unit->xdp_prog);
	dev = rcu_dereference(unit->dev);
	*ran = prog && dev && netif_running(dev);
	if (!*ran)
		goto out;
	iftap_bpf_begin(&context);
	index = min(iftap_queue_index(q), dev->num_rx_queues - 1);
	lock = &unit->queues[index].xdp_lock;
	spin_lock(lock);
	xdp_init_buff(&xdp, size, &dev->_rx[index].xdp_rxq);
	xdp_prepare_buff(&xdp, piece, *headroom, *len, false);
	pass = act_on(unit, dev, prog, &xdp, bpf_prog_run_xdp(prog, &xdp),
		      &gone);
	spin_unlock(lock);
	iftap_bpf_end(&context);
	*headroom = xdp.data - xdp.data_hard_start;
	*len = xdp.data_end - xdp.data;
out:
	rcu_read_unlock();
	local_bh_enable();
	if (!pass && !gone)
		skb_free_frag(piece);
	return pass;
}

/**
 * iftap_xdp_run_skb - the same for a frame that is an skb already
 * @unit: the unit
 * @skb: the frame, as eth_type_trans() leaves it; it may be replaced
 *
 * Context: RCU read section, bottom halves off.
 * Return: does it go on to the stack? If not, it is gone.
 */
bool iftap_xdp_run_skb(struct iftap_unit *unit, struct sk_buff **skb)
{
	struct bpf_prog *prog = rcu_dereference(unit->xdp_prog);
	spinlock_t *lock;
	u32 act;

	if (likely(!prog))
		return true;
	/* The receive queue that the core will find, too. */
	lock = &unit->queues[skb_rx_queue_recorded(*skb) ?
			     skb_get_rx_queue(*skb) : 0].xdp_lock;
	spin_lock(lock);
	act = iftap_do_xdp_generic(prog, skb);
	spin_unlock(lock);
	if (act == XDP_PASS)
		return true;
	iftap_count(unit->counters, IFTAP_rx_xdp);
	return false;
}
