// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The BSD face: what open, close, read, write, poll and SIGIO do on /dev/tapN,
 * /dev/vmnetN and /dev/tap. A descriptor is one queue of a unit. The nodes
 * are made in node.c, the ioctls are in ioctl.c.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/if_ether.h>
#include <linux/poll.h>
#include <linux/uio.h>
#include "iftap.h"

/* Which unit a minor number means; -ENXIO if none can. */
static int minor_ident(unsigned int minor, struct iftap_ident *id, bool *clone)
{
	*clone = minor == TAP_MINOR_CLONE;
	id->kind = IFTAP_KIND_TAP;
	id->number = IFTAP_NO_NUMBER;
	if (*clone)
		return 0;
	if (minor & TAP_MINOR_VMNET) {
		id->kind = IFTAP_KIND_VMNET;
		minor &= ~TAP_MINOR_VMNET;
		if (minor > VMNET_UNIT_MAX)
			return -ENXIO;
	}
	if (minor > TAP_UNIT_MAX)
		return -ENXIO;
	id->number = minor;
	return 0;
}

static int iftap_open(struct inode *inode, struct file *file)
{
	struct iftap_queue *q;
	struct iftap_ident id;
	bool clone;
	int err;

	err = minor_ident(iminor(inode), &id, &clone);
	if (err)
		return err;
	q = iftap_unit_open(id, clone);
	if (IS_ERR(q))
		return PTR_ERR(q);
	file->private_data = q;
	file->f_mode |= FMODE_NOWAIT;
	return nonseekable_open(inode, file);
}

/**
 * iftap_chardev_queue - TAPQUEUE: another descriptor, for another queue
 * @file: a descriptor of the unit; the new one is as readable, writable and
 *	non-blocking as it is
 * @unit: the unit
 * @index: which queue
 *
 * Return: the descriptor's number, close-on-exec, or a negative errno.
 */
int iftap_chardev_queue(struct file *file, struct iftap_unit *unit, int index)
{
	struct iftap_queue *q;
	struct file *new;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	q = iftap_unit_take_queue(unit, index);
	if (IS_ERR(q)) {
		put_unused_fd(fd);
		return PTR_ERR(q);
	}
	new = anon_inode_getfile("[if_tap]", &iftap_chardev_fops, q,
				 file->f_flags & (O_ACCMODE | O_NONBLOCK));
	if (IS_ERR(new)) {
		iftap_unit_close(q);
		put_unused_fd(fd);
		return PTR_ERR(new);
	}
	new->f_mode |= FMODE_NOWAIT;
	nonseekable_open(file_inode(new), new);
	fd_install(fd, new);
	return fd;
}

static int iftap_release(struct inode *inode, struct file *file)
{
	iftap_unit_close(file->private_data);
	return 0;
}

static bool ready(const struct iftap_queue *q)
{
	return rcu_access_pointer(q->unit->dev);
}

/* May frames be read and written one by one? */
static int usable(const struct iftap_queue *q)
{
	if (unlikely(!ready(q)))
		return -EHOSTDOWN;
	return unlikely(rcu_access_pointer(q->ring)) ? -EBUSY : 0;
}

static ssize_t frame_to_user(struct iftap_queue *q, struct sk_buff *skb,
			     struct iov_iter *to, size_t hdr_len)
{
	struct tapoffload hdr;
	bool whole;
	size_t len;

	if (unlikely(hdr_len)) {
		if (iov_iter_count(to) < hdr_len)
			return -EINVAL;
		iftap_offload_from_skb(skb, &hdr, false);
		if (copy_to_iter(&hdr, hdr_len, to) != hdr_len)
			return -EFAULT;
	}
	len = min_t(size_t, skb->len, iov_iter_count(to));
	if (likely(!skb_is_nonlinear(skb)))
		whole = copy_to_iter(skb->data, len, to) == len;
	else
		whole = !skb_copy_datagram_iter(skb, 0, to, len);
	if (unlikely(!whole))
		return -EFAULT;
	if (unlikely(len < skb->len))
		iftap_count(q->unit->counters, IFTAP_tx_truncated);
	return hdr_len + len;
}

/* One frame a call; what does not fit is lost, and counted. */
static ssize_t iftap_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct iftap_queue *q = iocb->ki_filp->private_data;
	size_t hdr_len = READ_ONCE(q->unit->vnet_hdr_len);
	struct sk_buff *skb;
	ssize_t done;
	int err;

	err = usable(q);
	if (unlikely(err))
		return err;
	if (!iov_iter_count(to))
		return 0;
	skb = iftap_queue_next(q, iftap_nonblocking(iocb), hdr_len);
	if (IS_ERR(skb))
		return PTR_ERR(skb);
	done = frame_to_user(q, skb, to, hdr_len);
	if (unlikely(done < 0)) {
		iftap_queue_unget(q, skb);
		return done;
	}
	iftap_count_delivery(q->unit->counters, skb->len, IFTAP_NO_DROP);
	consume_skb(skb);
	return done;
}

