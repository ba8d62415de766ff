// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The ioctls of the Linux face, <linux/if_tun.h>'s: a table with a row for
 * each, and a function for each. Those of <net/if_tap.h> that go with a ring or
 * with batches are taken too, and done by ioctl.c.
 */
#include <linux/compat.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/if_arp.h>
#include <linux/if_tun.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>
#include <linux/virtio_net.h>
#include "iftap.h"

/* Without IFF_NAPI_FRAGS, which exercises parsers and serves nobody. */
#define FEATURES (IFF_TUN | IFF_TAP | IFF_NO_PI | IFF_ONE_QUEUE |	\
		  IFF_VNET_HDR | IFF_MULTI_QUEUE | IFF_NAPI | IFF_NO_CARRIER)

/* What a call works on. What the argument points to is copied in, and out. */
struct call {
	struct file *file;
	struct iftap_tunfile *tf;
	struct iftap_unit *unit;
	struct net_device *dev;
	unsigned long value;	/* the argument itself */
	bool compat;
	union {
		int number;
		unsigned int flags;
		struct ifreq ifr;
		struct sock_fprog fprog;
	} arg;
};

/* Before there is an interface, too */

static int set_iff(struct call *c)
{
	return iftap_tunif_set(c->file, &c->arg.ifr);
}

static int set_queue(struct call *c)
{
	return iftap_tunif_set_queue(c->tf, (u16)c->arg.ifr.ifr_flags);
}

static int get_features(struct call *c)
{
	c->arg.flags = FEATURES;
	return 0;
}

static int get_socket_netns(struct call *c)
{
	struct net *net = sock_net(&c->tf->sk);

	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	return open_related_ns(&net->ns, get_net_ns);
}

/* Take rtnl and find the interface. Only with 0 returned is rtnl held. */
static int lock(struct call *c)
{
	if (!READ_ONCE(c->tf->q))
		return -EBADFD;
	if (rtnl_lock_killable())
		return -EINTR;
	c->unit = c->tf->q->unit;
	c->dev = rtnl_dereference(c->unit->dev);
	if (c->dev)
		return 0;
	rtnl_unlock();
	return -EBADFD;
}

static int set_ifindex(struct call *c)
{
	if (!lock(c)) {
		rtnl_unlock();
		return -EPERM;
	}
	if (copy_from_user(&c->arg.number, (void __user *)c->value,
			   sizeof(c->arg.number)))
		return -EFAULT;
	if (c->arg.number < 0)
		return -EINVAL;
	WRITE_ONCE(c->tf->ifindex, c->arg.number);
	return 0;
}

/* With one, under rtnl */

static int get_iff(struct call *c)
{
	struct ifreq *ifr = &c->arg.ifr;
	struct sock_fprog fprog;

	memset(ifr, 0, sizeof(*ifr));
	strscpy(ifr->ifr_name, c->dev->name, IFNAMSIZ);
	ifr->ifr_flags = iftap_tunif_flags(c->unit);
	if (c->tf->detached)
		ifr->ifr_flags |= IFF_DETACH_QUEUE;
	if (!iftap_steer_get_filter(c->unit, &fprog) || !c->tf->q->filter)
		ifr->ifr_flags |= IFF_NOFILTER;
	return 0;
}

/* Checksums are TUNSETOFFLOAD's, messages debug.if_tap_debug's. */
static int ignore(struct call *c)
{
	return 0;
}

static int set_persist(struct call *c)
{
	if (c->unit->transient == !c->value)
		return 0;
	WRITE_ONCE(c->unit->transient, !c->value);
	netdev_state_change(c->dev);
	return 0;
}

static int set_owner(struct call *c)
{
	kuid_t owner = make_kuid(current_user_ns(), c->value);

	if (!uid_valid(owner))
		return -EINVAL;
	WRITE_ONCE(c->unit->owner, owner);
	netdev_state_change(c->dev);
	return 0;
}

static int set_group(struct call *c)
{
	kgid_t group = make_kgid(current_user_ns(), c->value);

	if (!gid_valid(group))
		return -EINVAL;
	WRITE_ONCE(c->unit->group, group);
	netdev_state_change(c->dev);
	return 0;
}

/* Bytes of an address on an interface of that type, an ARPHRD_* number. */
static unsigned char address_len(unsigned short type)
{
	switch (type) {
	case ARPHRD_LOCALTLK:
		return 1;
	case ARPHRD_IPGRE:
	case ARPHRD_SIT:
	case ARPHRD_TUNNEL:
		return 4;
	case ARPHRD_ROSE:
		return 5;
	case ARPHRD_ETHER:
	case ARPHRD_FDDI:
	case ARPHRD_HIPPI:
	case ARPHRD_IEEE802:
		return 6;
	case ARPHRD_NETROM:
		return 7;
	case ARPHRD_6LOWPAN:
	case ARPHRD_IEEE802154:
	case ARPHRD_IEEE802154_MONITOR:
		return 8;
	case ARPHRD_IP6GRE:
	case ARPHRD_TUNNEL6:
		return 16;
	default:
		return 0;
	}
}

