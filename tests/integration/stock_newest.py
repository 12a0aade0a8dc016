#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The unmodified homectl of the newest systemd that Debian packages manages homes with hearthd."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.service import Service  # noqa: E402
from integration import stock_verbs  # noqa: E402

suite = cases.Suite("newest homectl")
sandbox.enter()
try:
    service = Service()
    client = stock_verbs.newest_client()
except cases.Skip as reason:
    suite.report("skip", "every case", text=str(reason))
    sys.exit(0)
service.start()
stock_verbs.add_cases(suite, service, "directory", client=client)
stock_verbs.add_newer_cases(suite, service, client)
cases.main(suite)
