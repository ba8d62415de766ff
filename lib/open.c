// SPDX-License-Identifier: BSD-2-Clause
/*
 * Opening and closing: from a name or a descriptor and options to a handle,
 * with a ring mapped if one is wanted, and back.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "private.h"

#define OPTIONS_FLAGS (IFTAP_NONBLOCK | IFTAP_NO_RING | IFTAP_BACKPRESSURE | \
		       IFTAP_KERNEL_POLL | IFTAP_TIMESTAMP | IFTAP_EVENTFD)
#define RING_FLAGS (IFTAP_BACKPRESSURE | IFTAP_KERNEL_POLL | \
		    IFTAP_TIMESTAMP | IFTAP_EVENTFD)

/* As large as the options were in the first release. */
#define OPTIONS_SIZE_0_1 (offsetof(struct iftap_options, reserved) + \
			  sizeof(((struct iftap_options *)0)->reserved))

/*
 * Take over the program's options, which may be an older and shorter or a
 * newer and longer structure than ours. Newer ones we would ignore must be
 * zero.
 */
static int get_options(struct iftap_options *to,
		       const struct iftap_options *from)
{
	const unsigned char *bytes = (const unsigned char *)from;
	size_t i;

	memset(to, 0, sizeof(*to));
	if (!from)
		return 0;
	if (from->size < OPTIONS_SIZE_0_1)
		return -EINVAL;
	for (i = sizeof(*to); i < from->size; i++)
		if (bytes[i])
			return -E2BIG;
	memcpy(to, from, from->size < sizeof(*to) ? from->size : sizeof(*to));

	if (to->flags & ~OPTIONS_FLAGS || to->reserved[0] || to->reserved[1])
		return -EINVAL;
	if (to->flags & IFTAP_NO_RING &&
	    (to->flags & RING_FLAGS || to->out_size || to->in_size))
		return -EINVAL;
	if (to->spin && !(to->flags & IFTAP_KERNEL_POLL))
		return -EINVAL;
	if (to->flags & IFTAP_EVENTFD ? to->eventfd < 0 : to->eventfd != 0)
		return -EINVAL;
	return 0;
}

/* A decimal number without sign, blanks or superfluous zeros, up to @max. */
static bool is_number(const char *s, unsigned int max)
{
	unsigned int value = 0;

	if (!*s || (*s == '0' && s[1]))
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		value = value * 10 + (*s - '0');
		if (value > max)
			return false;
	}
	return true;
}

/* The node of a tap called @name; a path is taken as it is. */
static int node_path(const char *name, char *path, size_t size)
{
	int len;

	if (!name || !*name)
		name = "tap";
	if (strchr(name, '/')) {
		len = snprintf(path, size, "%s", name);
		return len < (int)size ? 0 : -ENAMETOOLONG;
	}
	if (strcmp(name, "tap") &&
	    !(!strncmp(name, "tap", 3) &&
	      is_number(name + 3, TAP_UNIT_MAX)) &&
	    !(!strncmp(name, "vmnet", 5) &&
	      is_number(name + 5, VMNET_UNIT_MAX)))
		return -EINVAL;
	snprintf(path, size, "/dev/%s", name);
	return 0;
}

int iftap_refresh_name(struct handle *h)
{
	struct ifreq ifr = { 0 };

	if (ioctl(h->fd, h->tun ? TUNGETIFF : TAPGIFNAME, &ifr) < 0)
		return -errno;
	memcpy(h->name, ifr.ifr_name, sizeof(h->name));
	h->name[sizeof(h->name) - 1] = '\0';
	return 0;
}

/*
 * Find out what the descriptor is. One of Linux's own tun driver is taken too,
 * for what can be done with it; one that is neither is not.
 */
