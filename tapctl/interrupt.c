// SPDX-License-Identifier: BSD-2-Clause
/*
 * SIGINT and SIGTERM as a wish to end, for the commands that would go on for
 * ever. They are let through only while waiting, so none comes unnoticed
 * between looking and waiting.
 */
#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "tapctl.h"

static volatile sig_atomic_t seen;
static sigset_t before;

static void handle(int sig)
{
	(void)sig;
	seen = 1;
}

void interrupt_catch(void)
{
	struct sigaction action = { .sa_handler = handle };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &before);
	sigdelset(&before, SIGINT);
	sigdelset(&before, SIGTERM);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool interrupted(void)
{
	return seen;
}

/* poll(2) that a signal ends early; that is not an error. */
int interrupt_poll(struct pollfd *fds, nfds_t n, const struct timespec *wait)
{
	int ready = ppoll(fds, n, wait, &before);

	return ready < 0 ? -errno : ready;
}
