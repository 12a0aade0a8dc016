# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes that tokens open, on a machine for each storage, and tokens that have a PIN and want to be touched."""
import contextlib
import itertools
import os
import pty
import re
import select
import subprocess
import time

from harness import tokens
from harness.cases import equal
from harness.disks import disk
from harness.file_tokens import KIND, Token
from harness.hearth import Hearth, Outcome
from harness.security_keys import Key

USER, WORD, NEW, PIN = "kim", "Altes-Wort-1", "Neues-Wort-2", "4711"
DISKS = {"directory": None, "subvolume": ("btrfs", ()), "fscrypt": ("ext4", ("-O", "encrypt", "-b", "4096"))}
IMAGES = {"luks": ("ext4", ())}
OPTIONS = {"luks": ("--disk-size=64M", "--fs-type=ext4", "--luks-pbkdf-type=pbkdf2", "--luks-pbkdf-force-iterations=1000")}
FIRST = next(iter(DISKS))

numbers = itertools.count()


@contextlib.contextmanager
def machine(storage):
    """A machine whose homes lie on a file system that the storage can use."""
    with contextlib.ExitStack() as stack:
        below = {**DISKS, **IMAGES}[storage]
        if below:
            kind, features = below
            stack.enter_context(disk(kind, "/mnt/machine", features=features))
        hearth = Hearth("/mnt/machine" if below else f"/mnt/plain-{next(numbers)}")
        hearth.storage = storage
        yield hearth
        if hearth.listed(USER):
            hearth.homectl("remove", USER).succeeded("remove")
        equal((hearth.mounts()[1:], hearth.leftovers()), ([], []), "left behind")


def call(hearth, *arguments, password=None, new=None, pin=None):
    """Runs homectl with secrets in its environment."""
    environment = dict(hearth.environment(password, new), DBUS_SYSTEM_BUS_ADDRESS=hearth.bus, **({"PIN": pin} if pin else {}))
    return Outcome(subprocess.run(hearth.command(*arguments), env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=60, check=False))


def make(hearth, *options, pin=None):
    """Creates the home with a password, and what else the options say."""
    call(hearth, "create", USER, f"--storage={hearth.storage}", "--enforce-password-policy=no", "--rate-limit-burst=100000",
         *OPTIONS.get(hearth.storage, ()), *options, new=WORD, pin=pin).succeeded("create")


class TouchToken(Token):
    """A token in a file with a PIN that wants to be touched."""
    kind, one_login = KIND, ["pin ok", "touch"]

    def __init__(self, name):
        super().__init__(name, PIN, wish="touch")


class TouchKey(Key):
    """A security key that does."""
    kind, one_login = "fido2", ["try", "touch"]

    def __init__(self, name):
        super().__init__(name, pin=PIN)

    plug, unplug = Key.plug_in, Key.pull_out

    def option(self):
        """The option that enrolls it."""
        return f"--fido2-device={self.path}"

    def uses(self):
        """What its owner had to do since the last time."""
        seen = [one for one in self.state().get("seen", []) if one in self.one_login]
        self.forget()
        return seen


class Card(tokens.Token):
    """A smart card with a key of a kind."""
    kind, one_login = "pkcs11", []

    def __init__(self, name, key, pin=PIN):
        before = set(os.listdir(tokens.STORE))
        super().__init__(name, pin)
        self.name, self.folder = name, (set(os.listdir(tokens.STORE)) - before).pop()
        self.make_key(key)

    def plug(self):
        """Puts it in again."""
        os.rename(f"{tokens.STORE}.out/{self.folder}", f"{tokens.STORE}/{self.folder}")

    def unplug(self):
        """Pulls it out."""
        os.makedirs(f"{tokens.STORE}.out", exist_ok=True)
        os.rename(f"{tokens.STORE}/{self.folder}", f"{tokens.STORE}.out/{self.folder}")

    def option(self):
        """The option that enrolls it."""
        return f"--pkcs11-token-uri={self.uri}"

    def uses(self):
        """SoftHSM does not tell."""
        return []


def alone(all_of_them, plugged):
    """Only this one is plugged in."""
    for token in all_of_them:
        with contextlib.suppress(FileNotFoundError):
            token.unplug()
    if plugged:
        plugged.plug()


def on_terminal(hearth, arguments, answers, password=None):
    """Runs homectl with a terminal, and answers its questions; returns its exit status and what was shown."""
    command, environment = hearth.command(*arguments), dict(hearth.environment(password), DBUS_SYSTEM_BUS_ADDRESS=hearth.bus)
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(command[0], command, environment)
    shown, text, waiting, end = b"", "", list(answers), time.monotonic() + 30
    while time.monotonic() < end:
        if not select.select([fd], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
        text = shown.decode(errors="replace")  # all of it: one read may end in the middle of a character
        if waiting and re.search(waiting[0][0], text):
            os.write(fd, waiting.pop(0)[1].encode() + b"\n")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    return status, text, waiting
