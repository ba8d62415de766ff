// SPDX-License-Identifier: BSD-2-Clause
/*
 * The kernel that the library's tests play. See lib-fake.h.
 *
 * The thread sanitizer knows memory by its address, so there the program and
 * "the kernel" see the ring at the same one; otherwise the program's mappings
 * are its own, and read-only where the real ones are.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ring.h>

#include "lib-fake.h"

#if defined(__SANITIZE_THREAD__)
#define SHARED_VIEW 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SHARED_VIEW 1
#endif
#endif
#ifndef SHARED_VIEW
#define SHARED_VIEW 0
#endif

#define PAGE 4096

int __real_open(const char *path, int flags, ...);
int __real_ioctl(int fd, unsigned long request, ...);
void *__real_mmap(void *addr, size_t len, int prot, int flags, int fd,
		  off_t offset);
int __real_munmap(void *addr, size_t len);
int __real_poll(struct pollfd *fds, nfds_t n, int timeout);

int __wrap_open(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);
void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd,
		  off_t offset);
int __wrap_munmap(void *addr, size_t len);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout);

struct fake fake;
static int memory = -1;
static struct {
	void *at;
	size_t bytes;
} view[4];

/* The four parts one after the other in one file. */
static off_t part_offset(int part)
{
	switch (part) {
	case 0: return 0;
	case 1: return PAGE;
	case 2: return 2 * PAGE;
	default: return 2 * PAGE + (off_t)fake.want.out_size;
	}
}

static size_t part_bytes(int part)
{
	switch (part) {
	case 0:
	case 1: return PAGE;
	case 2: return fake.want.out_size;
	default: return fake.want.in_size;
	}
}

/* Pages are mapped once, data twice in a row. */
static void *map_part(int part, int prot)
{
	size_t bytes = part_bytes(part), total = part < 2 ? bytes : 2 * bytes;
	char *at = __real_mmap(NULL, total, PROT_NONE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t done;

	assert_ptr_not_equal(at, MAP_FAILED);
	for (done = 0; done < total; done += bytes)
		assert_ptr_not_equal(__real_mmap(at + done, bytes, prot,
						 MAP_SHARED | MAP_FIXED, memory,
						 part_offset(part)),
				     MAP_FAILED);
	return at;
}

static void free_ring(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (view[i].at)
			__real_munmap(view[i].at, view[i].bytes);
		view[i].at = NULL;
	}
	if (memory >= 0)
		close(memory);
	memory = -1;
}

static int make_ring(const struct tapring *want)
{
	int i;

	if (memory >= 0)
		return -EBUSY;
	if (!iftap_ring_size_possible(want->out_size) ||
	    !iftap_ring_size_possible(want->in_size))
		return -EINVAL;
	fake.want = *want;
	memory = memfd_create("ring", MFD_CLOEXEC);
	assert_true(memory >= 0);
	assert_int_equal(ftruncate(memory, part_offset(3) + part_bytes(3)), 0);
	for (i = 0; i < 4; i++) {
		view[i].at = map_part(i, PROT_READ | PROT_WRITE);
		view[i].bytes = part_bytes(i) * (i < 2 ? 1 : 2);
	}
	fake.kernel = view[0].at;
	fake.user = view[1].at;
	fake.out = view[2].at;
	fake.in = view[3].at;
	fake.kernel->in_need_wakeup = 1;
	return 0;
}

void fake_reset(void)
{
	free_ring();
	if (fake.wake > 0)
		close(fake.wake);
	if (fake.bell > 0)
		close(fake.bell);
	memset(&fake, 0, sizeof(fake));
	fake.fd = -1;
	fake.wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	fake.bell = eventfd(0, EFD_CLOEXEC);
	assert_true(fake.wake >= 0 && fake.bell >= 0);
}

static int errno_is(int err)
{
	errno = err;
	return -1;
}

static bool fails(void)
{
	return ++fake.calls == fake.fail_at;
}

/* The system calls */

/* An opened tap is an eventfd, so that fcntl() and close() work on it. */
static int new_fd(int flags)
{
	fake.fd = eventfd(0, EFD_CLOEXEC | (flags & O_NONBLOCK ? EFD_NONBLOCK
							       : 0));
	return fake.fd;
}

