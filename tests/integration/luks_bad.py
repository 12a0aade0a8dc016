#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Images that are damaged, foreign or not what they say: each is refused in words, and not a byte of it changes."""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, images, sandbox, write_log  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.images import START, image_of, machine, make  # noqa: E402

USER, WORD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
SECTOR, TABLE = 512, 34 * 512  # bytes of a table's first copy, with the sector before it
COPY = 4 << 20  # bytes of one copy of the header
HOME_TYPE, LINUX_TYPE = "773F91EF-66D4-49B5-BD83-D683BF40AD16", "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
KEPT = "/mnt/kept"  # a copy of the home as it was made

suite = cases.Suite("images that are wrong")
sandbox.enter()


def patch(path, offset, data):
    """Overwrites bytes of a file."""
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def zero(image, offset, length):
    """Overwrites a stretch of an image with zeros."""
    patch(image, offset, bytes(length))


def cryptsetup(image, *arguments, secret=None):
    """Runs cryptsetup on the volume in an image, with the password on its input."""
    command = ["losetup", "--find", "--show", f"--offset={START}", image]
    device = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    try:
        subprocess.run(["cryptsetup", "-q", *arguments[:1], device, *arguments[1:]], input=secret, capture_output=True,
                       check=True)
    finally:
        subprocess.run(["losetup", "-d", device], check=True)


def fingerprint(image):
    """All that may not change: content, size, and the mark of an open home."""
    return images.digest(image), os.path.getsize(image), os.listxattr(image)


class Broken:
    """A machine whose only home is damaged by `damage(image)`."""

    def __init__(self, damage):
        self.damage = damage

    def __enter__(self):
        self.machine = machine()
        hearth = self.machine.__enter__()
        if not os.path.isdir(KEPT):
            os.mkdir(KEPT)
            make(hearth, USER, WORD)
            subprocess.run(["cp", "-a", "--sparse=always", f"{hearth.root}/.", KEPT], check=True)
        else:
            subprocess.run(["cp", "-a", "--sparse=always", f"{KEPT}/.", hearth.root], check=True)
            with open(f"{KEPT}/etc/machine-id", encoding="ascii") as file:
                hearth.machine_id = file.read().strip()
        self.damage(image_of(hearth, USER))
        return hearth

    def __exit__(self, *why):
        return self.machine.__exit__(*why)


def refused(title, damage, ids, *words, mends=False):
    """A case: after the damage, every verb that opens the home refuses, in these words, and the image stays as it is. Only a
    repair that is asked for changes it, if it `mends`."""
    @suite.case(title)
    def _():
        with Broken(damage) as hearth:
            image = image_of(hearth, USER)
            before = fingerprint(image)
            for verb in ("authenticate", "activate"):
                answer = hearth.homectl(verb, USER, password=WORD).refused(verb, *ids)
                check(any(word in answer.err for word in words), f"one of {words} is not in: {answer.err}")
                equal(fingerprint(image), before, f"the image after {verb}")
            equal(images.mappings(), [], "mappings")
            check(mends == ("homectl repair" in answer.err), f"whether a repair is offered: {answer.err}")
            if mends:
                hearth.homectl("repair", USER, password=NEW).refused("repair with a wrong password", "bad-secret")
                hearth.homectl("repair", USER, password=WORD).succeeded("repair")
                hearth.activate(USER, WORD)
                hearth.deactivate(USER)


def retype(image):
    subprocess.run(["sfdisk", "-q", "--part-type", image, "1", LINUX_TYPE], check=True)


def rename(image):
    subprocess.run(["sfdisk", "-q", "--part-label", image, "1", "somebody"], check=True)


def luks1(image):
    cryptsetup(image, "luksFormat", "--type=luks1", "--pbkdf-force-iterations=1000", "--key-file=-", secret=WORD.encode())