static int identify(struct handle *h)
{
	struct ifreq ifr = { 0 };
	int err;

	err = iftap_refresh_name(h);
	if (!err) {
		h->batch = true;
		if (ioctl(h->fd, TAPGVNETHDR, &h->vnethdr) < 0)
			h->vnethdr = 0;
		return 0;
	}
	if (err != -ENOTTY && err != -EINVAL)
		return err;
	if (ioctl(h->fd, TUNGETIFF, &ifr) < 0)
		return errno == EINVAL ? -ENOTTY : -errno;
	/* What it puts before a frame must be nothing or an offload header. */
	if ((ifr.ifr_flags & (IFF_TUN | IFF_TAP | IFF_NO_PI)) !=
	    (IFF_TAP | IFF_NO_PI))
		return -EINVAL;
	if (ifr.ifr_flags & IFF_VNET_HDR &&
	    ioctl(h->fd, TUNGETVNETHDRSZ, &h->vnethdr) < 0)
		return -errno;
	if (h->vnethdr > (int)sizeof(struct tapoffload))
		return -EINVAL;
	h->tun = true;
	return iftap_refresh_name(h);
}

static int map(struct handle *h, unsigned int which, size_t bytes, int prot,
	       off_t offset)
{
	void *at = mmap(NULL, bytes, prot, MAP_SHARED, h->fd, offset);

	if (at == MAP_FAILED)
		return -errno;
	h->map[which].at = at;
	h->map[which].bytes = bytes;
	return 0;
}

static void unmap_all(struct handle *h)
{
	unsigned int i;

	for (i = 0; i < COUNT(h->map); i++)
		if (h->map[i].at)
			munmap(h->map[i].at, h->map[i].bytes);
}

/* A ring of size 0, always empty and full, in a state of its own. */
static void set_no_ring(struct handle *h)
{
	h->no_kernel.state = NO_RING;
	h->t.rx.kernel = h->t.tx.kernel = &h->no_kernel;
	h->t.rx.user = h->t.tx.user = &h->no_user;
}

static int make_ring(struct handle *h, const struct iftap_options *o)
{
	struct tapring want = {
		.out_size = o->out_size ? o->out_size : TAP_RING_DEFAULT,
		.in_size = o->in_size ? o->in_size : TAP_RING_DEFAULT,
		.eventfd = o->flags & IFTAP_EVENTFD ? o->eventfd : -1,
		.spin = o->spin,
	};
	size_t page = sysconf(_SC_PAGESIZE);
	struct iftap_rx *rx = &h->t.rx;
	struct iftap_tx *tx = &h->t.tx;
	int err;

	if (o->flags & IFTAP_BACKPRESSURE)
		want.flags |= TAP_RING_BACKPRESSURE;
	if (o->flags & IFTAP_KERNEL_POLL)
		want.flags |= TAP_RING_POLL;
	if (o->flags & IFTAP_TIMESTAMP)
		want.flags |= TAP_RING_TIMESTAMP;
	if (ioctl(h->fd, TAPSRING, &want) < 0)
		return -errno;

	err = map(h, 0, page, PROT_READ, TAP_RING_OFF_KERNEL);
	if (!err)
		err = map(h, 1, page, PROT_READ | PROT_WRITE,
			  TAP_RING_OFF_USER);
	if (!err)
		err = map(h, 2, 2 * (size_t)want.out_size, PROT_READ,
			  TAP_RING_OFF_OUT);
	if (!err)
		err = map(h, 3, 2 * (size_t)want.in_size,
			  PROT_READ | PROT_WRITE, TAP_RING_OFF_IN);
	if (err)
		return err;

	rx->kernel = tx->kernel = h->map[0].at;
	rx->user = tx->user = h->map[1].at;
	rx->data = h->map[2].at;
	rx->size = want.out_size;
	rx->backpressure = !!(o->flags & IFTAP_BACKPRESSURE);
	tx->data = h->map[3].at;
	tx->size = tx->limit = want.in_size;
	h->ring = true;
	return 0;
}

/*
 * Say which frames we take. Without a ring they come by the batch calls, which
 * carry an offload header anyway, or by read(), which must be told to.
 */
