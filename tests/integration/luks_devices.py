#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes on disks, partitions and logical volumes: their life, and what they are never made on."""
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.block import MIB, device, devices_of, run  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.death import HOMECTL, WORKER, killed, spread  # noqa: E402
from harness.images import CHEAP, machine, mappings  # noqa: E402

USER, WORD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
BOTH = f"{WORKER},{HOMECTL}"
KINDS = ("disk", "plain disk", "partition", "volume", "thin")

POINTS = int(os.environ.get("HEARTH_KILL_POINTS", "8"))  # calls of one verb at which it is killed

suite = cases.Suite("luks devices")
sandbox.enter()
subprocess.run(["modprobe", "-q", "dm-thin-pool"], check=True)


@contextlib.contextmanager
def computer():
    """A machine that sees this one's devices."""
    with machine() as hearth, devices_of(hearth):
        yield hearth


def create(hearth, node, *options):
    """Runs create for a home on a device."""
    return hearth.homectl("create", USER, "--storage=luks", f"--image-path={node}", "--enforce-password-policy=no",
                          "--rate-limit-burst=1000000", "--fs-type=ext4", *CHEAP, *options, new=WORD)


def binding(hearth):
    """What the record says for this machine."""
    return hearth.record(USER)["binding"][hearth.machine_id]


def digest(path):
    """The SHA-256 of all of a device or file."""
    done = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(MIB):
            done.update(block)
    return done.hexdigest()


def check_blank(disk):
    """Nothing is recognized on the device, and nothing of the header is left."""
    equal(disk.found(), "", "what is found on the device")
    with open(disk.node, "rb") as file:
        start = file.read(MIB + (16 * MIB if "disk" not in disk.kind else 0))
        check(not any(start[:4096]) and not any(start[-4096:]), "its beginning is not empty")
        file.seek(MIB)
        check(not any(file.read(16 * MIB)), "the header is still there")


def life(kind):
    """All of a home's life on a device."""
    with computer() as hearth, device(kind) as disk:
        for _ in range(2):  # once more on what the first one left
            create(hearth, disk.node).succeeded("create")
            equal(binding(hearth)["imagePath"], f"/dev/disk/by-uuid/{binding(hearth)['luksUuid']}", "imagePath")
            hearth.activate(USER, WORD)
            letter = hearth.write_letter(USER)
            equal(hearth.listed(USER)["state"], "active", "state")
            hearth.homectl("passwd", USER, password=WORD, new=NEW).succeeded("passwd of an active home")
            hearth.deactivate(USER)
            equal(mappings(), [name for name in mappings() if name != f"home-{USER}"], "mappings")
            disk.restart()
            shutil.rmtree(f"{hearth.root}/run/hearth", ignore_errors=True)
            hearth.homectl("authenticate", USER, password=WORD).refused("the old password", "bad-secret")
            hearth.homectl("passwd", USER, password=NEW, new=WORD).succeeded("passwd")
            hearth.activate(USER, WORD)
            equal(hearth.letter(USER), letter, "the file")
            hearth.homectl("lock", USER).succeeded("lock")
            hearth.homectl("unlock", USER, password=WORD).succeeded("unlock")
            equal(hearth.letter(USER), letter, "the file")
            hearth.homectl("remove", USER).refused("remove of an active home", "home-active")
            hearth.deactivate(USER)
            hearth.homectl("remove", USER).succeeded("remove")
            check_blank(disk)
            equal(os.listdir(hearth.homes), [], "names in /home")


for each in KINDS:
    suite.case(f"it is made on a {each}, found under another name, and removed")(lambda each=each: life(each))


@suite.case("a disk gets a partition table, a partition and a logical volume none")
def _():
    with computer() as hearth:
        for kind in KINDS:
            with device(kind) as disk:
                create(hearth, disk.node).succeeded(f"create on a {kind}")
                on_disk = "disk" in kind
                check(("PTTYPE=gpt" in disk.found()) == on_disk, f"{kind}: {disk.found()}")
                check(("TYPE=crypto_LUKS" in disk.found()) != on_disk, f"{kind}: {disk.found()}")
                equal("partitionUuid" in binding(hearth), on_disk, f"{kind}: a UUID of a partition")
                hearth.activate(USER, WORD)
                below = run("dmsetup", "deps", "-o", "devname", f"home-{USER}")
                wanted = {"disk": f"({os.path.basename(disk.disk)}p1)", "plain disk": "(loop", "partition": "p1)"}.get(kind, "(dm-")
                check(wanted in below or kind in ("volume", "thin"), f"{kind}: {below}")
                if kind == "plain disk":
                    check(f"({os.path.basename(disk.disk)})" not in below, f"{kind}: {below}")
                if on_disk:
                    part, = json.loads(run("sfdisk", "--json", disk.node))["partitiontable"]["partitions"]
                    equal((part["type"].lower(), part["name"]), ("773f91ef-66d4-49b5-bd83-d683bf40ad16", USER), "the partition")
                hearth.deactivate(USER)
                hearth.homectl("remove", USER).succeeded("remove")


