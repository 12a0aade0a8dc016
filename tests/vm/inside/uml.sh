#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The first process in user-mode Linux. The kernel passes `hearth_share`, the host's path of the shared folder.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mountpoint -q /dev || mount -t devtmpfs devtmpfs /dev
mount -t tmpfs -o mode=755 run /run
mkdir /run/hearth-vm
# At once: what the cases have found must be there when the guest dies.
mount -t hostfs -o "sync,${hearth_share:?}" share /run/hearth-vm
# shellcheck source=tests/vm/inside/common.sh
. /run/hearth-vm/common.sh
prepare
stty -F /dev/tty1 raw -echo
perform /dev/tty1
echo o >/proc/sysrq-trigger
sleep 60
