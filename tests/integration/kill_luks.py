#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kill loop over homes in encrypted images; a spread of the points, because each takes seconds in a guest."""
import os
import runpy

os.environ["HEARTH_KILL_MEDIUM"] = "luks"
os.environ.setdefault("HEARTH_KILL_POINTS", "3")
runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kill_loop.py"), run_name="__main__")
