// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the library's errors mean and what to do about them. The table has
 * those that say more here than strerror(3) does.
 */
#include <errno.h>
#include <string.h>

#include "private.h"

static const struct {
	int err;
	const char *text;
} texts[] = {
	{ EAGAIN, "no frame is waiting; wait with iftap_wait() or poll()" },
	{ ENOBUFS, "the ring is full, or too large to lock: submit and wait "
		   "for POLLOUT; at open, raise RLIMIT_MEMLOCK (ulimit -l) or "
		   "ask for smaller rings" },
	{ EHOSTDOWN, "the interface was deleted; close the tap and open it "
		     "again" },
	{ EBADMSG, "the ring is broken: positions or records in it cannot be; "
		   "close the tap and open it again" },
	{ EBUSY, "in use: another descriptor has the tap or queue open or has "
		 "made its ring, see /sys/class/net/NAME/if_tap/opened_by; or "
		 "frames must be released before waiting for more" },
	{ EOPNOTSUPP, "not without a ring, or not for a frame with this "
		      "offload header; open without IFTAP_NO_RING, or see "
		      "iftap_offload(3)" },
	{ EMSGSIZE, "a frame has 14 to 65557 bytes and must fit into the ring; "
		    "use a larger in_size" },
	{ ENFILE, "all numbers of taps are taken, or the machine has no room for "
		  "open files; delete interfaces (ip link delete), or see "
		  "fs.file-max" },
	{ ENOENT, "no such node; load the module (modprobe if_tap), or make "
		  "the node with tapctl(8)" },
	{ ENODEV, "no such interface in this network namespace" },
	{ ENXIO, "no unit has this minor number, or the module is not loaded "
		 "(modprobe if_tap)" },
	{ EPERM, "not permitted: needs CAP_NET_ADMIN, or "
		 "net.link.tap.user_open=1 to open a tap; IFTAP_KERNEL_POLL "
		 "needs CAP_NET_ADMIN in the initial user namespace" },
	{ EACCES, "the node's mode forbids it; change that (chmod, udev, the "
		  "module's node_mode), or become root" },
	{ EEXIST, "another driver's interface has this name; use another "
		  "number, or /dev/tap for a free one" },
	{ EINVAL, "an argument cannot be: a name that is neither tapN, vmnetN "
		  "nor a path, unknown flags, a ring size that is no power of "
		  "two, or a frame that does not fit" },
	{ E2BIG, "the program asks for options this libiftap does not know; "
		 "install the one it was built for" },
	{ ENOTTY, "the descriptor is not a tap, or the module is older than "
		  "this call; use IFTAP_NO_RING or a newer if_tap" },
	{ EBADF, "not an open descriptor, or not an eventfd" },
	{ EBADFD, "the descriptor is not attached to an interface; TUNSETIFF "
		  "comes first" },
};

EXPORT const char *iftap_strerror(int err)
{
	unsigned int i;

	if (err < 0)
		err = -err;
	for (i = 0; i < COUNT(texts); i++)
		if (texts[i].err == err)
			return texts[i].text;
	return err ? strerror(err) : "success";
}
