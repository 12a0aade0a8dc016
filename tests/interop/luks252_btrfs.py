#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same exchange of encrypted images, with btrfs in them."""
import os
import runpy

os.environ["HEARTH_INTEROP_FS"] = "btrfs"
runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "luks252.py"), run_name="__main__")
