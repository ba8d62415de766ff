/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the files of the module share: the unit, its queues, and who may call
 * what. The user interface is <net/if_tap.h>.
 *
 * Calls go one way: main.c and node.c make the faces (chardev.c, ioctl.c and
 * batch.c; tunchar.c, tunioctl.c and tunif.c; link.c, sysfs.c), which use units
 * (unit.c, opener.c, ident.c), units use the interface (netdev.c, addr.c), the
 * interface uses queues and rings (queue.c, ring*.c, area.c), and those use
 * frames (frame.c, offload.c, napi.c, xdp.c, and steer.c, which learns from
 * them and chooses queues). counter.c and sysctl.c keep the books. Tables of
 * functions go the other way: an interface is given those of link.c and
 * sysfs.c.
 *
 * LOCKING; doc/locking.md has the contexts, the barriers and the teardowns
 *
 *	what			held to change		to read
 *	iftap_net.units		rtnl			rtnl or RCU
 *	iftap_unit.dev		rtnl			rtnl or RCU; if any, bare
 *	  .id .queues .nqueues	never after creation
 *	  .counters .l3 .security  the same
 *	  .home .users .open	rtnl			rtnl
 *	  .made_by_tunsetiff	rtnl			rtnl
 *	  .npolled .threaded	rtnl			rtnl
 *	  .transient .baudrate	rtnl			bare
 *	  .vnet_hdr_len		rtnl			bare
 *	  .offloads .features	rtnl			bare
 *	  .link			rtnl			bare
 *	  .face .tun_flags	rtnl			bare
 *	  .vnet_hdr_sz .vnet_le	rtnl			bare
 *	  .owner .group .sndbuf	rtnl			bare
 *	  .filtered		rtnl			bare with acquire
 *	  .steer		rtnl, once, then never	rtnl; bare with acquire
 *	  .xdp_prog		rtnl			rtnl or RCU; if any, bare
 *	  .opener		rtnl and iftap_unit.lock  either
 *	  .remote		iftap_unit.lock		the same
 *	iftap_queue.unit .hold	never after creation
 *	  .frames		iftap_queue.frames.lock	the same; emptiness and
 *							length bare
 *	  .bytes .purges	iftap_queue.frames.lock	the same
 *	  .open			rtnl and frames.lock	either; bare
 *	  .wait			its own lock, inside the transmit lock
 *	  .full			atomic
 *	  .fasync		the VFS's, inside the transmit lock; on the
 *				Linux face rtnl too
 *	  .ring			rtnl; set under the	rtnl, RCU, or the
 *				transmit lock too	descriptor it is of
 *	  .taken		rtnl			rtnl
 *	  .napi			rtnl			rtnl or RCU; if any, bare
 *	  .former		rtnl			->release
 *	  .filter		rtnl			rtnl; bare
 *	iftap_steer, programs	rtnl			RCU; if any, bare
 *	  and addresses
 *	  .fprog		rtnl			rtnl
 *	  .active .nactive	rtnl			bare
 *	  .flows		never; an entry bare	bare
 *	iftap_tunfile.q		rtnl, ->release		rtnl; bare with acquire,
 *							what was here stays until
 *							the file is closed; RCU
 *							in sk_write_space
 *	  .detached .napi	rtnl			rtnl; bare
 *	  .ifindex		bare			bare
 *	  .fasync .fasync_fd	rtnl			rtnl
 *	iftap_ring, outbound	its transmit queue's lock, or as ring.c says
 *	iftap_ring, inbound	its NAPI, or as ring.c says
 *	  .attached		rtnl			rtnl
 *	  .broken		cmpxchg(), any context	bare
 *	counters		this CPU, any context	bare
 *
 * rtnl is outermost. Next iftap_queue.xdp_lock, under which an XDP program runs
 * and may transmit, then netdev's transmit lock, then iftap_queue.frames.lock
 * (taken with bottom halves off; netpoll, with IRQs off, only tries it). A wait
 * queue is never woken under frames.lock. iftap_unit.lock is a leaf and never
 * taken from a bottom half. User memory is not touched under rtnl. Permission
 * is checked before rtnl is asked for, so that nobody without it can make
 * others wait, and again under it; doc/locking.md names the exceptions.
 */