/* Take the offload header off what is being written, if there is to be one. */
static int header_from_user(struct iftap_queue *q, struct iov_iter *from,
			    size_t hdr_len, struct tapoffload *hdr)
{
	memset(hdr, 0, sizeof(*hdr));
	if (likely(!hdr_len))
		return 0;
	if (iov_iter_count(from) < hdr_len) {
		iftap_count(q->unit->counters, IFTAP_rx_short);
		return -EINVAL;
	}
	if (!copy_from_iter_full(hdr, hdr_len, from)) {
		iftap_count(q->unit->counters, IFTAP_rx_fault);
		return -EFAULT;
	}
	return 0;
}

static struct sk_buff *frame_from_user(struct iftap_queue *q,
				       struct iov_iter *from, size_t max,
				       bool *xdp)
{
	struct iftap_counters __percpu *counters = q->unit->counters;
	size_t len = iov_iter_count(from);
	struct sk_buff *skb;

	if (unlikely(len < ETH_HLEN)) {
		iftap_count(counters, IFTAP_rx_short);
		return ERR_PTR(-EINVAL);
	}
	if (unlikely(len > max)) {
		iftap_count(counters, IFTAP_rx_long);
		return ERR_PTR(-EIO);
	}
	skb = iftap_frame_from_user(q, from, len, xdp);
	if (IS_ERR(skb))
		iftap_count(counters, PTR_ERR(skb) == -EFAULT ?
				      IFTAP_rx_fault : IFTAP_rx_nomem);
	return skb;
}

/* Each call is one frame. It never waits for room: there is no queue. */
static ssize_t iftap_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct iftap_queue *q = iocb->ki_filp->private_data;
	size_t hdr_len = READ_ONCE(q->unit->vnet_hdr_len);
	size_t len = iov_iter_count(from);
	struct tapoffload hdr;
	struct sk_buff *skb;
	bool xdp;
	int err;

	err = usable(q);
	if (unlikely(err))
		return err;
	if (!len)
		return 0;
	err = header_from_user(q, from, hdr_len, &hdr);
	if (unlikely(err))
		return err;
	xdp = !iftap_offload_present(&hdr);
	skb = frame_from_user(q, from, hdr_len ? TAP_FRAME_MAX : TAPMRU,
			      &xdp);
	if (IS_ERR_OR_NULL(skb))
		return skb ? PTR_ERR(skb) : len;
	if (unlikely(iftap_offload_present(&hdr))) {
		xdp = true;
		err = iftap_offload_to_skb(skb, &hdr, false, false);
		if (err) {
			iftap_count(q->unit->counters, IFTAP_rx_bad_header);
			kfree_skb(skb);
			return err;
		}
	}
	err = iftap_frame_receive(q, skb, xdp);
	return err == -EHOSTDOWN ? err : len;
}

static __poll_t iftap_poll(struct file *file, poll_table *wait)
{
	struct iftap_queue *q = file->private_data;
	struct iftap_ring *ring;
	__poll_t events = 0;

	poll_wait(file, &q->wait, wait);
	smp_mb();	/* B, matches A in iftap_queue_wake() */
	ring = iftap_queue_ring(q);
	if (!ready(q))
		events |= EPOLLHUP | EPOLLERR;
	if (ring)
		return events | iftap_ring_events(ring);
	if (!skb_queue_empty_lockless(&q->frames))
		events |= EPOLLIN | EPOLLRDNORM;
	if (!(events & EPOLLHUP))
		events |= EPOLLOUT | EPOLLWRNORM;
	return events;
}

static int iftap_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct iftap_ring *ring = iftap_queue_ring(file->private_data);

	return ring ? iftap_area_mmap(&ring->area, vma) : -EINVAL;
}

/* The VFS calls this for FIOASYNC, F_SETFL, and at close to switch it off. */
static int iftap_fasync(int fd, struct file *file, int on)
{
	struct iftap_queue *q = file->private_data;
	int err;

	if (on) {
		err = iftap_file_owner_alloc(file);
		if (err)
			return err;
	}
	err = fasync_helper(fd, file, on, &q->fasync);
	return err < 0 ? err : 0;
}

const struct file_operations iftap_chardev_fops = {
	.owner = THIS_MODULE,
	.open = iftap_open,
	.release = iftap_release,
	.read_iter = iftap_read_iter,
	.write_iter = iftap_write_iter,
	.poll = iftap_poll,
	.mmap = iftap_mmap,
	.fasync = iftap_fasync,
	.unlocked_ioctl = iftap_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl = iftap_compat_ioctl,
#endif
};
