# SPDX-License-Identifier: BSD-2-Clause
# The benchmark. `make bench` measures and writes bench/results.json, and
# doc/performance.md with its pictures; QUICK=1 for a few minutes of it only.

BENCH_SRC := $(wildcard bench/*.c)

.PHONY: bench bench-program
bench:
	$(Q)scripts/setup build vm bench
	$(Q)$(MAKE) bench-program
	$(Q)bench/run $(if $(filter 1,$(QUICK)),--quick)

bench-program: build/bench/bench

build/bench/bench: $(BENCH_SRC) bench/bench.h include/net/if_tap.h
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(CPPFLAGS) -Iinclude $(CFLAGS) \
		$(WARN) $(LDFLAGS) -o $@ $(BENCH_SRC) -luring -lpthread

# --- its test ---------------------------------------------------------------

unit-programs: build/tests/unit/bench-figures

build/tests/unit/bench-figures: tests/unit/bench-figures
	$(Q)mkdir -p $(@D)
	$(Q)install -m 755 $< $@
