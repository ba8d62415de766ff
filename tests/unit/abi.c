/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers of <net/if_tap.h>, written out once more: whatever a program was
 * compiled with stays true. Built as C and as C++ and for 64-bit and 32-bit
 * programs, since the layout has to be the same for all, and once more after
 * <linux/if.h>, which does not take <net/if.h> after it.
 */
#include <net/if_tap.h>
#include <stddef.h>
#include <stdio.h>

static int failures;

static void check(const char *what, unsigned long long is,
		  unsigned long long should_be)
{
	if (is == should_be)
		return;
	printf("%s is %#llx, not %#llx\n", what, is, should_be);
	failures++;
}

#define IS(what, value) check(#what, (unsigned long long)(what), value)
#define SIZE(type, value) check("sizeof(" #type ")", sizeof(type), value)
#define AT(type, field, offset, size)					\
	do {								\
		check("offsetof(" #type ", " #field ")",		\
		      offsetof(type, field), offset);			\
		check("sizeof(" #type "." #field ")",			\
		      sizeof(((type *)NULL)->field), size);		\
	} while (0)

static void check_numbers(void)
{
	IS(TAP_MINOR_VMNET, 0x10000);
	IS(TAP_MINOR_CLONE, 0xfffff);
	IS(TAP_UNIT_MAX, 65535);
	IS(VMNET_UNIT_MAX, 255);
	IS(TAPMRU, 16384);
	IS(TAP_FRAME_MAX, 65557);
	IS(TAP_QUEUES_MAX, 256);
	IS(TAP_IFT_ETHER, 6);

	IS(TAP_IFF_UP, 0x0001);
	IS(TAP_IFF_BROADCAST, 0x0002);
	IS(TAP_IFF_DEBUG, 0x0004);
	IS(TAP_IFF_LOOPBACK, 0x0008);
	IS(TAP_IFF_POINTOPOINT, 0x0010);
	IS(TAP_IFF_RUNNING, 0x0040);
	IS(TAP_IFF_NOARP, 0x0080);
	IS(TAP_IFF_PROMISC, 0x0100);
	IS(TAP_IFF_ALLMULTI, 0x0200);
	IS(TAP_IFF_SIMPLEX, 0x0800);
	IS(TAP_IFF_MULTICAST, 0x8000);

	IS(IFTAP_KIND_TAP, 0);
	IS(IFTAP_KIND_VMNET, 1);
	IS(IFLA_IFTAP_KIND, 1);
	IS(IFLA_IFTAP_UNIT, 2);
	IS(IFLA_IFTAP_OPEN, 3);
	IS(IFLA_IFTAP_OPENER_PID, 4);
	IS(IFLA_IFTAP_OPENER_COMM, 5);
	IS(IFLA_IFTAP_REMOTE_ADDRESS, 6);
	IS(IFLA_IFTAP_TRANSIENT, 7);
	IS(IFLA_IFTAP_BAUDRATE, 8);
	IS(IFLA_IFTAP_QUEUED, 9);

	IS(TAP_BATCH_MAX, 1024);
	IS(TAP_BATCH_DONTWAIT, 0x1);
	IS(TAP_FRAME_TRUNCATED, 0x1);
	IS(TAP_RING_MIN, 65536);
	IS(TAP_RING_MAX, 67108864);
	IS(TAP_RING_DEFAULT, 262144);
	IS(TAP_RING_ALIGN, 16);
	IS(TAP_RING_OFF_KERNEL, 0);
	IS(TAP_RING_OFF_USER, 0x00010000);
	IS(TAP_RING_OFF_OUT, 0x10000000);
	IS(TAP_RING_OFF_IN, 0x20000000);
	IS(TAP_RING_BACKPRESSURE, 0x1);
	IS(TAP_RING_POLL, 0x2);
	IS(TAP_RING_TIMESTAMP, 0x4);
	IS(TAP_RING_BROKEN, 0x1);
	IS(TAP_RING_GONE, 0x2);
	IS(TAP_RECORD_TIME, 0x1);
}

