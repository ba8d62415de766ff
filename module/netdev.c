// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The interface side of a unit: what the network stack and ethtool(8) call.
 * It is made and destroyed in unit.c.
 */
#include <linux/ethtool.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/poll.h>
#include <net/dst.h>
#include "iftap.h"

#define MTU_MAX (TAPMRU - ETH_HLEN)
/* With offload headers. */
#define MTU_MAX_LARGE (65535 - ETH_HLEN)

/* What the program has to agree to take over. */
#define OFFLOAD_FEATURES						\
	(NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_TSO6 |			\
	 NETIF_F_TSO_ECN | NETIF_F_GSO_UDP_L4)

static enum skb_drop_reason drop_reason(enum iftap_counter cause)
{
	switch (cause) {
	case IFTAP_tx_closed:
	case IFTAP_tx_ring_broken:
		return SKB_DROP_REASON_DEV_READY;
	case IFTAP_tx_nomem:
		return SKB_DROP_REASON_NOMEM;
	default:
		return SKB_DROP_REASON_FULL_RING;
	}
}

static int iftap_netdev_open(struct net_device *dev)
{
	netif_tx_start_all_queues(dev);
	return 0;
}

/* The core has waited for transmitters; what they left here is lost. */
static int iftap_netdev_stop(struct net_device *dev)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	unsigned int i;

	netif_tx_stop_all_queues(dev);
	for (i = 0; i < unit->nqueues; i++)
		iftap_queue_purge(&unit->queues[i]);
	return 0;
}

static void discard(struct sk_buff *skb, enum iftap_counter cause)
{
	skb_tx_error(skb);
	kfree_skb_reason(skb, drop_reason(cause));
}

/*
 * The frame may wait for ever, so it lets go of whatever somebody else waits
 * to have back: its socket's memory, user pages, its route, its connection.
 */
static void queue_xmit(struct iftap_queue *q, struct sk_buff *skb,
		       struct net_device *dev)
{
	enum iftap_counter cause = IFTAP_tx_nomem;

	if (likely(!skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		skb_tx_timestamp(skb);
		skb_orphan(skb);
		skb_dst_drop(skb);
		nf_reset_ct(skb);
		cause = iftap_queue_put(q, skb,
					max(READ_ONCE(dev->tx_queue_len), 1u));
	}
	if (unlikely(cause != IFTAP_NO_DROP)) {
		iftap_count(q->unit->counters, cause);
		discard(skb, cause);
	}
	/* Also when the last frame of a burst is dropped: others may wait. */
	if (!netdev_xmit_more())
		iftap_queue_wake(q, EPOLLIN | EPOLLRDNORM);
}

/* Copied, so the frame itself is done with; netpoll calls with IRQs off. */
static void ring_xmit(struct iftap_ring *ring, struct sk_buff *skb)
{
	enum iftap_counter cause;

	cause = iftap_ring_put(ring, skb, netdev_xmit_more());
	if (unlikely(cause != IFTAP_NO_DROP)) {
		discard(skb, cause);
		return;
	}
	/* skb_tx_timestamp() would ask a PHY as well: there is none. */
	if (unlikely(skb_shinfo(skb)->tx_flags & SKBTX_SW_TSTAMP))
		skb_tstamp_tx(skb, NULL);
	napi_consume_skb(skb, !irqs_disabled());
}

static netdev_tx_t iftap_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	struct iftap_queue *q = &unit->queues[skb_get_queue_mapping(skb)];
	struct iftap_ring *ring = rcu_dereference_bh(q->ring);

	if (ring)
		ring_xmit(ring, skb);
	else
		queue_xmit(q, skb, dev);
	return NETDEV_TX_OK;
}

static netdev_features_t iftap_fix_features(struct net_device *dev,
					    netdev_features_t features)
{
	return features & (~OFFLOAD_FEATURES | iftap_netdev_unit(dev)->features);
}

static void iftap_get_stats64(struct net_device *dev,
			      struct rtnl_link_stats64 *stats)
{
	iftap_counter_stats64(iftap_netdev_unit(dev)->counters, stats);
}

