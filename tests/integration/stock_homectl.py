#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The unmodified homectl of systemd 252 manages homes with hearthd, each verb, and says in its words what went wrong."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, peer, sandbox  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.service import Service  # noqa: E402
from integration import stock_verbs  # noqa: E402

suite = cases.Suite("stock homectl")
sandbox.enter()
try:
    peer.unpacked()
    mount_disk("btrfs", "/mnt/homes")
    subprocess.run(["btrfs", "quota", "enable", "/mnt/homes"], check=True)
except cases.Skip as reason:
    suite.report("skip", "every case", text=str(reason))
    sys.exit(0)
service = Service().start()
stock_verbs.add_cases(suite, service, "directory")
stock_verbs.add_cases(suite, service, "subvolume", limits=(250 << 20, 200 << 20))
cases.main(suite)
