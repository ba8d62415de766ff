/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes one system call on a descriptor it inherits, for tests that show that
 * 32-bit programs can: an ioctl of <net/if_tap.h> by name, read or write.
 *
 *	ioctl FD NAME [HEX | =NUMBER]
 *	ioctl FD read LENGTH
 *	ioctl FD write HEX
 *
 * HEX is what the argument points to, =NUMBER the argument itself. The answer
 * is a line: what the call returned and, in hex, what the argument points to
 * afterwards; or "errno N".
 */
#include <errno.h>
#include <net/if_tap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	unsigned long number;
} commands[] = {
#define COMMAND(name) { #name, name }
	COMMAND(TAPGDEBUG),	COMMAND(TAPSDEBUG),
	COMMAND(TAPSIFINFO),	COMMAND(TAPGIFINFO),
	COMMAND(TAPGIFNAME),	COMMAND(VMIO_SIOCSIFFLAGS),
	COMMAND(TAPSTRANSIENT),	COMMAND(TAPGTRANSIENT),
	COMMAND(SIOCGIFFLAGS),	COMMAND(SIOCGIFADDR),
	COMMAND(SIOCSIFADDR),	COMMAND(FIONREAD),
	COMMAND(FIONBIO),	COMMAND(FIOASYNC),
	COMMAND(FIOSETOWN),	COMMAND(FIOGETOWN),
	COMMAND(TIOCSPGRP),	COMMAND(TIOCGPGRP),
};

static unsigned char buffer[20000];

static size_t from_hex(const char *hex)
{
	size_t n = 0;
	unsigned int byte;

	for (; sscanf(hex, "%2x", &byte) == 1 && n < sizeof(buffer); hex += 2)
		buffer[n++] = byte;
	return n;
}

static int answer(long result, size_t len)
{
	size_t i;

	if (result < 0) {
		printf("errno %d\n", errno);
		return 0;
	}
	printf("%ld ", result);
	for (i = 0; i < len; i++)
		printf("%02x", buffer[i]);
	putchar('\n');
	return 0;
}

int main(int argc, char *argv[])
{
	const char *argument = argc > 3 ? argv[3] : "";
	unsigned long number = 0;
	size_t i, len;
	void *pointer = buffer;
	ssize_t n;
	int fd;

	if (argc < 3)
		return 2;
	fd = atoi(argv[1]);
	if (!strcmp(argv[2], "read")) {
		n = read(fd, buffer, atoi(argument));
		return answer(n, n > 0 ? n : 0);
	}
	len = from_hex(argument);
	if (!strcmp(argv[2], "write"))
		return answer(write(fd, buffer, len), 0);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[2], commands[i].name))
			number = commands[i].number;
	if (!number)
		number = strtoul(argv[2], NULL, 0);
	if (!number)
		return 2;
	if (argument[0] == '=') {
		pointer = (void *)strtoul(argument + 1, NULL, 0);
		len = 0;
	}
	return answer(ioctl(fd, number, pointer), len);
}
