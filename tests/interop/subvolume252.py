#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes in btrfs subvolumes between Hearth and systemd-homed 252; and what 252 gets wrong, which works in Hearth."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import equal  # noqa: E402
from harness.disks import btrfs, mount_disk  # noqa: E402
from interop import exchange  # noqa: E402

suite = cases.Suite("subvolumes and systemd-homed 252")
sandbox.enter()
try:
    mount_disk("btrfs", "/mnt/homes")
except cases.Skip as reason:
    suite.report("skip", "every case", text=str(reason))
    sys.exit(0)
peer, hearth, service = exchange.add_cases(suite, "subvolume")


def limit(user):
    """The limit of a home in bytes, as btrfs has it."""
    number = btrfs("inspect-internal", "rootid", f"/home/{user}.homedir").strip()
    rows = [line.split() for line in btrfs("qgroup", "show", "--raw", "-r", "/home").splitlines()]
    return next(int(row[3]) for row in rows if row[0] == f"0/{number}")


def size(user):
    """The size that the record of this machine names."""
    return [entry["diskSize"] for entry in hearth.record(user)["perMachine"] if "diskSize" in entry][-1]


@suite.case("a size that one gave a home is the other's too, and either changes it")
def _():
    hearth.create("sized", exchange.FIRST, "--disk-size=64M", storage="subvolume")
    with service():
        answer = peer.homectl("resize", "sized", "80M", password=exchange.FIRST)
        equal(answer.returncode, 0, f"resize by systemd-homed: {answer.stderr}{peer.log()}")
        equal((limit("sized"), size("sized")), (80 << 20, 80 << 20), "limit and record after systemd-homed's resize")
    hearth.homectl("resize", "sized", "50M", password=exchange.FIRST).succeeded("resize by Hearth")
    equal((limit("sized"), size("sized")), (50 << 20, 50 << 20), "limit and record after Hearth's resize")
    with service():
        equal(peer.homectl("activate", "sized", password=exchange.FIRST).returncode, 0, "activation by systemd-homed")
        equal(peer.homectl("deactivate", "sized").returncode, 0, "deactivation by systemd-homed")


@suite.case("an inactive home is updated and gets a new password, and belongs to nobody on disk as before")
def _():
    hearth.create("quiet", exchange.FIRST, storage="subvolume")
    hearth.homectl("update", "quiet", "--real-name=Quiet", password=exchange.FIRST).succeeded("update")
    hearth.homectl("passwd", "quiet", password=exchange.FIRST, new=exchange.SECOND).succeeded("passwd")
    equal({os.stat(f"/home/quiet.homedir/{name}").st_uid for name in (".", ".identity")}, {65534}, "owners on disk")
    with service():
        equal(peer.homectl("activate", "quiet", password=exchange.SECOND).returncode, 0, "activation by systemd-homed")
        equal(peer.homectl("deactivate", "quiet").returncode, 0, "deactivation by systemd-homed")


cases.main(suite)
