# SPDX-License-Identifier: LGPL-2.1-or-later
"""Encrypted images: what the kernel and the image's own header say of them. Needs device-mapper: a guest, mostly."""
import contextlib
import hashlib
import json
import os
import shutil
import subprocess

from harness.cases import equal
from harness.disks import SIZE, mount_disk
from harness.hearth import Hearth

# The cheapest keys that there are, and small images: under emulation a usual one takes many seconds.
CHEAP = ("--luks-pbkdf-type=pbkdf2", "--luks-pbkdf-force-iterations=1000")
SMALL = ("--disk-size=64M", "--fs-type=ext4")
START = 1 << 20  # bytes before the partition


def mappings():
    """Names of all mappings that the kernel has."""
    lines = subprocess.run(["dmsetup", "info", "-c", "--noheadings", "-o", "name"], capture_output=True, text=True,
                           check=True).stdout.split("\n")
    return sorted(line for line in lines if line and line != "No devices found")


def loops_of(path):
    """Loop devices over a file."""
    found = subprocess.run(["losetup", "-n", "-O", "NAME,AUTOCLEAR,DIO", "-j", path], capture_output=True, text=True,
                           check=True).stdout
    return [line.split() for line in found.splitlines()]


def header(image):
    """The JSON of the LUKS2 header."""
    with part_of(image) as part:
        text = subprocess.run(["cryptsetup", "luksDump", "--dump-json-metadata", part], capture_output=True, text=True,
                              check=True).stdout
    return json.loads(text)


@contextlib.contextmanager
def part_of(image):
    """A copy of the beginning of the encrypted volume, as a file."""
    copy = f"{image}.part"
    with open(image, "rb") as source, open(copy, "wb") as target:
        source.seek(START)
        target.write(source.read(17 << 20))
    try:
        yield copy
    finally:
        os.unlink(copy)


def opens(image, word):
    """Does the password open the header?"""
    with part_of(image) as part:
        return subprocess.run(["cryptsetup", "open", "--test-passphrase", "--key-file=-", part], input=word.encode(),
                              capture_output=True, check=False).returncode == 0


def table(image):
    """The one partition of the image, as sfdisk sees it."""
    text = subprocess.run(["sfdisk", "--json", image], capture_output=True, text=True, check=True).stdout
    found = json.loads(text)["partitiontable"]
    equal(len(found["partitions"]), 1, "partitions")
    return found["partitions"][0]


def digest(path):
    """The SHA-256 of all of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else \
            hashlib.sha256(file.read()).hexdigest()


@contextlib.contextmanager
def machine(where="/mnt/machine", size=SIZE):
    """A machine on an ext4 of its own; at the end nothing of its homes may be mounted, mapped or left over."""
    mount_disk("ext4", where, size=size)
    try:
        hearth = Hearth(where)
        yield hearth
        equal(hearth.mounts()[1:], [], "mounts")
        equal(mappings(), [], "mappings")
        equal(hearth.leftovers(), [], "left behind")
        for name in os.listdir(hearth.homes):
            path = f"{hearth.homes}/{name}"
            equal(loops_of(path) if os.path.isfile(path) else [], [], f"loop devices over {name}")
    finally:
        clean(where)


def clean(where):
    """Lets go of everything that a failed case left."""
    subprocess.run(["umount", "-R", "-l", where], check=False)
    for name in mappings():
        subprocess.run(["dmsetup", "remove", "--retry", name], capture_output=True, check=False)
    os.unlink(f"{where}.img")
    shutil.rmtree(where)


def image_of(hearth, user):
    """The file that a home is kept in."""
    return f"{hearth.homes}/{user}.home"


def make(hearth, user, word, *options):
    """Creates a cheap home with a file in it; returns the file's hash."""
    hearth.create(user, word, *CHEAP, *(options or SMALL), storage="luks")
    hearth.activate(user, word)
    letter = hearth.write_letter(user)
    hearth.deactivate(user)
    return letter
