// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interfaces as rtnetlink describes them, with if_tap's own attributes: to
 * find and to list, and the parts of them that several commands show.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "tapctl.h"

#define TYPE		"if_tap"
/* So often a list is taken again that changed while it was being taken. */
#define LIST_TRIES	10

static void copy(void *to, size_t size, const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);

	memcpy(to, mnl_attr_get_payload(attr), len < size ? len : size);
}

static void copy_text(char *to, size_t size, const struct nlattr *attr)
{
	int len = mnl_attr_get_payload_len(attr);

	snprintf(to, size, "%.*s", len, mnl_attr_get_str(attr));
	printable(to);
}

static int parse_data(const struct nlattr *attr, void *data)
{
	struct link *l = data;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFTAP_KIND:
		l->kind = mnl_attr_get_u8(attr);
		break;
	case IFLA_IFTAP_UNIT:
		l->numbered = true;
		l->unit = mnl_attr_get_u32(attr);
		break;
	case IFLA_IFTAP_OPEN:
		l->open = mnl_attr_get_u8(attr);
		break;
	case IFLA_IFTAP_OPENER_PID:
		l->has_pid = true;
		l->pid = mnl_attr_get_u32(attr);
		break;
	case IFLA_IFTAP_OPENER_COMM:
		l->has_opener = true;
		copy_text(l->comm, sizeof(l->comm), attr);
		break;
	case IFLA_IFTAP_REMOTE_ADDRESS:
		copy(l->remote, sizeof(l->remote), attr);
		break;
	case IFLA_IFTAP_TRANSIENT:
		l->transient = mnl_attr_get_u8(attr);
		break;
	case IFLA_IFTAP_BAUDRATE:
		l->baudrate = (int32_t)mnl_attr_get_u32(attr);
		break;
	case IFLA_IFTAP_QUEUED:
		l->queued = mnl_attr_get_u32(attr);
		break;
	}
	return MNL_CB_OK;
}

/* The kernel puts the kind before the data that depends on it. */
static int parse_info(const struct nlattr *attr, void *data)
{
	struct link *l = data;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_INFO_KIND:
		copy_text(l->type, sizeof(l->type), attr);
		break;
	case IFLA_INFO_DATA:
		if (!strcmp(l->type, TYPE))
			mnl_attr_parse_nested(attr, parse_data, l);
		break;
	}
	return MNL_CB_OK;
}

static int parse_attr(const struct nlattr *attr, void *data)
{
	struct link *l = data;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		copy_text(l->name, sizeof(l->name), attr);
		copy(l->ifname, sizeof(l->ifname) - 1, attr);
		break;
	case IFLA_MTU:
		l->mtu = mnl_attr_get_u32(attr);
		break;
	case IFLA_TXQLEN:
		l->txqueuelen = mnl_attr_get_u32(attr);
		break;
	case IFLA_NUM_TX_QUEUES:
		l->queues = mnl_attr_get_u32(attr);
		break;
	case IFLA_OPERSTATE:
		l->operstate = mnl_attr_get_u8(attr);
		break;
	case IFLA_CARRIER:
		l->carrier = mnl_attr_get_u8(attr);
		break;
	case IFLA_ADDRESS:
		copy(l->address, sizeof(l->address), attr);
		break;
	case IFLA_STATS64:
		copy(&l->stats, sizeof(l->stats), attr);
		break;
	case IFLA_LINKINFO:
		mnl_attr_parse_nested(attr, parse_info, l);
		break;
	}
	return MNL_CB_OK;
}

static void parse(const struct nlmsghdr *nlh, struct link *l)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);

	memset(l, 0, sizeof(*l));
	l->index = ifi->ifi_index;
	l->flags = ifi->ifi_flags;
	mnl_attr_parse(nlh, sizeof(*ifi), parse_attr, l);
}

static void got_link(const struct nlmsghdr *nlh, void *data)
{
	if (nlh->nlmsg_type == RTM_NEWLINK)
		parse(nlh, data);
}

