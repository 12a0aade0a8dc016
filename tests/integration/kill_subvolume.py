#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kill loop over homes in btrfs subvolumes."""
import os
import runpy

os.environ["HEARTH_KILL_MEDIUM"] = "subvolume"
runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kill_loop.py"), run_name="__main__")
