// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Offload headers: virtio's form on the program's side, the skb's own fields
 * on the stack's. <linux/virtio_net.h> translates and validates, except UDP
 * segmentation on kernels where it does not know that.
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <linux/virtio_net.h>
#include <uapi/linux/if_tun.h>
#include "iftap.h"

#define USO (IFTAP_TUN_F_USO4 | IFTAP_TUN_F_USO6)
#define TSO (TUN_F_TSO4 | TUN_F_TSO6)

/**
 * iftap_offload_features - what the interface may leave to the program
 * @offloads: TUN_F_* bits
 * @features: set to the features they mean
 *
 * Return: 0, or -EINVAL for a combination there is not.
 */
int iftap_offload_features(unsigned int offloads, netdev_features_t *features)
{
	*features = 0;
	if (offloads & ~(TUN_F_CSUM | TSO | TUN_F_TSO_ECN | USO))
		return -EINVAL;
	if (offloads && !(offloads & TUN_F_CSUM))
		return -EINVAL;
	if (offloads & TUN_F_TSO_ECN && !(offloads & TSO))
		return -EINVAL;
	if (offloads & USO && (offloads & USO) != USO)
		return -EINVAL;
	*features |= offloads & TUN_F_CSUM ? NETIF_F_HW_CSUM : 0;
	*features |= offloads & TUN_F_TSO4 ? NETIF_F_TSO : 0;
	*features |= offloads & TUN_F_TSO6 ? NETIF_F_TSO6 : 0;
	*features |= offloads & TUN_F_TSO_ECN ? NETIF_F_TSO_ECN : 0;
	*features |= offloads & USO ? NETIF_F_GSO_UDP_L4 : 0;
	return 0;
}

/**
 * iftap_offload_agreed - may what is left to do to a frame be left to the program?
 * @unit: the unit
 * @skb: a frame to be cut up or summed; it may have been queued, or passed the
 *	core, when the program was another or had agreed to more
 */
bool iftap_offload_agreed(const struct iftap_unit *unit,
			  const struct sk_buff *skb)
{
	netdev_features_t features = READ_ONCE(unit->features);

	if (skb_is_gso(skb))
		return net_gso_ok(features | NETIF_F_GSO_ROBUST,
				  skb_shinfo(skb)->gso_type);
	return features & NETIF_F_HW_CSUM;
}

#ifdef IFTAP_VIRTIO_NET_HAS_USO
static int to_skb(struct sk_buff *skb, const struct virtio_net_hdr *hdr,
		  bool little_endian, bool l3)
{
	return virtio_net_hdr_to_skb(skb, hdr, little_endian);
}

static int from_skb(const struct sk_buff *skb, struct virtio_net_hdr *hdr,
		    bool little_endian)
{
	return virtio_net_hdr_from_skb(skb, hdr, little_endian, true, 0);
}
#else
/* Is there a UDP header at @offset, behind tags and the IP header? */
static bool is_udp_at(const struct sk_buff *skb, unsigned int offset, bool l3)
{
	unsigned int before = l3 ? 0 : ETH_HLEN;
	const struct vlan_hdr *tag;
	const void *network;
	__be16 protocol;

	if (offset < before + sizeof(struct iphdr))
		return false;
	if (!l3)
		protocol = ((struct ethhdr *)skb->data)->h_proto;
	else
		protocol = skb->data[0] >> 4 == 4 ? htons(ETH_P_IP) :
						    htons(ETH_P_IPV6);
	for (; eth_type_vlan(protocol); before += VLAN_HLEN) {
		if (offset < before + VLAN_HLEN + sizeof(struct iphdr))
			return false;
		tag = (const void *)skb->data + before;
		protocol = tag->h_vlan_encapsulated_proto;
	}
	network = skb->data + before;
	if (protocol == htons(ETH_P_IP))
		return ((const struct iphdr *)network)->protocol == IPPROTO_UDP;
	if (protocol == htons(ETH_P_IPV6))
		return offset >= before + sizeof(struct ipv6hdr) &&
		       ((const struct ipv6hdr *)network)->nexthdr ==
		       IPPROTO_UDP;
	return false;
}

