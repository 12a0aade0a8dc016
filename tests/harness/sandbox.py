# SPDX-License-Identifier: LGPL-2.1-or-later
"""Private namespaces: whatever a suite mounts, starts or leaves behind ends with it."""
import os
import subprocess
import sys

WORK = "/mnt"  # a tmpfs in the suite's own mount namespace: root-owned, gone with the namespace
_MARK = "HEARTH_TEST_SANDBOX"


def enter():
    """Starts this program again in mount and PID namespaces of its own, unless it is there already."""
    if is_ahead():
        del os.environ[_MARK]  # a program started from here may make its own
        _protect_machine()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "hearth-test", WORK], check=True)
        return
    if os.geteuid() != 0:
        sys.exit(f"{sys.argv[0]}: run this as root: it mounts home directories")
    os.environ[_MARK] = "1"
    os.execvp("unshare", ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation",
                          "private", "--", sys.executable, *sys.argv])


def is_ahead():
    """Was this program started again, so that enter() returns?"""
    return os.environ.get(_MARK) == "1"


def _protect_machine():
    """What a test is wrong about must not hit the machine: here everything but /tmp, /var and WORK is read-only."""
    for folder in ("/tmp", "/var"):
        subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", "/"], check=True)


def mounts_below(folder):
    """The mount points in this namespace at or below `folder`, in mount order."""
    found = []
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        for line in table:
            point = line.split(" ")[4].encode().decode("unicode_escape")
            if point == folder or point.startswith(folder.rstrip("/") + "/"):
                found.append(point)
    return found


def processes():
    """PID and command line of every process in this PID namespace but the first and this one."""
    found = {}
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) in (1, os.getpid()):
            continue
        try:
            with open(f"/proc/{name}/cmdline", "rb") as line, open(f"/proc/{name}/stat", encoding="utf-8") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] != "Z":
                    found[int(name)] = line.read().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
