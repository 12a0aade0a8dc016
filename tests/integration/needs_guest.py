#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a built-in plugin says it needs is what it needs: homes live with that, and do not when one thing is missing; with a kernel that counts and maps."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, needs, sandbox  # noqa: E402

suite = cases.Suite("needs guest")
sandbox.enter()
needs.add_cases(suite, "directory", "luks")
cases.main(suite)
