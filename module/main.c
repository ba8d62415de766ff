// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Load and unload. rmmod is refused by the core while a descriptor is open;
 * once it goes through, no new one can be had: node.c's file operations name
 * this module as their owner.
 */
#include <linux/module.h>
#include <net/rtnetlink.h>
#include "iftap.h"

static int __init iftap_init(void)
{
	int err;

	err = iftap_unit_init();
	if (err)
		return err;
	err = iftap_sysctl_init();
	if (err)
		goto err_unit;
	err = rtnl_link_register(&iftap_link_ops);
	if (err)
		goto err_sysctl;
	err = iftap_tunchar_init();
	if (err)
		goto err_link;
	err = iftap_node_init();
	if (err)
		goto err_tunchar;
	iftap_tunchar_allow();
	return 0;

err_tunchar:
	iftap_tunchar_fini();
err_link:
	rtnl_link_unregister(&iftap_link_ops);
err_sysctl:
	iftap_sysctl_fini();
err_unit:
	iftap_unit_fini();
	return err;
}

/* Unregistering the link kind destroys every unit in every namespace. */
static void __exit iftap_exit(void)
{
	iftap_node_fini();
	iftap_tunchar_fini();
	rtnl_link_unregister(&iftap_link_ops);
	iftap_sysctl_fini();
	iftap_unit_fini();
}

module_init(iftap_init);
module_exit(iftap_exit);

MODULE_DESCRIPTION("Ethernet tap: an interface whose other end is a file");
MODULE_LICENSE("Dual BSD/GPL");
MODULE_VERSION(IFTAP_VERSION);
