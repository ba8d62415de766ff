// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Many frames a call: TAPSENDBATCH and TAPRECVBATCH, for programs that want
 * no shared memory. Frames are done some at a time, so that a call needs
 * little memory however long it is.
 */
#include <linux/if_ether.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include "iftap.h"

/* Frames done at a time: their descriptions fit on the stack. */
#define SOME	16

static int check(const struct tapbatch *batch)
{
	if (!batch->count || batch->count > TAP_BATCH_MAX ||
	    batch->flags & ~TAP_BATCH_DONTWAIT)
		return -EINVAL;
	return 0;
}

static struct tapframe __user *user_frames(const struct tapbatch *batch,
					   unsigned int first)
{
	struct tapframe __user *frames = u64_to_user_ptr(batch->frames);

	return frames + first;
}

/* Copy in as many descriptions as can be read; *err tells of the next. */
static unsigned int copy_frames(struct tapframe *frames,
				const struct tapframe __user *user,
				unsigned int n, int *err)
{
	unsigned long left = copy_from_user(frames, user, n * sizeof(*frames));

	if (likely(!left))
		return n;
	*err = -EFAULT;
	return n - DIV_ROUND_UP(left, sizeof(*frames));
}

/* Make the frame that @frame describes. */
static struct sk_buff *frame_in(struct iftap_queue *q,
				const struct tapframe *frame, int *err)
{
	struct iftap_counters __percpu *counters = q->unit->counters;
	enum iftap_counter cause;
	struct sk_buff *skb;

	*err = -EINVAL;
	cause = IFTAP_rx_bad_header;
	if (frame->len || frame->flags)
		goto fail;
	cause = IFTAP_rx_short;
	if (frame->size < iftap_unit_frame_min(q->unit))
		goto fail;
	cause = IFTAP_rx_long;
	*err = -EIO;
	if (frame->size > TAP_FRAME_MAX)
		goto fail;

	skb = iftap_frame_from_address(u64_to_user_ptr(frame->base),
				       frame->size);
	if (IS_ERR(skb)) {
		*err = PTR_ERR(skb);
		cause = *err == -EFAULT ? IFTAP_rx_fault : IFTAP_rx_nomem;
		goto fail;
	}
	*err = -EINVAL;
	cause = IFTAP_rx_no_ip;
	if (unlikely(q->unit->l3) && !iftap_frame_is_ip(skb))
		goto free;
	*err = 0;
	if (!iftap_offload_present(&frame->hdr))
		return skb;
	*err = iftap_offload_to_skb(skb, &frame->hdr, true, q->unit->l3);
	if (!*err)
		return skb;
	cause = IFTAP_rx_bad_header;
free:
	kfree_skb(skb);
fail:
	iftap_count(counters, cause);
	return NULL;
}

/* Send up to SOME frames. Return: how many, *err tells why no more. */
static unsigned int send_some(struct iftap_queue *q,
			      const struct tapframe __user *user,
			      unsigned int n, int *err)
{
	struct iftap_arrivals arrivals;
	struct tapframe frames[SOME];
	struct sk_buff *skbs[SOME];
	unsigned int i, made;
	int bad;

	n = copy_frames(frames, user, n, err);
	for (made = 0; made < n; made++) {
		skbs[made] = frame_in(q, &frames[made], &bad);
		if (!skbs[made]) {
			*err = bad;
			break;
		}
	}
	if (!made)
		return 0;

	local_bh_disable();
	rcu_read_lock();
	if (unlikely(!rcu_access_pointer(q->unit->dev)))
		*err = -EHOSTDOWN;
	iftap_arrivals_begin(&arrivals, q, NULL);
	for (i = 0; i < made; i++)
		iftap_arrivals_add(&arrivals, skbs[i]);
	iftap_arrivals_end(&arrivals);
	rcu_read_unlock();
	local_bh_enable();
	return *err == -EHOSTDOWN ? 0 : made;
}

/**
 * iftap_batch_send - TAPSENDBATCH
 * @q: the queue
 * @batch: our copy of the request
 *
 * Return: how many frames were sent, or a negative errno if that is none.
 */
