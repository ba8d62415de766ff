// SPDX-License-Identifier: BSD-2-Clause
/*
 * tapctl dump: frames as they pass, a line each or into a pcap file.
 *
 * libpcap does not tell which way a frame goes, so there are two captures,
 * one for each way, and their frames are merged by time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/filter.h>
#include <pcap/pcap.h>

#include "tapctl.h"

#define SNAPLEN		262144

enum { IN, OUT, NWAYS };

struct way {
	pcap_t *pcap;
	/* the frame that is next, libpcap's until we ask for another */
	const u_char *data;
	struct pcap_pkthdr *head;
};

struct dump {
	const char *name;	/* the interface's, for the user */
	const char *ifname;	/* the same, for the kernel */
	const char *file;	/* NULL: print lines */
	uint32_t limit;		/* 0: none */
	char *filter;
	struct way ways[NWAYS];
	pcap_dumper_t *dumper;
	uint32_t count;
};

static const char *protocol(unsigned int type)
{
	switch (type) {
	case 0x0800: return "IPv4";
	case 0x0806: return "ARP";
	case 0x8100: return "VLAN";
	case 0x86dd: return "IPv6";
	case 0x8863: return "PPPoE-discovery";
	case 0x8864: return "PPPoE";
	case 0x88a8: return "QinQ";
	case 0x88cc: return "LLDP";
	default: return type < 0x0600 ? "802.3" : "-";
	}
}

static void print_frame(const struct way *way, bool out)
{
	char src[MAC_STRLEN], dst[MAC_STRLEN], clock[16];
	time_t seconds = way->head->ts.tv_sec;
	const u_char *frame = way->data;
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	printf("%s.%06ld %-3s ", clock, (long)way->head->ts.tv_usec,
	       out ? "out" : "in");
	if (way->head->caplen < ETH_HLEN) {
		printf("length %u\n", way->head->len);
		return;
	}
	printf("%s > %s %s 0x%02x%02x length %u\n",
	       format_mac(frame + ETH_ALEN, src), format_mac(frame, dst),
	       protocol(frame[12] << 8 | frame[13]), frame[12], frame[13],
	       way->head->len);
}

/* Capturing */

static int activate_failed(const struct dump *d, pcap_t *pcap, int err)
{
	switch (err) {
	case PCAP_ERROR_IFACE_NOT_UP:
		return fail("%s: it is down, no frame can pass; "
			    "bring it up with `ip link set %s up`",
			    d->name, d->name);
	case PCAP_ERROR_PERM_DENIED:
		return fail("%s: a capture is not permitted; it needs CAP_NET_RAW: run it as root",
			    d->name);
	default:
		return fail("%s: no capture: %s; is it still there?", d->name,
			    pcap_geterr(pcap));
	}
}

static int attach(const struct dump *d, pcap_t *pcap,
		  const struct bpf_program *program)
{
	struct sock_fprog fprog = {
		.len = program->bf_len,
		/* the same instructions under another name */
		.filter = (struct sock_filter *)program->bf_insns,
	};

	if (setsockopt(pcap_fileno(pcap), SOL_SOCKET, SO_ATTACH_FILTER, &fprog,
		       sizeof(fprog)))
		return fail("%s: the kernel does not take the filter: %m",
			    d->name);
	return 0;
}

/*
 * Only the kernel can tell the direction, so it gets the filter by hand:
 * pcap_setfilter() would run it over the first frames again, here, where they
 * all fail it. What came before there was a filter is thrown away.
 */
