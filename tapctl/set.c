// SPDX-License-Identifier: BSD-2-Clause
/*
 * tapctl set: settings, by pairs of words. They go through rtnetlink, so that
 * it does not matter who has the unit open; nothing here opens a unit, for
 * closing a tap would take it down.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "tapctl.h"

#define DEBUG_SYSCTL	"/proc/sys/debug/if_tap_debug"

struct setting;

struct pair {
	const struct setting *setting;
	const char *value;
	uint32_t number;
	uint8_t mac[ETH_ALEN];
};

struct setting {
	const char *word;
	bool (*parse)(struct pair *pair);
	const char *takes;	/* what its value can be */
	int (*apply)(const struct link *link, const struct pair *pair);
	uint16_t attr;
};

/* Parsing */

static bool is_number(struct pair *pair)
{
	return parse_uint(pair->value, 0, INT32_MAX, &pair->number);
}

static bool is_mac(struct pair *pair)
{
	return parse_mac(pair->value, pair->mac);
}

static bool is_yes_or_no(struct pair *pair)
{
	pair->number = !strcmp(pair->value, "yes");
	return pair->number || !strcmp(pair->value, "no");
}

/* Applying: return an exit status */

static int talk(const struct link *link, const struct pair *pair,
		struct nlmsghdr *nlh)
{
	int err = netlink_talk(nlh, NULL, NULL);

	return err ? netlink_fail(err, "%s (%s %s)", link->name,
				  pair->setting->word, pair->value) : 0;
}

static int apply_u32(const struct link *link, const struct pair *pair)
{
	char buf[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = netlink_new(buf, RTM_NEWLINK, 0, link->index);

	mnl_attr_put_u32(nlh, pair->setting->attr, pair->number);
	return talk(link, pair, nlh);
}

static int apply_mac(const struct link *link, const struct pair *pair)
{
	char buf[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = netlink_new(buf, RTM_NEWLINK, 0, link->index);

	mnl_attr_put(nlh, pair->setting->attr, ETH_ALEN, pair->mac);
	return talk(link, pair, nlh);
}

/* The module's own attributes: baudrate is an s32, transient a u8. */
static int apply_own(const struct link *link, const struct pair *pair)
{
	char buf[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = netlink_new(buf, RTM_NEWLINK, 0, link->index);
	struct nlattr *info, *data;

	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "if_tap");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	if (pair->setting->attr == IFLA_IFTAP_TRANSIENT)
		mnl_attr_put_u8(nlh, pair->setting->attr, pair->number);
	else
		mnl_attr_put_u32(nlh, pair->setting->attr, pair->number);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	return talk(link, pair, nlh);
}

static int apply_debug(const struct link *link, const struct pair *pair)
{
	int fd = open(DEBUG_SYSCTL, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0 || dprintf(fd, "%u\n", pair->number) < 0)
		err = errno;
	if (fd >= 0)
		close(fd);
	if (err)
		return fail("%s (debug %s): %s: %s; run it as root", link->name,
			    pair->value, DEBUG_SYSCTL, strerror(err));
	printf("debug: %u for every interface, the module has one level\n",
	       pair->number);
	return 0;
}

static const struct setting settings[] = {
	{ "mtu", is_number, "bytes, as 1500", apply_u32, IFLA_MTU },
	{ "address", is_mac, "a MAC address, as 02:00:00:00:00:01", apply_mac,
	  IFLA_ADDRESS },
	{ "txqueuelen", is_number, "frames, as 1000", apply_u32, IFLA_TXQLEN },
	{ "baudrate", is_number, "bit/s up to 2147483647, 0 for unknown",
	  apply_own, IFLA_IFTAP_BAUDRATE },
	{ "transient", is_yes_or_no, "yes or no", apply_own,
	  IFLA_IFTAP_TRANSIENT },
	{ "debug", is_number, "a level, 0 to be silent", apply_debug, 0 },
};

static int parse_pair(struct pair *pair, const char *word, const char *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (strcmp(settings[i].word, word))
			continue;
		if (!value)
			return usage_fail("set",
					  "%s: its value is missing; it takes %s",
					  word, settings[i].takes);
		pair->setting = &settings[i];
		pair->value = value;
		if (!pair->setting->parse(pair))
			return usage_fail("set", "%s (%s): not a value; it takes %s",
					  word, value, pair->setting->takes);
		return 0;
	}
	return usage_fail("set", "%s: no such setting", word);
}

int set_main(int argc, char *argv[])
{
	/* One more than there are settings is one that is there already. */
	struct pair pairs[ARRAY_SIZE(settings) + 1] = { 0 };
	struct link link;
	size_t count = 0, i;
	int status, a;

	if (argc < 2)
		return name_missing("set");
	if (argc < 3)
		return usage_fail("set", "%s: what to set is missing",
				  argv[1]);
	for (a = 2; a < argc; a += 2) {
		status = parse_pair(&pairs[count], argv[a], argv[a + 1]);
		if (status)
			return status;
		for (i = 0; i < count; i++)
			if (pairs[i].setting == pairs[count].setting)
				return usage_fail("set",
						  "%s (%s): it was %s before; say it once",
						  argv[a], argv[a + 1],
						  pairs[i].value);
		count++;
	}

	status = link_find(argv[1], &link);
	for (i = 0; !status && i < count; i++)
		status = pairs[i].setting->apply(&link, &pairs[i]);
	return status;
}
