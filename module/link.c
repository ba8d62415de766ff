// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * `ip link add NAME type if_tap`, `ip link del NAME`, and what rtnetlink tells
 * of a unit. Kind and number come from the name.
 */
#include <linux/etherdevice.h>
#include <linux/nsproxy.h>
#include <net/rtnetlink.h>
#include "iftap.h"

static const struct nla_policy iftap_policy[IFLA_IFTAP_MAX + 1] = {
	[IFLA_IFTAP_KIND] = NLA_POLICY_MAX(NLA_U8, IFTAP_KIND_VMNET),
	[IFLA_IFTAP_UNIT] = { .type = NLA_REJECT },
	[IFLA_IFTAP_OPEN] = { .type = NLA_REJECT },
	[IFLA_IFTAP_OPENER_PID] = { .type = NLA_REJECT },
	[IFLA_IFTAP_OPENER_COMM] = { .type = NLA_REJECT },
	[IFLA_IFTAP_REMOTE_ADDRESS] = { .type = NLA_REJECT },
	[IFLA_IFTAP_TRANSIENT] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_IFTAP_BAUDRATE] = { .type = NLA_S32 },
	[IFLA_IFTAP_QUEUED] = { .type = NLA_REJECT },
};

static int iftap_validate(struct nlattr *tb[], struct nlattr *data[],
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *address = tb[IFLA_ADDRESS];

	if (!address)
		return 0;
	if (nla_len(address) != ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, address, "not six bytes");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(address))) {
		NL_SET_ERR_MSG_ATTR(extack, address, "multicast or all zero");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static void set_attributes(struct iftap_unit *unit, struct nlattr *data[])
{
	ASSERT_RTNL();
	if (!data)
		return;
	if (data[IFLA_IFTAP_TRANSIENT])
		WRITE_ONCE(unit->transient,
			   nla_get_u8(data[IFLA_IFTAP_TRANSIENT]));
	if (data[IFLA_IFTAP_BAUDRATE])
		iftap_netdev_set_baudrate(rtnl_dereference(unit->dev),
					  nla_get_s32(data[IFLA_IFTAP_BAUDRATE]));
}

static int iftap_newlink(struct net *src_net, struct net_device *dev,
			 struct nlattr *tb[], struct nlattr *data[],
			 struct netlink_ext_ack *extack)
{
	struct iftap_ident id;
	int err;

	id = iftap_ident_of_name(dev->name);
	if (id.number == IFTAP_ANY_NUMBER) {
		id.number = iftap_unit_lowest_free(dev_net(dev), id.kind);
		if (id.number < 0) {
			NL_SET_ERR_MSG(extack, "no unit number is free");
			return id.number;
		}
		iftap_ident_name(id, dev->name);
	}
	if (data && data[IFLA_IFTAP_KIND]) {
		enum iftap_kind kind = nla_get_u8(data[IFLA_IFTAP_KIND]);

		if (id.number != IFTAP_NO_NUMBER && kind != id.kind) {
			NL_SET_ERR_MSG_ATTR(extack, data[IFLA_IFTAP_KIND],
					    "kind and name disagree: tapN is a tap, vmnetN a vmnet");
			return -EINVAL;
		}
		id.kind = kind;
	}
	if (dev->num_tx_queues > TAP_QUEUES_MAX) {
		NL_SET_ERR_MSG(extack, "numtxqueues above 256");
		return -EINVAL;
	}
	if (id.kind == IFTAP_KIND_TAP)
		netif_carrier_off(dev);
	err = iftap_unit_register(dev, id, tb[IFLA_ADDRESS]);
	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack, "a unit or an interface has this name");
	if (!err)
		set_attributes(iftap_netdev_unit(dev), data);
	return err;
}

static int iftap_changelink(struct net_device *dev, struct nlattr *tb[],
			    struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);

	if (data && data[IFLA_IFTAP_KIND] &&
	    nla_get_u8(data[IFLA_IFTAP_KIND]) != unit->id.kind) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_IFTAP_KIND],
				    "a unit keeps its kind");
		return -EINVAL;
	}
	set_attributes(unit, data);
	return 0;
}