def set_token(image, text):
    """Damage: another token in place of the record's, or none."""
    command = ["losetup", "--find", "--show", f"--offset={START}", image]
    device = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    try:
        subprocess.run(["cryptsetup", "-q", "token", "remove", "--token-id=0", device], check=True, capture_output=True)
        if text is not None:
            subprocess.run(["cryptsetup", "-q", "token", "import", "--token-id=0", "--json-file=-", device],
                           input=json.dumps(text).encode(), check=True, capture_output=True)
    finally:
        subprocess.run(["losetup", "-d", device], check=True)


def record_token(record, iv="AAAAAAAAAAAAAAAAAAAAAA=="):
    """A token of the right type with something else in it."""
    return {"type": "systemd-homed", "keyslots": [], "record": record, "iv": iv}


CORRUPT = ("storage-corrupt",)
refused("cut off in the middle", lambda image: os.truncate(image, os.path.getsize(image) // 2), CORRUPT, "its end is missing")
refused("an empty file", lambda image: os.truncate(image, 0), CORRUPT, "partition table", "encrypted volume")
refused("both copies of the table zeroed", lambda image: (zero(image, 0, TABLE),
                                                          zero(image, os.path.getsize(image) - TABLE, TABLE)), CORRUPT,
        "partition table", "encrypted volume")
refused("only the backup of the table left", lambda image: zero(image, 0, TABLE), CORRUPT, "backup", mends=True)
refused("a partition of another type", retype, CORRUPT, "partition")
refused("a partition of another name", rename, CORRUPT, "partition")
refused("a LUKS 1 header", luks1, CORRUPT, "LUKS 1")
refused("the first copy of the header damaged", lambda image: patch(image, START + 4096 + 64, b"damaged"), CORRUPT, "first",
        mends=True)
refused("the second copy of the header damaged", lambda image: patch(image, START + COPY + 4096 + 64, b"damaged"), CORRUPT,
        "second", mends=True)
refused("both copies of the header damaged", lambda image: (patch(image, START + 4096 + 64, b"damaged"),
                                                            patch(image, START + COPY + 4096 + 64, b"damaged")), CORRUPT,
        "oth copies")
refused("no record in the header", lambda image: set_token(image, None), CORRUPT, "record")
refused("a record in the header that another key encrypted", lambda image: set_token(image, record_token("A" * 64)), CORRUPT,
        "record")
refused("a record in the header that is no base64", lambda image: set_token(image, record_token("*" * 64)), CORRUPT, "record")
refused("a record in the header without its vector", lambda image: set_token(image, record_token("A" * 64, "")), CORRUPT, "record")


@suite.case("two partitions that could be the home: neither is chosen")
def _():
    def double(image):
        with open(image, "r+b") as file:
            size = os.path.getsize(image)
            file.truncate(size + (8 << 20))
        dump = subprocess.run(["sfdisk", "--dump", image], capture_output=True, text=True, check=True).stdout
        lines = [line for line in dump.splitlines() if not line.startswith(("last-lba", "device"))]
        lines.append(f'start={(size >> 9) + 2048}, size=4096, type={HOME_TYPE}, name="{USER}"')
        subprocess.run(["sfdisk", "-q", "--no-reread", image], input="\n".join(lines), text=True, check=True,
                       capture_output=True)
    with Broken(double) as hearth:
        os.unlink(f"{hearth.state}/{USER}.identity")  # with a record, its partitionUuid tells them apart
        before = fingerprint(image_of(hearth, USER))
        answer = hearth.homectl("adopt", f"/home/{USER}.home", password=WORD)
        check(answer.status == 1 and "partition" in answer.err, f"{answer!r}")
        equal(fingerprint(image_of(hearth, USER)), before, "the image")


@suite.case("a newer record inside than outside is taken over")
def _():
    with Broken(lambda image: None) as hearth:
        path = f"{hearth.state}/{USER}.identity"
        shutil.copy(path, "/mnt/older")
        hearth.homectl("update", USER, "--real-name=Newer", password=WORD).succeeded("update")
        shutil.copy("/mnt/older", path)
        hearth.activate(USER, WORD)
        equal(hearth.record(USER)["realName"], "Newer", "name in the record of the host")
        hearth.deactivate(USER)


@suite.case("no free key slot: the password does not change, and the old one still opens the home")
def _():
    def fill(image):
        with write_log.loop(image) as whole:
            device = subprocess.run(["losetup", "--find", "--show", f"--offset={START}", whole], capture_output=True, text=True,
                                    check=True).stdout.strip()
            header = json.loads(subprocess.run(["cryptsetup", "luksDump", "--dump-json-metadata", device], capture_output=True,
                                               text=True, check=True).stdout)
            for _ in range(32 - len(header["keyslots"])):
                subprocess.run(["cryptsetup", "-q", "luksAddKey", "--pbkdf=pbkdf2", "--pbkdf-force-iterations=1000",
                                "--key-file=/mnt/word", device, "/mnt/other"], check=True)
            subprocess.run(["losetup", "-d", device], check=True)
    for name, word in (("word", WORD), ("other", "Anderes-Wort-3")):
        with open(f"/mnt/{name}", "w", encoding="ascii") as file:
            file.write(word)
    with Broken(fill) as hearth:
        hearth.homectl("passwd", USER, password=WORD, new=NEW).refused("passwd", "storage-no-space")
        hearth.homectl("authenticate", USER, password=NEW).refused("the new password", "bad-secret")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)


@suite.case("no loop device can be had")
def _():
    with Broken(lambda image: None) as hearth:
        os.rename("/dev/loop-control", "/dev/not-loop-control")
        try:
            before = fingerprint(image_of(hearth, USER))
            answer = hearth.homectl("activate", USER, password=WORD).refused("activate", "storage-backend-unavailable")
            check("loop" in answer.err, answer.err)
            equal(fingerprint(image_of(hearth, USER)), before, "the image")
        finally:
            os.rename("/dev/not-loop-control", "/dev/loop-control")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)


