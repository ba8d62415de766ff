// SPDX-License-Identifier: BSD-2-Clause
/*
 * tapctl show: all there is to know about one interface, for people or as
 * JSON. The two have the same facts, and tapctl(8) describes both.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "tapctl.h"

static const struct {
	unsigned int bit;
	const char *word;
} flags[] = {
	{ IFF_UP, "up" },
	{ IFF_BROADCAST, "broadcast" },
	{ IFF_DEBUG, "debug" },
	{ IFF_LOOPBACK, "loopback" },
	{ IFF_POINTOPOINT, "pointopoint" },
	{ IFF_RUNNING, "running" },
	{ IFF_NOARP, "noarp" },
	{ IFF_PROMISC, "promisc" },
	{ IFF_ALLMULTI, "allmulti" },
	{ IFF_MULTICAST, "multicast" },
};

/* RFC 2863, in the order of IF_OPER_* */
static const char * const operstates[] = {
	"unknown", "notpresent", "down", "lowerlayerdown", "testing",
	"dormant", "up",
};

#define STAT(name) { #name, offsetof(struct rtnl_link_stats64, name) }
static const struct {
	const char *name;
	size_t offset;
} stats[] = {
	STAT(rx_packets),
	STAT(rx_bytes),
	STAT(rx_errors),
	STAT(rx_dropped),
	STAT(rx_length_errors),
	STAT(multicast),
	STAT(tx_packets),
	STAT(tx_bytes),
	STAT(tx_errors),
	STAT(tx_dropped),
};

static uint64_t stat_value(const struct link *link, size_t i)
{
	return *(const uint64_t *)((const char *)&link->stats +
				   stats[i].offset);
}

static const char *operstate(const struct link *link)
{
	return link->operstate < ARRAY_SIZE(operstates) ?
	       operstates[link->operstate] : "unknown";
}

/* The node that opens this unit, or NULL if it is not there. */
static const char *find_node(const struct link *link, char path[NODE_PATHLEN])
{
	int major = module_major();

	if (!link->numbered || major < 0)
		return NULL;
	node_path(link->kind, link->unit, path);
	return node_look(path, node_device(major, link->kind, link->unit)) ==
	       NODE_OURS ? path : NULL;
}

static void print_text(const struct link *link, const struct counter *counters,
		       size_t count)
{
	char mac[MAC_STRLEN], path[NODE_PATHLEN], opener[OPENER_STRLEN];
	const char *node = find_node(link, path);
	size_t i;

	printf("%s: %s", link->name, kind_word(link->kind));
	if (link->numbered)
		printf(" unit %u", link->unit);
	else
		printf(" without a number");
	printf(", %s\n", node ? node : "no node in /dev");
	if (link->open)
		printf("  Opened by %s\n", link_opener(link, opener));
	else
		puts("  Not open");
	printf("  address: %s\n", format_mac(link->address, mac));
	printf("  remote address: %s\n", format_mac(link->remote, mac));
	printf("  mtu: %u\n", link->mtu);
	printf("  flags:");
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (link->flags & flags[i].bit)
			printf(" %s", flags[i].word);
	printf("\n  state: %s, carrier %s\n", operstate(link),
	       link->carrier ? "on" : "off");
	printf("  transient: %s\n", link->transient ? "yes" : "no");
	if (link->baudrate > 0)
		printf("  baudrate: %d bit/s\n", link->baudrate);
	else
		puts("  baudrate: unknown");
	printf("  queues: %u\n", link->queues);
	printf("  queued: %u frames waiting, txqueuelen %u\n", link->queued,
	       link->txqueuelen);
	puts("  counters:");
	for (i = 0; i < count; i++)
		printf("    %s: %llu\n", counters[i].name,
		       (unsigned long long)counters[i].value);
	puts("  statistics:");
	for (i = 0; i < ARRAY_SIZE(stats); i++)
		printf("    %s: %llu\n", stats[i].name,
		       (unsigned long long)stat_value(link, i));
}

static struct json_object *flags_json(const struct link *link)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (link->flags & flags[i].bit)
			json_object_array_add(array,
				json_object_new_string(flags[i].word));
	return array;
}

static void add_string(struct json_object *o, const char *key, const char *text)
{
	json_object_object_add(o, key,
			       text ? json_object_new_string(text) : NULL);
}

static void print_json(const struct link *link, const struct counter *counters,
		       size_t count)
{
	struct json_object *o = link_json(link), *table;
	char mac[MAC_STRLEN], path[NODE_PATHLEN];
	size_t i;

	add_string(o, "node", find_node(link, path));
	add_string(o, "remote_address", format_mac(link->remote, mac));
	json_object_object_add(o, "flags", flags_json(link));
	add_string(o, "operstate", operstate(link));
	json_object_object_add(o, "carrier",
			       json_object_new_boolean(link->carrier));
	json_object_object_add(o, "transient",
			       json_object_new_boolean(link->transient));
	json_object_object_add(o, "baudrate", link->baudrate > 0 ?
			       json_object_new_int(link->baudrate) : NULL);
	json_object_object_add(o, "queues",
			       json_object_new_int64(link->queues));
	json_object_object_add(o, "queued",
			       json_object_new_int64(link->queued));
	json_object_object_add(o, "txqueuelen",
			       json_object_new_int64(link->txqueuelen));
	table = json_object_new_object();
	for (i = 0; i < count; i++)
		json_object_object_add(table, counters[i].name,
			json_object_new_uint64(counters[i].value));
	json_object_object_add(o, "counters", table);
	table = json_object_new_object();
	for (i = 0; i < ARRAY_SIZE(stats); i++)
		json_object_object_add(table, stats[i].name,
			json_object_new_uint64(stat_value(link, i)));
	json_object_object_add(o, "statistics", table);
	puts(json_object_to_json_string_ext(o, JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}

int show_main(int argc, char *argv[])
{
	struct counter *counters;
	struct link link;
	size_t count;
	int err;

	if (argc < 2)
		return name_missing("show");
	if (argc > 2)
		return usage_fail("show", "%s: one word too many", argv[2]);
	err = link_find(argv[1], &link);
	if (err)
		return err;
	err = counters_get(link.ifname, &counters, &count);
	if (err)
		return fail("%s: its counters cannot be read: %s; try again",
			    link.name, strerror(-err));
	if (json_wanted)
		print_json(&link, counters, count);
	else
		print_text(&link, counters, count);
	free(counters);
	return EXIT_SUCCESS;
}