int iftap_batch_send(struct iftap_queue *q, const struct tapbatch *batch)
{
	unsigned int n, some, done = 0;
	int err = check(batch);

	while (!err && done < batch->count) {
		some = min_t(unsigned int, batch->count - done, SOME);
		n = send_some(q, user_frames(batch, done), some, &err);
		done += n;
		if (done < batch->count && fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	return done ? done : err;
}

/* Copy a frame and what is to be known of it to the program. */
static int frame_out(const struct sk_buff *skb, struct tapframe *frame)
{
	unsigned int len = min(skb->len, frame->size);
	void __user *base = u64_to_user_ptr(frame->base);
	struct iov_iter to;

	if (likely(!skb_is_nonlinear(skb))) {
		if (copy_to_user(base, skb->data, len))
			return -EFAULT;
	} else {
		if (!access_ok(base, len))
			return -EFAULT;
		iov_iter_ubuf(&to, READ, base, len);
		if (skb_copy_datagram_iter(skb, 0, &to, len))
			return -EFAULT;
	}
	frame->len = skb->len;
	frame->flags = len < skb->len ? TAP_FRAME_TRUNCATED : 0;
	if (unlikely(skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL))
		return iftap_offload_from_skb(skb, &frame->hdr, true);
	memset(&frame->hdr, 0, sizeof(frame->hdr));
	return 0;
}

/* None only if none waits: others may be behind those that are dropped. */
static unsigned int get_finished(struct iftap_queue *q, struct sk_buff **skbs,
				 unsigned int n)
{
	unsigned int i, got, kept = 0;

	do {
		got = iftap_queue_get_some(q, skbs, n);
		for (i = 0; i < got; i++)
			if (likely(iftap_frame_finish(q->unit, skbs[i], true)))
				skbs[kept++] = skbs[i];
	} while (unlikely(got && !kept));
	return kept;
}

/* Receive up to SOME frames. Return: how many, *err tells why no more. */
static unsigned int recv_some(struct iftap_queue *q,
			      struct tapframe __user *user, unsigned int n,
			      int *err)
{
	struct iftap_counters __percpu *counters = q->unit->counters;
	struct tapframe frames[SOME];
	struct sk_buff *skbs[SOME];
	unsigned int i, got, done, readable;
	int bad = 0;

	readable = copy_frames(frames, user, n, err);
	got = get_finished(q, skbs, readable);
	if (!got) {
		if (readable)
			*err = -EAGAIN;
		return 0;
	}
	for (done = 0; done < got; done++) {
		bad = frame_out(skbs[done], &frames[done]);
		if (bad) {
			*err = bad;
			break;
		}
	}
	if (done && copy_to_user(user, frames, done * sizeof(*frames))) {
		*err = -EFAULT;
		done = 0;
	}
	for (i = got; i > done; i--)
		iftap_queue_unget(q, skbs[i - 1]);

	local_bh_disable();
	for (i = 0; i < done; i++) {
		if (unlikely(frames[i].flags & TAP_FRAME_TRUNCATED))
			iftap_count(counters, IFTAP_tx_truncated);
		iftap_count_add(counters, IFTAP_tx_bytes, skbs[i]->len);
		napi_consume_skb(skbs[i], 1);
	}
	iftap_count_add(counters, IFTAP_tx_packets, done);
	local_bh_enable();
	return done;
}

/**
 * iftap_batch_recv - TAPRECVBATCH
 * @q: the queue
 * @batch: our copy of the request
 * @nonblocking: do not wait for the first frame
 *
 * Return: how many frames were received, or a negative errno if that is none.
 */
int iftap_batch_recv(struct iftap_queue *q, const struct tapbatch *batch,
		     bool nonblocking)
{
	unsigned int n, some, done = 0;
	int err = check(batch);

	nonblocking |= batch->flags & TAP_BATCH_DONTWAIT;
	while (!err && done < batch->count) {
		some = min_t(unsigned int, batch->count - done, SOME);
		n = recv_some(q, user_frames(batch, done), some, &err);
		done += n;
		if (err == -EAGAIN && !done && !nonblocking)
			err = iftap_queue_wait(q);
		if (done < batch->count && fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	return done ? done : err;
}
