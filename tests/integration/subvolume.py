#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes that are btrfs subvolumes: their life, their limit, and everything that can be wrong with one."""
import contextlib
import fcntl
import json
import os
import stat
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, trees  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import btrfs, disk, fill, taken  # noqa: E402
from harness.hearth import Hearth  # noqa: E402

USER, WORD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
NOBODY = 65534
MIB = 1 << 20
SUBVOL_SETFLAGS, SUBVOL_RDONLY = 0x4008941A, 1 << 1  # of linux/btrfs.h

suite = cases.Suite("subvolume")
sandbox.enter()


@contextlib.contextmanager
def machine():
    """A machine on btrfs; at the end nothing may be mounted or left over."""
    with disk("btrfs", "/mnt/machine") as root:
        hearth = Hearth(root)
        yield hearth
        equal(hearth.mounts()[1:], [], "mounts")
        equal(hearth.leftovers(), [], "left behind")


def home(hearth):
    """The home as it lies on disk."""
    return f"{hearth.homes}/{USER}.homedir"


def make(hearth, *options):
    """Creates a home with a file in it; returns the file's hash."""
    hearth.create(USER, WORD, *options, storage="subvolume")
    hearth.activate(USER, WORD)
    letter = hearth.write_letter(USER)
    hearth.deactivate(USER)
    return letter


def subvolumes(hearth):
    """The paths of all subvolumes of the machine."""
    return sorted(line.split(" path ")[1] for line in btrfs("subvolume", "list", hearth.root).splitlines())


def count(hearth):
    """(used, limit) of the home as btrfs counts, in bytes; the limit is None if there is none."""
    subprocess.run(["sync", "-f", hearth.root], check=True)
    number = btrfs("inspect-internal", "rootid", home(hearth)).strip()
    for line in btrfs("qgroup", "show", "--raw", "-r", hearth.root).splitlines():
        words = line.split()
        if words[0] == f"0/{number}":
            return int(words[1]), None if words[3] == "none" else int(words[3])
    raise AssertionError("btrfs does not count the home")


def size_in(record, hearth):
    """The size that a record names for this machine."""
    entries = [entry for entry in record.get("perMachine", []) if hearth.machine_id in entry.get("matchMachineId", [])]
    return entries[-1].get("diskSize") if entries else None


@suite.case("it is made, opened, changed, closed, opened again and removed, and belongs to nobody on disk")
def _():
    with machine() as hearth:
        letter = make(hearth)
        equal((os.stat(home(hearth)).st_ino, os.stat(home(hearth)).st_uid), (256, NOBODY), "inode and owner")
        equal(stat.S_IMODE(os.stat(home(hearth)).st_mode), 0o700, "mode")
        for active in (False, True):
            if active:
                hearth.activate(USER, WORD)
            hearth.homectl("update", USER, "--real-name=Kim", password=WORD).succeeded("update")
            hearth.homectl("passwd", USER, password=WORD, new=NEW).succeeded("passwd")
            hearth.homectl("authenticate", USER, password=WORD).refused("the old password", "bad-secret")
            hearth.homectl("passwd", USER, password=NEW, new=WORD).succeeded("passwd back")
            equal(os.stat(f"{home(hearth)}/.identity").st_uid, NOBODY, "owner of the record inside")
            equal(hearth.embedded(USER)["signature"], hearth.record(USER)["signature"], "record inside")
        equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)
        hearth.homectl("remove", USER).succeeded("remove")
        equal((os.listdir(hearth.homes), subvolumes(hearth)), ([], []), "what is left")


@suite.case("its limit holds: EDQUOT at the size, and btrfs counts what du counts")
def _():
    with machine() as hearth:
        make(hearth, "--disk-size=20M")
        equal(count(hearth)[1], 20 * MIB, "limit")
        hearth.activate(USER, WORD)
        written, error = fill(f"{hearth.homes}/{USER}/big", 40 * MIB, hearth.uid(USER))
        equal(error, "EDQUOT", "error at the limit")
        check(19 * MIB <= written <= 20 * MIB, f"{written} bytes were written")
        # btrfs counts its own nodes too; du does not count small files, which are in the nodes.
        difference = count(hearth)[0] - taken(home(hearth))
        check(abs(difference) <= 128 << 10, f"btrfs and du differ by {difference} bytes")
        hearth.deactivate(USER)


