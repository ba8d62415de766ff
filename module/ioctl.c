// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The ioctls of the BSD face: a table with a row for each, and a function for
 * each. What they do is described in <net/if_tap.h>.
 */
#include <linux/compat.h>
#include <linux/etherdevice.h>
#include <linux/fs.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>
#include <asm/ioctls.h>
#include "iftap.h"

/* What a call works on. The argument has been copied in and will be out. */
struct call {
	struct file *file;
	struct iftap_queue *q;
	struct iftap_unit *unit;
	unsigned long value;	/* the argument itself */
	union {
		int number;
		u16 flags;
		u8 address[ETH_ALEN];
		struct tapinfo info;
		struct tapring ring;
		struct tapbatch batch;
		struct ifreq ifr;
	} arg;
};

/* Take rtnl and find the interface. Only with 0 returned is rtnl held. */
static int lock_dev(struct iftap_unit *unit, struct net_device **dev)
{
	if (rtnl_lock_killable())
		return -EINTR;
	*dev = rtnl_dereference(unit->dev);
	if (*dev)
		return 0;
	rtnl_unlock();
	return -EHOSTDOWN;
}

/*
 * The same for who administers the interface. The table has asked already, to
 * keep others from waiting for rtnl; but it may have moved since.
 */
static int lock_dev_admin(struct iftap_unit *unit, struct net_device **dev)
{
	int err = lock_dev(unit, dev);

	if (!err && !iftap_opener_admin(unit)) {
		rtnl_unlock();
		err = -EPERM;
	}
	return err;
}

static int get_debug(struct call *c)
{
	c->arg.number = READ_ONCE(iftap_debug_level);
	return 0;
}

static int set_debug(struct call *c)
{
	WRITE_ONCE(iftap_debug_level, c->arg.number);
	return 0;
}

static int get_info(struct call *c)
{
	struct tapinfo info = { .type = TAP_IFT_ETHER };
	struct net_device *dev;

	rcu_read_lock();
	dev = rcu_dereference(c->unit->dev);
	if (dev) {
		info.mtu = min_t(unsigned int, READ_ONCE(dev->mtu), SHRT_MAX);
		info.baudrate = READ_ONCE(c->unit->baudrate);
	}
	rcu_read_unlock();
	c->arg.info = info;
	return dev ? 0 : -EHOSTDOWN;
}

static int set_info(struct call *c)
{
	const struct tapinfo *info = &c->arg.info;
	struct net_device *dev;
	int err;

	if (info->type != TAP_IFT_ETHER)
		return -EPROTOTYPE;
	err = lock_dev_admin(c->unit, &dev);
	if (err)
		return err;
	/* dev_set_mtu() takes an int, and a negative one is EINVAL to it. */
	err = dev_set_mtu(dev, info->mtu);
	if (!err)
		iftap_netdev_set_baudrate(dev, info->baudrate);
	rtnl_unlock();
	return err;
}

static int get_name(struct call *c)
{
	struct net_device *dev;
	int err;

	err = lock_dev(c->unit, &dev);
	if (err)
		return err;
	memset(&c->arg.ifr, 0, sizeof(c->arg.ifr));
	strscpy(c->arg.ifr.ifr_name, dev->name, IFNAMSIZ);
	rtnl_unlock();
	return 0;
}

static int get_transient(struct call *c)
{
	c->arg.number = READ_ONCE(c->unit->transient);
	return 0;
}

static int set_transient(struct call *c)
{
	struct net_device *dev;
	int err;

	if (c->arg.number)
		err = lock_dev(c->unit, &dev);
	else if (!iftap_opener_admin(c->unit))
		err = -EPERM;
	else
		err = lock_dev_admin(c->unit, &dev);
	if (err)
		return err;
	WRITE_ONCE(c->unit->transient, c->arg.number);
	rtnl_unlock();
	return 0;
}

static int get_flags(struct call *c)
{
	u16 flags = TAP_IFF_SIMPLEX;
	struct net_device *dev;
	unsigned int now;
	int err;

	err = lock_dev(c->unit, &dev);
	if (err)
		return err;
	now = dev_get_flags(dev);
	flags |= now & IFF_UP ? TAP_IFF_UP : 0;
	flags |= now & IFF_BROADCAST ? TAP_IFF_BROADCAST : 0;
	flags |= now & IFF_DEBUG ? TAP_IFF_DEBUG : 0;
	flags |= now & IFF_POINTOPOINT ? TAP_IFF_POINTOPOINT : 0;
	flags |= now & IFF_UP && netif_carrier_ok(dev) ? TAP_IFF_RUNNING : 0;
	flags |= now & IFF_NOARP ? TAP_IFF_NOARP : 0;
	flags |= now & IFF_PROMISC ? TAP_IFF_PROMISC : 0;
	flags |= now & IFF_ALLMULTI ? TAP_IFF_ALLMULTI : 0;
	flags |= now & IFF_MULTICAST ? TAP_IFF_MULTICAST : 0;
	rtnl_unlock();
	c->arg.flags = flags;
	return 0;
}

