// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The Linux face: /dev/net/tap, which a program written for Linux's
 * /dev/net/tun takes for that. Here is what open, close, read, write, poll and
 * SIGIO do; how a descriptor gets its unit is in tunif.c, the ioctls are in
 * tunioctl.c. A ring can be had on it too.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/if_tun.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/poll.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/uio.h>
#include <linux/virtio_net.h>
#include "iftap.h"

#define OFFLOAD_LEN	sizeof(struct virtio_net_hdr)

static bool running(const struct iftap_queue *q)
{
	const struct net_device *dev;
	bool up;

	rcu_read_lock();
	dev = rcu_dereference(q->unit->dev);
	up = dev && netif_running(dev);
	rcu_read_unlock();
	return up;
}

/*
 * There is room again in the socket: for who writes and for who polls. Frames
 * may be on their way when the descriptor is closed, so RCU keeps the queue.
 */
static void write_space(struct sock *sk)
{
	struct iftap_tunfile *tf = container_of(sk, struct iftap_tunfile, sk);
	struct iftap_queue *q;

	if (wq_has_sleeper(&tf->socket.wq.wait))
		wake_up_interruptible_poll(&tf->socket.wq.wait,
					   EPOLLOUT | EPOLLWRNORM);
	if (!sock_writeable(sk))
		return;
	rcu_read_lock();
	q = READ_ONCE(tf->q);
	if (q)
		iftap_queue_wake_writers(q);
	rcu_read_unlock();
}

static struct proto tun_proto = {
	.name = IFTAP_NAME,
	.owner = THIS_MODULE,
	.obj_size = sizeof(struct iftap_tunfile),
};

/* Is the module loaded? If it fails to, there must be no descriptor. */
static bool allowed;

void iftap_tunchar_allow(void)
{
	WRITE_ONCE(allowed, true);
}

static int iftap_tun_open(struct inode *inode, struct file *file)
{
	struct iftap_tunfile *tf;

	if (!READ_ONCE(allowed))
		return -ENODEV;

	tf = (struct iftap_tunfile *)sk_alloc(current->nsproxy->net_ns,
					      AF_UNSPEC, GFP_KERNEL_ACCOUNT,
					      &tun_proto, 0);
	if (!tf)
		return -ENOMEM;
	tf->q = NULL;
	tf->detached = false;
	tf->napi = false;
	tf->ifindex = 0;
	tf->fasync_fd = -1;
	tf->fasync = NULL;
	init_waitqueue_head(&tf->socket.wq.wait);
	tf->socket.file = file;
	sock_init_data_uid(&tf->socket, &tf->sk, current_fsuid());
	tf->sk.sk_write_space = write_space;
	tf->sk.sk_sndbuf = INT_MAX;
	file->private_data = tf;
	file->f_mode |= FMODE_NOWAIT;
	return 0;
}

static int iftap_tun_release(struct inode *inode, struct file *file)
{
	struct iftap_tunfile *tf = file->private_data;
	struct iftap_queue *q = tf->q, *former;

	WRITE_ONCE(tf->q, NULL);
	for (; q; q = former) {
		former = q->former;
		q->former = NULL;
		iftap_unit_close(q);
	}
	sock_orphan(&tf->sk);	/* frames may hold it for longer than the file */
	sock_put(&tf->sk);
	return 0;
}

/* Reading */

/* The headers that go before a frame. Return: their bytes or an errno. */
static ssize_t headers_to_user(const struct iftap_unit *unit,
			       const struct sk_buff *skb, struct iov_iter *to)
{
	unsigned int flags = READ_ONCE(unit->tun_flags);
	struct tun_pi pi = { .proto = skb->protocol };
	struct tapoffload hdr;
	size_t hdr_len = 0, done = 0;

	if (flags & IFF_VNET_HDR)
		hdr_len = READ_ONCE(unit->vnet_hdr_sz);
	if (!(flags & IFF_NO_PI)) {
		if (iov_iter_count(to) < sizeof(pi))
			return -EINVAL;
		if (iov_iter_count(to) < sizeof(pi) + hdr_len + skb->len)
			pi.flags |= TUN_PKT_STRIP;
		if (copy_to_iter(&pi, sizeof(pi), to) != sizeof(pi))
			return -EFAULT;
		done = sizeof(pi);
	}
	if (!hdr_len)
		return done;
	if (iov_iter_count(to) < hdr_len)
		return -EINVAL;
	iftap_offload_from_skb(skb, &hdr, READ_ONCE(unit->vnet_le));
	if (copy_to_iter(&hdr, OFFLOAD_LEN, to) != OFFLOAD_LEN)
		return -EFAULT;
	iov_iter_advance(to, hdr_len - OFFLOAD_LEN);
	return done + hdr_len;
}

