// SPDX-License-Identifier: BSD-2-Clause
/*
 * tapctl send: the frames of a pcap file into the stack, as received on the
 * interface. tapctl plays the program behind the tap here: it needs the unit
 * for itself, and when it closes a tap that goes down as always.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "tapctl.h"

/* Why frames were refused. */
enum reason { CUT, SHORT, LONG, NOMEM, OTHER, NREASONS };

static const char * const reasons[NREASONS] = {
	[CUT] = "cut off by the capture's snap length",
	[SHORT] = "shorter than an Ethernet header",
	[LONG] = "longer than the interface takes",
	[NOMEM] = "the kernel was short of memory",
	[OTHER] = "not taken",
};

struct tally {
	unsigned int sent;
	unsigned int refused[NREASONS];
	int other;		/* the errno of the last OTHER */
};

static void refused(struct tally *t, int err)
{
	switch (err) {
	case EINVAL:
		t->refused[SHORT]++;
		break;
	case EIO:
		t->refused[LONG]++;
		break;
	case ENOBUFS:
	case ENOMEM:
		t->refused[NOMEM]++;
		break;
	default:
		t->refused[OTHER]++;
		t->other = err;
	}
}

/* Return an exit status: 0 when each frame has been tried. */
static int send_all(int fd, pcap_t *pcap, const struct link *link,
		    const char *file, struct tally *t)
{
	struct pcap_pkthdr *head;
	const u_char *data;
	ssize_t done;
	int got;

	while ((got = pcap_next_ex(pcap, &head, &data)) == 1) {
		if (head->caplen < head->len) {
			t->refused[CUT]++;
			continue;
		}
		/* Nothing is not a frame, and write() would say so. */
		if (!head->caplen) {
			t->refused[SHORT]++;
			continue;
		}
		do {
			done = write(fd, data, head->caplen);
		} while (done < 0 && errno == EINTR);
		if (done >= 0)
			t->sent++;
		else if (errno == EHOSTDOWN)
			return fail("%s: it was destroyed meanwhile",
				    link->name);
		else
			refused(t, errno);
	}
	if (got == PCAP_ERROR)
		return fail("%s: %s; the frames before that are sent", file,
			    pcap_geterr(pcap));
	return 0;
}

static uint64_t get_rx_down(const struct link *link)
{
	struct counter *counters;
	uint64_t value;
	size_t count;

	if (counters_get(link->ifname, &counters, &count))
		return 0;
	value = counter_value(counters, count, "rx_down");
	free(counters);
	return value;
}

static int report(const struct link *link, const struct tally *t,
		  uint64_t dropped)
{
	int status = EXIT_SUCCESS;
	int i;

	printf("%s: %u frames sent\n", link->name, t->sent);
	for (i = 0; i < NREASONS; i++) {
		if (!t->refused[i])
			continue;
		status = fail("%s: %u frames refused: %s%s%s", link->name,
			      t->refused[i], reasons[i],
			      i == OTHER ? ", " : "",
			      i == OTHER ? strerror(t->other) : "");
	}
	if (dropped)
		status = fail("%s: %llu of the frames sent were dropped: the interface went down",
			      link->name, (unsigned long long)dropped);
	return status;
}

static pcap_t *open_file(const char *file)
{
	char text[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(file, text);
	const char *type;

	if (!pcap) {
		fail("%s: %s; it takes a pcap or pcapng file", file, text);
		return NULL;
	}
	if (pcap_datalink(pcap) == DLT_EN10MB)
		return pcap;
	type = pcap_datalink_val_to_name(pcap_datalink(pcap));
	fail("%s (link type %s): a tap takes Ethernet frames, link type EN10MB; "
	     "capture on an Ethernet interface", file, type ? type : "unknown");
	pcap_close(pcap);
	return NULL;
}

static int send_file(const struct link *link, const char *file, pcap_t *pcap)
{
	struct tally tally = { 0 };
	uint64_t before;
	int fd, status, told;

	fd = node_open(link);
	if (fd < 0)
		return EXIT_FAILURE;
	before = get_rx_down(link);
	status = send_all(fd, pcap, link, file, &tally);
	told = report(link, &tally, get_rx_down(link) - before);
	if (close(fd))
		told = fail("%s: %m", link->name);
	if (status)
		return status;
	if (link->transient)
		printf("%s: destroyed, as a transient unit is when it is closed\n",
		       link->name);
	else if (link->kind == IFTAP_KIND_TAP)
		printf("%s: down, as a tap is when it is closed\n",
		       link->name);
	return told;
}

int send_main(int argc, char *argv[])
{
	char opener[OPENER_STRLEN];
	struct link link;
	pcap_t *pcap;
	int status;

	if (argc < 3)
		return usage_fail("send", "send: an interface and a file are needed");
	if (argc > 3)
		return usage_fail("send", "%s: one word too many", argv[3]);
	status = link_find(argv[1], &link);
	if (status)
		return status;
	if (link.open)
		return fail("%s: open by %s, and only one can have it; end that program first",
			    link.name, link_opener(&link, opener));
	if (!(link.flags & IFF_UP))
		return fail("%s: it is down and would drop every frame; "
			    "bring it up with `ip link set %s up`",
			    link.name, link.name);
	pcap = open_file(argv[2]);
	if (!pcap)
		return EXIT_FAILURE;
	status = send_file(&link, argv[2], pcap);
	pcap_close(pcap);
	return status;
}
