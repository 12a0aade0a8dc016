# SPDX-License-Identifier: LGPL-2.1-or-later
"""Suites under another kernel: tests/vm starts it, and the same program that runs suites here runs them there."""
import os
import subprocess
import sys

from harness import cases
from vm import guest

KERNELS = sorted(guest.KERNELS)
RUN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run.py")


def inside():
    """Is this the program in the guest?"""
    return os.path.isdir(guest.SHARED)


def can_do_without(needed):
    """Can this machine's own kernel do what a line of shell tries, in a folder and with mounts of its own?"""
    prepare = "mount -t tmpfs hearth-test /mnt && cd /mnt && "
    return subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", prepare + needed],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def possible(kernel):
    """Can there be such a guest? If not, says why."""
    try:
        guest.require(kernel)
        return True
    except guest.Unavailable as reason:
        print(f"     | there is no guest with the kernel {kernel}: {reason}", flush=True)
        return False


def run(kernel, suites, limit):
    """Runs suites in one guest. Without it each is skipped, and when it dies or hangs that is a case that failed."""
    try:
        ending = guest.run(kernel, [sys.executable, "-B", RUN, *suites], limit=limit)
    except guest.Unavailable as reason:
        for suite in suites:
            cases.Suite(f"{kernel} {suite}").report("skip", "runs in a guest", text=str(reason))
        return
    if ending.status != 0:
        problem = ending.problem or f"the suites' program ended with status {ending.status}"
        cases.Suite(f"{kernel} guest").report("FAIL", f"{', '.join(suites)}: runs to its end", text=problem)
