#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""hearthd is killed at any time: what it was doing is done or undone, no home is closed under its user, and the next one knows
them all."""
import contextlib
import json
import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, stage  # noqa: E402
from harness.bus import BusError  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.service import HOMES, STATE, Service, record, secret  # noqa: E402

USER, INHABITED, WORD, NEW = "kim", "noor", "Altes-Wort-1", "Neues-Wort-2"
SEED = int(os.environ.get("HEARTH_TEST_SEED", time.time_ns() % 10**6))
TIMES = int(os.environ.get("HEARTH_TEST_KILLS", "150"))
LONGEST = float(os.environ.get("HEARTH_TEST_SECONDS", "40"))  # a busy machine makes do with fewer

suite = cases.Suite("killed service")
sandbox.enter()
service = Service().start()
for name in (USER, INHABITED):
    service.create(name, WORD)


def mounted(user):
    """Is the home in its place?"""
    return bool(sandbox.mounts_below(f"/home/{user}"))


def settled(user):
    """The state of rest that a home comes to."""
    rest = (None, "inactive", "active", "absent")
    return service.wait_for_state(user, *rest, seconds=20)


def password():
    """The one that opens the home now; exactly one does."""
    def ask(word):
        return service.error("AuthenticateHome", "ss", USER, secret(word))
    stage.wait_until(lambda: ask(WORD) != "HomeBusy", "what was interrupted is not finished", 30)
    found = {word: ask(word) for word in (WORD, NEW)}
    equal(sorted(found.values()), ["BadPassword", "ok"], f"passwords: {found}")
    return next(word for word, outcome in found.items() if outcome == "ok")


def changed():
    """The text of the record with another name, newer than it was."""
    now = json.loads(service.call("GetUserRecordByName", "s", USER)[0])
    for section in ("binding", "status", "signature"):
        now.pop(section, None)
    return json.dumps(now | {"realName": f"Kim {time.time()}", "lastChangeUSec": now["lastChangeUSec"] + 1,
                             "secret": {"password": [WORD, NEW]}})


def operation(dice):
    """A call for one of the homes: (member, arguments)."""
    both = secret(WORD, NEW)
    chosen = dice.choice(("ActivateHome", "DeactivateHome", "ChangePasswordHome", "UpdateHome", "AuthenticateHome", "CreateHome",
                          "RemoveHome", "AcquireHome"))
    return chosen, {"ActivateHome": ("ss", USER, both), "DeactivateHome": ("s", USER), "AuthenticateHome": ("ss", USER, both),
                    "ChangePasswordHome": ("sss", USER, secret(dice.choice((WORD, NEW))), both),
                    "CreateHome": ("s", record("bob", WORD)), "RemoveHome": ("s", "bob"),
                    "AcquireHome": ("ssb", USER, both, False)}.get(chosen) or ("s", changed())


def kill_in(member, values, pause):
    """Kills the service so long after it was asked for something, and starts it again."""
    future = service.later(member, *values)
    time.sleep(pause)
    service.kill()
    service.start()
    with contextlib.suppress(BusError):
        for value in future.result(30):  # a reference
            os.close(value)


@contextlib.contextmanager
def inhabited():
    """A program that works in a home as long as the block."""
    with subprocess.Popen(["sh", "-c", "while echo x >>diary; do sleep 0.05; done"], cwd=f"/home/{INHABITED}") as inhabitant:
        try:
            yield inhabitant
        finally:
            inhabitant.kill()


def check_home(user):
    """What the service says is what there is."""
    state = settled(user)
    equal(mounted(user), state == "active", f"{user} is {state}: mounted")
    equal(os.path.exists(f"{HOMES}/{user}.homedir"), state is not None, f"{user} is {state}: on the disk")
    equal(os.path.exists(f"{STATE}/{user}.identity"), state is not None, f"{user} is {state}: has a record")
    return state


@suite.case(f"killed up to {TIMES} times in the middle of something, seed {SEED}: everything is done or undone")
def _():
    dice, ends, over = random.Random(SEED), {}, time.monotonic() + LONGEST
    fd = service.call("AcquireHome", "ssb", INHABITED, secret(WORD), False)[0]
    with inhabited() as inhabitant:
        for number in range(TIMES):
            member, values = operation(dice)
            kill_in(member, values, dice.choice((0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08)))
            equal(service.state(INHABITED), "active", f"a home with somebody in it, after {member}")
            check(mounted(INHABITED) and inhabitant.poll() is None, f"{member}: unmounted under its user")
            found = (check_home(USER), check_home("bob"))
            ends[found] = ends.get(found, 0) + 1
            if number % 10 == 9:
                password()
                if time.monotonic() > over:
                    break
    os.close(fd)
    service.wait_for_state(INHABITED, "inactive")
    print(f"     | killed {sum(ends.values())} times; states of {USER} and bob afterwards: {ends}", flush=True)
    equal(service.hearth.leftovers(), [], "left behind")
    equal(service.fifos(), [], "references")


@suite.case("afterwards all homes work as before")
def _():
    if service.state(USER) == "active":
        service.call("DeactivateHome", "s", USER)
    word = password()
    for _ in range(2):
        service.call("ActivateHome", "ss", USER, secret(word))
        service.call("DeactivateHome", "s", USER)
    for user in ("bob", INHABITED, USER):
        if service.state(user):
            service.call("RemoveHome", "s", user)
    equal((os.listdir(HOMES), [name for name in os.listdir(STATE) if name.endswith(".identity")]), ([], []), "left over")


@suite.case("an operation that waits for its turn is not lost without an answer when the service is stopped")
def _():
    service.create(USER, WORD)
    with service.held() as held:
        running = service.later("ActivateHome", "ss", USER, secret(WORD))
        held.busy(USER)
        waiting = service.later("AcquireHome", "ssb", USER, secret(WORD), False)
        time.sleep(0.2)
        service.process.terminate()
        time.sleep(0.3)
    service.process.wait(40)
    equal(service.process.returncode, 0, "exit status")
    outcomes = []
    for future in (running, waiting):
        try:
            outcomes.append("ok" if future.result(40) is not None else "?")
        except BusError as failure:
            outcomes.append(failure.name)
    equal(outcomes[0], "ok", "what ran when it was told to stop")
    service.wait_for_no_name()
    service.start()
    equal(mounted(USER), check_home(USER) == "active", f"the home is where it is said to be: {outcomes}")


cases.main(suite)
