#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes in encrypted images become larger and smaller, also when that is interrupted."""
import hashlib
import os
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.images import CHEAP, image_of, loops_of, machine, mappings, table  # noqa: E402

USER, WORD = "kim", "Altes-Wort-1"
MIB = 1 << 20
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


def write_files(hearth, count, first):
    """Files of all sizes, with content of their own."""
    for number in range(first, first + count):
        rand = random.Random(number)
        path = f"{hearth.homes}/{USER}/{number % 3}/{number}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(rand.randbytes(rand.choice((10, 5000, 70000, 300000))))


def tree(hearth):
    """The hash of all files of the active home but its record."""
    total = hashlib.sha256()
    top = f"{hearth.homes}/{USER}"
    for path, names, files in os.walk(top):
        names.sort()
        for name in sorted(files):
            if name != ".identity":
                with open(os.path.join(path, name), "rb") as file:
                    total.update(f"{os.path.relpath(path, top)}/{name}".encode() + hashlib.sha256(file.read()).digest())
    return total.hexdigest()


def inside(hearth):
    """Bytes that the active home's file system says it has."""
    found = os.statvfs(f"{hearth.homes}/{USER}")
    return found.f_blocks * found.f_frsize


def resize(hearth, size):
    """Changes the size; returns what homectl said."""
    return hearth.homectl("resize", USER, size, password=WORD)


def image_size(hearth):
    """Bytes of the image file, which its table agrees with."""
    image = image_of(hearth, USER)
    size = os.stat(image).st_size
    part = table(image)
    end = (part["start"] + part["size"]) * 512
    check(size - 2 * MIB <= end < size, f"the partition ends at {end}, the image at {size}")
    return size


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


def child_of(parent):
    """The one child of a process, or None."""
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                if name.isdigit() and int(file.read().rpartition(")")[2].split()[1]) == parent:
                    return int(name)
        except (OSError, ValueError, IndexError):
            continue
    return None


def kill(pid):
    """SIGKILL; says whether there was anybody to kill."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


class Replay:
    """One home that is resized and interrupted, again and again; it is active in between."""

    def __init__(self, hearth, kind, sizes, seed):
        self.hearth, self.kind, self.sizes, self.random = hearth, kind, sizes, random.Random(seed)
        self.hearth.activate(USER, WORD)

    def run(self, number):
        """One change that is killed somewhere; afterwards the home opens with its files, and nothing is left over."""
        active = self.random.random() < 0.4
        write_files(self.hearth, self.random.randrange(3), 1000 + 3 * number)
        before = tree(self.hearth)
        if not active:
            self.hearth.deactivate(USER)
        old = os.stat(image_of(self.hearth, USER)).st_size
        new = self.random.choice([size for size in self.sizes if size * MIB != old]) * MIB
        killed = self.interrupt(str(new))
        title = f"{self.kind}, {number}, {'active' if active else 'inactive'}, {old} to {new}, killed at {killed}"
        try:
            self.look(before, active, {old, new})
        except cases.Failure as failure:
            raise cases.Failure(f"{title}: {failure}") from failure
        return killed is not None

    def interrupt(self, size):
        """Kills the worker, or homectl as well, at some instant; says which, or nothing if they were done before."""
        both, late, pause = self.random.random() < 0.5, self.random.random() < 0.7, self.random.random()
        homectl = subprocess.Popen(self.hearth.command("resize", USER, size), stdin=subprocess.DEVNULL, text=True,
                                   env=self.hearth.environment(WORD), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            worker = None
            while homectl.poll() is None and (worker is None or (late and not self.has_begun())):
                time.sleep(0.002)
                worker = worker or child_of(homectl.pid)
            time.sleep(pause ** 2 * (1.2 if late else 0.6))
            victims = [worker, homectl.pid] if both else [worker]
            if homectl.poll() is not None or not all(victim and kill(victim) for victim in victims):
                return None
            return f"{pause:.3f} of {'the change' if late else 'all of it'}{', homectl too' if both else ''}"
        finally:
            homectl.communicate(timeout=120)

    def has_begun(self):
        """Is there a copy, or a note about sizes?"""
        journal = f"{self.hearth.state}/hearth/journal/{USER}.journal"
        try:
            with open(journal, encoding="utf-8") as file:
                noted = "size".encode().hex() in file.read()
        except OSError:
            noted = False
        return noted or any(name.startswith(".#") for name in os.listdir(self.hearth.homes))

    def look(self, before, active, sizes):
        """The next start, and the home."""
        row = self.hearth.listed(USER)
        check(row["state"] in (("active",) if active else ("inactive", "dirty")), f"state {row['state']}")
        if active:
            equal(tree(self.hearth), before, "files while it is active")
            self.hearth.deactivate(USER)
        # The copy of the record inside may wait until somebody opens the home.
        equal([name for name in self.hearth.leftovers() if not name.endswith(".journal")], [], "left behind")
        equal(mappings(), [], "mappings")
        equal(loops_of(image_of(self.hearth, USER)), [], "loop devices")
        check(image_size(self.hearth) in sizes, f"{image_size(self.hearth)} bytes")
        self.hearth.activate(USER, WORD)
        equal(self.hearth.leftovers(), [], "left behind once it is open")
        equal(tree(self.hearth), before, "files")


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
    check(killed > REPLAYS // 2, f"only {killed} of {REPLAYS} were killed")


cases.main(suite)
