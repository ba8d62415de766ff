// SPDX-License-Identifier: BSD-2-Clause
/*
 * usage: bench JOB PORT [NAME=NUMBER...]
 *
 * Measures one job on one port and prints lines "figure value low high". It
 * is for bench/run, which knows what to do with them. Needs root.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "bench.h"

struct options opt = {
	.size = 60, .batch = 64, .rounds = 40, .warmup = 6,
	.units = 1, .ms = 300,
};
char port_interface[16], port_receiver[16];
_Thread_local unsigned long syscalls;

static const struct {
	const char *name;
	void (*run)(const struct port *port);
} jobs[] = {
	{ "out", job_out },
	{ "in", job_in },
	{ "flood-out", job_flood_out },
	{ "flood-in", job_flood_in },
	{ "tcp-in", job_tcp_in },
	{ "tcp-out", job_tcp_out },
	{ "scale", job_scale },
};

static void set_option(const char *text)
{
	const char *value = strchr(text, '=');
	size_t len = value ? (size_t)(value - text) : 0;
	unsigned int number = value ? strtoul(value + 1, NULL, 0) : 0;

#define NUMBER(field)							\
	if (len == strlen(#field) && !strncmp(text, #field, len)) {	\
		opt.field = number;					\
		return;							\
	}
	NUMBER(size)
	NUMBER(batch)
	NUMBER(rounds)
	NUMBER(warmup)
	NUMBER(units)
	NUMBER(queues)
	NUMBER(ms)
	NUMBER(headers)
	NUMBER(gso)
#undef NUMBER
	fail("no option '%s'", text);
}

static const struct port *find_port(const char *name)
{
	unsigned int i;

	for (i = 0; ports[i]; i++)
		if (!strcmp(ports[i]->name, name))
			return ports[i];
	fail("no port '%s'", name);
}

int main(int argc, char **argv)
{
	const struct port *port;
	unsigned int i;
	int arg;

	if (argc < 3)
		fail("usage: bench JOB PORT [NAME=NUMBER...]");
	for (arg = 3; arg < argc; arg++)
		set_option(argv[arg]);
	if (!opt.batch || opt.batch > BATCH_MAX || opt.size > FRAME_MAX)
		fail("a batch of %u frames of %u bytes", opt.batch, opt.size);
	if (opt.gso)
		opt.headers = true;
	/* A page of the program that is read from a file stops the clock. */
	mlockall(MCL_CURRENT);
	port = find_port(argv[2]);
	for (i = 0; i < sizeof(jobs) / sizeof(*jobs); i++) {
		if (strcmp(jobs[i].name, argv[1]))
			continue;
		jobs[i].run(port);
		return 0;
	}
	fail("no job '%s'", argv[1]);
}
