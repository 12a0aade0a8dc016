#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""SIGKILL at every system call that can change a home, to the worker, to homectl, and to both, in every verb.

A clean run under kill-at lists the calls; then each is a point: a fresh copy of the machine, the verb killed there, `homectl
list` as the next start, and a look at everything; when both were killed, that next start is killed as well. A home must be
whole in its old or its new state, with exactly one password that opens all of it, or cleanly absent.

HEARTH_KILL_MEDIUM names the homes that are tried, one of harness/media.py; plain folders if it is not set. Of a verb's points
at most HEARTH_KILL_POINTS are tried, evenly spread; all if it is not set. With HEARTH_KILL_TURNS every medium gets all turns.
"""
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import Failure, check, equal  # noqa: E402
from harness.death import HOMECTL, WORKER, killed, spread  # noqa: E402
from harness.media import MEDIA  # noqa: E402
from harness.hearth import USER_FILE, Hearth  # noqa: E402

USER, OLD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
MACHINE = "0c5f7a1e3b2d4c6f8a9b0c1d2e3f4a5b"
RECOVERY = 40  # calls of a recovery that are tried as points
MOST = int(os.environ.get("HEARTH_KILL_POINTS", "1000000"))  # points of one verb in one turn
SHOWN = 5  # failures of one case that are shown in full


class Turn(NamedTuple):
    """Whose calls are counted, who is killed at them, and whether the recovery of the next start is killed as well."""
    title: str
    counted: str
    victims: str
    recovery_too: bool = False


TURNS = [
    Turn("the worker killed at its calls", WORKER, WORKER),
    Turn("homectl killed at its calls", HOMECTL, HOMECTL),
    Turn("homectl killed at the worker's calls", WORKER, HOMECTL),
    Turn("both killed at the worker's calls, and the recovery too", WORKER, f"{WORKER},{HOMECTL}", recovery_too=True),
]

medium = MEDIA[os.environ.get("HEARTH_KILL_MEDIUM", "directory")]
suite = cases.Suite("kill loop" if medium.name == "directory" else f"kill loop, {medium.title}")
totals = {"points": 0}
sandbox.enter()


class Verb:
    """A verb with the machine it starts from, and the states it may leave behind."""

    def __init__(self, name, template, arguments, absent=False, active=False, password=OLD, new=None):
        self.name, self.template, self.arguments = name, template, arguments
        self.absent, self.active, self.password, self.new = absent, active, password, new

    def machine(self, name):
        """A fresh copy of the template, with the home active if the verb starts there."""
        medium.copy(medium.place(self.template), medium.place(name))
        hearth = Hearth(medium.place(name), MACHINE)
        if self.active:
            hearth.activate(USER, OLD)
        return hearth

    def run(self, hearth, counted, victims, at, report):
        """Runs the verb, killed at point `at` (0: not at all); returns the lines of kill-at's report."""
        return killed(hearth, counted, victims, at, self.arguments, hearth.environment(self.password, self.new), report)


VERBS = [
    Verb("create", "virgin", ["create", USER, f"--storage={medium.name}", "--enforce-password-policy=no",
                              "--rate-limit-burst=1000000", *medium.options], absent=True, password=None, new=OLD),
    Verb("activate", "inactive", ["activate", USER]),
    Verb("passwd", "inactive", ["passwd", USER], new=NEW),
    Verb("passwd of an active home", "inactive", ["passwd", USER], active=True, new=NEW),
    Verb("update", "inactive", ["update", USER, "--real-name=After"]),
    Verb("update of an active home", "inactive", ["update", USER, "--real-name=After"], active=True),
    Verb("deactivate", "inactive", ["deactivate", USER], active=True),
    Verb("adopt", "foreign", ["adopt", f"/home/{USER}{medium.suffix}"], absent=True),
    Verb("remove", "inactive", ["remove", USER], absent=True),
    Verb("authenticate", "inactive", ["authenticate", USER]),
]
if medium.sizes:
    VERBS += [
        Verb("resize", "inactive", ["resize", USER, str(medium.sizes[1])]),
        Verb("resize of an active home", "inactive", ["resize", USER, str(medium.sizes[1])], active=True),
    ]