static int set_vmio_flags(struct call *c)
{
	struct net_device *dev;
	unsigned int flags;
	int err;

	err = lock_dev(c->unit, &dev);
	if (err)
		return err;
	flags = dev_get_flags(dev) | IFF_UP;
	if (iftap_opener_admin(c->unit)) {
		flags &= ~(IFF_DEBUG | IFF_NOARP | IFF_PROMISC);
		flags |= c->value & TAP_IFF_DEBUG ? IFF_DEBUG : 0;
		flags |= c->value & TAP_IFF_NOARP ? IFF_NOARP : 0;
		flags |= c->value & TAP_IFF_PROMISC ? IFF_PROMISC : 0;
	}
	err = dev_change_flags(dev, flags, NULL);
	rtnl_unlock();
	return err;
}

static int get_remote(struct call *c)
{
	iftap_opener_remote(c->unit, c->arg.address);
	return 0;
}

static int set_remote(struct call *c)
{
	if (!is_valid_ether_addr(c->arg.address))
		return -EINVAL;
	iftap_opener_set_remote(c->unit, c->arg.address);
	return 0;
}

static int get_first_len(struct call *c)
{
	c->arg.number = iftap_queue_first_len(c->q);
	return 0;
}

static int set_owner(struct call *c)
{
	int err = iftap_file_owner_alloc(c->file);

	return err ? err : f_setown(c->file, c->arg.number, 1);
}

/* f_getown() is not for modules. A process group reads as its negative. */
static int get_owner(struct call *c)
{
	struct fown_struct *owner = iftap_file_owner(c->file);
	int nr = 0;

	if (owner) {
		read_lock_irq(&owner->lock);
		rcu_read_lock();
		if (pid_task(owner->pid, owner->pid_type))
			nr = pid_vnr(owner->pid);
		if (owner->pid_type == PIDTYPE_PGID)
			nr = -nr;
		rcu_read_unlock();
		read_unlock_irq(&owner->lock);
	}
	c->arg.number = nr;
	return 0;
}

static int set_group(struct call *c)
{
	if (c->arg.number == INT_MIN)
		return -EINVAL;
	c->arg.number = -c->arg.number;
	return set_owner(c);
}

static int get_group(struct call *c)
{
	int err = get_owner(c);

	c->arg.number = -c->arg.number;
	return err;
}

static int set_vnet_hdr(struct call *c)
{
	struct net_device *dev;
	int err;

	if (c->arg.number && c->arg.number != 10 && c->arg.number != 12)
		return -EINVAL;
	err = lock_dev(c->unit, &dev);
	if (err)
		return err;
	WRITE_ONCE(c->unit->vnet_hdr_len, c->arg.number);
	iftap_netdev_set_large(dev, c->arg.number);
	rtnl_unlock();
	return 0;
}

static int get_vnet_hdr(struct call *c)
{
	c->arg.number = READ_ONCE(c->unit->vnet_hdr_len);
	return 0;
}

static int set_offload(struct call *c)
{
	struct net_device *dev;
	int err;

	err = lock_dev(c->unit, &dev);
	if (err)
		return err;
	err = iftap_netdev_set_offloads(dev, c->arg.number);
	rtnl_unlock();
	return err;
}

static int get_offload(struct call *c)
{
	c->arg.number = READ_ONCE(c->unit->offloads);
	return 0;
}

static int take_queue(struct call *c)
{
	return iftap_chardev_queue(c->file, c->unit, c->arg.number);
}

