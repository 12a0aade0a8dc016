#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes in encrypted images between Hearth and systemd-homed 252, in a guest. HEARTH_INTEROP_FS: with which file system."""
import atexit
import contextlib
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, udev  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.images import CHEAP  # noqa: E402
from interop import exchange  # noqa: E402

KIND = os.environ.get("HEARTH_INTEROP_FS", "ext4")
SIZE = {"ext4": "--disk-size=64M", "btrfs": "--disk-size=300M"}[KIND]
# 252 measures what its keys cost: as little as it lets itself be told.
THEIRS = ("--luks-pbkdf-type=pbkdf2", "--luks-pbkdf-time-cost=10ms")

suite = cases.Suite(f"images ({KIND}) and systemd-homed 252")
sandbox.enter()
mount_disk("ext4", "/mnt/homes", size=4 << 30)  # every image takes all of its size
peer, hearth, service = exchange.add_cases(suite, "luks", (SIZE, f"--fs-type={KIND}", *CHEAP),
                                           (SIZE, f"--fs-type={KIND}", *THEIRS))
running = contextlib.ExitStack()
atexit.register(running.close)
running.enter_context(udev.running(peer.environment))

cases.main(suite)
