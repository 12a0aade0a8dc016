# SPDX-License-Identifier: LGPL-2.1-or-later
"""The real systemd-homed 252, out of Debian's packages, without systemd as PID 1.

It runs in the suite's own mount namespace (sandbox.enter() first), with a bus of its own. Nothing of it is installed: its
packages are unpacked into a folder below /var/lib/hearth-dev and stay there for the next run.
"""
import functools
import glob
import json
import os
import shutil
import subprocess
import tempfile
import time

from harness import stage
from harness.cases import Skip
from harness.stage import wait_for

CACHE = "/var/lib/hearth-dev/peer"
PACKAGES = ["systemd-homed", "systemd-userdbd", "libsystemd-shared", "udev"]
LAST = "usr/bin/userdbctl"  # of these packages: a folder without it is of a time when fewer were wanted
LIMIT = 60  # seconds for any call; the stock homectl waits for ever for an agent that asks for a password


@functools.cache
def unpacked():
    """The folder with the peer's packages, downloaded on first use."""
    version = _candidate()
    folder = f"{CACHE}/{version}"
    if os.path.exists(f"{folder}/{LAST}"):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(CACHE, mode=0o755, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        download([f"{package}={version}" for package in PACKAGES], scratch)
        for archive in glob.glob(f"{scratch}/*.deb"):
            subprocess.run(["dpkg", "-x", archive, f"{scratch}/root"], check=True)
        os.chmod(f"{scratch}/root", 0o755)
        os.rename(f"{scratch}/root", folder)
    return folder


def _candidate():
    """The newest version for which every package is on offer, or the one unpacked before when apt knows none."""
    answer = subprocess.run(["apt-cache", "policy", "systemd-homed"], capture_output=True, text=True, check=False)
    for line in answer.stdout.splitlines():
        if line.strip().startswith("Candidate: ") and "(none)" not in line:
            version = line.split()[1]
            if not version.startswith("252."):
                raise Skip(f"the peer is systemd-homed 252, and this machine offers {version}")
            return version
    have = sorted(os.listdir(CACHE)) if os.path.isdir(CACHE) else []
    if have:
        return have[-1]
    raise Skip("apt offers no systemd-homed package (no package lists?)")


def download(packages, folder):
    """Fetches packages (NAME=VERSION) with apt into a folder."""
    command = ["apt-get", "download", "-q", *packages]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        subprocess.run(["apt-get", "update", "-q"], capture_output=True, check=False)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Skip(f"apt-get download {' '.join(packages)} failed: {done.stderr.strip().splitlines()[-1:]}")


def environment(root):
    """What its programs need around them."""
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
            "LD_LIBRARY_PATH": glob.glob(f"{root}/usr/lib/*/systemd")[0]}


class Peer:
    """systemd-homed 252 over a state folder and a /home of the caller's choice."""

    def __init__(self, state, homes, machine_id):
        """`state` becomes /var/lib/systemd/home and `homes` becomes /home in this namespace, until it ends."""
        self.root = unpacked()
        self.environment = environment(self.root)
        self.service = self.worker = None
        stage.set_up(state, homes, machine_id)
        self.bus = stage.start_open_bus()

    def start(self):
        """Starts the service and waits until it answers."""
        self.service = stage.spawn([f"{self.root}/lib/systemd/systemd-homed"], "homed", dict(
            self.environment, SYSTEMD_HOMEWORK_PATH=self.worker or f"{self.root}/lib/systemd/systemd-homework",
            SYSTEMD_LOG_TARGET="console", SYSTEMD_LOG_LEVEL="info"))
        wait_for("/run/systemd/userdb/io.systemd.Home")
        for _ in range(100):
            if self.homectl("list", "--no-legend").returncode == 0:
                return
            time.sleep(0.02)
        raise RuntimeError("systemd-homed does not answer: " + self.log())

    def stop(self):
        """Ends the service; homes that are active stay as they are."""
        self.service.terminate()
        self.service.wait(LIMIT)
        if os.path.exists("/run/systemd/userdb/io.systemd.Home"):
            os.unlink("/run/systemd/userdb/io.systemd.Home")

    def command(self, *arguments):
        """The command line of its homectl."""
        return [f"{self.root}/usr/bin/homectl", *arguments]

    def homectl(self, *arguments, password=None, new=None):
        """Runs its homectl; never waits for longer than LIMIT."""
        environment = dict(self.environment)
        if password is not None:
            environment["PASSWORD"] = password
        if new is not None:
            environment["NEWPASSWORD"] = new
        return subprocess.run(self.command(*arguments), env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=LIMIT, check=False)

    def authenticate(self, user, password):
        """Asks over the bus, so that a wrong password is an answer and not a wait for an agent."""
        secret = json.dumps({"password": [password]})
        return subprocess.run(["busctl", "call", "org.freedesktop.home1", "/org/freedesktop/home1",
                               "org.freedesktop.home1.Manager", "AuthenticateHome", "ss", user, secret],
                              env=dict(self.environment, LD_LIBRARY_PATH=""), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=LIMIT, check=False)

    def state(self, user):
        """What its list says about a user: inactive, active, unfixated, ...; None when it lists no such user."""
        answer = self.homectl("list", "--no-legend", "--json=short")
        for row in json.loads(answer.stdout or "[]"):
            if row["name"] == user:
                return row["state"]
        return None

    def log(self, lines=15):
        """The last lines that the service and its workers wrote."""
        return stage.log("homed", lines)
