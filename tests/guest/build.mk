# SPDX-License-Identifier: BSD-2-Clause
# Programs that guest tests run in the VM, in build/tests/guest.

GUEST_PROGRAMS += build/tests/guest/ioctl-32
# A module that makes allocations fail, where the stock kernels cannot.
GUEST_PROGRAMS += $(patsubst %,build/%/nomem/nomem.ko,$(or $(K),6.1 6.12))

.PHONY: guest-programs
guest-programs: $(GUEST_PROGRAMS)

build/tests/guest/ioctl-32: tests/guest/ioctl.c include/net/if_tap.h
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -m32 $(CPPFLAGS) -Iinclude $(CFLAGS) $(WARN) $(LDFLAGS) \
		-o $@ $<

build/%/nomem/nomem.ko: build/%/kernel tests/guest/nomem/nomem.c \
		tests/guest/nomem/Kbuild
	$(if $(Q),@echo "  MODULE $@")
	$(Q)mkdir -p $(@D)
	$(Q)ln -sf $(addprefix $(CURDIR)/tests/guest/nomem/,nomem.c Kbuild) $(@D)/
	$(Q)$(MAKE) -C $$(. $(CURDIR)/build/$*/kernel; echo $$KHEADERS) \
		M=$(CURDIR)/$(@D) modules $(if $(Q),>$(@D)/log || { cat $(@D)/log; false; })
	@touch $@
