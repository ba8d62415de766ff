// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Make an interface forget its IPv4 and IPv6 addresses, as ip(8) would: by
 * RTM_DELADDR messages. There is no other way that leaves the routes, the
 * notifications and whatever stands on top of the interface in order.
 */
#include <linux/cred.h>
#include <linux/inetdevice.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include "iftap.h"

/* Addresses are collected and removed this many at a time. */
#define BATCH	16
/* An end to it, should somebody add addresses as fast as we remove them. */
#define ROUNDS	4096

struct address {
	u8 family;
	u8 prefix_len;
	u8 len;
	u8 bytes[sizeof(struct in6_addr)];
};

static void address_set(struct address *a, u8 family, u8 prefix_len,
			const void *bytes, u8 len)
{
	a->family = family;
	a->prefix_len = prefix_len;
	a->len = len;
	memcpy(a->bytes, bytes, len);
}

static unsigned int collect_ipv4(struct net_device *dev, struct address *list)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa;
	unsigned int n = 0;

	if (!in_dev)
		return 0;
	in_dev_for_each_ifa_rtnl(ifa, in_dev) {
		if (n == BATCH)
			break;
		address_set(&list[n++], AF_INET, ifa->ifa_prefixlen,
			    &ifa->ifa_local, sizeof(ifa->ifa_local));
	}
	return n;
}

static unsigned int collect_ipv6(struct net_device *dev, struct address *list,
				 unsigned int n)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;

	if (!idev)
		return n;
	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list) {
		if (n == BATCH)
			break;
		address_set(&list[n++], AF_INET6, ifa->prefix_len, &ifa->addr,
			    sizeof(ifa->addr));
	}
	read_unlock_bh(&idev->lock);
#endif
	return n;
}

static unsigned int collect(struct net *net, int ifindex,
			    const struct iftap_unit *unit, struct address *list)
{
	struct net_device *dev;
	unsigned int n = 0;

	rtnl_lock();
	dev = __dev_get_by_index(net, ifindex);
	if (dev && dev == rtnl_dereference(unit->dev))
		n = collect_ipv6(dev, list, collect_ipv4(dev, list));
	rtnl_unlock();
	return n;
}

/*
 * The destination is named, with port 0 for the kernel: that makes rtnetlink
 * judge by our credentials; otherwise it would ask the socket's file, and a
 * kernel socket has none. The answer stays in the socket and goes with it:
 * what matters is whether the address is still there in the next round, and a
 * secondary one goes with its primary.
 */
static int remove(struct socket *sock, int ifindex, const struct address *a)
{
	struct {
		struct nlmsghdr nlh;
		struct ifaddrmsg ifa;
		struct nlattr attr;
		u8 bytes[sizeof(struct in6_addr)];
	} request = {
		.nlh.nlmsg_len = offsetof(typeof(request), bytes) + a->len,
		.nlh.nlmsg_type = RTM_DELADDR,
		.nlh.nlmsg_flags = NLM_F_REQUEST,
		.ifa.ifa_family = a->family,
		.ifa.ifa_prefixlen = a->prefix_len,
		.ifa.ifa_index = ifindex,
		.attr.nla_type = IFA_LOCAL,
		.attr.nla_len = NLA_HDRLEN + a->len,
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = {
		.msg_name = &kernel,
		.msg_namelen = sizeof(kernel),
	};
	struct kvec vec = {
		.iov_base = &request,
		.iov_len = request.nlh.nlmsg_len,
	};

	memcpy(request.bytes, a->bytes, a->len);
	return kernel_sendmsg(sock, &msg, &vec, 1, vec.iov_len);
}

static void forget(struct net *net, int ifindex, const struct iftap_unit *unit)
{
	struct address list[BATCH];
	unsigned int i, n, rounds;
	struct socket *sock;

	if (sock_create_kern(net, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, &sock))
		return;
	for (rounds = 0; rounds < ROUNDS; rounds++) {
		n = collect(net, ifindex, unit, list);
		if (!n)
			break;
		for (i = 0; i < n; i++)
			remove(sock, ifindex, &list[i]);
	}
	sock_release(sock);
}

/**
 * iftap_addr_forget - remove every address of an if_tap interface
 * @net: the namespace it was in; the caller holds it
 * @ifindex: its number there
 * @unit: whose it is; nothing is done once it is another's
 *
 * Context: process, also one that exits, without rtnl, which it takes. Works
 * whoever the caller is: whose descriptor it was has no say in what closing
 * it means.
 */
void iftap_addr_forget(struct net *net, int ifindex,
		       const struct iftap_unit *unit)
{
	const struct cred *saved;
	struct cred *kernel;

	kernel = prepare_kernel_cred(&init_task);
	if (!kernel)
		return;
	saved = override_creds(kernel);
	forget(net, ifindex, unit);
	revert_creds(saved);
	put_cred(kernel);
}