def inside(hearth, *command):
    """Runs a program on the decrypted volume of the closed home: {} in its arguments is the device."""
    image = image_of(hearth, USER)
    device = subprocess.run(["losetup", "--find", "--show", f"--offset={START}", image], capture_output=True, text=True,
                            check=True).stdout.strip()
    subprocess.run(["cryptsetup", "open", "--key-file=-", device, "opened"], input=WORD.encode(), check=True)
    subprocess.run(["dmsetup", "mknodes", "opened"], check=True)
    try:
        return subprocess.run([part.replace("{}", "/dev/mapper/opened") for part in command], capture_output=True, text=True,
                              check=False)
    finally:
        subprocess.run(["cryptsetup", "close", "opened"], check=True)
        subprocess.run(["losetup", "-d", device], check=True)


@suite.case("a file system that was not closed cleanly is checked, and opens")
def _():
    with Broken(lambda image: None) as hearth:
        inside(hearth, "debugfs", "-w", "-R", "ssv free_blocks_count 7", "{}")
        inside(hearth, "debugfs", "-w", "-R", "ssv state 2", "{}")
        os.setxattr(image_of(hearth, USER), "user.home-dirty", b"1")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        equal(inside(hearth, "e2fsck", "-fn", "{}").returncode, 0, "what e2fsck says afterwards")


@suite.case("a file system that needs a decision about its repair is not touched further, and it is said what to do")
def _():
    with Broken(lambda image: None) as hearth:
        inside(hearth, "debugfs", "-w", "-R", f"clri {USER}", "{}")
        inside(hearth, "debugfs", "-w", "-R", "ssv state 2", "{}")
        os.setxattr(image_of(hearth, USER), "user.home-dirty", b"1")
        answer = hearth.homectl("activate", USER, password=WORD).refused("activate", "storage-corrupt")
        check("homectl repair" in answer.err, answer.err)
        equal(images.mappings(), [], "mappings")
        hearth.homectl("repair", USER, password=WORD).refused("repair of a home whose folder is gone", "file-absent")
        equal(inside(hearth, "e2fsck", "-fn", "{}").returncode, 0, "what e2fsck says afterwards")


cases.main(suite)
