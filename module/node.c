// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Character device numbers and the nodes that devtmpfs shows for them:
 * /dev/tap, /dev/tapN and /dev/vmnetN for the first few units. A node is a
 * name only: its unit is made when it is opened, and one made by mknod(1)
 * does as well.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/kdev_t.h>
#include <linux/module.h>
#include "iftap.h"

static uint major;
module_param(major, uint, 0444);
MODULE_PARM_DESC(major, "Character device major number (0: any that is free)");

static uint taps = 2;
module_param(taps, uint, 0444);
MODULE_PARM_DESC(taps, "How many /dev/tapN nodes to make (2)");

static uint vmnets = 2;
module_param(vmnets, uint, 0444);
MODULE_PARM_DESC(vmnets, "How many /dev/vmnetN nodes to make (2)");

static ushort node_mode = 0600;
module_param(node_mode, ushort, 0444);
MODULE_PARM_DESC(node_mode, "Mode of the nodes (0600)");

static uint node_uid;
module_param(node_uid, uint, 0444);
MODULE_PARM_DESC(node_uid, "Owner of the nodes (0)");

static uint node_gid;
module_param(node_gid, uint, 0444);
MODULE_PARM_DESC(node_gid, "Group of the nodes (0)");

#define NMINORS (1u << MINORBITS)

static struct class *node_class;
static struct cdev *node_cdev;
static dev_t first;	/* minor 0 */

/* On removal devtmpfs asks for the name only. */
static char *devnode(IFTAP_DEVNODE_CONST struct device *dev, umode_t *mode,
		     kuid_t *uid, kgid_t *gid)
{
	if (!mode)
		return NULL;
	*mode = node_mode & 0777;
	*uid = make_kuid(&init_user_ns, node_uid);
	*gid = make_kgid(&init_user_ns, node_gid);
	return NULL;
}

static void release(struct device *dev)
{
	kfree(dev);
}

static const struct device_type node_type = {
	.name = "if_tap_node",
	.devnode = devnode,
	.release = release,
};

/* Make the node @name, or @name with the number appended if that is >= 0. */
static int node_add(unsigned int minor, const char *name, int number)
{
	struct device *dev;
	int err;

	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return -ENOMEM;
	device_initialize(dev);
	dev->class = node_class;
	dev->type = &node_type;
	dev->devt = MKDEV(MAJOR(first), minor);
	if (number < 0)
		err = dev_set_name(dev, "%s", name);
	else
		err = dev_set_name(dev, "%s%d", name, number);
	if (!err)
		err = device_add(dev);
	if (err)
		put_device(dev);
	return err;
}

static void nodes_remove(void)
{
	struct device *dev;

	while ((dev = class_find_device(node_class, NULL, NULL,
					device_match_any))) {
		device_unregister(dev);
		put_device(dev);
	}
}

static int nodes_add(void)
{
	unsigned int i;
	int err;

	err = node_add(TAP_MINOR_CLONE, "tap", -1);
	for (i = 0; !err && i < min(taps, TAP_UNIT_MAX + 1u); i++)
		err = node_add(i, "tap", i);
	for (i = 0; !err && i < min(vmnets, VMNET_UNIT_MAX + 1u); i++)
		err = node_add(TAP_MINOR_VMNET | i, "vmnet", i);
	if (err)
		nodes_remove();
	return err;
}

static int region_get(void)
{
	if (!major)
		return alloc_chrdev_region(&first, 0, NMINORS, IFTAP_NAME);
	first = MKDEV(major, 0);
	return register_chrdev_region(first, NMINORS, IFTAP_NAME);
}

int iftap_node_init(void)
{
	int err;

	if (!uid_valid(make_kuid(&init_user_ns, node_uid)) ||
	    !gid_valid(make_kgid(&init_user_ns, node_gid))) {
		pr_err(IFTAP_NAME ": node_uid=%u node_gid=%u: no such user or group, give others\n",
		       node_uid, node_gid);
		return -EINVAL;
	}
	err = region_get();
	if (err)
		return err;
	err = -ENOMEM;
	node_cdev = cdev_alloc();
	if (!node_cdev)
		goto err_put_region;
	node_cdev->owner = THIS_MODULE;
	node_cdev->ops = &iftap_chardev_fops;
	node_class = iftap_class_create(IFTAP_NAME);
	if (IS_ERR(node_class)) {
		err = PTR_ERR(node_class);
		goto err_put_cdev;
	}
	err = nodes_add();
	if (err)
		goto err_destroy_class;
	/* Last: from here on there can be descriptors, and no way back. */
	err = cdev_add(node_cdev, first, NMINORS);
	if (err)
		goto err_remove_nodes;
	return 0;

err_remove_nodes:
	nodes_remove();
err_destroy_class:
	class_destroy(node_class);
err_put_cdev:
	kobject_put(&node_cdev->kobj);
err_put_region:
	unregister_chrdev_region(first, NMINORS);
	return err;
}

void iftap_node_fini(void)
{
	nodes_remove();
	cdev_del(node_cdev);
	class_destroy(node_class);
	unregister_chrdev_region(first, NMINORS);
}
