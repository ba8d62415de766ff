// SPDX-License-Identifier: BSD-2-Clause
/*
 * tapctl list: the taps of this network namespace, a line each. None is an
 * answer too, and an empty one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "tapctl.h"

enum { NAME, KIND, UNIT, MTU, ADDRESS, STATE, NCOLUMNS };

struct row {
	char text[NCOLUMNS][OPENER_STRLEN + 8];
};

static void fill_row(struct row *row, const struct link *link)
{
	char opener[OPENER_STRLEN];

	snprintf(row->text[NAME], sizeof(row->text[0]), "%s", link->name);
	snprintf(row->text[KIND], sizeof(row->text[0]), "%s",
		 kind_word(link->kind));
	if (link->numbered)
		snprintf(row->text[UNIT], sizeof(row->text[0]), "%u",
			 link->unit);
	else
		snprintf(row->text[UNIT], sizeof(row->text[0]), "-");
	snprintf(row->text[MTU], sizeof(row->text[0]), "%u", link->mtu);
	format_mac(link->address, row->text[ADDRESS]);
	if (link->open)
		snprintf(row->text[STATE], sizeof(row->text[0]), "open by %s",
			 link_opener(link, opener));
	else
		snprintf(row->text[STATE], sizeof(row->text[0]), "closed");
}

static int print_table(const struct link *links, size_t count)
{
	static const struct row head = {
		{ "NAME", "KIND", "UNIT", "MTU", "ADDRESS", "STATE" }
	};
	size_t width[NCOLUMNS] = { 0 };
	struct row *rows;
	size_t i, len;
	int c;

	if (!count)
		return EXIT_SUCCESS;
	rows = calloc(count + 1, sizeof(*rows));
	if (!rows)
		return fail("list: %m");
	rows[0] = head;
	for (i = 0; i < count; i++)
		fill_row(&rows[i + 1], &links[i]);
	for (i = 0; i <= count; i++) {
		for (c = 0; c < NCOLUMNS; c++) {
			len = strlen(rows[i].text[c]);
			if (len > width[c])
				width[c] = len;
		}
	}
	for (i = 0; i <= count; i++) {
		for (c = 0; c < STATE; c++)
			printf("%-*s  ", (int)width[c], rows[i].text[c]);
		puts(rows[i].text[STATE]);
	}
	free(rows);
	return EXIT_SUCCESS;
}

static int print_json(const struct link *links, size_t count)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_object_array_add(array, link_json(&links[i]));
	puts(json_object_to_json_string_ext(array,
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(array);
	return EXIT_SUCCESS;
}

int list_main(int argc, char *argv[])
{
	struct link *links;
	size_t count;
	int status;

	if (argc > 1)
		return usage_fail("list",
				  "%s: one word too many; `tapctl show NAME` is about one",
				  argv[1]);
	status = link_list(&links, &count);
	if (status)
		return status;
	if (!count && module_major() < 0)
		status = module_missing();
	else if (json_wanted)
		status = print_json(links, count);
	else
		status = print_table(links, count);
	free(links);
	return status;
}
