/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the programs that press the module share: units and links by system
 * calls only, so that little else happens between a fault that is armed and
 * the call it is meant for. Functions return a negative errno when they fail.
 */
#ifndef KIT_H
#define KIT_H

#include <stddef.h>
#include <stdint.h>

#include <net/if_tap.h>

#define KIT_RING_SIZE TAP_RING_MIN

/* A unit's ring as this process has it mapped. */
struct kit_ring {
	const struct tapring_kernel *kernel;
	struct tapring_user *user;
	unsigned char *out;
	unsigned char *in;
	uint64_t consumed;	/* outbound */
	uint64_t produced;	/* inbound */
};

/* Units */
void kit_node(const char *path, unsigned int minor);
int kit_open(const char *path, int flags);
int kit_tun(const char *name, unsigned int flags);
int kit_ring_make(int fd, unsigned int flags);
int kit_ring_map(int fd, struct kit_ring *ring);
void kit_ring_unmap(struct kit_ring *ring);
int kit_ring_put(struct kit_ring *ring, const void *frame, size_t len);
int kit_ring_get(struct kit_ring *ring);
size_t kit_frame(unsigned char *frame, size_t len);
int kit_packet_socket(const char *name, int bypass);

/* Links, in the calling thread's network namespace */
int kit_link_add(const char *name, unsigned int queues);
int kit_link_del(const char *name);
int kit_link_move(const char *name, int netns);
int kit_link_get(const char *name);
int kit_link_rename(const char *from, const char *to);
int kit_link_mtu(const char *name, int mtu);
int kit_link_qlen(const char *name, int len);
int kit_link_flags(const char *name, unsigned int set, unsigned int clear);
int kit_link_address(const char *name, const char *address);
int kit_link_stats(const char *name);
int kit_link_exists(const char *name);
int kit_bridge_add(const char *bridge);
int kit_bridge_del(const char *bridge);
int kit_bridge_port(const char *bridge, const char *name, int join);

/* The module */
int kit_module_load(const char *ko);
int kit_module_unload(void);
int kit_module_users(void);
int kit_units(void);

/*
 * From here on this program may lock the memory of one ring beside one that is
 * just being closed: what is not given back makes the next fail.
 */
void kit_limit_memory(void);

/* Text */
const char *kit_errno_name(int number);
void kit_write_file(const char *path, const char *text);

#endif
