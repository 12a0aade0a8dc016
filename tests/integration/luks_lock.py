#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Locked homes: their key is out of the kernel, nothing hangs but what touches their files, and all is there afterwards."""
import contextlib
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import Failure, check, equal  # noqa: E402
from harness.death import WORKER, killed, spread  # noqa: E402
from harness.hearth import USER_FILE  # noqa: E402
from harness.images import machine, make  # noqa: E402

USER, WORD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
OTHER = "ida"
MAPPING = f"home-{USER}"
SWITCH = "/sys/power/sync_on_suspend"
PATIENCE = 30  # seconds in which a homectl that touches no file of a locked home has ended

POINTS = int(os.environ.get("HEARTH_KILL_POINTS", "14"))  # calls of one verb at which it is killed

suite = cases.Suite("luks lock")
sandbox.enter()


@contextlib.contextmanager
def active(*options):
    """A machine with an active home; at the end it is unlocked whatever happened, because nothing ends before that."""
    with machine() as hearth:
        letter = make(hearth, USER, WORD, *options)
        hearth.activate(USER, WORD)
        try:
            yield hearth, letter
        finally:
            if suspended():
                hearth.homectl("unlock", USER, password=WORD)
        hearth.deactivate(USER)


def told():
    """Does the kernel write what is cached before a sleep? "1": it does."""
    with open(SWITCH, encoding="ascii") as file:
        return file.read().strip()


def tell(value):
    """Tells it, as an administrator."""
    with open(SWITCH, "w", encoding="ascii") as file:
        file.write(value)


def suspended():
    """Does device-mapper say that the home's mapping is suspended?"""
    done = subprocess.run(["dmsetup", "info", "-c", "--noheadings", "-o", "suspended", MAPPING], capture_output=True, text=True,
                          check=False)
    return done.stdout.strip() == "Suspended"


def key_in_kernel():
    """Can the mapping go on without anybody bringing a key? That is tried on a suspended one only."""
    table = subprocess.run(["dmsetup", "table", "--showkeys", MAPPING], capture_output=True, text=True, check=True).stdout
    if set(table.split()[4]) - set("-0"):
        return True
    return subprocess.run(["dmsetup", "resume", MAPPING], capture_output=True, check=False).returncode == 0


def keys_in_keyrings():
    """What the kernel lists of keys for volumes."""
    with open("/proc/keys", encoding="utf-8") as file:
        return [line for line in file if "cryptsetup" in line or "homework" in line]


def check_locked(hearth):
    """It is locked, and says so."""
    check(suspended(), "the mapping is not suspended")
    check(not key_in_kernel(), "the key is still in the kernel")
    check(suspended(), "a mapping without a key went on")
    end = time.monotonic() + PATIENCE
    while keys_in_keyrings() and time.monotonic() < end:
        time.sleep(0.05)  # those of a killed process are swept up a moment later
    equal(keys_in_keyrings(), [], "keys in keyrings")
    equal(hearth.listed(USER)["state"], "locked", "state")


def ended(hearth, *arguments, password=None, new=None):
    """The outcome of homectl, which has to end in time."""
    begin = time.monotonic()
    answer = hearth.homectl(*arguments, password=password, new=new)
    check(time.monotonic() - begin < PATIENCE, f"{arguments[0]} took {time.monotonic() - begin:.0f} s")
    return answer


def read_apart(hearth):
    """A process that reads the user's file from the disk, and not from memory."""
    return subprocess.Popen(["dd", f"if={hearth.homes}/{USER}/{USER_FILE}", "iflag=direct", "status=none"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


@suite.case("it is locked and unlocked, and the files are intact")
def _():
    with active() as (hearth, letter):
        for _ in range(2):
            hearth.homectl("lock", USER).succeeded("lock")
            check_locked(hearth)
            hearth.homectl("unlock", USER, password=WORD).succeeded("unlock")
            check(not suspended(), "the mapping is still suspended")
            equal(hearth.listed(USER)["state"], "active", "state")
            equal(hearth.letter(USER), letter, "the file")
            hearth.write_letter(USER, "written afterwards")
            letter = hearth.letter(USER)


@suite.case("as long as a home is locked the kernel does not write all file systems before the machine sleeps")
def _():
    with active() as (hearth, _):
        make(hearth, OTHER, WORD)
        hearth.activate(OTHER, WORD)
        for user in (USER, OTHER):
            equal(hearth.homectl("lock", user).succeeded("lock") and told(), "0", f"{user} is locked")
        hearth.homectl("unlock", USER, password=NEW).refused("a wrong password", "bad-secret")
        hearth.homectl("unlock", USER, password=WORD).succeeded("unlock")
        equal(told(), "0", "one is unlocked")
        hearth.homectl("unlock", OTHER, password=WORD).succeeded("unlock")
        equal(told(), "1", "both are unlocked")
        tell("0")
        hearth.homectl("lock", USER).succeeded("lock")
        hearth.homectl("unlock", USER, password=WORD).succeeded("unlock")
        equal(told(), "0", "what an administrator told it")
        tell("1")
        hearth.deactivate(OTHER)


@suite.case("a wrong password does not unlock it")
def _():
    with active() as (hearth, letter):
        hearth.homectl("lock", USER).succeeded("lock")
        ended(hearth, "unlock", USER, password=NEW).refused("unlock", "bad-secret")
        check_locked(hearth)
        ended(hearth, "unlock", USER, password=WORD).succeeded("unlock")
        equal(hearth.letter(USER), letter, "the file")


@suite.case("a program that reads waits, and goes on once it is unlocked")
def _():
    with active() as (hearth, _letter):
        hearth.homectl("lock", USER).succeeded("lock")
        reader = read_apart(hearth)
        try:
            reader.wait(2)
            raise Failure("the file could be read while the home was locked")
        except subprocess.TimeoutExpired:
            pass
        check_locked(hearth)
        ended(hearth, "unlock", USER, password=WORD).succeeded("unlock")
        equal(reader.communicate(timeout=PATIENCE)[0], b"kept", "what it read")
        equal(reader.returncode, 0, "its exit status")


@suite.case("a program that writes all the time waits as well, and loses nothing")
def _():
    script = ("import os, sys\n"
              "fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)\n"
              "for number in range(3000): os.write(fd, b'%08d' % number)\n"
              "os.fsync(fd)\n")
    with active() as (hearth, _letter):
        path = f"{hearth.homes}/{USER}/written"
        writer = subprocess.Popen(["/usr/bin/python3", "-c", script, path])
        hearth.homectl("lock", USER).succeeded("lock")
        ended(hearth, "unlock", USER, password=WORD).succeeded("unlock")
        equal(writer.wait(PATIENCE), 0, "its exit status")
        with open(path, "rb") as file:
            equal(file.read(), b"".join(b"%08d" % number for number in range(3000)), "what it wrote")


@suite.case("every other verb answers at once that it is locked")
def _():
    with active() as (hearth, letter):
        before = hearth.record(USER)
        hearth.homectl("lock", USER).succeeded("lock")
        for arguments in (["lock", USER], ["activate", USER], ["authenticate", USER], ["update", USER, "--real-name=Kim"],
                          ["passwd", USER], ["resize", USER, "80M"], ["deactivate", USER], ["deactivate-all"], ["remove", USER],
                          ["with", USER, "true"]):
            new = NEW if arguments[0] == "passwd" else None
            answer = ended(hearth, *arguments, password=WORD, new=new).refused(" ".join(arguments), "home-locked")
            check("homectl unlock" in answer.err, f"no way out: {answer!r}")
        check_locked(hearth)
        ended(hearth, "lock-all").succeeded("lock-all")
        check("State: locked" in ended(hearth, "inspect", USER).succeeded("inspect").out, "inspect says that it is locked")
        equal(hearth.record(USER), before, "the record")
        ended(hearth, "unlock", USER, password=WORD).succeeded("unlock")
        equal(hearth.letter(USER), letter, "the file")


@suite.case("what is not locked, or cannot be, is told so")
def _():
    with active() as (hearth, _letter):
        hearth.homectl("unlock", USER, password=WORD).refused("unlock of an active home", "home-not-locked")
        hearth.create("ann", WORD)
        hearth.homectl("lock", "ann").refused("lock of a folder that is not active", "home-not-active")
        hearth.activate("ann", WORD)
        hearth.homectl("lock", "ann").refused("lock of a folder", "storage-cannot-lock")
        hearth.homectl("unlock", "ann", password=WORD).refused("unlock of a folder", "storage-cannot-lock")
        answer = hearth.homectl("lock-all").succeeded("lock-all")
        check("ann" in answer.err and "stays open" in answer.err, repr(answer))
        check_locked(hearth)
        equal(hearth.listed("ann")["state"], "active", "state of the folder")
        ended(hearth, "unlock", USER, password=WORD).succeeded("unlock")
        hearth.deactivate("ann")
        hearth.deactivate(USER)
        hearth.homectl("unlock", USER, password=WORD).refused("unlock of a closed home", "home-not-locked")
        hearth.homectl("lock", USER).refused("lock of a closed home", "home-not-active")
        hearth.activate(USER, WORD)
        hearth.homectl("remove", "ann").succeeded("remove")


@suite.case("the journal of another operation stays until it is unlocked")
def _():
    with active() as (hearth, letter):
        journal = f"{hearth.state}/hearth/journal/{USER}.journal"
        hearth.homectl("lock", USER).succeeded("lock")
        with open(journal, "w", encoding="ascii") as file:
            file.write('{"format":1,"operation":7,"verb":"update","user":"%s","storage":"luks","phase":0,"change":%d,"note":""}'
                       % (USER, hearth.record(USER)["lastChangeUSec"]))
        ended(hearth, "list").succeeded("list")
        check(os.path.exists(journal), "the journal is gone")
        ended(hearth, "unlock", USER, password=WORD).succeeded("unlock")
        ended(hearth, "list").succeeded("list")
        check(not os.path.exists(journal), "the journal is still there")
        equal(hearth.letter(USER), letter, "the file")


def walk(verb, before, victims, points):
    """Kills a verb at so many of its calls, evenly spread; afterwards the home is locked or active, and nothing in between."""
    found = {"locked": 0, "active": 0}
    with active() as (hearth, letter):
        before(hearth)
        calls = killed(hearth, WORKER, victims, 0, (verb, USER), hearth.environment(WORD), limit=2 * PATIENCE)
        for at in spread(len(calls), points):
            settle(hearth)
            before(hearth)
            killed(hearth, WORKER, victims, at, (verb, USER), hearth.environment(WORD), limit=2 * PATIENCE)
            state = hearth.listed(USER)["state"]  # the next start
            check(state in found, f"at {calls[at - 1]}: state {state}")
            found[state] += 1
            equal(hearth.leftovers(), [], f"left behind at {calls[at - 1]}")
            equal(told(), "0" if state == "locked" else "1", f"what the kernel is told at {calls[at - 1]}")
            if state == "locked":
                check_locked(hearth)
            else:
                equal(hearth.letter(USER), letter, "the file")
        settle(hearth)
        equal(hearth.letter(USER), letter, "the file")
    check(all(found.values()), f"both outcomes occur: {found}")
    print(f"  {verb}, {victims}: {len(calls)} points: {found}", flush=True)


def settle(hearth):
    """Active again."""
    if suspended():
        ended(hearth, "unlock", USER, password=WORD).succeeded("unlock")


def lock(hearth):
    """Locked, from active."""
    hearth.homectl("lock", USER).succeeded("lock")


for who, number in (("hearth-worker", POINTS), ("hearth-worker,homectl", POINTS // 2)):
    suite.case(f"killed while it is locked, it is locked or active: {who}")(
        lambda who=who, number=number: walk("lock", lambda hearth: None, who, number))
    suite.case(f"killed while it is unlocked, it is locked or active: {who}")(
        lambda who=who, number=number: walk("unlock", lock, who, number))


@suite.case("btrfs is locked and unlocked, too")
def _():
    with active("--disk-size=300M", "--fs-type=btrfs") as (hearth, letter):
        hearth.homectl("lock", USER).succeeded("lock")
        check_locked(hearth)
        ended(hearth, "deactivate", USER).refused("deactivate", "home-locked")
        ended(hearth, "unlock", USER, password=WORD).succeeded("unlock")
        equal(hearth.letter(USER), letter, "the file")


cases.main(suite)