#ifndef IFTAP_H
#define IFTAP_H

#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/xarray.h>
#include <net/if_tap.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include "compat.h"
#include "counter.h"

#define IFTAP_NAME		"if_tap"

/* The room that the stack wants in front of a frame, in bytes. */
#define IFTAP_HEADROOM		(NET_SKB_PAD + NET_IP_ALIGN)
/* Bytes of memory (truesize) the frames of one queue may take. */
#define IFTAP_QUEUE_BYTES	(8u << 20)
/* Frames a closed vmnet keeps for its next opener. */
#define IFTAP_HOLD_FRAMES	50
/* A unit without a number: its interface has a name of another form. */
#define IFTAP_NO_NUMBER		(-1)
/* The lowest number that is free: "tap%d". */
#define IFTAP_ANY_NUMBER	(-2)

/* What an opening or a netlink message asks for. */
struct iftap_ident {
	enum iftap_kind kind;
	int number;		/* or IFTAP_NO_NUMBER, IFTAP_ANY_NUMBER */
};

/* By which face a unit was opened last. */
enum iftap_face {
	IFTAP_FACE_BSD,
	IFTAP_FACE_LINUX,
};

/* What `ethtool NAME` shows and `ethtool -s` sets. */
struct iftap_link {
	u32 speed;		/* Mbit/s, or SPEED_UNKNOWN */
	u8 duplex;
	u8 port;
	u8 autoneg;
};

/* A run of pages in a ring's memory. */
struct iftap_run {
	void *address;		/* where the kernel sees it */
	struct page **pages;
	unsigned int npages;
	size_t bytes;		/* as seen, so twice the data */
};

enum {
	IFTAP_RUN_KERNEL,
	IFTAP_RUN_USER,
	IFTAP_RUN_OUT,
	IFTAP_RUN_IN,
	IFTAP_NRUNS
};

struct iftap_area {
	struct tapring_kernel *kernel;
	struct tapring_user *user;
	void *out;
	void *in;
	u32 out_size;
	u32 in_size;
	struct iftap_run runs[IFTAP_NRUNS];
	unsigned long charged;	/* pages */
	struct user_struct *user_charged;	/* NULL: nobody */
};

struct iftap_ring {
	struct iftap_area area;
	struct iftap_queue *q;
	struct eventfd_ctx *eventfd;
	u32 flags;
	int broken;
	bool attached;		/* napi is the interface's */

	/* outbound, under the transmit lock */
	u64 out_producer ____cacheline_aligned_in_smp;
	u64 out_published;	/* what the program has been told */
	u64 out_consumer;	/* what the program has told */
	bool stalled;		/* do not stop the queue for it again */
	bool armed;		/* a poll() waits; set by it, bare */
	unsigned long stopped;	/* jiffies, when the queue was */
	struct timer_list stall_timer;

	/* inbound, in NAPI context */
	struct napi_struct napi ____cacheline_aligned_in_smp;
	u64 in_consumer;
	u64 spin_ns;
	u64 last_work;
	bool in_armed;		/* a poll() waits for room; set by it, bare */
};

/* Frames on their way into the stack, one after the other. */
struct iftap_arrivals {
	struct iftap_queue *q;
	struct net_device *dev;	/* NULL: not running */
	bool special;		/* XDP, or several queues */
	bool by_napi;		/* IFF_NAPI */
	struct napi_struct *napi;
	u64 packets;
	u64 bytes;
};

