// SPDX-License-Identifier: BSD-2-Clause
/*
 * Doing in software what an offload header leaves to do: the checksum. Cutting
 * a frame into segments is not done here.
 */
#include <errno.h>

#include "private.h"

EXPORT int iftap_checksum(const struct tapoffload *hdr, void *data,
			  uint32_t len)
{
	uint32_t start = iftap__le16(hdr->csum_start);
	uint32_t at = start + iftap__le16(hdr->csum_offset);
	unsigned char *bytes = data;
	uint64_t sum = 0;
	uint32_t i;

	if (hdr->gso_type)
		return -EOPNOTSUPP;	/* a checksum for each segment */
	if (iftap_offload_plain(hdr))
		return 0;
	if (at + 2 > len)
		return -EINVAL;
	/* The sum of the pseudo header is in its place, so it comes in here. */
	for (i = start; i + 1 < len; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	if (i < len)
		sum += (uint32_t)bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum & 0xffff;
	if (!sum)
		sum = 0xffff;	/* the same, and UDP has a use for zero */
	bytes[at] = sum >> 8;
	bytes[at + 1] = sum;
	return 0;
}
