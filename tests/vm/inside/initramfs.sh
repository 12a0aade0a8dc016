#!/bin/busybox sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=dash
# The first program of a QEMU guest: mounts this machine's root, read-only and over 9p, lays a file system in memory over it
# and goes on there. The words after "sh" are all busybox's own.
/bin/busybox --install -s /bin
mount -t devtmpfs devtmpfs /dev
mount -t proc proc /proc
mount -t sysfs sysfs /sys
for module in /modules/*.ko; do insmod "$module"; done

common=trans=virtio,version=9p2000.L,msize=512000
mount -t 9p -o "$common,ro,cache=loose" root /host
mount -t tmpfs -o mode=755,size=75% changes /changes
mkdir /changes/upper /changes/work
mount -t overlay -o lowerdir=/host,upperdir=/changes/upper,workdir=/changes/work root /new
mount -t tmpfs -o mode=755 run /new/run
mkdir /new/run/hearth-vm
# Nothing of it is kept here: what the cases have found must be there when the guest dies.
mount -t 9p -o "$common,cache=none" share /new/run/hearth-vm
for folder in dev proc sys; do mount -o move /$folder /new/$folder; done
exec switch_root /new /run/hearth-vm/qemu.sh
