#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes in encrypted images: their life, and what lies in the image."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.images import (CHEAP, SMALL, header, image_of, loops_of, machine, make, mappings,  # noqa: E402
                            opens, table)

USER, WORD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
DIRTY = "user.home-dirty"

suite = cases.Suite("luks")
sandbox.enter()


@suite.case("it is made, opened, changed, closed, opened again and removed")
def _():
    with machine() as hearth:
        letter = make(hearth, USER, WORD)
        for active in (False, True):
            if active:
                hearth.activate(USER, WORD)
            hearth.homectl("update", USER, "--real-name=Kim", password=WORD).succeeded("update")
            hearth.homectl("passwd", USER, password=WORD, new=NEW).succeeded("passwd")
            equal(len(header(image_of(hearth, USER))["keyslots"]), 1, "slots after a change of password")
            hearth.homectl("authenticate", USER, password=WORD).refused("the old password", "bad-secret")
            hearth.homectl("authenticate", USER, password=NEW).succeeded("authenticate")
            hearth.homectl("passwd", USER, password=NEW, new=WORD).succeeded("passwd back")
            equal(mappings(), ["home-kim"] if active else [], "mappings")
        equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)
        hearth.activate(USER, WORD)
        equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)
        hearth.homectl("remove", USER).succeeded("remove")
        equal(os.listdir(hearth.homes), [], "names in /home")


@suite.case("the image has the layout that systemd-homed reads")
def _():
    with machine() as hearth:
        make(hearth, USER, WORD, "--realm=example.org", *SMALL)
        image = f"{hearth.homes}/{USER}@example.org.home"
        binding = hearth.record(USER)["binding"][hearth.machine_id]
        part = table(image)
        equal(part["type"].lower(), "773f91ef-66d4-49b5-bd83-d683bf40ad16", "type of the partition")
        equal(part["name"], f"{USER}@example.org", "name of the partition")
        equal(part["uuid"].lower(), binding["partitionUuid"], "UUID of the partition")
        equal(part["start"], 2048, "start of the partition")
        found = header(image)
        token = found["tokens"]["0"]
        equal((token["type"], token["keyslots"]), ("systemd-homed", []), "the token")
        equal(found["config"]["json_size"], "4190208", "size of the metadata")
        equal(found["segments"]["0"]["offset"], "16777216", "where the data begins")
        equal(found["segments"]["0"]["encryption"], "aes-xts-plain64", "cipher")
        equal(found["digests"]["0"]["iterations"], 1000, "iterations of the digest")
        equal(os.stat(image).st_mode & 0o777, 0o600, "mode of the image")
        equal(binding["storage"], "luks", "storage")


@suite.case("an image with holes has room for all keys on the disk, and a smaller copy of it as well")
def _():
    with machine() as hearth:
        make(hearth, USER, WORD, "--luks-discard=yes", *SMALL)
        image = image_of(hearth, USER)
        check(16 << 20 <= os.stat(image).st_blocks * 512 < 32 << 20, f"{os.stat(image).st_blocks} blocks of the new image")
        hearth.homectl("resize", USER, "60M", password=WORD).succeeded("resize")
        check(16 << 20 <= os.stat(image).st_blocks * 512 < 32 << 20, f"{os.stat(image).st_blocks} blocks of the copy")


@suite.case("an active home is mounted from its mapping, which goes with the mount")
def _():
    with machine() as hearth:
        make(hearth, USER, WORD)
        hearth.activate(USER, WORD)
        with open("/proc/self/mountinfo", encoding="utf-8") as file:
            line = next(line for line in file if f" {hearth.homes}/{USER} " in line)
        fields = line.split()
        equal(fields[3], f"/{USER}", "the folder in the file system")
        equal(fields[fields.index("-") + 2], f"/dev/mapper/home-{USER}", "what is mounted")
        for option in ("nosuid", "nodev", "idmapped"):
            check(option in fields[5], f"{option} is not in {fields[5]}")
        image = image_of(hearth, USER)
        equal(os.getxattr(image, DIRTY), b"1", "mark of an open home")
        (_, autoclear, _), = loops_of(image)
        equal(autoclear, "1", "the loop device goes by itself")
        state = subprocess.run(["dmsetup", "info", f"home-{USER}"], capture_output=True, text=True, check=True).stdout
        check("DEFERRED REMOVE" in state, state)
        equal(hearth.listed(USER)["state"], "active", "state")
        subprocess.run(["umount", f"{hearth.homes}/{USER}"], check=True)
        equal(mappings(), [], "mappings once it is unmounted by somebody else")
        os.rmdir(f"{hearth.homes}/{USER}")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        check(DIRTY not in os.listxattr(image), "the mark is still there")


@suite.case("a wrong password opens nothing, and says so")
def _():
    with machine() as hearth:
        make(hearth, USER, WORD)
        for verb in ("activate", "authenticate"):
            hearth.homectl(verb, USER, password=NEW).refused(verb, "bad-secret")
        hearth.homectl("passwd", USER, password=NEW, new=NEW).refused("passwd", "bad-secret")
        check(opens(image_of(hearth, USER), WORD), "the right one opens the header")
        check(not opens(image_of(hearth, USER), NEW), "the wrong one does not")


@suite.case("a program that holds the home keeps it, and is named")
def _():
    with machine() as hearth:
        make(hearth, USER, WORD)
        hearth.activate(USER, WORD)
        with open(f"{hearth.homes}/{USER}/held", "w", encoding="ascii"):
            answer = hearth.homectl("deactivate", USER).refused("deactivate", "home-busy")
            check("python3" in answer.err, answer.err)
        hearth.deactivate(USER)


