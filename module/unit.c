// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Units: a number, its interface, its queues, and who has it open. Here they
 * are found, made, opened, closed and destroyed; what a face does with an
 * open unit, and how frames move, is elsewhere.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/nospec.h>
#include <linux/nsproxy.h>
#include <linux/poll.h>
#include <linux/rtnetlink.h>
#include <linux/security.h>
#include <linux/virtio_net.h>
#include <net/netns/generic.h>
#include <net/rtnetlink.h>
#include "iftap.h"

static unsigned int net_id __read_mostly;
static struct kmem_cache *unit_cache;

static struct xarray *units_of(struct net *net, enum iftap_kind kind)
{
	return &((struct iftap_net *)net_generic(net, net_id))->units[kind];
}

/* Has a unit, not necessarily by name, this number? */
bool iftap_unit_number_taken(struct net *net, struct iftap_ident id)
{
	ASSERT_RTNL();
	return xa_load(units_of(net, id.kind), id.number);
}

/* Find a number that neither a unit nor a foreign interface has, or -ENFILE. */
int iftap_unit_lowest_free(struct net *net, enum iftap_kind kind)
{
	struct iftap_ident id = { .kind = kind };
	char name[IFNAMSIZ];

	ASSERT_RTNL();
	for (id.number = 0; id.number <= iftap_ident_number_max(kind);
	     id.number++) {
		if (xa_load(units_of(net, kind), id.number))
			continue;
		iftap_ident_name(id, name);
		if (!netdev_name_in_use(net, name))
			return id.number;
	}
	return -ENFILE;
}

/* Reference counts */

static void unit_free_rcu(struct rcu_head *rcu)
{
	struct iftap_unit *unit = container_of(rcu, struct iftap_unit, rcu);

	kvfree(unit->queues);
	kmem_cache_free(unit_cache, unit);
}

/*
 * The last reference. The interface is gone and so is its transmit path, no
 * descriptor is left and so no reader. Only may_take() can still look at the
 * unit, and a socket of the Linux face that gets room again at its queue; both
 * do so under RCU.
 */
static void unit_free(struct kref *ref)
{
	struct iftap_unit *unit = container_of(ref, struct iftap_unit, ref);

	iftap_steer_free(unit);
	free_percpu(unit->counters);
	security_tun_dev_free_security(unit->security);
	put_pid(unit->opener.pid);
	call_rcu(&unit->rcu, unit_free_rcu);
}

void iftap_unit_get(struct iftap_unit *unit)
{
	kref_get(&unit->ref);
}

void iftap_unit_put(struct iftap_unit *unit)
{
	kref_put(&unit->ref, unit_free);
}

static struct iftap_unit *unit_alloc(struct iftap_ident id,
				     unsigned int nqueues)
{
	struct iftap_unit *unit;
	unsigned int i;
	int err;

	unit = kmem_cache_alloc(unit_cache, GFP_KERNEL);
	if (!unit)
		return ERR_PTR(-ENOMEM);
	memset(unit, 0, sizeof(*unit));	/* no __GFP_ZERO with a constructor */
	unit->id = id;
	unit->nqueues = nqueues;
	kref_init(&unit->ref);
	spin_lock_init(&unit->lock);
	unit->opener.uid = INVALID_UID;
	unit->owner = INVALID_UID;
	unit->group = INVALID_GID;
	unit->tun_flags = IFF_NO_PI | (nqueues > 1 ? IFF_MULTI_QUEUE : 0);
	unit->vnet_hdr_sz = sizeof(struct virtio_net_hdr);
	unit->sndbuf = INT_MAX;
	unit->link.speed = SPEED_UNKNOWN;
	unit->link.duplex = DUPLEX_FULL;
	unit->link.port = PORT_OTHER;

	err = -ENOMEM;
	unit->queues = kvcalloc(nqueues, sizeof(*unit->queues),
				GFP_KERNEL_ACCOUNT);
	if (!unit->queues)
		goto err_free_unit;
	unit->counters = alloc_percpu_gfp(struct iftap_counters,
					  GFP_KERNEL_ACCOUNT);
	if (!unit->counters)
		goto err_free_queues;
	err = security_tun_dev_alloc_security(&unit->security);
	if (err)
		goto err_free_counters;

	for (i = 0; i < nqueues; i++)
		iftap_queue_init(&unit->queues[i], unit);
	return unit;

err_free_counters:
	free_percpu(unit->counters);
err_free_queues:
	kvfree(unit->queues);
err_free_unit:
	kmem_cache_free(unit_cache, unit);
	return ERR_PTR(err);
}