struct iftap_queue {
	struct iftap_unit *unit;
	struct iftap_ring __rcu *ring;
	struct sk_buff_head frames;
	size_t bytes;		/* truesize of frames */
	unsigned int purges;	/* how often frames was emptied */
	bool open;
	bool hold;		/* keep frames while closed (vmnet) */
	bool taken;		/* has a descriptor */
	bool filter;		/* TUNATTACHFILTER's program is for it too */
	wait_queue_head_t wait;
	struct fasync_struct *fasync;
	unsigned long full;	/* bit 0: somebody waits to write */
	struct iftap_napi __rcu *napi;	/* IFF_NAPI */
	struct iftap_queue *former;	/* what the descriptor had before */
	spinlock_t xdp_lock;	/* of the receive queue of this number */
} ____cacheline_aligned_in_smp;

/*
 * A descriptor of the Linux face. The socket is for the security modules, for
 * TUNSETSNDBUF, and to hold the namespace.
 */
struct iftap_tunfile {
	struct sock sk;		/* first */
	struct socket socket;
	struct iftap_queue *q;	/* NULL: TUNSETIFF is yet to come */
	bool detached;		/* by TUNSETQUEUE */
	bool napi;		/* IFF_NAPI was given */
	int ifindex;		/* for the next interface, or 0 */
	int fasync_fd;		/* -1: no SIGIO wanted */
	struct fasync_struct *fasync;	/* until there is a queue */
};

struct iftap_opener {
	struct pid *pid;	/* of the thread group, NULL when closed */
	kuid_t uid;		/* kept after close, for the frames held */
	char comm[TASK_COMM_LEN];
};

struct iftap_unit {
	/* needed for every frame */
	struct net_device __rcu *dev;	/* NULL once destroyed */
	struct iftap_queue *queues;
	struct iftap_counters __percpu *counters;
	unsigned int nqueues;
	bool l3;		/* frames are IP packets: IFF_TUN */
	bool filtered;		/* not every frame is for the program */
	struct bpf_prog __rcu *xdp_prog;
	struct iftap_steer *steer;	/* NULL: the Linux face was never here */

	/* needed to open, close and look */
	struct kref ref;	/* one for dev, one per descriptor */
	struct iftap_net *home;	/* NULL: destroyed, or the namespace is gone */
	struct iftap_ident id;
	unsigned int users;	/* descriptors */
	bool open;		/* in use, or still being closed */
	bool transient;
	u8 vnet_hdr_len;	/* before each frame read or written */
	unsigned int offloads;	/* TUN_F_* */
	netdev_features_t features;	/* what they mean */
	unsigned int npolled;	/* rings the kernel polls */
	bool threaded;		/* what dev->threaded was before them */
	s32 baudrate;
	struct iftap_link link;
	bool made_by_tunsetiff;	/* large frames for good */
	void *security;

	/* the Linux face's */
	enum iftap_face face;
	u16 tun_flags;		/* IFF_*, of those that TUNSETIFF sets */
	bool vnet_le;
	int vnet_hdr_sz;
	int sndbuf;
	kuid_t owner;
	kgid_t group;

	spinlock_t lock;
	struct iftap_opener opener;
	u8 remote[ETH_ALEN];
	struct rcu_head rcu;
};

/* Units by number, per network namespace and kind. */
struct iftap_net {
	struct xarray units[2];
};

/* What the interface keeps in its private area. */
struct iftap_priv {
	struct iftap_unit *unit;
};

static inline struct iftap_unit *iftap_netdev_unit(const struct net_device *dev)
{
	return ((struct iftap_priv *)netdev_priv(dev))->unit;
}

static inline unsigned int iftap_queue_index(const struct iftap_queue *q)
{
	return q - q->unit->queues;
}

/* Its queue, or NULL before TUNSETIFF and once the unit is gone. */
static inline struct iftap_queue *
iftap_tunfile_queue(const struct iftap_tunfile *tf)
{
	/* Acquire: matches adopt() in tunif.c. */
	struct iftap_queue *q = smp_load_acquire(&tf->q);

	return likely(q && rcu_access_pointer(q->unit->dev)) ? q : NULL;
}

