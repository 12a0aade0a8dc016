#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes in encrypted images become larger and smaller, also when that is interrupted."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.images import CHEAP, image_of, machine, mappings  # noqa: E402
from harness.resizing import MIB, USER, WORD, Replay, image_size, tree, write_files  # noqa: E402

REPLAYS = 50

suite = cases.Suite("luks resize")
sandbox.enter()


def make(hearth, kind, size, *options):
    """A cheap home with some files in it; returns their hash."""
    hearth.create(USER, WORD, *CHEAP, f"--fs-type={kind}", f"--disk-size={size}", *options, storage="luks")
    hearth.activate(USER, WORD)
    write_files(hearth, 20, 0)
    before = tree(hearth)
    hearth.deactivate(USER)
    return before


def inside(hearth):
    """Bytes that the active home's file system says it has."""
    found = os.statvfs(f"{hearth.homes}/{USER}")
    return found.f_blocks * found.f_frsize


def resize(hearth, size):
    """Changes the size; returns what homectl said."""
    return hearth.homectl("resize", USER, size, password=WORD)


def recorded(hearth):
    """The size in the record for this machine."""
    own = [entry for entry in hearth.record(USER).get("perMachine", []) if hearth.machine_id in entry.get("matchMachineId", [])]
    return own[-1].get("diskSize") if own else None


def try_sizes(hearth, before, sizes, active):
    """Goes through sizes; the files stay, and the file system follows."""
    if active:
        hearth.activate(USER, WORD)
    for size in sizes:
        resize(hearth, f"{size}M").succeeded(f"resize {size}M")
        equal(image_size(hearth), size * MIB, "size of the image")
        equal(recorded(hearth), size * MIB, "size in the record")
        if not active:
            equal(mappings(), [], "mappings")
            hearth.activate(USER, WORD)
        check(size * MIB * 0.5 < inside(hearth) < size * MIB, f"{inside(hearth)} bytes in an image of {size}M")
        equal(tree(hearth), before, "files")
        if not active:
            hearth.deactivate(USER)
    if active:
        hearth.deactivate(USER)
        hearth.activate(USER, WORD)
        equal(tree(hearth), before, "files")
        hearth.deactivate(USER)


@suite.case("ext4 grows and shrinks while it is inactive")
def _():
    with machine() as hearth:
        before = make(hearth, "ext4", "64M")
        try_sizes(hearth, before, (96, 60, 130, 64), active=False)
        equal(os.stat(image_of(hearth, USER)).st_mode & 0o777, 0o600, "mode of the image")


@suite.case("ext4 grows while it is active, and is refused to shrink, in words")
def _():
    with machine() as hearth:
        before = make(hearth, "ext4", "64M")
        try_sizes(hearth, before, (96, 160), active=True)
        hearth.activate(USER, WORD)
        answer = resize(hearth, "64M").refused("shrinking", "storage-shrink-offline-only")
        check("while it is inactive" in answer.err, answer.err)
        equal(image_size(hearth), 160 * MIB, "size of the image")
        hearth.deactivate(USER)


@suite.case("btrfs grows and shrinks, active or not")
def _():
    with machine(size=1500 * MIB) as hearth:
        before = make(hearth, "btrfs", "400M")
        try_sizes(hearth, before, (500, 350), active=False)
        try_sizes(hearth, before, (450, 380), active=True)


@suite.case("xfs grows, active or not, and cannot shrink")
def _():
    with machine(size=1500 * MIB) as hearth:
        before = make(hearth, "xfs", "330M")
        try_sizes(hearth, before, (400,), active=False)
        try_sizes(hearth, before, (450,), active=True)
        for active in (False, True):
            if active:
                hearth.activate(USER, WORD)
            resize(hearth, "350M").refused("shrinking", "storage-cannot-shrink", "size-too-small")
            equal(image_size(hearth), 450 * MIB, "size of the image")
        hearth.deactivate(USER)


@suite.case("a home with sectors of 4096 bytes changes as well")
def _():
    with machine() as hearth:
        before = make(hearth, "ext4", "64M", "--luks-sector-size=4096")
        for size in (100, 70):
            resize(hearth, f"{size}M").succeeded(f"resize {size}M")
            equal(os.stat(image_of(hearth, USER)).st_size, size * MIB, "size of the image")
            hearth.activate(USER, WORD)
            equal(tree(hearth), before, "files")
            hearth.deactivate(USER)


@suite.case("min, max, a share, and sizes that are not possible")
def _():
    with machine() as hearth:
        before = make(hearth, "ext4", "100M")
        resize(hearth, "min").succeeded("resize min")
        least = image_size(hearth)
        check(50 * MIB <= least < 100 * MIB, f"the smallest image has {least} bytes")
        hearth.activate(USER, WORD)
        equal(tree(hearth), before, "files")
        write_files(hearth, 5, 100)
        before = tree(hearth)
        hearth.deactivate(USER)
        resize(hearth, "30M").refused("smaller than what is in it", "size-too-small")
        resize(hearth, "10G").refused("larger than the disk", "storage-no-space")
        equal(image_size(hearth), least, "size of the image")
        resize(hearth, "max").succeeded("resize max")
        most = image_size(hearth)
        check(250 * MIB < most < 400 * MIB, f"the largest image has {most} bytes")
        resize(hearth, "50%").succeeded("resize 50%")
        check(abs(image_size(hearth) - most / 2) < most / 20, f"half of {most} is {image_size(hearth)}")
        hearth.activate(USER, WORD)
        equal(tree(hearth), before, "files")
        hearth.deactivate(USER)


