// SPDX-License-Identifier: BSD-2-Clause
/* All ports, and the one that is only a floor. */
#include <stdlib.h>
#include <string.h>
#include "bench.h"

extern const struct port port_tun, port_tun_nonblock, port_tun_napi, port_tap,
	port_batch, port_ring, port_ring_poll, port_tun_uring, port_tap_uring,
	port_packet, port_xdp, port_xdp_generic, port_vhost;

/* Takes what it is sent and forgets it: what is left is the sender's cost. */
static void open_dummy(void)
{
	run("ip link show bench0 >/dev/null 2>&1 || "
	    "ip link add bench0 type dummy");
	strcpy(port_interface, "bench0");
	link_up(port_interface);
}

static const struct port port_dummy = { .name = "dummy", .open = open_dummy };

const struct port *const ports[] = {
	&port_dummy, &port_tun, &port_tun_nonblock, &port_tun_napi, &port_tap,
	&port_batch, &port_ring, &port_ring_poll, &port_tun_uring,
	&port_tap_uring, &port_packet, &port_xdp, &port_xdp_generic,
	&port_vhost, NULL
};
