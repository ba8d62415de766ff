# SPDX-License-Identifier: BSD-2-Clause
# The module's source for DKMS, and packages for Debian.

KVER	?= $(shell uname -r)
DKMS_SRC := /usr/src/if_tap-$(VERSION)
# What the system loads when it boots.
LOAD_DIR := /usr/lib/modules-load.d
DEB_TREE := build/deb/if-tap-$(VERSION)

.PHONY: install-module-source dkms-install dkms-uninstall deb
install-module-source:
	install -d '$(DESTDIR)$(DKMS_SRC)/module' \
		'$(DESTDIR)$(DKMS_SRC)/include/net' '$(DESTDIR)$(LOAD_DIR)'
	install -m 644 module/*.c module/*.h module/Kbuild \
		'$(DESTDIR)$(DKMS_SRC)/module/'
	install -m 644 include/net/if_tap.h \
		'$(DESTDIR)$(DKMS_SRC)/include/net/'
	install -m 644 VERSION '$(DESTDIR)$(DKMS_SRC)/'
	install -m 644 packaging/if_tap.conf '$(DESTDIR)$(LOAD_DIR)/'

# For the kernel KVER; DKMS itself sees to those installed later.
dkms-install: install-module-source
	sed 's/#MODULE_VERSION#/$(VERSION)/' packaging/dkms.conf \
		>'$(DKMS_SRC)/dkms.conf'
	dkms install if_tap/$(VERSION) -k $(KVER)

dkms-uninstall:
	dkms remove if_tap/$(VERSION) --all
	rm -rf '$(DKMS_SRC)' '$(LOAD_DIR)/if_tap.conf'

# In a copy of the tree, so that what is built here is not built otherwise.
deb:
	$(Q)scripts/setup tools deb
	$(Q)rm -rf build/deb
	$(Q)mkdir -p $(DEB_TREE)
	$(Q)tar -c --exclude=./build --exclude=./.git . | tar -xC $(DEB_TREE)
	$(Q)cp -r packaging/debian $(DEB_TREE)/
	$(Q)printf '%s\n\n  * Version %s.\n\n -- %s  %s\n' \
		'if-tap ($(VERSION)) unstable; urgency=medium' '$(VERSION)' \
		"$$(sed -n 's/^Maintainer: //p' packaging/debian/control)" \
		"$$(date -R -r VERSION)" >$(DEB_TREE)/debian/changelog
	$(Q)cd $(DEB_TREE) && dpkg-buildpackage -us -uc -b
	@ls build/deb/*.deb
