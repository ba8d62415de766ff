// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * TUNSETIFF and TUNSETQUEUE: how a descriptor of the Linux face comes by a
 * unit, old or new, and by a queue of it. Rules and errors are Linux 6.12's
 * tun's, whose order of checks programs rely on.
 */
#include <linux/ethtool.h>
#include <linux/fs.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/security.h>
#include "iftap.h"

/* What TUNSETIFF sets, beside the type. */
#define SETTABLE (IFF_NO_PI | IFF_ONE_QUEUE | IFF_VNET_HDR | IFF_MULTI_QUEUE | \
		  IFF_NAPI)

/* What TUNGETIFF and sysfs tell of a unit. */
unsigned int iftap_tunif_flags(const struct iftap_unit *unit)
{
	return READ_ONCE(unit->tun_flags) | (unit->l3 ? IFF_TUN : IFF_TAP) |
	       (READ_ONCE(unit->transient) ? 0 : IFF_PERSIST);
}

/* The unit of an interface, or NULL if it is another driver's. */
static struct iftap_unit *unit_of(const struct net_device *dev)
{
	return dev->rtnl_link_ops == &iftap_link_ops ? iftap_netdev_unit(dev) :
						       NULL;
}

/*
 * May the caller have the interface @dev, or with NULL, make one in @net?
 * Under RCU or rtnl.
 */
static int check(struct net *net, struct net_device *dev, unsigned int flags)
{
	struct iftap_unit *unit;

	if (!dev)
		return ns_capable(net->user_ns, CAP_NET_ADMIN) ? 0 : -EPERM;
	if (flags & IFF_TUN_EXCL)
		return -EBUSY;
	unit = unit_of(dev);
	if (!unit || !(flags & (unit->l3 ? IFF_TUN : IFF_TAP)))
		return -EINVAL;
	if ((flags ^ READ_ONCE(unit->tun_flags)) & IFF_MULTI_QUEUE)
		return -EINVAL;
	return iftap_opener_owns(unit, dev) ? 0 : -EPERM;
}

/* The same before rtnl, so that who may not does not make others wait. */
static int check_early(struct net *net, const char *name, unsigned int flags)
{
	int err;

	rcu_read_lock();
	err = check(net, dev_get_by_name_rcu(net, name), flags);
	rcu_read_unlock();
	return err;
}

static struct iftap_unit *create(struct iftap_tunfile *tf, const char *name,
				 unsigned int flags)
{
	unsigned int n = flags & IFF_MULTI_QUEUE ? TAP_QUEUES_MAX : 1;
	struct iftap_ident id = { .number = IFTAP_NO_NUMBER };
	struct net *net = sock_net(&tf->sk);
	struct iftap_unit *unit;
	char own[IFNAMSIZ];
	struct net_device *dev;
	bool l3;
	int err;

	if (!(flags & (IFF_TUN | IFF_TAP)))
		return ERR_PTR(-EINVAL);
	l3 = flags & IFF_TUN;
	if (!*name)
		name = l3 ? "tun%d" : "tap%d";
	if (!l3)
		id = iftap_ident_of_name(name);
	if (id.number == IFTAP_ANY_NUMBER) {
		id.number = iftap_unit_lowest_free(net, id.kind);
		if (id.number < 0)
			return ERR_PTR(id.number);
		iftap_ident_name(id, own);
		name = own;
	}
	/* Its interface may have been given another name. */
	if (id.number >= 0 && iftap_unit_number_taken(net, id))
		id.number = IFTAP_NO_NUMBER;

	dev = alloc_netdev_mqs(sizeof(struct iftap_priv), name,
			       NET_NAME_UNKNOWN,
			       l3 ? iftap_netdev_setup_l3 : iftap_netdev_setup,
			       n, n);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev_net_set(dev, net);
	dev->rtnl_link_ops = &iftap_link_ops;
	dev->ifindex = READ_ONCE(tf->ifindex);
	/* Each descriptor adds its own. */
	netif_set_real_num_tx_queues(dev, 1);
	netif_set_real_num_rx_queues(dev, 1);
	err = iftap_unit_register(dev, id, NULL);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	unit = iftap_netdev_unit(dev);
	WRITE_ONCE(unit->transient, true);
	unit->made_by_tunsetiff = true;
	iftap_netdev_set_large(dev, true);
	unit->link.speed = SPEED_10000;
	unit->link.port = PORT_TP;
	return unit;
}

