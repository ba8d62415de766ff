// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What the programs of the Linux face say about outbound frames: which they
 * want at all (an address filter, a socket filter, a BPF program) and by which
 * of several queues (a BPF program, or by flow: a flow is read where it was
 * last written). For a unit that the BSD face has open nothing of it counts.
 */
#include <linux/bpf.h>
#include <linux/crc32.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/if_tun.h>
#include <linux/jhash.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "iftap.h"

/* Addresses that are compared, beyond them multicast ones are hashed. */
#define EXACT_MAX	8
/* Flows remembered; of two in the same place the later one is. */
#define FLOWS		4096
#define FLOW_AGE	(3 * HZ)
/* So that an empty place is never a flow's. */
#define FLOW_USED	BIT(16)

struct iftap_addresses {
	struct rcu_head rcu;
	unsigned int count;
	u8 exact[EXACT_MAX][ETH_ALEN];
	u64 hashed;		/* a bit a hash */
};

struct flow {
	u64 what;		/* hash << 32 | FLOW_USED | queue */
	unsigned long when;	/* jiffies */
};

struct iftap_steer {
	struct iftap_addresses __rcu *addresses;
	struct bpf_prog __rcu *filter;		/* TUNATTACHFILTER */
	struct bpf_prog __rcu *filter_ebpf;
	struct bpf_prog __rcu *steering;
	struct sock_fprog fprog;		/* as the program gave it */

	/* the queues in use; written under rtnl, read any time */
	u16 nactive;
	u16 active[TAP_QUEUES_MAX];
	struct flow *flows;			/* NULL with one queue only */
};

/**
 * iftap_steer_alloc - get ready for the Linux face
 * @unit: the unit; nothing is done if it is
 *
 * Context: rtnl.
 * Return: 0 or -ENOMEM.
 */
int iftap_steer_alloc(struct iftap_unit *unit)
{
	struct iftap_steer *steer;

	ASSERT_RTNL();
	if (unit->steer)
		return 0;
	steer = kzalloc(sizeof(*steer), GFP_KERNEL_ACCOUNT);
	if (!steer)
		return -ENOMEM;
	if (unit->nqueues > 1) {
		steer->flows = kvcalloc(FLOWS, sizeof(*steer->flows),
					GFP_KERNEL_ACCOUNT);
		if (!steer->flows) {
			kfree(steer);
			return -ENOMEM;
		}
	}
	/* Release: who sees it sees it whole. */
	smp_store_release(&unit->steer, steer);
	iftap_steer_update(unit);
	return 0;
}

static void prog_free(struct bpf_prog *prog)
{
	if (prog)
		bpf_prog_destroy(prog);
}

/* Nobody transmits any more. */
void iftap_steer_free(struct iftap_unit *unit)
{
	struct iftap_steer *steer = unit->steer;

	if (!steer)
		return;
	kfree(rcu_dereference_raw(steer->addresses));
	prog_free(rcu_dereference_raw(steer->filter));
	prog_free(rcu_dereference_raw(steer->filter_ebpf));
	prog_free(rcu_dereference_raw(steer->steering));
	kvfree(steer->flows);
	kfree(steer);
}

/*
 * A queue that comes is the last, one that goes leaves its place to the last:
 * so tun has it, and what programs for steering return is a place.
 */
static void update_active(struct iftap_unit *unit, struct iftap_steer *steer)
{
	DECLARE_BITMAP(known, TAP_QUEUES_MAX) = {};
	unsigned int i = 0, n = steer->nactive;

	while (i < n) {
		if (unit->queues[steer->active[i]].open)
			__set_bit(steer->active[i++], known);
		else
			WRITE_ONCE(steer->active[i], steer->active[--n]);
	}
	for (i = 0; i < unit->nqueues; i++)
		if (unit->queues[i].open && !test_bit(i, known))
			WRITE_ONCE(steer->active[n++], i);
	WRITE_ONCE(steer->nactive, n);
}

/* The unit's queues, its face or its filters have changed. */
void iftap_steer_update(struct iftap_unit *unit)
{
	struct iftap_steer *steer = unit->steer;

	ASSERT_RTNL();
	if (!steer)
		return;
	update_active(unit, steer);
	/* Release: who filters finds unit->steer. */
	smp_store_release(&unit->filtered, unit->face == IFTAP_FACE_LINUX &&
			  (rcu_access_pointer(steer->addresses) ||
			   rcu_access_pointer(steer->filter) ||
			   rcu_access_pointer(steer->filter_ebpf)));
}

/* How many queues are in use. */
unsigned int iftap_steer_active(const struct iftap_unit *unit)
{
	unsigned int i, n = 0;

	for (i = 0; i < unit->nqueues; i++)
		n += READ_ONCE(unit->queues[i].open);
	return n;
}

/* Queues */

