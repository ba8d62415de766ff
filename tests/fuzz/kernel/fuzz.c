// SPDX-License-Identifier: BSD-2-Clause
/*
 * The module against a program that means ill. An input is a sequence of calls
 * on up to four descriptors: opening, reading, writing, every ioctl with any
 * argument, rings whose positions and records are anything, offload headers
 * that do not fit, and links that change under it; while a second thread
 * writes nonsense into the mapped rings. libFuzzer makes inputs, from those
 * that passed new edges of the module; the kernel judges.
 *
 * Each input goes to descriptor 3 before it is run, if that is open, so that
 * the one that ended the machine is known.
 *
 * usage: fuzz [libFuzzer's options] DIRECTORY...
 * environment: IFTAP_SITES the file with the edges, of tests/fuzz/kernel/run;
 * IFTAP_PASSED where to say, at the end, which were passed; IFTAP_EACH the same
 * for each input
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/udp.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_tun.h>
#include <linux/net_tstamp.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>

#include "../../debug/kit.h"

#define SLOTS 4
#define CALLS 40		/* in one input */
#define SITES 8192
#define MAP_SIZE (4u << 20)
#define MEMORY (1u << 17)
#define BRIDGE "fuzzbr"
#define USER 100		/* who has no privilege */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where libFuzzer looks for more than its own coverage. */
__attribute__((used, section("__libfuzzer_extra_counters")))
static uint8_t counters[SITES];

static uint8_t *map;
static unsigned int nsites, index_of[SITES];
static bool passed[SITES];

static int fds[SLOTS] = { -1, -1, -1, -1 };
static struct kit_ring rings[SLOTS];
static unsigned char *memory;	/* below 4 GiB, where 32-bit calls can point to */
static int sender = -1;
static char others[256];	/* the names of links that were there */

/* The input */

static const uint8_t *input, *end;

static uint8_t u8(void)
{
	return input < end ? *input++ : 0;
}

static uint64_t number(unsigned int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | u8();
	return value;
}

/* Fill with input, then with what is there. */
static void fill(void *to, size_t size)
{
	size_t n = (size_t)(end - input) < size ? (size_t)(end - input) : size;

	memcpy(to, input, n);
	input += n;
}

static size_t frame_length(void)
{
	static const size_t lengths[] = {
		0, 1, 13, 14, 15, 60, 64, 300, 1514, 1515, 2900, 3000, 4000,
		9000, 16384, 16385, 65535, 65557, 65558, 70000,
	};
	uint8_t choice = u8();

	if (choice < sizeof(lengths) / sizeof(*lengths))
		return lengths[choice];
	return number(2);
}

/* Addresses good and bad. */
static void *address(void)
{
	unsigned char *last = memory + MEMORY - 8;

	switch (u8() % 8) {
	case 0: return NULL;
	case 1: return (void *)1;
	case 2: return (void *)0xffff888000000000;
	case 3: return memcpy(last, memory, 8);	/* the rest is not there */
	case 7: return memory + MEMORY + 4096;	/* cannot be written */
	default: return memory;
	}
}

/* A frame in memory: Ethernet, IP, and UDP or TCP, most of it as it should. */
static void make_frame(size_t offset)
{
	static const unsigned char ip4[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
		0x45, 0, 1, 0, 0, 0, 0, 0, 64, 17, 0, 0,
		10, 0, 0, 2, 10, 0, 0, 1, 0, 9, 0, 9, 1, 0, 0, 0,
	};
	static const unsigned char ip6[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd,
		0x60, 0, 0, 0, 1, 0, 17, 64, 0xfe, 0x80, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 1, 0xfe, 0x80, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 2, 0, 9, 0, 9, 1, 0, 0, 0,
	};
	unsigned char *at = memory + offset;
	uint8_t how = u8();

	memset(at, 0xff, 14);
	if (how & 1)
		memcpy(at, ip4, sizeof(ip4));
	else if (how & 2)
		memcpy(at, ip6, sizeof(ip6));
	if (how & 4) {	/* TCP, its header's length at the end */
		at[how & 1 ? 23 : 20] = 6;
		at[how & 1 ? 46 : 66] = 0x50;
	}
	if (how & 8)
		at[u8() % 64] = u8();
	if (how & 16)
		memcpy(at + 12, "\x81\0", 2);
}

static void make_header(struct tapoffload *hdr)
{
	static const uint8_t types[] = { 0, 1, 3, 4, 5, 0x81, 0x84, 2, 0xff };
	uint8_t how = u8();

	memset(hdr, 0, sizeof(*hdr));
	if (how & 1)
		hdr->flags = u8();
	else
		hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr->gso_type = types[u8() % sizeof(types)];
	hdr->gso_size = how & 2 ? number(2) : 100;
	hdr->hdr_len = how & 4 ? number(2) : 42;
	hdr->csum_start = how & 8 ? number(2) : how & 16 ? 54 : 34;
	hdr->csum_offset = how & 32 ? number(2) : how & 64 ? 16 : 6;
}

/* Calls */

static int slot(void)
{
	return u8() % SLOTS;
}

static void call_open(void)
{
	static const unsigned int minors[] = {
		0, 1, 300, TAP_MINOR_VMNET, TAP_MINOR_VMNET + 255,
		TAP_MINOR_CLONE, TAP_MINOR_VMNET + 256, 0x20000,
	};
	static const int modes[] = { O_RDWR, O_RDWR, O_RDONLY, O_WRONLY };
	int s = slot(), choice = u8() % 8;
	char path[32];

	if (fds[s] >= 0)
		return;
	snprintf(path, sizeof(path), "./fuzz-%x", minors[choice]);
	fds[s] = open(path, modes[u8() % 4] | O_NONBLOCK | O_CLOEXEC);
}

