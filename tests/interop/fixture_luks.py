#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The encrypted images of tests/data/fixtures, which systemd-homed 252 made on another machine, opened by Hearth."""
import contextlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, images, sandbox, trees  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import Hearth  # noqa: E402

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "fixtures")
PASSWORD, NEW = "Fixture-Pa55", "Fixture-Pa77"
RECOVERY = "bdftliub-bfrljnjd-kbjecrnb-eihbhteb-rlnvrhrj-jdggggbu-kuvjfklf-bknntibf"
USUAL, QUICK = "fixluks", "fixlukscheap"  # by what their keys cost

suite = cases.Suite("image fixtures")
sandbox.enter()


@contextlib.contextmanager
def machine(user, with_record=True):
    """The machine that the fixture came from, with one of its homes."""
    with open(f"{DATA}/machine-id", encoding="ascii") as file:
        machine_id = file.read().strip()
    with images.machine() as empty:
        hearth = Hearth(empty.root, machine_id)
        subprocess.run(["zstd", "-q", "-d", "--sparse", "--long=27", f"{DATA}/fixluks/{user}.home.zst", "-o",
                        images.image_of(hearth, user)], check=True)
        for name, mode in (("local.private", 0o600), ("local.public", 0o644), *([(f"{user}.identity", 0o600)] * with_record)):
            shutil.copyfile(f"{DATA}/fixluks/{name}", f"{hearth.state}/{name}")
            os.chmod(f"{hearth.state}/{name}", mode)
        yield hearth


def readable(hearth, user):
    """The active home has the noted contents, and all of it belongs to the user."""
    with open(f"{DATA}/fixluks/{user}.sha256", encoding="ascii") as file:
        rows = [line.split() for line in file]
    equal(len(rows), 2, "hashes that were noted")
    for digest, path in rows:
        equal(trees.sha256(hearth.root + path), digest, path)
    uid = hearth.listed(user)["uid"]
    for path, names, files in os.walk(f"{hearth.homes}/{user}"):
        for name in names + files:
            equal(os.lstat(os.path.join(path, name)).st_uid, uid, f"owner of {name}")


def opens_with(hearth, user, secret):
    """Activated with the secret, the home has its files."""
    hearth.activate(user, secret)
    readable(hearth, user)
    hearth.deactivate(user)


@suite.case("it is listed, its password opens it, and another one does not")
def _():
    with machine(QUICK) as hearth:
        equal(hearth.listed(QUICK)["state"], "inactive", "state")
        before = images.digest(images.image_of(hearth, QUICK))
        hearth.homectl("authenticate", QUICK, password=NEW).refused("a wrong password", "bad-secret")
        equal(images.digest(images.image_of(hearth, QUICK)), before, "the image after a wrong password")
        hearth.homectl("authenticate", QUICK, password=PASSWORD).succeeded("authenticate")
        opens_with(hearth, QUICK, PASSWORD)


@suite.case("the password and the recovery key open it at the usual price of a key")
def _():
    with machine(USUAL) as hearth:
        for secret in (PASSWORD, RECOVERY, RECOVERY.upper().replace("-", "")):
            opens_with(hearth, USUAL, secret)


@suite.case("without a record of the host it is adopted and opened")
def _():
    with machine(QUICK, with_record=False) as hearth:
        hearth.homectl("adopt", f"/home/{QUICK}.home", password=PASSWORD).succeeded("adopt")
        opens_with(hearth, QUICK, PASSWORD)


@suite.case("it is updated and gets another password, and then only that opens it")
def _():
    with machine(QUICK) as hearth:
        hearth.homectl("update", QUICK, "--real-name=Renamed", password=PASSWORD).succeeded("update")
        hearth.homectl("passwd", QUICK, password=PASSWORD, new=NEW).succeeded("passwd")
        hearth.homectl("activate", QUICK, password=PASSWORD).refused("the old password", "bad-secret")
        check(not images.opens(images.image_of(hearth, QUICK), PASSWORD), "the old password opens the header")
        opens_with(hearth, QUICK, NEW)
        equal(hearth.inspect(QUICK)["realName"], "Renamed", "name")


@suite.case("the password changes and the recovery key stays, and both open it")
def _():
    with machine(USUAL) as hearth:
        hearth.homectl("passwd", USUAL, password=PASSWORD, new=NEW).succeeded("passwd")
        equal(len(images.header(images.image_of(hearth, USUAL))["keyslots"]), 2, "slots")
        for secret in (NEW, RECOVERY):
            opens_with(hearth, USUAL, secret)


cases.main(suite)