static u16 select_by_flow(struct iftap_unit *unit, struct iftap_steer *steer,
			  struct sk_buff *skb, unsigned int n)
{
	u32 hash = __skb_get_hash_symmetric(skb);
	const struct flow *flow;
	u64 what;
	u16 index;

	if (steer->flows) {
		flow = &steer->flows[hash % FLOWS];
		what = READ_ONCE(flow->what);
		index = what;
		if (what >> 32 == hash && what & FLOW_USED &&
		    time_before(jiffies, READ_ONCE(flow->when) + FLOW_AGE) &&
		    READ_ONCE(unit->queues[index].open))
			return index;
	}
	return READ_ONCE(steer->active[reciprocal_scale(hash, n)]);
}

/* By which queue a frame shall go. Context: transmit, RCU. */
u16 iftap_steer_select(struct iftap_unit *unit, struct net_device *dev,
		       struct sk_buff *skb)
{
	/* Acquire: matches iftap_steer_alloc(). */
	struct iftap_steer *steer = smp_load_acquire(&unit->steer);
	unsigned int n = steer ? READ_ONCE(steer->nactive) : 0;
	struct bpf_prog *prog;
	u16 index = 0;

	if (!n)
		return 0;
	rcu_read_lock();
	prog = rcu_dereference(steer->steering);
	if (prog)
		index = READ_ONCE(steer->active[(u16)
						bpf_prog_run_clear_cb(prog, skb)
						% n]);
	else if (n > 1)
		index = select_by_flow(unit, steer, skb, n);
	else
		index = READ_ONCE(steer->active[0]);
	rcu_read_unlock();
	/* They may have become fewer just now. */
	return index < READ_ONCE(dev->real_num_tx_queues) ? index : 0;
}

/**
 * iftap_steer_learn - the flow of an inbound frame is read where it came from
 * @q: where it came from
 * @skb: the frame, its protocol set and its data at the network header
 */
void iftap_steer_learn(struct iftap_queue *q, struct sk_buff *skb)
{
	struct iftap_steer *steer = smp_load_acquire(&q->unit->steer);
	struct flow *flow;
	u64 what;
	u32 hash;

	if (!steer || !steer->flows || READ_ONCE(steer->nactive) < 2 ||
	    !READ_ONCE(q->open) || rcu_access_pointer(steer->steering))
		return;
	skb_reset_network_header(skb);
	hash = __skb_get_hash_symmetric(skb);
	flow = &steer->flows[hash % FLOWS];
	what = (u64)hash << 32 | FLOW_USED | iftap_queue_index(q);
	if (READ_ONCE(flow->what) != what)
		WRITE_ONCE(flow->what, what);
	if (READ_ONCE(flow->when) != jiffies)
		WRITE_ONCE(flow->when, jiffies);
}

/* Filters */

static unsigned int address_hash(const u8 *address)
{
	return ether_crc(ETH_ALEN, address) >> 26;
}

static bool address_wanted(const struct iftap_addresses *a, const u8 *destination)
{
	unsigned int i;

	for (i = 0; i < a->count; i++)
		if (ether_addr_equal(destination, a->exact[i]))
			return true;
	return is_multicast_ether_addr(destination) &&
	       a->hashed & BIT_ULL(address_hash(destination));
}

/**
 * iftap_steer_filter - ask the filters about an outbound frame
 * @q: the queue it is for
 * @skb: the frame, which a BPF program may have cut shorter
 * @reason: why not, for kfree_skb_reason()
 *
 * Context: transmit, RCU.
 * Return: IFTAP_NO_DROP, or what the caller shall count it under.
 */
enum iftap_counter iftap_steer_filter(struct iftap_queue *q,
				      struct sk_buff *skb,
				      enum skb_drop_reason *reason)
{
	/* Acquire: matches iftap_steer_alloc(). */
	struct iftap_steer *steer = smp_load_acquire(&q->unit->steer);
	const struct iftap_addresses *addresses;
	unsigned int len = skb->len;
	struct bpf_prog *prog;

	addresses = rcu_dereference_bh(steer->addresses);
	*reason = SKB_DROP_REASON_TAP_TXFILTER;
	if (addresses && !address_wanted(addresses, skb->data))
		return IFTAP_tx_filtered;

	prog = rcu_dereference_bh(steer->filter);
	*reason = SKB_DROP_REASON_SOCKET_FILTER;
	if (prog && READ_ONCE(q->filter))
		len = min(len, bpf_prog_run_clear_cb(prog, skb));
	if (!len)
		return IFTAP_tx_filtered;

	prog = rcu_dereference_bh(steer->filter_ebpf);
	*reason = SKB_DROP_REASON_TAP_FILTER;
	if (prog)
		len = min(len, bpf_prog_run_clear_cb(prog, skb));
	if (!len)
		return IFTAP_tx_filtered;

