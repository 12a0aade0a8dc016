#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plugins that misbehave, one in each way: `homectl plugins` says why each is refused, none is loaded that should not be, and
none takes homectl down or a home with it."""
import os
import re
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import PREFIX, Hearth, Outcome  # noqa: E402
from harness.resizing import child_of  # noqa: E402
from harness.stage import wait_until  # noqa: E402
from harness.two_homes import NEW, OTHER, USER, WORD, machine  # noqa: E402

BUILT = os.path.join(os.environ["HEARTH_BUILD"], "tests/plugins")
INSTALLED = "/mnt/prefix"  # a copy of the installation, so that the real one never sees such a plugin
FOLDER = None

suite = cases.Suite("bad plugins")


def put(name, folder, mode=0o644):
    """Copies a plugin of tests/plugins to the third parties' folder of an installation; returns its path."""
    path = f"{folder}/{name}.so"
    shutil.copy(f"{BUILT}/{name}.so", path)
    os.chmod(path, mode)
    return path


def installation():
    """Copies the installation; third-party plugins that are in it stay out."""
    global FOLDER
    shutil.copytree(PREFIX, INSTALLED, symlinks=True)
    builtin = next(os.path.join(path, "builtin-0") for path, names, _ in os.walk(INSTALLED) if "builtin-0" in names)
    FOLDER = os.path.join(os.path.dirname(builtin), "plugins-0")
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.mkdir(FOLDER, mode=0o755)


def is_refused(name, *ids):
    """`homectl plugins` shows the file (or its folder) with one of these ids, and a home cannot be made with it; the others work."""
    with machine() as hearth:
        hearth.prefix = INSTALLED
        shown = hearth.homectl("plugins").succeeded("plugins")
        lines = [line for line in (shown.out + shown.err).splitlines()
                 if f"{FOLDER}/{name}.so" in line or f"{FOLDER} " in line]
        check(any(one in line for one in ids for line in lines), f"plugins does not say {' or '.join(ids)}: {shown!r}")
        hearth.homectl("create", "lee", f"--storage={name}", "--enforce-password-policy=no",
                       new=NEW).refused("create with it", "storage-refused", "storage-unknown", *ids)
        goes_on(hearth)


def fails(name, *ids):
    """It looks fine until it runs: creating a home fails with one of these ids, and leaves nothing."""
    with machine() as hearth:
        hearth.prefix = INSTALLED
        hearth.homectl("create", "lee", f"--storage={name}", "--enforce-password-policy=no",
                       new=NEW).refused("create with it", *ids)
        hearth.homectl("list").succeeded("list afterwards")
        equal([one for one in os.listdir(hearth.homes) + os.listdir(hearth.state) if "lee" in one], [], "names of lee")
        goes_on(hearth)


def goes_on(hearth):
    """The other plugins, and the homes on them, are none the worse."""
    check("directory" in hearth.homectl("plugins").succeeded("plugins").out, "the built-in plugin is still listed")
    hearth.homectl("authenticate", OTHER, password=WORD).succeeded("another home")
    hearth.activate(USER, WORD)
    hearth.deactivate(USER)


def start_hanging():
    """Its time limit is long: it runs beside the other cases, in an installation and on a machine of its own."""
    shutil.copytree(INSTALLED, "/mnt/hanging-prefix", symlinks=True)
    put("bad-create-hang", "/mnt/hanging-prefix" + FOLDER.removeprefix(INSTALLED))
    hearth = Hearth("/mnt/hanging")
    hearth.prefix = "/mnt/hanging-prefix"
    return subprocess.Popen(hearth.command("create", "lee", "--storage=bad-create-hang", "--enforce-password-policy=no"),
                            env=hearth.environment(new=NEW), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def case(name, title, *ids, judge=is_refused, mode=0o644, prepare=None):
    """One plugin, alone in the folder."""
    @suite.case(title)
    def _():
        path = put(name, FOLDER, mode)
        try:
            if prepare:
                prepare(path)
            judge(name, *ids)
        finally:
            os.unlink(path)
            os.chmod(FOLDER, 0o755)
            os.chown(FOLDER, 0, 0)


def is_listed(name):
    """The same file that is refused below under other circumstances is fine as it is."""
    with machine() as hearth:
        hearth.prefix = INSTALLED
        shown = hearth.homectl("plugins").succeeded("plugins")
        check(re.search(rf"\b{name}\b.*\bready$", shown.out, re.M), f"plugins lists {name} as ready: {shown!r}")


@suite.case("one that takes the name of a built-in storage is refused, and the built-in one stays")
def _():
    path = shutil.copy(f"{os.path.dirname(FOLDER)}/builtin-0/directory.so", FOLDER)
    try:
        with machine() as hearth:
            hearth.prefix = INSTALLED
            shown = hearth.homectl("plugins").succeeded("plugins")
            check(re.search(re.escape(path) + r".*\[plugin-(name|id)-taken\]", shown.out), f"plugins says so: {shown!r}")
            goes_on(hearth)
    finally:
        os.unlink(path)


installation()
hanging = start_hanging()
case("good", "one that behaves is ready", judge=is_listed)
case("good", "one that others can write", "plugin-untrusted-file", mode=0o666)
case("good", "one that the group can write", "plugin-untrusted-file", mode=0o664)
case("good", "one that belongs to a user", "plugin-untrusted-file", prepare=lambda path: os.chown(path, 4711, 4711))
case("good", "a folder that others can write", "plugin-untrusted-folder", prepare=lambda path: os.chmod(FOLDER, 0o777))
case("good", "a folder that belongs to a user", "plugin-untrusted-folder", prepare=lambda path: os.chown(FOLDER, 4711, 4711))
case("bad-abi-note", "one of another ABI", "plugin-abi-mismatch")
case("bad-no-manifest", "one without a manifest", "plugin-note-missing")
case("bad-no-entry", "one without the entry function", "plugin-no-entry", judge=fails)
case("bad-abi-table", "one whose table is of another ABI than its manifest", "plugin-abi-mismatch", judge=fails)
case("bad-table", "one whose table has another id than its manifest", "plugin-disagrees", judge=fails)
case("bad-entry-fails", "one whose entry function fails", "plugin-entry-failed", judge=fails)
case("bad-entry-empty", "one whose entry function gives no table", "plugin-entry-failed", judge=fails)
case("bad-entry-crash", "one that crashes in its entry function", "worker-crashed", judge=fails)
case("bad-entry-hang", "one that hangs in its entry function", "worker-hangs", judge=fails)
case("bad-create-crash", "one that crashes while it creates a home", "worker-crashed", judge=fails)
case("bad-create-empty", "one that says it made a home and made none", "plugin-contract", judge=fails)
case("bad-create-both", "one that fails and leaves a session", "plugin-contract", judge=fails)
case("bad-code", "one that answers with a number that is no code", "plugin-contract", judge=fails)
case("bad-throw", "one that throws a C++ exception", "plugin-contract", "worker-crashed", judge=fails)


@suite.case("one that hangs while it creates a home, and does not heed Ctrl-C, is ended after its time")
def _():
    wait_until(lambda: child_of(hanging.pid), "no worker begins")
    hanging.send_signal(signal.SIGINT)
    out, err = hanging.communicate(timeout=60)
    Outcome(subprocess.CompletedProcess("create", hanging.returncode, out, err)).refused("create with it", "worker-hangs")
    hearth = Hearth("/mnt/hanging")
    hearth.homectl("list").succeeded("list afterwards")
    equal(hearth.leftovers() + os.listdir(hearth.homes), [], "left behind")


cases.main(suite)
