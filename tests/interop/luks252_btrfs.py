#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same exchange of encrypted images, with btrfs in them: those cases that a file system can make a difference to."""
import os
import runpy
import sys

os.environ["HEARTH_INTEROP_FS"] = "btrfs"
sys.argv[1:] = sys.argv[1:] or ["authenticated, activated and read", "updated it and changed its password", "is listed, inspected",
                                "then opens again", "one activated"]
runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "luks252.py"), run_name="__main__")
