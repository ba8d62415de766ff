/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel that the library's tests play: the system calls the library makes
 * on a tap come here (-Wl,--wrap), and the ring's other side is played by the
 * functions below, with the kernel's own arithmetic and its order of barriers.
 *
 * One tap at a time. "The kernel" may be a thread of its own.
 */
#ifndef LIB_FAKE_H
#define LIB_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <iftap.h>

struct fake {
	int fd;			/* what the library has as the tap */
	char path[64];		/* what it opened */
	int open_flags;

	/* What the tap does; set before opening. */
	bool tun;		/* be Linux's tun instead */
	bool no_ring;		/* ENOTTY for TAPSRING */
	bool no_batch;		/* ENOTTY for the batch calls */
	int vnethdr;
	int fail_at;		/* the nth system call fails, from 1; 0: none */
	int fail_with;		/* with this */

	/* What it was told. */
	int calls;		/* system calls on it */
	int mapped;		/* mappings now */
	int doorbells;
	int polls;
	struct tapring want;
	unsigned int offload;
	int queue;
	unsigned int batch_calls;
	unsigned int batch_flags;

	/* The ring, as the kernel sees it. */
	struct tapring_kernel *kernel;
	struct tapring_user *user;
	unsigned char *out, *in;
	uint64_t out_producer, out_published, out_consumer, in_consumer;
	bool broken;
	int wake;		/* eventfd: poll() sleeps on it */
	uint32_t armed;
	bool manual;		/* the doorbell goes to bell, and no further */
	int bell;		/* eventfd, blocking */

	/* Frames that wait for read() and TAPRECVBATCH, and that were sent. */
	struct {
		unsigned char bytes[256];
		uint32_t len;
		struct tapoffload hdr;
	} queue_out[256], sent[256];
	unsigned int nout, nsent;
	uint64_t sent_ring;	/* frames taken from the inbound ring */
	void (*taken)(const struct taprecord *record,
		      const unsigned char *bytes);
};

extern struct fake fake;

/* A tap that does everything; nothing of an earlier one is left. */
void fake_reset(void);

/* Put a frame into the outbound ring; false: there is no room. */
bool fake_put(const void *bytes, uint32_t len, const struct tapoffload *hdr);
/* Let the program see it, and wake it. */
void fake_publish(void);
/* Take what is in the inbound ring; false: it is broken. */
bool fake_take(void);
/* Set in_need_wakeup and look again: true if it is time to sleep. */
bool fake_sleepy(void);
/* Stop the queue if there is no room for @bytes. */
bool fake_stop(uint64_t bytes);

/* Descriptors this process has open. */
int fake_descriptors(void);

/* The bytes of a frame with number @n. */
void fake_fill(unsigned char *bytes, uint32_t len, uint32_t n);
bool fake_is(const unsigned char *bytes, uint32_t len, uint32_t n);

#endif /* LIB_FAKE_H */