@suite.case("a home without a record on this machine is adopted with its password")
def _():
    with machine() as hearth:
        letter = make(hearth, USER, WORD)
        os.unlink(f"{hearth.state}/{USER}.identity")
        hearth.homectl("adopt", f"/home/{USER}.home", password="Falsch-1").refused("adopt", "bad-secret")
        hearth.homectl("adopt", f"/home/{USER}.home", password=WORD).succeeded("adopt")
        hearth.activate(USER, WORD)
        equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)


@suite.case("a record in the header that an unknown key signed is refused before anything is mounted")
def _():
    with machine() as hearth, machine("/mnt/other") as other:
        make(hearth, USER, WORD)
        make(other, USER, WORD)
        os.unlink(f"{other.state}/{USER}.identity")
        os.replace(image_of(other, USER), f"{other.homes}/aside")
        subprocess.run(["cp", image_of(hearth, USER), image_of(other, USER)], check=True)
        other.homectl("adopt", f"/home/{USER}.home", password=WORD).refused("adopt", "record-unknown-key")
        os.unlink(f"{other.homes}/aside")


@suite.case("the key derivation is measured once, and remembered")
def _():
    with machine() as hearth:
        kept = f"{hearth.state}/hearth/plugins/org.hearth.luks"
        options = ("--luks-pbkdf-type=pbkdf2", "--luks-pbkdf-time-cost=20ms", *SMALL)
        hearth.create(USER, WORD, *options, storage="luks")
        equal(len(os.listdir(kept)), 1, "what is remembered")
        with open(f"{kept}/{os.listdir(kept)[0]}", "w", encoding="ascii") as file:
            file.write("1234 0")
        hearth.create("ann", WORD, *options, storage="luks")
        equal(header(image_of(hearth, "ann"))["keyslots"]["0"]["kdf"]["iterations"], 1234, "iterations")


@suite.case("a home that opens slowly on this machine says so, and what to do about it")
def _():
    with machine() as hearth:
        dear = ("--luks-pbkdf-type=pbkdf2", "--luks-pbkdf-force-iterations=12000000")
        hearth.create(USER, WORD, *dear, *SMALL, storage="luks")
        answer = hearth.homectl("authenticate", USER, password=WORD).succeeded("authenticate")
        check("opens slowly here" in answer.err and "homectl passwd" in answer.err, answer.err)
        hearth.create("ann", WORD, *CHEAP, *SMALL, storage="luks")
        check("slowly" not in hearth.homectl("authenticate", "ann", password=WORD).succeeded("authenticate").err, "a cheap one")


@suite.case("the key derivation is the one of the record")
def _():
    with machine() as hearth:
        hearth.create(USER, WORD, "--luks-pbkdf-type=argon2id", "--luks-pbkdf-memory-cost=4M", "--luks-pbkdf-parallel-threads=1",
                      "--luks-pbkdf-force-iterations=4", *SMALL, storage="luks")
        kdf = header(image_of(hearth, USER))["keyslots"]["0"]["kdf"]
        equal((kdf["type"], kdf["time"], kdf["memory"], kdf["cpus"]), ("argon2id", 4, 4096, 1), "key derivation")


@suite.case("it is told what cannot be made, and nothing is left")
def _():
    with machine() as hearth:
        for options, ids in ((("--disk-size=64M", "--luks-cipher=serpent"), ("storage-backend-unavailable",)),
                             (("--luks-pbkdf-type=scrypt", *SMALL), ("storage-invalid-argument", "option-bad-value")),
                             (("--fs-type=vfat", "--disk-size=64M"), ("storage-invalid-argument", "option-bad-value"))):
            hearth.homectl("create", USER, "--storage=luks", "--enforce-password-policy=no", *CHEAP, *options,
                           new=WORD).refused(" ".join(options), *ids)
            equal(os.listdir(hearth.homes), [], "names in /home")


def create_without_wishes(hearth, user, *options):
    """Creates a home without saying what in; returns the binding."""
    hearth.homectl("create", user, "--enforce-password-policy=no", *CHEAP, *options, new=WORD).succeeded("create")
    return hearth.record(user)["binding"][hearth.machine_id]


@suite.case("it is what a new home gets without a wish, btrfs if there is room for it")
def _():
    subprocess.run(["modprobe", "-q", "btrfs"], check=False)
    with open("/proc/filesystems", encoding="ascii") as file:
        has_btrfs = any(line.split()[-1] == "btrfs" for line in file)
    with machine() as hearth:
        large = create_without_wishes(hearth, USER, "--disk-size=290M")
        equal((large["storage"], large["fileSystemType"]), ("luks", "btrfs" if has_btrfs else "ext4"), "storage and file system")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        hearth.homectl("remove", USER).succeeded("remove")
        os.makedirs(f"{hearth.root}/etc/systemd")
        with open(f"{hearth.root}/etc/systemd/homed.conf", "w", encoding="ascii") as file:
            file.write("[Home]\nDefaultFileSystemType=ext4\n")
        equal(create_without_wishes(hearth, USER, "--disk-size=290M")["fileSystemType"], "ext4", "what the administrator chose")
        hearth.homectl("remove", USER).succeeded("remove")
        os.unlink(f"{hearth.root}/etc/systemd/homed.conf")
        small = create_without_wishes(hearth, USER, "--disk-size=64M")
        equal((small["storage"], small["fileSystemType"]), ("luks", "ext4"), "storage and file system of a small one")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        subprocess.run(["mount", "-t", "tmpfs", "nothing", "/dev/mapper"], check=True)
        try:
            equal(create_without_wishes(hearth, "ann")["storage"], "directory", "storage without device-mapper")
        finally:
            subprocess.run(["umount", "/dev/mapper"], check=True)
        hearth.homectl("remove", "ann").succeeded("remove")


cases.main(suite)