static void close_slot(int s)
{
	kit_ring_unmap(&rings[s]);
	if (fds[s] >= 0)
		close(fds[s]);
	fds[s] = -1;
}

static void call_close(void)
{
	close_slot(slot());
}

static void call_dup(void)
{
	int s = slot(), other = slot();

	if (fds[other] < 0)
		fds[other] = dup(fds[s]);
}

static void call_write(void)
{
	int s = slot();
	uint8_t *at = address();

	make_frame(0);
	write(fds[s], at, frame_length());
}

static void call_write_header(void)
{
	struct tapoffload hdr;
	int s = slot(), size = u8() & 1 ? 12 : 10;
	struct iovec iov[3] = { { &hdr, size }, { memory, 64 }, { 0 } };

	make_header(&hdr);
	make_frame(0);
	iov[2] = (struct iovec){ memory + 64, frame_length() };
	ioctl(fds[s], TAPSVNETHDR, &size);
	writev(fds[s], iov, 3);
}

static void call_read(void)
{
	int s = slot();
	uint8_t *at = address();
	struct iovec iov[2] = { { at, 20 }, { memory, frame_length() } };

	readv(fds[s], iov, 1 + u8() % 2);
}

static void call_poll(void)
{
	struct pollfd p = { .fd = fds[slot()], .events = u8() };

	poll(&p, 1, 0);
}

static const unsigned long commands[] = {
	TAPGDEBUG, TAPSDEBUG, TAPSIFINFO, TAPGIFINFO, TAPGIFNAME, TAPSTRANSIENT,
	TAPGTRANSIENT, VMIO_SIOCSIFFLAGS, TAPSVNETHDR, TAPGVNETHDR, TAPSOFFLOAD,
	TAPGOFFLOAD, TAPQUEUE, TAPSENDBATCH, TAPRECVBATCH, TAPSRING,
	TAPDOORBELL, SIOCGIFFLAGS, SIOCGIFADDR, SIOCSIFADDR, FIONREAD,
	FIOSETOWN, FIOGETOWN, FIOASYNC, 0x5410 /* TIOCSPGRP */,
	0x540f /* TIOCGPGRP */,
};

static void call_ioctl(void)
{
	int s = slot();
	uint8_t which = u8();
	unsigned long command = number(4), argument = (unsigned long)memory;

	if (which < 2 * sizeof(commands) / sizeof(*commands))
		command = commands[which / 2];
	memset(memory, 0, 64);
	if (u8() & 1)
		fill(memory, 48);
	else	/* a small number, which most want */
		memory[0] = u8();
	if (which & 1)
		argument = (unsigned long)address();
	if (command == VMIO_SIOCSIFFLAGS)
		argument = number(2);
	if (command == TAPSDEBUG)
		memory[0] &= 1;
	if (command == TAPQUEUE) {
		int queue = ioctl(fds[s], command, argument), other = slot();

		if (queue >= 0 && fds[other] < 0)
			fds[other] = queue;
		else if (queue >= 0)
			close(queue);
		return;
	}
	ioctl(fds[s], command, argument);
}

static void call_offload(void)
{
	static const unsigned int sets[] = {
		0, TUN_F_CSUM, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6, 0x67, 0x61,
		TUN_F_TSO4, 0x21, 0x80000001,
	};
	int s = slot(), size = u8() % 3 ? 12 : 0;

	ioctl(fds[s], TAPSVNETHDR, &size);
	ioctl(fds[s], TAPSOFFLOAD, &sets[u8() % 8]);
}

static void call_batch(void)
{
	static struct tapframe frames[256];	/* as many as count can say */
	int s = slot(), count = u8();
	bool to_stack = u8() & 1;
	struct tapbatch batch = {
		.frames = (uintptr_t)frames,
		.count = count,
		.flags = to_stack ? 0 : TAP_BATCH_DONTWAIT,
	};
	unsigned int i;

	memset(frames, 0, sizeof(frames));
	make_frame(0);
	for (i = 0; i < 256; i++) {
		frames[i].base = (uintptr_t)memory;
		frames[i].size = 300;
	}
	i = u8() % 40;
	frames[i].base = (uintptr_t)address();
	frames[i].size = frame_length();
	if (u8() & 1)
		make_header(&frames[i].hdr);
	if (u8() & 1)
		fill(&frames[u8() % 40], sizeof(*frames));
	if (u8() % 8 == 0)
		fill(&batch, sizeof(batch));
	if (u8() % 8 == 0)
		batch.frames = (uintptr_t)address();
	ioctl(fds[s], to_stack ? TAPSENDBATCH : TAPRECVBATCH, &batch);
}

static void call_ring(void)
{
	int s = slot();
	struct tapring want = {
		.flags = u8() % 8,
		.out_size = KIT_RING_SIZE,
		.in_size = KIT_RING_SIZE,
		.eventfd = u8() & 1 ? eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC) : -1,
	};
	int event = want.eventfd;

	if (want.flags & TAP_RING_POLL)
		want.spin = number(2);
	if (u8() % 8 == 0)
		fill(&want, sizeof(want));
	if (want.out_size > 1 << 20 || want.in_size > 1 << 20)
		want.in_size = 1 << 20;
	ioctl(fds[s], TAPSRING, &want);
	if (event >= 0)
		close(event);
	kit_ring_unmap(&rings[s]);
	if (fds[s] >= 0)
		kit_ring_map(fds[s], &rings[s]);
}

