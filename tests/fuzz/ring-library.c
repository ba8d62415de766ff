// SPDX-License-Identifier: BSD-2-Clause
/*
 * The library's inline verbs against a kernel that lies: the input is what it
 * writes into its page and the outbound data, and which verbs the program
 * calls in between. No frame may lie outside the ring, no position go back,
 * nothing that is the other side's be written.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <iftap.h>

#define SIZE TAP_RING_MIN

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t left);

static struct tapring_kernel kernel;
static struct tapring_user user;
static unsigned char out[2 * SIZE], in[2 * SIZE];

/* What the inline verbs call; the rest of the library is not linked. */
int iftap_doorbell(struct iftap *t)
{
	return t->tx.size == SIZE ? 0 : -EINVAL;
}

static uint64_t number(const uint8_t **input, size_t *left, unsigned int bytes)
{
	uint64_t value = 0;

	while (bytes-- && *left) {
		value = value << 8 | *(*input)++;
		--*left;
	}
	return value;
}

static void is_within(const struct iftap_frame *frame,
		      const unsigned char *data)
{
	const unsigned char *at = frame->data;

	if (at < data + sizeof(struct taprecord) || at > data + 2 * SIZE ||
	    frame->len > (size_t)(data + 2 * SIZE - at) ||
	    frame->len > SIZE - sizeof(struct taprecord))
		abort();
}

static void receive(struct iftap *t)
{
	struct iftap_frame frame;
	volatile unsigned char use;
	int err = iftap_rx_peek(t, &frame);

	if (err && err != -EAGAIN && err != -EBADMSG && err != -EHOSTDOWN &&
	    err != -EOPNOTSUPP)
		abort();
	if (err)
		return;
	is_within(&frame, out);
	if (frame.len) {
		use = ((unsigned char *)frame.data)[0];
		use = ((unsigned char *)frame.data)[frame.len - 1];
		(void)use;
	}
	if (t->rx.cursor - t->rx.released > SIZE)
		abort();
}

static void transmit(struct iftap *t, uint32_t len, uint32_t shorter)
{
	struct iftap_frame frame;

	if (iftap_tx_reserve(t, len, &frame))
		return;
	is_within(&frame, in);
	/* What the kernel admits to have consumed is all we may write to. */
	if (t->tx.cursor - (t->tx.limit - SIZE) +
		    iftap__record_bytes(len) > SIZE)
		abort();
	memset(frame.data, len, len);
	frame.len -= shorter % (len + 1);
	if (iftap_tx_commit(t, &frame) == 0 &&
	    iftap_tx_commit(t, &frame) != -EINVAL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t left)
{
	struct iftap t __attribute__((aligned(64))) = {
		.rx = { .kernel = &kernel, .user = &user, .data = out,
			.size = SIZE, .backpressure = 1 },
		.tx = { .kernel = &kernel, .user = &user, .data = in,
			.size = SIZE, .limit = SIZE },
	};
	struct iftap_frame old = { 0 };
	uint64_t before;

	memset(&kernel, 0, sizeof(kernel));
	memset(&user, 0, sizeof(user));
	memset(out, 0, sizeof(out));
	while (left) {
		before = user.out_consumer;
		switch (number(&input, &left, 1) % 12) {
		case 0:
			kernel.out_producer = number(&input, &left, 8);
			break;
		case 1:	/* near the truth */
			kernel.out_producer += 16 * number(&input, &left, 2);
			break;
		case 2:
			kernel.in_consumer = number(&input, &left, 8);
			break;
		case 3:
			kernel.in_consumer = user.in_producer;
			break;
		case 4:
			kernel.state = number(&input, &left, 1);
			break;
		case 5: {
			uint32_t at = number(&input, &left, 2) * 16 % SIZE;
			uint32_t len = number(&input, &left, 4);

			memcpy(out + at, &len, sizeof(len));
			memcpy(out + SIZE + at, &len, sizeof(len));
			break;
		}
		case 6:
		case 7:
			receive(&t);
			break;
		case 8:
			old.position = t.rx.cursor;
			iftap_rx_release(&t);
			break;
		case 9:
			iftap_rx_release_to(&t, &old);
			old.position = number(&input, &left, 8);
			iftap_rx_release_to(&t, &old);
			if (user.out_consumer - before > SIZE)
				abort();
			break;
		case 10:
			transmit(&t, number(&input, &left, 3),
				 number(&input, &left, 2));
			break;
		default:
			iftap_tx_submit(&t);
			if (user.in_producer != t.tx.cursor)
				abort();
			iftap_rx_arm(&t);
		}
	}
	return 0;
}
