// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Counts which of the module's edges were passed, whoever passes them. KCOV
 * would follow the calling task alone, and half of the module runs in NAPI, in
 * a timer or in another's transmission; so this takes the place of KCOV's own
 * hook. A program maps /sys/kernel/debug/if_tap_coverage: a byte for each
 * address of the module's code near __sanitizer_cov_trace_pc, which is at the
 * middle.
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#define SIZE (4u << 20)

static u8 *map;
static struct dentry *dentry;

void __sanitizer_cov_trace_pc(void);

void notrace __sanitizer_cov_trace_pc(void)
{
	u8 *counters = READ_ONCE(map);
	unsigned long at = _RET_IP_ -
			   (unsigned long)__sanitizer_cov_trace_pc + SIZE / 2;

	if (counters && at < SIZE && counters[at] < 255)
		counters[at]++;
}

static int coverage_mmap(struct file *file, struct vm_area_struct *vma)
{
	return remap_vmalloc_range(vma, map, vma->vm_pgoff);
}

static const struct file_operations coverage_fops = {
	.owner = THIS_MODULE,
	.mmap = coverage_mmap,
};

static int param_set(const char *text, const struct kernel_param *param)
{
	if (map)
		return -EBUSY;
	map = vmalloc_user(SIZE);
	if (!map)
		return -ENOMEM;
	dentry = debugfs_create_file_unsafe("if_tap_coverage", 0600, NULL, NULL,
					    &coverage_fops);
	return 0;
}

static const struct kernel_param_ops param_ops = { .set = param_set };
module_param_cb(coverage, &param_ops, NULL, 0200);
MODULE_PARM_DESC(coverage, "Set at load, makes /sys/kernel/debug/if_tap_coverage");

void iftap_cleanup(void);

/* Kbuild has renamed main.c's: nothing passes an edge after it. */
void __exit cleanup_module(void)
{
	u8 *counters = map;

	iftap_cleanup();
	debugfs_remove(dentry);
	WRITE_ONCE(map, NULL);
	vfree(counters);
}