@suite.case("a copy for which there is no room changes nothing, and says what is missing")
def _():
    with machine(size=120 * MIB) as hearth:
        before = make(hearth, "ext4", "80M", "--luks-offline-discard=no")
        answer = resize(hearth, "60M").refused("shrinking", "storage-no-space")
        check("copy" in answer.err and "are free" in answer.err, answer.err)
        equal(image_size(hearth), 80 * MIB, "size of the image")
        hearth.activate(USER, WORD)
        equal(tree(hearth), before, "files")
        hearth.deactivate(USER)


@suite.case("at login a home grows to the size in its record; without room it is opened as it is")
def _():
    with machine(size=200 * MIB) as hearth:
        before = make(hearth, "ext4", "60M", "--auto-resize-mode=off")
        # The record gets its size although the image cannot, for lack of room.
        block(hearth, 10 * MIB)
        hearth.homectl("update", USER, "--disk-size=120M", password=WORD).refused("update", "storage-no-space")
        unblock(hearth)
        hearth.activate(USER, WORD)
        equal(image_size(hearth), 60 * MIB, "size with autoResizeMode off")
        hearth.homectl("update", USER, "--auto-resize-mode=grow", password=WORD).succeeded("update")
        hearth.deactivate(USER)
        block(hearth)
        answer = hearth.activate(USER, WORD)
        check("keeps its size" in answer.err, answer.err)
        equal(tree(hearth), before, "files")
        hearth.deactivate(USER)
        unblock(hearth)
        hearth.activate(USER, WORD)
        equal(image_size(hearth), 120 * MIB, "size after a login with room")
        check(inside(hearth) > 70 * MIB, "the file system has grown too")
        equal(tree(hearth), before, "files")
        hearth.deactivate(USER)


def block(hearth, keep=0, reserve=True):
    """Fills the machine's disk but for `keep` bytes and what the file system keeps for root; without `reserve` that as well."""
    for name, step in (("fill", MIB), ("fill2", 4096)):
        with open(f"{hearth.root}/{name}", "wb") as file:
            found = os.statvfs(hearth.root)
            left = (found.f_bavail if reserve else found.f_bfree) * found.f_frsize - keep
            while left >= step:
                try:
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, step)
                    left -= step
                except OSError:
                    break


def unblock(hearth):
    """Gives it back."""
    for name in ("fill", "fill2"):
        if os.path.exists(f"{hearth.root}/{name}"):
            os.unlink(f"{hearth.root}/{name}")


@suite.case("on a disk that is full homes are opened and closed")
def _():
    with machine() as hearth:
        before = make(hearth, "ext4", "64M")
        block(hearth)
        hearth.activate(USER, WORD)
        equal(tree(hearth), before, "files")
        # To its last byte, while somebody is logged in.
        block(hearth, reserve=False)
        hearth.deactivate(USER)
        unblock(hearth)
        block(hearth)
        hearth.activate(USER, WORD)
        equal(tree(hearth), before, "files")
        hearth.deactivate(USER)
        unblock(hearth)
        hearth.activate(USER, WORD)
        equal(tree(hearth), before, "files")
        hearth.deactivate(USER)
        equal(os.listdir(hearth.homes), [f"{USER}.home"], "names in /home")


@suite.case("btrfs becomes small at logout and large at login; not when all homes are closed")
def _():
    with machine(size=1500 * MIB) as hearth:
        before = make(hearth, "btrfs", "600M")
        small = image_size(hearth)
        check(small < 500 * MIB, f"the closed image has {small} bytes")
        hearth.activate(USER, WORD)
        equal(image_size(hearth), 600 * MIB, "size of the open image")
        check(inside(hearth) > 550 * MIB, "the file system has grown too")
        equal(tree(hearth), before, "files")
        hearth.homectl("deactivate-all").succeeded("deactivate-all")
        equal(image_size(hearth), 600 * MIB, "size after deactivate-all")
        equal(recorded(hearth) or hearth.inspect(USER).get("diskSize"), 600 * MIB, "size in the record")
        hearth.activate(USER, WORD)
        hearth.homectl("update", USER, "--auto-resize-mode=grow", password=WORD).succeeded("update")
        hearth.deactivate(USER)
        equal(image_size(hearth), 600 * MIB, "size with autoResizeMode grow")


@suite.case(f"{REPLAYS} changes of size, each killed somewhere, lose nothing")
def _():
    killed = 0
    with machine(size=1500 * MIB) as hearth:
        for kind, sizes, count in (("ext4", (56, 64, 80, 100), REPLAYS * 3 // 5), ("btrfs", (330, 360, 400), REPLAYS * 2 // 5)):
            make(hearth, kind, f"{sizes[1]}M", "--auto-resize-mode=off")
            replay = Replay(hearth, kind, sizes, 4711)
            killed += sum(replay.run(number) for number in range(count))
            hearth.deactivate(USER)
            hearth.homectl("remove", USER).succeeded("remove")
    print(f"{killed} of {REPLAYS} were killed")
    check(killed > REPLAYS // 2, f"only {killed} of {REPLAYS} were killed")


cases.main(suite)
