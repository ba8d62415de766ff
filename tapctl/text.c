// SPDX-License-Identifier: BSD-2-Clause
/*
 * Words to values and values to words, as the commands have them. Whether the
 * kernel likes a value is for the kernel to say.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tapctl.h"

/* Decimal digits only. */
bool parse_uint(const char *word, uint32_t min, uint32_t max, uint32_t *value)
{
	unsigned long long n;

	if (!*word || word[strspn(word, "0123456789")])
		return false;
	errno = 0;
	n = strtoull(word, NULL, 10);
	if (errno || n < min || n > max)
		return false;
	*value = n;
	return true;
}

/* Six pairs of hexadecimal digits and the colons between them. */
bool parse_mac(const char *word, uint8_t mac[ETH_ALEN])
{
	unsigned int i;

	for (i = 0; i < ETH_ALEN; i++, word += 3) {
		char pair[3] = { word[0], word[0] ? word[1] : 0 };

		if (!isxdigit((unsigned char)pair[0]) ||
		    !isxdigit((unsigned char)pair[1]) ||
		    word[2] != (i < ETH_ALEN - 1 ? ':' : '\0'))
			return false;
		mac[i] = strtoul(pair, NULL, 16);
	}
	return true;
}

const char *format_mac(const uint8_t mac[ETH_ALEN], char text[MAC_STRLEN])
{
	snprintf(text, MAC_STRLEN, "%02x:%02x:%02x:%02x:%02x:%02x",
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	return text;
}

const char *kind_word(enum iftap_kind kind)
{
	return kind == IFTAP_KIND_VMNET ? "vmnet" : "tap";
}

static bool number_after(const char *name, const char *prefix, uint32_t max,
			 uint32_t *number)
{
	size_t len = strlen(prefix);
	const char *digits = name + len;

	if (strncmp(name, prefix, len))
		return false;
	if (digits[0] == '0' && digits[1])
		return false;	/* the module does not number tap007 */
	return parse_uint(digits, 0, max, number);
}

/* Is @name that of a numbered unit, "tapN" or "vmnetN"? */
bool parse_unit(const char *name, enum iftap_kind *kind, uint32_t *unit)
{
	if (number_after(name, "tap", TAP_UNIT_MAX, unit)) {
		*kind = IFTAP_KIND_TAP;
		return true;
	}
	*kind = IFTAP_KIND_VMNET;
	return number_after(name, "vmnet", VMNET_UNIT_MAX, unit);
}

/*
 * Others choose the names of interfaces and programs: nothing in them may
 * move the cursor, or make JSON that is not.
 */
char *printable(char *text)
{
	char *c;

	for (c = text; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			*c = '?';
	return text;
}
