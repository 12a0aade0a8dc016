#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A disk with a home on it is pulled out while somebody works there: the home is closed, and others are left alone."""
import glob
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.hearth import Hearth  # noqa: E402
from harness.images import mappings  # noqa: E402
from harness.service import HOMES, MACHINE, Service, secret  # noqa: E402
from harness.stage import wait_until  # noqa: E402
from harness.worker import ask  # noqa: E402

USER, OTHER, WORD = "kim", "noor", "Altes-Wort-1"
CHEAP = {"storage": "luks", "fileSystemType": "ext4", "luksPbkdfType": "pbkdf2", "luksPbkdfForceIterations": 1000}
CLOSED = ("absent", "inactive")  # without udevd nobody knows where the disk is

suite = cases.Suite("unplugged luks")
sandbox.enter()
mount_disk("ext4", HOMES)
service = Service().start()


class Disk:
    """A disk that can be pulled out: the kernel's own idea of one, in memory."""

    def __init__(self):
        self.name = None

    def plug_in(self):
        """A new, empty one; returns its node."""
        subprocess.run(["modprobe", "sd_mod"], check=True)
        subprocess.run(["modprobe", "scsi_debug", "dev_size_mb=96"], check=True)
        wait_until(self._find, "there is no disk", 20)
        return f"/dev/{self.name}"

    def _find(self):
        found = glob.glob("/sys/bus/pseudo/drivers/scsi_debug/adapter0/host*/target*/*/block/*")
        self.name = os.path.basename(found[0]) if found else None
        return self.name is not None and os.path.exists(f"/dev/{self.name}")

    def pull_out(self):
        """As with a hand."""
        with open(f"/sys/block/{self.name}/device/delete", "w", encoding="ascii") as file:
            file.write("1")


@suite.case("the home on it is closed although somebody works in it, and the others stay open")
def _():
    disk = Disk()
    service.create(OTHER, WORD, diskSize=64 << 20, **CHEAP)
    service.create(USER, WORD, imagePath=disk.plug_in(), **CHEAP)
    for user in (OTHER, USER):
        service.call("ActivateHome", "ss", user, secret(WORD))
    with open(f"/home/{USER}/letter", "wb") as file:
        file.write(bytes(1 << 20))
        answer = ask(Hearth("/", MACHINE), "deactivate", USER, forced=True)
        answer.refused("by force, while the disk is there", "device-present")
        equal(service.state(USER), "active", "state")
        begin = time.monotonic()
        disk.pull_out()
        service.wait_for_state(USER, *CLOSED)
        check(time.monotonic() - begin < 10, "it took long")
        equal(os.path.ismount(f"/home/{USER}"), False, "it is mounted")
        equal(service.fifos(), [], "references")
    wait_until(lambda: f"home-{USER}" not in mappings(), lambda: f"mappings stay: {mappings()}", 20)
    equal(service.state(OTHER), "active", "state of the other home")
    with open(f"/home/{OTHER}/letter", "wb") as file:
        file.write(b"dear")
    equal(service.error("ActivateHome", "ss", USER, secret(WORD)), "HomeAbsent", "opening it without its disk")
    service.call("DeactivateHome", "s", OTHER)
    equal(os.listdir("/var/lib/systemd/home/hearth/journal"), [], "journals")
    equal(mappings(), [], "mappings")


cases.main(suite)