/*
 * The interface is being freed: nothing transmits any more. What waits nobody
 * can read, and it is charged to nobody: it must not stay with the descriptors,
 * of which each may have had any number of units. The device's type is ours, and
 * would be looked at when it is released, which rmmod may not wait for: on 6.1
 * the core lets rmmod go on before.
 */
static void netdev_destructor(struct net_device *dev)
{
	struct iftap_unit *unit = iftap_netdev_unit(dev);
	unsigned int i;

	for (i = 0; i < unit->nqueues; i++)
		iftap_queue_purge(&unit->queues[i]);
	dev->dev.type = NULL;
	iftap_unit_put(unit);
}

/**
 * iftap_unit_register - make a unit for a new interface and register both
 * @dev: set up by iftap_netdev_setup(), with its name and namespace
 * @id: what the unit is; with a number, @dev has the name that goes with it
 * @address: the MAC address somebody gave @dev already, or NULL
 *
 * The carrier is the caller's: off for a tap that nobody has open, before this.
 *
 * Context: rtnl.
 * Return: 0 or a negative errno; then @dev is the caller's to free.
 */
int iftap_unit_register(struct net_device *dev, struct iftap_ident id,
			struct nlattr *address)
{
	struct xarray *units = units_of(dev_net(dev), id.kind);
	struct iftap_priv *priv = netdev_priv(dev);
	struct iftap_unit *unit;
	int err;

	ASSERT_RTNL();
	err = security_tun_dev_create();
	if (err < 0)
		return err;
	unit = unit_alloc(id, dev->num_tx_queues);
	if (IS_ERR(unit))
		return PTR_ERR(unit);
	if (id.number != IFTAP_NO_NUMBER) {
		err = xa_insert(units, id.number, unit, GFP_KERNEL_ACCOUNT);
		if (err) {
			err = err == -EBUSY ? -EEXIST : err;
			goto err_put_unit;
		}
		unit->home = net_generic(dev_net(dev), net_id);
	}

	unit->l3 = !dev->hard_header_len;
	if (!address && !unit->l3)
		iftap_netdev_random_address(dev, max(id.number, 0));
	priv->unit = unit;
	err = register_netdevice(dev);
	if (err)
		goto err_erase_number;

	/* Last, so that a failed registration leaves the unit to us alone. */
	dev->priv_destructor = netdev_destructor;
	rcu_assign_pointer(unit->dev, dev);
	iftap_debug(unit, "created, number %d\n", id.number);
	return 0;

err_erase_number:
	/* As in netdev_destructor(), which does not come here. */
	dev->dev.type = NULL;
	if (unit->home)
		xa_erase(units, id.number);
err_put_unit:
	iftap_unit_put(unit);
	return err;
}

static struct iftap_unit *unit_create(struct net *net, struct iftap_ident id)
{
	char name[IFNAMSIZ];
	struct net_device *dev;
	int err;

	iftap_ident_name(id, name);
	dev = alloc_netdev_mqs(sizeof(struct iftap_priv), name, NET_NAME_USER,
			       iftap_netdev_setup, 1, 1);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev_net_set(dev, net);
	dev->rtnl_link_ops = &iftap_link_ops;
	if (id.kind == IFTAP_KIND_TAP)
		netif_carrier_off(dev);
	err = iftap_unit_register(dev, id, NULL);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	err = rtnl_configure_link(dev, NULL, 0, NULL);
	if (err) {
		iftap_unit_destroy(iftap_netdev_unit(dev), NULL);
		return ERR_PTR(err);
	}
	return iftap_netdev_unit(dev);
}

/**
 * iftap_unit_destroy - take a unit's interface and number away
 * @unit: the unit
 * @head: unregister_netdevice_many()'s list, or NULL to do it now
 *
 * Descriptors stay valid and hold the unit; from here on they get EHOSTDOWN,
 * and those that sleep on it wake. A write that found the interface before
 * unit->dev was cleared is in an RCU read section, which unregistering waits
 * for. The transmit path uses the interface's own reference on the unit,
 * dropped when the interface is freed.
 *
 * Context: rtnl.
 */
