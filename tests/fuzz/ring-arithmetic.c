// SPDX-License-Identifier: BSD-2-Clause
/*
 * module/ring.h against a program that lies: the input is what it writes into
 * its positions and records, and a kernel as simple as can be walks the ring by
 * the header's arithmetic alone. It must stay within the data, go forward only,
 * and come to an end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ring.h>

#define SIZE TAP_RING_MIN

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t left);

static int get(const uint8_t **input, size_t *left, void *to, size_t bytes)
{
	if (*left < bytes)
		return 0;
	memcpy(to, *input, bytes);
	*input += bytes;
	*left -= bytes;
	return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t left)
{
	static uint8_t data[2 * SIZE];
	uint64_t consumer, producer, out_producer, out_consumer, theirs;
	uint32_t len, sum = 0;

	if (!get(&input, &left, &consumer, sizeof(consumer)))
		return 0;
	consumer &= ~(uint64_t)15;
	out_consumer = out_producer = consumer;

	while (get(&input, &left, &producer, sizeof(producer))) {
		/* Mostly near the truth, or nothing would be tried. */
		if (producer & 1)
			producer = consumer + (producer >> 40);
		if (!iftap_producer_possible(producer, consumer, SIZE))
			break;
		while (consumer != producer) {
			uint64_t available = producer - consumer, size;
			uint32_t at = iftap_ring_offset(consumer, SIZE);

			if (!get(&input, &left, &len, sizeof(len)))
				return 0;
			if (len & 1)
				len >>= 16;
			if (!iftap_record_possible(len, available))
				return 0;
			size = iftap_record_size(len);
			if (size < sizeof(struct taprecord) + len ||
			    size > available || size > SIZE || size % 16 ||
			    at + size > sizeof(data))
				abort();
			/* The sanitizer has a look as well. */
			sum += data[at] + data[at + size - 1];
			consumer += size;
		}
		/* The other direction: the answer to what was consumed. */
		if (!get(&input, &left, &len, sizeof(len)))
			break;
		len &= 0xffff;
		if (out_consumer + SIZE - out_producer >=
		    iftap_record_size(len)) {
			uint32_t at = iftap_ring_offset(out_producer, SIZE);

			memset(data + at, len, iftap_record_size(len));
			out_producer += iftap_record_size(len);
		}
		if (!get(&input, &left, &theirs, sizeof(theirs)))
			break;
		if (theirs & 1)
			theirs = out_consumer + (theirs >> 44 & ~15ull);
		if (!iftap_consumer_possible(theirs, out_consumer,
					     out_producer))
			break;
		out_consumer = theirs;
		if (out_producer - out_consumer > SIZE)
			abort();
	}
	return sum == UINT32_MAX ? -1 : 0;
}
