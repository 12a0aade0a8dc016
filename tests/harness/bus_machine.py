# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine with a bus, hearthd on it and one home, in the suite's own namespace (sandbox.enter() first)."""
import contextlib
import json
import os
import shutil
import subprocess
import time
import xml.etree.ElementTree as ElementTree

from harness import bus, bus_tables, cases
from harness.bus import BusError
from harness.cases import check, equal
from harness.hearth import PREFIX, Hearth

USER, WORD, WRONG = "ada", "correct horse", "wrong horse"
STRANGER = 4321
NAME = "org.freedesktop.home1"
MANAGER = (NAME, "/org/freedesktop/home1", f"{NAME}.Manager")
HOME = (NAME, f"/org/freedesktop/home1/home/{USER}", f"{NAME}.Home")
PROPERTIES = "org.freedesktop.DBus.Properties"
DENIED = "org.freedesktop.DBus.Error.AccessDenied"
INVALID = "org.freedesktop.DBus.Error.InvalidArgs"
JOURNAL = "/run/polkit.log"


class Machine:
    """A bus, hearthd on it, and one home; all in the suite's own namespace."""

    def __init__(self):
        for folder in ("/run", "/home", "/var/lib/systemd", "/var/cache"):
            subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "hearth-test", folder], check=True)
        os.makedirs("/run/systemd/userdb")
        with open("/etc/machine-id", encoding="ascii") as file:
            self.hearth = Hearth("/", file.read().strip())
        self.hearth.create(USER, WORD, "--real-name=Ada L.", "--password-hint=it")
        self.uid = self.hearth.uid(USER)
        name_users({USER: self.uid, "stranger": STRANGER, "intruder": bus.LET_THROUGH})
        self.daemon = bus.start_daemon(PREFIX)
        self.start()

    def start(self):
        """Starts hearthd and waits until it has its name."""
        with open("/run/hearthd.log", "ab") as log:
            self.service = subprocess.Popen([f"{PREFIX}/libexec/hearth/hearthd"], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=bus.ADDRESS))
        self.client = bus.Client()
        for _ in range(200):
            if self.client.call(("org.freedesktop.DBus", "/", "org.freedesktop.DBus"), "NameHasOwner", "s", NAME)[0]:
                return
            time.sleep(0.02)
        with open("/run/hearthd.log", encoding="utf-8") as log:
            raise RuntimeError("hearthd does not start: " + log.read())

    def manager(self, member, *arguments, uid=0, interactive=False):
        """Calls a method of the manager, as somebody."""
        return self.call(MANAGER, member, *arguments, uid=uid, interactive=interactive)

    def call(self, target, member, *arguments, uid=0, interactive=False):
        """Calls any method, as somebody."""
        if uid == 0:
            return self.client.call(target, member, *arguments, interactive=interactive)
        return bus.as_user(uid, lambda: bus.Client().call(target, member, *arguments, interactive=interactive))

    def refused(self, error, target, member, *arguments, **how):
        """Fails the case unless the call fails with that error; gives its message."""
        try:
            answer = self.call(target, member, *arguments, **how)
        except BusError as failure:
            equal(failure.name, error, f"{member}: {failure.message}")
            return failure.message
        raise cases.Failure(f"{member} was not refused with {error}, but gave {answer}")

    def state(self):
        """The state of the home."""
        return self.manager("GetHomeByName", "s", USER)[1]

    def wait_for_state(self, state):
        """Waits until the home is in that state."""
        deadline = time.monotonic() + 20
        while (now := self.state()) != state:
            check(time.monotonic() < deadline, f"the home is {now}, and does not become {state}")
            time.sleep(0.02)

    def introspect(self, path, interface):
        """What an object says about an interface: {name: signature and notes}."""
        target = (NAME, path, "org.freedesktop.DBus.Introspectable")
        tree = ElementTree.fromstring(self.client.call(target, "Introspect")[0])
        return bus_tables.table_of(next(one for one in tree.iter("interface") if one.get("name") == interface))


def name_users(users):
    """The bus serves nobody whom the system does not know."""
    shutil.copy("/etc/passwd", "/run/passwd")
    with open("/run/passwd", "a", encoding="utf-8") as file:
        file.writelines(f"{name}:x:{uid}:{uid}::/:/bin/sh\n" for name, uid in users.items())
    subprocess.run(["mount", "--bind", "/run/passwd", "/etc/passwd"], check=True)


def secret(*passwords):
    """The text of a secret."""
    return json.dumps({"password": list(passwords)} if passwords else {})


@contextlib.contextmanager
def with_polkit(verdicts):
    """Runs polkit with these verdicts until the with statement ends."""
    if os.path.exists(JOURNAL):
        os.unlink(JOURNAL)
    child = bus.start_polkit(verdicts, JOURNAL)
    try:
        yield
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


def asked():
    """What polkit was asked since it was started."""
    if not os.path.exists(JOURNAL):
        return []
    with open(JOURNAL, encoding="utf-8") as file:
        return file.read().splitlines()