void iftap_unit_destroy(struct iftap_unit *unit, struct list_head *head)
{
	struct net_device *dev = rtnl_dereference(unit->dev);
	unsigned int i;

	if (!dev)
		return;
	iftap_debug(unit, "destroyed, %u descriptors left\n", unit->users);
	if (unit->home)
		xa_erase(&unit->home->units[unit->id.kind], unit->id.number);
	unit->home = NULL;
	RCU_INIT_POINTER(unit->dev, NULL);
	for (i = 0; i < unit->nqueues; i++) {
		iftap_ring_gone(&unit->queues[i], dev);
		iftap_napi_stop(&unit->queues[i]);
		iftap_queue_wake(&unit->queues[i], EPOLLHUP | EPOLLERR);
	}
	unregister_netdevice_queue(dev, head);
}

/* Opening and closing */

/* May the caller, in @net, take the unit @id, or make it? */
static bool may_take(struct net *net, struct iftap_ident id)
{
	struct iftap_unit *unit = NULL;
	bool may;

	rcu_read_lock();
	if (id.number != IFTAP_NO_NUMBER)
		unit = xa_load(units_of(net, id.kind), id.number);
	may = iftap_opener_permitted(net, unit);
	rcu_read_unlock();
	return may;
}

/* Frames held for somebody else are not for who opens now. */
static void unit_disown(struct iftap_unit *unit, struct net_device *dev)
{
	unsigned int i;

	if (iftap_opener_had(unit, dev))
		return;
	for (i = 0; i < unit->nqueues; i++)
		iftap_queue_disown(&unit->queues[i]);
}

/* The stack uses the queues up to the last that is in use. */
static int use_queues(struct iftap_unit *unit, struct net_device *dev)
{
	unsigned int n = unit->nqueues;
	int err;

	ASSERT_RTNL();
	while (n > 1 && !unit->queues[n - 1].open)
		n--;
	err = netif_set_real_num_tx_queues(dev, n);
	if (!err)
		err = netif_set_real_num_rx_queues(dev, min(n,
							    dev->num_rx_queues));
	iftap_steer_update(unit);
	return err;
}

/**
 * iftap_unit_use - begin or cease to use a queue that has a descriptor
 * @q: the queue
 * @dev: the interface
 * @use: frames go to it
 *
 * Context: rtnl.
 * Return: 0 or -ENOMEM; ceasing cannot fail.
 */
int iftap_unit_use(struct iftap_queue *q, struct net_device *dev, bool use)
{
	int err;

	if (use)
		iftap_queue_open(q);
	else
		iftap_queue_close(q);
	err = use_queues(q->unit, dev);
	if (err && use) {
		iftap_queue_close(q);
		use_queues(q->unit, dev);
	}
	return err;
}

/* Give @q a descriptor. */
static int queue_take(struct iftap_queue *q, struct net_device *dev)
{
	int err = iftap_unit_use(q, dev, true);

	if (err)
		return err;
	q->taken = true;
	q->unit->users++;
	iftap_unit_get(q->unit);
	return 0;
}

static struct iftap_queue *free_queue(struct iftap_unit *unit)
{
	unsigned int i;

	for (i = 0; i < unit->nqueues; i++)
		if (!unit->queues[i].taken)
			return &unit->queues[i];
	return NULL;
}

/**
 * iftap_unit_take - take the lowest queue of a unit that has no descriptor
 * @unit: the unit; open for the same face, or not open
 * @dev: its interface
 * @face: for which face
 *
 * Context: rtnl.
 * Return: the queue, holding the unit, or an error pointer: E2BIG (they all
 * have one), ENOMEM.
 */
struct iftap_queue *iftap_unit_take(struct iftap_unit *unit,
				    struct net_device *dev,
				    enum iftap_face face)
{
	struct iftap_queue *q = free_queue(unit);
	int err;

	ASSERT_RTNL();
	if (!q)
		return ERR_PTR(-E2BIG);
	if (!unit->open) {
		unit_disown(unit, dev);
		WRITE_ONCE(unit->face, face);
	}
	err = queue_take(q, dev);
	if (err)
		return ERR_PTR(err);
	if (!unit->open) {
		unit->open = true;
		iftap_opener_set(unit, dev->dev_addr);
		iftap_debug(unit, "opened by %s, number %d\n",
			    unit->opener.comm, unit->id.number);
	}
	return q;
}

