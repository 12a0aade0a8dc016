# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every verb of a stock homectl, with homes of one storage; the programs beside this one say which."""
import json
import os
import signal
import subprocess
import tempfile
import time

from harness import newest, peer, sandbox, stage
from harness.cases import check, equal
from harness.hearth import LIMIT, Hearth, Outcome

FIRST, SECOND, WRONG = "Erstes-Wort-1", "Zweites-Wort-2", "Falsches-Wort-3"


class Client:
    """A stock homectl: that of 252, or what the command line given runs."""

    def __init__(self, program=None):
        self.program = program or [f"{peer.unpacked()}/usr/bin/homectl"]
        self.surroundings = {} if program else peer.environment(peer.unpacked())

    def environment(self, **words):
        """Its environment: passwords go nowhere else."""
        return {**Hearth.environment(**words), **self.surroundings, "DBUS_SYSTEM_BUS_ADDRESS": stage.ADDRESS}

    def run(self, *arguments, stdin=None, **words):
        """Runs it and returns its Outcome."""
        return Outcome(subprocess.run([*self.program, *arguments], input=stdin, stdin=None if stdin else subprocess.DEVNULL,
                                      capture_output=True, text=True, env=self.environment(**words), timeout=LIMIT, check=False))

    def worked(self, *arguments, **words):
        """Runs it and fails the case unless it worked."""
        return self.run(*arguments, **words).succeeded(" ".join(arguments))

    def refused(self, text, *arguments, seconds=20, **words):
        """Runs it and fails the case unless it failed, or asks again, with this text. Without a terminal it waits for an answer
        for ever when a password is wrong; it is ended once it has said so."""
        with tempfile.TemporaryFile("w+") as output, subprocess.Popen(
                [*self.program, *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                env=self.environment(**words)) as running:
            end = time.monotonic() + seconds
            while running.poll() is None and time.monotonic() < end and not (text and text in _all_of(output)):
                time.sleep(0.02)
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            said = _all_of(output)
        check(running.returncode != 0, f"{' '.join(arguments)} worked: {said}")
        check(text in said, f"{' '.join(arguments)}: no {text!r} in {said!r}")


def newest_client():
    """The homectl of the newest systemd; says which."""
    root = newest.unpacked()
    print(f"     | {os.path.basename(root)}", flush=True)
    return Client([*newest.enter(root), "/usr/bin/homectl"])


def add_image_cases(suite, service, client=None):
    """Adds the cases for encrypted images."""
    add_cases(suite, service, "luks", "--disk-size=64M", "--fs-type=ext4", "--luks-pbkdf-type=pbkdf2",
              "--luks-pbkdf-time-cost=10ms", limits=(96 << 20, 80 << 20), locks=True, client=client)


def _all_of(file):
    return os.pread(file.fileno(), 1 << 16, 0).decode(errors="replace")


def add_cases(suite, service, storage, *options, limits=(), locks=False, client=None):
    """Adds the cases for homes of a storage. `limits`: sizes that it can have; `locks`: it can be locked."""
    user, client = f"{storage[:4]}a", client or Client()
    place = f"/home/{user}"

    def case(title):
        """Decorator: a case of this storage."""
        return suite.case(f"{storage}: {title}")

    def is_mounted():
        return bool(sandbox.mounts_below(place))

    def state():
        """What its list says."""
        rows = json.loads(client.worked("list", "--json=short").out)
        return next((row["state"] for row in rows if row["name"] == user), None)

    @case("create, list and inspect")
    def _():
        client.worked("create", user, f"--storage={storage}", "--real-name=Kim Erste", "--enforce-password-policy=no",
                      "--rate-limit-burst=1000", *options, new=FIRST)
        equal(state(), "inactive", "state")
        shown = client.worked("inspect", user).out
        check("Kim Erste" in shown and f"Storage: {storage}" in shown, shown)
        record = json.loads(client.worked("inspect", "--json=short", user).out)
        equal((record["userName"], record["realName"]), (user, "Kim Erste"), "record")
        client.refused("already", "create", user, f"--storage={storage}", "--enforce-password-policy=no", new=FIRST)

    @case("activate, write a file, deactivate")
    def _():
        client.worked("activate", user, password=FIRST)
        equal((state(), is_mounted()), ("active", True), "state")
        letter = service.hearth.write_letter(user)
        client.refused("active", "activate", user, password=FIRST)
        client.worked("deactivate", user)
        equal((state(), is_mounted()), ("inactive", False), "state")
        client.refused("not active", "deactivate", user)
        client.worked("activate", user, password=FIRST)
        equal(service.hearth.letter(user), letter, "the file")
        client.worked("deactivate", user)

    @case("authenticate, with the right password alone")
    def _():
        client.worked("authenticate", user, password=FIRST)
        client.refused("assword", "authenticate", user, password=WRONG)
        client.refused("assword", "activate", user, password=WRONG)
        equal(state(), "inactive", "state")

    @case("update, of an active home and of one that is not")
    def _():
        client.worked("update", user, "--real-name=Kim Zweite", password=FIRST)
        client.worked("activate", user, password=FIRST)
        client.worked("update", user, "--email-address=kim@example.com", password=FIRST)
        client.worked("deactivate", user)
        record = json.loads(client.worked("inspect", "--json=short", user).out)
        equal((record["realName"], record["emailAddress"]), ("Kim Zweite", "kim@example.com"), "record")

    @case("passwd, there and back")
    def _():
        client.worked("passwd", user, password=FIRST, new=SECOND)
        client.worked("authenticate", user, password=SECOND)
        client.refused("assword", "authenticate", user, password=FIRST)
        client.worked("activate", user, password=SECOND)
        client.worked("passwd", user, password=SECOND, new=FIRST)
        client.worked("deactivate", user)
        client.worked("authenticate", user, password=FIRST)

    @case("with: a command in an open home, which is closed afterwards")
    def _():
        answer = client.worked("with", user, "--", "pwd", password=FIRST)
        check(answer.out.splitlines()[0] == place, f"{answer!r}")
        equal(client.run("with", user, "--", "sh", "-c", "exit 7", password=FIRST).status, 7, "exit status of the command")
        service.wait_for_state(user, "inactive")

    @case("deactivate-all, and lock-all with nobody to lock for")
    def _():
        client.worked("activate", user, password=FIRST)
        client.worked("lock-all")
        equal(state(), "active", "state")
        client.worked("deactivate-all")
        equal(state(), "inactive", "state")

    @case("resize" if limits else "resize is refused")
    def _():
        if not limits:
            client.refused("", "resize", user, "200M", password=FIRST)
            return
        for size in limits:
            client.worked("resize", user, str(size), password=FIRST)
            equal(service.hearth.record(user)["perMachine"][-1]["diskSize"], size, "size in the record")

    @case("lock and unlock" if locks else "lock is refused")
    def _():
        client.worked("activate", user, password=FIRST)
        if not locks:
            client.refused("", "lock", user)
            equal(state(), "active", "state")
        else:
            client.worked("lock", user)
            equal(state(), "locked", "state")
            client.refused("assword", "unlock", user, password=WRONG)
            client.refused("locked", "deactivate", user)
            client.worked("unlock", user, password=FIRST)
            equal(state(), "active", "state")
        client.worked("deactivate", user)

    @case("a home that does not exist")
    def _():
        for verb in ("activate", "deactivate", "remove", "lock", "inspect", "authenticate"):
            client.refused("", verb, "nobodyhere", password=FIRST)

    @case("remove")
    def _():
        client.worked("activate", user, password=FIRST)
        client.refused("", "remove", user)
        client.worked("deactivate", user)
        client.worked("remove", user)
        equal(state(), None, "in the list")
        equal([name for name in os.listdir(service.hearth.homes) if name.startswith(user)], [], "in /home")


def add_newer_cases(suite, service, client):
    """Adds the cases for verbs that 252 does not have."""
    def state(user):
        rows = json.loads(client.worked("list", "--json=short").out)
        return next((row["state"] for row in rows if row["name"] == user), None)

    @suite.case("register, unregister, adopt")
    def _():
        client.worked("create", "newa", "--storage=directory", "--enforce-password-policy=no", new=FIRST)
        record = json.loads(client.worked("inspect", "-E", "newa").out)
        image = f"{service.homes}/newa.homedir"
        os.rename(image, "/mnt/aside")
        client.worked("unregister", "newa")
        equal(state("newa"), None, "in the list")
        client.worked("register", "-", stdin=json.dumps(record))
        equal(state("newa"), "absent", "state")
        client.worked("unregister", "newa")
        os.rename("/mnt/aside", image)
        service.wait_for_state("newa", "unfixated")
        client.worked("adopt", "/home/newa.homedir")
        client.worked("activate", "newa", password=FIRST)
        client.worked("deactivate", "newa")
        client.worked("remove", "newa")

    @suite.case("signing keys: list, get, add, remove")
    def _():
        check("local.public" in client.worked("list-signing-keys").out, "no local key")
        key = client.worked("get-signing-key").out
        check("BEGIN PUBLIC KEY" in key, key)
        client.refused("", "add-signing-key", "--key-name=other.public", "/etc/passwd")
        client.refused("", "remove-signing-key", "other.public")

    @suite.case("update offline, of a home that is not here")
    def _():
        client.worked("create", "newb", "--storage=directory", "--enforce-password-policy=no", new=FIRST)
        os.rename(f"{service.homes}/newb.homedir", "/mnt/aside")
        equal(state("newb"), "absent", "state")
        client.worked("update", "newb", "--offline", "--real-name=Anna Neu")
        os.rename("/mnt/aside", f"{service.homes}/newb.homedir")
        client.worked("activate", "newb", password=FIRST)
        check("Anna Neu" in client.worked("inspect", "newb").out, "the name")
        client.worked("deactivate", "newb")
        client.worked("remove", "newb")
