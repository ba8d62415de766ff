// SPDX-License-Identifier: BSD-2-Clause
/*
 * tapctl: look after the interfaces of if_tap(4). Here is the table of
 * commands, and everything that is generated from it; what a command does is
 * in the file of its name.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tapctl.h"

static int help_main(int argc, char *argv[]);

static const struct command {
	const char *name;
	int (*function)(int argc, char *argv[]);
	const char *description;
	const char *usage;	/* the words after its name */
	bool json;		/* takes -j */
} commands[] = {
	{ "list", list_main,
	  "Show the taps of this network namespace, one a line",
	  "", true },
	{ "show", show_main,
	  "Show all about one: who has it open, its settings, its counters",
	  "NAME", true },
	{ "create", create_main,
	  "Make an interface, and its node in /dev if there is none",
	  "NAME [kind tap|vmnet] [mtu BYTES] [address MAC] [queues N]", false },
	{ "destroy", destroy_main,
	  "Remove an interface, and its node unless it is the module's own",
	  "NAME", false },
	{ "set", set_main,
	  "Change settings, also while a program has the interface open",
	  "NAME {mtu BYTES | address MAC | txqueuelen FRAMES | "
	  "baudrate BITS | transient yes|no | debug LEVEL} ...", false },
	{ "dump", dump_main,
	  "Show the frames that pass, or write them to a pcap file",
	  "NAME [-w FILE] [-c COUNT] [FILTER ...]", false },
	{ "send", send_main,
	  "Give the frames of a pcap file to the stack, as received",
	  "NAME FILE", false },
	{ "monitor", monitor_main,
	  "Show frames, bits and losses per second",
	  "NAME [interval SECONDS] [count N]", false },
	{ "help", help_main,
	  "Explain a command, or list them all",
	  "[COMMAND]", false },
};

bool json_wanted;

static void vprint_error(const char *fmt, va_list args)
{
	int err = errno;	/* for %m */

	fflush(stdout);
	fputs("tapctl: ", stderr);
	errno = err;
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

int fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprint_error(fmt, args);
	va_end(args);
	return EXIT_FAILURE;
}

static const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static void print_usage(FILE *to, const struct command *command)
{
	fprintf(to, "usage: tapctl %s%s%s%s\n", command->json ? "[-j] " : "",
		command->name, *command->usage ? " " : "", command->usage);
}

int usage_fail(const char *name, const char *fmt, ...)
{
	const struct command *command = command_find(name);
	va_list args;

	va_start(args, fmt);
	vprint_error(fmt, args);
	va_end(args);
	if (command)
		print_usage(stderr, command);
	return EXIT_USAGE;
}

int name_missing(const char *command)
{
	return usage_fail(command, "%s: the name of an interface is missing; "
			  "`tapctl list` shows those there are", command);
}

static void print_help(const struct command *command)
{
	print_usage(stdout, command);
	printf("\n%s.\n\ntapctl(8) has the details.\n", command->description);
}

static void print_all_help(void)
{
	size_t i;

	puts("usage: tapctl [-j] [COMMAND [WORD ...]]\n\n"
	     "Without a command, list. Commands:");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-8s  %s\n", commands[i].name,
		       commands[i].description);
	puts("\n-j, before list or show, gives JSON.\n"
	     "`tapctl help COMMAND` tells a command's words, tapctl(8) all else.");
}

static int help_main(int argc, char *argv[])
{
	const struct command *command;

	if (argc > 2)
		return usage_fail("help", "%s: one word too many", argv[2]);
	if (argc == 1) {
		print_all_help();
		return EXIT_SUCCESS;
	}
	command = command_find(argv[1]);
	if (!command)
		return usage_fail("help", "%s: no such command; `tapctl help` lists them",
				  argv[1]);
	print_help(command);
	return EXIT_SUCCESS;
}

static int run(int argc, char *argv[])
{
	static char list[] = "list";
	static char *default_argv[] = { list, NULL };
	const struct command *command;

	if (argc > 0 && !strcmp(argv[0], "-j")) {
		json_wanted = true;
		argc--;
		argv++;
	}
	if (argc == 0) {
		argc = 1;
		argv = default_argv;
	}
	if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h")) {
		print_all_help();
		return EXIT_SUCCESS;
	}
	if (!strcmp(argv[0], "--version")) {
		puts("tapctl " VERSION);
		return EXIT_SUCCESS;
	}
	command = command_find(argv[0]);
	if (!command)
		return usage_fail("", "%s: no such command; `tapctl help` lists them",
				  argv[0]);
	if (argc > 1 && !strcmp(argv[1], "--help")) {
		print_help(command);
		return EXIT_SUCCESS;
	}
	if (json_wanted && !command->json)
		return usage_fail(argv[0], "-j: %s has no JSON form; list and show do",
				  argv[0]);
	return command->function(argc, argv);
}

int main(int argc, char *argv[])
{
	int status = run(argc > 0 ? argc - 1 : 0, argv + 1);

	/* What did not reach the reader is not an answer. */
	if (fflush(stdout) || ferror(stdout))
		return fail("standard output: %m; the answer is not complete");
	return status;
}
