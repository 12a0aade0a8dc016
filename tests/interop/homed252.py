#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes in plain folders between Hearth and systemd-homed 252."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from interop import exchange  # noqa: E402

suite = cases.Suite("interop with systemd-homed 252")
sandbox.enter()
os.mkdir("/mnt/homes", mode=0o755)
exchange.add_cases(suite, "directory")
cases.main(suite)
