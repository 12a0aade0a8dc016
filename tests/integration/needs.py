#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a built-in plugin says it needs is what it needs: homes live with that, and do not when one thing is missing; with what the file systems of this machine are for."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, needs, sandbox  # noqa: E402

suite = cases.Suite("needs")
sandbox.enter()
needs.add_cases(suite, "subvolume", "fscrypt")
cases.main(suite)
