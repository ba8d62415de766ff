// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The interface side of a unit: what the network stack and ethtool(8) call.
 * It is made and destroyed in unit.c.
 */
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/etherdevice.h>
#include <linux/netfilter.h>
#include <linux/poll.h>
#include <net/dst.h>
#include <net/ip_tunnels.h>
#include <net/xdp.h>
#include "iftap.h"

#define MTU_MAX (TAPMRU - ETH_HLEN)
/* What Linux's tun has, in frames. */
#define L3_QUEUE_LEN 500

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

/* At the Linux face a program may wait for it to be up, to write. */
static int iftap_netdev_open(struct net_device *dev)
{
	netif_tx_start_all_queues(dev);
	iftap_queue_wake_all_writers(iftap_netdev_unit(dev));
	return 0;
}

/*
 * The core has waited for transmitters; what they left here is lost, but for
 * the Linux face, whose reader gets it as he would from tun.
 */
static int iftap_netdev_stop(struct net_device *dev)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	unsigned int i;

	netif_tx_stop_all_queues(dev);
	if (unit->open && unit->face == IFTAP_FACE_LINUX)
		return 0;
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
 * to have back: its socket's memory, user pages, its route, its connection,
 * its IPsec state.
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
		skb_ext_reset(skb);
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

/* A frame is dropped, as the last of a burst perhaps: others may wait. */
static void announce(struct iftap_queue *q, struct iftap_ring *ring)
{
	if (netdev_xmit_more())
		return;
	if (ring)
		iftap_ring_publish(ring);
	else
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

/* Is the frame, or what the filters leave of it, for the program? */
static bool wanted(struct iftap_queue *q, struct sk_buff *skb)
{
	enum skb_drop_reason reason;
	enum iftap_counter cause;

	cause = iftap_steer_filter(q, skb, &reason);
	if (cause == IFTAP_NO_DROP)
		return true;
	iftap_count(q->unit->counters, cause);
	skb_tx_error(skb);
	kfree_skb_reason(skb, reason);
	return false;
}

/*
 * Only a redirection leaves the tag to an interface that takes none. Not inline,
 * for its stack is checked, and every frame would pay for that.
 */
static noinline struct sk_buff *with_tag(struct iftap_unit *unit,
					 struct sk_buff *skb)
{
	skb = __vlan_hwaccel_push_inside(skb);
	if (!skb)
		iftap_count(unit->counters, IFTAP_tx_nomem);
	return skb;
}

/* Linux 6.1 may leave a number in the frame that it has replaced by 0. */
static unsigned int queue_index(const struct iftap_unit *unit,
				const struct sk_buff *skb)
{
	unsigned int index = skb_get_queue_mapping(skb);

	return likely(index < unit->nqueues) ? index : 0;
}

static netdev_tx_t iftap_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	struct iftap_queue *q = &unit->queues[queue_index(unit, skb)];
	struct iftap_ring *ring = rcu_dereference_bh(q->ring);

	if (unlikely(skb_vlan_tag_present(skb))) {
		skb = with_tag(unit, skb);
		if (!skb) {
			announce(q, ring);
			return NETDEV_TX_OK;
		}
	}
	/* Acquire: matches iftap_steer_update(). */
	if (unlikely(smp_load_acquire(&unit->filtered)) && !wanted(q, skb)) {
		announce(q, ring);
		return NETDEV_TX_OK;
	}
	if (ring)
		ring_xmit(ring, skb);
	else
		queue_xmit(q, skb, dev);
	return NETDEV_TX_OK;
}

/* With several queues of the Linux face, where a flow was last written. */
static u16 iftap_select_queue(struct net_device *dev, struct sk_buff *skb,
			      struct net_device *sb_dev)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);

	if (likely(READ_ONCE(dev->real_num_tx_queues) == 1))
		return 0;
	if (READ_ONCE(unit->face) == IFTAP_FACE_LINUX)
		return iftap_steer_select(unit, dev, skb);
	return netdev_pick_tx(dev, skb, sb_dev);
}