static int set_link(struct call *c)
{
	struct net_device *dev = c->dev;
	int err;

	if (dev->flags & IFF_UP)
		return -EBUSY;
	err = call_netdevice_notifiers(NETDEV_PRE_TYPE_CHANGE, dev);
	err = notifier_to_errno(err);
	if (err)
		return err;
	dev->type = c->value;
	dev->addr_len = address_len(dev->type);
	call_netdevice_notifiers(NETDEV_POST_TYPE_CHANGE, dev);
	return 0;
}

/* As tun has it: what goes with TUN_F_CSUM, and UFO for nothing. */
static int set_offload(struct call *c)
{
	unsigned long offloads = c->value;

	if (offloads > UINT_MAX)
		return -EINVAL;
	if (offloads & TUN_F_CSUM)
		offloads &= ~TUN_F_UFO;
	return iftap_netdev_set_offloads(c->dev, offloads);
}

static int get_hwaddr(struct call *c)
{
	/* It cannot be that there is no such interface. */
	dev_get_mac_address(&c->arg.ifr.ifr_hwaddr, dev_net(c->dev),
			    c->dev->name);
	return 0;
}

static int set_hwaddr(struct call *c)
{
	return dev_set_mac_address_user(c->dev, &c->arg.ifr.ifr_hwaddr, NULL);
}

static int get_sndbuf(struct call *c)
{
	c->arg.number = READ_ONCE(c->unit->sndbuf);
	return 0;
}

static int set_sndbuf(struct call *c)
{
	if (c->arg.number <= 0)
		return -EINVAL;
	WRITE_ONCE(c->unit->sndbuf, c->arg.number);
	WRITE_ONCE(c->tf->sk.sk_sndbuf, c->arg.number);
	wake_up_interruptible(&c->tf->socket.wq.wait);
	iftap_queue_wake_all_writers(c->unit);
	return 0;
}

static int get_vnet_hdr_sz(struct call *c)
{
	c->arg.number = c->unit->vnet_hdr_sz;
	return 0;
}

static int set_vnet_hdr_sz(struct call *c)
{
	if (c->arg.number < (int)sizeof(struct virtio_net_hdr))
		return -EINVAL;
	WRITE_ONCE(c->unit->vnet_hdr_sz, c->arg.number);
	return 0;
}

static int get_vnet_le(struct call *c)
{
	c->arg.number = c->unit->vnet_le;
	return 0;
}

static int set_vnet_le(struct call *c)
{
	WRITE_ONCE(c->unit->vnet_le, c->arg.number);
	return 0;
}

static int set_carrier(struct call *c)
{
	return c->dev->netdev_ops->ndo_change_carrier(c->dev, c->arg.number);
}

static int get_dev_netns(struct call *c)
{
	struct net *net = dev_net(c->dev);

	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	return open_related_ns(&net->ns, get_net_ns);
}

/*
 * With one, too, but rtnl only after user memory has been read: whose it is can
 * make that take as long as he likes.
 */

/* lock() for what there is with Ethernet headers only. */
static int lock_tap(struct call *c)
{
	int err = lock(c);

	if (!err && c->unit->l3) {
		rtnl_unlock();
		err = -EINVAL;
	}
	return err;
}

static int set_addresses(struct call *c)
{
	struct iftap_addresses *addresses;
	int err, n;

	n = iftap_steer_addresses_from_user((void __user *)c->value,
					    &addresses);
	if (n < 0)
		return n;
	err = lock_tap(c);
	if (err) {
		kfree(addresses);
		return err;
	}
	iftap_steer_set_addresses(c->unit, addresses);
	rtnl_unlock();
	return n;
}

static int fprog_from_user(const struct call *c, struct sock_fprog *fprog)
{
	void __user *user = (void __user *)c->value;
#ifdef CONFIG_COMPAT
	struct compat_sock_fprog f;

	if (c->compat) {
		if (copy_from_user(&f, user, sizeof(f)))
			return -EFAULT;
		fprog->len = f.len;
		fprog->filter = compat_ptr(f.filter);
		return 0;
	}
#endif
	return copy_from_user(fprog, user, sizeof(*fprog)) ? -EFAULT : 0;
}

