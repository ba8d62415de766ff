# SPDX-License-Identifier: BSD-2-Clause
# What QEMU boots in the VM, in build/tests/clients: a small kernel, and an
# initramfs of busybox, ethtool, the script nested-init and data to send.

.PHONY: client-programs
client-programs: build/tests/clients/vmlinux build/tests/clients/initramfs

build/tests/clients/vmlinux: build/nested/kernel
	$(Q)mkdir -p $(@D)
	$(Q)cp "$$(. $(CURDIR)/$<; echo $$KIMAGE)" $@

NESTED_APPLETS := sh ifconfig nc ping reboot sha256sum udhcpc

build/tests/clients/initramfs: tests/clients/nested-init tests/clients/build.mk
	$(if $(Q),@echo "  CPIO $@")
	$(Q)rm -rf $@.d
	$(Q)mkdir -p $@.d/bin
	$(Q)install $< $@.d/init
	$(Q)install $$(command -v busybox) $@.d/bin/busybox
	$(Q)for applet in $(NESTED_APPLETS); do \
		ln -s busybox $@.d/bin/$$applet || exit; \
	done
	$(Q)for file in $$(command -v ethtool) $$(ldd $$(command -v ethtool) | \
		grep -o '/[^ ]*'); do install -D $$file $@.d$$file || exit; done
	$(Q)head -c 65536 /dev/urandom >$@.d/data
	$(Q)cp $@.d/data $(@D)/data
	$(Q)cd $@.d && find . | cpio -o -H newc --quiet >../$(@F)
	$(Q)rm -r $@.d