static void check_ioctls(void)
{
	IS(TAPGDEBUG, 0x80047459);
	IS(TAPSDEBUG, 0x4004745a);
	IS(TAPSIFINFO, 0x4008745b);
	IS(TAPGIFINFO, 0x8008745c);
	/* The one that knows how wide a pointer is. */
	IS(TAPGIFNAME, sizeof(void *) == 8 ? 0x8028745d : 0x8020745d);
	IS(TAPSTRANSIENT, 0x40047462);
	IS(TAPGTRANSIENT, 0x80047463);
	IS(VMIO_SIOCSIFFLAGS, 0x5600);
	IS(SIOCGIFFLAGS, 0x8913);
	IS(SIOCGIFADDR, 0x8915);
	IS(SIOCSIFADDR, 0x8916);
	IS(FIONREAD, 0x541b);
	IS(FIONBIO, 0x5421);
	IS(FIOASYNC, 0x5452);
	IS(FIOSETOWN, 0x8901);
	IS(FIOGETOWN, 0x8903);
	IS(TIOCSPGRP, 0x5410);
	IS(TIOCGPGRP, 0x540f);

	IS(TAPSVNETHDR, 0x4004745b);
	IS(TAPGVNETHDR, 0x8004745e);
	IS(TAPSRING, 0x40207464);
	IS(TAPDOORBELL, 0x7465);
	IS(TAPQUEUE, 0x40047466);
	IS(TAPSENDBATCH, 0xc0107467);
	IS(TAPRECVBATCH, 0xc0107468);
	IS(TAPSOFFLOAD, 0x40047469);
	IS(TAPGOFFLOAD, 0x8004746a);
}

static void check_structs(void)
{
	SIZE(struct tapinfo, 8);
	AT(struct tapinfo, baudrate, 0, 4);
	AT(struct tapinfo, mtu, 4, 2);
	AT(struct tapinfo, type, 6, 1);
	AT(struct tapinfo, dummy, 7, 1);

	SIZE(struct tapoffload, 12);
	AT(struct tapoffload, flags, 0, 1);
	AT(struct tapoffload, gso_type, 1, 1);
	AT(struct tapoffload, hdr_len, 2, 2);
	AT(struct tapoffload, gso_size, 4, 2);
	AT(struct tapoffload, csum_start, 6, 2);
	AT(struct tapoffload, csum_offset, 8, 2);
	AT(struct tapoffload, num_buffers, 10, 2);

	SIZE(struct tapframe, 32);
	AT(struct tapframe, base, 0, 8);
	AT(struct tapframe, size, 8, 4);
	AT(struct tapframe, len, 12, 4);
	AT(struct tapframe, hdr, 16, 12);
	AT(struct tapframe, flags, 28, 4);

	SIZE(struct tapbatch, 16);
	AT(struct tapbatch, frames, 0, 8);
	AT(struct tapbatch, count, 8, 4);
	AT(struct tapbatch, flags, 12, 4);

	SIZE(struct tapring, 32);
	AT(struct tapring, flags, 0, 4);
	AT(struct tapring, out_size, 4, 4);
	AT(struct tapring, in_size, 8, 4);
	AT(struct tapring, eventfd, 12, 4);
	AT(struct tapring, spin, 16, 4);
	AT(struct tapring, reserved, 20, 12);

	SIZE(struct tapring_kernel, 128);
	AT(struct tapring_kernel, out_producer, 0, 8);
	AT(struct tapring_kernel, out_need_wakeup, 8, 4);
	AT(struct tapring_kernel, state, 12, 4);
	AT(struct tapring_kernel, in_consumer, 64, 8);
	AT(struct tapring_kernel, in_need_wakeup, 72, 4);

	SIZE(struct tapring_user, 128);
	AT(struct tapring_user, out_consumer, 0, 8);
	AT(struct tapring_user, out_wake, 8, 8);
	AT(struct tapring_user, in_producer, 64, 8);

	SIZE(struct taprecord, 32);
	AT(struct taprecord, len, 0, 4);
	AT(struct taprecord, flags, 4, 2);
	AT(struct taprecord, reserved, 6, 2);
	AT(struct taprecord, time, 8, 8);
	AT(struct taprecord, hdr, 16, 12);
	AT(struct taprecord, reserved2, 28, 4);
}

int main(void)
{
	check_numbers();
	check_ioctls();
	check_structs();
	return failures != 0;
}
