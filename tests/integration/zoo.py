#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A plugin that does its worst in the worker of one home, in one way after the other: the service answers everybody else at
once, operations on other homes finish, nothing of it outlives the operation, and the home opens again."""
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import beast, cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.service import Service, secret  # noqa: E402
from harness.stage import wait_until  # noqa: E402

GOOD, BAD, WORD = "noor", "kim", "Altes-Wort-1"
ENDLESS = ("spin", "print", "tell")
KEEPERS = [f"endless{number}" for number in range(len(ENDLESS))]

suite = cases.Suite("zoo")
sandbox.enter()
service = Service()
beast.install()
service.start()
others = beast.Neighbours(service, GOOD, WORD)
service.create(GOOD, WORD)
for keeper in (BAD, *KEEPERS):
    service.create(keeper, WORD, storage="beast")


def outcome(future):
    """Has the call succeeded? Not how it failed: that depends on what was hit first."""
    return future.exception(60) is None


def case(word, title, succeeds, name=f"{BAD}.beast"):
    """A home is opened while the plugin does that. `succeeds`: is that no hindrance? None: it may be."""
    @suite.case(title)
    def _():
        beast.tell(name, word)
        try:
            future = service.later("ActivateHome", "ss", BAD, secret(WORD))
            others.are_answered()
            others.go_on()
            done = outcome(future)
        finally:
            beast.tell(name, None)
        if succeeds is not None:
            equal(done, succeeds, f"does the home open ({future.exception()})")
        if done:
            service.call("DeactivateHome", "s", BAD)
        others.nobody_is_left()
        others.is_whole(BAD)


case("crash", "one that writes to nowhere", False)
case("crash", "one that does so when it is loaded", False, name="entry")
case("hang", "one that hangs when it is loaded", False, name="entry")
case("give-up", "one that calls abort()", False)
case("exit", "one that calls exit(0)", False)
case("_exit", "one that ends with status 0 at once", False)
case("throw", "one that throws", False)
case("heap", "one that corrupts the heap", None)
case("stack", "one that overflows the stack", False)
case("leak", "one that leaks files and memory", None)
case("fork", "one that leaves a child behind", True)
case("fork-and-crash", "one that leaves a child with its files, and crashes", False)
case("close", "one that closes the files of others", False)
case("close-and-hang", "one that closes them and hangs", False)
case("folder", "one that changes the current folder", True)
case("signals", "one that ignores and blocks all signals", True)
case("environment", "one that changes the environment", True)
case("mask", "one that changes the mask of new files", None)
case("lie-with-a-code", "one that answers with a number that is no code", False)
case("lie-with-nothing", "one that says it opened the home and did not", False)
case("write-outside", "one that writes a file among the homes", True)
case("nonsense", "one that speaks nonsense to the service", False)
case("refuse-to-leave", "one that hangs when the worker exits", None)


@suite.case("homes whose plugins go on without end and do not heed cancellation are recovered; others are not kept waiting")
def _():
    for user, word in zip(KEEPERS, ENDLESS):
        beast.tell(f"{user}.beast", word)
    clients = {user: others.begin_to_open(user) for user in KEEPERS}
    wait_until(lambda: all(service.state(user) == "activating" for user in clients), "the homes are not being opened")
    time.sleep(0.5)  # let them
    others.are_answered()
    others.go_on()
    for user, client in clients.items():
        beast.tell(f"{user}.beast", None)
        client.send_signal(signal.SIGINT)
    others.are_answered()
    for client in clients.values():
        client.communicate(timeout=60)
        check(client.returncode != 0, "opening the home succeeded")
    others.nobody_is_left()
    for user in clients:
        others.is_whole(user)


@suite.case("nothing that a worker prints fills the log of the service")
def _():
    size = os.path.getsize("/run/service.log")
    check(size < 600_000, f"the log has {size} bytes")


@suite.case("all answers of the service while plugins did their worst")
def _():
    others.show_times()


cases.main(suite)
