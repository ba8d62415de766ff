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
#include <net/if.h>		/* struct ifreq */
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
 * unwritable argument and EHOSTDOWN once the unit has been destroyed; a call
 * that fails changes nothing. Numbers not listed give ENOTTY.
 */

/* The debug level, one for the whole module: 0 is silent. */
#define TAPGDEBUG	_IOR('t', 89, int)
/* Set it; CAP_NET_ADMIN in the initial user namespace. */
#define TAPSDEBUG	_IOW('t', 90, int)
/*
 * Set MTU and baudrate; admin. EPROTOTYPE if type is not TAP_IFT_ETHER,
 * EINVAL if the MTU is outside what the interface takes (68 to 16370).
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
				 * not visible there; absent once it exited */
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