static struct iftap_unit *find_or_create(struct net *net,
					 struct iftap_ident id, bool clone)
{
	struct iftap_unit *unit;
	int err;

	if (clone) {
		id.number = iftap_unit_lowest_free(net, id.kind);
		if (id.number < 0)
			return ERR_PTR(id.number);
	}
	unit = xa_load(units_of(net, id.kind), id.number);
	if (!unit) {
		unit = unit_create(net, id);
		if (!IS_ERR(unit))
			WRITE_ONCE(unit->transient, clone);
		return unit;
	}
	if (unit->open)
		return ERR_PTR(-EBUSY);
	err = security_tun_dev_open(unit->security);
	return err < 0 ? ERR_PTR(err) : unit;
}

/**
 * iftap_unit_open - open a unit of the caller's network namespace exclusively
 * @id: which; its number is ignored when cloning
 * @clone: take the lowest free number, and destroy the unit at close
 *
 * Makes the unit if it is not there. Sleeps for rtnl; a fatal signal ends
 * that.
 *
 * Return: its first queue, holding the unit for a descriptor, or an error
 * pointer: EPERM, EBUSY (open already, or still being closed), EEXIST (a
 * foreign interface has its name), ENFILE (no number is free), EINTR, ENOMEM.
 */
struct iftap_queue *iftap_unit_open(struct iftap_ident id, bool clone)
{
	struct net *net = current->nsproxy->net_ns;
	struct iftap_unit *unit;
	struct net_device *dev;
	struct iftap_queue *q;
	int err;

	if (clone)
		id.number = IFTAP_NO_NUMBER;
	if (!may_take(net, id))
		return ERR_PTR(-EPERM);
	if (rtnl_lock_killable())
		return ERR_PTR(-EINTR);

	/* It may have moved to another namespace meanwhile. */
	err = may_take(net, id) ? 0 : -EPERM;
	if (err)
		goto err_unlock;
	unit = find_or_create(net, id, clone);
	err = PTR_ERR_OR_ZERO(unit);
	if (err)
		goto err_unlock;

	dev = rtnl_dereference(unit->dev);
	q = iftap_unit_take(unit, dev, IFTAP_FACE_BSD);
	err = PTR_ERR_OR_ZERO(q);
	if (err)
		goto err_destroy_clone;
	iftap_netdev_set_offloads(dev, 0);
	netif_carrier_on(dev);
	if (READ_ONCE(iftap_up_on_open) && dev_open(dev, NULL))
		iftap_debug(unit, "cannot be brought up on open\n");
	rtnl_unlock();
	return q;

err_destroy_clone:
	if (clone)
		iftap_unit_destroy(unit, NULL);
err_unlock:
	rtnl_unlock();
	return ERR_PTR(err);
}

/*
 * The interface of a tap whose last descriptor is gone: without carrier, down,
 * and without addresses and the routes that go with them. Addresses can only
 * be removed by a message to rtnetlink, which takes rtnl itself; unit->open
 * keeps openers away while it is let go. Should the interface be destroyed or
 * moved in that time, its addresses are gone with that.
 */
static void tap_stop(struct iftap_unit *unit, struct net_device *dev)
{
	int ifindex = dev->ifindex;
	struct net *net;

	ASSERT_RTNL();
	netif_carrier_off(dev);
	dev_change_flags(dev, dev_get_flags(dev) & ~IFF_UP, NULL);
	net = maybe_get_net(dev_net(dev));
	if (!net)
		return;
	rtnl_unlock();
	iftap_addr_forget(net, ifindex, unit);
	put_net(net);
	rtnl_lock();
}

/**
 * iftap_unit_take_queue - get another queue of an open unit
 * @unit: the unit
 * @index: which
 *
 * Return: the queue, for a descriptor of its own, or an error pointer: EINVAL
 * (there is none), EBUSY (it has one), EHOSTDOWN, EINTR, ENOMEM.
 */
struct iftap_queue *iftap_unit_take_queue(struct iftap_unit *unit, int index)
{
	struct net_device *dev;
	struct iftap_queue *q;
	int err;

