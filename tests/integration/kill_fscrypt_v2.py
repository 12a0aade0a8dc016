#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kill loop over homes in encrypted folders, in the newer format; a spread of the points, because
a key takes half a second."""
import os
import runpy

os.environ["HEARTH_KILL_MEDIUM"] = "fscrypt-v2"
os.environ.setdefault("HEARTH_KILL_POINTS", "30")
runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kill_loop.py"), run_name="__main__")