static void call_mmap(void)
{
	static const off_t offsets[] = {
		TAP_RING_OFF_KERNEL, TAP_RING_OFF_USER, TAP_RING_OFF_OUT,
		TAP_RING_OFF_IN, 0x1000, 0x7ffffffffffff000,
	};
	int s = slot();
	size_t size = u8() % 2 ? 2 * KIT_RING_SIZE : 4096;
	off_t offset = offsets[u8() % 6];
	void *at = mmap(NULL, size, u8() % 8, u8() & 1 ? MAP_SHARED : MAP_PRIVATE,
			fds[s], offset);

	if (at != MAP_FAILED) {
		mprotect(at, 4096, PROT_READ | PROT_WRITE);
		munmap(at, size);
	}
}

/* Records as they should be, or nearly. */
static void call_record(void)
{
	struct kit_ring *ring = &rings[slot()];
	struct taprecord record = { 0 };
	unsigned char *at;
	size_t len = frame_length();
	uint8_t how = u8();

	if (!ring->in)
		return;
	if (len > KIT_RING_SIZE - sizeof(record))
		len = KIT_RING_SIZE - sizeof(record);
	record.len = len;
	if (how & 1)
		make_header(&record.hdr);
	if (how & 2)
		record.len = number(4);
	if (how & 4)
		record.flags = u8();
	if (how & 8)
		record.reserved2 = u8();
	make_frame(0);
	at = ring->in + ring->produced % KIT_RING_SIZE;
	memcpy(at, &record, sizeof(record));
	memcpy(at + sizeof(record), memory, len < 256 ? len : 256);
	ring->produced += (sizeof(record) + len + 15) & ~15ul;
	if (how & 16)
		return;		/* with the next */
	__atomic_store_n(&ring->user->in_producer, ring->produced,
			 __ATOMIC_SEQ_CST);
}

/* Positions as they should not be. */
static void call_position(void)
{
	struct kit_ring *ring = &rings[slot()];
	uint8_t which = u8(), how = u8();
	__u64 value, *at;

	if (!ring->user)
		return;
	at = which % 3 == 0 ? &ring->user->in_producer :
	     which % 3 == 1 ? &ring->user->out_consumer :
			      &ring->user->out_wake;
	value = *at;
	switch (how % 4) {
	case 0: value = number(8); break;
	case 1: value += 16 * u8(); break;
	case 2: value -= 16 * u8(); break;
	default: value = which % 3 == 1 ? ring->kernel->out_producer :
					  ring->kernel->in_consumer;
	}
	__atomic_store_n(at, value, __ATOMIC_SEQ_CST);
	if (which % 3 == 0)
		ring->produced = value;
}

static void call_doorbell(void)
{
	ioctl(fds[slot()], TAPDOORBELL);
}

static const char *name(void)
{
	static const char * const names[] = {
		"tap0", "tap1", "tap300", "vmnet0", "vmnet255", "fuzz0",
		"tap%d", "tap007", "tap65536", "vmnet256",
	};
	uint8_t choice = u8();

	return names[choice < 200 ? choice % 6 : choice % 10];
}

static void call_transmit(void)
{
	const char *to = name();
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(to),
		.sll_halen = 6,
		.sll_protocol = htons(ETH_P_IP),
	};
	struct tapoffload hdr;
	static const unsigned char bursts[] = { 1, 2, 3, 4, 8, 16, 60, 150 };
	uint8_t how = u8();
	int header = how & 1, bypass = !!(how & 2);
	int stamps = how & 4 ? SOF_TIMESTAMPING_TX_SOFTWARE : 0;
	struct iovec iov[3] = { { &hdr, 10 }, { memory, 64 }, { 0 } };
	struct msghdr message = {
		.msg_name = &at, .msg_namelen = sizeof(at),
		.msg_iov = how & 1 ? iov : iov + 1,
		.msg_iovlen = how & 1 ? 3 : 2,
	};
	int i;

	make_header(&hdr);
	make_frame(0);
	iov[2] = (struct iovec){ memory + 64, frame_length() };
	setsockopt(sender, SOL_PACKET, PACKET_VNET_HDR, &header, sizeof(int));
	setsockopt(sender, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass,
		   sizeof(int));
	setsockopt(sender, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof(int));
	for (i = 0; i < bursts[how >> 5]; i++)
		sendmsg(sender, &message, MSG_DONTWAIT);
}

static void bridge_add(void)
{
	kit_bridge_add(BRIDGE);
	kit_link_flags(BRIDGE, IFF_UP, 0);
}

static void call_link(void)
{
	const char *of = name();

	switch (u8() % 14) {
	case 0: kit_link_del(of); break;
	case 1: kit_link_add(of, 1 + u8() % 4); break;
	case 2: kit_link_add(of, number(2)); break;
	case 3: kit_link_flags(of, IFF_UP, 0); break;
	case 4: kit_link_flags(of, 0, IFF_UP); break;
	case 5: kit_link_mtu(of, number(2)); break;
	case 6: kit_link_qlen(of, u8() % 32); break;
	case 7: kit_link_address(of, "10.0.0.1"); break;
	case 8: kit_link_stats(of); break;
	case 9: kit_link_rename(of, name()); break;
	case 10: kit_link_flags(of, u8() << 8 | u8(), u8()); break;
	case 11: bridge_add(); break;
	case 12: kit_bridge_port(BRIDGE, of, 1); break;
	case 13: kit_bridge_port(BRIDGE, of, 0); break;
	}
}

