# SPDX-License-Identifier: LGPL-2.1-or-later
"""The plugin that does its worst in the worker of one home when it is told to, and what has to hold of everybody else meanwhile."""
import os
import shutil
import statistics
import subprocess
import time

from harness import sandbox, stage
from harness.cases import check, equal
from harness.hearth import PREFIX
from harness.service import secret
from harness.stage import wait_until

ANSWER = 0.050  # seconds, for the middle of several calls
TRIES = 15
WORDS = "/run/zoo"


def install():
    """Puts the plugin where third parties' are, in this namespace alone."""
    builtin = next(os.path.join(path, "builtin-0") for path, names, _ in os.walk(PREFIX) if "builtin-0" in names)
    folder = os.path.join(os.path.dirname(builtin), "plugins-0")
    os.makedirs("/mnt/zoo", mode=0o755)
    shutil.copy(os.path.join(os.environ["HEARTH_BUILD"], "tests/plugins/beast.so"), "/mnt/zoo")
    os.chmod("/mnt/zoo/beast.so", 0o644)
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["mount", "--bind", "/mnt/zoo", folder], check=True)
    os.mkdir(WORDS, mode=0o755)


def tell(name, word):
    """Says what the plugin does with that home (or when it is loaded); None: nothing any more."""
    path = f"{WORDS}/{name}"
    if word is None:
        os.unlink(path)
        return
    with open(path, "w", encoding="ascii") as file:
        file.write(word)


class Neighbours:
    """A service with a home that nobody troubles, `good`, beside those of the plugin; all have the same password."""

    def __init__(self, service, good, word):
        self.service, self.good, self.word, self.times = service, good, word, []

    def are_answered(self):
        """The service answers at once, measured; the middle of several tries counts, because this machine does other things, too."""
        taken = []
        for _ in range(TRIES):
            begin = time.monotonic()
            equal(self.service.state(self.good) in ("inactive", "active"), True, "the state of the other home")
            taken.append(time.monotonic() - begin)
            time.sleep(0.01)
        self.times.extend(taken)
        check(statistics.median(taken) < ANSWER, f"the service took {sorted(taken)} s to answer")

    def go_on(self):
        """Another home opens and closes."""
        self.service.call("ActivateHome", "ss", self.good, secret(self.word))
        self.service.call("DeactivateHome", "s", self.good)

    def begin_to_open(self, user):
        """Opens a home with homectl, which can be interrupted."""
        return subprocess.Popen(self.service.hearth.command("activate", user), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True,
                                env={**self.service.hearth.environment(self.word), "DBUS_SYSTEM_BUS_ADDRESS": stage.ADDRESS})

    def is_whole(self, user):
        """The home is at rest, and opens and closes."""
        if self.service.wait_for_state(user, "inactive", "active") == "active":
            self.service.call("DeactivateHome", "s", user)  # it was open already when things went wrong
        self.service.call("ActivateHome", "ss", user, secret(self.word))
        equal(self.service.state(user), "active", "the state of the home")
        self.service.call("DeactivateHome", "s", user)
        equal(os.listdir("/var/lib/systemd/home/hearth/journal"), [], "journals")

    def nobody_is_left(self):
        """No process of the worker is there any more."""
        wait_until(lambda: not self.service.workers(), "a worker is left")
        left = [line for line in sandbox.processes().values() if "hearth-worker" in line]
        equal(left, [], "processes that are left")

    def show_times(self):
        """Prints how long the service took, and fails the case if that was too long too often."""
        times = sorted(self.times)
        print(f"     | {len(times)} calls: median {times[len(times) // 2] * 1000:.1f} ms, "
              f"95 of 100 within {times[len(times) * 95 // 100] * 1000:.1f} ms, longest {times[-1] * 1000:.1f} ms")
        check(times[len(times) * 9 // 10] < ANSWER, f"one of ten answers took more than {ANSWER} s")
