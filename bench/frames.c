// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a frame costs, each stage by itself, in alternation: send a batch, stop
 * the clock, take the batch. With one CPU that is exact.
 */
#include <stdlib.h>
#include "bench.h"

/*
 * Outbound. A driver may do its work while the stack sends or while the
 * program receives, so neither figure says much without the other.
 */
void job_out(const struct port *port)
{
	struct series sending, receiving, calls;
	struct frame *frames = calloc(BATCH_MAX, sizeof(*frames));
	uint64_t start, sent, end, paused;
	unsigned int round, got, n, lost = 0;
	struct sender *sender;

	port->open();
	sender = sender_open(port_interface, opt.batch);
	series_start(&sending, "send");
	series_start(&receiving, "receive");
	series_start(&calls, "calls");
	for (round = 0; round < opt.warmup + opt.rounds; round++) {
		syscalls = 0;
		start = clock_now();
		sender_send(sender, opt.batch);
		sent = clock_now();
		for (got = 0; port->receive && got < opt.batch; got += n) {
			if (port->ready) {
				paused = clock_now();
				port->ready();
				paused = clock_now() - paused;
				start += paused;
				sent += paused;
			}
			n = port->receive(frames, opt.batch - got);
			frames_touch(frames, n);
			if (!n)
				break;
		}
		end = clock_now();
		if (port->receive && got < opt.batch) {
			if (++lost > opt.rounds)
				fail("frames get lost round after round");
			round--;
			continue;
		}
		if (round < opt.warmup)
			continue;
		series_add(&sending, (double)(sent - start) / opt.batch);
		series_add(&receiving, (double)(end - sent) / opt.batch);
		series_add(&calls, (double)syscalls / opt.batch);
	}
	series_print(&sending);
	if (!port->receive)
		return;
	series_print(&receiving);
	series_print(&calls);
}

/* Inbound. */
void job_in(const struct port *port)
{
	struct frame *frames = calloc(opt.batch, sizeof(*frames));
	struct series sending, calls;
	uint64_t start, end;
	unsigned int round;

	port->open();
	frames_make(frames, opt.batch);
	series_start(&sending, "send");
	series_start(&calls, "calls");
	for (round = 0; round < opt.warmup + opt.rounds; round++) {
		syscalls = 0;
		start = clock_now();
		port->send(frames, opt.batch);
		if (port->settle)
			port->settle();
		end = clock_now();
		if (round < opt.warmup)
			continue;
		series_add(&sending, (double)(end - start) / opt.batch);
		series_add(&calls, (double)syscalls / opt.batch);
	}
	series_print(&sending);
	series_print(&calls);
}