static const struct net_device_ops iftap_netdev_ops = {
	.ndo_open = iftap_netdev_open,
	.ndo_stop = iftap_netdev_stop,
	.ndo_start_xmit = iftap_xmit,
	.ndo_get_stats64 = iftap_get_stats64,
	.ndo_fix_features = iftap_fix_features,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static void iftap_get_drvinfo(struct net_device *dev,
			      struct ethtool_drvinfo *info)
{
	strscpy(info->driver, IFTAP_NAME, sizeof(info->driver));
	strscpy(info->version, IFTAP_VERSION, sizeof(info->version));
}

static int iftap_get_link_ksettings(struct net_device *dev,
				    struct ethtool_link_ksettings *cmd)
{
	s32 mbits = READ_ONCE(iftap_netdev_unit(dev)->baudrate) / 1000000;

	ethtool_link_ksettings_zero_link_mode(cmd, supported);
	ethtool_link_ksettings_zero_link_mode(cmd, advertising);
	cmd->base.speed = mbits > 0 ? mbits : SPEED_UNKNOWN;
	cmd->base.duplex = DUPLEX_FULL;
	cmd->base.port = PORT_OTHER;
	cmd->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

static int iftap_get_sset_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ? IFTAP_NCOUNTERS : -EOPNOTSUPP;
}

static void iftap_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	enum iftap_counter i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < IFTAP_NCOUNTERS; i++)
		ethtool_sprintf(&data, "%s", iftap_counter_name(i));
}

static void iftap_get_ethtool_stats(struct net_device *dev,
				    struct ethtool_stats *stats, u64 *data)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	enum iftap_counter i;

	for (i = 0; i < IFTAP_NCOUNTERS; i++)
		data[i] = iftap_counter_sum(unit->counters, i);
}

static const struct ethtool_ops iftap_ethtool_ops = {
	.get_drvinfo = iftap_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = iftap_get_link_ksettings,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = iftap_get_sset_count,
	.get_strings = iftap_get_strings,
	.get_ethtool_stats = iftap_get_ethtool_stats,
};

/* What alloc_netdev() calls, for interfaces made by open and by ip(8) alike. */
void iftap_netdev_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &iftap_netdev_ops;
	dev->ethtool_ops = &iftap_ethtool_ops;
	dev->needs_free_netdev = true;
	dev->sysfs_groups[0] = &iftap_sysfs_group;
	dev->max_mtu = MTU_MAX;
	dev->hw_features = NETIF_F_SG | NETIF_F_FRAGLIST | OFFLOAD_FEATURES;
	dev->features = dev->hw_features;
	dev->vlan_features = dev->features;
	/* A queued frame is ours alone, and addresses change any time. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
}

/*
 * 00:bd, three random bytes, the unit's low byte. addr_assign_type stays as
 * it is, permanent: udev would rewrite a random one.
 */
void iftap_netdev_random_address(struct net_device *dev, unsigned int number)
{
	u8 address[ETH_ALEN] = { 0x00, 0xbd };

	get_random_bytes(address + 2, 3);
	address[5] = number;
	eth_hw_addr_set(dev, address);
}

/**
 * iftap_netdev_set_offloads - TAPSOFFLOAD
 * @dev: the interface
 * @offloads: TUN_F_* bits the program takes over
 *
 * Context: rtnl.
 * Return: 0 or -EINVAL.
 */
int iftap_netdev_set_offloads(struct net_device *dev, unsigned int offloads)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	netdev_features_t features;
	int err;

	ASSERT_RTNL();
	err = iftap_offload_features(offloads, &features);
	if (err || offloads == unit->offloads)
		return err;
	WRITE_ONCE(unit->offloads, offloads);
	unit->features = features;
	dev->wanted_features &= ~OFFLOAD_FEATURES;
	dev->wanted_features |= features;
	netdev_update_features(dev);
	return 0;
}

/* Frames beyond TAPMRU, and an MTU to match, or no more of them. */
void iftap_netdev_set_large(struct net_device *dev, bool large)
{
	ASSERT_RTNL();
	if (!large && dev->mtu > MTU_MAX)
		dev_set_mtu(dev, MTU_MAX);
	dev->max_mtu = large ? MTU_MAX_LARGE : MTU_MAX;
}
