// SPDX-License-Identifier: BSD-2-Clause
/*
 * The counters that `ethtool -S` shows. Their names are the module's: what it
 * counts is told by if_tap(4), and one it learns to count is shown unasked.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "tapctl.h"

static int ethtool(int sock, const char *ifname, void *command)
{
	struct ifreq ifr = { .ifr_data = command };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	return ioctl(sock, SIOCETHTOOL, &ifr) ? -errno : 0;
}

static int get_count(int sock, const char *ifname, uint32_t *count)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	int err = ethtool(sock, ifname, &info);

	*count = info.n_stats;
	return err;
}

static int get_all(int sock, const char *ifname, struct counter **counters,
		   uint32_t count)
{
	struct ethtool_gstrings *names;
	struct ethtool_stats *values;
	uint32_t i;
	int err;

	names = calloc(1, sizeof(*names) + (size_t)count * ETH_GSTRING_LEN);
	values = calloc(1, sizeof(*values) + count * sizeof(values->data[0]));
	*counters = calloc(count, sizeof(**counters));
	err = -ENOMEM;
	if (!names || !values || !*counters)
		goto out_free;
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = count;
	err = ethtool(sock, ifname, names);
	if (err)
		goto out_free;
	values->cmd = ETHTOOL_GSTATS;
	values->n_stats = count;
	err = ethtool(sock, ifname, values);
	if (err)
		goto out_free;

	for (i = 0; i < count; i++) {
		snprintf((*counters)[i].name, sizeof((*counters)[i].name),
			 "%.*s", ETH_GSTRING_LEN - 1,
			 (char *)names->data + i * ETH_GSTRING_LEN);
		(*counters)[i].value = values->data[i];
	}
out_free:
	if (err) {
		free(*counters);
		*counters = NULL;
	}
	free(values);
	free(names);
	return err;
}

/* Return 0 or -errno; *counters is the caller's to free, NULL if none. */
int counters_get(const char *ifname, struct counter **counters, size_t *count)
{
	uint32_t n = 0;
	int sock, err;

	*counters = NULL;
	*count = 0;
	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return -errno;
	err = get_count(sock, ifname, &n);
	if (!err && n)
		err = get_all(sock, ifname, counters, n);
	if (!err)
		*count = n;
	close(sock);
	return err;
}

/* 0 for a name the module does not count under. */
uint64_t counter_value(const struct counter *counters, size_t count,
		       const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(counters[i].name, name))
			return counters[i].value;
	return 0;
}
