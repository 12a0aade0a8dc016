# SPDX-License-Identifier: LGPL-2.1-or-later
"""A home in an image with files in it, whose changes of size are interrupted."""
import hashlib
import os
import random
import signal
import subprocess
import time

from harness import cases
from harness.cases import check, equal
from harness.images import image_of, loops_of, mappings, table

USER, WORD = "kim", "Altes-Wort-1"
MIB = 1 << 20


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


def image_size(hearth):
    """Bytes of the image file, which its table agrees with."""
    image = image_of(hearth, USER)
    size = os.stat(image).st_size
    part = table(image)
    end = (part["start"] + part["size"]) * 512
    check(size - 2 * MIB <= end < size, f"the partition ends at {end}, the image at {size}")
    return size


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
        self.spans, self.took = {}, []
        self.hearth.activate(USER, WORD)
        self.measure()

    def run(self, number):
        """One change that is killed somewhere; afterwards the home opens with its files, and nothing is left over."""
        active = self.random.random() < 0.4
        write_files(self.hearth, self.random.randrange(3), 1000 + 3 * number)
        before = tree(self.hearth)
        old, new, active = self.choose(active)
        if not active:
            self.hearth.deactivate(USER)
        both, late, pause = self.random.random() < 0.5, self.random.random() < 0.7, self.random.random() ** 2
        killed = self.change(new, late, pause * self.spans[active, new > old, late], both)
        title = (f"{self.kind}, {number}, {'active' if active else 'inactive'}, {old} to {new}, killed at {pause:.3f} of "
                 f"{'the change' if late else 'all of it'}{', homectl too' if both else ''}: {killed}")
        try:
            self.look(before, active, {old, new})
        except cases.Failure as failure:
            raise cases.Failure(f"{title}: {failure}") from failure
        return killed

    def choose(self, active):
        """The size that it has, another one, and whether it may stay active for that: ext4 becomes smaller only while it is not."""
        old = os.stat(image_of(self.hearth, USER)).st_size
        others = [size * MIB for size in self.sizes if size * MIB != old]
        larger = [size for size in others if size > old]
        if self.kind == "ext4" and active:
            return old, self.random.choice(larger or others), bool(larger)
        return old, self.random.choice(others), active

    def measure(self):
        """How long each kind of change takes when nobody kills it, as a whole and from its first write on, in seconds."""
        low, high = self.sizes[0] * MIB, self.sizes[-1] * MIB
        for active, size in ((False, high), (False, low), (True, high), (True, low)):
            if active and size == low and self.kind == "ext4":
                continue
            grows = size > os.stat(image_of(self.hearth, USER)).st_size
            if not active:
                self.hearth.deactivate(USER)
            self.change(size, True)
            self.spans.update({(active, grows, late): self.took[late] for late in (False, True)})
            if not active:
                self.hearth.activate(USER, WORD)

    def change(self, size, late, pause=None, both=False):
        """Changes the size; kills the worker, or homectl as well, `pause` after the start of it or (late) of its first write. Says
        whether they were still there. Without a pause nobody is killed, and `took` says how long it was."""
        homectl = subprocess.Popen(self.hearth.command("resize", USER, str(size)), stdin=subprocess.DEVNULL, text=True,
                                   env=self.hearth.environment(WORD), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        begun = [None, None]
        try:
            worker = None
            while homectl.poll() is None and begun[late] is None:
                time.sleep(0.002)
                worker = worker or child_of(homectl.pid)
                begun[False] = begun[False] or (worker and time.monotonic())
                begun[True] = begun[True] or (worker and late and self.has_begun() and time.monotonic()) or None
            if pause is None:
                text, _ = homectl.communicate(timeout=120)
                check(homectl.returncode == 0 and all(begun), f"a change that nobody kills: {homectl.returncode}, {begun}: {text}")
                self.took = [time.monotonic() - then for then in begun]
                return False
            time.sleep(pause)
            victims = [worker, homectl.pid] if both else [worker]
            return homectl.poll() is None and all(victim and kill(victim) for victim in victims)
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
