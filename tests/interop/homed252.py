#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes in plain folders between Hearth and systemd-homed 252."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, stage  # noqa: E402
from harness.cases import equal  # noqa: E402
from harness.hearth import NO_BUS  # noqa: E402
from interop import exchange  # noqa: E402

suite = cases.Suite("interop with systemd-homed 252")
sandbox.enter()
os.mkdir("/mnt/homes", mode=0o755)
_peer, hearth, service = exchange.add_cases(suite, "directory")


@suite.case("while it runs, our homectl shows its homes, and leaves everything else to its own")
def _():
    with service():
        hearth.bus = stage.ADDRESS
        equal(hearth.listed("nobody-here"), None, "a home that is not there")
        for arguments in (["create", "sam", "--storage=directory"], ["deactivate", "sam"], ["adopt", "/home/sam.homedir"]):
            hearth.homectl(*arguments, new="Neues-Wort-9").refused(" ".join(arguments), "service-foreign")
        hearth.bus = NO_BUS


cases.main(suite)
