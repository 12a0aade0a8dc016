#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Goes on as systemd, with the services that a login needs and nothing else of this machine's.
units=/etc/systemd/system
rm -rf $units/*.wants $units/*.requires
: >/etc/fstab
# This machine may be a container; the guest is none, and systemd then shares mounts.
rm -f /.dockerenv
[ -s /etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id

# They walk through the whole root, which takes minutes over 9p, or wait for what a guest does not have.
for unit in systemd-tmpfiles-setup systemd-tmpfiles-setup-dev systemd-sysusers systemd-hwdb-update ldconfig \
    systemd-journal-catalog-update systemd-journal-flush systemd-update-done systemd-update-utmp systemd-random-seed \
    systemd-remount-fs systemd-machine-id-commit systemd-timesyncd systemd-binfmt kmod-static-nodes; do
    ln -sf /dev/null $units/$unit.service
done
for unit in proc-sys-fs-binfmt_misc.automount dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount \
    sys-kernel-tracing.mount; do
    ln -sf /dev/null $units/$unit
done

cat >$units/hearth-vm.service <<'UNIT'
[Unit]
After=basic.target dbus.service systemd-logind.service
[Service]
ExecStart=/run/hearth-vm/qemu.sh service
Delegate=yes
UNIT
cat >$units/hearth-vm.target <<'UNIT'
[Unit]
Requires=basic.target hearth-vm.service
Wants=dbus.service systemd-logind.service
UNIT
exec /lib/systemd/systemd --unit=hearth-vm.target --log-target=console
