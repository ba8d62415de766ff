/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * <net/if_tap.h>: the user interface of if_tap(4), Ethernet taps as files.
 *
 * The kernel module, the library, the tools and the tests all include this
 * file and nothing else describes the interface. It does not describe the
 * TUNSETIFF family of the Linux face; that is <linux/if_tun.h>.
 *
 * Every number here is fixed. Structures have the same layout for 32-bit and
 * 64-bit programs unless a comment says otherwise.
 */
#ifndef _NET_IF_TAP_H
#define _NET_IF_TAP_H

#include <linux/types.h>
#include <linux/ioctl.h>
#ifdef __KERNEL__
#include <linux/if.h>
#include <linux/sockios.h>
#else
#ifndef _LINUX_IF_H		/* <linux/if.h> and then <net/if.h> do not mix */
#include <net/if.h>		/* struct ifreq, with _DEFAULT_SOURCE */
#endif
#include <sys/ioctl.h>		/* SIOCGIFADDR and friends */
#endif

/*
 * Device nodes
 *
 *	/dev/tapN	minor N			tap unit N, 0 to 65535
 *	/dev/vmnetN	minor 0x10000 + N	vmnet unit N, 0 to 255
 *	/dev/tap	minor 0xfffff		clone: the lowest free tap unit
 *
 * Any other minor gives ENXIO. The major number is in /proc/devices under
 * "if_tap".
 */
#define TAP_MINOR_VMNET		0x10000
#define TAP_MINOR_CLONE		0xfffff
#define TAP_UNIT_MAX		0xffff
#define VMNET_UNIT_MAX		0xff

/* The longest frame one write() takes, in bytes, Ethernet header included. */
#define TAPMRU			16384
/*
 * The longest where an offload header can come with it, included likewise: an
 * IP packet of 65535 bytes, behind an Ethernet header with two VLAN tags.
 */
#define TAP_FRAME_MAX		65557
/* Queues a unit can have. */
#define TAP_QUEUES_MAX		256

/* tapinfo.type: BSD's IFT_ETHER, the only type there is. */
#define TAP_IFT_ETHER		6

/*
 * struct tapinfo - what TAPSIFINFO sets and TAPGIFINFO gets
 * @baudrate: bit/s, shown by ethtool(8) as the speed; <= 0 is unknown
 * @mtu: bytes without the Ethernet header; reads as 32767 when larger
 * @type: TAP_IFT_ETHER
 * @dummy: padding, written as 0, ignored when read
 */
struct tapinfo {
	__s32	baudrate;
	__s16	mtu;
	__u8	type;
	__u8	dummy;
};

/*
 * ioctls on /dev/tapN, /dev/vmnetN and /dev/tap
 *
 * The descriptor is the authority: who holds it may call, except where "admin"
 * is said: CAP_NET_ADMIN over the network namespace the interface is in, at
 * the time of the call, or EPERM. All give EFAULT for an unreadable or
 * unwritable argument, EHOSTDOWN once the unit has been destroyed, and EINTR to
 * who is killed while it waits; a call that fails changes nothing. Numbers not
 * listed give ENOTTY.
 */

/* The debug level, one for the whole module: 0 is silent. */
#define TAPGDEBUG	_IOR('t', 89, int)
/* Set it; CAP_NET_ADMIN in the initial user namespace. */
#define TAPSDEBUG	_IOW('t', 90, int)
/*
 * Set MTU and baudrate; admin. EPROTOTYPE if type is not TAP_IFT_ETHER,
 * EINVAL if the MTU is outside what the interface takes (68 to 16370). It
 * shares _IOC_NR() with TAPSVNETHDR; the sizes tell the whole numbers apart.
 */
#define TAPSIFINFO	_IOW('t', 91, struct tapinfo)
#define TAPGIFINFO	_IOR('t', 92, struct tapinfo)
/*
 * The interface's name, in ifr_name. struct ifreq is 40 bytes for a 64-bit
 * program and 32 for a 32-bit one, so the number differs; both are taken.
 */
#define TAPGIFNAME	_IOR('t', 93, struct ifreq)
/*
 * 1: the unit goes with its last descriptor. 0: it stays; admin. Units made
 * by opening a numbered node or by ip(8) stay, the clone's go.
 */
#define TAPSTRANSIENT	_IOW('t', 98, int)
#define TAPGTRANSIENT	_IOR('t', 99, int)

/*
 * From VMware's vmnet. The argument is the flags by value, not a pointer: the
 * low 12 bits, in BSD's encoding (TAP_IFF_*). UP is always set; DEBUG, NOARP
 * and PROMISC are set as given (admin; without it they stay as they are);
 * everything else is ignored.
 */
#define VMIO_SIOCSIFFLAGS	_IO('V', 0)

