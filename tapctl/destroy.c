// SPDX-License-Identifier: BSD-2-Clause
/*
 * tapctl destroy: an interface away, and the node that tapctl create or
 * mknod(1) made for it. Nodes the module made are the module's. A program
 * that has the unit open keeps a descriptor that says EHOSTDOWN.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "tapctl.h"

static int remove_node(const struct link *link)
{
	char path[NODE_PATHLEN];
	int major = module_major();

	if (!link->numbered || major < 0)
		return EXIT_SUCCESS;
	node_path(link->kind, link->unit, path);
	if (node_look(path, node_device(major, link->kind, link->unit)) !=
	    NODE_OURS)
		return EXIT_SUCCESS;
	if (node_is_modules(path)) {
		printf("%s: left, the module made it\n", path);
		return EXIT_SUCCESS;
	}
	if (unlink(path))
		return fail("%s: the interface is destroyed, but its node cannot be removed: %m; "
			    "remove it yourself", path);
	printf("%s: removed\n", path);
	return EXIT_SUCCESS;
}

int destroy_main(int argc, char *argv[])
{
	char buf[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	char opener[OPENER_STRLEN];
	struct link link;
	int err;

	if (argc < 2)
		return name_missing("destroy");
	if (argc > 2)
		return usage_fail("destroy", "%s: one word too many", argv[2]);
	err = link_find(argv[1], &link);
	if (err)
		return err;
	err = netlink_talk(netlink_new(buf, RTM_DELLINK, 0, link.index), NULL,
			   NULL);
	if (err)
		return netlink_fail(err, "%s", link.name);
	printf("%s: destroyed", link.name);
	if (link.open)
		printf(", it was open by %s", link_opener(&link, opener));
	putchar('\n');
	return remove_node(&link);
}
