#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes in folders with a size, plain and encrypted, on file systems that count by project, by owner, or not at all."""
import contextlib
import os
import subprocess
import sys
from typing import NamedTuple

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import disk, fill, taken  # noqa: E402
from harness.hearth import Hearth  # noqa: E402

USER, OTHER, WORD, NEW = "kim", "noor", "Altes-Wort-1", "Neues-Wort-2"
MIB = 1 << 20


class Way(NamedTuple):
    """How a file system counts: its name, what it is made with, how it is mounted; and what it says at the limit."""
    kind: str
    features: tuple
    mounted: str
    storage: str = "directory"
    full: str = "EDQUOT"


WAYS = {
    "ext4 by project": Way("ext4", ("-O", "quota,project", "-E", "quotatype=prjquota"), "prjquota"),
    "ext4 by owner": Way("ext4", ("-O", "quota", "-E", "quotatype=usrquota"), "usrquota"),
    # XFS treats a project as a disk of its own.
    "xfs by project": Way("xfs", (), "prjquota", full="ENOSPC"),
    "xfs by owner": Way("xfs", (), "usrquota"),
    "encrypted ext4 by project": Way("ext4", ("-O", "encrypt,quota,project", "-E", "quotatype=prjquota"), "prjquota", "fscrypt"),
    "encrypted ext4 by owner": Way("ext4", ("-O", "encrypt,quota", "-E", "quotatype=usrquota"), "usrquota", "fscrypt"),
}

suite = cases.Suite("quota")
sandbox.enter()


@contextlib.contextmanager
def machine(way):
    """A machine on such a file system; at the end nothing may be mounted or left over."""
    with disk(WAYS[way].kind, "/mnt/machine", WAYS[way].mounted, WAYS[way].features) as root:
        hearth = Hearth(root)
        yield hearth
        equal(hearth.mounts()[1:], [], "mounts")
        equal(hearth.leftovers(), [], "left behind")


def create(hearth, way, user, *options):
    """Creates a home of the kind that is tried; encrypted ones with keys that are derived fast."""
    form = ("--hearth-fscrypt-format=v1",) if WAYS[way].storage == "fscrypt" else ()
    hearth.create(user, WORD, *form, *options, storage=WAYS[way].storage)


def big(hearth, name="big", user=USER):
    """A path in the active home."""
    return f"{hearth.homes}/{user}/{name}"


def every_way(title):
    """Decorator: the function is one case for each way of counting."""
    def add(function):
        for way in WAYS:
            suite.case(f"{way}: {title}")(lambda way=way: function(way))
        return function
    return add


@every_way("the limit holds: EDQUOT at the size that was asked for, and what is counted agrees with du")
def _(way):
    with machine(way) as hearth:
        create(hearth, way, USER, "--disk-size=20M")
        create(hearth, way, OTHER)
        for user in (USER, OTHER):
            hearth.activate(user, WORD)
        written, error = fill(big(hearth), 40 * MIB, hearth.uid(USER))
        equal(error, WAYS[way].full, "error at the limit")
        check(19 * MIB <= written <= 20 * MIB, f"{written} bytes were written")
        difference = 20 * MIB - taken(f"{hearth.homes}/{USER}.homedir")
        check(0 <= difference <= 128 << 10, f"du and the limit differ by {difference} bytes")
        equal(fill(big(hearth, user=OTHER), 40 * MIB, hearth.uid(OTHER)), (40 * MIB, None), "a home without a limit")
        for user in (USER, OTHER):
            hearth.deactivate(user)


@every_way("it grows and shrinks, active or not, and the records on both sides say so")
def _(way):
    with machine(way) as hearth:
        create(hearth, way, USER)
        hearth.activate(USER, WORD)
        hearth.write_letter(USER)
        equal(fill(big(hearth), 10 * MIB, hearth.uid(USER)), (10 * MIB, None), "writing without a limit")
        for active in (True, False, True):
            if not active:
                hearth.deactivate(USER)
            for size in (15 * MIB, 30 * MIB, 12 * MIB):
                hearth.homectl("resize", USER, str(size), password=WORD).succeeded(f"resize {size}")
                equal(hearth.record(USER)["perMachine"][-1]["diskSize"], size, "size in the record")
            hearth.homectl("resize", USER, "5M", password=WORD).refused("resize below what is used", "size-too-small")
            if not active:
                hearth.activate(USER, WORD)
            equal(hearth.embedded(USER)["perMachine"][-1]["diskSize"], 12 * MIB, "size in the record inside")
        # What was there before the limit counts as well.
        written, error = fill(big(hearth, "more"), 10 * MIB, hearth.uid(USER))
        equal(error, WAYS[way].full, "error at the limit")
        check(written <= 2 * MIB, f"{written} bytes more were written")
        hearth.homectl("resize", USER, "max", password=WORD).succeeded("resize max")
        equal(fill(big(hearth, "more"), 10 * MIB, hearth.uid(USER)), (10 * MIB, None), "writing after resize max")
        hearth.deactivate(USER)


@every_way("a home that is full can be closed, opened, given a new password and removed; the next one is not limited")
def _(way):
    with machine(way) as hearth:
        create(hearth, way, USER, "--disk-size=8M")
        hearth.activate(USER, WORD)
        letter, uid = hearth.write_letter(USER), hearth.uid(USER)
        equal(fill(big(hearth), 20 * MIB, uid)[1], WAYS[way].full, "error at the limit")
        hearth.homectl("passwd", USER, password=WORD, new=NEW).succeeded("passwd")
        hearth.deactivate(USER)
        hearth.homectl("authenticate", USER, password=WORD).refused("the old password", "bad-secret")
        hearth.activate(USER, NEW)
        equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)
        hearth.homectl("remove", USER).succeeded("remove")
        create(hearth, way, USER, f"--uid={uid}")
        hearth.activate(USER, WORD)
        equal(fill(big(hearth), 20 * MIB, uid), (20 * MIB, None), "writing in the next home of that number")
        hearth.deactivate(USER)


def refused_without(hearth, storage="directory"):
    """A size cannot be kept there: nobody is left to believe that it is."""
    answer = hearth.homectl("create", USER, f"--storage={storage}", "--disk-size=20M", "--enforce-password-policy=no", new=WORD)
    answer.refused("create with a size", "storage-not-supported")
    check("prjquota" in answer.err, f"what to do: {answer!r}")
    equal((os.listdir(hearth.homes), hearth.leftovers()), ([], []), "left behind")
    hearth.create(USER, WORD, storage=storage)
    hearth.homectl("resize", USER, "20M", password=WORD).refused("resize", "storage-not-supported")
    check("diskSize" not in str(hearth.record(USER)), "the record speaks of a size")
    hearth.activate(USER, WORD)
    hearth.deactivate(USER)


@suite.case("a file system that does not count: a size is refused with what to do, and nothing is left behind")
def _():
    with disk("ext4", "/mnt/machine") as root:
        refused_without(Hearth(root))


@suite.case("an encrypted folder where nothing is counted: the same")
def _():
    with disk("ext4", "/mnt/machine", features=("-O", "encrypt")) as root:
        refused_without(Hearth(root), "fscrypt")


@suite.case("a folder on btrfs: the same, and subvolumes are named")
def _():
    with disk("btrfs", "/mnt/machine") as root:
        refused_without(Hearth(root))


cases.main(suite)
