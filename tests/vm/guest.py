# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests: a command under another kernel, over this machine's own root.

The guest sees every file of this machine and may change all of them; the changes are in memory and go with it. One folder
is shared with it (/run/hearth-vm inside), through which the command goes in, and its exit status and the results of its
cases come out. What it prints comes through a device of its own, as it is printed.

Everything of a guest lives in namespaces that end with the process that started it, however that ends.
"""
import contextlib
import fcntl
import glob
import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from vm import qemu, uml

KERNELS = {"uml": uml, "qemu": qemu}
HOME = "/var/lib/hearth-dev/vm"
INSIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside")
SHARED = "/run/hearth-vm"  # where the guest sees the folder that it shares
TOO_LATE, BROKEN = 124, 125  # exit statuses that are not the command's own; those of timeout(1) and of container engines
# The guest's processes are in a PID namespace, which dies with its first process, which dies with unshare, and that with us.
ENCLOSED = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
            "--propagation", "private", "--"]


class Unavailable(Exception):
    """There can be no such guest here; the text is the reason."""


class Ending:
    """How a command in a guest ended: its exit status, or one of ours and what went wrong with the guest."""

    def __init__(self, status, problem=None):
        self.status, self.problem = status, problem


def require(kernel):
    """Raises Unavailable unless a guest with that kernel can be started; fetches what it needs at first."""
    os.makedirs(HOME, mode=0o755, exist_ok=True)
    reason = "starting a guest takes root" if os.geteuid() != 0 else KERNELS[kernel].missing(HOME)
    if reason:
        raise Unavailable(reason)


def run(kernel, command, *, systemd=False, limit=600, memory=2048, output=1, results=None):
    """Runs a command (a list) under that kernel, in the current folder and with this environment's HEARTH_ variables.
    What it prints goes to the descriptor `output`; it has no input. What its cases found is added to the file `results`, or
    to the one of this run."""
    require(kernel)
    if systemd and not KERNELS[kernel].SYSTEMD:
        raise Unavailable(f"systemd is not started under {kernel}")
    with _folder() as folder:
        _write_job(f"{folder}/share", kernel, command)
        with open(f"{folder}/share/settings", "w", encoding="utf-8") as file:
            file.write(f"MODULES={shlex.quote(KERNELS[kernel].modules(HOME))}\nSYSTEMD={'yes' if systemd else ''}\n")
        ending = _watch(folder, lambda sink: KERNELS[kernel].command(HOME, folder, memory, sink), limit, output)
        _take_results(f"{folder}/share/results", results or os.environ.get("HEARTH_TEST_RESULTS"))
    return ending


def sweep():
    """Removes the folders of guests whose starters were killed; those of the others are locked."""
    for old in glob.glob(f"{HOME}/run.*"):
        with contextlib.suppress(OSError), _locked(old, fcntl.LOCK_NB):
            shutil.rmtree(old)


@contextlib.contextmanager
def _folder():
    """A new folder for one guest, locked as long as it is needed."""
    with contextlib.ExitStack() as stack:
        with _locked(HOME):  # or somebody else's sweep() finds the new one before it is locked
            sweep()
            folder = tempfile.mkdtemp(prefix="run.", dir=HOME)
            stack.enter_context(_locked(folder))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.chmod(folder, 0o755)
        os.mkdir(f"{folder}/share", mode=0o755)
        for path in glob.glob(f"{INSIDE}/*"):
            shutil.copy(path, f"{folder}/share")
        yield folder


@contextlib.contextmanager
def _locked(folder, flags=0):
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | flags)
        yield
    finally:
        os.close(handle)


def _write_job(share, kernel, command):
    label = os.environ.get("HEARTH_TEST_LABEL", "") + f"{kernel} "
    variables = {name: value for name, value in os.environ.items() if name.startswith("HEARTH_")}
    variables |= {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root",
                  "HEARTH_TEST_RESULTS": f"{SHARED}/results", "HEARTH_TEST_LABEL": label}
    words = ["env", "-i", *(f"{name}={value}" for name, value in variables.items()), *command]
    with open(f"{share}/job", "w", encoding="utf-8") as file:
        file.write(f"cd {shlex.quote(os.getcwd())} && exec {shlex.join(words)}\n")
    with open(f"{share}/results", "w", encoding="utf-8"):
        pass


def _watch(folder, command_for, limit, output):
    """Runs the guest until it or its time is over, and passes on what comes from it."""
    end = time.monotonic() + limit
    source, sink = os.pipe()
    with open(f"{folder}/console", "ab") as console:
        guest = subprocess.Popen([*ENCLOSED, *command_for(sink)], stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                                 pass_fds=(sink,), start_new_session=True)
    os.close(sink)
    try:
        in_time = _pass_on(source, output, end)
    finally:
        guest.kill()  # the end of its output is the end of what it has to say
        guest.wait()
        os.close(source)
    if not in_time:
        return Ending(TOO_LATE, f"it was still running after {limit} s")
    try:
        with open(f"{folder}/share/status", encoding="ascii") as file:
            return Ending(int(file.read()))
    except (FileNotFoundError, ValueError):
        return Ending(BROKEN, "the guest ended before its command did; its last words:\n" + _tail(f"{folder}/console"))


def _pass_on(source, output, end):
    """Copies until the other side is closed; False if it was not before `end`."""
    while True:
        if not select.select([source], [], [], max(0, end - time.monotonic()))[0]:
            return False
        block = os.read(source, 1 << 16)
        if not block:
            return True
        while block:
            block = block[os.write(output, block):]


def _tail(path, lines=100):
    with open(path, encoding="utf-8", errors="replace") as file:
        return "\n".join(line.rstrip() for line in file.readlines()[-lines:])


def _take_results(path, target):
    if target:
        with open(path, "rb") as guest, open(target, "ab") as file:
            # A guest that was killed may have written half a line.
            file.writelines(line for line in guest.readlines() if line.endswith(b"\n"))


def end_on_signals():
    """Lets a signal end this process as an exception does: the guest's folder is removed."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
