# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our homectl on the machine with the service: as somebody, in the background, on a terminal."""
import os
import pty
import re
import select
import subprocess
import time

from harness import stage
from harness.hearth import LIMIT, Hearth, Outcome, program


def as_user(uid, *arguments, password=None, new=None):
    """Runs homectl as somebody on the machine with the service."""
    who = ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups"]
    environment = dict(Hearth.environment(password, new), DBUS_SYSTEM_BUS_ADDRESS=stage.ADDRESS)
    return Outcome(subprocess.run([*who, program(), *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=LIMIT, check=False))


def start(*arguments, password=None, new=None, **how):
    """Starts homectl on the machine with the service."""
    environment = dict(Hearth.environment(password, new), DBUS_SYSTEM_BUS_ADDRESS=stage.ADDRESS)
    return subprocess.Popen([program(), *arguments], env=environment, text=True,
                            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how})


def ended(process):
    """The Outcome of what was started."""
    out, err = process.communicate(timeout=LIMIT)
    return Outcome(subprocess.CompletedProcess(process.args, process.returncode, out, err))


class Terminal:
    """homectl on a terminal of its own."""

    def __init__(self, *arguments, new=None, uid=0):
        self.ours, theirs = pty.openpty()
        self.shown = b""
        self.text = ""
        who = {"user": uid, "group": uid, "extra_groups": []} if uid else {}
        self.process = start(*arguments, new=new, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, **who)
        os.close(theirs)

    def read(self, until=None, seconds=30):
        """Reads until something was shown, or until the end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (until and re.search(until, self.text)):
            if not select.select([self.ours], [], [], 0.1)[0]:
                continue
            try:
                self.shown += os.read(self.ours, 65536)
            except OSError:
                break
            self.text = self.shown.decode(errors="replace")  # all of it: one read may end in the middle of a character
        return self.text
