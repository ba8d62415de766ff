// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What the host's administrator sets: debug.if_tap_debug and net.link.tap.*.
 * They are host policy: other network namespaces do not see them.
 */
#include <linux/module.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/sysctl.h>
#include "iftap.h"

int iftap_debug_level;
int iftap_user_open;
int iftap_up_on_open;
int iftap_vmnet_hold = 10;

module_param_named(debug, iftap_debug_level, int, 0644);
MODULE_PARM_DESC(debug, "Log what happens to units; as sysctl debug.if_tap_debug");

/* As long as its product with HZ has room. */
static int hold_max = INT_MAX / HZ;

static struct ctl_table debug_table[] = {
	{
		.procname = "if_tap_debug",
		.data = &iftap_debug_level,
		.maxlen = sizeof(int),
		.mode = 0644,
		.proc_handler = proc_dointvec,
	},
	IFTAP_SYSCTL_END
};

static struct ctl_table link_table[] = {
	{
		.procname = "user_open",
		.data = &iftap_user_open,
		.maxlen = sizeof(int),
		.mode = 0644,
		.proc_handler = proc_dointvec_minmax,
		.extra1 = SYSCTL_ZERO,
		.extra2 = SYSCTL_ONE,
	},
	{
		.procname = "up_on_open",
		.data = &iftap_up_on_open,
		.maxlen = sizeof(int),
		.mode = 0644,
		.proc_handler = proc_dointvec_minmax,
		.extra1 = SYSCTL_ZERO,
		.extra2 = SYSCTL_ONE,
	},
	{
		.procname = "vmnet_hold",
		.data = &iftap_vmnet_hold,
		.maxlen = sizeof(int),
		.mode = 0644,
		.proc_handler = proc_dointvec_minmax,
		.extra1 = SYSCTL_ZERO,
		.extra2 = &hold_max,
	},
	IFTAP_SYSCTL_END
};

static struct ctl_table_header *debug_header;
static struct ctl_table_header *link_header;

int iftap_sysctl_init(void)
{
	debug_header = register_sysctl("debug", debug_table);
	if (!debug_header)
		return -ENOMEM;
	link_header = register_net_sysctl(&init_net, "net/link/tap",
					  link_table);
	if (!link_header) {
		unregister_sysctl_table(debug_header);
		return -ENOMEM;
	}
	return 0;
}

void iftap_sysctl_fini(void)
{
	unregister_net_sysctl_table(link_header);
	unregister_sysctl_table(debug_header);
}

void iftap_debug_print(struct iftap_unit *unit, const char *fmt, ...)
{
	struct net_device *dev;
	struct va_format vaf;
	va_list args;

	if (!net_ratelimit())
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	rcu_read_lock();
	dev = rcu_dereference(unit->dev);
	pr_info(IFTAP_NAME ": %s: %pV", dev ? dev->name : "(none)", &vaf);
	rcu_read_unlock();
	va_end(args);
}
