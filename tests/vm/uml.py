# SPDX-License-Identifier: LGPL-2.1-or-later
"""User-mode Linux: the kernel of Debian's package as a process. It computes at this machine's speed, on one CPU, and has what
LUKS, CIFS and quotas need; it cannot encrypt folders and has no devices.

Its root is an overlay that this machine's own kernel puts together, in a mount namespace of the guest's.
"""
import os
import shutil
import subprocess
import sys

SYSTEMD = False
PROGRAM = "linux.uml"
MODULES = "/usr/lib/uml/modules"
# File systems that are no files, or that the guest has of its own.
FOREIGN = {"autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "efivarfs",
           "fusectl", "hugetlbfs", "mqueue", "nsfs", "proc", "pstore", "ramfs", "securityfs", "sysfs", "tracefs"}
OWN = ("/dev", "/mnt", "/proc", "/run", "/sys")


def missing(_home):
    """Why there cannot be such a guest here, or None."""
    for program, package in ((PROGRAM, "user-mode-linux"), ("modprobe", "kmod")):
        if not shutil.which(program):
            return f"the package {package} is not installed"
    with open("/proc/filesystems", encoding="ascii") as file:
        known = any(line.split()[-1] == "overlay" for line in file)
    if not known and subprocess.run(["modprobe", "-q", "overlay"], check=False).returncode:
        return "this machine's kernel has no overlay file system"
    return None


def modules(_home):
    """The folder of the kernel's modules, as the guest sees it."""
    return MODULES


def command(_home, folder, memory, output):
    """What runs the guest, with a descriptor for its output."""
    return [sys.executable, "-B", os.path.abspath(__file__), folder, str(memory), str(output)]


def start(folder, memory, output):
    """Starts the guest in namespaces of its own; returns when it has ended."""
    os.umask(0o022)
    scratch = f"{folder}/scratch"
    os.mkdir(scratch)
    _mount("-t", "tmpfs", "-o", "mode=755", "hearth-vm", scratch)
    for name in ("root", "memory"):
        os.mkdir(f"{scratch}/{name}")
    lay_root(scratch, f"{scratch}/root")
    shared = f"{scratch}/root/run/hearth-vm"
    os.makedirs(shared, exist_ok=True)
    _mount("--bind", f"{folder}/share", shared)
    # The guest's memory is a file in TMPDIR. /dev/shm may be far too small for it in a container.
    return subprocess.run([PROGRAM, f"mem={memory}M", "root=/dev/root", "rootfstype=hostfs", f"rootflags={scratch}/root", "rw",
                           "init=/run/hearth-vm/uml.sh", f"hearth_share={folder}/share", "con=null", "con0=null,fd:1",
                           f"con1=null,fd:{output}", "ssl=null", "loglevel=4", "panic=-1", "random.trust_cpu=on", "umid=guest",
                           f"uml_dir={scratch}/memory"], env=dict(os.environ, TMPDIR=f"{scratch}/memory"), pass_fds=(output,),
                          check=False).returncode


def lay_root(scratch, root):
    """Mounts at `root` everything that is mounted here, as copies that may be written to."""
    for number, (point, kind) in enumerate(_mounts()):
        if kind in FOREIGN or any(point == own or point.startswith(f"{own}/") for own in (*OWN, os.path.dirname(scratch))):
            continue
        changes, work = f"{scratch}/changes{number}", f"{scratch}/work{number}"
        os.mkdir(changes)
        os.mkdir(work)
        shutil.copystat(point, changes)
        options = f"lowerdir={point},upperdir={changes},workdir={work}"
        try:
            _mount("-t", "overlay", "-o", options, "hearth-vm", root + point)
        except subprocess.CalledProcessError:
            if point == "/":
                raise
            # A file, or a file system like FAT that cannot be under another one: nobody needs to write to it.
            _mount("--bind", "-o", "ro", point, root + point)


def _mounts():
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        for line in table:
            words = line.split(" ")
            yield words[4].encode().decode("unicode_escape"), words[words.index("-") + 1]


def _mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


if __name__ == "__main__":
    sys.exit(start(sys.argv[1], sys.argv[2], int(sys.argv[3])))
