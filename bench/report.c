// SPDX-License-Identifier: BSD-2-Clause
/* Figures of many rounds, and their lines on standard output. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "bench.h"

void fail(const char *format, ...)
{
	va_list args;

	fputs("bench: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* All memory at once: none shall be got while the clock runs. */
void series_start(struct series *s, const char *name)
{
	s->name = name;
	s->n = 0;
	s->values = calloc(opt.rounds + 1, sizeof(*s->values));
	if (!s->values)
		fail("no memory");
}

void series_add(struct series *s, double value)
{
	if (s->n < opt.rounds)
		s->values[s->n++] = value;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/*
 * The mean of the middle half, for a stray interrupt moves the mean of all, and
 * a path that costs now this, now that, moves the median; and the tenths at both
 * ends.
 */
void series_print(struct series *s)
{
	unsigned int i, first = s->n / 4, last = s->n - 1 - s->n / 4;
	double sum = 0;

	if (!s->n)
		fail("no round gave a figure for %s", s->name);
	qsort(s->values, s->n, sizeof(*s->values), compare);
	for (i = first; i <= last; i++)
		sum += s->values[i];
	printf("%s %.3f %.3f %.3f\n", s->name, sum / (last - first + 1),
	       s->values[s->n / 10], s->values[s->n - 1 - s->n / 10]);
}

void figure_print(const char *name, double value)
{
	printf("%s %.6g %.6g %.6g\n", name, value, value, value);
}