/* Addresses, more than the module collects at a time. */
static void call_address(void)
{
	struct {
		struct nlmsghdr nlh;
		struct ifaddrmsg ifa;
		struct rtattr a;
		unsigned char bytes[16];
	} r = {
		.nlh.nlmsg_type = RTM_NEWADDR,
		.nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE,
		.ifa.ifa_index = if_nametoindex(name()),
		.a.rta_type = IFA_LOCAL,
		.bytes = { 0xfd },
	};
	bool v6 = u8() & 1;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	size_t size = v6 ? 16 : 4;
	unsigned int i, n = u8() % 40;

	r.ifa.ifa_family = v6 ? AF_INET6 : AF_INET;
	r.ifa.ifa_prefixlen = v6 ? 64 : 24;
	r.ifa.ifa_flags = IFA_F_NODAD;
	r.a.rta_len = RTA_LENGTH(size);
	r.nlh.nlmsg_len = offsetof(typeof(r), bytes) + size;
	if (!v6)
		r.bytes[0] = 10;
	for (i = 0; i < n; i++) {
		r.bytes[size - 1] = i + 1;
		send(fd, &r, r.nlh.nlmsg_len, 0);
	}
	close(fd);
}

/* The stack's own way out: datagrams to all hosts, cut by the interface. */
static void call_udp(void)
{
	const char *from = name();
	struct ip_mreqn out = { .imr_ifindex = if_nametoindex(from) };
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_ALLHOSTS_GROUP),
	};
	int size = number(2), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	kit_link_address(from, "10.0.0.1");
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof(out));
	setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size));
	sendto(fd, memory, frame_length(), MSG_DONTWAIT,
	       (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

static void call_ethtool(void)
{
	static const uint32_t commands_of_ethtool[] = {
		ETHTOOL_GDRVINFO, ETHTOOL_GLINK, ETHTOOL_GSET, ETHTOOL_SSET,
		ETHTOOL_GCHANNELS, ETHTOOL_SCHANNELS, ETHTOOL_GET_TS_INFO,
		ETHTOOL_GSTRINGS, ETHTOOL_GSTATS, ETHTOOL_GFEATURES,
	};
	struct ifreq ifr = { .ifr_data = (void *)memory };
	const char *of = name();
	uint8_t which = u8() % 10;

	strcpy(ifr.ifr_name, of);
	memset(memory, 0, 256);
	memcpy(memory, &commands_of_ethtool[which], 4);
	if (commands_of_ethtool[which] == ETHTOOL_SSET)
		fill(memory + 4, sizeof(struct ethtool_cmd) - 4);
	else
		memory[4] = u8();
	ioctl(sender, SIOCETHTOOL, &ifr);
}

/* A message of rtnetlink whose attributes for the module are anything. */
static void call_netlink(void)
{
	struct {
		struct nlmsghdr nlh;
		struct ifinfomsg ifi;
		unsigned char attributes[256];
	} r = {
		.nlh.nlmsg_type = u8() & 1 ? RTM_NEWLINK : RTM_GETLINK,
		.nlh.nlmsg_flags = NLM_F_REQUEST | (u8() & 1 ? NLM_F_CREATE : 0),
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const char *of = name();
	unsigned char *at = r.attributes;
	struct rtattr *a = (void *)at, *info, *data;
	uint8_t size = u8() % 64;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	a->rta_type = IFLA_IFNAME;
	a->rta_len = RTA_LENGTH(strlen(of) + 1);
	strcpy(RTA_DATA(a), of);
	if (u8() & 1) {
		a = (void *)((char *)a + RTA_ALIGN(a->rta_len));
		a->rta_type = IFLA_ADDRESS;
		a->rta_len = RTA_LENGTH(u8() % 8);
		fill(RTA_DATA(a), 8);
	}
	info = (void *)((char *)a + RTA_ALIGN(a->rta_len));
	info->rta_type = IFLA_LINKINFO;
	a = RTA_DATA(info);
	a->rta_type = IFLA_INFO_KIND;
	a->rta_len = RTA_LENGTH(7);
	strcpy(RTA_DATA(a), "if_tap");
	data = (void *)((char *)a + RTA_ALIGN(a->rta_len));
	data->rta_type = IFLA_INFO_DATA;
	data->rta_len = RTA_LENGTH(size);
	if (u8() & 1) {		/* one that is well formed */
		a = RTA_DATA(data);
		a->rta_type = u8() % 12;
		a->rta_len = RTA_LENGTH(u8() % 8);
		fill(RTA_DATA(a), 8);
		data->rta_len = RTA_LENGTH(RTA_ALIGN(a->rta_len));
	} else {
		fill(RTA_DATA(data), size);
	}
	info->rta_len = (char *)data + RTA_ALIGN(data->rta_len) - (char *)info;
	r.nlh.nlmsg_len = (char *)info + RTA_ALIGN(info->rta_len) - (char *)&r;
	sendto(fd, &r, r.nlh.nlmsg_len, 0, (struct sockaddr *)&kernel,
	       sizeof(kernel));
	close(fd);
}

static void call_sysfs(void)
{
	static const char * const files[] = {
		"if_tap/kind", "if_tap/unit", "if_tap/opened_by",
		"if_tap/remote_address", "if_tap/transient", "tun_flags",
		"owner", "group",
	};
	const char *of = name();
	uint8_t which = u8() % 9;
	char path[96], text[64];
	int fd;

	if (which < 8)
		snprintf(path, sizeof(path), "/sys/class/net/%s/%s", of,
			 files[which]);
	else
		snprintf(path, sizeof(path), "/proc/self/fdinfo/%d",
			 fds[slot()]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		read(fd, text, sizeof(text));
		close(fd);
	}
}

static struct {
	const char *path;
	char text[16];		/* what it was at the beginning */
} sysctls[] = {
	{ "/proc/sys/net/link/tap/up_on_open" },
	{ "/proc/sys/net/link/tap/vmnet_hold" },
	{ "/proc/sys/net/link/tap/user_open" },
	{ "/proc/sys/debug/if_tap_debug" },
};

static void call_sysctl(void)
{
	char text[4] = { '0' + u8() % 4, '\n' };
	int fd = open(sysctls[u8() % 4].path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		write(fd, text, 2);
		close(fd);
	}
}

static void sysctls_save(void)
{
	unsigned int i;
	FILE *file;

	for (i = 0; i < 4; i++) {
		file = fopen(sysctls[i].path, "r");
		if (!file || !fgets(sysctls[i].text, 16, file)) {
			perror(sysctls[i].path);
			exit(2);
		}
		fclose(file);
	}
}

static void sysctls_restore(void)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		kit_write_file(sysctls[i].path, sysctls[i].text);
}

/* The Linux face */

static void call_tun(void)
{
	static const char * const names[] = {
		"", "tap0", "tap%d", "fuzz0", "vmnet0", "tap1", "fuzz%d%d",
	};
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int s = slot();
	uint8_t how = u8();

	strcpy(ifr.ifr_name, names[u8() % 7]);
	if (how & 1)
		ifr.ifr_flags = number(2);
	if (how & 2)
		ifr.ifr_flags |= IFF_MULTI_QUEUE;
	if (how & 4)
		ifr.ifr_flags |= IFF_VNET_HDR;
	if (how & 8)
		ifr.ifr_flags |= IFF_NAPI;
	if (how & 16)
		fill(ifr.ifr_name, IFNAMSIZ);
	if (fds[s] < 0)
		fds[s] = open("/dev/net/tap", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	ioctl(fds[s], TUNSETIFF, &ifr);
}

static const unsigned long commands_of_tun[] = {
	TUNSETNOCSUM, TUNSETDEBUG, TUNSETPERSIST, TUNSETOWNER, TUNSETLINK,
	TUNSETGROUP, TUNGETFEATURES, TUNSETOFFLOAD, TUNSETTXFILTER, TUNGETIFF,
	TUNGETSNDBUF, TUNSETSNDBUF, TUNATTACHFILTER, TUNDETACHFILTER,
	TUNGETVNETHDRSZ, TUNSETVNETHDRSZ, TUNSETQUEUE, TUNSETIFINDEX,
	TUNGETFILTER, TUNSETVNETLE, TUNGETVNETLE, TUNSETVNETBE, TUNGETVNETBE,
	TUNSETSTEERINGEBPF, TUNSETFILTEREBPF, TUNSETCARRIER, TUNGETDEVNETNS,
	SIOCGIFHWADDR, SIOCSIFHWADDR, SIOCGSKNS,
};

static void call_tun_ioctl(void)
{
	int s = slot(), fd;
	unsigned long command = commands_of_tun[u8() % 30];
	unsigned long argument = (unsigned long)memory;
	struct sock_filter code[4];
	struct sock_fprog program = { u8() % 6, code };
	uint8_t how = u8();

	memset(memory, 0, 128);
	if (how & 1)
		memory[0] = u8();
	if (how & 2)
		fill(memory, 64);
	if (command == TUNATTACHFILTER) {
		memset(code, 0, sizeof(code));
		code[0] = (struct sock_filter){ 6, 0, 0, number(2) };
		if (how & 4)
			fill(code, sizeof(code));
		else
			program.len = 1;
		argument = (unsigned long)&program;
	}
	if (command == TUNSETQUEUE)
		((struct ifreq *)memory)->ifr_flags = how & 8 ?
			IFF_DETACH_QUEUE : IFF_ATTACH_QUEUE;
	if (how & 16)
		argument = (unsigned long)address();
	if (command == TUNSETPERSIST || command == TUNSETOWNER ||
	    command == TUNSETGROUP || command == TUNSETLINK ||
	    command == TUNSETOFFLOAD)
		argument = how & 32 ? number(4) : number(1);
	fd = ioctl(fds[s], command, argument);
	if ((command == TUNGETDEVNETNS || command == SIOCGSKNS) && fd >= 0)
		close(fd);
}

/*
 * An ioctl as a program of 32 bits makes it; all that it points to is below
 * 4 GiB.
 */
static void call_compat(void)
{
#ifdef __x86_64__
	struct {
		uint16_t len;
		uint32_t code;
	} *program = (void *)memory;
	int s = slot(), result;
	uint8_t which = u8();
	unsigned int command, argument = (uintptr_t)memory;

	if (which < 128)
		command = commands[which % 26];
	else
		command = commands_of_tun[which % 30];
	memset(memory, 0, 256);
	fill(memory, 4 + u8() % 60);
	if (command == TUNATTACHFILTER) {
		program->len = 1;
		program->code = argument + 128;
		memory[128] = 6;	/* return */
	}
	if (u8() % 8 == 0)
		argument = 1;
	asm volatile("int $0x80" : "=a" (result) :
		     "a" (54), "b" (fds[s]), "c" (command), "d" (argument) :
		     "memory", "r8", "r9", "r10", "r11");
	if (result >= 0 && (command == TAPQUEUE || command == SIOCGSKNS ||
			    command == TUNGETDEVNETNS))
		close(result);
#endif
}

/* BPF programs: most return a constant, filters and XDP actions. */

static int xdp[7], filters[4];

static int bpf_load(unsigned int type, const struct bpf_insn *code, size_t n)
{
	union bpf_attr attr = {
		.prog_type = type,
		.insn_cnt = n,
		.insns = (uintptr_t)code,
		.license = (uintptr_t)"GPL",
	};

	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int bpf_constant(unsigned int type, unsigned int value)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = value },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_load(type, code, 2);
}

/* The frame's length. */
static int bpf_length(void)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_LDX | BPF_MEM | BPF_W, .src_reg = BPF_REG_1,
		  .off = offsetof(struct __sk_buff, len) },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_load(BPF_PROG_TYPE_SOCKET_FILTER, code, 2);
}

