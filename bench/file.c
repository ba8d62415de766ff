// SPDX-License-Identifier: BSD-2-Clause
/* Frames by read() and write(), one a call: tun's way and tap(4)'s. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bench.h"

#define HEADER sizeof(struct virtio_net_hdr_v1)

static unsigned char *buffer;
static int file, files[UNITS_MAX];
static unsigned int nfiles;

void file_use(int fd)
{
	file = files[nfiles++] = fd;
	if (!buffer && !(buffer = calloc(BATCH_MAX, record_bytes())))
		fail("no memory");
}

void file_choose(unsigned int unit)
{
	file = files[unit];
}

void file_send(const struct frame *frames, unsigned int n)
{
	size_t header = opt.headers ? HEADER : 0;
	unsigned int i;
	ssize_t len;

	for (i = 0; i < n; i++) {
		len = write(file, frames[i].data - header,
			    frames[i].len + header);
		if (len != (ssize_t)(frames[i].len + header))
			fail("write: %s", strerror(errno));
	}
	syscalls += n;
}

unsigned int file_receive(struct frame *frames, unsigned int max)
{
	size_t header = opt.headers ? HEADER : 0, room = record_bytes();
	unsigned char *at = buffer;
	unsigned int i;
	ssize_t len;

	for (i = 0; i < max; i++) {
		len = read(file, at, room);
		syscalls++;
		if (len < 0 && errno == EAGAIN)
			break;
		if (len < (ssize_t)header)
			fail("read: %s", strerror(errno));
		frames[i].data = at + header;
		frames[i].len = len - header;
		frames[i].hdr = header ? (void *)at : NULL;
		at += room;
	}
	return i;
}

void file_nonblock(bool on)
{
	if (fcntl(file, F_SETFL, on ? O_NONBLOCK : 0))
		fail("fcntl: %s", strerror(errno));
}