/* By its name, or by another name it has (IFLA_ALT_IFNAME). */
static int get_by_name(const char *name, struct link *link)
{
	char buf[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = netlink_new(buf, RTM_GETLINK, 0, 0);
	size_t len = strlen(name);

	if (!len || len >= ALTIFNAMSIZ)
		return -ENODEV;
	mnl_attr_put_strz(nlh, len < IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME,
			  name);
	return netlink_talk(nlh, got_link, link);
}

/*
 * Find the if_tap interface @name in this network namespace. Return an exit
 * status: interfaces of other drivers are not for us to touch.
 */
int link_find(const char *name, struct link *link)
{
	char shown[ALTIFNAMSIZ];
	int err;

	snprintf(shown, sizeof(shown), "%s", name);
	printable(shown);
	err = get_by_name(name, link);
	if (err == -ENODEV) {
		if (module_major() < 0)
			return module_missing();
		return fail("%s: no such interface in this network namespace; "
			    "`tapctl list` shows those there are", shown);
	}
	if (err)
		return netlink_fail(err, "%s", shown);
	if (strcmp(link->type, TYPE))
		return fail("%s: not an if_tap interface (%s%s); "
			    "`tapctl list` shows those that are",
			    shown, link->type[0] ? "kind " : "no kind",
			    link->type);
	return 0;
}

/* Look again at the interface numbered @index. Return 0 or -errno. */
int link_again(int index, struct link *link)
{
	char buf[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));

	return netlink_talk(netlink_new(buf, RTM_GETLINK, 0, index), got_link,
			    link);
}

struct list {
	struct link *links;
	size_t count;
	bool nomem;
};

static void got_one_of_many(const struct nlmsghdr *nlh, void *data)
{
	struct list *list = data;
	struct link *more, link;

	if (nlh->nlmsg_type != RTM_NEWLINK || list->nomem)
		return;
	parse(nlh, &link);
	if (strcmp(link.type, TYPE))
		return;
	more = reallocarray(list->links, list->count + 1, sizeof(link));
	if (!more) {
		list->nomem = true;
		return;
	}
	list->links = more;
	list->links[list->count++] = link;
}

/*
 * All if_tap interfaces of this network namespace. The kernel is asked to
 * leave the others out, which it cannot do when it does not know the kind.
 */
static int list_once(struct list *list)
{
	char buf[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = netlink_new(buf, RTM_GETLINK, NLM_F_DUMP, 0);
	struct nlattr *info;

	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, TYPE);
	mnl_attr_nest_end(nlh, info);
	return netlink_talk(nlh, got_one_of_many, list);
}

/* Return an exit status; *links is the caller's to free. */
int link_list(struct link **links, size_t *count)
{
	struct list list = { 0 };
	int err, tries = 0;

	do {
		free(list.links);
		list = (struct list){ 0 };
		err = list_once(&list);
	} while (err == -EINTR && ++tries < LIST_TRIES);

	if (list.nomem) {
		free(list.links);
		return fail("list: %s", strerror(ENOMEM));
	}
	if (err && err != -EINTR) {
		free(list.links);
		return netlink_fail(err, "list");
	}
	*links = list.links;
	*count = list.count;
	return 0;
}

/* Who has an open interface open, as "pid 4242 (qemu-system-x86)". */
const char *link_opener(const struct link *link, char text[OPENER_STRLEN])
{
	if (!link->has_opener)
		snprintf(text, OPENER_STRLEN, "nobody: it is being closed");
	else if (!link->has_pid)
		snprintf(text, OPENER_STRLEN,
			 "a process that has exited (%s)", link->comm);
	else if (!link->pid)
		snprintf(text, OPENER_STRLEN,
			 "a process of another pid namespace (%s)", link->comm);
	else
		snprintf(text, OPENER_STRLEN, "pid %u (%s)", link->pid,
			 link->comm);
	return text;
}

static struct json_object *opener_json(const struct link *link)
{
	struct json_object *o;

	if (!link->open || !link->has_opener)
		return NULL;
	o = json_object_new_object();
	json_object_object_add(o, "pid", link->has_pid && link->pid ?
			       json_object_new_int64(link->pid) : NULL);
	json_object_object_add(o, "command",
			       json_object_new_string(link->comm));
	return o;
}

/* What `tapctl -j list` tells of each, and `tapctl -j show` begins with. */
struct json_object *link_json(const struct link *link)
{
	struct json_object *o = json_object_new_object();
	char mac[MAC_STRLEN];

	json_object_object_add(o, "name", json_object_new_string(link->name));
	json_object_object_add(o, "ifindex", json_object_new_int(link->index));
	json_object_object_add(o, "kind",
			       json_object_new_string(kind_word(link->kind)));
	json_object_object_add(o, "unit", link->numbered ?
			       json_object_new_int64(link->unit) : NULL);
	json_object_object_add(o, "open", json_object_new_boolean(link->open));
	json_object_object_add(o, "opener", opener_json(link));
	json_object_object_add(o, "mtu", json_object_new_int64(link->mtu));
	format_mac(link->address, mac);
	json_object_object_add(o, "address", json_object_new_string(mac));
	return o;
}
