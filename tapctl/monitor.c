// SPDX-License-Identifier: BSD-2-Clause
/*
 * tapctl monitor: what passes and what is lost, per second: in place on a
 * terminal, a line for each interval otherwise.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tapctl.h"

#define NSEC	1000000000ll

struct sample {
	struct timespec when;	/* CLOCK_MONOTONIC */
	struct link link;
	struct counter *counters;
	size_t count;
};

struct rates {
	double seconds;
	double in_frames, in_bits, out_frames, out_bits;
};

static long long nanoseconds(const struct timespec *t)
{
	return t->tv_sec * NSEC + t->tv_nsec;
}

/*
 * Return 0 or -errno. Counters are had by name; should that change just then,
 * the interface is asked again what it is called.
 */
static int sample_take(int index, struct sample *s)
{
	int err, tries = 0;

	do {
		err = link_again(index, &s->link);
		if (err)
			return err;
		err = counters_get(s->link.ifname, &s->counters, &s->count);
	} while (err == -ENODEV && ++tries < 3);
	clock_gettime(CLOCK_MONOTONIC, &s->when);
	return err;
}

static double per_second(uint64_t then, uint64_t now, double seconds)
{
	return now > then ? (now - then) / seconds : 0;
}

static struct rates compute(const struct sample *a, const struct sample *b)
{
	const struct rtnl_link_stats64 *then = &a->link.stats;
	const struct rtnl_link_stats64 *now = &b->link.stats;
	double s = (nanoseconds(&b->when) - nanoseconds(&a->when)) /
		   (double)NSEC;

	return (struct rates){
		.seconds = s,
		.in_frames = per_second(then->rx_packets, now->rx_packets, s),
		.in_bits = 8 * per_second(then->rx_bytes, now->rx_bytes, s),
		.out_frames = per_second(then->tx_packets, now->tx_packets, s),
		.out_bits = 8 * per_second(then->tx_bytes, now->tx_bytes, s),
	};
}

/*
 * A direction's counters are of frames that arrived, or else each a cause for
 * which frames did not. Others are not about frames.
 */
static bool is_loss(const char *name)
{
	if (strncmp(name, "rx_", 3) && strncmp(name, "tx_", 3))
		return false;
	return strcmp(name + 3, "packets") && strcmp(name + 3, "bytes");
}

/* Print the causes that cost frames in this interval. Return how many. */
static int print_losses(const struct sample *a, const struct sample *b,
			double seconds, const char *fmt)
{
	int printed = 0;
	size_t i;

	for (i = 0; i < b->count; i++) {
		const char *name = b->counters[i].name;
		double rate;

		if (!is_loss(name))
			continue;
		rate = per_second(counter_value(a->counters, a->count, name),
				  b->counters[i].value, seconds);
		if (!rate)
			continue;
		printf(fmt, name, rate);
		printed++;
	}
	return printed;
}

static void print_line(const struct sample *a, const struct sample *b)
{
	struct rates r = compute(a, b);
	time_t now = time(NULL);
	char clock[16];
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	printf("%s %s in %.0f frames/s %.0f bit/s out %.0f frames/s %.0f bit/s",
	       clock, b->link.name, r.in_frames, r.in_bits, r.out_frames,
	       r.out_bits);
	print_losses(a, b, r.seconds, " %s %.1f/s");
	putchar('\n');
}

/* Return how many lines there are to go up again. */
static int print_block(const struct sample *a, const struct sample *b,
		       int lines)
{
	struct rates r = compute(a, b);

	if (lines)
		printf("\033[%dA\033[J", lines);
	printf("%s, over %.1f s\n", b->link.name, r.seconds);
	printf("  in   %12.0f frames/s  %14.0f bit/s\n", r.in_frames,
	       r.in_bits);
	printf("  out  %12.0f frames/s  %14.0f bit/s\n", r.out_frames,
	       r.out_bits);
	printf("  waiting %9u frames\n", b->link.queued);
	return 4 + print_losses(a, b, r.seconds, "  lost to %-16s %12.1f/s\n");
}

/* Can the cursor be moved where the output goes? */
static bool in_place(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb");
}

/* Return false if there is no going on. */
static bool wait_until(long long when)
{
	while (!interrupted()) {
		struct timespec now, left;
		long long ns;

		clock_gettime(CLOCK_MONOTONIC, &now);
		ns = when - nanoseconds(&now);
		if (ns <= 0)
			return true;
		left.tv_sec = ns / NSEC;
		left.tv_nsec = ns % NSEC;
		interrupt_poll(NULL, 0, &left);
	}
	return false;
}

static int gone(const char *name, int err)
{
	if (err == -ENODEV || err == -EOPNOTSUPP)
		return fail("%s: the interface has gone", name);
	return fail("%s: its counters cannot be read: %s; try again", name,
		    strerror(-err));
}

static int monitor(const struct link *link, long long interval, uint32_t count)
{
	struct sample then = { 0 }, now = { 0 };
	bool redraw = in_place();
	char name[IFNAMSIZ];
	long long next;
	int lines = 0;
	int err;

	strcpy(name, link->name);
	err = sample_take(link->index, &then);
	if (err)
		return gone(name, err);
	next = nanoseconds(&then.when) + interval;
	while (wait_until(next)) {
		next += interval;
		err = sample_take(link->index, &now);
		if (err)
			break;
		strcpy(name, now.link.name);
		if (redraw)
			lines = print_block(&then, &now, lines);
		else
			print_line(&then, &now);
		if (fflush(stdout))
			break;		/* main() tells */
		free(then.counters);
		then = now;
		now.counters = NULL;
		if (count && !--count)
			break;
	}
	free(now.counters);
	free(then.counters);
	return err ? gone(name, err) : EXIT_SUCCESS;
}

/* Seconds, with a fraction, to nanoseconds: 0.01 s to a day. */
static bool parse_interval(const char *word, long long *interval)
{
	double seconds;
	char *end;

	if (!*word || word[strspn(word, "0123456789.")])
		return false;
	seconds = strtod(word, &end);
	if (*end || seconds < 0.01 || seconds > 86400)
		return false;
	*interval = seconds * NSEC;
	return true;
}

int monitor_main(int argc, char *argv[])
{
	long long interval = NSEC;
	uint32_t count = 0;
	struct link link;
	int i, status;

	if (argc < 2)
		return name_missing("monitor");
	for (i = 2; i < argc; i += 2) {
		bool is_interval = !strcmp(argv[i], "interval");

		if (!is_interval && strcmp(argv[i], "count"))
			return usage_fail("monitor", "%s: no such setting",
					  argv[i]);
		if (i + 1 == argc)
			return usage_fail("monitor", "%s: its value is missing",
					  argv[i]);
		if (is_interval && !parse_interval(argv[i + 1], &interval))
			return usage_fail("monitor",
					  "interval (%s): not 0.01 to 86400 seconds",
					  argv[i + 1]);
		if (!is_interval &&
		    !parse_uint(argv[i + 1], 1, UINT32_MAX, &count))
			return usage_fail("monitor",
					  "count (%s): not a number of times",
					  argv[i + 1]);
	}
	status = link_find(argv[1], &link);
	if (status)
		return status;
	interrupt_catch();
	return monitor(&link, interval, count);
}