/* Is the call not to wait? */
static inline bool iftap_nonblocking(const struct kiocb *iocb)
{
	return iocb->ki_filp->f_flags & O_NONBLOCK ||
	       iocb->ki_flags & IOCB_NOWAIT;
}

/* For calls on the descriptor, with which the ring stays. */
static inline struct iftap_ring *iftap_queue_ring(const struct iftap_queue *q)
{
	return rcu_dereference_raw(q->ring);
}

/* The program lied, and nothing moves any more. */
static inline bool iftap_ring_broken(const struct iftap_ring *ring)
{
	return READ_ONCE(ring->broken);
}

static inline bool iftap_offload_present(const struct tapoffload *hdr)
{
	return hdr->flags || hdr->gso_type;
}

/* The least bytes a frame has. */
static inline unsigned int iftap_unit_frame_min(const struct iftap_unit *unit)
{
	return unit->l3 ? 1 : ETH_HLEN;
}

/* ident.c */
void iftap_ident_name(struct iftap_ident id, char *name);
struct iftap_ident iftap_ident_of_name(const char *name);
int iftap_ident_number_max(enum iftap_kind kind);

/* unit.c */
int iftap_unit_init(void);
void iftap_unit_fini(void);
struct iftap_queue *iftap_unit_open(struct iftap_ident id, bool clone);
struct iftap_queue *iftap_unit_take_queue(struct iftap_unit *unit, int index);
struct iftap_queue *iftap_unit_take(struct iftap_unit *unit,
				    struct net_device *dev,
				    enum iftap_face face);
int iftap_unit_use(struct iftap_queue *q, struct net_device *dev, bool use);
void iftap_unit_leave(struct iftap_queue *q);
void iftap_unit_close(struct iftap_queue *q);
bool iftap_unit_number_taken(struct net *net, struct iftap_ident id);
void iftap_unit_get(struct iftap_unit *unit);
void iftap_unit_put(struct iftap_unit *unit);
int iftap_unit_lowest_free(struct net *net, enum iftap_kind kind);
int iftap_unit_register(struct net_device *dev, struct iftap_ident id,
			struct nlattr *address);
void iftap_unit_destroy(struct iftap_unit *unit, struct list_head *head);

/* opener.c */
bool iftap_opener_permitted(struct net *net, struct iftap_unit *unit);
bool iftap_opener_admin(struct iftap_unit *unit);
bool iftap_opener_owns(struct iftap_unit *unit, struct net_device *dev);
bool iftap_opener_had(struct iftap_unit *unit, struct net_device *dev);
void iftap_opener_set(struct iftap_unit *unit, const u8 *remote);
void iftap_opener_clear(struct iftap_unit *unit);
void iftap_opener_remote(struct iftap_unit *unit, u8 *remote);
void iftap_opener_set_remote(struct iftap_unit *unit, const u8 *remote);
int iftap_opener_pid(struct iftap_unit *unit, char *comm);

/* link.c */
extern struct rtnl_link_ops iftap_link_ops;

/* netdev.c */
int iftap_netdev_set_offloads(struct net_device *dev, unsigned int offloads);
void iftap_netdev_set_large(struct net_device *dev, bool large);
void iftap_netdev_set_baudrate(struct net_device *dev, s32 baudrate);
void iftap_netdev_setup(struct net_device *dev);
void iftap_netdev_setup_l3(struct net_device *dev);
void iftap_netdev_random_address(struct net_device *dev, unsigned int number);

/* addr.c */
void iftap_addr_forget(struct net *net, int ifindex,
		       const struct iftap_unit *unit);

/* chardev.c */
extern const struct file_operations iftap_chardev_fops;
int iftap_chardev_queue(struct file *file, struct iftap_unit *unit, int index);

