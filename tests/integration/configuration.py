#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the administrator decides for new homes, in homed.conf and its drop-ins below the root."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.two_homes import USER, WORD, machine  # noqa: E402

suite = cases.Suite("configuration")


def configure(hearth, text, name="homed.conf"):
    """Writes a file of the configuration."""
    path = f"{hearth.root}/etc/systemd/{name}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def create(hearth, *options):
    """Creates a home whose record says nothing of how it is kept."""
    return hearth.homectl("create", "ann", "--enforce-password-policy=no", *options, new=WORD)


@suite.case("a new home without a wish gets the storage that the administrator chose")
def _():
    with machine() as hearth:
        configure(hearth, "[Home]\nDefaultStorage=nonsense\n")
        configure(hearth, "[Home]\nDefaultStorage=directory\nDefaultFileSystemType=xfs\n", "homed.conf.d/50-local.conf")
        create(hearth).succeeded("create")
        bound = hearth.record("ann")["binding"][hearth.machine_id]
        equal(bound["storage"], "directory", "storage")
        check("fileSystemType" not in bound, "a folder has no file system of its own")
        hearth.homectl("remove", "ann").succeeded("remove")


@suite.case("a storage that is not installed is an error, unless the home has a wish of its own")
def _():
    with machine() as hearth:
        configure(hearth, "[Home]\nDefaultStorage=vault\n")
        answer = create(hearth).refused("create", "storage-unknown")
        check("homed.conf" in answer.err, answer)
        create(hearth, "--storage=directory").succeeded("create")
        hearth.homectl("remove", "ann").succeeded("remove")


@suite.case("a line that makes no sense costs a warning, and nothing else")
def _():
    with machine() as hearth:
        configure(hearth, "[Home]\nDefaultStorage=directory\nThinPool=x\n")
        answer = create(hearth).succeeded("create")
        check("Line 3 of" in answer.err and "ThinPool" in answer.err, answer)
        hearth.homectl("remove", "ann").succeeded("remove")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)


cases.main(suite)