/* The descriptor gets a queue, perhaps after others whose units are gone. */
static int adopt(struct file *file, struct iftap_queue *q)
{
	struct iftap_tunfile *tf = file->private_data;
	int err;

	if (tf->fasync_fd >= 0) {
		fasync_helper(-1, file, 0,
			      tf->q ? &tf->q->fasync : &tf->fasync);
		err = fasync_helper(tf->fasync_fd, file, 1, &q->fasync);
		if (err < 0) {
			tf->fasync_fd = -1;
			return err;
		}
	}
	q->former = tf->q;
	/* Release: calls on the descriptor find a queue that is ready. */
	smp_store_release(&tf->q, q);
	return 0;
}

/* Take a queue of @unit, the first with the flags that go for all. */
static int attach(struct file *file, struct iftap_unit *unit,
		  struct net_device *dev, unsigned int flags)
{
	struct iftap_tunfile *tf = file->private_data;
	struct iftap_queue *q;
	int err;

	err = security_tun_dev_attach(&tf->sk, unit->security);
	if (err < 0)
		return err;
	if (unit->open && (!unit->users || unit->face != IFTAP_FACE_LINUX ||
			   !(unit->tun_flags & IFF_MULTI_QUEUE)))
		return -EBUSY;
	err = iftap_steer_alloc(unit);
	if (err)
		return err;
	q = iftap_unit_take(unit, dev, IFTAP_FACE_LINUX);
	if (IS_ERR(q))
		return PTR_ERR(q);
	if (unit->users == 1) {
		WRITE_ONCE(unit->tun_flags, flags & SETTABLE);
		WRITE_ONCE(unit->sndbuf, INT_MAX);
	}
	WRITE_ONCE(q->filter, !(flags & IFF_NOFILTER));
	WRITE_ONCE(tf->napi, flags & IFF_NAPI);
	WRITE_ONCE(tf->detached, false);
	if (tf->napi)
		err = iftap_napi_start(q, dev);
	if (!err)
		err = adopt(file, q);
	if (err)
		iftap_unit_leave(q);
	return err;
}

static int attach_by_name(struct file *file, const char *name,
			  unsigned int flags, struct net_device **found)
{
	struct iftap_tunfile *tf = file->private_data;
	struct net *net = sock_net(&tf->sk);
	struct iftap_unit *unit;
	struct net_device *dev;
	int err;

	dev = __dev_get_by_name(net, name);
	err = check(net, dev, flags);
	if (err)
		return err;
	if (dev) {
		unit = unit_of(dev);
		err = security_tun_dev_open(unit->security);
		if (err >= 0)
			err = attach(file, unit, dev, flags);
	} else {
		unit = create(tf, name, flags);
		if (IS_ERR(unit))
			return PTR_ERR(unit);
		dev = rtnl_dereference(unit->dev);
		err = attach(file, unit, dev, flags);
		if (err && rtnl_dereference(unit->dev))
			iftap_unit_destroy(unit, NULL);
	}
	*found = dev;
	return err;
}

/**
 * iftap_tunif_set - TUNSETIFF
 * @file: the descriptor
 * @ifr: our copy of the request; its name becomes the interface's
 *
 * Return: 0 or a negative errno: EEXIST (it has an interface), EPERM, EBUSY,
 * EINVAL, E2BIG (all queues have a descriptor), EINTR, ENOMEM, and what
 * registering an interface can give.
 */
