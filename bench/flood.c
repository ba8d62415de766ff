// SPDX-License-Identifier: BSD-2-Clause
/*
 * Both sides at work at once, on two processors, for some time: what a frame
 * takes by the clock, how many system calls, and how often the program slept.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "bench.h"

/* How many frames the stack sends at a time, however it likes to. */
#define BURST 64

static atomic_bool stop;
static atomic_ulong frames_sent;

static void pin(unsigned int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		fail("processor %u: %s", cpu, strerror(errno));
}

/* How often the calling thread gave the processor up to wait. */
static unsigned long sleeps(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw;
}

static void *send_until_stopped(void *argument)
{
	struct sender *sender = argument;

	pin(0);
	while (!atomic_load(&stop)) {
		sender_send(sender, BURST);
		atomic_fetch_add(&frames_sent, BURST);
	}
	return NULL;
}

/* The stack sends, without a pause; the program takes what it can. */
void job_flood_out(const struct port *port)
{
	struct frame *frames = calloc(BATCH_MAX, sizeof(*frames));
	unsigned int most = port->single ? 1 : opt.batch, n;
	unsigned long got = 0, slept, sent, woken;
	uint64_t start, now, end;
	pthread_t thread;

	port->open();
	pthread_create(&thread, NULL, send_until_stopped,
		       sender_open(port_interface, BURST));
	pin(1);
	while (got < 2 * opt.batch)	/* until it flows */
		got += port->receive(frames, most);
	got = 0;
	syscalls = 0;
	slept = sleeps();
	woken = link_counter("ring_wakeups");
	sent = atomic_load(&frames_sent);
	start = clock_now();
	end = start + opt.ms * 1000000ull;
	while ((now = clock_now()) < end) {
		n = port->receive(frames, most);
		frames_touch(frames, n);
		got += n;
	}
	sent = atomic_load(&frames_sent) - sent;
	slept = sleeps() - slept;
	figure_print("ns", (double)(now - start) / got);
	figure_print("calls", (double)syscalls / got);
	figure_print("sleeps", (double)slept / got);
	figure_print("wakeups",
		     (double)(link_counter("ring_wakeups") - woken) / got);
	figure_print("lost", sent > got ? 1 - (double)got / sent : 0);
	exit(0);	/* the sender goes with the process */
}

/* The program sends; the clock stops when the stack has seen it all. */
void job_flood_in(const struct port *port)
{
	struct frame *frames = calloc(opt.batch, sizeof(*frames));
	unsigned long sent = 0, slept;
	uint64_t start, end;

	port->open();
	frames_make(frames, opt.batch);
	pin(1);
	port->send(frames, opt.batch);
	if (port->settle)
		port->settle();
	syscalls = 0;
	slept = sleeps();
	start = clock_now();
	end = start + opt.ms * 1000000ull;
	while (clock_now() < end) {
		port->send(frames, opt.batch);
		sent += opt.batch;
	}
	if (port->settle)
		port->settle();
	end = clock_now();
	figure_print("ns", (double)(end - start) / sent);
	figure_print("calls", (double)syscalls / sent);
	figure_print("sleeps", (double)(sleeps() - slept) / sent);
}
