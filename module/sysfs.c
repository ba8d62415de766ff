// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * /sys/class/net/NAME/if_tap/: what a unit is and who has it open, to read; and
 * beside it the three files that Linux's tun has. No show function takes rtnl
 * or a lock held across it: an interface that is being unregistered waits for
 * them with rtnl held.
 */
#include <linux/etherdevice.h>
#include <linux/device.h>
#include "iftap.h"

static struct iftap_unit *unit_of(struct device *dev)
{
	return iftap_netdev_unit(to_net_dev(dev));
}

static ssize_t kind_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	bool vmnet = unit_of(dev)->id.kind == IFTAP_KIND_VMNET;

	return sysfs_emit(buf, "%s\n", vmnet ? "vmnet" : "tap");
}
static DEVICE_ATTR_RO(kind);

/* Empty for a unit without a number. */
static ssize_t unit_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	int number = unit_of(dev)->id.number;

	return number == IFTAP_NO_NUMBER ? 0 : sysfs_emit(buf, "%d\n", number);
}
static DEVICE_ATTR_RO(unit);

/*
 * "pid command", the pid as the reader's namespace has it, 0 if it has it not;
 * nothing if the unit is closed or its opener has exited.
 */
static ssize_t opened_by_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	char comm[TASK_COMM_LEN];
	int pid = iftap_opener_pid(unit_of(dev), comm);

	return pid < 0 ? 0 : sysfs_emit(buf, "%d %s\n", pid, comm);
}
static DEVICE_ATTR_RO(opened_by);

static ssize_t remote_address_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	struct iftap_unit *unit = unit_of(dev);
	u8 remote[ETH_ALEN];

	iftap_opener_remote(unit, remote);
	return sysfs_emit(buf, "%pM\n", remote);
}
static DEVICE_ATTR_RO(remote_address);

static ssize_t transient_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(unit_of(dev)->transient));
}
static DEVICE_ATTR_RO(transient);

static struct attribute *attrs[] = {
	&dev_attr_kind.attr,
	&dev_attr_unit.attr,
	&dev_attr_opened_by.attr,
	&dev_attr_remote_address.attr,
	&dev_attr_transient.attr,
	NULL
};

const struct attribute_group iftap_sysfs_group = {
	.name = IFTAP_NAME,
	.attrs = attrs,
};

static ssize_t tun_flags_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "0x%x\n", iftap_tunif_flags(unit_of(dev)));
}
static DEVICE_ATTR_RO(tun_flags);

/* -1: none. */
static ssize_t owner_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	kuid_t owner = READ_ONCE(unit_of(dev)->owner);

	if (!uid_valid(owner))
		return sysfs_emit(buf, "-1\n");
	return sysfs_emit(buf, "%u\n",
			  from_kuid_munged(current_user_ns(), owner));
}
static DEVICE_ATTR_RO(owner);

static ssize_t group_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	kgid_t group = READ_ONCE(unit_of(dev)->group);

	if (!gid_valid(group))
		return sysfs_emit(buf, "-1\n");
	return sysfs_emit(buf, "%u\n",
			  from_kgid_munged(current_user_ns(), group));
}
static DEVICE_ATTR_RO(group);

static struct attribute *tun_attrs[] = {
	&dev_attr_tun_flags.attr,
	&dev_attr_owner.attr,
	&dev_attr_group.attr,
	NULL
};

static const struct attribute_group tun_group = {
	.attrs = tun_attrs,
};

static const struct attribute_group *groups[] = {
	&tun_group,
	NULL
};

/* An interface has room for one group of its own; its type brings the other. */
const struct device_type iftap_sysfs_type = {
	.groups = groups,
};
