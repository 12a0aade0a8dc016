# SPDX-License-Identifier: LGPL-2.1-or-later
"""A home in any of its states, and every operation on it over the bus."""
import contextlib
import json
import os
import shutil
import subprocess
import time
from concurrent.futures import TimeoutError as TooLate

from harness.bus import BusError
from harness.cases import check, equal
from harness.service import HOMES, record, secret, short
from harness.stage import wait_until

USER, WORD, NEW, OTHER = "kim", "Altes-Wort-1", "Neues-Wort-2", "noor"
PATIENCE = 0.4  # seconds without an answer, after which a call is said to wait
UNSUPPORTED = "org.freedesktop.DBus.Error.NotSupported"
# What folders are not able to do, each service says in its own way.
WORDS = {"ok": ("ok",), "waits": ("waits",), "cannot": (UNSUPPORTED,), "resized": ("ok", UNSUPPORTED)}


class Homes:
    """The home of USER on a service; `options`: fields of its record."""

    def __init__(self, service, **options):
        self.service, self.options = service, options
        self.inside = None  # a process that works in the home
        self.fds = []
        self.image = f"{HOMES}/{USER}.{'home' if options.get('storage') == 'luks' else 'homedir'}"

    def enter(self, state):
        """Makes a new home and brings it into a state of rest."""
        self.clear()
        self.service.create(USER, WORD, **self.options)
        getattr(self, f"_make_{state}")()
        equal(self.service.state(USER), state, "the state to begin with")

    def _make_inactive(self):
        pass

    def _make_absent(self):
        os.rename(self.image, f"{self.image}.aside")

    def _make_active(self):
        self.service.call("ActivateHome", "ss", USER, secret(WORD))

    def _make_locked(self):
        self._make_active()
        self.service.call("LockHome", "s", USER)

    def _make_dirty(self):
        os.setxattr(self.image, "user.home-dirty", b"1")

    def _make_unfixated(self):
        os.rename(self.image, f"{self.image}.aside")
        self.service.call("UnregisterHome", "s", USER)
        os.rename(f"{self.image}.aside", self.image)
        self.service.wait_for_state(USER, "unfixated", seconds=5)

    def _make_lingering(self):
        self.fds += self.service.call("AcquireHome", "ssb", USER, secret(WORD), False)
        self.inside = subprocess.Popen(["sleep", "600"], cwd=f"/home/{USER}")
        self._close_all()
        self.service.wait_for_state(USER, "lingering", seconds=5)

    def _close_all(self):
        for fd in self.fds:
            os.close(fd)
        self.fds.clear()

    def clear(self):
        """There is no home afterwards."""
        if self.service.process.poll() is not None:  # the case before has said so
            self.service.start()
        if self.inside:
            self.inside.kill()
            self.inside.wait()
            self.inside = None
        self._close_all()
        self._remove(f"{self.image}.aside")
        for _ in range(400):
            state = self.service.state(USER)
            if state is None and not os.path.exists(self.image):
                return
            self._one_step_to_nothing(state)
            time.sleep(0.01)
        raise RuntimeError(f"the home stays {self.service.state(USER)}")

    def _one_step_to_nothing(self, state):
        with contextlib.suppress(BusError):
            if state == "locked":
                self.service.call("UnlockHome", "ss", USER, secret(WORD))
            elif state in ("active", "lingering"):
                self.service.call("DeactivateHome", "s", USER)
            elif state in ("inactive", "absent", "dirty"):
                self.service.call("RemoveHome", "s", USER)
            elif state in (None, "unfixated"):
                self._remove(self.image)

    @staticmethod
    def _remove(path):
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.unlink(path)

    def arguments(self, operation):
        """What an operation is called with."""
        words = {"Fixate": ("ss", USER, secret(WORD)), "Activate": ("ss", USER, secret(WORD)),
                 "ActivateIfReferenced": ("ss", USER, secret(WORD)), "Authenticate": ("ss", USER, secret(WORD)),
                 "Realize": ("ss", USER, secret(WORD)), "Unlock": ("ss", USER, secret(WORD)),
                 "ChangePassword": ("sss", USER, secret(NEW), secret(WORD)), "Acquire": ("ssb", USER, secret(WORD), False),
                 "Ref": ("sb", USER, False), "RefUnrestricted": ("sb", USER, False), "Create": ("s", record(USER, WORD)),
                 "Resize": ("sts", USER, 100 << 20, secret(WORD))}
        if operation == "Update":
            return "s", self.changed()
        return words.get(operation, ("s", USER))

    def changed(self, **fields):
        """The text of the home's record with another real name, newer than it was."""
        now = json.loads(self.service.call("GetUserRecordByName", "s", USER)[0])
        for section in ("binding", "status", "signature"):
            now.pop(section, None)
        now |= {"realName": "Kim Anew", "lastChangeUSec": max(now.get("lastChangeUSec", 0), int(time.time() * 10**6)) + 1,
                "secret": {"password": [WORD]}, **fields}
        return json.dumps(now)

    @staticmethod
    def method(operation):
        """The manager's name for an operation."""
        return "ActivateHomeIfReferenced" if operation == "ActivateIfReferenced" else \
            "RefHomeUnrestricted" if operation == "RefUnrestricted" else f"{operation}Home"

    def ask(self, operation):
        """Does it and says how it ended: an error's short name, ok, or waits. With a Future for the latter."""
        future = self.service.later(self.method(operation), *self.arguments(operation))
        try:
            self.fds += [value for value in future.result(PATIENCE if self.is_held() else None) if operation in (
                "Acquire", "Ref", "RefUnrestricted")]
            return "ok", future
        except TooLate:
            return "waits", future
        except BusError as failure:
            return short(failure.name), future

    @staticmethod
    def is_held():
        """May an operation take as long as the test wants?"""
        return os.path.exists("/run/held")

    def check_cell(self, operation, state, cell):
        """An operation in a state ends as the table says. What goes wrong has no consequences for the next case."""
        try:
            self._check_cell(operation, state, cell)
        except Exception:
            self._begin_anew()
            raise

    def _begin_anew(self):
        """A service without homes, whatever happened."""
        if self.inside:
            self.inside.kill()
        self._close_all()
        self.service.wipe()

    def _check_cell(self, operation, state, cell):
        expected, _, after = cell.partition(">")
        expected = WORDS.get(expected, (expected,))
        if state == "busy":
            self.check_busy(operation, expected)
            return
        self.enter(state)
        found, _future = self.ask(operation)
        check(found in expected, f"expected {' or '.join(expected)}, got {found}: {self.service.log(4)}")
        self.check_after({"gone": None}.get(after, after or state))
        self.clear()

    def check_after(self, state):
        """The home is soon in that state; None: it is not there."""
        for _ in range(300):
            if self.service.state(USER) == state:
                return
            time.sleep(0.01)
        equal(self.service.state(USER), state, "the state afterwards")

    def check_busy(self, operation, expected):
        """An operation while another one is running: the other one goes on and ends well."""
        self.enter("inactive")
        with self.service.held() as held:
            running = self.service.later("AuthenticateHome", "ss", USER, secret(WORD))
            equal(held.busy(USER), "authenticating", "what runs")
            found, future = self.ask(operation)
            check(found in expected, f"expected {' or '.join(expected)}, got {found}")
            equal(self.service.state(USER), "authenticating", "the state meanwhile")
        running.result(20)
        if found == "waits":
            self.fds += future.result(20)
            equal(self.service.state(USER), "active" if operation == "Acquire" else "inactive", "the state afterwards")
        self.clear()

    def check_during(self, state, operation, shown):
        """An operation in a state is called so while it runs."""
        self.enter(state)
        with self.service.held() as held:
            future = self.service.later(self.method(operation), *self.arguments(operation))
            equal(held.busy(USER), shown, "the state meanwhile")
        with contextlib.suppress(BusError):
            result = future.result(20)
            self.fds += result if operation == "Acquire" else []
        self.clear()

    def check_creating(self):
        """A home that is being made is called so, or is not there before it is whole; its name is taken at once."""
        self.clear()
        with self.service.held():
            future = self.service.later("CreateHome", "s", record(USER, WORD))
            wait_until(self.service.workers, "no worker begins")
            check(self.service.state(USER) in ("creating", None), f"it is {self.service.state(USER)}")
            equal(self.service.error("CreateHome", "s", record(USER, WORD)), "UserNameExists", "the same again")
        future.result(20)
        equal(self.service.state(USER), "inactive", "the state afterwards")
        self.clear()
