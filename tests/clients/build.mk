# SPDX-License-Identifier: BSD-2-Clause
# What QEMU boots in the VM, in build/tests/clients: a small kernel, and an
# initramfs of busybox and the script nested-init.

.PHONY: client-programs
client-programs: build/tests/clients/vmlinux build/tests/clients/initramfs

build/tests/clients/vmlinux: build/nested/kernel
	$(Q)mkdir -p $(@D)
	$(Q)cp "$$(. $(CURDIR)/$<; echo $$KIMAGE)" $@

build/tests/clients/initramfs: tests/clients/nested-init
	$(if $(Q),@echo "  CPIO $@")
	$(Q)rm -rf $@.d
	$(Q)mkdir -p $@.d/bin $@.d/proc $@.d/sys $@.d/tmp
	$(Q)install $< $@.d/init
	$(Q)install $$(command -v busybox) $@.d/bin/busybox
	$(Q)cd $@.d && find . | cpio -o -H newc --quiet >../$(@F)
	$(Q)rm -r $@.d
