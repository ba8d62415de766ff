// SPDX-License-Identifier: BSD-2-Clause
/*
 * The interface's counters, the ones that `ethtool -S` shows, by the same call.
 */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "private.h"

static int ethtool(int sock, const char *name, void *command)
{
	struct ifreq ifr = { 0 };

	memcpy(ifr.ifr_name, name, sizeof(ifr.ifr_name));
	ifr.ifr_data = command;
	return ioctl(sock, SIOCETHTOOL, &ifr) < 0 ? -errno : 0;
}

/* How many counters there are, or a negative error number. */
static int count(int sock, const char *name)
{
	union {
		struct ethtool_sset_info info;
		uint32_t words[sizeof(struct ethtool_sset_info) / 4 + 1];
	} get = {
		.info.cmd = ETHTOOL_GSSET_INFO,
		.info.sset_mask = 1ull << ETH_SS_STATS,
	};
	int err = ethtool(sock, name, &get);

	if (err)
		return err;
	return get.info.sset_mask ? (int)get.info.data[0] : 0;
}

static int fetch(int sock, const char *name, unsigned int total,
		 struct iftap_stat *stats, unsigned int n)
{
	struct ethtool_gstrings *names;
	struct ethtool_stats *values;
	int err = -ENOMEM;
	unsigned int i;

	names = calloc(1, sizeof(*names) + total * ETH_GSTRING_LEN);
	values = calloc(1, sizeof(*values) + total * sizeof(uint64_t));
	if (!names || !values)
		goto out;
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = total;
	err = ethtool(sock, name, names);
	if (err)
		goto out;
	values->cmd = ETHTOOL_GSTATS;
	values->n_stats = total;
	err = ethtool(sock, name, values);
	if (err)
		goto out;
	for (i = 0; i < n && i < total; i++) {
		memcpy(stats[i].name, names->data + i * ETH_GSTRING_LEN,
		       sizeof(stats[i].name));
		stats[i].name[sizeof(stats[i].name) - 1] = '\0';
		stats[i].value = values->data[i];
	}
	err = total;
out:
	free(values);
	free(names);
	return err;
}

EXPORT int iftap_stats(struct iftap *t, struct iftap_stat *stats,
		       unsigned int n)
{
	struct handle *h = handle_of(t);
	int saved = errno, sock, err;

	err = iftap_refresh_name(h);
	if (err)
		goto out;
	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		sock = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	err = sock < 0 ? -errno : count(sock, h->name);
	if (err > 0)
		err = fetch(sock, h->name, err, stats, n);
	if (sock >= 0)
		close(sock);
out:
	errno = saved;
	return err;
}
