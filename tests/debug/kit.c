// SPDX-License-Identifier: BSD-2-Clause
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>

#include "kit.h"

static int result(long value)
{
	return value < 0 ? -errno : value;
}

/* Units */

static unsigned int major_number(void)
{
	FILE *file = fopen("/proc/devices", "r");
	unsigned int number, found = 0;
	char line[128], name[64];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%u %63s", &number, name) == 2 &&
		    !strcmp(name, "if_tap"))
			found = number;
	if (file)
		fclose(file);
	return found;
}

void kit_node(const char *path, unsigned int minor)
{
	unlink(path);
	if (mknod(path, S_IFCHR | 0600, makedev(major_number(), minor))) {
		perror(path);
		exit(1);
	}
}

int kit_open(const char *path, int flags)
{
	return result(open(path, O_RDWR | O_CLOEXEC | flags));
}

/* A descriptor of the Linux face with an interface, non-blocking. */
int kit_tun(const char *name, unsigned int flags)
{
	struct ifreq ifr = { .ifr_flags = flags };
	int err, fd = open("/dev/net/tap", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", name);
	if (!ioctl(fd, TUNSETIFF, &ifr))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int kit_ring_make(int fd, unsigned int flags)
{
	struct tapring want = {
		.flags = flags,
		.out_size = KIT_RING_SIZE,
		.in_size = KIT_RING_SIZE,
		.eventfd = -1,
	};

	return result(ioctl(fd, TAPSRING, &want));
}

static int map(int fd, void **at, size_t size, int protection, off_t offset)
{
	*at = mmap(NULL, size, protection, MAP_SHARED, fd, offset);
	if (*at != MAP_FAILED)
		return 0;
	*at = NULL;
	return -errno;
}

int kit_ring_map(int fd, struct kit_ring *ring)
{
	const int rw = PROT_READ | PROT_WRITE;
	int err;

	memset(ring, 0, sizeof(*ring));
	err = map(fd, (void **)&ring->kernel, 4096, PROT_READ,
		  TAP_RING_OFF_KERNEL);
	if (!err)
		err = map(fd, (void **)&ring->user, 4096, rw, TAP_RING_OFF_USER);
	if (!err)
		err = map(fd, (void **)&ring->out, 2 * KIT_RING_SIZE, PROT_READ,
			  TAP_RING_OFF_OUT);
	if (!err)
		err = map(fd, (void **)&ring->in, 2 * KIT_RING_SIZE, rw,
			  TAP_RING_OFF_IN);
	if (err) {
		kit_ring_unmap(ring);
		return err;
	}
	ring->consumed = __atomic_load_n(&ring->user->out_consumer,
					 __ATOMIC_RELAXED);
	ring->produced = __atomic_load_n(&ring->user->in_producer,
					 __ATOMIC_RELAXED);
	return 0;
}

static void unmap(const void *at, size_t size)
{
	if (at)
		munmap((void *)at, size);
}

void kit_ring_unmap(struct kit_ring *ring)
{
	unmap(ring->kernel, 4096);
	unmap(ring->user, 4096);
	unmap(ring->out, 2 * KIT_RING_SIZE);
	unmap(ring->in, 2 * KIT_RING_SIZE);
	memset(ring, 0, sizeof(*ring));
}

static uint64_t record_size(size_t len)
{
	return (sizeof(struct taprecord) + len + TAP_RING_ALIGN - 1) &
	       ~(uint64_t)(TAP_RING_ALIGN - 1);
}

/* Publish a frame; -ENOBUFS when there is no room. */
int kit_ring_put(struct kit_ring *ring, const void *frame, size_t len)
{
	uint64_t used = ring->produced -
			__atomic_load_n(&ring->kernel->in_consumer,
					__ATOMIC_ACQUIRE);
	struct taprecord record = { .len = len };
	unsigned char *at = ring->in + ring->produced % KIT_RING_SIZE;

	if (used + record_size(len) > KIT_RING_SIZE)
		return -ENOBUFS;
	memcpy(at, &record, sizeof(record));
	memcpy(at + sizeof(record), frame, len);
	ring->produced += record_size(len);
	__atomic_store_n(&ring->user->in_producer, ring->produced,
			 __ATOMIC_SEQ_CST);
	return 0;
}

/* Take a frame; its length, or -EAGAIN. */
int kit_ring_get(struct kit_ring *ring)
{
	struct taprecord record;

	if (__atomic_load_n(&ring->kernel->out_producer, __ATOMIC_ACQUIRE) ==
	    ring->consumed)
		return -EAGAIN;
	memcpy(&record, ring->out + ring->consumed % KIT_RING_SIZE,
	       sizeof(record));
	ring->consumed += record_size(record.len);
	__atomic_store_n(&ring->user->out_consumer, ring->consumed,
			 __ATOMIC_SEQ_CST);
	return record.len;
}

/* A broadcast of a protocol that nobody knows. */
size_t kit_frame(unsigned char *frame, size_t len)
{
	memset(frame, 0x5a, len);
	memset(frame, 0xff, ETH_ALEN);
	memcpy(frame + ETH_ALEN, "\2\0\0\0\0\1\x88\xb5", 8);
	return len;
}

/* With @bypass frames need not wait until the stack has made a queue for them. */
int kit_packet_socket(const char *name, int bypass)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&to, sizeof(to))) {
		int err = -errno;

		close(fd);
		return err;
	}
	if (fd >= 0)
		setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass,
			   sizeof(bypass));
	return result(fd);
}