@suite.case("a home that is full can be closed, opened, given a new password, changed and removed")
def _():
    with machine() as hearth:
        letter = make(hearth, "--disk-size=8M")
        hearth.activate(USER, WORD)
        equal(fill(f"{hearth.homes}/{USER}/big", 20 * MIB, hearth.uid(USER))[1], "EDQUOT", "error at the limit")
        while not fill(f"{hearth.homes}/{USER}/more", 4096, hearth.uid(USER))[1]:
            os.rename(f"{hearth.homes}/{USER}/more", f"{hearth.homes}/{USER}/more{os.urandom(4).hex()}")
        hearth.homectl("passwd", USER, password=WORD, new=NEW).succeeded("passwd")
        hearth.deactivate(USER)
        hearth.homectl("update", USER, "--real-name=Full", password=NEW).succeeded("update")
        hearth.homectl("authenticate", USER, password=WORD).refused("the old password", "bad-secret")
        hearth.activate(USER, NEW)
        equal(hearth.letter(USER), letter, "the file")
        hearth.homectl("resize", USER, "30M", password=NEW).succeeded("resize")
        equal(hearth.embedded(USER)["realName"], "Full", "name in the record inside")
        hearth.deactivate(USER)
        hearth.homectl("remove", USER).succeeded("remove")


@suite.case("it grows and shrinks, active or not, and the records on both sides say so")
def _():
    with machine() as hearth:
        make(hearth)
        for active in (False, True):
            if active:
                hearth.activate(USER, WORD)
            for word, size in (("50M", 50 * MIB), ("30M", 30 * MIB), ("max", os.statvfs(hearth.root).f_blocks * 4096)):
                hearth.homectl("resize", USER, word, password=WORD).succeeded(f"resize {word}")
                equal((count(hearth)[1], size_in(hearth.record(USER), hearth), size_in(hearth.embedded(USER), hearth)),
                      (size, size, size), f"limit and records after {word}")
            hearth.homectl("resize", USER, "min", password=WORD).succeeded("resize min")
            used, limit = count(hearth)
            check(used < limit <= used + 2 * MIB, f"smallest limit {limit} for {used}")
            hearth.homectl("update", USER, "--disk-size=40M", password=WORD).succeeded("update")
            equal(count(hearth)[1], 40 * MIB, "limit after an update")
            btrfs("qgroup", "limit", "35M", home(hearth))
            hearth.homectl("resize", USER, password=WORD).succeeded("resize to what the record says")
            equal(count(hearth)[1], 40 * MIB, "limit")
        hearth.deactivate(USER)


@suite.case("a size below what is in it is refused, and so is one that is none")
def _():
    with machine() as hearth:
        make(hearth, "--disk-size=40M")
        hearth.activate(USER, WORD)
        equal(fill(f"{hearth.homes}/{USER}/big", 20 * MIB, hearth.uid(USER)), (20 * MIB, None), "writing 20M")
        subprocess.run(["sync", "-f", hearth.root], check=True)
        before = hearth.record(USER)
        hearth.homectl("resize", USER, "10M", password=WORD).refused("resize", "size-too-small")
        hearth.homectl("resize", USER, "10X", password=WORD).refused("resize", "size-invalid")
        hearth.homectl("resize", USER, "30M", password=NEW).refused("resize", "bad-secret")
        equal(count(hearth)[1], 40 * MIB, "limit")
        equal(hearth.record(USER)["signature"], before["signature"], "record")
        hearth.deactivate(USER)
        for size in ("min", "100K"):
            hearth.homectl("create", "lee", "--storage=subvolume", f"--disk-size={size}", "--enforce-password-policy=no",
                           new=NEW).refused(f"create with {size}", "storage-bad-size")


