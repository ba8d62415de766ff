# SPDX-License-Identifier: BSD-2-Clause
# Programs that press the module, in build/tests/debug; tests/debug/*.py run
# them in the VM.

DEBUG_PROGRAMS := build/tests/debug/inject build/tests/debug/race

.PHONY: debug-programs
debug-programs: $(DEBUG_PROGRAMS)

build/tests/debug/%: tests/debug/%.c tests/debug/kit.c tests/debug/kit.h \
		include/net/if_tap.h
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Iinclude $(CFLAGS) $(WARN) -Wno-unused-result \
		-pthread $(LDFLAGS) -o $@ $< tests/debug/kit.c

# --- fuzzing the module, and proof that the tests see what they should --------

.PHONY: fuzz test-mutants reliability-page
# The figures of the last runs, into doc/reliability.md.
reliability-page:
	$(Q)tests/debug/table

FUZZED := $(or $(K),debug)
fuzz test-mutants: SHELL := /bin/bash
fuzz:
	$(Q)scripts/setup $(TEST_TIERS) debug fuzz
	$(Q)$(MAKE) build/tests/fuzz/kernel
	$(Q)mkdir -p build/reliability
	$(Q)rm -f build/fuzz/coverage
	$(Q)set -o pipefail; status=0; \
		tests/fuzz/kernel/run | tee build/reliability/fuzz-$(FUZZED) || status=$$?; \
		cp build/fuzz/coverage build/reliability/coverage-$(FUZZED); exit $$status

test-mutants:
	$(Q)scripts/setup $(TEST_TIERS) debug
	$(Q)$(MAKE) test-programs debug-programs
	$(Q)mkdir -p build/reliability
	$(Q)set -o pipefail; tests/mutants/run | tee build/reliability/mutants

build/tests/fuzz/kernel: tests/fuzz/kernel/fuzz.c tests/debug/kit.c \
		tests/debug/kit.h include/net/if_tap.h
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)clang -O1 -g $(CPPFLAGS) -Iinclude -Wall -Wno-unused-result \
		-Wno-gnu-variable-sized-type-not-at-end -fsanitize=fuzzer \
		-pthread -o $@ $< tests/debug/kit.c