static int bpf_redirect_to(unsigned int ifindex)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1,
		  .imm = ifindex },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_load(BPF_PROG_TYPE_XDP, code, 4);
}

static void call_xdp(void)
{
	struct {
		struct nlmsghdr nlh;
		struct ifinfomsg ifi;
		struct rtattr nest, a;
		int fd;
	} r = {
		.nlh.nlmsg_len = sizeof(r),
		.nlh.nlmsg_type = RTM_SETLINK,
		.nlh.nlmsg_flags = NLM_F_REQUEST,
		.ifi.ifi_index = if_nametoindex(name()),
		.nest.rta_type = IFLA_XDP | NLA_F_NESTED,
		.nest.rta_len = 12,
		.a.rta_type = IFLA_XDP_FD,
		.a.rta_len = 8,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	uint8_t which = u8() % 8;

	if (which < 7)
		r.fd = xdp[which];
	else
		r.fd = bpf_redirect_to(if_nametoindex(name()));
	send(fd, &r, sizeof(r), 0);
	close(fd);
	if (which == 7)
		close(r.fd);
}

static void call_tun_bpf(void)
{
	int s = slot(), program = filters[u8() % 4];

	ioctl(fds[s], u8() & 1 ? TUNSETSTEERINGEBPF : TUNSETFILTEREBPF,
	      &program);
}

/* What tun has before a frame: struct tun_pi, struct virtio_net_hdr. */
static void call_tun_write(void)
{
	unsigned char pi[4] = { 0, 0, 8, 0 };
	struct tapoffload hdr;
	uint8_t how = u8();
	struct iovec iov[4] = { { pi, how & 1 ? 4 : 0 },
				{ &hdr, how & 2 ? 10 : how & 4 ? 12 : 0 },
				{ memory, 64 }, { 0 } };

	make_header(&hdr);
	make_frame(how & 8 ? 0 : 64 - 14);
	iov[2].iov_base = memory + (how & 8 ? 0 : 64);
	iov[3] = (struct iovec){ memory + 128, frame_length() };
	writev(fds[slot()], iov, 4);
}

/* Who is without privilege, and the namespaces */

static void become(uid_t user)
{
	/* By system call: it goes for this thread only. */
	syscall(SYS_setresuid, (uid_t)-1, user, (uid_t)-1);
}

static void call_user(void)
{
	become(u8() & 1 ? USER : 0);
}

/* Another namespace, which ends with what is left in it. */
static void call_namespace(void)
{
	int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int there = -1;
	uint8_t how = u8();
	const char *of = name();

	if (unshare(CLONE_NEWNET))
		goto out;
	there = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (how & 1)
		call_open();
	if (how & 2)
		kit_link_move(of, home);
	setns(home, CLONE_NEWNET);
	if (how & 4)
		kit_link_move(of, there);
out:
	close(home);
	close(there);
}

static void call_async(void)
{
	int fd = fds[slot()];
	uint8_t how = u8();

	if (how & 1)
		fcntl(fd, F_SETOWN, getpid());
	fcntl(fd, F_SETFL, how & 2 ? O_NONBLOCK | O_ASYNC : O_NONBLOCK);
}

/* The second thread: nonsense into the rings while the next calls go on. */

static struct {
	pthread_mutex_t lock;	/* against unmapping */
	atomic_bool on;
	atomic_int which;
	uint32_t seed;
} scribble = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* What it does, once, to a call that sleeps. */
static struct {
	atomic_bool wanted;
	uint8_t how;
	int fd;
	char name[IFNAMSIZ];
} disturb;

static void do_disturb(void)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(disturb.name),
		.sll_halen = 6,
	};

	usleep(5000);
	switch (disturb.how % 5) {
	case 0: break;
	case 1: sendto(sender, memory, 100, MSG_DONTWAIT,
		       (struct sockaddr *)&at, sizeof(at)); break;
	case 2: kit_link_del(disturb.name); break;
	case 3: kit_ring_make(disturb.fd, 0); break;
	case 4: kit_link_flags(disturb.name, 0, IFF_UP); break;
	}
	atomic_store(&disturb.wanted, false);
}

