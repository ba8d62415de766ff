# SPDX-License-Identifier: BSD-2-Clause
# Small programs to learn from, one source file each.

EXAMPLES := $(patsubst examples/%.c,build/examples/%,$(wildcard examples/*.c))

.PHONY: examples
examples: $(EXAMPLES)

build/examples/%: examples/%.c include/net/if_tap.h
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC $@")
	$(Q)$(CC) $(CPPFLAGS) -Iinclude $(CFLAGS) $(WARN) $(LDFLAGS) -o $@ $<

# Those that use the library, from this tree.
build/examples/tunnel build/examples/ring-echo: build/examples/%: \
		examples/%.c build/lib/libiftap.a lib/iftap.h
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC $@")
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(CPPFLAGS) -Iinclude -Ilib $(CFLAGS) \
		$(WARN) $(LDFLAGS) -o $@ $< build/lib/libiftap.a
