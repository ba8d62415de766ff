# SPDX-License-Identifier: BSD-2-Clause
# The project's commands. `make help` lists them.

VERSION  := $(shell cat VERSION)
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
INCDIR   ?= $(PREFIX)/include
MANDIR   ?= $(PREFIX)/share/man
DESTDIR  ?=
KDIR     ?= /lib/modules/$(shell uname -r)/build
CC       ?= cc
CFLAGS   ?= -O2 -g
WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror=implicit

V ?= 0
ifeq ($(V),1)
Q :=
else
Q := @
MAKEFLAGS += --no-print-directory
endif

MODULE_SRC := $(wildcard module/*.c module/*.h) module/Kbuild \
	      include/net/if_tap.h VERSION

.PHONY: all
all: lib tapctl examples

include $(wildcard */build.mk) $(wildcard tests/*/build.mk)

# --- the module -----------------------------------------------------------

# $(1): build directory, $(2): kernel build tree
define build_module
	$(Q)mkdir -p $(1)
	$(Q)ln -sf $(addprefix $(CURDIR)/,$(wildcard module/*.c module/*.h)) \
		$(CURDIR)/module/Kbuild $(1)/
	$(Q)$(MAKE) -C $(2) M=$(CURDIR)/$(1) IFTAP_TOP=$(CURDIR) \
		$(KFLAGS) modules
endef

.PHONY: module
module:
	$(call build_module,build/module,$(KDIR))

# build/6.1/if_tap.ko and so on: for the kernels the tests boot. The file
# "kernel" changes when another kernel is to be had under that name.
build/%/kernel: FORCE
	@mkdir -p build/$*
	@tests/vm/kernel $* >build/$*/kernel.new
	@cmp -s build/$*/kernel.new $@ || cp build/$*/kernel.new $@
	@rm build/$*/kernel.new

build/%/if_tap.ko: build/%/kernel $(MODULE_SRC)
	$(call build_module,build/$*,$$(. $(CURDIR)/build/$*/kernel; echo $$KHEADERS))
	@touch $@

.PRECIOUS: build/%/kernel build/%/if_tap.ko

.PHONY: FORCE
FORCE:
