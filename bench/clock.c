// SPDX-License-Identifier: BSD-2-Clause
/*
 * The clock. IFTAP_BENCH_CLOCK says which:
 *
 *	tsc	the time stamp counter: instructions, on an emulated CPU that
 *		counts one a nanosecond
 *	perf	instructions of this thread, from the processor's own counter
 *	ns	nanoseconds (default)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include "bench.h"

static uint64_t read_tsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static uint64_t read_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* Each thread counts its own, kernel included. */
static uint64_t read_perf(void)
{
	static _Thread_local int fd = -1;
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE, .size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS, .exclude_hv = 1,
	};
	uint64_t value;

	if (fd < 0)
		fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	if (fd < 0)
		fail("no counter of instructions: %s", strerror(errno));
	if (read(fd, &value, sizeof(value)) != sizeof(value))
		fail("counter of instructions: %s", strerror(errno));
	return value;
}

uint64_t clock_now(void)
{
	static uint64_t (*clock)(void);
	const char *name;

	if (!clock) {
		name = getenv("IFTAP_BENCH_CLOCK");
		clock = !name ? read_ns :
			!strcmp(name, "tsc") ? read_tsc :
			!strcmp(name, "perf") ? read_perf : read_ns;
	}
	return clock();
}
