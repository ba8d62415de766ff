// SPDX-License-Identifier: BSD-2-Clause
/*
 * Many units at once, or many queues of one: what a frame costs when every
 * other is another one's, and what memory those take that do nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include "bench.h"

/* So many frames are on the way; the numbers of units go into it, or it into them. */
#define FRAMES	64
/* Queues of a unit, and how many more such units show what memory they take. */
#define QUEUES_MAX	8
#define IDLE	128

static double free_memory(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[128];
	double value = 0, sum = 0;

	if (!file)
		fail("no /proc/meminfo");
	/* What the kernel could give back at once is no unit's. */
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "MemFree: %lf", &value) == 1 ||
		    sscanf(line, "Cached: %lf", &value) == 1 ||
		    sscanf(line, "SReclaimable: %lf", &value) == 1 ||
		    sscanf(line, "Buffers: %lf", &value) == 1)
			sum += value * 1024;
	fclose(file);
	return sum;
}

/* From @have units to @want, and what each of them took. */
static void open_units(const struct port *port, struct sender **senders,
		       unsigned int have, unsigned int want)
{
	char name[32];
	double before;
	char (*names)[16] = calloc(want - have, sizeof(*names));
	unsigned int i;

	run("echo 3 >/proc/sys/vm/drop_caches");
	before = free_memory();
	for (i = have; i < want; i++) {
		port->open();
		memcpy(names[i - have], port_interface, sizeof(*names));
	}
	run("echo 3 >/proc/sys/vm/drop_caches");
	if (have) {	/* the first pays for what all share */
		snprintf(name, sizeof(name), "memory@%u", want);
		figure_print(name, (before - free_memory()) / (want - have));
	}
	for (i = have; i < want; i++)
		senders[i] = sender_open(names[i - have], 1);
	free(names);
}

/*
 * Some units have their turn: a frame for each, and again until FRAMES are on
 * the way, which the program takes, and then sends as many. So the number that
 * wait is the same for any number of units.
 */
static void go_round(const struct port *port, struct sender **senders,
		     unsigned int first, unsigned int n,
		     const struct frame *frame, uint64_t *sums)
{
	unsigned int turns = FRAMES / n, turn, i;
	struct frame taken;
	uint64_t t[4];

	t[0] = clock_now();
	for (turn = 0; turn < turns; turn++)
		for (i = first; i < first + n; i++)
			sender_send(senders[i], 1);
	t[1] = clock_now();
	for (turn = 0; turn < turns; turn++)
		for (i = first; i < first + n; i++) {
			port->choose(i);
			port->receive(&taken, 1);
		}
	t[2] = clock_now();
	for (turn = 0; turn < turns; turn++)
		for (i = first; i < first + n; i++) {
			port->choose(i);
			port->send(frame, 1);
		}
	t[3] = clock_now();
	for (i = 0; i < 3; i++)
		sums[i] += t[i + 1] - t[i];
}

static void measure(const struct port *port, struct sender **senders,
		    unsigned int units)
{
	static const char *const stages[] = { "send", "receive", "inbound" };
	unsigned int n = units < FRAMES ? units : FRAMES;
	double frames = units / n * FRAMES;
	unsigned int round, first, i;
	struct series series[3];
	struct frame frame;
	char names[3][32];

	frames_make(&frame, 1);
	for (i = 0; i < 3; i++) {
		snprintf(names[i], sizeof(names[i]), "%s@%u", stages[i], units);
		series_start(&series[i], names[i]);
	}
	for (round = 0; round < opt.warmup + opt.rounds; round++) {
		uint64_t sums[3] = { 0 };

		for (first = 0; first < units; first += n)
			go_round(port, senders, first, n, &frame, sums);
		for (i = 0; i < 3 && round >= opt.warmup; i++)
			series_add(&series[i], sums[i] / frames);
	}
	for (i = 0; i < 3; i++)
		series_print(&series[i]);
}

/* Frames of each priority get a queue of their own. */
static void queue_per_class(void)
{
	char map[64] = "", queues[64] = "";
	unsigned int i;

	for (i = 0; i < opt.queues; i++) {
		sprintf(map + strlen(map), " %u", i);
		sprintf(queues + strlen(queues), " 1@%u", i);
	}
	run("tc qdisc replace dev %s root mqprio num_tc %u map%s queues%s hw 0",
	    port_interface, opt.queues, map, queues);
}

/* One unit with many queues, and the memory of more of the same. */
static void scale_queues(const struct port *port)
{
	struct sender **senders = calloc(opt.queues, sizeof(*senders));
	unsigned int turn, i;
	double before;

	if (!port->choose || opt.queues > QUEUES_MAX || !senders)
		fail("%u queues of %s", opt.queues, port->name);
	for (i = 0; i < opt.queues; i++)
		port->open();
	if (opt.queues > 1)
		queue_per_class();
	for (i = 0; i < opt.queues; i++) {
		senders[i] = sender_open(port_interface, 1);
		sender_class(senders[i], i);
	}
	measure(port, senders, opt.queues);
	/* The first of them bring in what all use, the commands above all. */
	for (turn = 0; turn < 2; turn++) {
		run("echo 3 >/proc/sys/vm/drop_caches");
		before = free_memory();
		for (i = 0; i < IDLE * opt.queues; i++)
			port->open();
	}
	run("echo 3 >/proc/sys/vm/drop_caches");
	figure_print("memory", (before - free_memory()) / IDLE);
}

/*
 * It does not come to an end: thousands of interfaces take minutes to go. Who
 * has read "done" ends the machine.
 */
void job_scale(const struct port *port)
{
	static const unsigned int steps[] = { 1, 64, 1024, UNITS_MAX };
	struct sender **senders = calloc(UNITS_MAX, sizeof(*senders));
	struct rlimit files = { 2 * UNITS_MAX + 64, 2 * UNITS_MAX + 64 };
	unsigned int i, have = 0;

	setrlimit(RLIMIT_NOFILE, &files);
	if (opt.queues) {
		scale_queues(port);
		return;
	}
	if (!port->choose || opt.units > UNITS_MAX || !senders)
		fail("%u units of %s", opt.units, port->name);
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		if (steps[i] > opt.units)
			break;
		open_units(port, senders, have, steps[i]);
		have = steps[i];
		measure(port, senders, have);
	}
	figure_print("done", 1);
	fflush(stdout);
	pause();
}