/*
 * These carry Linux's numbers but BSD's arguments:
 *
 *	SIOCGIFFLAGS	two bytes: the interface's flags, TAP_IFF_* encoded
 *	SIOCGIFADDR	six bytes: the "remote" MAC address
 *	SIOCSIFADDR	six bytes: set it; EINVAL for multicast or all zero
 *	FIONREAD	int: the bytes of the first waiting frame, or 0
 *	FIOSETOWN, FIOGETOWN	int: who gets SIGIO, negative for a group
 *	TIOCSPGRP, TIOCGPGRP	the same with the sign turned round
 *
 * The remote address is kept for the program's own use. Each open sets it to
 * the interface's address.
 */

/* Interface flags as BSD encodes them, for the two calls above. */
#define TAP_IFF_UP		0x0001
#define TAP_IFF_BROADCAST	0x0002
#define TAP_IFF_DEBUG		0x0004
#define TAP_IFF_LOOPBACK	0x0008
#define TAP_IFF_POINTOPOINT	0x0010
#define TAP_IFF_RUNNING		0x0040	/* up and with a carrier */
#define TAP_IFF_NOARP		0x0080
#define TAP_IFF_PROMISC		0x0100
#define TAP_IFF_ALLMULTI	0x0200
#define TAP_IFF_SIMPLEX		0x0800	/* always reads as set */
#define TAP_IFF_MULTICAST	0x8000

/*
 * Offload headers and segmentation
 *
 * An offload header says what is left to do to a frame: a checksum, or cutting
 * it up. It is virtio's struct virtio_net_hdr_v1, and <linux/virtio_net.h> has
 * the values of its fields; it is repeated as struct tapoffload because C++
 * does not take that header.
 *
 * TAPSVNETHDR puts one before each frame that read() and write() move: its
 * first 10 bytes, or all 12; 0 takes it away again. Anything else is EINVAL.
 * Byte order is the machine's. While it is on, a frame may have TAP_FRAME_MAX
 * bytes beside the offload header and the MTU may go up to 65521. Off at close;
 * an MTU above 16370 is then brought down to that.
 *
 * TAPSOFFLOAD says what the program will take beyond plain frames, in the
 * bits of <linux/if_tun.h>: TUN_F_CSUM (checksums left to do), TUN_F_TSO4,
 * TUN_F_TSO6, TUN_F_TSO_ECN (TCP of up to 64 KiB, each needs TUN_F_CSUM),
 * TUN_F_USO4 with TUN_F_USO6 (UDP likewise, both or none; 0x20 and 0x40, where
 * that header is from before Linux 6.2). EINVAL for other bits and
 * combinations. Set it only with TAPSVNETHDR, a ring or TAPRECVBATCH: a read()
 * without header gets finished frames only, those to be cut up are dropped. 0
 * at open and after close.
 *
 * Both are the unit's: one for all its queues.
 */
struct tapoffload {
	__u8	flags;		/* VIRTIO_NET_HDR_F_NEEDS_CSUM, _DATA_VALID */
	__u8	gso_type;	/* VIRTIO_NET_HDR_GSO_* */
	__u16	hdr_len;	/* bytes of all headers, a hint */
	__u16	gso_size;	/* bytes of payload a segment */
	__u16	csum_start;	/* where checksumming begins */
	__u16	csum_offset;	/* where the sum goes, from there */
	__u16	num_buffers;	/* ignored, and reads as 0 */
};
#define TAPSVNETHDR	_IOW('t', 91, int)
#define TAPGVNETHDR	_IOR('t', 94, int)
#define TAPSOFFLOAD	_IOW('t', 105, unsigned int)
#define TAPGOFFLOAD	_IOR('t', 106, unsigned int)

/*
 * Many frames a call
 *
 * TAPRECVBATCH takes waiting frames, TAPSENDBATCH sends some, as read() and
 * write() would one by one. They return how many were done; they stop at the
 * first that fails and report its error only if it was the first of all.
 * EBADF: TAPRECVBATCH on a descriptor not open for reading, TAPSENDBATCH on one
 * not open for writing.
 * TAPRECVBATCH waits for the first frame unless the descriptor is
 * non-blocking or TAP_BATCH_DONTWAIT is given, never for more. EINVAL: count
 * is 0 or above TAP_BATCH_MAX, unknown flags; to send, a tapframe whose len or
 * flags is not 0. A size of 0 is EINVAL to send, and to receive takes a frame
 * without its bytes.
 */
#define TAP_BATCH_MAX		1024
#define TAP_BATCH_DONTWAIT	0x1

/*
 * struct tapframe - one frame of a batch
 * @base: address of its bytes, Ethernet header first
 * @size: send: the bytes of the frame; receive: the room there is for it
 * @len: receive: set to the length the frame has; send: 0
 * @hdr: offload header, little-endian; all zero is a plain frame. Received
 *	frames have another only after TAPSOFFLOAD
 * @flags: receive: set to TAP_FRAME_TRUNCATED if it had more than @size bytes,
 *	else 0; send: 0
 */