static void *scribbler(void *unused)
{
	uint32_t x = 1;

	(void)unused;
	for (;;) {
		if (atomic_load(&disturb.wanted))
			do_disturb();
		if (!atomic_load(&scribble.on)) {
			usleep(200);
			x = scribble.seed | 1;
			continue;
		}
		pthread_mutex_lock(&scribble.lock);
		if (atomic_load(&scribble.on)) {
			struct kit_ring *ring = &rings[atomic_load(&scribble.which)];
			int i;

			for (i = 0; ring->in && i < 200; i++) {
				x ^= x << 13;
				x ^= x >> 17;
				x ^= x << 5;
				if (x % 64 == 0)
					ring->user->in_producer += x >> 24 << 4;
				else if (x % 64 == 1)
					ring->user->out_consumer += x >> 24 << 4;
				else
					*(uint32_t *)(ring->in + (x >> 8) % 8192 * 4) = x;
			}
		}
		pthread_mutex_unlock(&scribble.lock);
		sched_yield();
	}
	return NULL;
}

static void call_scribble(void)
{
	scribble.seed = number(2);
	atomic_store(&scribble.which, slot());
	atomic_store(&scribble.on, true);
}

/* Calls that sleep, until the other thread has done something or a signal. */

static timer_t timer;

static void signal_again(unsigned int milliseconds)
{
	struct itimerspec every = {
		.it_interval.tv_nsec = milliseconds * 1000000,
		.it_value.tv_nsec = milliseconds * 1000000,
	};

	timer_settime(timer, 0, &every, NULL);
}

