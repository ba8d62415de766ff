/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Every difference between the kernels if_tap is built for, as a named macro
 * or a small function. No other file asks which kernel this is.
 */
#ifndef IFTAP_COMPAT_H
#define IFTAP_COMPAT_H

#include <linux/version.h>
#include <linux/device/class.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/sysctl.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "if_tap needs Linux 6.1 or later"
#endif

/* The positions in a ring are read and written whole. */
#ifndef CONFIG_64BIT
#error "if_tap needs a 64-bit kernel"
#endif

/* 6.6 gave struct netdev_rx_queue a header of its own. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#include <net/netdev_rx_queue.h>
#endif

/* 6.4 dropped the owner argument. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define iftap_class_create(name) class_create(THIS_MODULE, name)
#else
#define iftap_class_create(name) class_create(name)
#endif

/* 6.2 made the device that names its node constant. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define IFTAP_DEVNODE_CONST
#else
#define IFTAP_DEVNODE_CONST const
#endif

/* Until 6.11 an empty entry ended a sysctl table; now it is an error. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define IFTAP_SYSCTL_END { }
#else
#define IFTAP_SYSCTL_END
#endif

/* 6.3 put accessors round vm_flags. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define iftap_vma_flags(vma, set, clear)				\
	((vma)->vm_flags = ((vma)->vm_flags | (set)) & ~(clear))
#else
#define iftap_vma_flags(vma, set, clear) vm_flags_mod(vma, set, clear)
#endif

/* 6.8 signals by one, always. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define iftap_eventfd_signal(ctx) eventfd_signal(ctx, 1)
#else
#define iftap_eventfd_signal(ctx) eventfd_signal(ctx)
#endif

/* 6.3 lets an interface say what XDP can do with it. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define iftap_netdev_xdp_features(dev) do { } while (0)
#else
#define iftap_netdev_xdp_features(dev)					\
	((dev)->xdp_features = NETDEV_XDP_ACT_BASIC |			\
			       NETDEV_XDP_ACT_REDIRECT |		\
			       NETDEV_XDP_ACT_NDO_XMIT)
#endif

/* 6.9 may replace the frame. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
#define iftap_do_xdp_generic(prog, skb) do_xdp_generic(prog, *(skb))
#else
#define iftap_do_xdp_generic(prog, skb) do_xdp_generic(prog, skb)
#endif

/* 6.11 keeps what was per CPU for a BPF program with the task. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
struct iftap_bpf_context { };
#define iftap_bpf_begin(context) ((void)(context))
#define iftap_bpf_end(context) ((void)(context))
#else
struct iftap_bpf_context {
	struct bpf_net_context memory, *current_one;
};
#define iftap_bpf_begin(context)					\
	((context)->current_one = bpf_net_ctx_set(&(context)->memory))
#define iftap_bpf_end(context) bpf_net_ctx_clear((context)->current_one)
#endif

/* 6.2 taught virtio's headers, and <linux/if_tun.h>, UDP segmentation. */
#define IFTAP_TUN_F_USO4 0x20
#define IFTAP_TUN_F_USO6 0x40
#define IFTAP_VIRTIO_NET_HDR_GSO_UDP_L4 5
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define IFTAP_VIRTIO_NET_HAS_USO
#endif

/* 6.12 has frames in a device's memory, which no processor may read. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define iftap_skb_readable(skb) true
#else
#define iftap_skb_readable(skb) skb_frags_readable(skb)
#endif

/*
 * 6.12 allocates a file's SIGIO owner when it is first needed, and ->fasync
 * has to have that done before it uses fasync_helper().
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline int iftap_file_owner_alloc(struct file *file)
{
	return 0;
}

static inline struct fown_struct *iftap_file_owner(struct file *file)
{
	return &file->f_owner;
}
#else
static inline int iftap_file_owner_alloc(struct file *file)
{
	return file_f_owner_allocate(file);
}

static inline struct fown_struct *iftap_file_owner(struct file *file)
{
	return file_f_owner(file);
}
#endif

#endif /* IFTAP_COMPAT_H */