struct tapframe {
	__u64	base;
	__u32	size;
	__u32	len;
	struct tapoffload hdr;
	__u32	flags;
};
#define TAP_FRAME_TRUNCATED	0x1

struct tapbatch {
	__u64	frames;		/* address of struct tapframe[count] */
	__u32	count;
	__u32	flags;		/* TAP_BATCH_* */
};
#define TAPSENDBATCH	_IOWR('t', 103, struct tapbatch)
#define TAPRECVBATCH	_IOWR('t', 104, struct tapbatch)

/*
 * Queues
 *
 * A unit made by `ip link add NAME numtxqueues N numrxqueues N type if_tap`
 * has N queues (up to TAP_QUEUES_MAX). Opening its node gives queue 0.
 * TAPQUEUE, with a queue's number, returns a new close-on-exec descriptor for
 * that queue: EINVAL if there is no such queue, EBUSY if it has a descriptor;
 * it may be read and written as this one may. While the unit is open the stack
 * uses the queues up to the highest that has one; frames for a queue below it
 * that has none are dropped (tx_closed), or held if it is a vmnet's. The unit
 * is closed when the last of its descriptors and mappings is gone.
 */
#define TAPQUEUE	_IOW('t', 102, int)

/*
 * The ring
 *
 * Each queue can have a pair of rings in memory shared with the kernel, one a
 * direction, which move frames without a system call each. TAPSRING makes
 * them; they last as long as the descriptor and its mappings. While they are
 * there, read(), write() and the batch calls on that descriptor are EBUSY.
 *
 * Four mmap(2) calls, MAP_SHARED, at these offsets, map them. All else is
 * EINVAL; EPERM for PROT_WRITE where it says read-only; mprotect(2) cannot
 * add it later (EACCES). They take a descriptor open for reading and writing.
 *
 *	offset			bytes		   who writes
 *	TAP_RING_OFF_KERNEL	a page		   kernel; read-only
 *	  struct tapring_kernel
 *	TAP_RING_OFF_USER	a page		   program
 *	  struct tapring_user
 *	TAP_RING_OFF_OUT	2 x out_size	   kernel; read-only
 *	TAP_RING_OFF_IN		2 x in_size	   program
 *
 * The data of a ring is mapped twice in a row, so that a record that begins
 * near its end goes on without a break:
 *
 *	|<----- out_size ----->|<----- out_size ----->|
 *	| ...records A B C  D-->-D ...                | the same bytes again
 *
 * Positions count bytes since the beginning and never wrap; a position's place
 * in the data is its remainder by the size. In each direction
 *
 *	0 ... consumer [ records to consume ) producer [ free ) consumer + size
 *
 * the records from consumer to producer belong to the consuming side, the rest
 * to the producing side. Outbound, from the stack to the program, the kernel
 * produces; inbound it consumes. Each side writes its own position only, with
 * release semantics after it is done with the bytes, and reads the other's
 * with acquire semantics before it touches them.
 *
 * A record is a struct taprecord, then len bytes of frame, then what is missing
 * to a multiple of TAP_RING_ALIGN.
 *
 * The kernel checks whatever it reads here once, against its own copy of the
 * positions. A position or a record that cannot be marks the ring broken:
 * tapring_kernel.state says so, poll() gives POLLERR, each ioctl of this file
 * EBADMSG, and frames are dropped and counted until the descriptor is closed.
 *
 * Waking. poll() and epoll on the descriptor wait for outbound records; it
 * is enough to look into the ring again before each call. A program that
 * waits for its eventfd instead sets out_wake to its own position, makes a
 * full barrier, looks into the ring again, and only then sleeps: it is
 * signalled once, by the record that goes beyond out_wake, and whenever the
 * ring is broken or the unit destroyed. Inbound, publish,
 * make a full barrier, and call TAPDOORBELL if in_need_wakeup is set; poll()
 * does the same as TAPDOORBELL on its way.
 */
#define TAP_RING_MIN		(64u << 10)
#define TAP_RING_MAX		(64u << 20)
#define TAP_RING_DEFAULT	(256u << 10)
#define TAP_RING_ALIGN		16u

#define TAP_RING_OFF_KERNEL	0x00000000
#define TAP_RING_OFF_USER	0x00010000
#define TAP_RING_OFF_OUT	0x10000000
#define TAP_RING_OFF_IN		0x20000000

/*
 * A full outbound ring stops the interface's queue instead of dropping. The
 * program rings the doorbell when it has freed room and out_need_wakeup is
 * set. If it frees none for five seconds, frames are dropped until it does.
 */
