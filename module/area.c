// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The memory of a ring: allocated and charged, seen by the kernel, mapped by
 * the program. What is in it is ring.c's business.
 *
 * The pages are the kernel's own and mapped one by one, each mapping holding
 * its pages and its descriptor, so that nothing here goes away under anybody.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/vmalloc.h>
#include "iftap.h"

/* One run of pages; data runs are seen twice in a row. */
static int run_alloc(struct iftap_run *run, size_t bytes, bool twice)
{
	unsigned int i, n = DIV_ROUND_UP(bytes, PAGE_SIZE);
	unsigned int seen = twice ? 2 * n : n;

	run->pages = kvcalloc(seen, sizeof(*run->pages), GFP_KERNEL_ACCOUNT);
	if (!run->pages)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		run->pages[i] = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO |
					   __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
		if (!run->pages[i])
			return -ENOMEM;
		run->npages++;
		if (twice)
			run->pages[n + i] = run->pages[i];
	}
	run->address = vmap(run->pages, seen, VM_MAP | VM_USERMAP, PAGE_KERNEL);
	if (!run->address)
		return -ENOMEM;
	run->bytes = (size_t)seen << PAGE_SHIFT;
	return 0;
}

static void run_free(struct iftap_run *run)
{
	unsigned int i;

	vunmap(run->address);
	for (i = 0; i < run->npages; i++)
		__free_page(run->pages[i]);
	kvfree(run->pages);
}

/* As AF_XDP does it: against what the user may lock, CAP_IPC_LOCK aside. */
static int charge(struct iftap_area *area)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	unsigned long old, new;
	struct user_struct *user;

	if (capable(CAP_IPC_LOCK))
		return 0;
	user = current_user();
	do {
		old = atomic_long_read(&user->locked_vm);
		new = old + area->charged;
		if (new > limit)
			return -ENOBUFS;
	} while (atomic_long_cmpxchg(&user->locked_vm, old, new) != old);
	area->user_charged = get_uid(user);
	return 0;
}

/**
 * iftap_area_free - free all there is of an area, allocated in full or in part
 * @area: the area
 */
void iftap_area_free(struct iftap_area *area)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(area->runs); i++)
		run_free(&area->runs[i]);
	if (area->user_charged) {
		atomic_long_sub(area->charged, &area->user_charged->locked_vm);
		free_uid(area->user_charged);
	}
}

/**
 * iftap_area_alloc - get the memory of a ring, zeroed, and charge the caller
 * @area: zeroed
 * @out_size: bytes of outbound data, valid
 * @in_size: bytes of inbound data, valid
 *
 * Return: 0, -ENOBUFS if the user may not lock that much, or -ENOMEM.
 */
int iftap_area_alloc(struct iftap_area *area, u32 out_size, u32 in_size)
{
	int err;

	BUILD_BUG_ON(sizeof(struct tapring_kernel) > PAGE_SIZE);
	BUILD_BUG_ON(sizeof(struct tapring_user) > PAGE_SIZE);
	area->charged = (out_size + in_size) / PAGE_SIZE + 2;
	err = charge(area);
	if (err)
		return err;
	err = run_alloc(&area->runs[IFTAP_RUN_KERNEL], PAGE_SIZE, false);
	if (!err)
		err = run_alloc(&area->runs[IFTAP_RUN_USER], PAGE_SIZE, false);
	if (!err)
		err = run_alloc(&area->runs[IFTAP_RUN_OUT], out_size, true);
	if (!err)
		err = run_alloc(&area->runs[IFTAP_RUN_IN], in_size, true);
	if (err) {
		iftap_area_free(area);
		return err;
	}
	area->kernel = area->runs[IFTAP_RUN_KERNEL].address;
	area->user = area->runs[IFTAP_RUN_USER].address;
	area->out = area->runs[IFTAP_RUN_OUT].address;
	area->in = area->runs[IFTAP_RUN_IN].address;
	area->out_size = out_size;
	area->in_size = in_size;
	return 0;
}

/* Add to the state the program sees. Any context. */
void iftap_area_state(struct iftap_area *area, u32 state)
{
	BUILD_BUG_ON(sizeof(atomic_t) != sizeof(area->kernel->state));
	atomic_or(state, (atomic_t *)&area->kernel->state);
}

static struct iftap_run *run_at(struct iftap_area *area, unsigned long offset,
				bool *writable)
{
	*writable = offset == TAP_RING_OFF_USER || offset == TAP_RING_OFF_IN;
	switch (offset) {
	case TAP_RING_OFF_KERNEL:
		return &area->runs[IFTAP_RUN_KERNEL];
	case TAP_RING_OFF_USER:
		return &area->runs[IFTAP_RUN_USER];
	case TAP_RING_OFF_OUT:
		return &area->runs[IFTAP_RUN_OUT];
	case TAP_RING_OFF_IN:
		return &area->runs[IFTAP_RUN_IN];
	}
	return NULL;
}

/**
 * iftap_area_mmap - map one run of pages into a program
 * @area: the area
 * @vma: what the program asked for: the whole run and shared, or -EINVAL;
 *	not writable if the program only reads it, or -EPERM
 *
 * Context: mmap_lock. Takes no other lock.
 */
int iftap_area_mmap(struct iftap_area *area, struct vm_area_struct *vma)
{
	struct iftap_run *run;
	bool writable;

	if (vma->vm_pgoff > ULONG_MAX >> PAGE_SHIFT)
		return -EINVAL;
	run = run_at(area, vma->vm_pgoff << PAGE_SHIFT, &writable);
	if (!run || vma->vm_end - vma->vm_start != run->bytes ||
	    !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (!writable && vma->vm_flags & VM_WRITE)
		return -EPERM;
	iftap_vma_flags(vma, VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP,
			writable ? 0 : VM_MAYWRITE);
	return remap_vmalloc_range(vma, run->address, 0);
}
