#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every state of a home, and what may be done in each: every cell of the table, asked over the bus."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import equal  # noqa: E402
from harness.home_states import Homes  # noqa: E402
from harness.service import ORACLE, Service  # noqa: E402
from harness.state_table import DURING, NOT_252, TABLE  # noqa: E402

# Those that a folder can have; what an image can have besides is in states_luks.py.
HERE = ("unfixated", "absent", "inactive", "active", "lingering", "busy")

suite = cases.Suite("states")
sandbox.enter()
homes = Homes(Service().start())

for operation, row in TABLE.items():
    for state in HERE:
        if ORACLE and (operation, state) in NOT_252:
            continue
        suite.case(f"{operation} of a home that is {state}: {row[state]}")(
            lambda operation=operation, state=state: homes.check_cell(operation, state, TABLE[operation][state]))
for state, operation, shown in DURING:
    if state in HERE:
        suite.case(f"{operation} of a home that is {state} is called {shown} while it runs")(
            lambda state=state, operation=operation, shown=shown: homes.check_during(state, operation, shown))


@suite.case("the name of a home that is being made is taken, and it is called creating if anything")
def _():
    homes.check_creating()


@suite.case("a home that is unregistered long after it has come to /home is found there again")
def _():
    homes.enter("inactive")
    time.sleep(1)  # whatever is looked at because it was made has been looked at
    equal(homes.ask("Unregister")[0], "ok", "unregister")
    homes.check_after("unfixated")
    homes.clear()


cases.main(suite)
