#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The first process in QEMU, once the root is there; with the word "service", what systemd starts later.
# shellcheck source=tests/vm/inside/common.sh
. /run/hearth-vm/common.sh
if [ "$#" = 0 ]; then
    prepare
    [ -z "$SYSTEMD" ] || exec /run/hearth-vm/systemd.sh
fi

output=/dev/null
for port in /sys/class/virtio-ports/*; do
    if [ "$(cat "$port/name")" = hearth-vm ]; then output=/dev/${port##*/}; fi
done
perform "$output"
# QEMU's isa-debug-exit: ends it at once.
printf '\001' | dd of=/dev/port bs=1 seek=$((0xf4)) conv=notrunc 2>/dev/null
sleep 60
