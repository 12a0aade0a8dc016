#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several homectl at the same time."""
import contextlib
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import Outcome, program  # noqa: E402
from harness.two_homes import LETTER, NEW, OTHER, USER, WORD, machine  # noqa: E402

suite = cases.Suite("two at once")


def start(hearth, *arguments, password=None, new=None):
    """homectl in the background."""
    return subprocess.Popen(hearth.command(*arguments), env=hearth.environment(password, new), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process, what):
    """Its Outcome, within a minute."""
    process.communicated = process.communicate(timeout=60)
    return Outcome(subprocess.CompletedProcess(what, process.returncode, *process.communicated))


def slow(hearth, *arguments, password=None, new=None):
    """homectl in the background, whose worker takes some seconds for each of its first syncs."""
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=fsync:delay_enter=4000000:when=1", *hearth.command(*arguments)]
    return subprocess.Popen(command, env=hearth.environment(password, new), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def wait_for_lock():
    """Waits for a worker that has locked a home."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for pid in sandbox.processes():
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/{pid}/exe") == os.path.realpath(program("worker")) and holds_lock(pid):
                    return
        time.sleep(0.01)
    raise cases.Failure("no worker with a lock appeared")


def holds_lock(pid):
    """Whether the process has locked a file below the machine's /run."""
    with open("/proc/locks", encoding="ascii") as table:
        return any(line.split()[4] == str(pid) for line in table if "->" not in line)


def slow_create(hearth, user, delays="delay_enter=2000000"):
    """homectl create whose worker waits for a moment before it gives the medium its name."""
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject=renameat2:{delays}", *hearth.command(
        "create", user, "--storage=directory", "--enforce-password-policy=no")]
    return subprocess.Popen(command, env=hearth.environment(new=NEW), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def filled_medium(hearth, user):
    """Waits for a medium that is filled and has no name yet."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for name in os.listdir(hearth.homes):
            if name.startswith(f".#{user}") and os.path.exists(f"{hearth.homes}/{name}/.identity"):
                return
        time.sleep(0.002)
    raise cases.Failure("no medium without a name appeared")


@suite.case("somebody takes the place of a home that is being made: their folder stays theirs")
def _():
    with machine() as hearth:
        making = slow_create(hearth, "lee")
        filled_medium(hearth, "lee")
        theirs = take_place(hearth, "lee")
        ended(making, "create").refused("create", "storage-home-exists")
        check(hearth.listed("lee") is None, "there is no record of lee")
        equal(os.listdir(theirs), ["letter"], "what is in their folder")
        equal(hearth.leftovers(), [], "left behind")
        subprocess.run(["rm", "-r", theirs], check=True)


def kill_all():
    """SIGKILL to every homectl and every worker."""
    programs = [os.path.realpath(program(name)) for name in ("homectl", "worker")]
    for pid in sorted(sandbox.processes()):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{pid}/exe") in programs:
                os.kill(pid, signal.SIGKILL)


def take_place(hearth, user):
    """Puts a stranger's folder where the home of the user would be."""
    theirs = f"{hearth.homes}/{user}.homedir"
    os.mkdir(theirs)
    with open(f"{theirs}/letter", "w", encoding="utf-8") as file:
        file.write("not theirs")
    return theirs


@suite.case("somebody takes the place of a home that is being made, and its makers are killed before or after they notice")
def _():
    for delays, wait in (("delay_enter=2000000", 0), ("delay_enter=1000000:delay_exit=2000000", 2)):
        with machine() as hearth:
            making = slow_create(hearth, "lee", delays)
            filled_medium(hearth, "lee")
            theirs = take_place(hearth, "lee")
            time.sleep(wait)
            equal(making.poll(), None, "create is still at it")
            kill_all()
            ended(making, "create")
            check(any(name.endswith("lee.journal") for name in hearth.leftovers()), "the journal tells of it")
            check(hearth.listed("lee") is None, "there is no record of lee")
            equal(os.listdir(theirs), ["letter"], "what is in their folder")
            equal(hearth.leftovers(), [], "left behind")
            subprocess.run(["rm", "-r", theirs], check=True)
            hearth.create("lee", NEW)
            hearth.homectl("remove", "lee").succeeded("remove")


@suite.case("two homectl at the same time on one home: the second is told who is at work")
def _():
    with machine() as hearth:
        first = slow(hearth, "passwd", USER, password=WORD, new=NEW)
        wait_for_lock()
        for verb in ("activate", "authenticate", "remove"):
            hearth.homectl(verb, USER, password=WORD).refused(f"{verb} meanwhile", "home-busy")
        hearth.homectl("authenticate", OTHER, password=WORD).succeeded("another home meanwhile")
        check(hearth.listed(USER), "list meanwhile")
        ended(first, "passwd").succeeded("the first one")
        hearth.homectl("authenticate", USER, password=WORD).refused("the old password", "bad-secret")
        hearth.homectl("passwd", USER, password=NEW, new=WORD).succeeded("passwd back")


@suite.case("many homectl that start together: each works or says that the home is busy, and the home stays whole")
def _():
    with machine() as hearth:
        for _ in range(5):
            both = [start(hearth, "activate", USER, password=WORD) for _ in range(3)]
            outcomes = [ended(one, "activate") for one in both]
            equal(sum(one.status == 0 for one in outcomes), 1, f"number of activations that worked: {outcomes}")
            for one in outcomes:
                if one.status != 0:
                    one.refused("the slower one", "home-busy", "home-active")
            equal(hearth.letter(USER), LETTER, "the file")
            hearth.deactivate(USER)
            both = [start(hearth, "create", "lee", "--storage=directory", "--enforce-password-policy=no", new=NEW)
                    for _ in range(3)]
            outcomes = [ended(one, "create") for one in both]
            equal(sum(one.status == 0 for one in outcomes), 1, f"number of creations that worked: {outcomes}")
            hearth.homectl("remove", "lee").succeeded("remove")


cases.main(suite)