/* tunchar.c */
int iftap_tunchar_init(void);
void iftap_tunchar_allow(void);
void iftap_tunchar_fini(void);

/* tunioctl.c */
long iftap_tun_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
#ifdef CONFIG_COMPAT
long iftap_tun_compat_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg);
#endif

/* tunif.c */
struct ifreq;
int iftap_tunif_set(struct file *file, struct ifreq *ifr);
int iftap_tunif_set_queue(struct iftap_tunfile *tf, unsigned int flags);
unsigned int iftap_tunif_flags(const struct iftap_unit *unit);

/* ioctl.c */
long iftap_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
long iftap_ioctl_queue(struct file *file, struct iftap_queue *q,
		       unsigned int cmd, unsigned long arg);
#ifdef CONFIG_COMPAT
long iftap_compat_ioctl(struct file *file, unsigned int cmd,
			unsigned long arg);
#endif

/* node.c */
int iftap_node_init(void);
void iftap_node_fini(void);

/* queue.c */
void iftap_queue_init(struct iftap_queue *q, struct iftap_unit *unit);
void iftap_queue_open(struct iftap_queue *q);
void iftap_queue_disown(struct iftap_queue *q);
void iftap_queue_close(struct iftap_queue *q);
void iftap_queue_purge(struct iftap_queue *q);
enum iftap_counter iftap_queue_put(struct iftap_queue *q, struct sk_buff *skb,
				   unsigned int limit);
struct sk_buff *iftap_queue_get(struct iftap_queue *q);
unsigned int iftap_queue_get_some(struct iftap_queue *q, struct sk_buff **skbs,
				  unsigned int n);
int iftap_queue_wait(struct iftap_queue *q);
struct sk_buff *iftap_queue_next(struct iftap_queue *q, bool nonblock,
				 bool header);
void iftap_queue_unget(struct iftap_queue *q, struct sk_buff *skb);
int iftap_queue_first_len(struct iftap_queue *q);
void iftap_queue_wake(struct iftap_queue *q, __poll_t events);
void iftap_queue_wake_writers(struct iftap_queue *q);
void iftap_queue_wake_all_writers(struct iftap_unit *unit);
void iftap_queue_wake_pollers(struct iftap_queue *q);

/* steer.c */
struct iftap_addresses;
struct sock_fprog;
int iftap_steer_alloc(struct iftap_unit *unit);
void iftap_steer_free(struct iftap_unit *unit);
void iftap_steer_update(struct iftap_unit *unit);
u16 iftap_steer_select(struct iftap_unit *unit, struct net_device *dev,
		       struct sk_buff *skb);
void iftap_steer_learn(struct iftap_queue *q, struct sk_buff *skb);
enum iftap_counter iftap_steer_filter(struct iftap_queue *q,
				      struct sk_buff *skb,
				      enum skb_drop_reason *reason);
int iftap_steer_addresses_from_user(void __user *user,
				    struct iftap_addresses **addresses);
void iftap_steer_set_addresses(struct iftap_unit *unit,
			       struct iftap_addresses *addresses);
struct bpf_prog *iftap_steer_set_filter(struct iftap_unit *unit,
					struct bpf_prog *prog,
					const struct sock_fprog *fprog);
bool iftap_steer_get_filter(struct iftap_unit *unit, struct sock_fprog *fprog);
struct bpf_prog *iftap_steer_set_ebpf(struct iftap_unit *unit,
				      struct bpf_prog *prog, bool steering);
void iftap_steer_free_prog(struct bpf_prog *prog);
unsigned int iftap_steer_active(const struct iftap_unit *unit);

/* napi.c */
int iftap_napi_start(struct iftap_queue *q, struct net_device *dev);
void iftap_napi_stop(struct iftap_queue *q);
int iftap_napi_receive(struct iftap_queue *q, struct sk_buff *skb);