int __wrap_open(const char *path, int flags, ...)
{
	if (strncmp(path, "/dev/", 5))
		return errno_is(ENOENT);
	if (fails())
		return errno_is(fake.fail_with);
	snprintf(fake.path, sizeof(fake.path), "%s", path);
	fake.open_flags = flags;
	return new_fd(flags);
}

static int recv_batch(const struct tapbatch *batch)
{
	struct tapframe *frames = (void *)(uintptr_t)batch->frames;
	unsigned int i, len;

	fake.batch_calls++;
	fake.batch_flags = batch->flags;
	if (!batch->count || batch->count > TAP_BATCH_MAX)
		return errno_is(EINVAL);
	for (i = 0; i < batch->count && fake.nout; i++) {
		assert_int_equal(frames[i].len, 0);
		assert_int_equal(frames[i].flags, 0);
		len = fake.queue_out[0].len;
		frames[i].len = len;
		if (len > frames[i].size) {
			frames[i].flags = TAP_FRAME_TRUNCATED;
			len = frames[i].size;
		}
		frames[i].hdr = fake.queue_out[0].hdr;
		if (len)
			memcpy((void *)(uintptr_t)frames[i].base,
			       fake.queue_out[0].bytes, len);
		memmove(&fake.queue_out[0], &fake.queue_out[1],
			--fake.nout * sizeof(fake.queue_out[0]));
	}
	return i ? (int)i : errno_is(EAGAIN);
}

static int send_batch(const struct tapbatch *batch)
{
	const struct tapframe *frames = (void *)(uintptr_t)batch->frames;
	unsigned int i;

	fake.batch_calls++;
	fake.batch_flags = batch->flags;
	if (!batch->count || batch->count > TAP_BATCH_MAX)
		return errno_is(EINVAL);
	for (i = 0; i < batch->count; i++) {
		if (frames[i].size < 14)
			return i ? (int)i : errno_is(EINVAL);
		assert_int_equal(frames[i].len, 0);
		assert_int_equal(frames[i].flags, 0);
		assert_true(fake.nsent < 256);
		fake.sent[fake.nsent].len = frames[i].size;
		fake.sent[fake.nsent].hdr = frames[i].hdr;
		memcpy(fake.sent[fake.nsent++].bytes,
		       (void *)(uintptr_t)frames[i].base,
		       frames[i].size < 256 ? frames[i].size : 256);
	}
	return i;
}

static int doorbell(void)
{
	fake.doorbells++;
	if (fake.kernel->state & TAP_RING_GONE)
		return errno_is(EHOSTDOWN);
	if (fake.manual) {
		uint64_t one = 1;

		assert_int_equal(write(fake.bell, &one, sizeof(one)),
				 sizeof(one));
		return 0;
	}
	return fake_take() ? 0 : errno_is(EBADMSG);
}

static int tun_ioctl(unsigned long request, void *arg)
{
	struct ifreq *ifr = arg;

	switch (request) {
	case TUNGETIFF:
		strcpy(ifr->ifr_name, "tun-tap");
		ifr->ifr_flags = IFF_TAP | IFF_NO_PI |
				 (fake.vnethdr ? IFF_VNET_HDR : 0);
		return 0;
	case TUNGETVNETHDRSZ:
		*(int *)arg = fake.vnethdr;
		return 0;
	case TUNSETOFFLOAD:
		fake.offload = (uintptr_t)arg;
		return 0;
	default:
		return errno_is(EINVAL);
	}
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list list;
	void *arg;

	va_start(list, request);
	arg = va_arg(list, void *);
	va_end(list);
	if (fd != fake.fd)
		return __real_ioctl(fd, request, arg);
	if (fails())
		return errno_is(fake.fail_with);
	if (fake.tun)
		return tun_ioctl(request, arg);

	switch (request) {
	case TAPGIFNAME:
		strcpy(((struct ifreq *)arg)->ifr_name, "tap7");
		return 0;
	case TAPGVNETHDR:
		*(int *)arg = fake.vnethdr;
		return 0;
	case TAPSVNETHDR:
		fake.vnethdr = *(int *)arg;
		return 0;
	case TAPSOFFLOAD:
		if (memory < 0 && !fake.vnethdr)
			return errno_is(EINVAL);
		fake.offload = *(unsigned int *)arg;
		return 0;
	case TAPQUEUE:
		fake.queue = *(int *)arg;
		return fake.queue < 2 ? new_fd(0) : errno_is(EINVAL);
	case TAPSRING: {
		int err = fake.no_ring ? -ENOTTY : make_ring(arg);

		return err ? errno_is(-err) : 0;
	}
	case TAPDOORBELL:
		return doorbell();
	case TAPRECVBATCH:
		return fake.no_batch ? errno_is(ENOTTY) : recv_batch(arg);
	case TAPSENDBATCH:
		return fake.no_batch ? errno_is(ENOTTY) : send_batch(arg);
	default:
		return errno_is(ENOTTY);
	}
}

