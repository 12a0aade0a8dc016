#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The service divides a disk among the open homes in it: by their weights, without a password, and out of everybody's way."""
import json
import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.hearth import PREFIX  # noqa: E402
from harness.images import mappings, table  # noqa: E402
from harness.resizing import kill  # noqa: E402
from harness.service import HOMES, Service, secret  # noqa: E402
from harness.stage import wait_until  # noqa: E402

WORD = "Altes-Wort-1"
MIB = 1 << 20
DISK = 3000 * MIB
KILLS = 5

suite = cases.Suite("rebalance luks")
sandbox.enter()
mount_disk("ext4", HOMES, size=DISK)
service = Service().start()


def make(user, kind, size, weight, **fields):
    """A cheap home, which is open, with a file in it."""
    service.create(user, WORD, storage="luks", diskSize=size * MIB, rebalanceWeight=weight, fileSystemType=kind,
                   luksPbkdfType="pbkdf2", luksPbkdfForceIterations=1000, **fields)
    activate(user)
    with open(f"/home/{user}/letter", "wb") as file:
        file.write(random.Random(user).randbytes(3 * MIB))


def activate(user):
    """Opens a home."""
    service.call("ActivateHome", "ss", user, secret(WORD))


def length_of(user):
    """Bytes of the image; it may be about to become another."""
    return os.stat(f"{HOMES}/{user}.home").st_size


def size(user):
    """Bytes of the image, which its table agrees with."""
    length, part = length_of(user), table(f"{HOMES}/{user}.home")
    end = (part["start"] + part["size"]) * 512
    check(length - 2 * MIB <= end < length, f"the partition ends at {end}, the image at {length}")
    return length


def inside(user):
    """Bytes that the home's file system has, and that are free in it."""
    found = os.statvfs(f"/home/{user}")
    return found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize


def check_whole(*users):
    """The files are there, the file systems as large as their images, and the disk is not promised twice."""
    for user in users:
        with open(f"/home/{user}/letter", "rb") as file:
            check(file.read() == random.Random(user).randbytes(3 * MIB), f"the file of {user} has changed")
        check(size(user) * 0.85 < inside(user)[0] < size(user), f"{inside(user)} bytes in an image of {size(user)}")
    check(sum(size(user) for user in users) < DISK, "more than the disk has")


def remove(*users):
    """Closes and removes homes; nothing of them stays."""
    for user in users:
        if service.state(user) == "active":
            service.call("DeactivateHome", "s", user)
        service.call("RemoveHome", "s", user)
    equal(mappings(), [], "mappings")
    wait_until(lambda: not kept_keys(), lambda: f"keys stay: {kept_keys()}", 5)


def clear():
    """Removes what a case before this one has left."""
    remove(*(row[0] for row in service.call("ListHomes")[0]))


def kept_keys(user=None):
    """What the kernel lists of keys for volumes; with a user, of their home."""
    with open("/proc/keys", encoding="utf-8") as file:
        lines = list(file)
    return [line for line in lines if f"hearth:home-{user or ''}" in line or (user is None and "cryptsetup" in line)]


def record_of(user):
    """The record of the host, without what is counted in it."""
    with open(f"/var/lib/systemd/home/{user}.identity", encoding="utf-8") as file:
        record = json.load(file)
    return {key: value for key, value in record.items() if key != "status"}


@suite.case("without a home that takes part, it says that there is nothing to do")
def _():
    service.refused("RebalanceNotNeeded", "Rebalance")
    service.create("fay", WORD)
    service.call("ActivateHome", "ss", "fay", secret(WORD))
    make("gil", "ext4", 64, 0)
    service.refused("RebalanceNotNeeded", "Rebalance")
    equal(size("gil"), 64 * MIB, "a home whose weight is 0")
    answer = subprocess.run([f"{PREFIX}/bin/homectl", "rebalance"], capture_output=True, text=True, check=False)
    equal((answer.returncode, answer.stdout), (0, ""), answer.stderr)
    check("no homes among which" in answer.stderr, answer.stderr)
    remove("fay", "gil")


