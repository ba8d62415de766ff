// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The BSD face: what open, close, read, write, poll and SIGIO do on /dev/tapN,
 * /dev/vmnetN and /dev/tap. A descriptor is one queue of a unit. The nodes
 * are made in node.c, the ioctls are in ioctl.c.
 */
#include <linux/if_ether.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
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

static int iftap_release(struct inode *inode, struct file *file)
{
	struct iftap_queue *q = file->private_data;

	iftap_unit_close(q->unit);
	return 0;
}

static bool ready(const struct iftap_queue *q)
{
	return rcu_access_pointer(q->unit->dev);
}

static bool nonblocking(const struct kiocb *iocb)
{
	return iocb->ki_filp->f_flags & O_NONBLOCK ||
	       iocb->ki_flags & IOCB_NOWAIT;
}

/* Wait for a frame; nothing but a signal or the unit's end interrupts that. */
static int wait_for_frame(struct iftap_queue *q, struct sk_buff **skb)
{
	int err;

	err = wait_event_interruptible(q->wait,
				       (*skb = iftap_queue_get(q)) ||
				       !ready(q));
	if (err)
		return err;
	return *skb ? 0 : -EHOSTDOWN;
}

/* One frame a call; what does not fit is lost, and counted. */
static ssize_t iftap_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct iftap_queue *q = iocb->ki_filp->private_data;
	struct iftap_counters __percpu *counters = q->unit->counters;
	size_t room = iov_iter_count(to);
	struct sk_buff *skb;
	size_t len;
	int err;

	if (unlikely(!ready(q)))
		return -EHOSTDOWN;
	if (!room)
		return 0;
	skb = iftap_queue_get(q);
	if (!skb) {
		if (nonblocking(iocb))
			return -EAGAIN;
		err = wait_for_frame(q, &skb);
		if (err)
			return err;
	}

	len = min_t(size_t, skb->len, room);
	if (unlikely(skb_copy_datagram_iter(skb, 0, to, len))) {
		iftap_queue_unget(q, skb);
		return -EFAULT;
	}
	if (unlikely(len < skb->len))
		iftap_count(counters, IFTAP_tx_truncated);
	iftap_count(counters, IFTAP_tx_packets);
	iftap_count_add(counters, IFTAP_tx_bytes, skb->len);
	consume_skb(skb);
	return len;
}

/* Each call is one frame. It never waits for room: there is no queue. */
static ssize_t iftap_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct iftap_queue *q = iocb->ki_filp->private_data;
	struct iftap_counters __percpu *counters = q->unit->counters;
	size_t len = iov_iter_count(from);
	struct sk_buff *skb;
	int err;

	if (unlikely(!ready(q)))
		return -EHOSTDOWN;
	if (!len)
		return 0;
	if (unlikely(len < ETH_HLEN)) {
		iftap_count(counters, IFTAP_rx_short);
		return -EINVAL;
	}
	if (unlikely(len > TAPMRU)) {
		iftap_count(counters, IFTAP_rx_long);
		return -EIO;
	}

	skb = iftap_frame_from_user(from);
	if (IS_ERR(skb)) {
		err = PTR_ERR(skb);
		iftap_count(counters, err == -EFAULT ? IFTAP_rx_fault :
						       IFTAP_rx_nomem);
		return err;
	}
	err = iftap_frame_receive(q->unit, skb);
	return err ? err : len;
}

static __poll_t iftap_poll(struct file *file, poll_table *wait)
{
	struct iftap_queue *q = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &q->wait, wait);
	smp_mb();	/* B, matches A in iftap_queue_wake() */
	if (!skb_queue_empty_lockless(&q->frames))
		events |= EPOLLIN | EPOLLRDNORM;
	if (ready(q))
		events |= EPOLLOUT | EPOLLWRNORM;
	else
		events |= EPOLLHUP | EPOLLERR;
	return events;
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
	.fasync = iftap_fasync,
	.unlocked_ioctl = iftap_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl = iftap_compat_ioctl,
#endif
};
