// SPDX-License-Identifier: BSD-2-Clause
/*
 * Device nodes: which one is a unit's, who made it, and opening it. A node is
 * a name for a number; it makes no unit until it is opened, and means that
 * unit of the opener's network namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "tapctl.h"

/* The module's major number, or -1 if it is not loaded. */
int module_major(void)
{
	bool character = false;
	char line[128], name[64];
	int major, found = -1;
	FILE *file;

	file = fopen("/proc/devices", "re");
	if (!file)
		return -1;
	while (found < 0 && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "Character", 9))
			character = true;
		else if (!strncmp(line, "Block", 5))
			character = false;
		else if (character &&
			 sscanf(line, "%d %63s", &major, name) == 2 &&
			 !strcmp(name, "if_tap"))
			found = major;
	}
	fclose(file);
	return found;
}

int module_missing(void)
{
	return fail("if_tap: the kernel module is not loaded; load it with `modprobe if_tap`");
}

dev_t node_device(int major, enum iftap_kind kind, uint32_t unit)
{
	return makedev(major,
		       kind == IFTAP_KIND_VMNET ? TAP_MINOR_VMNET | unit : unit);
}

const char *node_path(enum iftap_kind kind, uint32_t unit,
		      char path[NODE_PATHLEN])
{
	snprintf(path, NODE_PATHLEN, "/dev/%s%u", kind_word(kind), unit);
	return path;
}

enum node_state node_look(const char *path, dev_t device)
{
	struct stat st;

	if (lstat(path, &st))
		return NODE_ABSENT;
	return S_ISCHR(st.st_mode) && st.st_rdev == device ? NODE_OURS :
							     NODE_FOREIGN;
}

/* Return 0 or -errno. */
int node_make(const char *path, dev_t device)
{
	mode_t mask = umask(0);
	int err = mknod(path, S_IFCHR | 0600, device) ? -errno : 0;

	umask(mask);
	return err;
}

/* Did the module itself make this node (taps=, vmnets=)? */
bool node_is_modules(const char *path)
{
	char entry[64];

	snprintf(entry, sizeof(entry), "/sys/class/if_tap/%s",
		 strrchr(path, '/') + 1);
	return !access(entry, F_OK);
}

static int open_failed(const struct link *link, const char *path)
{
	int err = errno;
	char opener[OPENER_STRLEN];
	struct link now;

	switch (err) {
	case EBUSY:
		if (link_again(link->index, &now) || !now.open)
			return fail("%s (%s): it was open a moment ago; try again",
				    link->name, path);
		return fail("%s (%s): open by %s, and only one can have it; end that program first",
			    link->name, path, link_opener(&now, opener));
	case EPERM:
	case EACCES:
		return fail("%s (%s): %s; "
			    "it needs the node's permission and CAP_NET_ADMIN: run it as root",
			    link->name, path, strerror(err));
	default:
		return fail("%s (%s): %s; check the node with `ls -l %s`",
			    link->name, path, strerror(err), path);
	}
}

/*
 * A node is looked up by number in the namespace where a unit was made. If
 * @link was moved here from another, its number is some other unit's here; do
 * not leave behind one that opening made.
 */
static int check_unit(int fd, const struct link *link, const char *path,
		      bool existed)
{
	struct ifreq ifr = { 0 };
	int gone = 1;

	if (ioctl(fd, TAPGIFNAME, &ifr))
		return fail("%s (%s): %m; it was destroyed meanwhile",
			    link->name, path);
	if ((int)if_nametoindex(ifr.ifr_name) == link->index)
		return 0;
	if (!existed)
		ioctl(fd, TAPSTRANSIENT, &gone);
	return fail("%s (%s): the node is another unit's in this network namespace; "
		    "run this where the interface was made", link->name, path);
}

/* Return a descriptor, or -1 when the user has been told why not. */
int node_open(const struct link *link)
{
	char path[NODE_PATHLEN];
	int major = module_major();
	bool existed;
	dev_t device;
	int fd;

	if (!link->numbered) {
		fail("%s: it has no number, so no device node; only tapN and vmnetN do",
		     link->name);
		return -1;
	}
	if (major < 0) {
		module_missing();
		return -1;
	}
	node_path(link->kind, link->unit, path);
	device = node_device(major, link->kind, link->unit);
	switch (node_look(path, device)) {
	case NODE_ABSENT:
		fail("%s (%s): there is no such node; make it with `mknod -m 600 %s c %u %u`",
		     link->name, path, path, major(device), minor(device));
		return -1;
	case NODE_FOREIGN:
		fail("%s (%s): that is not this unit's device (%u:%u) but something else's; "
		     "move it away", link->name, path, major(device),
		     minor(device));
		return -1;
	case NODE_OURS:
		break;
	}

	existed = if_nametoindex(strrchr(path, '/') + 1);
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		open_failed(link, path);
		return -1;
	}
	if (check_unit(fd, link, path, existed)) {
		close(fd);
		return -1;
	}
	return fd;
}