@suite.case("two homes get room by their weights, and their records stay as they are")
def _():
    make("ann", "btrfs", 600, 100)
    make("bob", "btrfs", 600, 300)
    before = record_of("ann"), record_of("bob")
    service.call("Rebalance")
    check_whole("ann", "bob")
    ann, bob = inside("ann")[1], inside("bob")[1]
    check(2.5 < bob / ann < 3.5, f"{ann} and {bob} bytes are free")
    check(size("ann") + size("bob") > 0.8 * DISK, "what is left is more than the disk's own share")
    equal((record_of("ann"), record_of("bob")), before, "the records")
    sizes = size("ann"), size("bob")
    service.call("Rebalance")
    equal((size("ann"), size("bob")), sizes, "sizes after another time")
    answer = subprocess.run([f"{PREFIX}/bin/homectl", "rebalance"], capture_output=True, text=True, check=False)
    equal((answer.returncode, answer.stderr), (0, ""), answer.stdout)
    check("Divided" in answer.stdout, answer.stdout)


@suite.case("when one is closed the other gets its room, and gives it back when it is opened")
def _():
    smaller = size("ann")
    service.call("DeactivateHome", "s", "bob")
    wait_until(lambda: length_of("ann") > 2 * smaller, lambda: f"the image has {length_of('ann')} bytes", 30)
    service.call("Rebalance")
    check_whole("ann")
    activate("bob")
    wait_until(lambda: length_of("ann") < 1.3 * smaller and length_of("bob") > 1.5 * length_of("ann"),
               lambda: f"{length_of('ann')} and {length_of('bob')} bytes", 60)
    service.call("Rebalance")
    check_whole("ann", "bob")


@suite.case("whoever wants something of a home meanwhile gets it")
def _():
    service.call("ResizeHome", "sts", "bob", 500 * MIB, secret(WORD))
    own = record_of("bob")["perMachine"][-1]
    equal(own.get("rebalanceWeight"), 0, "a size that somebody chose is fixed")
    equal(size("bob"), 500 * MIB, "the size that was asked for")
    with service.held():
        divided = service.later("Rebalance")
        wait_until(service.workers, "no worker begins")
        equal(service.state("ann"), "active", "state meanwhile")
        asked = service.later("AuthenticateHome", "ss", "ann", secret(WORD))
        time.sleep(0.3)
    asked.result(30)
    divided.result(30)
    service.call("LockHome", "s", "ann")
    try:
        equal(service.state("ann"), "locked", "state")
        service.refused("RebalanceNotNeeded", "Rebalance")
        equal(kept_keys("ann"), [], "keys of a locked home")
    finally:
        service.call("UnlockHome", "ss", "ann", secret(WORD))
    equal(len(kept_keys("ann")), 1, "its key is back")
    service.call("Rebalance")
    check(size("ann") > 0.7 * (DISK - 500 * MIB), f"{size('ann')} bytes")
    check_whole("ann", "bob")
    remove("ann", "bob")


@suite.case("ext4 grows, and is left alone where it would have to shrink")
def _():
    clear()
    make("eve", "ext4", 200, 100)
    service.call("Rebalance")
    most = size("eve")
    check(most > 0.7 * DISK, f"{most} bytes")
    check_whole("eve")
    make("bob", "btrfs", 300, 100)
    service.call("Rebalance")
    equal(size("eve"), most, "size of the one that cannot shrink")
    check_whole("eve", "bob")
    remove("eve", "bob")


@suite.case("a worker that is killed on its way leaves every home whole")
def _():
    clear()
    make("ann", "btrfs", 500, 100)
    make("bob", "btrfs", 500, 100)
    rand = random.Random(7)
    killed = 0
    for number in range(KILLS):
        set_weight("bob", 900 if number % 2 else 20)
        killed += kill_one(service.later("Rebalance"), rand.uniform(0, 0.15))
        for user in ("ann", "bob"):
            equal(service.wait_for_state(user, "active"), "active", "state")
    check(killed >= KILLS // 2, f"only {killed} workers were killed")
    service.call("Rebalance")
    service.call("Rebalance")
    check_whole("ann", "bob")
    for user in ("ann", "bob"):
        service.call("DeactivateHome", "s", user)
        activate(user)
    check_whole("ann", "bob")
    remove("ann", "bob")


def kill_one(divided, pause):
    """Kills a worker some seconds after its start; says whether there was one."""
    while not divided.done() and not service.workers():
        time.sleep(0.002)
    time.sleep(pause)
    killed = sum(kill(pid) for pid in service.workers())
    divided.result(60)
    return killed


def set_weight(user, weight):
    """Changes the record on this machine alone, as its administrator may."""
    record = {key: value for key, value in json.loads(service.call("GetUserRecordByName", "s", user)[0]).items()
              if key not in ("binding", "status", "signature")}
    record.update(rebalanceWeight=weight, lastChangeUSec=record["lastChangeUSec"] + 1, secret={"password": [WORD]})
    service.call("UpdateHome", "s", json.dumps(record))


cases.main(suite)