static int attach_cleanly(const struct dump *d, pcap_t *pcap,
			  const struct bpf_program *program)
{
	struct bpf_insn nothing[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct bpf_program closed = { ARRAY_SIZE(nothing), nothing };
	struct pcap_pkthdr *head;
	const u_char *data;
	int status;

	status = attach(d, pcap, &closed);
	if (status)
		return status;
	while (pcap_next_ex(pcap, &head, &data) > 0)
		;
	return attach(d, pcap, program);
}

static int compile(pcap_t *pcap, struct bpf_program *program, const char *text)
{
	if (pcap_compile(pcap, program, text, 1, PCAP_NETMASK_UNKNOWN))
		return fail("filter (%s): %s; pcap-filter(7) has the language",
			    text, pcap_geterr(pcap));
	return 0;
}

static int set_filter(const struct dump *d, pcap_t *pcap, bool out)
{
	const char *way = out ? "outbound" : "inbound";
	struct bpf_program program;
	char *text;
	int status;

	/* First as the user wrote it, for errors to be about that. */
	if (d->filter) {
		status = compile(pcap, &program, d->filter);
		if (status)
			return status;
		pcap_freecode(&program);
	}
	if (asprintf(&text, d->filter ? "%s and (%s)" : "%s", way,
		     d->filter) < 0)
		return fail("filter: %s", strerror(ENOMEM));
	status = compile(pcap, &program, text);
	if (!status) {
		status = attach_cleanly(d, pcap, &program);
		pcap_freecode(&program);
	}
	free(text);
	return status;
}

static int way_open(struct dump *d, int which)
{
	char text[PCAP_ERRBUF_SIZE];
	pcap_t *pcap;
	int err;

	pcap = pcap_create(d->ifname, text);
	if (!pcap)
		return fail("%s: no capture: %s", d->name, text);
	d->ways[which].pcap = pcap;
	pcap_set_snaplen(pcap, SNAPLEN);
	pcap_set_immediate_mode(pcap, 1);
	err = pcap_activate(pcap);
	if (err < 0)
		return activate_failed(d, pcap, err);
	if (pcap_setnonblock(pcap, 1, text))
		return fail("%s: no capture: %s", d->name, text);
	return set_filter(d, pcap, which == OUT);
}

/* Have the next frame at hand, if there is one. Return an exit status. */
static int way_fetch(const struct dump *d, struct way *way)
{
	int got;

	if (way->data)
		return 0;
	got = pcap_next_ex(way->pcap, &way->head, &way->data);
	if (got > 0)
		return 0;
	way->data = NULL;
	if (got < 0)
		return fail("%s: the capture ends: %s", d->name,
			    pcap_geterr(way->pcap));
	return 0;
}

/*
 * A frame is visible once it has passed. When looking one way and then the
 * other finds a frame only there, an earlier one may have come here between:
 * so look here again.
 */
static int fetch(struct dump *d)
{
	int status = way_fetch(d, &d->ways[IN]);

	if (!status)
		status = way_fetch(d, &d->ways[OUT]);
	if (!status && d->ways[OUT].data)
		status = way_fetch(d, &d->ways[IN]);
	return status;
}

static bool later(const struct pcap_pkthdr *a, const struct pcap_pkthdr *b)
{
	return timercmp(&a->ts, &b->ts, >);
}

/* Deal with the frame that came first. False: there is none. */
static bool take_one(struct dump *d)
{
	struct way *in = &d->ways[IN], *out = &d->ways[OUT];
	struct way *way = in;

	if (!in->data || (out->data && later(in->head, out->head)))
		way = out;
	if (!way->data)
		return false;
	if (d->dumper)
		pcap_dump((u_char *)d->dumper, way->head, way->data);
	else
		print_frame(way, way == out);
	way->data = NULL;
	d->count++;
	return true;
}

static int flush(const struct dump *d)
{
	if (d->dumper ? pcap_dump_flush(d->dumper) : fflush(stdout))
		return fail("%s: %m; what it has is not complete",
			    d->file ? d->file : "standard output");
	return 0;
}

/*
 * How often to look without being woken, or NULL. libpcap asks for that while
 * the interface is down, to see whether it still exists; once a millisecond,
 * which is more than anybody needs.
 */
static const struct timespec *look_after(const struct dump *d)
{
	static const struct timespec now_and_then = { 0, 50000000 };
	int i;

	for (i = 0; i < NWAYS; i++)
		if (pcap_get_required_select_timeout(d->ways[i].pcap))
			return &now_and_then;
	return NULL;
}

static int capture(struct dump *d)
{
	struct pollfd fds[NWAYS] = {
		{ pcap_get_selectable_fd(d->ways[IN].pcap), POLLIN, 0 },
		{ pcap_get_selectable_fd(d->ways[OUT].pcap), POLLIN, 0 },
	};
	int status;

	while (!interrupted()) {
		status = fetch(d);
		if (status)
			return status;
		if (take_one(d)) {
			if (d->limit && d->count == d->limit)
				break;
			continue;
		}
		status = flush(d);
		if (status)
			return status;
		interrupt_poll(fds, NWAYS, look_after(d));
	}
	return flush(d);
}

static void print_counts(const struct dump *d)
{
	unsigned int dropped = 0;
	struct pcap_stat st;
	int i;

	for (i = 0; i < NWAYS; i++)
		if (!pcap_stats(d->ways[i].pcap, &st))
			dropped += st.ps_drop;
	fprintf(stderr, "%u frames captured, %u missed for want of room\n",
		d->count, dropped);
}

/* The command */

static char *join(char *words[], int count)
{
	size_t len = 1;
	char *text;
	int i;

	for (i = 0; i < count; i++)
		len += strlen(words[i]) + 1;
	text = calloc(1, len);
	for (i = 0; text && i < count; i++) {
		strcat(text, words[i]);
		if (i + 1 < count)
			strcat(text, " ");
	}
	return text;
}

static int parse_words(struct dump *d, int argc, char *argv[])
{
	int i;

	for (i = 2; i < argc; i += 2) {
		bool w = !strcmp(argv[i], "-w"), c = !strcmp(argv[i], "-c");

		if (!w && !c)
			break;
		if (i + 1 == argc)
			return usage_fail("dump", "%s: its value is missing",
					  argv[i]);
		if (w)
			d->file = argv[i + 1];
		else if (!parse_uint(argv[i + 1], 1, UINT32_MAX, &d->limit))
			return usage_fail("dump", "-c (%s): not a number of frames",
					  argv[i + 1]);
	}
	if (i < argc) {
		d->filter = join(argv + i, argc - i);
		if (!d->filter)
			return fail("filter: %s", strerror(ENOMEM));
	}
	return 0;
}

static int dump_open(struct dump *d)
{
	int status;

	if (d->file && !strcmp(d->file, "-") && isatty(STDOUT_FILENO))
		return fail("-w (-): standard output is a terminal; send it to a file or a pipe");
	status = way_open(d, IN);
	if (!status)
		status = way_open(d, OUT);
	if (status || !d->file)
		return status;
	d->dumper = pcap_dump_open(d->ways[IN].pcap, d->file);
	if (!d->dumper)
		return fail("-w (%s): %s; name a file that can be written",
			    d->file, pcap_geterr(d->ways[IN].pcap));
	return 0;
}

static void dump_close(struct dump *d)
{
	int i;

	if (d->dumper)
		pcap_dump_close(d->dumper);
	for (i = 0; i < NWAYS; i++)
		if (d->ways[i].pcap)
			pcap_close(d->ways[i].pcap);
	free(d->filter);
}

int dump_main(int argc, char *argv[])
{
	struct dump d = { 0 };
	struct link link;
	int status;

	if (argc < 2)
		return name_missing("dump");
	status = parse_words(&d, argc, argv);
	if (!status)
		status = link_find(argv[1], &link);
	if (!status) {
		d.name = link.name;
		d.ifname = link.ifname;
		interrupt_catch();
		status = dump_open(&d);
		if (!status) {
			status = capture(&d);
			print_counts(&d);
		}
	}
	dump_close(&d);
	return status;
}
