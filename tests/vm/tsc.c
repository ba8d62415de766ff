// SPDX-License-Identifier: BSD-2-Clause
/*
 * Prints how many thousands of ticks a second this machine's time stamp
 * counter makes. QEMU shows a guest the same counter, but a guest that finds
 * its rate out by itself while the machine is busy may be wrong by a factor,
 * and then so is its clock.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct sample {
	uint64_t ticks;
	int64_t ns;
};

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

/* The best of many: the one between whose two looks at the clock least went by. */
static struct sample sample(void)
{
	struct sample best = { 0 };
	int64_t before, after, least = INT64_MAX;
	uint64_t ticks;
	int i;

	for (i = 0; i < 1000; i++) {
		before = now();
		ticks = __rdtsc();
		after = now();
		if (after - before < least) {
			least = after - before;
			best.ticks = ticks;
			best.ns = before + (after - before) / 2;
		}
	}
	return best;
}

int main(void)
{
	const struct timespec nap = { .tv_nsec = 100000000 };
	struct sample first, last;

	first = sample();
	nanosleep(&nap, NULL);
	last = sample();
	printf("%.0f\n", (double)(last.ticks - first.ticks) * 1e6 /
			 (double)(last.ns - first.ns));
	return 0;
}