	if (index < 0 || index >= unit->nqueues)
		return ERR_PTR(-EINVAL);
	q = &unit->queues[array_index_nospec(index, unit->nqueues)];
	err = security_tun_dev_attach_queue(unit->security);
	if (err < 0)
		return ERR_PTR(err);
	if (rtnl_lock_killable())
		return ERR_PTR(-EINTR);
	dev = rtnl_dereference(unit->dev);
	if (!dev)
		err = -EHOSTDOWN;
	else if (q->taken)
		err = -EBUSY;
	else
		err = queue_take(q, dev);
	rtnl_unlock();
	return err ? ERR_PTR(err) : q;
}

/* The last descriptor is gone: back to how a closed unit is. */
static void unit_stop(struct iftap_unit *unit, struct net_device *dev)
{
	WRITE_ONCE(unit->vnet_hdr_len, 0);
	if (unit->face == IFTAP_FACE_LINUX)
		netif_carrier_off(dev);
	if (unit->transient) {
		iftap_unit_destroy(unit, NULL);
		return;
	}
	if (unit->face == IFTAP_FACE_LINUX)
		return;
	iftap_netdev_set_offloads(dev, 0);
	iftap_netdev_set_large(dev, false);
	if (unit->id.kind == IFTAP_KIND_TAP)
		tap_stop(unit, dev);
}

/**
 * iftap_unit_leave - give up a descriptor's hold on its queue and the unit
 * @q: the queue
 *
 * When it was the unit's last: a transient unit is destroyed; else, if it was
 * the BSD face's, a tap goes down and forgets its frames and addresses, a vmnet
 * keeps both; if it was the Linux face's, only the carrier goes. Sleeps.
 *
 * Context: rtnl, which may be let go and taken again.
 */
void iftap_unit_leave(struct iftap_queue *q)
{
	struct iftap_unit *unit = q->unit;
	struct net_device *dev = rtnl_dereference(unit->dev);

	iftap_ring_destroy(q);
	iftap_napi_stop(q);
	q->taken = false;
	if (dev)
		iftap_unit_use(q, dev, false);
	else
		iftap_queue_close(q);
	if (--unit->users)
		goto out;

	iftap_opener_clear(unit);
	iftap_debug(unit, "closed, number %d\n", unit->id.number);
	if (dev)
		unit_stop(unit, dev);
	unit->open = false;
out:
	dev = rtnl_dereference(unit->dev);
	if (dev && unit->face == IFTAP_FACE_LINUX)
		netdev_state_change(dev);
	iftap_unit_put(unit);
}

void iftap_unit_close(struct iftap_queue *q)
{
	rtnl_lock();
	iftap_unit_leave(q);
	rtnl_unlock();
}

/* Namespaces */

static int __net_init unit_net_init(struct net *net)
{
	xa_init(units_of(net, IFTAP_KIND_TAP));
	xa_init(units_of(net, IFTAP_KIND_VMNET));
	return 0;
}

/*
 * A namespace is going away. Nobody is in it, so nobody can look a unit up by
 * number. Interfaces still in it are destroyed by the core, which calls
 * dellink; those that moved elsewhere live on without a home.
 */
static void __net_exit unit_net_exit(struct net *net)
{
	enum iftap_kind kind;
	struct iftap_unit *unit;
	unsigned long number;

	rtnl_lock();
	for (kind = IFTAP_KIND_TAP; kind <= IFTAP_KIND_VMNET; kind++) {
		xa_for_each(units_of(net, kind), number, unit)
			unit->home = NULL;
		xa_destroy(units_of(net, kind));
	}
	rtnl_unlock();
}

static struct pernet_operations unit_net_ops = {
	.init = unit_net_init,
	.exit = unit_net_exit,
	.id = &net_id,
	.size = sizeof(struct iftap_net),
};

/* A constructor keeps the slab a cache of its own, seen in /proc/slabinfo. */
static void unit_ctor(void *unit)
{
}

int iftap_unit_init(void)
{
	int err;

	unit_cache = kmem_cache_create("if_tap_unit",
				       sizeof(struct iftap_unit), 0,
				       SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT,
				       unit_ctor);
	if (!unit_cache)
		return -ENOMEM;
	err = register_pernet_device(&unit_net_ops);
	if (err)
		kmem_cache_destroy(unit_cache);
	return err;
}

/* Every unit is destroyed by now; the last may still wait for RCU. */
void iftap_unit_fini(void)
{
	unregister_pernet_device(&unit_net_ops);
	rcu_barrier();
	kmem_cache_destroy(unit_cache);
}