/* A queue that somebody reads, another for each CPU if there are so many. */
static unsigned int xdp_queue(const struct iftap_unit *unit, unsigned int n)
{
	unsigned int i, index, cpu = smp_processor_id();

	for (i = 0; i < n; i++) {
		index = (cpu + i) % n;
		if (READ_ONCE(unit->queues[index].open))
			return index;
	}
	return 0;
}

/* Another interface's XDP program sends these out here. */
static int iftap_xdp_xmit(struct net_device *dev, int n,
			  struct xdp_frame **frames, u32 flags)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	struct netdev_queue *txq;
	struct sk_buff *skb;
	unsigned int index;
	int i;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	if (unlikely(!netif_running(dev) || !netif_carrier_ok(dev)))
		return -ENXIO;
	index = xdp_queue(unit, READ_ONCE(dev->real_num_tx_queues));
	txq = netdev_get_tx_queue(dev, index);
	__netif_tx_lock(txq, smp_processor_id());
	for (i = 0; i < n && !netif_tx_queue_stopped(txq); i++) {
		skb = xdp_build_skb_from_frame(frames[i], dev);
		if (unlikely(!skb))
			break;
		skb_reset_network_header(skb);
		skb_push(skb, ETH_HLEN);
		skb_set_queue_mapping(skb, index);
		netdev_start_xmit(skb, dev, txq, false);
	}
	if (unlikely(i < n))
		iftap_count_add(unit->counters,
				netif_tx_queue_stopped(txq) ?
				IFTAP_tx_ring_full : IFTAP_tx_nomem, n - i);
	__netif_tx_unlock(txq);
	return i;
}

/* Programs filter by themselves; this lets multicast addresses be added. */
static void iftap_set_rx_mode(struct net_device *dev)
{
}

/* The carrier can be had only while there is somebody at the other end. */
static int iftap_change_carrier(struct net_device *dev, bool carrier)
{
	if (!carrier)
		netif_carrier_off(dev);
	else if (iftap_steer_active(iftap_netdev_unit(dev)))
		netif_carrier_on(dev);
	else
		return -EPERM;
	return 0;
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
	.ndo_set_rx_mode = iftap_set_rx_mode,
	.ndo_select_queue = iftap_select_queue,
	.ndo_change_carrier = iftap_change_carrier,
	.ndo_features_check = passthru_features_check,
	.ndo_bpf = iftap_xdp_setup,
	.ndo_xdp_xmit = iftap_xdp_xmit,
};

/* Without an Ethernet header. */
static const struct net_device_ops iftap_netdev_ops_l3 = {
	.ndo_open = iftap_netdev_open,
	.ndo_stop = iftap_netdev_stop,
	.ndo_start_xmit = iftap_xmit,
	.ndo_get_stats64 = iftap_get_stats64,
	.ndo_fix_features = iftap_fix_features,
	.ndo_select_queue = iftap_select_queue,
	.ndo_change_carrier = iftap_change_carrier,
};

static void iftap_get_drvinfo(struct net_device *dev,
			      struct ethtool_drvinfo *info)
{
	strscpy(info->driver, IFTAP_NAME, sizeof(info->driver));
	strscpy(info->version, IFTAP_VERSION, sizeof(info->version));
	strscpy(info->bus_info, iftap_netdev_unit(dev)->l3 ? "tun" : "tap",
		sizeof(info->bus_info));
}

static int iftap_get_link_ksettings(struct net_device *dev,
				    struct ethtool_link_ksettings *cmd)
{
	const struct iftap_link *link = &iftap_netdev_unit(dev)->link;

	ethtool_link_ksettings_zero_link_mode(cmd, supported);
	ethtool_link_ksettings_zero_link_mode(cmd, advertising);
	cmd->base.speed = READ_ONCE(link->speed);
	cmd->base.duplex = READ_ONCE(link->duplex);
	cmd->base.port = READ_ONCE(link->port);
	cmd->base.autoneg = READ_ONCE(link->autoneg);
	return 0;
}

