// SPDX-License-Identifier: BSD-2-Clause
/*
 * One request to rtnetlink and what comes back, including the sentence with
 * which newer kernels explain an error (an "extended acknowledgement"). What
 * is in the messages is link.c's business, and that of the commands.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "tapctl.h"

#define ANSWER_SIZE	32768

static char why[256];

struct answer {
	void (*function)(const struct nlmsghdr *nlh, void *data);
	void *data;
};

/*
 * Begin a request.
 * @buf: NETLINK_REQUEST_SIZE bytes, aligned as for struct nlmsghdr
 * @flags: NLM_F_ beside those of every request
 * @ifindex: the interface, or 0
 */
struct nlmsghdr *netlink_new(char *buf, uint16_t type, uint16_t flags,
			     int ifindex)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	/* Of several bits; NLM_F_EXCL is one of them. */
	if ((flags & NLM_F_DUMP) != NLM_F_DUMP)
		nlh->nlmsg_flags |= NLM_F_ACK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = ifindex;
	return nlh;
}

static int parse_ext_ack(const struct nlattr *attr, void *data)
{
	(void)data;
	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING)) {
		snprintf(why, sizeof(why), "%s", mnl_attr_get_str(attr));
		printable(why);
	}
	return MNL_CB_OK;
}

static int got_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	unsigned int offset = sizeof(*err);

	(void)data;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!err->error)
		return MNL_CB_STOP;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += mnl_nlmsg_get_payload_len(&err->msg);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(nlh, offset, parse_ext_ack, NULL);
	errno = -err->error;
	return MNL_CB_ERROR;
}

static int got_message(const struct nlmsghdr *nlh, void *data)
{
	const struct answer *answer = data;

	if (answer->function)
		answer->function(nlh, answer->data);
	return MNL_CB_OK;
}

static int receive(struct mnl_socket *sock, unsigned int seq,
		   struct answer *answer)
{
	/* libmnl deals only with the types beyond this array. */
	mnl_cb_t control[NLMSG_ERROR + 1] = {
		[NLMSG_ERROR] = got_error,
	};
	unsigned int port = mnl_socket_get_portid(sock);
	ssize_t len;
	char *buf;
	int more;

	buf = malloc(ANSWER_SIZE);
	if (!buf)
		return -ENOMEM;
	do {
		len = mnl_socket_recvfrom(sock, buf, ANSWER_SIZE);
		more = len < 0 ? -1 :
		       mnl_cb_run2(buf, len, seq, port, got_message, answer,
				   control, ARRAY_SIZE(control));
	} while (more > 0);
	free(buf);
	return more < 0 ? -errno : 0;
}

static int talk(struct nlmsghdr *request, struct answer *answer)
{
	struct mnl_socket *sock;
	int err, on = 1;

	sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!sock)
		return -errno;
	mnl_socket_setsockopt(sock, NETLINK_EXT_ACK, &on, sizeof(on));
	request->nlmsg_seq = 1;
	if (mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(sock, request, request->nlmsg_len) < 0)
		err = -errno;
	else
		err = receive(sock, request->nlmsg_seq, answer);
	mnl_socket_close(sock);
	return err;
}

/*
 * Send @request and hand each message of the answer to @answer, which may be
 * NULL. Return 0 or the kernel's errno, negative; netlink_fail() explains it.
 * A dump gives EINTR when it was disturbed: what came may lack an interface.
 */
int netlink_talk(struct nlmsghdr *request,
		 void (*answer)(const struct nlmsghdr *nlh, void *data),
		 void *data)
{
	struct answer a = { answer, data };
	int err;

	why[0] = '\0';
	err = talk(request, &a);
	if (err && !why[0])
		snprintf(why, sizeof(why), "%s", strerror(-err));
	return err;
}

/*
 * Tell the user that a request failed with @err: @fmt is what was asked for.
 * Return an exit status.
 */
int netlink_fail(int err, const char *fmt, ...)
{
	char what[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	switch (err) {
	case -EPERM:
		return fail("%s: %s; "
			    "it needs CAP_NET_ADMIN in this network namespace: run it as root",
			    what, why);
	case -ENODEV:
		return fail("%s: the interface has gone; `tapctl list` shows those there are",
			    what);
	case -EADDRNOTAVAIL:
		return fail("%s: %s; "
			    "a MAC address is not a group's (odd first byte) nor zero",
			    what, why);
	case -EOPNOTSUPP:
		return fail("%s: %s; is the loaded module older than tapctl?",
			    what, why);
	default:
		return fail("%s: %s; nothing was changed by this", what, why);
	}
}