/* xdp.c */
int iftap_xdp_setup(struct net_device *dev, struct netdev_bpf *bpf);
bool iftap_xdp_run(struct iftap_queue *q, void *piece, size_t size,
		   unsigned int *headroom, unsigned int *len, bool *ran);
bool iftap_xdp_run_skb(struct iftap_unit *unit, struct sk_buff **skb);

/* frame.c */
struct sk_buff *iftap_frame_from_user(struct iftap_queue *q,
				      struct iov_iter *from, size_t len,
				      bool *xdp);
struct sk_buff *iftap_frame_from_address(void __user *from, size_t len);
struct sk_buff *iftap_frame_from_memory(const void *from, size_t len);
bool iftap_frame_finish(struct iftap_unit *unit, struct sk_buff *skb,
			bool header);
bool iftap_frame_is_ip(struct sk_buff *skb);
int iftap_frame_receive(struct iftap_queue *q, struct sk_buff *skb, bool xdp);
void iftap_arrivals_begin(struct iftap_arrivals *a, struct iftap_queue *q,
			  struct napi_struct *napi);
void iftap_arrivals_add(struct iftap_arrivals *a, struct sk_buff *skb);
void iftap_arrivals_end(struct iftap_arrivals *a);

/* offload.c */
int iftap_offload_features(unsigned int offloads, netdev_features_t *features);
bool iftap_offload_agreed(const struct iftap_unit *unit,
			  const struct sk_buff *skb);
int iftap_offload_to_skb(struct sk_buff *skb, const struct tapoffload *hdr,
			 bool little_endian, bool l3);
int iftap_offload_from_skb(const struct sk_buff *skb, struct tapoffload *hdr,
			   bool little_endian);

/* batch.c */
int iftap_batch_send(struct iftap_queue *q, const struct tapbatch *batch);
int iftap_batch_recv(struct iftap_queue *q, const struct tapbatch *batch,
		     bool nonblocking);

/* ring.c */
int iftap_ring_create(struct iftap_queue *q, const struct tapring *want);
void iftap_ring_destroy(struct iftap_queue *q);
void iftap_ring_gone(struct iftap_queue *q, struct net_device *dev);
void iftap_ring_break(struct iftap_ring *ring);
int iftap_ring_doorbell(struct iftap_ring *ring);
__poll_t iftap_ring_events(struct iftap_ring *ring);

/* ring_out.c */
enum iftap_counter iftap_ring_put(struct iftap_ring *ring,
				  struct sk_buff *skb, bool more);
void iftap_ring_publish(struct iftap_ring *ring);
void iftap_ring_resume(struct iftap_ring *ring);
void iftap_ring_stalled(struct timer_list *timer);

/* ring_in.c */
int iftap_ring_poll(struct napi_struct *napi, int budget);
void iftap_ring_kick(struct iftap_ring *ring);

/* area.c */
int iftap_area_alloc(struct iftap_area *area, u32 out_size, u32 in_size);
void iftap_area_free(struct iftap_area *area);
void iftap_area_state(struct iftap_area *area, u32 state);
int iftap_area_mmap(struct iftap_area *area, struct vm_area_struct *vma);

/* sysctl.c */
extern int iftap_debug_level;
extern int iftap_user_open;
extern int iftap_up_on_open;
extern int iftap_vmnet_hold;
int iftap_sysctl_init(void);
void iftap_sysctl_fini(void);

/* sysfs.c */
extern const struct attribute_group iftap_sysfs_group;
extern const struct device_type iftap_sysfs_type;

/*
 * A line in the kernel's log when debug.if_tap_debug is set, with the
 * interface's name when it has one; never more than net_ratelimit() allows.
 */
__printf(2, 3)
void iftap_debug_print(struct iftap_unit *unit, const char *fmt, ...);

#define iftap_debug(unit, ...)						\
do {									\
	if (unlikely(READ_ONCE(iftap_debug_level)))			\
		iftap_debug_print(unit, __VA_ARGS__);			\
} while (0)

#endif /* IFTAP_H */