def stamp(offset, *parts):
    """Writes bytes to a device."""
    def write(node):
        with open(node, "r+b") as file:
            file.seek(offset)
            file.write(b"".join(parts))
    return write


def made_by(*command):
    """Runs a program on a device."""
    return lambda node: run(*command, node)


CONTENTS = {
    "ext4": made_by("mkfs.ext4", "-q"),
    "btrfs": made_by("mkfs.btrfs", "-q"),
    "swap": made_by("mkswap"),
    "gpt": lambda node: run("sfdisk", "-q", "--no-reread", "--no-tell-kernel", node, input="label: gpt\n"),
    "dos": lambda node: run("sfdisk", "-q", "--no-reread", "--no-tell-kernel", node, input="label: dos\n"),
    "crypto_LUKS": lambda node: run("cryptsetup", "luksFormat", "-q", "--pbkdf=pbkdf2", "--pbkdf-force-iterations=1000", node,
                                    "--key-file=-", input=WORD),
    "LVM2_member": stamp(512, b"LABELONE", (1).to_bytes(8, "little"), bytes(4), (32).to_bytes(4, "little"), b"LVM2 001", b"a" * 32),
    "linux_raid_member": stamp(4096, (0xA92B4EFC).to_bytes(4, "little"), (1).to_bytes(4, "little"), bytes(136),
                               (8).to_bytes(8, "little"), bytes(100)),
}


@suite.case("it is never made on a device that holds anything")
def _():
    with computer() as hearth:
        for name, write in CONTENTS.items():
            for kind in ("plain disk", "volume"):
                with device(kind, 128 * MIB) as disk:
                    write(disk.node)
                    os.sync()
                    before = digest(disk.node)
                    answer = create(hearth, disk.node).refused(f"create over {name}", "storage-home-exists")
                    check(name in answer.err, f"{name} is not named: {answer!r}")
                    equal(digest(disk.node), before, f"the bytes of a device with {name}")
                    equal(hearth.leftovers(), [], "left behind")
                    equal(hearth.listed(USER), None, "the home")


@suite.case("nor on one that is in use, too small, read-only, or none")
def _():
    with computer() as hearth, device("disk") as disk:
        held = disk.map("held", f"0 2048 linear {disk.node} 0")
        before = digest(disk.node)
        create(hearth, disk.node).refused("create on a device that a mapping has", "storage-home-in-use")
        run("dmsetup", "remove", held)
        run("blockdev", "--setro", disk.node)
        create(hearth, disk.node).refused("create on a read-only device", "storage-permission")
        run("blockdev", "--setrw", disk.node)
        create(hearth, disk.node, "--disk-size=64M").refused("create with a size", "storage-bad-size")
        create(hearth, "/dev/null").refused("create on a character device", "image-not-device")
        create(hearth, "/dev/mapper").refused("create on a folder", "image-not-device")
        create(hearth, "/dev/../dev/loop0").refused("create on a path with ..", "image-not-device", "option-bad-value",
                                                   "image-path-invalid")
        create(hearth, "/dev/nothing").refused("create on nothing", "image-absent")
        hearth.homectl("create", USER, "--storage=directory", f"--image-path={disk.node}", "--enforce-password-policy=no",
                       new=WORD).refused("create of a folder on a device", "image-path-device")
        equal(digest(disk.node), before, "the bytes of the device")
        with device("disk", 40 * MIB) as small:
            create(hearth, small.node).refused("create on a small device", "storage-bad-size")
        with device("disk") as used:
            run("mkfs.ext4", "-q", used.node)
            run("mount", used.node, "/mnt/used-here", "-o", "X-mount.mkdir")
            create(hearth, used.node).refused("create on a mounted device", "storage-home-in-use")
            run("umount", "/mnt/used-here")
        equal(os.listdir(hearth.homes), [], "names in /home")


@suite.case("links below /dev are followed, others are not")
def _():
    with computer() as hearth, device("disk") as disk:
        os.makedirs("/dev/disk/by-id", exist_ok=True)
        os.symlink(f"../../{os.path.basename(disk.node)}", "/dev/disk/by-id/kims")
        os.symlink(disk.node, "/mnt/outside")
        os.symlink("/mnt/outside", "/dev/disk/by-id/out")
        create(hearth, "/dev/disk/by-id/out").refused("create through a link that leads out", "image-not-device")
        create(hearth, "/dev/disk/by-id/kims").succeeded("create through a link")
        os.makedirs("/dev/disk/by-uuid", exist_ok=True)
        link = binding(hearth)["imagePath"]
        os.symlink(f"../../{os.path.basename(disk.node)}p1", link)  # as udevd does it
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        hearth.homectl("remove", USER).succeeded("remove")
        check_blank(disk)
        for path in (link, "/dev/disk/by-id/kims", "/dev/disk/by-id/out", "/mnt/outside"):
            os.unlink(path)


@suite.case("a home whose device is gone says so, and another one is not taken for it")
def _():
    with computer() as hearth, device("volume") as disk, device("volume") as other:
        create(hearth, disk.node).succeeded("create")
        CONTENTS["crypto_LUKS"](other.node)
        before = digest(other.node)
        disk.pull_out()
        for verb in ("activate", "authenticate"):
            hearth.homectl(verb, USER, password=WORD).refused(verb, "storage-home-absent", "image-absent")
        path = f"{hearth.state}/{USER}.identity"
        with open(path, encoding="utf-8") as file:
            record = json.load(file)
        record["binding"][hearth.machine_id]["imagePath"] = other.node
        with open(path, "w", encoding="utf-8") as file:
            json.dump(record, file)
        hearth.homectl("activate", USER, password=WORD).refused("activate", "storage-home-absent", "image-absent")
        equal(digest(other.node), before, "the bytes of the other device")
        disk.plug_in()
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        hearth.homectl("remove", USER).succeeded("remove")
        equal(digest(other.node), before, "the bytes of the other device")


@suite.case("of two copies none is taken")
def _():
    with computer() as hearth, device("volume") as disk, device("volume") as copy:
        create(hearth, disk.node).succeeded("create")
        run("dd", f"if={disk.node}", f"of={copy.node}", "bs=1M", "conv=fsync")
        before = digest(copy.node)
        hearth.homectl("activate", USER, password=WORD).refused("activate", "storage-home-in-use")
        hearth.homectl("remove", USER).refused("remove", "storage-home-in-use")
        copy.pull_out()
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        hearth.homectl("remove", USER).succeeded("remove")
        copy.plug_in()
        equal(digest(copy.node), before, "the bytes of the copy")


def walk(kind, verb, points):
    """Kills a verb at some of its calls: the home is whole, or the device is empty."""
    outcomes = {"whole": 0, "absent": 0}
    with computer() as hearth, device(kind) as disk:
        def command():
            if verb == "remove":
                return ["remove", USER]
            return ["create", USER, "--storage=luks", f"--image-path={disk.node}", "--enforce-password-policy=no",
                    "--rate-limit-burst=1000000", "--fs-type=ext4", *CHEAP]

        def prepare():
            if verb == "remove" and hearth.listed(USER) is None:
                create(hearth, disk.node).succeeded("create")
        prepare()
        calls = killed(hearth, WORKER, BOTH, 0, command(), hearth.environment(new=WORD), limit=120)
        if verb == "create":
            hearth.homectl("remove", USER).succeeded("remove")
        for at in spread(len(calls), points):
            prepare()
            killed(hearth, WORKER, BOTH, at, command(), hearth.environment(new=WORD), limit=120)
            row = hearth.listed(USER)  # the next start
            equal(hearth.leftovers(), [], f"left behind at {calls[at - 1]}")
            equal([name for name in mappings() if name.startswith(("home-", "hearth-"))], [], f"mappings at {calls[at - 1]}")
            if row is None:
                outcomes["absent"] += 1
                check(not disk.found(), f"at {calls[at - 1]}: {disk.found()}")
                continue
            outcomes["whole"] += 1
            disk.restart()
            hearth.activate(USER, WORD)
            hearth.deactivate(USER)
            if verb == "create":
                hearth.homectl("remove", USER).succeeded("remove")
    check(all(outcomes.values()), f"both outcomes occur: {outcomes}")
    print(f"  {verb} on a {kind}: {len(calls)} calls: {outcomes}", flush=True)


for each, done in (("disk", "create"), ("volume", "create"), ("disk", "remove"), ("volume", "remove")):
    suite.case(f"killed in {done} on a {each}, the home is whole or the device empty")(
        lambda each=each, done=done: walk(each, done, POINTS))

cases.main(suite)
