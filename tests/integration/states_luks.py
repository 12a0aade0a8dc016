#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The states that only an image can be in: locked, and dirty; and the errors that only images bring about."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.home_states import USER, WORD, Homes  # noqa: E402
from harness.images import mappings  # noqa: E402
from harness.service import Service, secret  # noqa: E402
from harness.state_table import DURING, TABLE  # noqa: E402

SIZE = 64 << 20
CHEAP = {"storage": "luks", "diskSize": SIZE, "fileSystemType": "ext4", "luksPbkdfType": "pbkdf2",
         "luksPbkdfForceIterations": 1000}
HERE = ("locked", "dirty")

suite = cases.Suite("states luks")
sandbox.enter()
mount_disk("ext4", "/mnt/homes")
service = Service().start()
homes = Homes(service, **CHEAP)



def goes_on(cell):
    """Is it something else than a refusal?"""
    return cell.partition(">")[0] in ("ok", "cannot", "resized")


def refusals(state):
    """Everything that is refused in a state, on one home, which stays in it."""
    homes.enter(state)
    for operation, row in TABLE.items():
        if not goes_on(row[state]):
            found, _future = homes.ask(operation)
            equal(found, row[state], f"{operation} of a home that is {state}")
            equal(service.state(USER), state, f"state after {operation}")
    homes.clear()


for state in HERE:
    suite.case(f"what is refused of a home that is {state}")(lambda state=state: refusals(state))
for state, operation in (("locked", "RefUnrestricted"), ("locked", "Acquire"), ("dirty", "Activate"), ("dirty", "Remove")):
    suite.case(f"{operation} of a home that is {state}: {TABLE[operation][state]}")(
        lambda operation=operation, state=state: homes.check_cell(operation, state, TABLE[operation][state]))
for state, operation, shown in DURING:
    if state in HERE:
        suite.case(f"{operation} of a home that is {state} is called {shown} while it runs")(
            lambda state=state, operation=operation, shown=shown: homes.check_during(state, operation, shown))


@suite.case("an image that is mounted elsewhere is in use")
def _():
    homes.enter("inactive")
    with open(homes.image, "rb") as image, subprocess.Popen(["flock", "-x", homes.image, "sleep", "600"]) as other:
        try:
            check(image, "no image")
            found = [service.error("ActivateHome", "ss", USER, secret(WORD))]
        finally:
            other.kill()
    equal(found, ["HomeInUse"], "error")


@suite.case("a size that is too small is refused by name")
def _():
    homes.enter("inactive")
    equal(service.error("ResizeHome", "sts", USER, 1 << 20, secret(WORD)), "BadHomeSize", "error")
    equal(service.state(USER), "inactive", "state")


@suite.case("a locked home is still locked when the service is killed and comes back")
def _():
    homes.enter("locked")
    service.kill()
    service.start()
    equal(service.state(USER), "locked", "state")
    equal(service.error("DeactivateHome", "s", USER), "HomeLocked", "deactivate")
    service.call("UnlockHome", "ss", USER, secret(WORD))
    equal(service.state(USER), "active", "state")


@suite.case("a locked home whose last user goes stays locked, and is closed once it is unlocked")
def _():
    homes.enter("inactive")
    fds = service.call("AcquireHome", "ssb", USER, secret(WORD), True)
    service.call("LockAllHomes")
    equal(service.state(USER), "locked", "state after lock-all")
    for fd in fds:
        os.close(fd)
    equal(service.state(USER), "locked", "state without users")
    service.call("UnlockHome", "ss", USER, secret(WORD))
    service.wait_for_state(USER, "inactive")


@suite.case("in the end nothing is mapped")
def _():
    homes.clear()
    equal(mappings(), [], "mappings")


cases.main(suite)
