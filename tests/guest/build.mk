# SPDX-License-Identifier: BSD-2-Clause
# Programs that guest tests run in the VM, in build/tests/guest.

GUEST_PROGRAMS += build/tests/guest/ioctl-32

.PHONY: guest-programs
guest-programs: $(GUEST_PROGRAMS)

build/tests/guest/ioctl-32: tests/guest/ioctl.c include/net/if_tap.h
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -m32 $(CPPFLAGS) -Iinclude $(CFLAGS) $(WARN) $(LDFLAGS) \
		-o $@ $<
