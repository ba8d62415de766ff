// SPDX-License-Identifier: BSD-2-Clause
/*
 * responder: a whole host in one small program. It sits at the far end of a
 * tap, and the machine's own network stack can talk to it. Start it, then:
 *
 *	ip link set tap0 up
 *	ip address add 192.0.2.1/24 dev tap0; ping 192.0.2.2
 *	ip address add 2001:db8::1/64 dev tap0; ping 2001:db8::2
 *
 * It answers ARP and IPv6 neighbour discovery (or nobody would know where to
 * send to), ping, and UDP to port 7, which it sends back. It knows no
 * fragments, no options, and no UDP without a checksum. Read main() first.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <net/if_tap.h>

static uint8_t our_mac[ETH_ALEN];
static struct in_addr our_ip4;
static struct in6_addr our_ip6;

/*
 * The frame that was read, which is made its answer where it lies. It begins
 * two bytes late: after 14 bytes of Ethernet header the packet is aligned.
 */
static uint8_t buffer[2 + TAPMRU] __attribute__((aligned(4)));
static uint8_t *const frame = buffer + 2;
static void *const packet = buffer + 2 + ETH_HLEN;

/* Add bytes to an Internet checksum, as the 16-bit numbers they are sent as. */
static uint32_t sum(uint32_t start, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++)
		start += i % 2 ? p[i] : p[i] << 8;
	return start;
}

/*
 * The checksum that goes into a packet; 0 if it was in already and is right.
 * Above IP it begins with the addresses, so that what went astray is noticed.
 */
static uint16_t checksum(uint32_t start, const void *bytes, size_t len)
{
	uint32_t s = sum(start, bytes, len);

	s = (s >> 16) + (s & 0xffff);
	return htons(~(s + (s >> 16)) & 0xffff);
}

/*
 * What is above IP: to be answered to where it came from. A sum does not care
 * for the order, so UDP's is still right when ports and addresses are traded.
 * Return what it was, NULL if it gets no answer.
 */
static const char *answer_message(uint8_t protocol, void *message, size_t len,
				  uint32_t start)
{
	struct icmp6_hdr *icmp = message;	/* IPv4's looks the same */
	struct udphdr *udp = message;
	uint16_t from;

	if (len < sizeof(*udp) || checksum(start, message, len))
		return NULL;
	if (protocol == IPPROTO_UDP) {
		from = udp->uh_sport;
		if (ntohs(udp->uh_ulen) != len || udp->uh_dport != htons(7) ||
		    from == htons(7))	/* or it would never end */
			return NULL;
		udp->uh_sport = udp->uh_dport;
		udp->uh_dport = from;
		return "UDP";
	}
	if (protocol == IPPROTO_ICMP && icmp->icmp6_type == ICMP_ECHO)
		icmp->icmp6_type = ICMP_ECHOREPLY;
	else if (protocol == IPPROTO_ICMPV6 &&
		 icmp->icmp6_type == ICMP6_ECHO_REQUEST)
		icmp->icmp6_type = ICMP6_ECHO_REPLY;
	else
		return NULL;
	icmp->icmp6_cksum = 0;
	icmp->icmp6_cksum = checksum(start, message, len);
	return "ping";
}

static void report(const char *what, int family, const void *from)
{
	char name[INET6_ADDRSTRLEN];

	inet_ntop(family, from, name, sizeof(name));
	printf("%s from %s\n", what, name);
}

/*
 * From here on @len bytes of packet become an answer, whose length is returned
 * or 0. A length that a packet claims is compared with @len, then believed.
 *
 * "Who has this IPv4 address?" We, at this MAC address.
 */
