# SPDX-License-Identifier: BSD-2-Clause
# tapctl(8), the command line tool: build/tapctl/tapctl.

PKG_CONFIG ?= pkg-config

TAPCTL_OBJ := $(patsubst tapctl/%.c,build/tapctl/%.o,$(wildcard tapctl/*.c))

# Asked for when first used: who builds only the module needs no library.
TAPCTL_PKGS := libmnl libpcap json-c
TAPCTL_CPPFLAGS = $(eval TAPCTL_CPPFLAGS := $$(shell $(PKG_CONFIG) --cflags \
	$(TAPCTL_PKGS)))$(TAPCTL_CPPFLAGS)
TAPCTL_LIBS = $(eval TAPCTL_LIBS := $$(shell $(PKG_CONFIG) --libs \
	$(TAPCTL_PKGS)))$(TAPCTL_LIBS)

.PHONY: tapctl
tapctl: build/tapctl/tapctl

build/tapctl/tapctl: $(TAPCTL_OBJ)
	$(if $(Q),@echo "  LD $@")
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(TAPCTL_OBJ) $(TAPCTL_LIBS)

build/tapctl/%.o: tapctl/%.c
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Iinclude \
		$(TAPCTL_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARN) \
		-MMD -MP -c -o $@ $<

build/tapctl/tapctl.o: VERSION

-include $(TAPCTL_OBJ:.o=.d)
