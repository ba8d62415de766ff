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
