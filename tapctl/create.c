// SPDX-License-Identifier: BSD-2-Clause
/*
 * tapctl create: an interface and its node in /dev. Both or neither: the node
 * is made first, for it is the one that is easily taken back.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "tapctl.h"

struct wish {
	const char *name;
	bool has_kind, has_mtu, has_address, has_queues;
	enum iftap_kind kind;
	uint32_t mtu, queues;
	uint8_t address[ETH_ALEN];
	bool numbered;
	uint32_t unit;
};

static bool valid_name(const char *name)
{
	size_t len = strlen(name);

	return len && len < IFNAMSIZ && strcmp(name, ".") &&
	       strcmp(name, "..") && !strpbrk(name, "/:% \t\n\v\f\r");
}

static int parse_pair(struct wish *wish, const char *word, const char *value)
{
	if (!strcmp(word, "kind")) {
		wish->has_kind = true;
		wish->kind = IFTAP_KIND_TAP;
		if (!strcmp(value, "vmnet"))
			wish->kind = IFTAP_KIND_VMNET;
		else if (strcmp(value, "tap"))
			return usage_fail("create",
					  "kind (%s): no such kind; say tap or vmnet",
					  value);
	} else if (!strcmp(word, "mtu")) {
		wish->has_mtu = true;
		if (!parse_uint(value, 0, INT32_MAX, &wish->mtu))
			return usage_fail("create",
					  "mtu (%s): not a number of bytes; say 1500",
					  value);
	} else if (!strcmp(word, "address")) {
		wish->has_address = true;
		if (!parse_mac(value, wish->address))
			return usage_fail("create", "address (%s): not a MAC address; "
					  "it looks like 02:00:00:00:00:01",
					  value);
	} else if (!strcmp(word, "queues")) {
		wish->has_queues = true;
		if (!parse_uint(value, 1, TAP_QUEUES_MAX, &wish->queues))
			return usage_fail("create",
					  "queues (%s): not a number of queues; say 1 to %d",
					  value, TAP_QUEUES_MAX);
	} else {
		return usage_fail("create", "%s: no such setting", word);
	}
	return 0;
}

static int parse_words(struct wish *wish, int argc, char *argv[])
{
	enum iftap_kind named;
	int i, status;

	if (argc < 2)
		return name_missing("create");
	wish->name = argv[1];
	if (!valid_name(wish->name))
		return usage_fail("create", "\"%s\": not a name for an interface; "
				  "it is 1 to 15 characters, none of them space, /, : or %%",
				  printable(argv[1]));
	for (i = 2; i < argc; i += 2) {
		if (i + 1 == argc)
			return usage_fail("create", "%s: its value is missing",
					  argv[i]);
		status = parse_pair(wish, argv[i], argv[i + 1]);
		if (status)
			return status;
	}
	wish->numbered = parse_unit(wish->name, &named, &wish->unit);
	if (!wish->has_kind)
		wish->kind = wish->numbered ? named : IFTAP_KIND_TAP;
	else if (wish->numbered && wish->kind != named)
		return usage_fail("create",
				  "kind (%s): %s is a %s's name; tapN is a tap, vmnetN a vmnet",
				  kind_word(wish->kind), wish->name,
				  kind_word(named));
	return 0;
}

static int request_link(const struct wish *wish)
{
	char buf[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlattr *info, *data;
	struct nlmsghdr *nlh;

	nlh = netlink_new(buf, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	mnl_attr_put_strz(nlh, IFLA_IFNAME, wish->name);
	if (wish->has_mtu)
		mnl_attr_put_u32(nlh, IFLA_MTU, wish->mtu);
	if (wish->has_address)
		mnl_attr_put(nlh, IFLA_ADDRESS, ETH_ALEN, wish->address);
	if (wish->has_queues) {
		mnl_attr_put_u32(nlh, IFLA_NUM_TX_QUEUES, wish->queues);
		mnl_attr_put_u32(nlh, IFLA_NUM_RX_QUEUES, wish->queues);
	}
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "if_tap");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	mnl_attr_put_u8(nlh, IFLA_IFTAP_KIND, wish->kind);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	return netlink_talk(nlh, NULL, NULL);
}

static int link_failed(const struct wish *wish, int err, dev_t device)
{
	char path[NODE_PATHLEN];

	if (err != -EEXIST)
		return netlink_fail(err, "%s", wish->name);
	if (wish->numbered &&
	    node_look(node_path(wish->kind, wish->unit, path), device) ==
	    NODE_ABSENT)
		return fail("%s: there is an interface or a unit of this name; "
			    "if only its node is missing, `mknod -m 600 %s c %u %u` makes it",
			    wish->name, path, major(device), minor(device));
	return fail("%s: there is an interface or a unit of this name; "
		    "take another, or `tapctl destroy` it first", wish->name);
}

/* Return an exit status. @made: there was none. */
static int make_node(const char *name, const char *path, dev_t device,
		     bool *made)
{
	int err;

	*made = false;
	switch (node_look(path, device)) {
	case NODE_OURS:
		return 0;
	case NODE_FOREIGN:
		return fail("%s (%s): that node is there and is not this unit's device (%u:%u); "
			    "move it away, "
			    "or make the interface alone with `ip link add %s type if_tap`",
			    name, path, major(device), minor(device), name);
	case NODE_ABSENT:
		break;
	}
	err = node_make(path, device);
	if (err)
		return fail("%s (%s): the node cannot be made: %s; "
			    "run it as root, "
			    "or make the interface alone with `ip link add %s type if_tap`",
			    name, path, strerror(-err), name);
	*made = true;
	return 0;
}

static void report(const struct wish *wish, const char *path, dev_t device,
		   bool made)
{
	char mac[MAC_STRLEN];
	struct link link;

	if (link_find(wish->name, &link))
		return;		/* somebody was quick to destroy it */
	printf("%s: created, %s", link.name, kind_word(link.kind));
	if (link.numbered)
		printf(" unit %u", link.unit);
	else
		printf(" without a number");
	printf(", address %s, mtu %u, queues %u\n",
	       format_mac(link.address, mac), link.mtu, link.queues);
	if (made)
		printf("%s: made, character device %u:%u, mode 0600\n", path,
		       major(device), minor(device));
	else if (wish->numbered)
		printf("%s: was there already\n", path);
}

int create_main(int argc, char *argv[])
{
	char path[NODE_PATHLEN] = "";
	struct wish wish = { 0 };
	bool made = false;
	dev_t device = 0;
	int status, major, err;

	status = parse_words(&wish, argc, argv);
	if (status)
		return status;
	major = module_major();
	if (major < 0)
		return module_missing();
	if (wish.numbered) {
		device = node_device(major, wish.kind, wish.unit);
		node_path(wish.kind, wish.unit, path);
		status = make_node(wish.name, path, device, &made);
		if (status)
			return status;
	}
	err = request_link(&wish);
	if (err) {
		if (made)
			unlink(path);
		return link_failed(&wish, err, device);
	}
	report(&wish, path, device, made);
	return EXIT_SUCCESS;
}