/* Links: netlink where there is no ioctl */

struct request {
	struct nlmsghdr nlh;
	struct ifinfomsg ifi;
	unsigned char attributes[512];
};

static void begin(struct request *r, int type, int flags)
{
	memset(r, 0, sizeof(*r));
	r->nlh.nlmsg_len = NLMSG_LENGTH(sizeof(r->ifi));
	r->nlh.nlmsg_type = type;
	r->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
}

static struct rtattr *add(struct request *r, int type, const void *data,
			  size_t len)
{
	struct rtattr *a = (void *)((char *)r + NLMSG_ALIGN(r->nlh.nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(a), data, len);
	r->nlh.nlmsg_len = NLMSG_ALIGN(r->nlh.nlmsg_len) + RTA_ALIGN(a->rta_len);
	return a;
}

/* rtnetlink has answered when send() returns, unless it could not. */
static int send_request(struct request *r)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	unsigned char answer[16384];
	struct nlmsghdr *nlh = (void *)answer;
	int n, err;

	if (fd < 0)
		return -errno;
	n = result(sendto(fd, r, r->nlh.nlmsg_len, 0,
			  (struct sockaddr *)&kernel, sizeof(kernel)));
	while (n >= 0) {
		n = result(recv(fd, answer, sizeof(answer), MSG_DONTWAIT));
		if (n >= 0 && nlh->nlmsg_type == NLMSG_ERROR) {
			n = ((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
			break;
		}
	}
	err = n;
	close(fd);
	return err;
}

int kit_link_add(const char *name, unsigned int queues)
{
	struct request r;
	struct rtattr *info;

	begin(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	add(&r, IFLA_IFNAME, name, strlen(name) + 1);
	add(&r, IFLA_NUM_TX_QUEUES, &queues, sizeof(queues));
	add(&r, IFLA_NUM_RX_QUEUES, &queues, sizeof(queues));
	info = add(&r, IFLA_LINKINFO, NULL, 0);
	add(&r, IFLA_INFO_KIND, "if_tap", sizeof("if_tap"));
	info->rta_len = (char *)&r + r.nlh.nlmsg_len - (char *)info;
	return send_request(&r);
}

int kit_link_del(const char *name)
{
	struct request r;

	begin(&r, RTM_DELLINK, 0);
	add(&r, IFLA_IFNAME, name, strlen(name) + 1);
	return send_request(&r);
}

int kit_link_move(const char *name, int netns)
{
	struct request r;

	begin(&r, RTM_NEWLINK, 0);
	add(&r, IFLA_IFNAME, name, strlen(name) + 1);
	add(&r, IFLA_NET_NS_FD, &netns, sizeof(netns));
	return send_request(&r);
}

int kit_link_get(const char *name)
{
	struct request r;

	begin(&r, RTM_GETLINK, 0);
	add(&r, IFLA_IFNAME, name, strlen(name) + 1);
	return send_request(&r);
}

static int link_ioctl(unsigned long command, struct ifreq *ifr,
		      const char *name)
{
	int err, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	snprintf(ifr->ifr_name, IFNAMSIZ, "%s", name);
	err = result(ioctl(fd, command, ifr));
	close(fd);
	return err;
}

int kit_link_rename(const char *from, const char *to)
{
	struct ifreq ifr = { 0 };

	snprintf(ifr.ifr_newname, IFNAMSIZ, "%s", to);
	return link_ioctl(SIOCSIFNAME, &ifr, from);
}

int kit_link_mtu(const char *name, int mtu)
{
	struct ifreq ifr = { .ifr_mtu = mtu };

	return link_ioctl(SIOCSIFMTU, &ifr, name);
}

int kit_link_qlen(const char *name, int len)
{
	struct ifreq ifr = { .ifr_qlen = len };

	return link_ioctl(SIOCSIFTXQLEN, &ifr, name);
}

int kit_link_flags(const char *name, unsigned int set, unsigned int clear)
{
	struct ifreq ifr = { 0 };
	int err = link_ioctl(SIOCGIFFLAGS, &ifr, name);

	if (err)
		return err;
	ifr.ifr_flags = (ifr.ifr_flags & ~clear) | set;
	return link_ioctl(SIOCSIFFLAGS, &ifr, name);
}

int kit_link_address(const char *name, const char *address)
{
	struct ifreq ifr = { 0 };
	struct sockaddr_in *in = (void *)&ifr.ifr_addr;

	in->sin_family = AF_INET;
	inet_pton(AF_INET, address, &in->sin_addr);
	return link_ioctl(SIOCSIFADDR, &ifr, name);
}

/* All that `ethtool -S` asks, and the driver's name. */
int kit_link_stats(const char *name)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct {
		struct ethtool_stats head;
		uint64_t room[256];
	} stats = { .head = { .cmd = ETHTOOL_GSTATS } };
	struct ifreq ifr = { .ifr_data = (void *)&info };
	int err = link_ioctl(SIOCETHTOOL, &ifr, name);

	if (err)
		return err;
	memset(&ifr, 0, sizeof(ifr));
	ifr.ifr_data = (void *)&stats;
	return link_ioctl(SIOCETHTOOL, &ifr, name);
}

int kit_link_exists(const char *name)
{
	return if_nametoindex(name) != 0;
}

static int bridge_ioctl(unsigned long command, const char *bridge)
{
	int err, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	err = result(ioctl(fd, command, bridge));
	close(fd);
	return err;
}

int kit_bridge_add(const char *bridge)
{
	return bridge_ioctl(SIOCBRADDBR, bridge);
}

int kit_bridge_del(const char *bridge)
{
	return bridge_ioctl(SIOCBRDELBR, bridge);
}

int kit_bridge_port(const char *bridge, const char *name, int join)
{
	struct ifreq ifr = { .ifr_ifindex = if_nametoindex(name) };

	return link_ioctl(join ? SIOCBRADDIF : SIOCBRDELIF, &ifr, bridge);
}

/* The module */

int kit_module_load(const char *ko)
{
	int err, fd = open(ko, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	err = result(syscall(SYS_finit_module, fd, "", 0));
	close(fd);
	return err;
}

int kit_module_unload(void)
{
	return result(syscall(SYS_delete_module, "if_tap", O_NONBLOCK));
}

static int read_number(const char *path)
{
	char text[64] = "";
	int n, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n > 0 ? atoi(text) : -EIO;
}

int kit_module_users(void)
{
	return read_number("/sys/module/if_tap/refcnt");
}

/*
 * Units there is memory for. With slub_debug on for the cache, which tests/run
 * asks for, that is exact once KASAN's quarantine has been emptied.
 */
int kit_units(void)
{
	kit_write_file("/sys/kernel/slab/if_tap_unit/shrink", "1");
	return read_number("/sys/kernel/slab/if_tap_unit/objects");
}

/* Text */

const char *kit_errno_name(int number)
{
	const char *name = strerrorname_np(number);

	return name ? name : "unknown";
}

void kit_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (n < 0) {
		perror(path);
		exit(1);
	}
	close(fd);
}

void kit_limit_memory(void)
{
	struct rlimit limit = { 2 * KIT_RING_SIZE + 2 * 4096,
				2 * KIT_RING_SIZE + 2 * 4096 };
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	setrlimit(RLIMIT_MEMLOCK, &limit);
	if (syscall(SYS_capget, &header, data) == 0) {
		data[0].effective &= ~(1u << CAP_IPC_LOCK);
		if (syscall(SYS_capset, &header, data))
			perror("capset");
	}
}