/* There is no wire that could not have them: said, believed. */
static int iftap_set_link_ksettings(struct net_device *dev,
				    const struct ethtool_link_ksettings *cmd)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	u32 speed = cmd->base.speed;

	WRITE_ONCE(unit->link.speed, speed);
	WRITE_ONCE(unit->link.duplex, cmd->base.duplex);
	WRITE_ONCE(unit->link.port, cmd->base.port);
	WRITE_ONCE(unit->link.autoneg, cmd->base.autoneg);
	WRITE_ONCE(unit->baudrate, speed == SPEED_UNKNOWN ? 0 :
		   min_t(u64, speed * 1000000ull, S32_MAX));
	return 0;
}

static void iftap_get_channels(struct net_device *dev,
			       struct ethtool_channels *channels)
{
	const struct iftap_unit *unit = iftap_netdev_unit(dev);

	channels->combined_count = iftap_steer_active(unit);
	channels->max_combined = unit->nqueues;
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
	.set_link_ksettings = iftap_set_link_ksettings,
	.get_channels = iftap_get_channels,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = iftap_get_sset_count,
	.get_strings = iftap_get_strings,
	.get_ethtool_stats = iftap_get_ethtool_stats,
};

static void setup(struct net_device *dev)
{
	dev->ethtool_ops = &iftap_ethtool_ops;
	dev->needs_free_netdev = true;
	dev->sysfs_groups[0] = &iftap_sysfs_group;
	SET_NETDEV_DEVTYPE(dev, &iftap_sysfs_type);
	dev->hw_features = NETIF_F_SG | NETIF_F_FRAGLIST | OFFLOAD_FEATURES;
	dev->features = dev->hw_features;
	dev->vlan_features = dev->features;
}

/* What alloc_netdev() calls, for interfaces made by any face and by ip(8). */
void iftap_netdev_setup(struct net_device *dev)
{
	ether_setup(dev);
	setup(dev);
	dev->netdev_ops = &iftap_netdev_ops;
	dev->max_mtu = MTU_MAX;
	iftap_netdev_xdp_features(dev);
	/* A queued frame is ours alone, and addresses change any time. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
}

/* The same for an interface that carries IP packets: IFF_TUN. */
void iftap_netdev_setup_l3(struct net_device *dev)
{
	setup(dev);
	dev->netdev_ops = &iftap_netdev_ops_l3;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
	dev->mtu = ETH_DATA_LEN;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
	dev->tx_queue_len = L3_QUEUE_LEN;
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
	if (err || (offloads == unit->offloads &&
		    (dev->wanted_features & OFFLOAD_FEATURES) == features))
		return err;
	WRITE_ONCE(unit->offloads, offloads);
	WRITE_ONCE(unit->features, features);
	dev->wanted_features &= ~OFFLOAD_FEATURES;
	dev->wanted_features |= features;
	netdev_update_features(dev);
	return 0;
}

/* Frames beyond TAPMRU, and an MTU to match, or no more of them. */
void iftap_netdev_set_large(struct net_device *dev, bool large)
{
	ASSERT_RTNL();
	large |= iftap_netdev_unit(dev)->made_by_tunsetiff;
	if (!large && dev->mtu > MTU_MAX)
		dev_set_mtu(dev, MTU_MAX);
	dev->max_mtu = large ? ETH_MAX_MTU - dev->hard_header_len : MTU_MAX;
}

/* In bit/s; 0 and below: unknown. */
void iftap_netdev_set_baudrate(struct net_device *dev, s32 baudrate)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	s32 mbits = baudrate / 1000000;

	ASSERT_RTNL();
	WRITE_ONCE(unit->baudrate, baudrate);
	WRITE_ONCE(unit->link.speed, mbits > 0 ? mbits : SPEED_UNKNOWN);
}
