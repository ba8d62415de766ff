// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Reading the counters of a unit: one by one for ethtool(8), and added up as
 * the interface's statistics. Counting itself is inline, in counter.h.
 */
#include <linux/if_link.h>
#include "counter.h"

#define COUNTER_NAME(name, stat) [IFTAP_##name] = #name,
static const char * const names[] = { IFTAP_COUNTERS(COUNTER_NAME) };

u64 iftap_counter_sum(struct iftap_counters __percpu *counters,
		      enum iftap_counter which)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(counters, cpu)->value[which]);
	return sum;
}

const char *iftap_counter_name(enum iftap_counter which)
{
	return names[which];
}

void iftap_counter_stats64(struct iftap_counters __percpu *counters,
			   struct rtnl_link_stats64 *stats)
{
	u64 none = 0;

#define ADD_none(n)		(none += (n))
#define ADD_tx_packets(n)	(stats->tx_packets += (n))
#define ADD_tx_bytes(n)		(stats->tx_bytes += (n))
#define ADD_tx_dropped(n)	(stats->tx_dropped += (n))
#define ADD_rx_packets(n)	(stats->rx_packets += (n))
#define ADD_rx_bytes(n)		(stats->rx_bytes += (n))
#define ADD_rx_dropped(n)	(stats->rx_dropped += (n))
#define ADD_rx_errors(n)	(stats->rx_errors += (n))
#define COUNTER_ADD(name, stat)						\
	ADD_##stat(iftap_counter_sum(counters, IFTAP_##name));
	IFTAP_COUNTERS(COUNTER_ADD)

	stats->rx_length_errors = iftap_counter_sum(counters, IFTAP_rx_short) +
				  iftap_counter_sum(counters, IFTAP_rx_long);
}
