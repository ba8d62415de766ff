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

.PHONY: help
help:
	@echo 'make all             the library, the tool and the examples'
	@echo 'make lib             the library: build/lib'
	@echo 'make tapctl          the tool: build/tapctl/tapctl'
	@echo 'make examples        the examples: build/examples'
	@echo 'make module          the module for KDIR, the running kernel by default: build/module'
	@echo 'make demo            a program in user space answers ping through a tap, in a virtual machine'
	@echo 'make shell           a shell in that virtual machine (K=6.12 for another kernel)'
	@echo 'make test            all tests, on both kernels; T=name for some, K=6.12 for one kernel, V=1 for logs'
	@echo 'make conformance     the tests behind doc/conformance.md, on both kernels'
	@echo 'make test-clients    QEMU, OpenVPN and other programs on it, on both kernels; T=, K= and V=1 as for test'
	@echo 'make test-debug      the guest tests, fault injection and races on a kernel with KASAN, lockdep and kmemleak'
	@echo '                     (K=debug-6.12 or kcsan for others; IFTAP_RACE=2000 milliseconds for each pair of races)'
	@echo 'make test-mutants    break the module on purpose in many ways and see the tests fail'
	@echo 'make fuzz            fuzz the module on that kernel, TIME=600 seconds; line coverage in build/fuzz/coverage'
	@echo 'make lint            what compilers, sparse, shellcheck, pyflakes3, mandoc and codespell have to say'
	@echo 'make bench           measure against tun and others (QUICK=1 for some of it)'
	@echo 'make install         library, tool, headers and manual to PREFIX (/usr/local), below DESTDIR'
	@echo 'make install-module  the module to the kernel that KDIR is of'
	@echo 'make dkms-install    its source to DKMS, which compiles it for KVER, the running kernel, and later ones'
	@echo 'make dkms-uninstall  remove it from there'
	@echo 'make deb             packages for Debian: build/deb'
	@echo 'make uninstall       remove what make install put there'
	@echo 'make clean           remove build/'

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

# The same with every warning there is, compiled anew each time.
build/lint-%: build/%/kernel FORCE
	@rm -rf $@
	$(call build_module,$@,$$(. $(CURDIR)/build/$*/kernel; echo $$KHEADERS))

build/lint-6.1 build/lint-6.12: KFLAGS = W=1 C=2 CHECK=sparse

.PRECIOUS: build/%/kernel build/%/if_tap.ko

# --- use -------------------------------------------------------------------

.PHONY: demo shell
demo:
	$(Q)scripts/demo

shell:
	$(Q)scripts/setup build vm
	$(Q)tests/vm/run -k $(or $(K),6.1) -t 86400 --shell

.PHONY: install uninstall install-module
install: install-lib tapctl
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(MANDIR)/man4' \
		'$(DESTDIR)$(MANDIR)/man8'
	install -m 755 build/tapctl/tapctl '$(DESTDIR)$(BINDIR)/'
	install -m 644 man/if_tap.4 '$(DESTDIR)$(MANDIR)/man4/'
	install -m 644 man/tapctl.8 '$(DESTDIR)$(MANDIR)/man8/'

uninstall: uninstall-lib
	rm -f '$(DESTDIR)$(BINDIR)/tapctl' \
		'$(DESTDIR)$(MANDIR)/man4/if_tap.4' \
		'$(DESTDIR)$(MANDIR)/man8/tapctl.8'

install-module: module
	$(MAKE) -C $(KDIR) M=$(CURDIR)/build/module IFTAP_TOP=$(CURDIR) \
		modules_install
	depmod "$$($(MAKE) -s --no-print-directory -C $(KDIR) kernelrelease)"

.PHONY: clean
clean:
	rm -rf build

# --- tests -----------------------------------------------------------------

# What the tests need: packages first, for the rest is built with them.
TEST_TIERS := build tools deb vm unit guest

.PHONY: test test-programs test-clients conformance test-debug lint
test:
	$(Q)scripts/setup $(TEST_TIERS)
	$(Q)$(MAKE) test-programs
	$(Q)tests/run

test-programs: examples tapctl unit-programs guest-programs

conformance:
	$(Q)scripts/setup $(TEST_TIERS)
	$(Q)$(MAKE) test-programs
	$(Q)tests/conformance

test-clients:
	$(Q)scripts/setup build vm guest clients
	$(Q)$(MAKE) client-programs
	$(Q)tests/run clients

test-debug:
	$(Q)scripts/setup $(TEST_TIERS) debug
	$(Q)$(MAKE) K='$(or $(K),debug)' test-programs debug-programs
	$(Q)mkdir -p build/reliability
	$(Q)K='$(or $(K),debug)' tests/run; status=$$?; \
		cp build/results/*.ktap build/reliability/; exit $$status

lint:
	$(Q)scripts/setup build lint
	$(Q)scripts/lint

.PHONY: FORCE
FORCE:
