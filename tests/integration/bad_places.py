#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names, places and disks that do not do: each is refused in words, with a stable id, and afterwards nothing is lost or left
mounted."""
import contextlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, trees  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.two_homes import LETTER, NEW, OTHER, USER, WORD, machine, small_machine  # noqa: E402

suite = cases.Suite("bad places")

NAMES = {
    "../up": ("user-name-path",), "a/b": ("user-name-path",), "/etc": ("user-name-path",), ".": ("user-name-path",),
    "..": ("user-name-path",), "": ("user-name-empty", "argument-missing"), "root": ("user-name-reserved", "user-exists"),
    "daemon": ("user-name-reserved", "user-exists"), "nobody": ("user-name-reserved", "user-exists"),
    "systemd-x": ("user-name-reserved",), "x" * 300: ("user-name-too-long",), "1234": ("user-name-numeric",),
    "a:b": ("user-name-character",), "a\nb": ("user-name-character",), USER: ("home-exists",),
}


@suite.case("a user name that is a path, a system user, too long or already taken")
def _():
    with machine() as hearth:
        before = trees.digest(hearth.state)
        for name, ids in NAMES.items():
            hearth.homectl("create", name, "--storage=directory", new=NEW).refused(f"create {name!r}", *ids)
        for name, ids in NAMES.items():
            if name not in (USER, ""):
                hearth.homectl("activate", name, password=WORD).refused(f"activate {name!r}", "home-unknown", *ids)
        equal(trees.digest(hearth.state), before, "the state folder")


@suite.case("an image path that is a symbolic link")
def _():
    with machine() as hearth:
        os.mkdir("/mnt/elsewhere", mode=0o755)
        os.symlink("/mnt/elsewhere", f"{hearth.homes}/lee.homedir")
        hearth.homectl("create", "lee", "--storage=directory", new=NEW).refused("create", "image-path-symlink", "image-exists")
        equal(os.listdir("/mnt/elsewhere"), [], "the folder behind the link")
        os.unlink(f"{hearth.homes}/lee.homedir")
        os.rename(f"{hearth.homes}/{USER}.homedir", "/mnt/elsewhere/moved")
        os.symlink("/mnt/elsewhere/moved", f"{hearth.homes}/{USER}.homedir")
        for verb in ("activate", "authenticate", "remove"):
            hearth.homectl(verb, USER, password=WORD).refused(f"{verb} behind a link", "image-path-symlink")
        os.unlink(f"{hearth.homes}/{USER}.homedir")
        os.rename("/mnt/elsewhere/moved", f"{hearth.homes}/{USER}.homedir")
        os.rmdir("/mnt/elsewhere")


@suite.case("an image path on which somebody else can put things")
def _():
    with machine() as hearth:
        os.mkdir(f"{hearth.root}/open")
        os.chmod(f"{hearth.root}/open", 0o777)
        hearth.homectl("create", "lee", "--storage=directory", "--image-path=/open/lee.homedir",
                       new=NEW).refused("create in a folder that others can write", "image-path-unsafe")
        os.chmod(f"{hearth.root}/open", 0o755)
        os.chown(f"{hearth.root}/open", 4711, 4711)
        hearth.homectl("create", "lee", "--storage=directory", "--image-path=/open/lee.homedir",
                       new=NEW).refused("create in a folder of another user", "image-path-unsafe")
        equal(os.listdir(f"{hearth.root}/open"), [], "the folder")


@suite.case("an image path that belongs to another home")
def _():
    with machine() as hearth:
        hearth.homectl("create", "lee", "--storage=directory", f"--image-path=/home/{OTHER}.homedir",
                       new=NEW).refused("create over a home", "image-path-taken", "image-exists")
        hearth.homectl("create", "lee", "--storage=directory", "--image-path=/home/../etc",
                       new=NEW).refused("create with .. in the path", "image-path-invalid", "option-bad-value")


@suite.case("a home directory with files in it that are not the home")
def _():
    with machine() as hearth:
        os.makedirs(f"{hearth.homes}/{USER}/precious")
        hearth.homectl("activate", USER, password=WORD).refused("activate", "home-directory-in-use")
        check(os.path.isdir(f"{hearth.homes}/{USER}/precious"), "what was there is gone")
        shutil.rmtree(f"{hearth.homes}/{USER}")


@suite.case("a home whose folder is somebody's working directory")
def _():
    with machine() as hearth:
        hearth.activate(USER, WORD)
        with subprocess.Popen(["sleep", "60"], cwd=f"{hearth.homes}/{USER}/kept") as sleeper:
            answer = hearth.homectl("deactivate", USER).refused("deactivate", "home-busy")
            check(f"sleep ({sleeper.pid}" in answer.err, f"who it is: {answer!r}")
            equal(hearth.letter(USER), LETTER, "the file")
            hearth.homectl("remove", USER).refused("remove", "home-active")
            sleeper.kill()
        hearth.deactivate(USER)
        # Of an inactive one it hinders nothing: the folder below stays where it is.
        with subprocess.Popen(["sleep", "60"], cwd=f"{hearth.homes}/{USER}.homedir") as sleeper:
            hearth.activate(USER, WORD)
            hearth.deactivate(USER)
            sleeper.kill()


def fill(folder):
    """Leaves not one free block in a small file system; returns the file that took them."""
    path = f"{folder}/filler"
    with open(path, "wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while file.write(b"x" * 4096):
                pass
    return path


@suite.case("a full disk")
def _():
    with small_machine() as hearth:
        filler = fill(hearth.root)
        hearth.homectl("create", "lee", "--storage=directory", "--enforce-password-policy=no",
                       new=NEW).refused("create", "file-no-space")
        hearth.homectl("passwd", USER, password=WORD, new=NEW).refused("passwd", "file-no-space")
        hearth.homectl("update", USER, "--real-name=Longer", password=WORD).refused("update", "file-no-space")
        equal(hearth.mounts()[1:], [], "mounts")
        os.unlink(filler)
        hearth.homectl("list").succeeded("list")
        equal(hearth.leftovers(), [], "left behind")
        equal([name for name in os.listdir(hearth.homes) + os.listdir(hearth.state) if "lee" in name], [], "names of lee")
        hearth.homectl("authenticate", USER, password=NEW).refused("the password that could not be set", "bad-secret")
        hearth.activate(USER, WORD)
        equal(hearth.letter(USER), LETTER, "the file")
        hearth.deactivate(USER)
        hearth.create("lee", NEW)


@suite.case("a file system that is full but for the home that is opened there")
def _():
    with small_machine() as hearth:
        hearth.activate(USER, WORD)
        fill(hearth.root)
        equal(hearth.letter(USER), LETTER, "the file")
        hearth.deactivate(USER)
        equal(hearth.mounts()[1:], [], "mounts")


cases.main(suite)
