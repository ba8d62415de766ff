/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the library's files share. A handle is the public struct iftap, which
 * programs have the layout of in their inline code, followed by what only the
 * library knows.
 */
#ifndef IFTAP_PRIVATE_H
#define IFTAP_PRIVATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "iftap.h"

#define EXPORT __attribute__((visibility("default")))
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct mapping {
	void *at;
	size_t bytes;
};

struct handle {
	struct iftap t;
	int fd;
	bool nonblock;
	bool ring;
	bool batch;		/* the batch calls are worth trying */
	bool tun;		/* not an if_tap: only read() and write() */
	int vnethdr;		/* bytes before frames in read(), write() */
	char name[IF_NAMESIZE];
	struct mapping map[4];
	/* What the verbs find where there is no ring. */
	struct tapring_kernel no_kernel;
	struct tapring_user no_user;
};

static inline struct handle *handle_of(struct iftap *t)
{
	return (struct handle *)t;
}

/* tapring_kernel.state of a handle without a ring; the kernel has none such. */
#define NO_RING 0x80000000u

/* The interface's name as it is now, which may have changed. */
int iftap_refresh_name(struct handle *h);

#endif /* IFTAP_PRIVATE_H */