void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd,
		  off_t offset)
{
	static const struct {
		off_t offset;
		int prot;
	} parts[4] = {
		{ TAP_RING_OFF_KERNEL, PROT_READ },
		{ TAP_RING_OFF_USER, PROT_READ | PROT_WRITE },
		{ TAP_RING_OFF_OUT, PROT_READ },
		{ TAP_RING_OFF_IN, PROT_READ | PROT_WRITE },
	};
	int i;

	if (fd != fake.fd || fd < 0)
		return __real_mmap(addr, len, prot, flags, fd, offset);
	if (fails()) {
		errno = fake.fail_with;
		return MAP_FAILED;
	}
	for (i = 0; i < 4; i++)
		if (parts[i].offset == offset)
			break;
	assert_true(i < 4);
	assert_int_equal(prot, parts[i].prot);
	assert_int_equal(flags, MAP_SHARED);
	assert_int_equal(len, part_bytes(i) * (i < 2 ? 1 : 2));
	fake.mapped++;
	return SHARED_VIEW ? view[i].at : map_part(i, prot);
}

int __wrap_munmap(void *addr, size_t len)
{
	fake.mapped--;
	return SHARED_VIEW ? 0 : __real_munmap(addr, len);
}

static short poll_events(void)
{
	short events = 0;
	uint64_t pending;
	uint32_t state;

	if (memory < 0) {
		events |= fake.nout ? POLLIN : 0;
		return events | POLLOUT;
	}
	if (__atomic_load_n(&fake.kernel->out_producer, __ATOMIC_RELAXED) !=
	    __atomic_load_n(&fake.user->out_consumer, __ATOMIC_RELAXED))
		events |= POLLIN;
	pending = __atomic_load_n(&fake.user->in_producer, __ATOMIC_RELAXED) -
		  __atomic_load_n(&fake.kernel->in_consumer, __ATOMIC_RELAXED);
	if (pending <= fake.want.in_size / 2)
		events |= POLLOUT;
	state = __atomic_load_n(&fake.kernel->state, __ATOMIC_RELAXED);
	if (state & TAP_RING_BROKEN)
		events |= POLLERR;
	if (state & TAP_RING_GONE)
		events |= POLLERR | POLLHUP;
	return events;
}

/* As iftap_ring_events() in the module: arm, full barrier, look, sleep. */
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	struct pollfd wake = { .fd = fake.wake, .events = POLLIN };
	uint64_t count;

	if (n != 1 || fds->fd != fake.fd)
		return __real_poll(fds, n, timeout);
	fake.polls++;
	if (fails())
		return errno_is(fake.fail_with);
	for (;;) {
		if (memory >= 0 && !fake.manual)
			fake_take();
		__atomic_store_n(&fake.armed, 1, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);	/* D */
		fds->revents = poll_events() & (fds->events | POLLERR |
						POLLHUP);
		if (fds->revents)
			return 1;
		if (__real_poll(&wake, 1, timeout) <= 0)
			return 0;
		(void)!read(fake.wake, &count, sizeof(count));
	}
}

/* The ring's other side */

