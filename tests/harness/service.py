# SPDX-License-Identifier: LGPL-2.1-or-later
"""The service on a bus of its own, in the suite's own namespace (sandbox.enter() first), and everybody who asks it.

With HEARTH_TEST_ORACLE=1 it is the real systemd-homed 252 instead of hearthd: what a test expects of both can be tried on it.
"""
import ctypes
import glob
import json
import os
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from harness import bus, peer, sandbox, stage
from harness.bus import BusError
from harness.cases import check, equal
from harness.hearth import LIMIT, PREFIX, Hearth
from harness.stage import wait_until

PROGRAM = f"{PREFIX}/libexec/hearth/hearthd"
NAME = "org.freedesktop.home1"
MANAGER = (NAME, "/org/freedesktop/home1", f"{NAME}.Manager")
DRIVER = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
MACHINE = "b0f4a1c2d3e4451687a9bacbdcedfe0f"
STATE, HOMES = "/mnt/state", "/mnt/homes"
HELD = "/run/held"  # as long as this file is there, no worker begins
HOLDER = """#!/bin/sh
while [ -e /run/held ]; do /bin/sleep 0.02; done
exec {program} "$@"
"""
ORACLE = os.environ.get("HEARTH_TEST_ORACLE") == "1"


def hashed(word):
    """The cheapest hash of a password that crypt(3) makes for good."""
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    return crypt(word.encode(), b"$6$rounds=1000$hearthhearth").decode()


def secret(*passwords, **more):
    """The text of a secret; without passwords an empty one."""
    return json.dumps({**({"password": list(passwords)} if passwords else {}), **more})


def record(user, word, **fields):
    """The text of a record from which a home is made, with its password in it."""
    return json.dumps({"userName": user, "disposition": "regular", "storage": "directory", "enforcePasswordPolicy": False,
                       "rateLimitBurst": 1000000, "lastChangeUSec": int(time.time() * 10**6),
                       "privileged": {"hashedPassword": [hashed(word)]}, "secret": {"password": [word]}, **fields})


def short(name):
    """The name of an error without what all have in common."""
    return name.removeprefix(f"{NAME}.")


def on_both(suite, machines):
    """A decorator, with a title, for cases of both ways to work; `machines` gives the machine of each when a case runs."""
    def titled(title):
        def add(function):
            suite.case(f"through the service: {title}")(lambda: function(machines()[0]))
            suite.case(f"without a service: {title}")(lambda: function(machines()[1]))
            return function
        return add
    return titled


