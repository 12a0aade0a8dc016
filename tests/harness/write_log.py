# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every write to a disk, in the order in which they became durable (device-mapper's target log-writes), and the disk as it
was after any of them: what a power cut leaves."""
import contextlib
import os
import struct
import subprocess
from typing import NamedTuple

MAGIC = 0x6A736677736872
SUPER, ENTRY = struct.Struct("<QQQI"), struct.Struct("<QQQQ")
DISCARD, MARK = 4, 8  # flags of an entry
SECTOR = 512
LOG_SIZE = 1 << 30  # bytes, of which only what is written takes room


class Write(NamedTuple):
    """One entry: where on the disk, and where in the log its data is. Without data, zeros."""
    offset: int
    length: int
    data: int | None


@contextlib.contextmanager
def recorded(disk, log):
    """The file `disk` as a device whose writes are logged; gives its path and a function that marks a moment in the log."""
    with open(log, "wb") as file:
        file.truncate(LOG_SIZE)
    name = "hearth-recorded"
    with loop(disk) as below, loop(log) as beside:
        sectors = os.path.getsize(disk) // SECTOR
        _dmsetup("create", name, "--table", f"0 {sectors} log-writes {below} {beside}")
        _dmsetup("mknodes", name)  # there may be no udevd
        try:
            yield f"/dev/mapper/{name}", lambda mark: _dmsetup("message", name, "0", "mark", mark)
        finally:
            _dmsetup("remove", "--retry", name)


@contextlib.contextmanager
def loop(path):
    """A loop device over a file, for as long as the block."""
    device = subprocess.run(["losetup", "--find", "--show", path], capture_output=True, text=True, check=True).stdout.strip()
    try:
        yield device
    finally:
        subprocess.run(["losetup", "-d", device], check=True)


def _dmsetup(*arguments):
    subprocess.run(["dmsetup", *arguments], capture_output=True, check=True)


def read(log):
    """The writes in a log, and for each mark how many writes came before it."""
    writes, marks = [], {}
    with open(log, "rb") as file:
        magic, _, count, size = SUPER.unpack(file.read(SUPER.size))
        if magic != MAGIC or size % SECTOR:
            raise ValueError(f"{log} is no log of writes")
        at = size
        for _ in range(count):
            file.seek(at)
            sector, sectors, flags, extra = ENTRY.unpack(file.read(ENTRY.size))
            at += size
            if flags & MARK:
                marks[file.read(extra).rstrip(b"\0").decode()] = len(writes)
                continue
            if sectors == 0:
                continue  # a flush
            there = None if flags & DISCARD else at
            writes.append(Write(sector * size, sectors * size, there))
            at += 0 if flags & DISCARD else sectors * size
    return writes, marks


def apply(writes, log, disk):
    """Does these writes again, to the file `disk`. Says whether they changed anything."""
    changed = False
    with open(log, "rb") as source, open(disk, "r+b") as target:
        for write in writes:
            data = bytes(write.length)
            if write.data is not None:
                source.seek(write.data)
                data = source.read(write.length)
            target.seek(write.offset)
            if target.read(write.length) == data:
                continue
            changed = True
            target.seek(write.offset)
            target.write(data)
    return changed
