/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the benchmark share. There are two kinds of part:
 *
 *	ports	ways to move frames between a program and the stack: tun.c,
 *		tap.c, ring.c, uring.c, packet.c, xdp.c, vhost.c
 *	jobs	what is measured with any port: frames.c, flood.c, tcp.c,
 *		scale.c
 *
 * One process measures one thing and exits; nothing is ever torn down by hand.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/if_ether.h>
#include <linux/virtio_net.h>

#define BATCH_MAX	1024
#define UNITS_MAX	4096
/* Frames of 64 KiB come with a header of their own, and want memory. */
#define FRAME_MAX	(ETH_HLEN + 65535)

/*
 * struct frame - a frame in memory
 * @data: its bytes
 * @len: their number
 * @hdr: its offload header, NULL if it is a plain frame. Of a frame to send it
 *	lies right before the bytes
 */
struct frame {
	unsigned char *data;
	unsigned int len;
	struct virtio_net_hdr_v1 *hdr;
};

/*
 * struct port - a way to move frames
 * @name: what bench/run calls it
 * @open: get it, with an interface that is up; sets port_interface
 * @send: give frames to the stack; returns when the port has let go of them,
 *	though the stack may not have seen them yet
 * @receive: take waiting frames, at least one, at most @max. Their bytes stay
 *	until the next call. Sleeps if none wait; 0 if none will come
 * @single: receive() makes a system call a frame, and sleeps for each of @max
 * @ready: wait, with the clock stopped, until what was sent can be received; for
 *	a port where that takes a timer. If receive() shall not wait: until
 *	then nothing more will come
 * @settle: wait until the stack has seen all that was sent, if that is later
 * @choose: of many units that were opened, that one is now meant; the last is
 *	at first
 * @nonblock: receive() shall return what there is instead of sleeping, or not
 */
struct port {
	const char *name;
	void (*open)(void);
	void (*send)(const struct frame *frames, unsigned int n);
	unsigned int (*receive)(struct frame *frames, unsigned int max);
	void (*ready)(void);
	void (*settle)(void);
	void (*nonblock)(bool on);
	void (*choose)(unsigned int unit);
	bool single;
};

extern const struct port *const ports[];
/* The interface that frames for the port's program are sent out of. */
extern char port_interface[16];
/* The interface by which the stack receives what the program sends. */
extern char port_receiver[16];

struct options {
	unsigned int size;	/* of a frame, in bytes */
	unsigned int batch;	/* frames between two looks at the clock */
	unsigned int rounds;
	unsigned int warmup;	/* rounds before those that count */
	unsigned int units;	/* scale: at most */
	unsigned int queues;	/* scale: of one unit, instead of many units */
	unsigned int ms;	/* how long a flood lasts */
	bool headers;		/* frames have offload headers */
	bool gso;		/* frames are TCP to be cut up */
};
extern struct options opt;

/* System calls that the program made for its frames; ports count their own. */
extern _Thread_local unsigned long syscalls;

/* clock.c: nanoseconds, or instructions; which, the environment says. */
uint64_t clock_now(void);

/* file.c: frames by read() and write(). */
void file_use(int fd);
void file_send(const struct frame *frames, unsigned int n);
unsigned int file_receive(struct frame *frames, unsigned int max);
void file_nonblock(bool on);
void file_choose(unsigned int unit);

/* tun.c */
int tun_open(int flags);

/* tap.c */
int tap_open(void);
void tap_offload(int fd);

/* packet.c: a pair of veth, of which the program has one end. */
void veth_open(void);
unsigned int veth_program_end(void);

/* report.c: figures of many rounds, and their lines on standard output. */
struct series {
	const char *name;
	double *values;
	unsigned int n;
};
void series_start(struct series *s, const char *name);
void series_add(struct series *s, double value);
void series_print(struct series *s);
void figure_print(const char *name, double value);
__attribute__((noreturn, format(printf, 1, 2)))
void fail(const char *format, ...);

/* link.c: interfaces, and frames to send. */
__attribute__((format(printf, 1, 2)))
void run(const char *format, ...);
void link_up(const char *name);
uint64_t link_counter(const char *name);
void link_no_offload(void);
void frames_make(struct frame *frames, unsigned int n);
void frames_touch(const struct frame *frames, unsigned int n);
size_t record_bytes(void);

/* The sender of outbound frames: a packet socket past the qdisc. */
struct sender;
struct sender *sender_open(const char *interface, unsigned int most);
void sender_send(struct sender *s, unsigned int n);
void sender_class(struct sender *s, int class);

/* Jobs, as named on the command line. */
void job_out(const struct port *port);
void job_in(const struct port *port);
void job_flood_out(const struct port *port);
void job_flood_in(const struct port *port);
void job_tcp_in(const struct port *port);
void job_tcp_out(const struct port *port);
void job_scale(const struct port *port);

#endif /* BENCH_H */