static size_t answer_arp(size_t len)
{
	/* Ethernet, IPv4, the lengths of their addresses, a request */
	static const uint8_t expected[] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	struct ether_arp *arp = packet;

	if (len < sizeof(*arp) || memcmp(arp, expected, sizeof(expected)) ||
	    memcmp(arp->arp_tpa, &our_ip4, sizeof(our_ip4)))
		return 0;
	report("ARP request", AF_INET, arp->arp_spa);
	arp->arp_op = htons(ARPOP_REPLY);
	memcpy(arp->arp_tha, arp->arp_sha, ETH_ALEN);
	memcpy(arp->arp_tpa, arp->arp_spa, sizeof(our_ip4));
	memcpy(arp->arp_sha, our_mac, ETH_ALEN);
	memcpy(arp->arp_spa, &our_ip4, sizeof(our_ip4));
	return sizeof(*arp);
}

static size_t answer_ip4(size_t len)
{
	struct ip *ip = packet;
	uint32_t start = 0;
	const char *what;
	size_t total;

	if (len < sizeof(*ip) || ip->ip_v != 4 || ip->ip_hl != 5)
		return 0;
	total = ntohs(ip->ip_len);	/* padding may follow the packet */
	if (total < sizeof(*ip) || total > len || checksum(0, ip, sizeof(*ip)))
		return 0;
	if (ip->ip_off & htons(IP_MF | IP_OFFMASK) ||
	    ip->ip_dst.s_addr != our_ip4.s_addr || !ip->ip_src.s_addr ||
	    ntohl(ip->ip_src.s_addr) >= 0xe0000000)	/* 224.0.0.0 */
		return 0;
	len = total - sizeof(*ip);
	if (ip->ip_p != IPPROTO_ICMP)
		start = sum(ip->ip_p + len, packet + 12, 8); /* addresses */
	what = answer_message(ip->ip_p, ip + 1, len, start);
	if (!what)
		return 0;
	report(what, AF_INET, &ip->ip_src);
	ip->ip_dst = ip->ip_src;
	ip->ip_src = our_ip4;
	ip->ip_ttl = IPDEFTTL;
	ip->ip_sum = 0;
	ip->ip_sum = checksum(0, ip, sizeof(*ip));
	return total;
}

/* IPv6's ARP, by ICMPv6; the hop limit shows that no router passed it on. */
static size_t answer_neighbour(struct ip6_hdr *ip, size_t len, uint32_t start)
{
	struct nd_neighbor_advert *msg = (void *)(ip + 1);
	uint8_t *option = (uint8_t *)(msg + 1);

	if (len < sizeof(*msg) || checksum(start, msg, len) ||
	    ip->ip6_hlim != 255 || msg->nd_na_code ||
	    !IN6_ARE_ADDR_EQUAL(&msg->nd_na_target, &our_ip6))
		return 0;
	report("neighbour solicitation", AF_INET6, &ip->ip6_src);
	msg->nd_na_type = ND_NEIGHBOR_ADVERT;	/* otherwise of the same form */
	msg->nd_na_flags_reserved = ND_NA_FLAG_OVERRIDE | ND_NA_FLAG_SOLICITED;
	option[0] = ND_OPT_TARGET_LINKADDR;
	option[1] = 1;		/* eight bytes in all */
	memcpy(option + 2, our_mac, ETH_ALEN);

	len = sizeof(*msg) + 8;
	ip->ip6_plen = htons(len);
	ip->ip6_dst = ip->ip6_src;
	ip->ip6_src = our_ip6;
	start = sum(IPPROTO_ICMPV6 + len, packet + 8, 32);
	msg->nd_na_cksum = 0;
	msg->nd_na_cksum = checksum(start, msg, len);
	return sizeof(*ip) + len;
}

static size_t answer_ip6(size_t len)
{
	struct ip6_hdr *ip = packet;
	const char *what;
	uint32_t start;

	if (len < sizeof(*ip) || ip->ip6_vfc >> 4 != 6 ||
	    ntohs(ip->ip6_plen) > len - sizeof(*ip) ||
	    IN6_IS_ADDR_UNSPECIFIED(&ip->ip6_src) ||
	    IN6_IS_ADDR_MULTICAST(&ip->ip6_src))
		return 0;
	len = ntohs(ip->ip6_plen);
	start = sum(ip->ip6_nxt + len, packet + 8, 32);	/* the addresses */
	if (len && ip->ip6_nxt == IPPROTO_ICMPV6 &&
	    *(uint8_t *)(ip + 1) == ND_NEIGHBOR_SOLICIT)
		return answer_neighbour(ip, len, start);
	if (!IN6_ARE_ADDR_EQUAL(&ip->ip6_dst, &our_ip6))
		return 0;
	what = answer_message(ip->ip6_nxt, ip + 1, len, start);
	if (!what)
		return 0;
	report(what, AF_INET6, &ip->ip6_src);
	ip->ip6_dst = ip->ip6_src;
	ip->ip6_src = our_ip6;
	ip->ip6_hlim = IPDEFTTL;
	return sizeof(*ip) + len;
}