static void call_wait(void)
{
	struct tapframe frame = { .base = (uintptr_t)memory, .size = 2000 };
	struct tapbatch batch = { .frames = (uintptr_t)&frame, .count = 1 };
	struct iovec iov = { memory, 2000 };
	int s = slot(), zero = 0;
	uint8_t how = u8();
	struct pollfd p = { .fd = fds[s], .events = POLLIN };

	if (fds[s] < 0)
		return;
	strcpy(disturb.name, name());
	disturb.how = how >> 3;
	disturb.fd = fds[s];
	make_frame(0);
	setsockopt(sender, SOL_PACKET, PACKET_VNET_HDR, &zero, sizeof(int));
	atomic_store(&disturb.wanted, true);
	fcntl(fds[s], F_SETFL, 0);
	signal_again(30);	/* one that comes too early is not the last */
	switch (how % 8) {
	case 0: case 1: readv(fds[s], &iov, 1); break;
	case 2: preadv2(fds[s], &iov, 1, -1, RWF_NOWAIT); break;
	case 3: case 4: ioctl(fds[s], TAPRECVBATCH, &batch); break;
	case 5: writev(fds[s], &iov, 1); break;
	case 6: pwritev2(fds[s], &iov, 1, -1, RWF_NOWAIT); break;
	case 7: poll(&p, 1, -1); break;
	}
	signal_again(0);
	fcntl(fds[s], F_SETFL, O_NONBLOCK);
	while (atomic_load(&disturb.wanted))
		usleep(200);
}

static void do_nothing(int number)
{
	(void)number;
}

/* For the thread that makes the calls, whichever else there are. */
static void timer_init(void)
{
	struct sigaction action = { .sa_handler = do_nothing };
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = SIGRTMIN,
	};

	event._sigev_un._tid = gettid();
	sigaction(SIGRTMIN, &action, NULL);
	timer_create(CLOCK_MONOTONIC, &event, &timer);
}

/* To have more of them: a function that takes what it wants from the input. */
static void (*const calls[])(void) = {
	call_open, call_close, call_write, call_write_header, call_read,
	call_poll, call_ioctl, call_ioctl, call_offload, call_batch, call_ring,
	call_mmap, call_record, call_record, call_position, call_doorbell,
	call_doorbell, call_transmit, call_transmit, call_link, call_link,
	call_netlink, call_sysfs, call_sysctl, call_dup, call_scribble,
	call_tun, call_tun, call_tun_ioctl, call_tun_ioctl, call_tun_write,
	call_xdp, call_tun_bpf, call_address, call_ethtool, call_compat,
	call_user, call_namespace, call_async, call_wait, call_udp,
};

/* These unmap. */
static bool is_exclusive(void (*call)(void))
{
	return call == call_ring || call == call_close;
}

/* A message that puts a link into a group, or about all that are in one. */
static void group_message(int type, unsigned int ifindex)
{
	struct {
		struct nlmsghdr nlh;
		struct ifinfomsg ifi;
		struct rtattr a;
		uint32_t group;
	} r = {
		.nlh.nlmsg_len = sizeof(r),
		.nlh.nlmsg_type = type,
		.nlh.nlmsg_flags = NLM_F_REQUEST,
		.ifi.ifi_index = ifindex,
		.a.rta_type = IFLA_GROUP,
		.a.rta_len = 8,
		.group = 1,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	send(fd, &r, sizeof(r), 0);
	close(fd);
}

/* At once, for each deletion waits for RCU. */
static void delete_links(void)
{
	struct if_nameindex *links = if_nameindex(), *link;
	bool any = false;

	for (link = links; link && link->if_index; link++) {
		if (strstr(others, link->if_name))
			continue;
		group_message(RTM_SETLINK, link->if_index);
		any = true;
	}
	if_freenameindex(links);
	if (any)
		group_message(RTM_DELLINK, 0);
}

/* Links that are not the fuzzer's. */
static void note_others(void)
{
	struct if_nameindex *links = if_nameindex(), *link;

	for (link = links; link && link->if_index; link++) {
		strncat(others, " ", sizeof(others) - 1 - strlen(others));
		strncat(others, link->if_name, sizeof(others) - 1 - strlen(others));
	}
	if_freenameindex(links);
}

/* No input has to do with what an earlier one left. */
static void reset(bool links_first)
{
	unsigned int i;

	become(0);
	if (links_first)
		delete_links();
	pthread_mutex_lock(&scribble.lock);
	atomic_store(&scribble.on, false);
	for (i = 0; i < SLOTS; i++)
		close_slot(i);
	pthread_mutex_unlock(&scribble.lock);
	delete_links();
	sysctls_restore();
}

static FILE *each;	/* a byte for each edge, after each input */

static void collect(void)
{
	unsigned int i;

	for (i = 0; i < nsites; i++) {
		counters[i] = map[index_of[i]];
		passed[i] |= counters[i];
	}
	if (each)
		fwrite(counters, 1, nsites, each);
}

/* Calls made, and those of which the kernel refused something. */
static unsigned long made, refused;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t length = size;
	unsigned int i;

	if (fcntl(3, F_GETFD) >= 0) {
		struct iovec iov[] = { { &length, 4 }, { (void *)data, size } };

		writev(3, iov, 2);
	}
	input = data;
	end = data + size;
	for (i = 0; i < nsites; i++)
		map[index_of[i]] = 0;
	for (i = 0; i < CALLS && input < end; i++) {
		void (*call)(void) = calls[u8() % (sizeof(calls) / sizeof(*calls))];

		if (is_exclusive(call))
			pthread_mutex_lock(&scribble.lock);
		errno = 0;
		call();
		made++;
		refused += errno != 0;
		if (is_exclusive(call))
			pthread_mutex_unlock(&scribble.lock);
	}
	reset(size % 2);
	collect();
	return 0;
}