bool fake_put(const void *bytes, uint32_t len, const struct tapoffload *hdr)
{
	uint64_t size = iftap_record_size(len);
	struct taprecord record = { .len = len };
	unsigned char *at;

	if (fake.out_consumer + fake.want.out_size - fake.out_producer < size) {
		uint64_t theirs = __atomic_load_n(&fake.user->out_consumer,
						  __ATOMIC_ACQUIRE);

		assert_true(iftap_consumer_possible(theirs, fake.out_consumer,
						    fake.out_producer));
		fake.out_consumer = theirs;
		if (theirs + fake.want.out_size - fake.out_producer < size)
			return false;
	}
	if (hdr)
		record.hdr = *hdr;
	if (fake.want.flags & TAP_RING_TIMESTAMP) {
		record.flags = TAP_RECORD_TIME;
		record.time = 1000000000ull + fake.out_producer;
	}
	at = fake.out + iftap_ring_offset(fake.out_producer,
					  fake.want.out_size);
	memcpy(at, &record, sizeof(record));
	memcpy(at + sizeof(record), bytes, len);
	fake.out_producer += size;
	return true;
}

void fake_publish(void)
{
	uint64_t old = fake.out_published, new = fake.out_producer, one = 1;

	if (old == new)
		return;
	fake.out_published = new;
	__atomic_store_n(&fake.kernel->out_producer, new, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);	/* C */
	if (fake.want.eventfd >= 0 &&
	    __atomic_load_n(&fake.user->out_wake, __ATOMIC_RELAXED) - old <
		    new - old)
		(void)!write(fake.want.eventfd, &one, sizeof(one));
	if (__atomic_load_n(&fake.armed, __ATOMIC_RELAXED)) {
		__atomic_store_n(&fake.armed, 0, __ATOMIC_RELAXED);
		(void)!write(fake.wake, &one, sizeof(one));
	}
}

static void take_one(const struct taprecord *record,
		     const unsigned char *bytes)
{
	if (record->flags || record->reserved || record->time ||
	    record->reserved2 || record->len < 14 || record->len > TAP_FRAME_MAX)
		fail_msg("a record that the kernel would not take");
	fake.sent_ring++;
	if (fake.taken)
		fake.taken(record, bytes);
}

bool fake_take(void)
{
	uint64_t producer = __atomic_load_n(&fake.user->in_producer,
					    __ATOMIC_ACQUIRE);
	struct taprecord record;
	unsigned char *at;

	if (fake.broken)
		return false;
	if (!iftap_producer_possible(producer, fake.in_consumer,
				     fake.want.in_size))
		goto broken;
	while (fake.in_consumer != producer) {
		at = fake.in + iftap_ring_offset(fake.in_consumer,
						 fake.want.in_size);
		memcpy(&record, at, sizeof(record));
		if (!iftap_record_possible(record.len,
					   producer - fake.in_consumer))
			goto broken;
		take_one(&record, at + sizeof(record));
		fake.in_consumer += iftap_record_size(record.len);
	}
	__atomic_store_n(&fake.kernel->in_consumer, fake.in_consumer,
			 __ATOMIC_RELEASE);
	return true;
broken:
	fake.broken = true;
	__atomic_or_fetch(&fake.kernel->state, TAP_RING_BROKEN,
			  __ATOMIC_RELAXED);
	return false;
}

bool fake_sleepy(void)
{
	__atomic_store_n(&fake.kernel->in_need_wakeup, 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);	/* F */
	return __atomic_load_n(&fake.user->in_producer, __ATOMIC_RELAXED) ==
	       fake.in_consumer;
}

bool fake_stop(uint64_t bytes)
{
	uint64_t theirs;

	__atomic_store_n(&fake.kernel->out_need_wakeup, 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);	/* H */
	theirs = __atomic_load_n(&fake.user->out_consumer, __ATOMIC_ACQUIRE);
	fake.out_consumer = theirs;
	if (theirs + fake.want.out_size - fake.out_producer < bytes)
		return true;
	__atomic_store_n(&fake.kernel->out_need_wakeup, 0, __ATOMIC_RELAXED);
	return false;
}

int fake_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

void fake_fill(unsigned char *bytes, uint32_t len, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		bytes[i] = n * 31 + i * 7 + (i >> 8);
}

bool fake_is(const unsigned char *bytes, uint32_t len, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		if (bytes[i] != (unsigned char)(n * 31 + i * 7 + (i >> 8)))
			return false;
	return true;
}
