// SPDX-License-Identifier: BSD-2-Clause
/*
 * module/ring.h: the arithmetic of positions and records, at its edges and
 * against a slow model that counts in 128 bits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <ring.h>

typedef unsigned __int128 u128;

static void a_record_is_its_header_and_frame_rounded_up(void **state)
{
	assert_int_equal(sizeof(struct taprecord), 32);
	assert_int_equal(iftap_record_size(0), 32);
	assert_int_equal(iftap_record_size(1), 48);
	assert_int_equal(iftap_record_size(14), 48);
	assert_int_equal(iftap_record_size(16), 48);
	assert_int_equal(iftap_record_size(17), 64);
	assert_int_equal(iftap_record_size(65535), 65568);
	/* The longest a program can claim does not come out short. */
	assert_true(iftap_record_size(UINT32_MAX) == 0x100000020ull);
	assert_true(iftap_record_size(UINT32_MAX - 31) == 0x100000000ull);
	assert_true(iftap_record_size(UINT32_MAX - 32) == 0x100000000ull);
	assert_true(iftap_record_size(UINT32_MAX - 47) == 0xfffffff0ull);
}

static void an_offset_is_the_remainder(void **state)
{
	uint32_t size;

	for (size = TAP_RING_MIN; size <= TAP_RING_MAX; size *= 2) {
		assert_int_equal(iftap_ring_offset(0, size), 0);
		assert_int_equal(iftap_ring_offset(size, size), 0);
		assert_int_equal(iftap_ring_offset(size - 16, size), size - 16);
		assert_int_equal(iftap_ring_offset(UINT64_MAX, size), size - 1);
	}
}

static void sizes_are_powers_of_two_within_limits(void **state)
{
	uint32_t size;

	assert_false(iftap_ring_size_possible(0));
	assert_false(iftap_ring_size_possible(1));
	assert_false(iftap_ring_size_possible(TAP_RING_MIN / 2));
	assert_false(iftap_ring_size_possible(TAP_RING_MAX * 2));
	assert_false(iftap_ring_size_possible(1u << 31));
	assert_false(iftap_ring_size_possible(UINT32_MAX));
	for (size = TAP_RING_MIN; size <= TAP_RING_MAX; size *= 2) {
		assert_true(iftap_ring_size_possible(size));
		assert_false(iftap_ring_size_possible(size + 16));
		assert_false(iftap_ring_size_possible(size - 16));
	}
}

/* Positions near where 64 bits end, and somewhere in the middle. */
static const uint64_t bases[] = {
	0, 16, 4096, 0xfffffff0, 0x100000000, (uint64_t)1 << 63,
	UINT64_MAX - 15, UINT64_MAX - TAP_RING_MIN + 1,
};

static const int64_t steps[] = {
	0, 1, 8, 15, 16, 17, 32, 4096, TAP_RING_MIN - 16, TAP_RING_MIN,
	TAP_RING_MIN + 16, (int64_t)1 << 32, INT64_MAX, INT64_MIN, -1, -16,
	-4096, -TAP_RING_MIN,
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* How far @to is ahead of @from on a line that goes on past 64 bits. */
static u128 ahead(uint64_t to, uint64_t from)
{
	return to >= from ? (u128)to - from
			  : ((u128)1 << 64) - from + to;
}

static void a_producer_is_not_behind_nor_too_far_ahead(void **state)
{
	unsigned int i, j;

	for (i = 0; i < COUNT(bases); i++)
		for (j = 0; j < COUNT(steps); j++) {
			uint64_t theirs = bases[i] + (uint64_t)steps[j];
			int model = theirs % 16 == 0 &&
				    ahead(theirs, bases[i]) <= TAP_RING_MIN;

			assert_int_equal(iftap_producer_possible(theirs,
								 bases[i],
								 TAP_RING_MIN),
					 model);
		}
}

static void a_consumer_goes_on_and_not_past_the_producer(void **state)
{
	unsigned int i, j, used;

	for (i = 0; i < COUNT(bases); i++)
		for (used = 0; used <= TAP_RING_MIN; used += 4096)
			for (j = 0; j < COUNT(steps); j++) {
				uint64_t theirs = bases[i] + (uint64_t)steps[j];
				int model = theirs % 16 == 0 &&
					    ahead(theirs, bases[i]) <= used;

				assert_int_equal(
					iftap_consumer_possible(theirs,
								bases[i],
								bases[i] + used),
					model);
			}
}

static void a_record_must_be_whole(void **state)
{
	assert_false(iftap_record_possible(0, 0));
	assert_false(iftap_record_possible(0, 16));
	assert_true(iftap_record_possible(0, 32));
	assert_false(iftap_record_possible(17, 48));
	assert_true(iftap_record_possible(16, 48));
	assert_false(iftap_record_possible(UINT32_MAX, TAP_RING_MAX));
	assert_false(iftap_record_possible(UINT32_MAX - 31, TAP_RING_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_its_header_and_frame_rounded_up),
		cmocka_unit_test(an_offset_is_the_remainder),
		cmocka_unit_test(sizes_are_powers_of_two_within_limits),
		cmocka_unit_test(a_producer_is_not_behind_nor_too_far_ahead),
		cmocka_unit_test(a_consumer_goes_on_and_not_past_the_producer),
		cmocka_unit_test(a_record_must_be_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
