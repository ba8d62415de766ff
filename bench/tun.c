// SPDX-License-Identifier: BSD-2-Clause
/* Linux's own driver: tun in its tap mode, and what it can be told. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include "bench.h"

/* A descriptor with an interface; @flags: IFF_NAPI and so on. */
int tun_open(int flags)
{
	struct ifreq req = { .ifr_flags = IFF_TAP | IFF_NO_PI | flags };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	int header = sizeof(struct virtio_net_hdr_v1);

	if (opt.headers)
		req.ifr_flags |= IFF_VNET_HDR;
	strcpy(req.ifr_name, "bench%d");
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req))
		fail("/dev/net/tun: %s", strerror(errno));
	if (opt.headers &&
	    (ioctl(fd, TUNSETVNETHDRSZ, &header) ||
	     ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6)))
		fail("tun's offloads: %s", strerror(errno));
	strcpy(port_interface, req.ifr_name);
	strcpy(port_receiver, req.ifr_name);
	link_up(port_interface);
	return fd;
}

static void open_tun(void)
{
	file_use(tun_open(0));
}

/* Told not to block, it builds its frames another way. */
static void open_nonblock(void)
{
	file_use(tun_open(0));
	file_nonblock(true);
}

static void open_napi(void)
{
	file_use(tun_open(IFF_NAPI));
}

const struct port port_tun = {
	.name = "tun", .single = true, .open = open_tun, .send = file_send,
	.receive = file_receive, .nonblock = file_nonblock,
	.choose = file_choose,
};

const struct port port_tun_nonblock = {
	.name = "tun-nonblock", .open = open_nonblock, .send = file_send,
	.receive = file_receive,
};

const struct port port_tun_napi = {
	.name = "tun-napi", .single = true, .open = open_napi,
	.send = file_send, .receive = file_receive, .nonblock = file_nonblock,
};
