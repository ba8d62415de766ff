// SPDX-License-Identifier: BSD-2-Clause
/*
 * ring-echo: sends every frame that comes out of a tap back into it, to where
 * it came from, without a system call a frame.
 *
 *	ring-echo tap0 &
 *	ip link set tap0 up
 *
 * Frames for everybody (broadcast, multicast) are not answered. The shortest
 * program there is for a ring: batches form by themselves, since whatever has
 * come in while one was worked on is the next one.
 */
#include <err.h>
#include <iftap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define MAC 6

static void check(const char *what, int result)
{
	if (result < 0)
		errx(1, "%s: %s", what, iftap_strerror(result));
}

/* Copy a frame with its two addresses exchanged; false: the ring is full. */
static int echo(struct iftap *tap, const struct iftap_frame *from)
{
	const unsigned char *in = from->data;
	struct iftap_frame to;
	unsigned char *out;
	int full = iftap_tx_reserve(tap, from->len, &to);

	if (full)
		return full;
	out = to.data;
	memcpy(out, in + MAC, MAC);
	memcpy(out + MAC, in, MAC);
	memcpy(out + 2 * MAC, in + 2 * MAC, from->len - 2 * MAC);
	to.hdr = from->hdr;
	return iftap_tx_commit(tap, &to);
}

int main(int argc, char **argv)
{
	unsigned long lost = 0;
	struct iftap_frame frame;
	struct iftap *tap;
	int status;

	if (argc != 2)
		errx(2, "usage: ring-echo DEVICE");
	status = iftap_open(&tap, argv[1], NULL);
	check(argv[1], status);
	printf("echoing on %s\n", iftap_name(tap));
	fflush(stdout);

	for (;;) {
		while (!(status = iftap_rx_peek(tap, &frame))) {
			if (frame.len < 2 * MAC + 2 ||
			    *(unsigned char *)frame.data & 1)
				continue;
			if (echo(tap, &frame))
				lost++;
		}
		iftap_rx_release(tap);
		check("send", iftap_tx_submit(tap));
		if (status != -EAGAIN)
			break;	/* the interface was deleted */
		check("wait", iftap_wait(tap, POLLIN, -1));
	}
	warnx("%s: %s", iftap_name(tap), iftap_strerror(status));
	if (lost)
		warnx("%lu frames came faster than they went", lost);
	iftap_close(tap);
	return 1;
}