static int fprog_to_user(const struct call *c, const struct sock_fprog *fprog)
{
	void __user *user = (void __user *)c->value;
#ifdef CONFIG_COMPAT
	struct compat_sock_fprog f;

	if (c->compat) {
		memset(&f, 0, sizeof(f));
		f.len = fprog->len;
		f.filter = ptr_to_compat(fprog->filter);
		return copy_to_user(user, &f, sizeof(f)) ? -EFAULT : 0;
	}
#endif
	return copy_to_user(user, fprog, sizeof(*fprog)) ? -EFAULT : 0;
}

static int set_filter(struct call *c)
{
	struct bpf_prog *prog, *old;
	struct sock_fprog fprog;
	int err;

	memset(&fprog, 0, sizeof(fprog));
	err = fprog_from_user(c, &fprog);
	if (!err)
		err = bpf_prog_create_from_user(&prog, &fprog, NULL, false);
	/* The JIT had no memory, and there is no interpreter. */
	if (err == -ENOTSUPP)
		err = -ENOMEM;
	if (err)
		return err;
	err = lock_tap(c);
	if (err) {
		bpf_prog_destroy(prog);
		return err;
	}
	old = iftap_steer_set_filter(c->unit, prog, &fprog);
	rtnl_unlock();
	iftap_steer_free_prog(old);
	return 0;
}

static int clear_filter(struct call *c)
{
	struct bpf_prog *old;
	int err = lock_tap(c);

	if (err)
		return err;
	old = iftap_steer_set_filter(c->unit, NULL, NULL);
	rtnl_unlock();
	iftap_steer_free_prog(old);
	return 0;
}

static int get_filter(struct call *c)
{
	struct sock_fprog fprog;
	int err;

	memset(&fprog, 0, sizeof(fprog));
	err = lock_tap(c);
	if (err)
		return err;
	iftap_steer_get_filter(c->unit, &fprog);
	rtnl_unlock();
	return fprog_to_user(c, &fprog);
}

static int set_ebpf(struct call *c, bool steering)
{
	struct bpf_prog *prog = NULL, *old;
	int err;

	if (c->arg.number != -1) {
		prog = bpf_prog_get_type(c->arg.number,
					 BPF_PROG_TYPE_SOCKET_FILTER);
		if (IS_ERR(prog))
			return PTR_ERR(prog);
	}
	err = lock(c);
	if (err) {
		if (prog)
			bpf_prog_put(prog);
		return err;
	}
	old = iftap_steer_set_ebpf(c->unit, prog, steering);
	rtnl_unlock();
	iftap_steer_free_prog(old);
	return 0;
}

static int set_steering(struct call *c)
{
	return set_ebpf(c, true);
}

static int set_filter_ebpf(struct call *c)
{
	return set_ebpf(c, false);
}

enum direction { NONE = 0, IN = 1, OUT = 2, BOTH = IN | OUT };
#define IFREQ sizeof(struct ifreq)	/* or the smaller one of 32 bits */
#define INT sizeof(int)

/* When a call can be made, and who takes rtnl for it. */
enum when {
	ANY_TIME,	/* the function, as it likes */
	UNLOCKED,	/* the function; there is an interface */
	UNLOCKED_TAP,	/* the same, of Ethernet, else EINVAL */
	LOCKED,		/* it is called with rtnl, and there is an interface */
};

static const struct row {
	unsigned int cmd;
	enum when when;
	u8 direction;
	u8 size;
	int (*function)(struct call *c);
} table[] = {
	{ TUNSETIFF,		ANY_TIME, BOTH, IFREQ,	set_iff },
	{ TUNSETQUEUE,		ANY_TIME, IN,	IFREQ,	set_queue },
	{ TUNGETFEATURES,	ANY_TIME, OUT,	INT,	get_features },
	{ TUNSETIFINDEX,	ANY_TIME, NONE,	0,	set_ifindex },
	{ SIOCGSKNS,		ANY_TIME, NONE,	0,	get_socket_netns },

	{ TUNGETIFF,		LOCKED, OUT,	IFREQ,	get_iff },
	{ TUNSETNOCSUM,		LOCKED, NONE,	0,	ignore },
	{ TUNSETDEBUG,		LOCKED, NONE,	0,	ignore },
	{ TUNSETPERSIST,	LOCKED, NONE,	0,	set_persist },
	{ TUNSETOWNER,		LOCKED, NONE,	0,	set_owner },
	{ TUNSETGROUP,		LOCKED, NONE,	0,	set_group },
	{ TUNSETLINK,		LOCKED, NONE,	0,	set_link },
	{ TUNSETOFFLOAD,	LOCKED, NONE,	0,	set_offload },
	{ SIOCGIFHWADDR,	LOCKED, BOTH,	IFREQ,	get_hwaddr },
	{ SIOCSIFHWADDR,	LOCKED, IN,	IFREQ,	set_hwaddr },
	{ TUNGETSNDBUF,		LOCKED, OUT,	INT,	get_sndbuf },
	{ TUNSETSNDBUF,		LOCKED, IN,	INT,	set_sndbuf },
	{ TUNGETVNETHDRSZ,	LOCKED, OUT,	INT,	get_vnet_hdr_sz },
	{ TUNSETVNETHDRSZ,	LOCKED, IN,	INT,	set_vnet_hdr_sz },
	{ TUNGETVNETLE,		LOCKED, OUT,	INT,	get_vnet_le },
	{ TUNSETVNETLE,		LOCKED, IN,	INT,	set_vnet_le },
	{ TUNSETCARRIER,	LOCKED, IN,	INT,	set_carrier },
	{ TUNGETDEVNETNS,	LOCKED, NONE,	0,	get_dev_netns },

	{ TUNSETTXFILTER,	UNLOCKED_TAP, NONE, 0,	set_addresses },
	{ TUNATTACHFILTER,	UNLOCKED_TAP, NONE, 0,	set_filter },
	{ TUNDETACHFILTER,	UNLOCKED_TAP, NONE, 0,	clear_filter },
	{ TUNGETFILTER,		UNLOCKED_TAP, NONE, 0,	get_filter },
	{ TUNSETSTEERINGEBPF,	UNLOCKED, IN,	INT,	set_steering },
	{ TUNSETFILTEREBPF,	UNLOCKED, IN,	INT,	set_filter_ebpf },
};

