#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every way into a home in an encrypted image, and three tokens of it; see the suite tokens."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, ways  # noqa: E402
from harness.token_homes import IMAGES, TouchKey  # noqa: E402

suite = cases.Suite("tokens luks")
sandbox.enter()
ways.set_up()
ways.add_matrix(suite, IMAGES)


@suite.case(ways.THREE.format("security keys"))
def _():
    ways.three_tokens("luks", TouchKey)


@suite.case(ways.THREE.format("smart cards"))
def _():
    ways.three_tokens("luks", ways.any_card)


ways.main(suite)