static int set_offload(struct handle *h, unsigned int offload)
{
	int bytes = sizeof(struct tapoffload);

	if (h->tun) {
		if (offload && !h->vnethdr)
			return -EINVAL;
		return ioctl(h->fd, TUNSETOFFLOAD,
			     (unsigned long)offload) < 0 ? -errno : 0;
	}
	if (ioctl(h->fd, TAPSOFFLOAD, &offload) == 0)
		return 0;
	if (errno != EINVAL || h->ring || h->vnethdr)
		return -errno;
	if (ioctl(h->fd, TAPSVNETHDR, &bytes) < 0)
		return -errno;
	h->vnethdr = bytes;
	return ioctl(h->fd, TAPSOFFLOAD, &offload) < 0 ? -errno : 0;
}

static int set_nonblock(struct handle *h, bool want)
{
	int flags = fcntl(h->fd, F_GETFL);

	if (flags < 0)
		return -errno;
	if (want && !(flags & O_NONBLOCK) &&
	    fcntl(h->fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	h->nonblock = want || flags & O_NONBLOCK;
	return 0;
}

/* @fd stays the caller's if this fails. */
static int adopt(struct iftap **t, int fd, const struct iftap_options *o)
{
	struct handle *h;
	int err;

	if (posix_memalign((void **)&h, _Alignof(struct handle), sizeof(*h)))
		return -ENOMEM;
	memset(h, 0, sizeof(*h));
	h->fd = fd;
	set_no_ring(h);
	err = identify(h);
	if (err)
		goto err_free;
	err = set_nonblock(h, o->flags & IFTAP_NONBLOCK);
	if (err)
		goto err_free;
	if (!(o->flags & IFTAP_NO_RING)) {
		err = make_ring(h, o);
		if (err)
			goto err_unmap;
	}
	if (o->offload) {
		err = set_offload(h, o->offload);
		if (err)
			goto err_unmap;
	}
	*t = &h->t;
	return 0;

err_unmap:
	unmap_all(h);
err_free:
	free(h);
	return err;
}

EXPORT int iftap_open_fd(struct iftap **t, int fd,
			 const struct iftap_options *options)
{
	struct iftap_options o;
	int saved = errno, err;

	err = get_options(&o, options);
	if (!err)
		err = adopt(t, fd, &o);
	errno = saved;
	return err;
}

EXPORT int iftap_open(struct iftap **t, const char *name,
		      const struct iftap_options *options)
{
	struct iftap_options o;
	int saved = errno, err, fd;
	char path[PATH_MAX];

	err = get_options(&o, options);
	if (err)
		return err;
	err = node_path(name, path, sizeof(path));
	if (err)
		return err;
	fd = open(path, O_RDWR | O_CLOEXEC |
		  (o.flags & IFTAP_NONBLOCK ? O_NONBLOCK : 0));
	err = fd < 0 ? -errno : adopt(t, fd, &o);
	if (err && fd >= 0)
		close(fd);
	errno = saved;
	return err;
}

EXPORT int iftap_queue(struct iftap *t, unsigned int queue,
		       const struct iftap_options *options,
		       struct iftap **other)
{
	struct iftap_options o;
	int saved = errno, err, fd, number = queue;

	err = get_options(&o, options);
	if (err)
		return err;
	if (queue > INT_MAX)
		return -EINVAL;
	fd = ioctl(handle_of(t)->fd, TAPQUEUE, &number);
	err = fd < 0 ? -errno : adopt(other, fd, &o);
	if (err && fd >= 0)
		close(fd);
	errno = saved;
	return err;
}

EXPORT void iftap_close(struct iftap *t)
{
	int saved = errno;
	struct handle *h;

	if (!t)
		return;
	h = handle_of(t);
	unmap_all(h);	/* a mapping would keep the unit open */
	close(h->fd);
	free(h);
	errno = saved;
}

EXPORT int iftap_fd(const struct iftap *t)
{
	return ((const struct handle *)t)->fd;
}

EXPORT const char *iftap_name(const struct iftap *t)
{
	return ((const struct handle *)t)->name;
}