#define TAP_RING_BACKPRESSURE	0x1
/*
 * The kernel looks for inbound records by itself, on a thread of its own, and
 * goes on for spin microseconds (at most 1,000,000) after the last before it
 * sets in_need_wakeup. CAP_NET_ADMIN in the initial user namespace.
 */
#define TAP_RING_POLL		0x2
/* Outbound records carry the time they were transmitted at. */
#define TAP_RING_TIMESTAMP	0x4

/*
 * struct tapring - what TAPSRING makes
 *
 * EINVAL: a size that is no power of two or out of range, unknown flags, spin
 * without TAP_RING_POLL or too long, non-zero reserved fields, a queue that
 * TUNSETQUEUE has detached. EBUSY: the descriptor has a ring. ENOBUFS: more
 * memory than RLIMIT_MEMLOCK allows the user to lock (CAP_IPC_LOCK, in the
 * initial user namespace, lifts that). EBADF: eventfd is no descriptor; EINVAL:
 * it is another kind of file, or below -1.
 */
struct tapring {
	__u32	flags;		/* TAP_RING_* */
	__u32	out_size;	/* bytes: a power of two, TAP_RING_MIN to _MAX */
	__u32	in_size;
	__s32	eventfd;	/* signalled as out_wake asks; -1 is none, as 0
				 * is a descriptor like any other */
	__u32	spin;		/* microseconds, with TAP_RING_POLL */
	__u32	reserved[3];
};
#define TAPSRING	_IOW('t', 100, struct tapring)
/*
 * Take what is in the inbound ring to the stack, and let a stopped outbound
 * queue go on if there is room. What it cannot do at once the kernel goes on
 * with by itself. EINVAL: the descriptor has no ring.
 */
#define TAPDOORBELL	_IO('t', 101)

/* (k): the kernel writes it, (u): the program does. */
struct tapring_kernel {
	__u64	out_producer;		/* (k) */
	__u32	out_need_wakeup;	/* (k) doorbell wanted when room is */
	__u32	state;			/* (k) TAP_RING_BROKEN, _GONE */
	__u64	pad0[6];
	__u64	in_consumer;		/* (k) */
	__u32	in_need_wakeup;		/* (k) doorbell wanted */
	__u32	pad1;
	__u64	pad2[6];
};
#define TAP_RING_BROKEN		0x1	/* by the program */
#define TAP_RING_GONE		0x2	/* the unit is destroyed */

struct tapring_user {
	__u64	out_consumer;		/* (u) */
	__u64	out_wake;		/* (u) signal beyond this position */
	__u64	pad0[6];
	__u64	in_producer;		/* (u) */
	__u64	pad1[7];
};

/*
 * struct taprecord - before each frame in a ring
 * @len: bytes of frame that follow
 * @flags: outbound: TAP_RECORD_TIME if @time is set; inbound: 0
 * @reserved: 0
 * @time: nanoseconds of CLOCK_REALTIME, outbound; inbound 0
 * @hdr: offload header, little-endian; all zero is a plain frame
 * @reserved2: 0
 */
struct taprecord {
	__u32	len;
	__u16	flags;
	__u16	reserved;
	__u64	time;
	struct tapoffload hdr;
	__u32	reserved2;
};
#define TAP_RECORD_TIME		0x1

/*
 * rtnetlink attributes of link kind "if_tap", in IFLA_INFO_DATA. All are
 * reported. IFLA_IFTAP_KIND may be given when a link is made; it must agree
 * with a name of the form tapN or vmnetN. IFLA_IFTAP_TRANSIENT and
 * IFLA_IFTAP_BAUDRATE may be given then and changed later. Giving another is
 * EINVAL.
 */
enum {
	IFLA_IFTAP_UNSPEC,
	IFLA_IFTAP_KIND,	/* u8, enum iftap_kind */
	IFLA_IFTAP_UNIT,	/* u32; absent if the unit has no number */
	IFLA_IFTAP_OPEN,	/* u8: 1 while a descriptor holds the unit */
	IFLA_IFTAP_OPENER_PID,	/* u32, in the asker's pid namespace, 0 when
				 * not visible there; absent once it exited,
				 * and for who asks from elsewhere. In a
				 * notification: as who caused it sees it */
	IFLA_IFTAP_OPENER_COMM,	/* string: its command name at open */
	IFLA_IFTAP_REMOTE_ADDRESS,	/* six bytes */
	IFLA_IFTAP_TRANSIENT,	/* u8 */
	IFLA_IFTAP_BAUDRATE,	/* s32, bit/s */
	IFLA_IFTAP_QUEUED,	/* u32: frames waiting for a reader */
	__IFLA_IFTAP_MAX
};
#define IFLA_IFTAP_MAX (__IFLA_IFTAP_MAX - 1)

enum iftap_kind {
	IFTAP_KIND_TAP,
	IFTAP_KIND_VMNET,
};

#endif /* _NET_IF_TAP_H */