static void iftap_dellink(struct net_device *dev, struct list_head *head)
{
	iftap_unit_destroy(iftap_netdev_unit(dev), head);
}

static size_t iftap_get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(u8)) +	/* IFLA_IFTAP_KIND */
	       nla_total_size(sizeof(u32)) +	/* IFLA_IFTAP_UNIT */
	       nla_total_size(sizeof(u8)) +	/* IFLA_IFTAP_OPEN */
	       nla_total_size(sizeof(u32)) +	/* IFLA_IFTAP_OPENER_PID */
	       nla_total_size(TASK_COMM_LEN) +	/* IFLA_IFTAP_OPENER_COMM */
	       nla_total_size(ETH_ALEN) +	/* IFLA_IFTAP_REMOTE_ADDRESS */
	       nla_total_size(sizeof(u8)) +	/* IFLA_IFTAP_TRANSIENT */
	       nla_total_size(sizeof(s32)) +	/* IFLA_IFTAP_BAUDRATE */
	       nla_total_size(sizeof(u32));	/* IFLA_IFTAP_QUEUED */
}

/*
 * Is this an answer to somebody in the interface's own namespace, as far as
 * can be told? To whom a notification goes cannot; the pid is left out of
 * those that the kernel or another namespace causes.
 */
static bool asked_from_here(const struct net_device *dev)
{
	return !(current->flags & PF_KTHREAD) && current->nsproxy &&
	       net_eq(current->nsproxy->net_ns, dev_net(dev));
}

static int fill_opener(struct sk_buff *skb, const struct net_device *dev,
		       struct iftap_unit *unit)
{
	char comm[TASK_COMM_LEN];
	int pid = iftap_opener_pid(unit, comm);

	if (nla_put_u8(skb, IFLA_IFTAP_OPEN, READ_ONCE(unit->open)))
		return -EMSGSIZE;
	if (pid == -ENOENT)
		return 0;
	if (pid >= 0 && asked_from_here(dev) &&
	    nla_put_u32(skb, IFLA_IFTAP_OPENER_PID, pid))
		return -EMSGSIZE;
	return nla_put_string(skb, IFLA_IFTAP_OPENER_COMM, comm);
}

static int iftap_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	unsigned int i, queued = 0;
	u8 remote[ETH_ALEN];

	for (i = 0; i < unit->nqueues; i++)
		queued += skb_queue_len_lockless(&unit->queues[i].frames);
	iftap_opener_remote(unit, remote);

	if (nla_put_u8(skb, IFLA_IFTAP_KIND, unit->id.kind) ||
	    (unit->id.number != IFTAP_NO_NUMBER &&
	     nla_put_u32(skb, IFLA_IFTAP_UNIT, unit->id.number)) ||
	    fill_opener(skb, dev, unit) ||
	    nla_put(skb, IFLA_IFTAP_REMOTE_ADDRESS, ETH_ALEN, remote) ||
	    nla_put_u8(skb, IFLA_IFTAP_TRANSIENT, READ_ONCE(unit->transient)) ||
	    nla_put_s32(skb, IFLA_IFTAP_BAUDRATE, READ_ONCE(unit->baudrate)) ||
	    nla_put_u32(skb, IFLA_IFTAP_QUEUED, queued))
		return -EMSGSIZE;
	return 0;
}

struct rtnl_link_ops iftap_link_ops __read_mostly = {
	.kind = IFTAP_NAME,
	.priv_size = sizeof(struct iftap_priv),
	.setup = iftap_netdev_setup,
	.maxtype = IFLA_IFTAP_MAX,
	.policy = iftap_policy,
	.validate = iftap_validate,
	.newlink = iftap_newlink,
	.changelink = iftap_changelink,
	.dellink = iftap_dellink,
	.get_size = iftap_get_size,
	.fill_info = iftap_fill_info,
};