	*reason = SKB_DROP_REASON_NOMEM;
	if (pskb_trim(skb, len))
		return IFTAP_tx_nomem;
	/* Where its sum should go may be gone. */
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    skb_checksum_start_offset(skb) + skb->csum_offset +
	    sizeof(__sum16) > len)
		skb->ip_summed = CHECKSUM_NONE;
	return IFTAP_NO_DROP;
}

/**
 * iftap_steer_addresses_from_user - read TUNSETTXFILTER's argument
 * @user: struct tun_filter and the addresses
 * @addresses: set to the filter, the caller's to set or to kfree(); NULL if
 *	all frames are to be let through
 *
 * The first eight are compared; beyond them there may be multicast addresses
 * only, which are hashed, and with another one all frames are let through.
 *
 * Return: how many are compared, or a negative errno.
 */
int iftap_steer_addresses_from_user(void __user *user,
				    struct iftap_addresses **addresses)
{
	struct iftap_addresses *new;
	struct tun_filter wanted;
	u8 (*list)[ETH_ALEN];
	unsigned int i;

	*addresses = NULL;
	if (copy_from_user(&wanted, user, sizeof(wanted)))
		return -EFAULT;
	if (!wanted.count)
		return 0;
	list = vmemdup_user(user + sizeof(wanted), wanted.count * ETH_ALEN);
	if (IS_ERR(list))
		return PTR_ERR(list);
	new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new) {
		kvfree(list);
		return -ENOMEM;
	}
	new->count = min_t(unsigned int, wanted.count, EXACT_MAX);
	memcpy(new->exact, list, new->count * ETH_ALEN);
	for (i = new->count; i < wanted.count; i++) {
		if (!is_multicast_ether_addr(list[i])) {
			kvfree(list);
			kfree(new);
			return 0;
		}
		new->hashed |= BIT_ULL(address_hash(list[i]));
	}
	if (wanted.flags & TUN_FLT_ALLMULTI)
		new->hashed = ~0ull;
	kvfree(list);
	*addresses = new;
	return new->count;
}

/* Let through what is for @addresses, or everything. Context: rtnl. */
void iftap_steer_set_addresses(struct iftap_unit *unit,
			       struct iftap_addresses *addresses)
{
	struct iftap_steer *steer = unit->steer;
	struct iftap_addresses *old = rtnl_dereference(steer->addresses);

	rcu_assign_pointer(steer->addresses, addresses);
	if (old)
		kfree_rcu(old, rcu);
	iftap_steer_update(unit);
}

static struct bpf_prog *set_program(struct iftap_unit *unit,
				    struct bpf_prog __rcu **where,
				    struct bpf_prog *prog)
{
	struct bpf_prog *old = rtnl_dereference(*where);

	rcu_assign_pointer(*where, prog);
	iftap_steer_update(unit);
	return old;
}

/* A program that was in use, or NULL. Waits for who runs it: not under rtnl. */
void iftap_steer_free_prog(struct bpf_prog *prog)
{
	if (prog) {
		synchronize_rcu();
		bpf_prog_destroy(prog);
	}
}

/**
 * iftap_steer_set_filter - TUNATTACHFILTER, TUNDETACHFILTER
 * @unit: the unit
 * @prog: a classic BPF program, the unit's from here on, or NULL for none
 * @fprog: what it was made of
 *
 * It is for the queues in use now, and for those to come but with IFF_NOFILTER.
 *
 * Context: rtnl.
 * Return: the program before, for iftap_steer_free_prog(), or NULL.
 */
struct bpf_prog *iftap_steer_set_filter(struct iftap_unit *unit,
					struct bpf_prog *prog,
					const struct sock_fprog *fprog)
{
	unsigned int i;

	ASSERT_RTNL();
	if (prog)
		unit->steer->fprog = *fprog;
	for (i = 0; i < unit->nqueues; i++)
		if (unit->queues[i].open)
			WRITE_ONCE(unit->queues[i].filter, prog);
	return set_program(unit, &unit->steer->filter, prog);
}

/* TUNGETFILTER: what was given last. Return: is it in force? */
bool iftap_steer_get_filter(struct iftap_unit *unit, struct sock_fprog *fprog)
{
	ASSERT_RTNL();
	*fprog = unit->steer->fprog;
	return rcu_access_pointer(unit->steer->filter);
}

/**
 * iftap_steer_set_ebpf - TUNSETSTEERINGEBPF, TUNSETFILTEREBPF
 * @unit: the unit
 * @prog: a BPF program, the unit's from here on, or NULL for none
 * @steering: which of the two
 *
 * Context: rtnl.
 * Return: the program before, for iftap_steer_free_prog(), or NULL.
 */
struct bpf_prog *iftap_steer_set_ebpf(struct iftap_unit *unit,
				      struct bpf_prog *prog, bool steering)
{
	ASSERT_RTNL();
	return set_program(unit, steering ? &unit->steer->steering :
					    &unit->steer->filter_ebpf, prog);
}