def make_templates():
    """The machines that verbs start from: one that never had a home, one with a home, one with a home it does not know."""
    virgin, inactive, foreign = (medium.place(name) for name in ("virgin", "inactive", "foreign"))
    medium.prepare(virgin)
    Hearth(virgin, MACHINE)
    medium.prepare(inactive)
    hearth = Hearth(inactive, MACHINE)
    hearth.create(USER, OLD, "--real-name=Before", *medium.options, storage=medium.name)
    hearth.activate(USER, OLD)
    letter = hearth.write_letter(USER, "not to be lost")
    hearth.deactivate(USER)
    medium.copy(inactive, foreign)
    os.unlink(f"{foreign}/var/lib/systemd/home/{USER}.identity")
    on_disk = medium.on_disk(hearth, USER)
    for where in (virgin, inactive, foreign):
        medium.seal(where)
    return letter, on_disk


def names_of_user(hearth):
    """Everything on the machine that is called after the user."""
    return [f"{folder}/{name}" for folder in (hearth.homes, hearth.state) for name in os.listdir(folder) if USER in name]


def look(verb, hearth):
    """The next start and everything after it; returns what became of the home: absent, old or new."""
    row = hearth.listed(USER)  # the next start
    equal([name for name in hearth.leftovers() if not medium.waits_for_password or not name.endswith(".journal")], [],
          "left behind by the operation")
    if row is None or row["state"] == "unfixated":
        return absent(verb, hearth)
    check(row["state"] in ("active", *medium.closed), f"state {row['state']}")
    equal(row["state"] == "active", mounts(hearth) != [], f"state {row['state']} agrees with the mounts {mounts(hearth)}")
    if row["state"] != "active":
        medium.check_closed(hearth, USER)
    answers = {word: hearth.homectl("authenticate", USER, password=word) for word in sorted({OLD, verb.new or OLD})}
    opening = [word for word, answer in answers.items() if answer.status == 0]
    check(len(opening) == 1, f"{len(opening)} passwords open it: {answers}")
    equal(hearth.leftovers(), [], "left behind once a password was there")
    equal(medium.keys(hearth, USER), medium.keys_of_one, "keys of the medium")
    if row["state"] == "active":
        whole_inside(verb, hearth)
        hearth.deactivate(USER)
    hearth.activate(USER, opening[0])
    whole_inside(verb, hearth)
    agree(hearth)
    hearth.deactivate(USER)
    equal(mounts(hearth), [], "mounts after deactivation")
    equal(hearth.leftovers(), [], "left behind after deactivation")
    medium.check_settled(hearth, USER)
    if verb.template != "virgin":
        equal(medium.on_disk(hearth, USER), digest, "content on disk")
    return "new" if is_new(verb, hearth, opening[0]) else "old"


def is_new(verb, hearth, password):
    """Did the verb happen?"""
    record = hearth.record(USER)
    resized = medium.sizes and size_in(record) == medium.sizes[1]
    return bool(password == NEW or record.get("realName") == "After" or resized or verb.template in ("virgin", "foreign"))


def size_in(record):
    """The size that a record names for this machine."""
    own = [entry for entry in record.get("perMachine", []) if MACHINE in entry.get("matchMachineId", [])]
    return (own[-1] if own else record).get("diskSize")


def mounts(hearth):
    """What is mounted on the machine, but for the disk that it may be on."""
    return [point for point in hearth.mounts() if point != hearth.root]


def whole_inside(verb, hearth):
    """The active home has the file that was written before."""
    if verb.template == "virgin":
        check(os.path.isdir(f"{hearth.homes}/{USER}"), "the active home is a folder")
    else:
        equal(hearth.letter(USER), letter, USER_FILE)


