#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The directory home of tests/data/fixtures, which systemd-homed 252 made on another machine, opened by Hearth."""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, trees  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import Hearth  # noqa: E402

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "fixtures")
PASSWORD = "Fixture-Pa55"

suite = cases.Suite("fixtures")
sandbox.enter()


def machine(name, with_record=True):
    """The machine that the fixture came from, as far as the state folder goes."""
    with open(f"{DATA}/machine-id", encoding="ascii") as file:
        hearth = Hearth(f"/mnt/{name}", file.read().strip())
    subprocess.run(["tar", "--zstd", "--numeric-owner", "-xpf", f"{DATA}/fixdir.homedir.tar.zst", "-C", hearth.homes], check=True)
    for file, mode in (("local.private", 0o600), ("local.public", 0o644), *([("fixdir.identity", 0o600)] * with_record)):
        shutil.copyfile(f"{DATA}/{file}", f"{hearth.state}/{file}")
        os.chmod(f"{hearth.state}/{file}", mode)
    return hearth


def hashes():
    """Path in the home and SHA-256, as the fixture's maker noted them."""
    with open(f"{DATA}/fixdir.sha256", encoding="ascii") as file:
        rows = [line.split() for line in file]
    return {path.removeprefix("/home/fixdir/"): digest for digest, path in rows}


def readable(hearth):
    """The active home has the noted contents, and all of it belongs to the user."""
    expected = hashes()
    check(len(expected) == 2, "fixdir.sha256 names two files")
    for path, digest in expected.items():
        equal(trees.sha256(f"{hearth.homes}/fixdir/{path}"), digest, path)
    for path, names, files in os.walk(f"{hearth.homes}/fixdir"):
        for name in names + files:
            equal(os.lstat(os.path.join(path, name)).st_uid, 60136, f"owner of {name}")


@suite.case("it is listed")
def _():
    row = machine("listed").listed("fixdir")
    equal((row["uid"], row["gid"], row["state"], row["realname"], row["home"]),
          (60136, 60136, "inactive", "Fixture fixdir", "/home/fixdir"), "its row")


@suite.case("its signature is verified: inspect shows it, and refuses it once one letter is different")
def _():
    hearth = machine("verified")
    equal(hearth.inspect("fixdir")["realName"], "Fixture fixdir", "real name")
    path = f"{hearth.state}/fixdir.identity"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("Fixture fixdir", "Fixture fixdiR"))
    hearth.homectl("authenticate", "fixdir", password=PASSWORD).refused("a record changed by hand", "record-signature-mismatch")


@suite.case("its password is accepted and another one is not")
def _():
    hearth = machine("authenticated")
    hearth.homectl("authenticate", "fixdir", password="Fixture-Pa56").refused("a wrong password", "bad-secret")
    hearth.homectl("authenticate", "fixdir", password=PASSWORD).succeeded("authenticate")


@suite.case("it is activated, its files are read, and deactivation leaves them as they were")
def _():
    hearth = machine("activated")
    before = hearth.image_digest("fixdir")
    hearth.activate("fixdir", PASSWORD)
    readable(hearth)
    hearth.deactivate("fixdir")
    equal(hearth.mounts(), [], "mounts")
    equal(hearth.image_digest("fixdir"), before, "content on disk")


@suite.case("its folder alone, found without a record of the host, is adopted and opened")
def _():
    hearth = machine("adopted", with_record=False)
    hearth.homectl("adopt", "/home/fixdir.homedir", password=PASSWORD).succeeded("adopt")
    hearth.activate("fixdir", PASSWORD)
    readable(hearth)
    hearth.deactivate("fixdir")


@suite.case("its password is changed, and then only the new one opens it")
def _():
    hearth = machine("passwd")
    hearth.homectl("passwd", "fixdir", password=PASSWORD, new="Fixture-Pa77").succeeded("passwd")
    hearth.homectl("activate", "fixdir", password=PASSWORD).refused("the old password", "bad-secret")
    hearth.activate("fixdir", "Fixture-Pa77")
    readable(hearth)
    hearth.deactivate("fixdir")


cases.main(suite)
