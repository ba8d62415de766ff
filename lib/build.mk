# SPDX-License-Identifier: BSD-2-Clause
# libiftap(3): build/lib/libiftap.a and .so, its tests and fuzz targets.

LIBDIR	?= $(PREFIX)/lib
INSTALL	?= install
# For the fuzz targets, which need libFuzzer.
CLANG	?= clang

LIB_SONAME := libiftap.so.$(firstword $(subst ., ,$(VERSION)))
LIB_FILE   := libiftap.so.$(VERSION)
LIB_SRC    := $(wildcard lib/*.c)
LIB_OBJ    := $(LIB_SRC:lib/%.c=build/lib/%.o)
LIB_HDR    := lib/iftap.h lib/private.h include/net/if_tap.h
LIB_CFLAGS := -std=c11 -D_GNU_SOURCE -Iinclude -Ilib
LIB_MAN3   := man/libiftap.3 $(wildcard man/iftap_*.3)
LIB_MAN7   := man/iftap_ring.7

.PHONY: lib
lib: build/lib/libiftap.a build/lib/libiftap.so build/lib/libiftap.pc

build/lib/%.o: lib/%.c
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LIB_CFLAGS) -D_FILE_OFFSET_BITS=64 $(CPPFLAGS) -fPIC \
		-fvisibility=hidden $(CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

build/lib/libiftap.a: $(LIB_OBJ)
	$(if $(Q),@echo "  AR $@")
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

build/lib/$(LIB_FILE): $(LIB_OBJ) lib/libiftap.map
	$(if $(Q),@echo "  LD $@")
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(LIB_SONAME) \
		-Wl,--version-script,lib/libiftap.map -Wl,-z,defs \
		-o $@ $(LIB_OBJ)

build/lib/libiftap.so: build/lib/$(LIB_FILE)
	$(Q)ln -sf $(LIB_FILE) build/lib/$(LIB_SONAME)
	$(Q)ln -sf $(LIB_SONAME) $@

# Where it will be installed is written into it, so it is made each time.
build/lib/libiftap.pc: lib/libiftap.pc.in VERSION FORCE
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
		-e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCDIR@|$(INCDIR)|' $< >$@

# Each function's page is installed under all the names it has.
.PHONY: install-lib uninstall-lib
install-lib: lib
	$(INSTALL) -d '$(DESTDIR)$(LIBDIR)/pkgconfig' \
		'$(DESTDIR)$(INCDIR)/net' '$(DESTDIR)$(MANDIR)/man3' \
		'$(DESTDIR)$(MANDIR)/man7'
	$(INSTALL) -m 644 include/net/if_tap.h '$(DESTDIR)$(INCDIR)/net/'
	$(INSTALL) -m 644 lib/iftap.h '$(DESTDIR)$(INCDIR)/'
	$(INSTALL) -m 644 build/lib/libiftap.a build/lib/$(LIB_FILE) \
		'$(DESTDIR)$(LIBDIR)/'
	ln -sf $(LIB_FILE) '$(DESTDIR)$(LIBDIR)/$(LIB_SONAME)'
	ln -sf $(LIB_SONAME) '$(DESTDIR)$(LIBDIR)/libiftap.so'
	$(INSTALL) -m 644 build/lib/libiftap.pc \
		'$(DESTDIR)$(LIBDIR)/pkgconfig/'
	$(INSTALL) -m 644 $(LIB_MAN3) '$(DESTDIR)$(MANDIR)/man3/'
	$(INSTALL) -m 644 $(LIB_MAN7) '$(DESTDIR)$(MANDIR)/man7/'
	$(Q)lib/man-names $(LIB_MAN3) | while read -r name page; do \
		ln -sf "$$page" '$(DESTDIR)$(MANDIR)/man3/'"$$name"; \
	done

uninstall-lib:
	rm -f '$(DESTDIR)$(INCDIR)/net/if_tap.h' '$(DESTDIR)$(INCDIR)/iftap.h' \
		'$(DESTDIR)$(LIBDIR)'/libiftap.a \
		'$(DESTDIR)$(LIBDIR)'/libiftap.so* \
		'$(DESTDIR)$(LIBDIR)/pkgconfig/libiftap.pc' \
		$(addprefix '$(DESTDIR)$(MANDIR)'/man3/,$(notdir $(LIB_MAN3))) \
		$(addprefix '$(DESTDIR)$(MANDIR)'/man7/,$(notdir $(LIB_MAN7)))
	$(Q)lib/man-names $(LIB_MAN3) | while read -r name page; do \
		rm -f '$(DESTDIR)$(MANDIR)/man3/'"$$name"; \
	done

# --- tests on the host ------------------------------------------------------

# Each test program is built with the library's sources in three ways; the
# system calls it makes go to a kernel that the test plays.
LIB_TEST_SRC  := $(filter-out tests/unit/lib-fake.c, \
			      $(wildcard tests/unit/lib-*.c))
LIB_TESTS     := $(LIB_TEST_SRC:%.c=build/%)
LIB_WRAP      := open ioctl mmap munmap poll
LIB_TEST_DEPS := tests/unit/lib-fake.c tests/unit/lib-fake.h $(LIB_SRC) \
		 $(LIB_HDR) module/ring.h lib/build.mk
LIB_TEST_CC    = $(CC) $(LIB_CFLAGS) -Itests/unit -Imodule $(CPPFLAGS) \
		 -U_FORTIFY_SOURCE $(CFLAGS) $(WARN) -Wno-unused-parameter \
		 $(patsubst %,-Wl$(comma)--wrap=%,$(LIB_WRAP)) $(1) \
		 -o $@ $< tests/unit/lib-fake.c $(LIB_SRC) $(LDFLAGS) \
		 -lcmocka -lpthread
comma := ,

RING_TESTS := build/tests/unit/ring-arithmetic \
	      build/tests/unit/ring-arithmetic-asan

# Programs and scripts, one verdict each, run from the top directory.
LIB_UNIT := $(LIB_TESTS) $(LIB_TESTS:%=%-asan) $(LIB_TESTS:%=%-tsan) \
	    $(RING_TESTS) build/tests/unit/lib-manual build/tests/unit/lib-abi

unit-programs: $(LIB_UNIT)

.PHONY: lib-tests test-lib
lib-tests: $(LIB_UNIT)

test-lib: lib-tests
	@for test in $(LIB_UNIT); do \
		if $$test >$$test.log 2>&1; then echo "ok $$test"; \
		else echo "not ok $$test"; sed 's/^/# /' $$test.log; exit 1; \
		fi; \
	done

$(LIB_TESTS): build/tests/unit/%: tests/unit/%.c $(LIB_TEST_DEPS)
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(LIB_TEST_CC)

$(LIB_TESTS:%=%-asan): build/tests/unit/%-asan: tests/unit/%.c $(LIB_TEST_DEPS)
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(call LIB_TEST_CC,-fsanitize=address$(comma)undefined \
		-fno-sanitize-recover=all)

# GCC warns that fences do not order plain accesses for the thread sanitizer.
# None here has to.
$(LIB_TESTS:%=%-tsan): build/tests/unit/%-tsan: tests/unit/%.c $(LIB_TEST_DEPS)
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(call LIB_TEST_CC,-fsanitize=thread \
		$(if $(findstring clang,$(CC)),,-Wno-tsan))

build/tests/unit/ring-arithmetic: tests/unit/ring-arithmetic.c \
		module/ring.h include/net/if_tap.h
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -Iinclude -Imodule $(CPPFLAGS) $(CFLAGS) $(WARN) \
		-Wno-unused-parameter $(LDFLAGS) -o $@ $< -lcmocka

build/tests/unit/ring-arithmetic-asan: tests/unit/ring-arithmetic.c \
		module/ring.h include/net/if_tap.h
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -Iinclude -Imodule $(CPPFLAGS) $(CFLAGS) $(WARN) \
		-Wno-unused-parameter -fsanitize=address,undefined \
		-fno-sanitize-recover=all $(LDFLAGS) -o $@ $< -lcmocka

# Scripts look at what is built and at the pages as they are in the tree.
build/tests/unit/lib-manual: tests/unit/lib-manual lib/iftap.h
	$(Q)mkdir -p $(@D)
	$(Q)$(INSTALL) -m 755 $< $@

build/tests/unit/lib-abi: tests/unit/lib-abi lib
	$(Q)mkdir -p $(@D)
	$(Q)$(INSTALL) -m 755 $< $@

# --- fuzz targets -----------------------------------------------------------

RING_FUZZ := build/tests/fuzz/ring-arithmetic build/tests/fuzz/ring-library

.PHONY: lib-fuzz
lib-fuzz: $(RING_FUZZ)

$(RING_FUZZ): build/tests/fuzz/%: tests/fuzz/%.c $(LIB_HDR) module/ring.h
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(LIB_CFLAGS) -Imodule $(CPPFLAGS) $(CFLAGS) $(WARN) \
		-fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o $@ $<

# --- the program that guest tests drive -------------------------------------

GUEST_PROGRAMS += build/tests/guest/ring-lib

build/tests/guest/ring-lib: tests/guest/ring-lib.c build/lib/libiftap.a \
		lib/iftap.h
	$(if $(Q),@echo "  CC $@")
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -Iinclude -Ilib $(CPPFLAGS) \
		$(CFLAGS) $(WARN) $(LDFLAGS) -o $@ $< build/lib/libiftap.a

-include $(LIB_OBJ:.o=.d)