def agree(hearth):
    """The host's record and the one in the active home are one record, so that the password opens both."""
    host, inside = hearth.record(USER), hearth.embedded(USER, f"{hearth.homes}/{USER}")
    for field in ("realName", "lastChangeUSec", "lastPasswordChangeUSec", "signature"):
        equal(inside.get(field), host.get(field), f"{field} in the home and on the host")
    check(host["privileged"]["hashedPassword"], "the record has a password")
    if medium.sizes and medium.record_knows_size:
        equal(medium.size(hearth, USER), size_in(host), "the limit of the file system and the size in the record")
    elif medium.sizes:
        check(medium.size(hearth, USER) in medium.sizes, f"{medium.size(hearth, USER)} is neither the old nor the new size")


def absent(verb, hearth):
    """No home at all, or, for adopt, a home that is not known yet: the verb must work when it is run again."""
    check(verb.absent, "the home is gone")
    equal(mounts(hearth), [], "mounts of a home that is absent")
    if verb.template == "foreign":
        equal(medium.on_disk(hearth, USER), digest, "content on disk of a home that was not adopted")
    else:
        equal(names_of_user(hearth), [], "names of a home that is absent")
    if verb.name != "remove":
        verb.run(hearth, HOMECTL, HOMECTL, 0, f"{hearth.root}.again")
    return "absent"


def try_point(verb, turn, at):
    """One point; returns (outcome, text)."""
    name = f"job-{threading.get_ident()}"
    report = f"/mnt/{name}.report"
    lines = []
    try:
        hearth = verb.machine(name)
        lines = verb.run(hearth, turn.counted, turn.victims, at, report)
        if "killed" not in lines:
            return "missed", ""
        if turn.recovery_too:
            # Another point of the recovery each time; one beyond its end lets it finish, which is as good a test.
            killed(hearth, WORKER, WORKER, 1 + at * 7 % RECOVERY, ["list"], hearth.environment(), report)
        return look(verb, hearth), ""
    except (Failure, OSError, subprocess.SubprocessError, KeyError, ValueError) as failure:
        return "FAIL", f"at {lines[at - 1] if len(lines) >= at else at}: {failure}"
    finally:
        unmount(name)


def unmount(name):
    """Whatever a point left mounted, so that the next one starts afresh."""
    for point in reversed(sandbox.mounts_below(medium.place(name))):
        subprocess.run(["umount", "-l", point], check=False)


def walk(verb, turn):
    """All points of one verb in one turn, a case of its own."""
    begin = time.monotonic()
    title = f"{verb.name}, {turn.title}"
    try:
        clean = verb.run(verb.machine("clean"), turn.counted, turn.victims, 0, "/mnt/clean.report")
        check(clean, f"{turn.counted} makes no call that changes anything: is it called so?")
    except (Failure, subprocess.SubprocessError) as failure:
        suite.report("FAIL", title, begin, str(failure))
        return
    finally:
        unmount("clean")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda at: try_point(verb, turn, at), spread(len(clean), MOST)))
    found = Counter(outcome for outcome, _ in outcomes)
    points = len(outcomes) - found["missed"]
    totals["points"] += points
    calls = len({line.split(" ")[1] for line in clean})
    summary = ", ".join(f"{number} {outcome}" for outcome, number in sorted(found.items()))
    failures = [text for outcome, text in outcomes if outcome == "FAIL"]
    suite.report("FAIL" if failures or not points else "ok", f"{title}: {points} points at {calls} kinds of call: {summary}",
                 begin, "\n".join(failures[:SHOWN]))


letter, digest = make_templates()
chosen = [verb for verb in VERBS if medium.verbs is None or verb.name in medium.verbs]
turns = TURNS if "HEARTH_KILL_TURNS" in os.environ else [TURNS[number] for number in medium.turns]
print(f"kill loop over {medium.title}: {', '.join(verb.name for verb in chosen)}; "
      f"{'; '.join(turn.title for turn in turns)}", flush=True)
for which in chosen:
    for this in turns:
        if len(sys.argv) < 2 or any(word in f"{which.name}, {this.title}" for word in sys.argv[1:]):
            walk(which, this)
print(f"kill loop over {medium.title}: {totals['points']} points, {suite.totals['FAIL']} failed cases of {sum(suite.totals.values())}")
sys.exit(1 if suite.totals["FAIL"] else 0)