static ssize_t frame_to_user(struct iftap_queue *q, struct sk_buff *skb,
			     struct iov_iter *to)
{
	ssize_t headers = headers_to_user(q->unit, skb, to);
	size_t len;

	if (headers < 0)
		return headers;
	len = min_t(size_t, skb->len, iov_iter_count(to));
	if (skb_copy_datagram_iter(skb, 0, to, len))
		return -EFAULT;
	if (unlikely(len < skb->len))
		iftap_count(q->unit->counters, IFTAP_tx_truncated);
	return headers + len;
}

/*
 * One frame a call; what does not fit is lost, and counted, and so is a frame
 * whose headers do not. A fault loses nothing.
 */
static ssize_t iftap_tun_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct iftap_queue *q = iftap_tunfile_queue(iocb->ki_filp->private_data);
	struct sk_buff *skb;
	ssize_t done;

	if (unlikely(!q))
		return -EBADFD;
	if (unlikely(rcu_access_pointer(q->ring)))
		return -EBUSY;
	if (!iov_iter_count(to))
		return 0;
	skb = iftap_queue_next(q, iftap_nonblocking(iocb),
			       READ_ONCE(q->unit->tun_flags) & IFF_VNET_HDR);
	if (IS_ERR(skb))	/* tun's answer to who slept meanwhile */
		return PTR_ERR(skb) == -EHOSTDOWN ? -EFAULT : PTR_ERR(skb);
	done = frame_to_user(q, skb, to);
	if (likely(done >= 0)) {
		iocb->ki_pos = done;
		iftap_count_delivery(q->unit->counters, skb->len,
				     IFTAP_NO_DROP);
		consume_skb(skb);
	} else if (done == -EFAULT) {
		iftap_queue_unget(q, skb);
	} else {
		iftap_count(q->unit->counters, IFTAP_tx_fault);
		kfree_skb(skb);
	}
	return done;
}

/* Writing */

/* What is to be known of a frame before its bytes are read. */
struct incoming {
	struct tun_pi pi;
	struct tapoffload hdr;
	size_t len;
};

static int header_from_user(const struct iftap_unit *unit,
			    struct iov_iter *from, struct incoming *in)
{
	bool le = READ_ONCE(unit->vnet_le) || virtio_legacy_is_little_endian();
	size_t hdr_len = READ_ONCE(unit->vnet_hdr_sz);
	struct tapoffload *hdr = &in->hdr;
	unsigned int headers, sum;

	if (iov_iter_count(from) < hdr_len)
		return -EINVAL;
	if (!copy_from_iter_full(hdr, OFFLOAD_LEN, from))
		return -EFAULT;
	hdr->flags &= VIRTIO_NET_HDR_F_NEEDS_CSUM | VIRTIO_NET_HDR_F_DATA_VALID;
	headers = __virtio16_to_cpu(le, (__force __virtio16)hdr->hdr_len);
	if (hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		/* The sum is among the headers. */
		sum = __virtio16_to_cpu(le,
					(__force __virtio16)hdr->csum_start) +
		      __virtio16_to_cpu(le,
					(__force __virtio16)hdr->csum_offset) +
		      sizeof(__sum16);
		headers = max(headers, sum);
	}
	if (headers > iov_iter_count(from) - (hdr_len - OFFLOAD_LEN) ||
	    (headers && !unit->l3 && headers < ETH_HLEN))
		return -EINVAL;
	iov_iter_advance(from, hdr_len - OFFLOAD_LEN);
	return 0;
}

static int headers_from_user(const struct iftap_unit *unit,
			     struct iov_iter *from, struct incoming *in)
{
	unsigned int flags = READ_ONCE(unit->tun_flags);
	unsigned int min = iftap_unit_frame_min(unit);
	int err;

	if (unit->l3 && !(flags & IFF_NO_PI))
		min = 0;	/* its first byte need not tell what it is */
	memset(in, 0, sizeof(*in));
	if (!(flags & IFF_NO_PI)) {
		if (iov_iter_count(from) < sizeof(in->pi))
			return -EINVAL;
		if (!copy_from_iter_full(&in->pi, sizeof(in->pi), from))
			return -EFAULT;
	}
	if (flags & IFF_VNET_HDR) {
		err = header_from_user(unit, from, in);
		if (err)
			return err;
	}
	in->len = iov_iter_count(from);
	if (in->len < min)
		return -EINVAL;
	return in->len > TAP_FRAME_MAX ? -EMSGSIZE : 0;
}

/* With TUNSETSNDBUF: the frame waits for its turn in the socket's memory. */
static struct sk_buff *limited_from_user(struct iftap_tunfile *tf, int limit,
					 struct iov_iter *from, size_t len,
					 bool nonblock)
{
	size_t linear = min_t(size_t, len, SKB_MAX_HEAD(IFTAP_HEADROOM));
	struct sk_buff *skb;
	int err;

	WRITE_ONCE(tf->sk.sk_sndbuf, limit);
	skb = sock_alloc_send_pskb(&tf->sk, IFTAP_HEADROOM + linear,
				   len - linear, nonblock, &err,
				   PAGE_ALLOC_COSTLY_ORDER);
	if (!skb)
		return ERR_PTR(err);
	skb_reserve(skb, IFTAP_HEADROOM);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len = len;
	if (skb_copy_datagram_from_iter(skb, 0, from, len)) {
		kfree_skb(skb);
		return ERR_PTR(-EFAULT);
	}
	return skb;
}

static struct sk_buff *frame_from_user(struct iftap_tunfile *tf,
				       struct iftap_queue *q,
				       struct iov_iter *from,
				       const struct incoming *in, bool nonblock,
				       bool *xdp)
{
	bool early = !iftap_offload_present(&in->hdr);
	int limit = READ_ONCE(q->unit->sndbuf);
	struct sk_buff *skb;

	*xdp = early;
	if (likely(limit == INT_MAX)) {
		skb = iftap_frame_from_user(q, from, in->len, xdp);
	} else {
		skb = limited_from_user(tf, limit, from, in->len, nonblock);
		early = false;
	}
	if (!early)
		*xdp = true;
	return skb;
}

/* Say what the frame is. Return: 0 or what to count it under. */
static int frame_type(const struct iftap_unit *unit, struct sk_buff *skb,
		      const struct incoming *in, enum iftap_counter *cause)
{
	*cause = IFTAP_rx_bad_header;
	if (unlikely(iftap_offload_present(&in->hdr)) &&
	    iftap_offload_to_skb(skb, &in->hdr, READ_ONCE(unit->vnet_le),
				 unit->l3))
		return -EINVAL;
	if (!unit->l3)
		return 0;
	*cause = IFTAP_rx_no_ip;
	if (READ_ONCE(unit->tun_flags) & IFF_NO_PI)
		return iftap_frame_is_ip(skb) ? 0 : -EINVAL;
	skb->protocol = in->pi.proto;
	return 0;
}

static int count_failure(struct iftap_unit *unit, int err)
{
	static const struct {
		int err;
		enum iftap_counter cause;
	} causes[] = {
		{ -EINVAL, IFTAP_rx_short },
		{ -EMSGSIZE, IFTAP_rx_long },
		{ -EFAULT, IFTAP_rx_fault },
		{ -ENOMEM, IFTAP_rx_nomem },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(causes); i++)
		if (causes[i].err == err)
			iftap_count(unit->counters, causes[i].cause);
	return err;
}

/* Each call is one frame, which may wait for memory, but not for a queue. */
static ssize_t iftap_tun_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct iftap_tunfile *tf = iocb->ki_filp->private_data;
	struct iftap_queue *q = iftap_tunfile_queue(tf);
	size_t total = iov_iter_count(from);
	enum iftap_counter cause;
	struct iftap_unit *unit;
	struct incoming in;
	struct sk_buff *skb;
	bool xdp;
	int err;

	if (unlikely(!q))
		return -EBADFD;
	if (unlikely(rcu_access_pointer(q->ring)))
		return -EBUSY;
	unit = q->unit;
	err = headers_from_user(unit, from, &in);
	if (unlikely(err))
		return count_failure(unit, err);
	skb = frame_from_user(tf, q, from, &in, iftap_nonblocking(iocb), &xdp);
	if (!skb)
		return total;
	if (IS_ERR(skb)) {
		err = PTR_ERR(skb) == -ENOBUFS ? -ENOMEM : PTR_ERR(skb);
		return count_failure(unit, err);
	}
	err = frame_type(unit, skb, &in, &cause);
	if (unlikely(err)) {
		iftap_count(unit->counters, cause);
		kfree_skb(skb);
		return err;
	}
	if (unlikely(READ_ONCE(tf->detached)) && READ_ONCE(tf->napi)) {
		kfree_skb(skb);
		return running(q) ? -EBUSY : -EIO;
	}
	err = iftap_frame_receive(q, skb, xdp);
	if (unlikely(err))
		return err == -ENETDOWN ? -EIO : -EBADFD;
	return total;
}

/* Polling */

static bool writeable(struct iftap_tunfile *tf, struct iftap_queue *q)
{
	/* The limit is the unit's, and another descriptor may have set it. */
	WRITE_ONCE(tf->sk.sk_sndbuf, READ_ONCE(q->unit->sndbuf));
	/* It is running before ->ndo_open wakes us. */
	return running(q) && sock_writeable(&tf->sk);
}

static __poll_t iftap_tun_poll(struct file *file, poll_table *wait)
{
	struct iftap_tunfile *tf = file->private_data;
	struct iftap_queue *q = iftap_tunfile_queue(tf);
	struct iftap_ring *ring;
	__poll_t events = 0;

	if (!q)
		return EPOLLERR;
	poll_wait(file, &q->wait, wait);
	smp_mb();	/* B, matches A in iftap_queue_wake() */
	if (!rcu_access_pointer(q->unit->dev))
		return EPOLLERR;
	ring = iftap_queue_ring(q);
	if (ring)
		return iftap_ring_events(ring);
	if (!skb_queue_empty_lockless(&q->frames))
		events |= EPOLLIN | EPOLLRDNORM;
	/* Room may have been made before it was seen that it is waited for. */
	if (writeable(tf, q) ||
	    (!test_and_set_bit(0, &q->full) && writeable(tf, q)))
		events |= EPOLLOUT | EPOLLWRNORM;
	return events;
}

static int iftap_tun_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct iftap_tunfile *tf = file->private_data;
	struct iftap_queue *q = smp_load_acquire(&tf->q);
	struct iftap_ring *ring = q ? iftap_queue_ring(q) : NULL;

	return ring ? iftap_area_mmap(&ring->area, vma) : -ENODEV;
}

/* Unlike elsewhere, who asks for signals gets them, without F_SETOWN. */
static int iftap_tun_fasync(int fd, struct file *file, int on)
{
	struct iftap_tunfile *tf = file->private_data;
	int err;

	if (on) {
		err = iftap_file_owner_alloc(file);
		if (err)
			return err;
	}
	rtnl_lock();
	err = fasync_helper(fd, file, on,
			    tf->q ? &tf->q->fasync : &tf->fasync);
	if (err >= 0) {
		if (on)
			__f_setown(file, task_pid(current), PIDTYPE_TGID, 0);
		tf->fasync_fd = on ? fd : -1;
		err = 0;
	}
	rtnl_unlock();
	return err;
}

#ifdef CONFIG_PROC_FS
/* What `ip -d tuntap` looks for. */
static void iftap_tun_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct iftap_tunfile *tf = file->private_data;
	struct net_device *dev = NULL;

	if (rtnl_lock_killable())
		return;
	if (tf->q)
		dev = rtnl_dereference(tf->q->unit->dev);
	seq_printf(m, "iff:\t%s\n", dev ? dev->name : "");
	rtnl_unlock();
}
#endif

static const struct file_operations iftap_tun_fops = {
	.owner = THIS_MODULE,
	.open = iftap_tun_open,
	.release = iftap_tun_release,
	.read_iter = iftap_tun_read_iter,
	.write_iter = iftap_tun_write_iter,
	.poll = iftap_tun_poll,
	.mmap = iftap_tun_mmap,
	.fasync = iftap_tun_fasync,
	.unlocked_ioctl = iftap_tun_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl = iftap_tun_compat_ioctl,
#endif
#ifdef CONFIG_PROC_FS
	.show_fdinfo = iftap_tun_show_fdinfo,
#endif
};

/* Anybody may open it; TUNSETIFF asks who it is. */
static struct miscdevice tun_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = IFTAP_NAME,
	.nodename = "net/tap",
	.mode = 0666,
	.fops = &iftap_tun_fops,
};

int iftap_tunchar_init(void)
{
	return misc_register(&tun_misc);
}

void iftap_tunchar_fini(void)
{
	misc_deregister(&tun_misc);
}