static int send_batch(struct call *c)
{
	if (!(c->file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (rcu_access_pointer(c->q->ring))
		return -EBUSY;
	return iftap_batch_send(c->q, &c->arg.batch);
}

static int recv_batch(struct call *c)
{
	if (!(c->file->f_mode & FMODE_READ))
		return -EBADF;
	if (rcu_access_pointer(c->q->ring))
		return -EBUSY;
	return iftap_batch_recv(c->q, &c->arg.batch,
				c->file->f_flags & O_NONBLOCK);
}

static int set_ring(struct call *c)
{
	return iftap_ring_create(c->q, &c->arg.ring);
}

static int ring_doorbell(struct call *c)
{
	struct iftap_ring *ring = iftap_queue_ring(c->q);

	if (!ring)
		return -EINVAL;
	iftap_count(c->unit->counters, IFTAP_ring_doorbells);
	return iftap_ring_doorbell(ring);
}

enum who {
	ANYBODY,	/* who holds the descriptor */
	ADMIN,		/* CAP_NET_ADMIN over the interface's namespace */
	HOST_ADMIN,	/* the same in the initial user namespace */
};

enum direction { NONE = 0, IN = 1, OUT = 2 };

static const struct row {
	unsigned int cmd;
	enum direction direction;
	u8 size;
	enum who who;
	int (*function)(struct call *c);
} table[] = {
	{ TAPGDEBUG,	OUT, sizeof(int),	    ANYBODY,	get_debug },
	{ TAPSDEBUG,	IN,  sizeof(int),	    HOST_ADMIN,	set_debug },
	{ TAPGIFINFO,	OUT, sizeof(struct tapinfo), ANYBODY,	get_info },
	{ TAPSIFINFO,	IN,  sizeof(struct tapinfo), ADMIN,	set_info },
	{ TAPGIFNAME,	OUT, sizeof(struct ifreq),  ANYBODY,	get_name },
#ifdef CONFIG_COMPAT
	{ _IOR('t', 93, struct compat_ifreq),
			OUT, sizeof(struct compat_ifreq), ANYBODY, get_name },
#endif
	{ TAPGTRANSIENT, OUT, sizeof(int),	    ANYBODY,	get_transient },
	{ TAPSTRANSIENT, IN, sizeof(int),	    ANYBODY,	set_transient },
	{ TAPSVNETHDR,	IN,  sizeof(int),	    ANYBODY,	set_vnet_hdr },
	{ TAPGVNETHDR,	OUT, sizeof(int),	    ANYBODY,	get_vnet_hdr },
	{ TAPSOFFLOAD,	IN,  sizeof(int),	    ANYBODY,	set_offload },
	{ TAPGOFFLOAD,	OUT, sizeof(int),	    ANYBODY,	get_offload },
	{ TAPQUEUE,	IN,  sizeof(int),	    ANYBODY,	take_queue },
	{ TAPSENDBATCH,	IN,  sizeof(struct tapbatch), ANYBODY,	send_batch },
	{ TAPRECVBATCH,	IN,  sizeof(struct tapbatch), ANYBODY,	recv_batch },
	{ TAPSRING,	IN,  sizeof(struct tapring), ANYBODY,	set_ring },
	{ TAPDOORBELL,	NONE, 0,		    ANYBODY,	ring_doorbell },
	{ VMIO_SIOCSIFFLAGS, NONE, 0,		    ANYBODY,	set_vmio_flags },
	{ SIOCGIFFLAGS,	OUT, sizeof(u16),	    ANYBODY,	get_flags },
	{ SIOCGIFADDR,	OUT, ETH_ALEN,		    ANYBODY,	get_remote },
	{ SIOCSIFADDR,	IN,  ETH_ALEN,		    ANYBODY,	set_remote },
	{ FIONREAD,	OUT, sizeof(int),	    ANYBODY,	get_first_len },
	{ FIOSETOWN,	IN,  sizeof(int),	    ANYBODY,	set_owner },
	{ FIOGETOWN,	OUT, sizeof(int),	    ANYBODY,	get_owner },
	{ TIOCSPGRP,	IN,  sizeof(int),	    ANYBODY,	set_group },
	{ TIOCGPGRP,	OUT, sizeof(int),	    ANYBODY,	get_group },
};

static const struct row *row_find(unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].cmd == cmd)
			return &table[i];
	return NULL;
}

static bool broken(const struct iftap_queue *q)
{
	const struct iftap_ring *ring = iftap_queue_ring(q);

	return ring && iftap_ring_broken(ring);
}

static bool permitted(enum who who, struct iftap_unit *unit)
{
	switch (who) {
	case ANYBODY:
		return true;
	case ADMIN:
		return iftap_opener_admin(unit);
	default:
		return capable(CAP_NET_ADMIN);
	}
}

/* An ioctl on a descriptor of the queue @q. */
long iftap_ioctl_queue(struct file *file, struct iftap_queue *q,
		       unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;
	const struct row *row = row_find(cmd);
	struct call c = {
		.file = file,
		.q = q,
		.unit = q->unit,
		.value = arg,
	};
	int err;

	if (!row)
		return -ENOTTY;
	if (!rcu_access_pointer(c.unit->dev))
		return -EHOSTDOWN;
	if (broken(q))
		return -EBADMSG;
	if (!permitted(row->who, c.unit))
		return -EPERM;
	if (row->direction == IN && copy_from_user(&c.arg, user, row->size))
		return -EFAULT;
	err = row->function(&c);
	if (!err && row->direction == OUT &&
	    copy_to_user(user, &c.arg, row->size))
		err = -EFAULT;
	return err;
}

long iftap_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return iftap_ioctl_queue(file, file->private_data, cmd, arg);
}

#ifdef CONFIG_COMPAT
/* Only VMIO_SIOCSIFFLAGS' argument is no pointer, and it has 12 bits. */
long iftap_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return iftap_ioctl(file, cmd, (unsigned long)compat_ptr(arg));
}
#endif
