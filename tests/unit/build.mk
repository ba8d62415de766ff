# SPDX-License-Identifier: BSD-2-Clause
# Tests that run on this machine and belong to no other part's build.mk. Each
# is an executable in build/tests/unit.

ABI_UNIT := $(addprefix build/tests/unit/abi-,c-64 c-32 c++-64 c++-32 \
	c-64-linux-if)

.PHONY: unit-programs
unit-programs: $(ABI_UNIT)

# $(1): its name, $(2): how it is compiled. The 32-bit C++ library need not be
# installed.
define abi_unit
build/tests/unit/abi-$(1): tests/unit/abi.c include/net/if_tap.h
	$$(if $$(Q),@echo "  CC $$@")
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(CC) $(2) $$(CPPFLAGS) -Iinclude $$(CFLAGS) \
		-Wall -Wextra -Werror $$(LDFLAGS) -o $$@ $$<
endef
$(foreach language,c c++,$(foreach width,64 32,\
	$(eval $(call abi_unit,$(language)-$(width),-x $(language) -m$(width)))))
$(eval $(call abi_unit,c-64-linux-if,-include linux/if.h))

# What the pages name is looked for in the tree.
unit-programs: build/tests/unit/doc-names

build/tests/unit/doc-names: tests/unit/build.mk
	$(Q)mkdir -p $(@D)
	$(Q)printf '#!/bin/sh\nexec $(CURDIR)/tests/unit/doc-names\n' >$@
	$(Q)chmod 755 $@

unit-programs: build/tests/unit/conformance-counts

build/tests/unit/conformance-counts: tests/unit/conformance-counts
	$(Q)mkdir -p $(@D)
	$(Q)install $< $@

# Runs the page's commands in a copy of the tree, so it has to know where that is.
unit-programs: build/tests/unit/readme-commands

build/tests/unit/readme-commands: tests/unit/build.mk
	$(Q)mkdir -p $(@D)
	$(Q)printf '#!/bin/sh\nexec $(CURDIR)/tests/unit/readme-commands\n' >$@
	$(Q)chmod 755 $@

# Copies the tree, too.
unit-programs: build/tests/unit/packages

build/tests/unit/packages: tests/unit/build.mk
	$(Q)mkdir -p $(@D)
	$(Q)printf '#!/bin/sh\nexec $(CURDIR)/tests/unit/packages\n' >$@
	$(Q)chmod 755 $@

unit-programs: build/tests/unit/face-differences

build/tests/unit/face-differences: tests/unit/face-differences
	$(Q)mkdir -p $(@D)
	$(Q)install $< $@
