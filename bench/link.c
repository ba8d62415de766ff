// SPDX-License-Identifier: BSD-2-Clause
/* Interfaces, and frames to send. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include "bench.h"

/* A shell command that has to succeed. */
void run(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	if (system(command))
		fail("failed: %s", command);
}

/* Up, and no neighbours to ask for: nothing but our frames shall pass. */
void link_up(const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq req = { 0 };

	strncpy(req.ifr_name, name, sizeof(req.ifr_name) - 1);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &req))
		fail("%s: %s", name, strerror(errno));
	req.ifr_flags |= IFF_UP | IFF_NOARP;
	if (ioctl(fd, SIOCSIFFLAGS, &req))
		fail("%s up: %s", name, strerror(errno));
	close(fd);
}

static int ethtool(int fd, void *request)
{
	struct ifreq req = { .ifr_data = request };

	strcpy(req.ifr_name, port_interface);
	return ioctl(fd, SIOCETHTOOL, &req);
}

/* The stack does its own checksums, and cuts up what it sends. */
void link_no_offload(void)
{
	static const uint32_t offloads[] = { ETHTOOL_STXCSUM, ETHTOOL_STSO };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ethtool_value off;
	unsigned int i;

	for (i = 0; i < sizeof(offloads) / sizeof(*offloads); i++) {
		off = (struct ethtool_value){ .cmd = offloads[i] };
		ethtool(fd, &off);	/* who has none need not lose it */
	}
	close(fd);
}

/* A counter of the port's interface as `ethtool -S` has it, 0 if it has none. */
uint64_t link_counter(const char *name)
{
	struct {
		struct ethtool_gstrings request;
		char names[128][ETH_GSTRING_LEN];
	} strings = {
		.request = { .cmd = ETHTOOL_GSTRINGS,
			     .string_set = ETH_SS_STATS },
	};
	struct {
		struct ethtool_stats request;
		uint64_t values[128];
	} stats = { .request = { .cmd = ETHTOOL_GSTATS } };
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	uint64_t value = 0;
	unsigned int i;

	if (!ethtool(fd, &info) && info.n_stats <= 128) {
		strings.request.len = info.n_stats;
		stats.request.n_stats = info.n_stats;
		if (ethtool(fd, &strings) || ethtool(fd, &stats))
			info.n_stats = 0;
		for (i = 0; i < info.n_stats; i++)
			if (!strcmp(strings.names[i], name))
				value = stats.values[i];
	}
	close(fd);
	return value;
}

/* For nobody: dropped where the stack looks at the address. */
static void make_tcp(unsigned char *data, unsigned int len)
{
	static const unsigned char ip[] = {
		0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	};
	static const unsigned char tcp[] = {
		0x12, 0x34, 0x56, 0x78, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 1, 0,
	};

	data[12] = ETH_P_IP >> 8;
	data[13] = ETH_P_IP & 0xff;
	memcpy(data + 14, ip, sizeof(ip));
	data[16] = (len - 14) >> 8;
	data[17] = (len - 14) & 0xff;
	memcpy(data + 34, tcp, sizeof(tcp));
}

/*
 * @n descriptions of one frame of opt.size bytes, to an address that is
 * nobody's. Its type is one kept for experiments, which no protocol takes, so
 * that what is measured ends where the stack begins; except that frames to be
 * cut up have to be TCP.
 */
void frames_make(struct frame *frames, unsigned int n)
{
	static const unsigned char addresses[] = {
		2, 0, 0, 0, 0, 0x99, 2, 0, 0, 0, 0, 0x11, 0x88, 0xb5,
	};
	struct virtio_net_hdr_v1 *hdr = NULL;
	unsigned char *memory = calloc(1, opt.size + 128), *data = memory + 64;
	unsigned int i;

	if (!memory || opt.size < 60)
		fail("no frame of %u bytes", opt.size);
	for (i = 0; i < opt.size; i++)
		data[i] = i;
	memcpy(data, addresses, sizeof(addresses));
	if (opt.headers)
		hdr = (void *)(data - sizeof(*hdr));
	if (opt.gso) {
		make_tcp(data, opt.size);
		hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		hdr->hdr_len = 54;
		hdr->gso_size = 1448;
		hdr->csum_start = 34;
		hdr->csum_offset = 16;
	}
	for (i = 0; i < n; i++)
		frames[i] = (struct frame){ data, opt.size, hdr };
}

/* A program does look at its frames: a word of each. */
void frames_touch(const struct frame *frames, unsigned int n)
{
	const volatile uint64_t *words;
	unsigned int i;

	for (i = 0; i < n; i++) {
		words = (const void *)frames[i].data;
		(void)words[1];
	}
}

/* What a frame may take in a buffer, with any header. */
size_t record_bytes(void)
{
	return (opt.size + 64 + 63) & ~(size_t)63;
}