@suite.case("quota that was switched off, or lowered below what is in it, keeps nobody out, and a resize sets it right")
def _():
    with machine() as hearth:
        letter = make(hearth, "--disk-size=40M")
        hearth.activate(USER, WORD)
        equal(fill(f"{hearth.homes}/{USER}/big", 20 * MIB, hearth.uid(USER)), (20 * MIB, None), "writing 20M")
        hearth.deactivate(USER)
        subprocess.run(["sync", "-f", hearth.root], check=True)
        btrfs("qgroup", "limit", "10M", home(hearth))
        hearth.activate(USER, WORD)
        equal(hearth.letter(USER), letter, "the file")
        equal(fill(f"{hearth.homes}/{USER}/more", MIB, hearth.uid(USER))[1], "EDQUOT", "writing beyond the limit")
        hearth.homectl("passwd", USER, password=WORD, new=NEW).succeeded("passwd")
        hearth.deactivate(USER)
        hearth.homectl("resize", USER, "15M", password=NEW).refused("resize", "size-too-small")
        equal(count(hearth)[1], 40 * MIB, "limit, which is that of the record again")
        btrfs("qgroup", "limit", "10M", f"0/{btrfs('inspect-internal', 'rootid', home(hearth)).strip()}", hearth.root)
        hearth.homectl("resize", USER, "50M", password=NEW).succeeded("resize")
        equal((count(hearth)[1], size_in(hearth.embedded(USER), hearth)), (50 * MIB, 50 * MIB), "limit and record inside")
        btrfs("quota", "disable", hearth.root)
        hearth.activate(USER, NEW)
        hearth.deactivate(USER)
        hearth.homectl("resize", USER, "30M", password=NEW).succeeded("resize without quota")
        equal(count(hearth)[1], 30 * MIB, "limit")


@suite.case("where there is no btrfs it is not made, and a person is told why")
def _():
    hearth = Hearth("/mnt/plain")
    answer = hearth.homectl("create", USER, "--storage=subvolume", "--enforce-password-policy=no", new=WORD)
    answer.refused("create", "storage-backend-unavailable")
    check("not on btrfs" in answer.err, f"the reason: {answer!r}")
    equal((os.listdir(hearth.homes), hearth.leftovers()), ([], []), "left behind")


@suite.case("a plain folder that systemd-homed calls a subvolume opens, and cannot be limited")
def _():
    with machine() as hearth:
        letter = make(hearth)
        subprocess.run(["cp", "-a", hearth.root, "/mnt/copied"], check=True)
    copied = Hearth("/mnt/copied", hearth.machine_id)
    copied.activate(USER, WORD)
    equal(copied.letter(USER), letter, "the file")
    copied.homectl("resize", USER, "50M", password=WORD).refused("resize", "size-fixed", "storage-backend-unavailable")
    copied.deactivate(USER)
    copied.homectl("remove", USER).succeeded("remove")
    equal(os.listdir(copied.homes), [], "what is left")


@suite.case("subvolumes inside, read-only ones and deep ones, do not keep it from being removed")
def _():
    with machine() as hearth:
        make(hearth)
        hearth.activate(USER, WORD)
        uid, top = hearth.uid(USER), f"{hearth.homes}/{USER}"
        os.makedirs(f"{top}/a/b")
        for path in ("a", "a/b"):
            os.chown(f"{top}/{path}", uid, uid)
        for path in ("one", "a/b/two", "a/b/two/three", "a/b/two/three/four", "closed", "closed/inner"):
            btrfs("subvolume", "create", f"{top}/{path}", user=uid)
        with open(f"{top}/closed/inner/file", "w", encoding="ascii") as file:
            file.write("x")
        btrfs("subvolume", "snapshot", "-r", top, f"{top}/backup")
        hearth.deactivate(USER)
        for path in ("closed/inner", "closed"):
            btrfs("property", "set", f"{home(hearth)}/{path}", "ro", "true")
        equal(len(subvolumes(hearth)), 8, "number of subvolumes")
        make_deep(home(hearth), 40, "x" * 200)  # longer than any path that the kernel would take
        hearth.homectl("remove", USER).succeeded("remove")
        equal((os.listdir(hearth.homes), subvolumes(hearth)), ([], []), "what is left")