static int uso_to_skb(struct sk_buff *skb, const struct virtio_net_hdr *hdr,
		      bool little_endian, bool l3)
{
	u16 gso_size = __virtio16_to_cpu(little_endian, hdr->gso_size);
	struct virtio_net_hdr checksum = *hdr;
	unsigned int headers;
	int err;

	if (!(hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) || !gso_size ||
	    gso_size == GSO_BY_FRAGS ||
	    __virtio16_to_cpu(little_endian, hdr->csum_offset) !=
	    offsetof(struct udphdr, check))
		return -EINVAL;

	checksum.gso_type = VIRTIO_NET_HDR_GSO_NONE;
	err = virtio_net_hdr_to_skb(skb, &checksum, little_endian);
	if (err)
		return err;
	headers = skb_transport_offset(skb) + sizeof(struct udphdr);
	if (!pskb_may_pull(skb, headers) ||
	    !is_udp_at(skb, skb_transport_offset(skb), l3) ||
	    skb->len - headers > gso_size * UDP_MAX_SEGMENTS)
		return -EINVAL;
	if (skb->len - headers > gso_size) {
		skb_shinfo(skb)->gso_size = gso_size;
		skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4 | SKB_GSO_DODGY;
		skb_shinfo(skb)->gso_segs = 0;
	}
	return 0;
}

static int to_skb(struct sk_buff *skb, const struct virtio_net_hdr *hdr,
		  bool little_endian, bool l3)
{
	if (hdr->gso_type == IFTAP_VIRTIO_NET_HDR_GSO_UDP_L4)
		return uso_to_skb(skb, hdr, little_endian, l3);
	return virtio_net_hdr_to_skb(skb, hdr, little_endian);
}

static int from_skb(const struct sk_buff *skb, struct virtio_net_hdr *hdr,
		    bool little_endian)
{
	if (!skb_is_gso(skb) ||
	    !(skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4))
		return virtio_net_hdr_from_skb(skb, hdr, little_endian, true,
					       0);
	memset(hdr, 0, sizeof(*hdr));
	hdr->gso_type = IFTAP_VIRTIO_NET_HDR_GSO_UDP_L4;
	hdr->gso_size = __cpu_to_virtio16(little_endian,
					  skb_shinfo(skb)->gso_size);
	hdr->hdr_len = __cpu_to_virtio16(little_endian, skb_headlen(skb));
	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr->csum_start = __cpu_to_virtio16(little_endian,
					    skb_checksum_start_offset(skb));
	hdr->csum_offset = __cpu_to_virtio16(little_endian, skb->csum_offset);
	return 0;
}
#endif

/**
 * iftap_offload_to_skb - apply an offload header
 * @skb: a frame as the program gave it, before eth_type_trans()
 * @hdr: its header, our copy
 * @little_endian: its byte order; otherwise the machine's
 * @l3: the frame has no Ethernet header
 *
 * Return: 0, or -EINVAL if the header does not fit the frame.
 */
int iftap_offload_to_skb(struct sk_buff *skb, const struct tapoffload *hdr,
			 bool little_endian, bool l3)
{
	const u8 known = VIRTIO_NET_HDR_F_NEEDS_CSUM |
			 VIRTIO_NET_HDR_F_DATA_VALID;

	BUILD_BUG_ON(sizeof(*hdr) != sizeof(struct virtio_net_hdr_v1));
	if (hdr->flags & ~known)
		return -EINVAL;
	return to_skb(skb, (const struct virtio_net_hdr *)hdr,
		      little_endian || virtio_legacy_is_little_endian(), l3);
}

/**
 * iftap_offload_from_skb - say what is left to do to a frame
 * @skb: the frame
 * @hdr: set in any case
 * @little_endian: its byte order; otherwise the machine's
 *
 * Return: 0, or -EINVAL for an offload that no header can say, which the
 * interface's features do not let happen.
 */
int iftap_offload_from_skb(const struct sk_buff *skb, struct tapoffload *hdr,
			   bool little_endian)
{
	hdr->num_buffers = 0;
	return from_skb(skb, (struct virtio_net_hdr *)hdr,
			little_endian || virtio_legacy_is_little_endian());
}
