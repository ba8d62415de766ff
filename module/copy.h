/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * memcpy() for frames. Since 6.4 x86's memcpy() moves words in a loop on every
 * processor that is not told to have fast short `rep movsb`. For a kilobyte and
 * more the string instruction needs two thirds of its time, on processors with
 * and without that feature, and an eighth of its instructions; for less the
 * loop is as good or better. bench/notes.md has the figures.
 */
#ifndef IFTAP_COPY_H
#define IFTAP_COPY_H

#include <linux/kasan-checks.h>
#include <linux/string.h>
#include <linux/types.h>

/* From here on, in bytes. */
#define IFTAP_COPY_LONG	1024

static __always_inline void iftap_copy(void *to, const void *from, size_t len)
{
#ifdef CONFIG_X86_64
	if (len >= IFTAP_COPY_LONG) {
		void *end = to + len - sizeof(u64);
		size_t words = len / sizeof(u64);
		u64 last;

		kasan_check_read(from, len);
		kasan_check_write(to, len);
		memcpy(&last, from + len - sizeof(last), sizeof(last));
		asm volatile("rep movsq"
			     : "+D" (to), "+S" (from), "+c" (words)
			     : : "memory");
		/* The bytes after the last whole word, and some before. */
		memcpy(end, &last, sizeof(last));
		return;
	}
#endif
	memcpy(to, from, len);
}

#endif /* IFTAP_COPY_H */
