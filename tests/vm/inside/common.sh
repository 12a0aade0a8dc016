# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# shellcheck disable=SC2034 # qemu.sh looks at SYSTEMD
# Sourced by the first process of every guest, when / is the machine's root and the shared folder is in place.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
share=/run/hearth-vm
MODULES='' SYSTEMD=''
# shellcheck source=/dev/null
. $share/settings

prepare() {
    umask 022
    mkdir -p /dev/pts /dev/shm /lib/modules
    mount -t devpts -o mode=620,ptmxmode=666 pts /dev/pts
    mount -t tmpfs shm /dev/shm
    mount -t cgroup2 cgroup /sys/fs/cgroup
    mount --bind "$MODULES" /lib/modules
    # Without udev nobody loads them on demand.
    modprobe -a loop dm-mod
    ip link set lo up
    echo hearth-guest >/proc/sys/kernel/hostname
}

# perform OUTPUT: runs the command, whose output goes to that device, and keeps its exit status.
perform() {
    # Through a pipe: the command must not take the device for somebody's terminal.
    mkfifo /run/hearth-vm.output
    cat </run/hearth-vm.output >"$1" &
    copying=$!
    # In a subshell, so that nothing else of this shell writes there, such as how the command was killed.
    (exec setsid --wait sh $share/job) </dev/null >/run/hearth-vm.output 2>&1
    status=$?
    # What is still running in the background may hold the pipe; it ends with the guest.
    { sleep 2; kill $copying; } &
    wait $copying
    echo $status >$share/status.new
    mv $share/status.new $share/status
    sync -f $share
}