class Service:
    """One machine with a bus and a service. Homes lie in HOMES, records in STATE."""

    def __init__(self, homes=HOMES, open_bus=False):
        """`open_bus`: the bus lets everybody through to the service; else it has the policy that is installed."""
        for folder, mode in ((STATE, 0o700), (homes, 0o755)):
            os.makedirs(folder, mode=mode, exist_ok=True)
        stage.set_up(STATE, homes, MACHINE)
        self.hearth = Hearth("/", MACHINE)
        self.homes, self.process, self.client = homes, None, None
        self.root = peer.unpacked() if ORACLE else None
        self._hold_workers()
        self.bus = stage.start_open_bus() if open_bus else bus.start_daemon(f"{self.root}/usr" if ORACLE else PREFIX)
        self.pool = ThreadPoolExecutor(64)

    def _hold_workers(self):
        """Puts a program before the worker that waits while HELD is there: so an operation lasts as long as a test wants."""
        if ORACLE:
            self.worker = "/mnt/held-homework"
            _write_program(self.worker, HOLDER.format(program=f"{self.root}/lib/systemd/systemd-homework"))
            return
        folder, real = f"{PREFIX}/libexec/hearth", "/mnt/programs"
        shutil.copytree(folder, real)
        os.rename(f"{real}/hearth-worker", f"{real}/hearth-worker.real")
        self.worker = f"{folder}/hearth-worker.real"
        _write_program(f"{real}/hearth-worker", HOLDER.format(program=self.worker))
        subprocess.run(["mount", "--bind", real, folder], check=True)

    def start(self, *under):
        """Starts the service and waits until it has its name on the bus; `under`: what starts it instead, as itself."""
        if ORACLE:
            environment = {**peer.environment(self.root), "SYSTEMD_HOMEWORK_PATH": self.worker, "SYSTEMD_LOG_TARGET": "console"}
            self.process = stage.spawn([f"{self.root}/lib/systemd/systemd-homed"], "service", environment)
        else:
            self.process = stage.spawn([*under, PROGRAM], "service", {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        self.client = self.client or bus.Client()
        wait_until(self.is_there, lambda: f"the service does not start: {self.log()}", LIMIT)
        return self

    def is_there(self):
        """Has the service its name? Fails when it ended before."""
        check(self.process.poll() is None, f"the service ended with status {self.process.returncode}: {self.log()}")
        return self.client.call(DRIVER, "NameHasOwner", "s", NAME)[0]

    def stop(self):
        """Ends the service as a system does; homes that are active stay so."""
        self._end(signal.SIGTERM)
        equal(self.process.returncode, 0, "exit status of the service")

    def kill(self):
        """Ends the service at once."""
        self._end(signal.SIGKILL)

    def _end(self, number):
        self.process.send_signal(number)
        self.process.wait(LIMIT)
        self.wait_for_no_name()

    def wait_for_no_name(self):
        """Waits until the bus has noticed that the service is gone."""
        wait_until(lambda: not self.client.call(DRIVER, "NameHasOwner", "s", NAME)[0], "the name stays")

    def wipe(self):
        """Starts the service again on a machine without homes; its keys stay."""
        if self.process.poll() is None:
            self.kill()
        for point in reversed(sandbox.mounts_below("/home")[1:]):
            subprocess.run(["umount", "-l", point], check=False)
        for pattern in (f"{STATE}/*.identity", f"{STATE}/hearth/journal/*", f"{self.homes}/*", "/run/systemd/home/*"):
            for path in glob.glob(pattern):
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        self.start()

    def call(self, member, signature="", *values, uid=0, target=MANAGER, interactive=False):
        """Calls a method, as somebody, and returns the list of what it answers; raises BusError."""
        if uid == 0:
            return self.client.call(target, member, signature, *values, interactive=interactive)
        return bus.as_user(uid, lambda: bus.Client().call(target, member, signature, *values, interactive=interactive))

    def error(self, member, signature="", *values, **how):
        """The short name of the error that a call ends with, or "ok"."""
        try:
            self.call(member, signature, *values, **how)
        except BusError as failure:
            return short(failure.name)
        return "ok"

    def refused(self, name, member, signature="", *values, **how):
        """Fails the case unless the call fails with that error; returns its message."""
        try:
            answer = self.call(member, signature, *values, **how)
        except BusError as failure:
            equal(short(failure.name), name, f"{member}: {failure.message}")
            check(len(failure.message) >= 12, f"{member}: no sentence for a person: {failure.message!r}")
            return failure.message
        raise AssertionError(f"{member} was not refused with {name}, but gave {answer}")

    def later(self, member, signature="", *values, target=MANAGER):
        """The same as call() without waiting: a Future. Each has a connection of its own."""
        def ask():
            client = bus.Client()
            try:
                return client.call(target, member, signature, *values)
            finally:
                client.close()
        return self.pool.submit(ask)

    def busctl(self, member, *arguments, uid=0):
        """What busctl says of a method of the manager: its JSON, or its words."""
        who = ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups"] if uid else []
        done = subprocess.run([*who, "busctl", "--json=short", "call", *MANAGER, member, *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT, check=False)
        return json.loads(done.stdout)["data"] if done.returncode == 0 and done.stdout.strip() else done.stderr.strip()

    def create(self, user, word, **fields):
        """Makes a home over the bus."""
        self.call("CreateHome", "s", record(user, word, **fields))

    def state(self, user):
        """The state of a home, or None where there is none."""
        try:
            return self.call("GetHomeByName", "s", user)[1]
        except BusError as failure:
            equal(short(failure.name), "NoSuchHome", failure.message)
            return None

    def wait_for_state(self, user, *states, seconds=20):
        """Waits until a home is in one of the states; returns it."""
        wait_until(lambda: self.state(user) in states, lambda: f"{user} is {self.state(user)}, and does not become {states}",
                   seconds)
        return self.state(user)

    def held(self):
        """A block inside which no worker begins."""
        return _Held(self)

    def workers(self):
        """The PIDs of the processes that the service started."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]

    def descriptors(self):
        """What the service has open, by number."""
        folder = f"/proc/{self.process.pid}/fd"
        found = {}
        for name in os.listdir(folder):
            try:
                found[int(name)] = os.readlink(f"{folder}/{name}")
            except FileNotFoundError:
                continue
        return found

    def fifos(self):
        """The names of the references that there are."""
        return sorted(name for name in os.listdir("/run/systemd/home") if name.endswith("-suspend"))

    def log(self, lines=15):
        """The last lines that the service and its workers wrote."""
        return stage.log("service", lines)


class _Held:
    def __init__(self, service):
        self.service = service

    def __enter__(self):
        with open(HELD, "w", encoding="ascii"):
            return self

    def __exit__(self, *_):
        os.unlink(HELD)

    def busy(self, user):
        """Waits until an operation on the home is running, and held; returns the state."""
        rest = (None, "unfixated", "absent", "inactive", "dirty", "active", "lingering", "locked")
        wait_until(lambda: self.service.state(user) not in rest, lambda: f"{user} stays {self.service.state(user)}")
        return self.service.state(user)


def _write_program(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, 0o755)
