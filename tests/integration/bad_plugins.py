#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plugins that misbehave, one in each way: `homectl plugins` says why each is refused, none is loaded that should not be, and
none takes homectl down or a home with it."""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import PREFIX, Hearth, Outcome  # noqa: E402
from harness.two_homes import NEW, OTHER, USER, WORD, machine  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
INSTALLED = "/mnt/prefix"  # a copy of the installation, so that the real one never sees such a plugin
FOLDER = None

suite = cases.Suite("bad plugins")


def manifest(name, **changes):
    """The manifest of the plugin `name`, as it would be if only it behaved."""
    return {"abi": {"major": 0, "minor": 1}, "id": f"org.example.{name}", "version": "1.0.0", "license": "LGPL-2.1-or-later",
            "fieldPrefix": "bad" + "".join(part.capitalize() for part in name.split("-")),
            "storage": [{"name": f"bad-{name}", "medium": "directory", "suffix": f".bad-{name}", "credentials": "none",
                         "accepts": ["password"], "can": []}],
            "auth": [], "needs": {"capabilities": [], "devices": [], "network": False}, **changes}


def note(text):
    """A header with the ELF note that carries the manifest."""
    data = text.encode()
    padded = data + b"\0" * (-len(data) % 4)
    return ("static const struct { uint32_t owner, size, type; char name[8]; unsigned char text[%d]; } hearth_note\n"
            "    __attribute__((section(\".note.hearth\"), aligned(4), used)) =\n"
            "        {7, %d, HEARTH_NOTE_TYPE, HEARTH_NOTE_OWNER, {%s}};\n"
            % (len(padded), len(data), ",".join(str(byte) for byte in padded)))


def build(name, *defines, text=None, with_note=True, mode=0o644):
    """Compiles the plugin and puts it beside the others of third parties."""
    command = ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-fvisibility=hidden", f"-I{PREFIX}/include",
               "-Wl,-z,relro,-z,now", f'-DNAME="{name}"', *defines]
    if with_note:
        with open("/mnt/note.h", "w", encoding="ascii") as file:
            file.write(note(json.dumps(manifest(name)) if text is None else text))
        command.append('-DNOTE="/mnt/note.h"')
    path = f"{FOLDER}/{name}.so"
    done = subprocess.run([*command, "-o", path, f"{HERE}/misbehaving.c"], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"gcc: {done.stderr}")
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
        hearth.homectl("create", "lee", f"--storage=bad-{name}", "--enforce-password-policy=no",
                       new=NEW).refused("create with it", "storage-refused", "storage-unknown", *ids)
        goes_on(hearth)


def fails(name, *ids):
    """It looks fine until it runs: creating a home fails with one of these ids, and leaves nothing."""
    with machine() as hearth:
        hearth.prefix = INSTALLED
        hearth.homectl("create", "lee", f"--storage=bad-{name}", "--enforce-password-policy=no",
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
    global FOLDER
    usual, FOLDER = FOLDER, "/mnt/hanging-prefix" + FOLDER.removeprefix(INSTALLED)
    shutil.copytree(INSTALLED, "/mnt/hanging-prefix", symlinks=True)
    build("hang-later", "-DWHEN_CREATING=for(;;)pause()")
    FOLDER = usual
    hearth = Hearth("/mnt/hanging")
    hearth.prefix = "/mnt/hanging-prefix"
    return subprocess.Popen(hearth.command("create", "lee", "--storage=bad-hang-later", "--enforce-password-policy=no"),
                            env=hearth.environment(new=NEW), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def case(name, title, *arguments, judge=is_refused, ids=(), prepare=None, **more):
    """One plugin, alone in the folder."""
    @suite.case(title)
    def _():
        path = build(name, *arguments, **more)
        try:
            if prepare:
                prepare(path)
            judge(name, *ids)
        finally:
            os.unlink(path)
            os.chmod(FOLDER, 0o755)
            os.chown(FOLDER, 0, 0)


def abi(name, major, minor):
    """A manifest with another ABI."""
    return json.dumps(manifest(name, abi={"major": major, "minor": minor}))


installation()
hanging = start_hanging()
case("control", "one that behaves is listed and used, as far as it goes", judge=fails, ids=("storage-not-supported",))
case("writable", "one that others can write", mode=0o666, ids=("plugin-untrusted-file",))
case("group", "one that the group can write", mode=0o664, ids=("plugin-untrusted-file",))
case("owned", "one that belongs to a user", prepare=lambda path: os.chown(path, 4711, 4711), ids=("plugin-untrusted-file",))
case("folder", "a folder that others can write", prepare=lambda path: os.chmod(FOLDER, 0o777), ids=("plugin-untrusted-folder",))
case("folder-owned", "a folder that belongs to a user", prepare=lambda path: os.chown(FOLDER, 4711, 4711),
     ids=("plugin-untrusted-folder",))
case("major", "one of another ABI", text=abi("major", 9, 0), ids=("plugin-abi-mismatch",))
case("minor", "one of another minor version, while there is no 1.0", text=abi("minor", 0, 99), ids=("plugin-abi-mismatch",))
case("bare", "one without a manifest", with_note=False, ids=("plugin-note-missing",))
case("garbled", "one whose manifest is cut off", text='{"abi":{"major":0', ids=("plugin-manifest-json",))
case("huge", "one whose manifest is too large", text=json.dumps(manifest("huge")) + " " * 20000, ids=("plugin-note-too-large",))
case("thief", "one that takes the name of a built-in storage",
     text=json.dumps(manifest("thief", storage=[{"name": "directory", "medium": "directory", "credentials": "none",
                                                 "accepts": ["password"], "can": []}])), ids=("plugin-name-taken",))
case("no-entry", "one without the entry function", "-DNO_ENTRY", judge=fails, ids=("plugin-no-entry",))
case("table", "one whose table is of another ABI than its manifest", "-DTABLE_MINOR=7", judge=fails,
     ids=("plugin-abi-mismatch", "plugin-disagrees"))
case("liar", "one whose table has another id than its manifest", '-DTABLE_ID="org.example.other"', judge=fails,
     ids=("plugin-disagrees",))
case("refuses", "one whose entry function fails", "-DWHEN_ENTERED=return HEARTH_E_INTERNAL", judge=fails,
     ids=("plugin-entry-failed",))
case("crash", "one that crashes in its entry function", "-DWHEN_ENTERED=raise(SIGSEGV)", judge=fails, ids=("worker-crashed",))
case("exit", "one that ends the process in its entry function", "-DWHEN_ENTERED=_exit(0)", judge=fails,
     ids=("worker-crashed", "worker-protocol"))
case("hang", "one that hangs in its entry function", "-DWHEN_ENTERED=for(;;)pause()", judge=fails, ids=("worker-hangs",))
case("crash-later", "one that crashes while it creates a home", "-DWHEN_CREATING=raise(SIGSEGV)", judge=fails,
     ids=("worker-crashed",))
case("empty", "one that says it made a home and made none", "-DWHEN_CREATING=return HEARTH_OK", judge=fails,
     ids=("plugin-contract",))


@suite.case("one that hangs while it creates a home is ended after its time")
def _():
    out, err = hanging.communicate(timeout=200)
    Outcome(subprocess.CompletedProcess("create", hanging.returncode, out, err)).refused("create with it", "worker-hangs")
    hearth = Hearth("/mnt/hanging")
    hearth.homectl("list").succeeded("list afterwards")
    equal(hearth.leftovers() + os.listdir(hearth.homes), [], "left behind")


cases.main(suite)