static size_t answer(size_t len)
{
	struct ether_header *eth = (void *)frame;

	/* The lowest bit of an address says that it is a group's. */
	if (len < ETH_HLEN || eth->ether_shost[0] & 1 ||
	    (memcmp(eth->ether_dhost, our_mac, ETH_ALEN) &&
	     !(eth->ether_dhost[0] & 1)))
		return 0;
	len -= ETH_HLEN;
	switch (ntohs(eth->ether_type)) {
	case ETHERTYPE_ARP:	len = answer_arp(len); break;
	case ETHERTYPE_IP:	len = answer_ip4(len); break;
	case ETHERTYPE_IPV6:	len = answer_ip6(len); break;
	default:		return 0;
	}
	memcpy(eth->ether_dhost, eth->ether_shost, ETH_ALEN);
	memcpy(eth->ether_shost, our_mac, ETH_ALEN);
	return len ? len + ETH_HLEN : 0;
}

/*
 * Opening makes the interface and plugs the cable in for as long as we stay.
 * Both ends need a MAC address, and not the same: the driver tells the
 * interface's; we set the bit that marks those made up locally, and turn over
 * another one in case it was set. The driver shows it beside its own.
 */
static int open_tap(const char *device, struct ifreq *ifr)
{
	int tap = open(device, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int ok = tap >= 0 && !ioctl(tap, TAPGIFNAME, ifr) &&
		 !ioctl(tap, SIOCGIFADDR, our_mac);

	our_mac[0] |= 0x02;
	our_mac[5] ^= 0x01;
	if (!ok || ioctl(tap, SIOCSIFADDR, our_mac))
		err(1, "%s", device);
	return tap;
}

int main(int argc, char **argv)
{
	const char *ip4 = "192.0.2.2", *ip6 = "2001:db8::2";
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	struct ifreq ifr;
	sigset_t signals;
	ssize_t len;
	int option;

	while ((option = getopt(argc, argv, "i:6:")) != -1) {
		if (option == '?')
			return 2;	/* getopt() has said what is wrong */
		*(option == 'i' ? &ip4 : &ip6) = optarg;
	}
	if (optind < argc - 1)
		errx(2, "usage: responder [-i IPV4] [-6 IPV6] [DEVICE]");
	if (inet_pton(AF_INET, ip4, &our_ip4) != 1 ||
	    inet_pton(AF_INET6, ip6, &our_ip6) != 1)
		errx(2, "%s and %s must be IPv4 and IPv6", ip4, ip6);
	setvbuf(stdout, NULL, _IOLBF, 0);
	fds[0].fd = open_tap(optind < argc ? argv[optind] : "/dev/tap0", &ifr);

	sigemptyset(&signals);	/* to be something poll() can wait for */
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	fds[1].fd = signalfd(-1, &signals, SFD_CLOEXEC);

	printf("%s and %s are at the far end of %s\n", ip4, ip6, ifr.ifr_name);
	while (poll(fds, 2, -1) > 0 && !fds[1].revents) {
		len = read(fds[0].fd, frame, TAPMRU);	/* one frame */
		if (len < 0 && errno != EAGAIN)
			err(1, "%s", ifr.ifr_name);	/* it was deleted */
		len = len < 0 ? 0 : answer(len);
		if (len && write(fds[0].fd, frame, len) < 0)
			warn("an answer could not be sent");
	}
	puts("bye");
	return 0;
}
