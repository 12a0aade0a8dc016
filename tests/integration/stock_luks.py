#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The unmodified homectl of systemd 252 manages encrypted images with hearthd: what folders cannot do as well, which is to be
locked and to have a size of their own."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, peer, sandbox  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.service import Service  # noqa: E402
from integration import stock_verbs  # noqa: E402

suite = cases.Suite("stock homectl luks")
sandbox.enter()
try:
    peer.unpacked()
    mount_disk("ext4", "/mnt/homes")
except cases.Skip as reason:
    suite.report("skip", "every case", text=str(reason))
    sys.exit(0)
service = Service().start()
stock_verbs.add_image_cases(suite, service)
cases.main(suite)