int iftap_tunif_set(struct file *file, struct ifreq *ifr)
{
	struct iftap_tunfile *tf = file->private_data;
	unsigned int flags = (u16)ifr->ifr_flags;
	struct net_device *dev;
	int err;

	ifr->ifr_name[IFNAMSIZ - 1] = '\0';
	if (!READ_ONCE(tf->q)) {
		if (flags & IFF_NAPI_FRAGS)
			return capable(CAP_NET_ADMIN) ? -EINVAL : -EPERM;
		err = check_early(sock_net(&tf->sk), ifr->ifr_name, flags);
		if (err)
			return err;
	}
	if (rtnl_lock_killable())
		return -EINTR;
	err = -EEXIST;
	if (tf->q && (rtnl_dereference(tf->q->unit->dev) ||
		      rtnl_dereference(tf->q->ring)))
		goto out;
	err = capable(CAP_NET_ADMIN) ? -EINVAL : -EPERM;
	if (flags & IFF_NAPI_FRAGS)
		goto out;
	err = attach_by_name(file, ifr->ifr_name, flags, &dev);
	if (err)
		goto out;
	if (tf->q->unit->users == 1) {
		if (flags & IFF_NO_CARRIER)
			netif_carrier_off(dev);
		else
			netif_carrier_on(dev);
		/* A queue may have been left stopped. */
		if (netif_running(dev))
			netif_tx_wake_all_queues(dev);
	}
	netdev_state_change(dev);
	strscpy(ifr->ifr_name, dev->name, IFNAMSIZ);
out:
	rtnl_unlock();
	return err;
}

static int attach_queue(struct iftap_tunfile *tf, struct net_device *dev)
{
	struct iftap_queue *q = tf->q;
	void *security = q->unit->security;
	int err;

	if (!tf->detached)
		return -EINVAL;
	err = security_tun_dev_attach_queue(security);
	if (err >= 0)
		err = security_tun_dev_attach(&tf->sk, security);
	if (err < 0)
		return err;
	if (tf->napi) {
		err = iftap_napi_start(q, dev);
		if (err)
			return err;
	}
	err = iftap_unit_use(q, dev, true);
	if (err) {
		iftap_napi_stop(q);
		return err;
	}
	WRITE_ONCE(q->filter, true);
	WRITE_ONCE(tf->detached, false);
	return 0;
}

static int detach_queue(struct iftap_tunfile *tf, struct net_device *dev)
{
	struct iftap_queue *q = tf->q;

	if (tf->detached || !(q->unit->tun_flags & IFF_MULTI_QUEUE))
		return -EINVAL;
	if (rtnl_dereference(q->ring))
		return -EBUSY;
	WRITE_ONCE(tf->detached, true);
	iftap_napi_stop(q);
	iftap_unit_use(q, dev, false);
	return 0;
}

/**
 * iftap_tunif_set_queue - TUNSETQUEUE
 * @tf: the descriptor
 * @flags: IFF_ATTACH_QUEUE or IFF_DETACH_QUEUE
 *
 * A detached queue keeps its descriptor and its place among the 256; the stack
 * does not use it.
 *
 * Return: 0 or a negative errno: EINVAL (not to be attached, or detached),
 * EBUSY (it has a ring), EINTR, ENOMEM.
 */
int iftap_tunif_set_queue(struct iftap_tunfile *tf, unsigned int flags)
{
	struct net_device *dev;
	int err = -EINVAL;

	if (!READ_ONCE(tf->q))
		return err;
	if (rtnl_lock_killable())
		return -EINTR;
	dev = rtnl_dereference(tf->q->unit->dev);
	if (!dev)
		goto out;
	if (flags & IFF_ATTACH_QUEUE)
		err = attach_queue(tf, dev);
	else if (flags & IFF_DETACH_QUEUE)
		err = detach_queue(tf, dev);
	if (!err)
		netdev_state_change(dev);
out:
	rtnl_unlock();
	return err;
}
