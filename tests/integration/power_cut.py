#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The power is cut after a write, and the machine starts again: the home is there, with all its files, or was not made yet.

Everything of a machine is on one disk, whose writes are logged while homectl works: its records, its journals, and the image
with all that happens inside it. Then the disk is put together as it was after each of HEARTH_CUT_POINTS of these writes, evenly
spread ("all": after each), and Hearth comes back over it. Once homectl has said that it is done, nothing but the new state will
do.
"""
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, images, sandbox, write_log  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import Hearth  # noqa: E402

USER, OLD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
MACHINE = "0c5f7a1e3b2d4c6f8a9b0c1d2e3f4a5b"
SIZE = 224 << 20  # bytes of the machine's disk
OPTIONS = (*images.CHEAP, "--fs-type=ext4", "--disk-size=52M", "--rate-limit-burst=1000000", "--enforce-password-policy=no",
           "--storage=luks")
POINTS = os.environ.get("HEARTH_CUT_POINTS", "34")
SHOWN = 5  # failures of one case that are shown
ROOT, LOG, WORK, NOW, TRY = (f"/mnt/{name}" for name in ("machine", "log", "work.img", "now.img", "try.img"))
EMPTY, WITH_HOME = "/mnt/empty.img", "/mnt/home.img"

suite = cases.Suite("power cut")
sandbox.enter()


class mounted:
    """The machine's disk at ROOT, for as long as the block; then nothing of its homes may be open."""

    def __init__(self, disk):
        self.options = ["-o", "loop"] if os.path.isfile(disk) else []
        self.disk = disk

    def __enter__(self):
        subprocess.run(["mount", *self.options, self.disk, ROOT], check=True)
        return Hearth(ROOT, MACHINE)

    def __exit__(self, kind, *_):
        if kind:
            for point in reversed(sandbox.mounts_below(ROOT)[1:]):
                subprocess.run(["umount", "-l", point], check=False)
            for name in images.mappings():
                if name.startswith(("home-", "hearth-")) and name != "hearth-recorded":
                    subprocess.run(["dmsetup", "remove", "--retry", name], capture_output=True, check=False)
        subprocess.run(["umount", ROOT], check=True)


def make_templates():
    """A machine without homes, and one with a home; returns the hash of the file in it."""
    os.mkdir(ROOT, mode=0o755)
    with open(EMPTY, "wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", "-N", "512", EMPTY], check=True)
    with mounted(EMPTY):
        pass
    shutil.copy(EMPTY, WITH_HOME)
    with mounted(WITH_HOME) as hearth:
        hearth.homectl("create", USER, *OPTIONS, new=OLD).succeeded("create")
        hearth.activate(USER, OLD)
        letter = hearth.write_letter(USER, "not to be lost")
        hearth.deactivate(USER)
    return letter


def names(hearth):
    """Everything on the machine that is called after the user."""
    return [f"{folder}/{name}" for folder in (hearth.homes, hearth.state) for name in os.listdir(folder) if USER in name]


class Verb:
    """A verb, the disk that it starts from, and what may be found after a cut."""

    def __init__(self, title, disk, arguments, *, new=None, makes=False, removes=False, active=False):
        self.title, self.disk, self.arguments, self.new = title, disk, arguments, new
        self.makes, self.removes, self.active = makes, removes, active

    def record(self):
        """Runs it over a disk whose writes are logged; returns the writes and how many there were when it had ended."""
        shutil.copy(self.disk, WORK)
        with write_log.recorded(WORK, LOG) as (device, mark), mounted(device) as hearth:
            if self.active:
                hearth.activate(USER, OLD)
            mark("begun")
            hearth.homectl(*self.arguments, password=None if self.makes else OLD, new=self.new).succeeded(self.title)
            mark("done")
            if self.active:
                hearth.deactivate(USER)
        writes, marks = write_log.read(LOG)
        return writes, marks["begun"], marks["done"]

    def look(self, hearth, is_done):
        """What the machine finds when it starts again; returns old, new or absent."""
        row = hearth.listed(USER)
        if row is None or row["state"] == "unfixated":
            check((self.makes and not is_done) or self.removes, "the home is gone")
            equal(names(hearth), [], "names of a home that is gone")
            equal(hearth.leftovers(), [], "left behind")
            return "absent"
        check(not (self.removes and is_done), "the home that was removed is back")
        word = self.word(hearth, is_done)
        if not self.makes:
            equal(hearth.letter(USER), letter, "the file in the home")
        hearth.deactivate(USER)
        equal(hearth.leftovers(), [], "left behind")
        return "new" if word == NEW else "there"

    def word(self, hearth, is_done):
        """The password that opens the home, which it does."""
        if self.new is None or self.makes:
            hearth.activate(USER, OLD)
            return OLD
        opened = hearth.homectl("activate", USER, password=NEW)
        if opened.status == 0:
            return NEW
        check(not is_done, f"the new password does not open the home: {opened!r}")
        opened.refused("the new password", "bad-secret")
        hearth.activate(USER, OLD)
        return OLD


VERBS = [
    Verb("create", EMPTY, ["create", USER, *OPTIONS], new=OLD, makes=True),
    Verb("passwd", WITH_HOME, ["passwd", USER], new=NEW),
    Verb("passwd of an active home", WITH_HOME, ["passwd", USER], new=NEW, active=True),
    Verb("resize to a larger size", WITH_HOME, ["resize", USER, "80M"]),
    Verb("resize to a smaller size", WITH_HOME, ["resize", USER, "min"]),
    Verb("remove", WITH_HOME, ["remove", USER], removes=True),
]


def chosen(begun, done, end):
    """After how many writes the power is cut."""
    count = end - begun if POINTS == "all" else min(int(POINTS), end - begun)
    spread = {begun + (end - begun) * number // count for number in range(1, count + 1)}
    return sorted(spread | {done})


def try_point(verb, is_done):
    """One cut; returns (outcome, text)."""
    subprocess.run(["cp", "--sparse=always", NOW, TRY], check=True)
    try:
        with mounted(TRY) as hearth:
            return verb.look(hearth, is_done), ""
    except (cases.Failure, OSError, subprocess.SubprocessError, KeyError, ValueError) as failure:
        return "FAIL", str(failure)


def walk(verb):
    """All cuts of one verb."""
    writes, begun, done = verb.record()
    shutil.copy(verb.disk, NOW)
    found, failures, at = {}, [], 0
    for cut in chosen(begun, done, len(writes)):
        changed = write_log.apply(writes[at:cut], LOG, NOW)
        at = cut
        if not changed and cut != done:  # as after the write before
            found["same"] = found.get("same", 0) + 1
            continue
        outcome, text = try_point(verb, cut >= done)
        found[outcome] = found.get(outcome, 0) + 1
        if text:
            failures.append(f"after write {cut} of {len(writes)} (done at {done}): {text}")
    return len(writes) - begun, found, failures


def run(words):
    """Each verb is a case."""
    total = 0
    for verb in VERBS:
        if words and verb.title not in words:
            continue
        begin = time.monotonic()
        count, found, failures = walk(verb)
        tried = sum(found.values())
        total += tried
        summary = ", ".join(f"{number} {outcome}" for outcome, number in sorted(found.items()))
        suite.report("FAIL" if failures or not tried else "ok", f"{verb.title}: {tried} cuts among {count} writes: {summary}",
                     begin, "\n".join(failures[:SHOWN]))
    print(f"power cut: {total} cuts, {suite.totals['FAIL']} failed cases of {sum(suite.totals.values())}")


letter = make_templates()
run(sys.argv[1:])
sys.exit(1 if suite.totals["FAIL"] else 0)