def make_deep(top, levels, name):
    """Folders in folders, with a read-only subvolume in the innermost that has another one in it."""
    here = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    for _ in range(levels):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=here)
        os.close(here)
        here = inner
    path = f"/proc/self/fd/{here}"
    for inner in ("deep", "deep/inner"):
        subprocess.run(["btrfs", "subvolume", "create", f"{path}/{inner}"], pass_fds=(here,), check=True, capture_output=True)
    deep = os.open("deep", os.O_RDONLY | os.O_DIRECTORY, dir_fd=here)
    fcntl.ioctl(deep, SUBVOL_SETFLAGS, struct.pack("=Q", SUBVOL_RDONLY))
    os.close(deep)
    os.close(here)


@suite.case("a removal that was cut short, with half of the subvolumes inside gone, is finished at the next start")
def _():
    with machine() as hearth:
        make(hearth)
        for path in ("one", "two"):
            btrfs("subvolume", "create", f"{home(hearth)}/{path}")
        btrfs("subvolume", "delete", f"{home(hearth)}/one")
        os.rename(home(hearth), f"{hearth.homes}/.#trash-{USER}.homedir{0x1234:016x}")
        journal = {"format": 1, "operation": 0x1234, "verb": "remove", "user": USER, "storage": "subvolume", "phase": 0,
                   "change": 0, "note": ""}
        with open(f"{hearth.state}/hearth/journal/{USER}.journal", "w", encoding="ascii") as file:
            json.dump(journal, file)
        equal(hearth.listed(USER), None, "its row")
        equal((os.listdir(hearth.homes), subvolumes(hearth)), ([], []), "what is left")


@suite.case("one that lost its record inside opens by the one of the host; one that is gone is absent, and can be removed")
def _():
    with machine() as hearth:
        letter = make(hearth)
        os.unlink(f"{home(hearth)}/.identity")
        hearth.activate(USER, WORD)
        equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)
        equal(hearth.embedded(USER)["signature"], hearth.record(USER)["signature"], "record inside")
        btrfs("subvolume", "delete", home(hearth))
        hearth.homectl("activate", USER, password=WORD).refused("activate", "image-absent")
        hearth.homectl("remove", USER).succeeded("remove")


@suite.case("a read-only one is refused with what to do, unchanged, and opens once it is writable")
def _():
    with machine() as hearth:
        letter = make(hearth)
        btrfs("property", "set", home(hearth), "ro", "true")
        before = trees.digest(home(hearth))
        for arguments in (("activate", USER), ("passwd", USER), ("update", USER, "--real-name=X"), ("resize", USER, "50M")):
            answer = hearth.homectl(*arguments, password=WORD, new=NEW).refused(" ".join(arguments), "storage-permission")
            check("read-only" in answer.err and "ro false" in answer.err, f"the reason: {answer!r}")
        equal(trees.digest(home(hearth)), before, "content on disk")
        btrfs("property", "set", home(hearth), "ro", "false")
        hearth.activate(USER, WORD)
        equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)
        btrfs("property", "set", home(hearth), "ro", "true")
        hearth.homectl("remove", USER).succeeded("remove of a read-only one")


@suite.case("somebody's working directory in it keeps it from being closed, and who that is is said")
def _():
    with machine() as hearth:
        make(hearth)
        hearth.activate(USER, WORD)
        with subprocess.Popen(["sleep", "60"], cwd=f"{hearth.homes}/{USER}") as sleeper:
            answer = hearth.homectl("deactivate", USER).refused("deactivate", "home-busy")
            check("sleep" in answer.err, f"who it is: {answer!r}")
            sleeper.kill()
        hearth.deactivate(USER)


@suite.case("adopt takes a subvolume for a subvolume and a folder for a folder")
def _():
    with machine() as hearth:
        for storage, user in (("subvolume", "sub"), ("directory", "dir")):
            hearth.create(user, WORD, storage=storage)
            os.unlink(f"{hearth.state}/{user}.identity")
            hearth.homectl("adopt", f"/home/{user}.homedir", password=WORD).succeeded(f"adopt {user}")
            equal(hearth.record(user)["binding"][hearth.machine_id]["storage"], storage, f"storage of {user}")
            hearth.activate(user, WORD)
            hearth.deactivate(user)


cases.main(suite)
