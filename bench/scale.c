// SPDX-License-Identifier: BSD-2-Clause
#include "bench.h"
void job_scale(const struct port *port)
{
	fail("not yet: %s", port->name);
}
