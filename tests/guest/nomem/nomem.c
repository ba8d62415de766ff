// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Makes one function of the kernel return 0 (NULL, false) to one process at
 * once, as if there were no memory. The stock kernels cannot inject faults.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>

static char *function;
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "The function that fails");

static int pid;
module_param(pid, int, 0444);
MODULE_PARM_DESC(pid, "The process for which it does");

static noinline unsigned long nothing(void)
{
	return 0;
}

/* Go there instead: it returns to the caller. */
static int before(struct kprobe *probe, struct pt_regs *regs)
{
	if (in_serving_softirq() || task_tgid_nr(current) != pid)
		return 0;
	instruction_pointer_set(regs, (unsigned long)nothing);
	return 1;
}
NOKPROBE_SYMBOL(before);

/* The kernel turns a probe without this into a jump, which goes nowhere else. */
static void after(struct kprobe *probe, struct pt_regs *regs,
		  unsigned long flags)
{
}
NOKPROBE_SYMBOL(after);

static struct kprobe probe = { .pre_handler = before, .post_handler = after };

static int __init nomem_init(void)
{
	if (!function)
		return -EINVAL;
	probe.symbol_name = function;
	return register_kprobe(&probe);
}

static void __exit nomem_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(nomem_init);
module_exit(nomem_exit);

MODULE_DESCRIPTION("Fails allocations of a test");
MODULE_LICENSE("Dual BSD/GPL");