static const struct row *row_find(unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].cmd == cmd)
			return &table[i];
	return NULL;
}

/* The fields used lie alike in the smaller struct ifreq of 32-bit programs. */
static size_t size_of(const struct row *row, const struct call *c)
{
#ifdef CONFIG_COMPAT
	if (row->size == IFREQ && c->compat)
		return sizeof(struct compat_ifreq);
#endif
	return row->size;
}

static int call_function(const struct row *row, struct call *c)
{
	int result;

	if (row->when != LOCKED)
		return row->function(c);
	result = lock(c);
	if (!result) {
		result = row->function(c);
		rtnl_unlock();
	}
	return result;
}

static long do_row(const struct row *row, struct call *c)
{
	void __user *user = (void __user *)c->value;
	int result;

	if (row->direction & IN &&
	    copy_from_user(&c->arg, user, size_of(row, c)))
		return -EFAULT;
	result = call_function(row, c);
	if (result >= 0 && row->direction & OUT &&
	    copy_to_user(user, &c->arg, size_of(row, c)))
		return -EFAULT;
	return result;
}

/* Rings and batches; other calls of the BSD face are not for here. */
static long do_own(struct file *file, struct iftap_tunfile *tf,
		   unsigned int cmd, unsigned long arg)
{
	struct iftap_queue *q = iftap_tunfile_queue(tf);

	if (!q)
		return -EBADFD;
	switch (cmd) {
	case TAPSRING:
	case TAPDOORBELL:
	case TAPSENDBATCH:
	case TAPRECVBATCH:
	case TAPGIFNAME:
#ifdef CONFIG_COMPAT
	case _IOR('t', 93, struct compat_ifreq):
#endif
	case TAPGOFFLOAD:
	case TAPSOFFLOAD:
		return iftap_ioctl_queue(file, q, cmd, arg);
	default:
		return -EINVAL;
	}
}

static long tun_ioctl(struct file *file, unsigned int cmd, unsigned long arg,
		      bool compat)
{
	struct call c = {
		.file = file,
		.tf = file->private_data,
		.value = arg,
		.compat = compat,
	};
	const struct row *row = row_find(cmd);
	struct iftap_queue *q;
	struct ifreq ifr;

	if (_IOC_TYPE(cmd) == _IOC_TYPE(TAPSRING))
		return do_own(file, c.tf, cmd, arg);
	if (row && row->when == ANY_TIME)
		return do_row(row, &c);
	/* What tun copies before it looks, it finds unreadable before. */
	if (_IOC_TYPE(cmd) == SOCK_IOC_TYPE &&
	    copy_from_user(&ifr, (void __user *)arg,
			   compat ? sizeof(struct compat_ifreq) : IFREQ))
		return -EFAULT;
	q = iftap_tunfile_queue(c.tf);
	if (!q)
		return -EBADFD;
	if (!row || (row->when == UNLOCKED_TAP && q->unit->l3))
		return -EINVAL;
	return do_row(row, &c);
}

long iftap_tun_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return tun_ioctl(file, cmd, arg, false);
}

#ifdef CONFIG_COMPAT
long iftap_tun_compat_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	return tun_ioctl(file, cmd, (unsigned long)compat_ptr(arg), true);
}
#endif
