// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What a unit's interface is called, and what a name stands for.
 */
#include <linux/kstrtox.h>
#include <linux/string.h>
#include "iftap.h"

static const struct {
	const char *name;
	int max;
} kinds[] = {
	[IFTAP_KIND_TAP] = { "tap", TAP_UNIT_MAX },
	[IFTAP_KIND_VMNET] = { "vmnet", VMNET_UNIT_MAX },
};

int iftap_ident_number_max(enum iftap_kind kind)
{
	return kinds[kind].max;
}

/* What the interface of a unit with a number is called; IFNAMSIZ bytes. */
void iftap_ident_name(struct iftap_ident id, char *name)
{
	snprintf(name, IFNAMSIZ, "%s%d", kinds[id.kind].name, id.number);
}

/**
 * iftap_ident_of_name - what a name stands for
 * @name: at most IFNAMSIZ bytes
 *
 * Return: for "tap7" a tap with the number 7, for "tap%d" one with any number,
 * for another, "foo", "tap007", "vmnet256", one without.
 */
struct iftap_ident iftap_ident_of_name(const char *name)
{
	struct iftap_ident id = { IFTAP_KIND_TAP, IFTAP_NO_NUMBER };
	char again[IFNAMSIZ];
	const char *suffix;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!str_has_prefix(name, kinds[i].name))
			continue;
		suffix = name + strlen(kinds[i].name);
		if (!strcmp(suffix, "%d"))
			return (struct iftap_ident){ i, IFTAP_ANY_NUMBER };
		if (kstrtouint(suffix, 10, &n) || n > kinds[i].max)
			continue;
		snprintf(again, sizeof(again), "%u", n);
		if (!strcmp(suffix, again))
			return (struct iftap_ident){ i, n };
	}
	return id;
}
