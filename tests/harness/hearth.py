# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hearth as its users meet it: the installed homectl over a root folder of its own."""
import json
import os
import re
import subprocess
import uuid

from harness import sandbox, trees
from harness.cases import check, equal

PREFIX = os.environ.get("HEARTH_PREFIX", "")
LIMIT = int(os.environ.get("HEARTH_TEST_PATIENCE", "60"))  # seconds for any call; emulated machines need more
USER_FILE = "kept/deep/letter.txt"
NO_BUS = "unix:path=/nowhere"


def program(name="homectl", prefix=PREFIX):
    """The installed program of that name."""
    places = {"homectl": "bin/homectl", "worker": "libexec/hearth/hearth-worker"}
    return f"{prefix}/{places[name]}"


class Outcome:
    """What a call of homectl left: exit status, output, and the stable ids of its errors."""

    def __init__(self, done):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.ids = re.findall(r"\[([a-z][a-z0-9-]+)\]", self.err)

    def __repr__(self):
        return f"status {self.status}\n{self.out}{self.err}"

    def succeeded(self, what):
        """Fails the case unless the call worked; returns itself."""
        check(self.status == 0, f"{what}: {self!r}")
        return self

    def refused(self, what, *ids):
        """Fails the case unless the call failed, in words, with one of the stable ids; returns itself."""
        check(self.status == 1, f"{what}: expected exit status 1: {self!r}")
        check(any(one in self.ids for one in ids), f"{what}: expected {' or '.join(ids)}: {self!r}")
        check(re.search(r"^homectl: .{12,}", self.err, re.M), f"{what}: no sentence for a person: {self!r}")
        return self


class Hearth:
    """One machine: a root folder with its state, its homes and its machine-id. Root "/" is the machine itself."""

    def __init__(self, root, machine_id=None):
        self.root = root.rstrip("/")
        self.machine_id = machine_id or uuid.uuid4().hex
        self.state = f"{self.root}/var/lib/systemd/home"
        self.homes = f"{self.root}/home"
        self.prefix = PREFIX
        self.bus = NO_BUS  # whatever runs on this machine is not asked, unless a suite says so
        if not self.root:
            return
        for folder in ("etc", "home", "run", "var/lib/systemd"):
            os.makedirs(f"{self.root}/{folder}", mode=0o755, exist_ok=True)
        os.makedirs(self.state, mode=0o700, exist_ok=True)
        with open(f"{self.root}/etc/machine-id", "w", encoding="ascii") as file:
            file.write(self.machine_id + "\n")

    def command(self, *arguments):
        """The command line for these arguments."""
        return [program(prefix=self.prefix), *([f"--root={self.root}"] if self.root else []), *arguments]

    @staticmethod
    def environment(password=None, new=None):
        """The environment for a call: passwords go nowhere else."""
        values = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        if password is not None:
            values["PASSWORD"] = password
        if new is not None:
            values["NEWPASSWORD"] = new
        return values

    def homectl(self, *arguments, password=None, new=None, stdin=None):
        """Runs homectl and returns its Outcome."""
        environment = dict(self.environment(password, new), DBUS_SYSTEM_BUS_ADDRESS=self.bus)
        return Outcome(subprocess.run(self.command(*arguments), env=environment, input=stdin,
                                      stdin=subprocess.DEVNULL if stdin is None else None, capture_output=True, text=True,
                                      timeout=LIMIT, check=False))

    def create(self, user, password, *options, storage="directory"):
        """Creates a home whose rate limit does not get in a test's way."""
        return self.homectl("create", user, f"--storage={storage}", "--enforce-password-policy=no",
                            "--rate-limit-burst=1000000", *options, new=password).succeeded(f"create {user}")

    def activate(self, user, password):
        """Activates a home and fails the case if that does not work."""
        return self.homectl("activate", user, password=password).succeeded(f"activate {user}")

    def deactivate(self, user):
        """Deactivates a home and fails the case if that does not work."""
        return self.homectl("deactivate", user).succeeded(f"deactivate {user}")

    def listed(self, user):
        """The row that list has for a user, or None."""
        answer = self.homectl("list", "--json=short").succeeded("list")
        return next((row for row in json.loads(answer.out) if row["name"] == user), None)

    def inspect(self, user):
        """The record that inspect shows."""
        return json.loads(self.homectl("inspect", "--json=short", user).succeeded(f"inspect {user}").out)

    def record(self, user):
        """The record in the state folder."""
        with open(f"{self.state}/{user}.identity", encoding="utf-8") as file:
            return json.load(file)

    def embedded(self, user, folder=None):
        """The record inside a home that is a folder, or in the folder given."""
        with open(f"{folder or f'{self.homes}/{user}.homedir'}/.identity", encoding="utf-8") as file:
            return json.load(file)

    def uid(self, user):
        """The UID that this machine gave the user."""
        return self.record(user)["binding"][self.machine_id]["uid"]

    def write_letter(self, user, text="kept"):
        """Writes a file as the user into the active home; returns its SHA-256."""
        path = f"{self.homes}/{user}/{USER_FILE}"
        uid = str(self.uid(user))
        subprocess.run(["setpriv", "--reuid", uid, "--regid", uid, "--clear-groups", "sh", "-c",
                        'mkdir -p "$(dirname "$1")" && printf %s "$2" >"$1"', "sh", path, text], check=True)
        return trees.sha256(path)

    def letter(self, user):
        """The SHA-256 of that file in the active home, owned by the user as seen through the mount."""
        path = f"{self.homes}/{user}/{USER_FILE}"
        equal(os.stat(path).st_uid, self.uid(user), f"owner of {path}")
        return trees.sha256(path)

    def mounts(self):
        """What is mounted below this machine's root."""
        return sandbox.mounts_below(self.root or "/home")

    def image_digest(self, user):
        """The content of the home as it lies on disk."""
        return trees.digest(f"{self.homes}/{user}.homedir", leave_out=(".identity",))

    def leftovers(self):
        """Names that no operation may leave behind: temporary files and folders, and journal entries."""
        found = []
        for folder in (self.homes, self.state):
            found += [f"{folder}/{name}" for name in os.listdir(folder) if name.startswith(".#")]
        journal = f"{self.state}/hearth/journal"
        if os.path.isdir(journal):
            found += [f"{journal}/{name}" for name in os.listdir(journal)]
        return found