/* At the end: what was done, and which sites were passed, for the report. */
static void report(void)
{
	const char *path = getenv("IFTAP_PASSED");
	FILE *file = path ? fopen(path, "w") : NULL;
	unsigned int i;

	for (i = 0; file && i < nsites; i++)
		fprintf(file, "%d\n", passed[i]);
	if (file)
		fclose(file);
	printf("calls: %lu, refused: %lu\n", made, refused);
}

static unsigned long number_in(const char *path)
{
	FILE *file = fopen(path, "r");
	unsigned long value = 0;

	if (file && fscanf(file, "%lx", &value) != 1)
		value = 0;
	if (file)
		fclose(file);
	return value;
}

/* "SECTION OFFSET" a line, the hook itself first. */
static void read_sites(void)
{
	FILE *file = fopen(getenv("IFTAP_SITES"), "r");
	char section[32], path[96];
	unsigned long offset, hook = 0, at;
	bool first = true;

	while (file && fscanf(file, "%31s %lx", section, &offset) == 2) {
		snprintf(path, sizeof(path), "/sys/module/if_tap/sections/%s",
			 section);
		at = number_in(path) + offset;
		if (first)
			hook = at;
		else if (nsites < SITES && at - hook + MAP_SIZE / 2 < MAP_SIZE)
			index_of[nsites++] = at - hook + MAP_SIZE / 2;
		first = false;
	}
	if (!nsites) {
		fprintf(stderr, "fuzz: no sites\n");
		exit(2);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const unsigned int minors[] = {
		0, 1, 300, TAP_MINOR_VMNET, TAP_MINOR_VMNET + 255,
		TAP_MINOR_CLONE, TAP_MINOR_VMNET + 256, 0x20000,
	};
	/* For two rings. */
	const struct rlimit locked = { 80 << 12, 80 << 12 };
	pthread_t thread;
	unsigned int i;
	char path[32];
	int fd;

	(void)argc;
	(void)argv;
	signal(SIGIO, SIG_IGN);
	setrlimit(RLIMIT_MEMLOCK, &locked);
	note_others();
	/* For addresses to be there still when a unit is closed. */
	kit_write_file("/proc/sys/net/ipv6/conf/all/keep_addr_on_down", "1");
	/* Of the two pages behind it one is not there, the other is read-only. */
	memory = mmap(NULL, MEMORY + 8192, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (memory == MAP_FAILED) {
		perror("fuzz: memory");
		exit(2);
	}
	mprotect(memory + MEMORY, 4096, PROT_NONE);
	mprotect(memory + MEMORY + 4096, 4096, PROT_READ);
	sysctls_save();
	/* Each look for a link that is not there would start modprobe. */
	kit_bridge_add(BRIDGE);
	kit_bridge_del(BRIDGE);
	kit_write_file("/proc/sys/kernel/modprobe", "\n");
	timer_init();
	read_sites();
	fd = open("/sys/kernel/debug/if_tap_coverage", O_RDWR | O_CLOEXEC);
	map = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		perror("if_tap_coverage");
		exit(2);
	}
	close(fd);
	collect();		/* what loading passed */
	if (getenv("IFTAP_EACH"))
		each = fopen(getenv("IFTAP_EACH"), "w");
	for (i = 0; i < sizeof(minors) / sizeof(*minors); i++) {
		snprintf(path, sizeof(path), "./fuzz-%x", minors[i]);
		kit_node(path, minors[i]);
		chmod(path, 0666);
	}
	for (i = 0; i < 5; i++)
		xdp[i] = bpf_constant(BPF_PROG_TYPE_XDP, i);
	xdp[5] = -1;		/* none */
	xdp[6] = bpf_constant(BPF_PROG_TYPE_XDP, 5);	/* no action */
	filters[0] = bpf_constant(BPF_PROG_TYPE_SOCKET_FILTER, 0);
	filters[1] = bpf_constant(BPF_PROG_TYPE_SOCKET_FILTER, 60);
	filters[2] = -1;
	filters[3] = bpf_length();
	sender = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	pthread_create(&thread, NULL, scribbler, NULL);
	atexit(report);
	return 0;
}
