#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The subvolume home of tests/data/fixtures, which systemd-homed 252 made on another machine, opened by Hearth."""
import contextlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, trees  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import btrfs, disk  # noqa: E402
from harness.hearth import Hearth  # noqa: E402

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "fixtures")
USER, PASSWORD, NEW, UID = "fixsubvol", "Fixture-Pa55", "Fixture-Pa77", 60307

suite = cases.Suite("subvolume fixture")
sandbox.enter()


@contextlib.contextmanager
def machine(with_record=True, writable=True):
    """The machine that the fixture came from; as btrfs receives it, the home is read-only."""
    with open(f"{DATA}/machine-id", encoding="ascii") as file, disk("btrfs", "/mnt/machine") as root:
        hearth = Hearth(root, file.read().strip())
        with subprocess.Popen(["zstd", "-dc", f"{DATA}/{USER}/{USER}.btrfs-send.zst"], stdout=subprocess.PIPE) as stream:
            subprocess.run(["btrfs", "receive", "-q", hearth.homes], stdin=stream.stdout, check=True)
        received = [name for name in os.listdir(hearth.homes) if name != f"{USER}.homedir"]
        if writable:
            btrfs("property", "set", "-f", f"{hearth.homes}/{(received or [USER + '.homedir'])[0]}", "ro", "false")
        if received:
            os.rename(f"{hearth.homes}/{received[0]}", f"{hearth.homes}/{USER}.homedir")
        for name, mode in (("local.private", 0o600), ("local.public", 0o644), *([(f"{USER}.identity", 0o600)] * with_record)):
            shutil.copyfile(f"{DATA}/{USER}/{name}", f"{hearth.state}/{name}")
            os.chmod(f"{hearth.state}/{name}", mode)
        yield hearth
        equal(hearth.mounts()[1:], [], "mounts")
        equal(hearth.leftovers(), [], "left behind")


def readable(hearth):
    """The active home has the noted contents, and all of it belongs to the user."""
    with open(f"{DATA}/{USER}/{USER}.sha256", encoding="ascii") as file:
        rows = [line.split() for line in file]
    equal(len(rows), 2, "hashes that were noted")
    for digest, path in rows:
        equal(trees.sha256(hearth.root + path), digest, path)
    for path, names, files in os.walk(f"{hearth.homes}/{USER}"):
        for name in names + files:
            equal(os.lstat(os.path.join(path, name)).st_uid, UID, f"owner of {name}")


@suite.case("it is listed, its password accepted and another one not, and it is opened, read and closed as it was")
def _():
    with machine() as hearth:
        equal((hearth.listed(USER)["uid"], hearth.listed(USER)["state"]), (UID, "inactive"), "its row")
        hearth.homectl("authenticate", USER, password=NEW).refused("a wrong password", "bad-secret")
        before = hearth.image_digest(USER)
        hearth.activate(USER, PASSWORD)
        readable(hearth)
        hearth.deactivate(USER)
        equal(hearth.image_digest(USER), before, "content on disk")


@suite.case("as btrfs receives it, it is read-only: refused in words, and unchanged")
def _():
    with machine(writable=False) as hearth:
        answer = hearth.homectl("activate", USER, password=PASSWORD).refused("activate", "storage-permission")
        check("btrfs receive" in answer.err, f"the reason: {answer!r}")


@suite.case("found without a record of the host it is adopted as a subvolume and opened")
def _():
    with machine(with_record=False) as hearth:
        hearth.homectl("adopt", f"/home/{USER}.homedir", password=PASSWORD).succeeded("adopt")
        equal(hearth.record(USER)["binding"][hearth.machine_id]["storage"], "subvolume", "storage")
        hearth.activate(USER, PASSWORD)
        for path, names, files in os.walk(f"{hearth.homes}/{USER}"):
            for name in names + files:
                equal(os.lstat(os.path.join(path, name)).st_uid, hearth.uid(USER), f"owner of {name}")
        hearth.deactivate(USER)


@suite.case("it gets a new password and a size, and then only the new one opens it")
def _():
    with machine() as hearth:
        hearth.homectl("passwd", USER, password=PASSWORD, new=NEW).succeeded("passwd")
        hearth.homectl("resize", USER, "50M", password=NEW).succeeded("resize")
        hearth.homectl("activate", USER, password=PASSWORD).refused("the old password", "bad-secret")
        hearth.activate(USER, NEW)
        readable(hearth)
        hearth.deactivate(USER)


cases.main(suite)
