#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes in folders that ext4 encrypts: their life with both formats, and everything that can be wrong with one."""
import contextlib
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, trees  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import disk  # noqa: E402
from harness.encryption import is_encrypted, is_locked, keys_in_kernel  # noqa: E402
from harness.hearth import USER_FILE, Hearth  # noqa: E402

USER, WORD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
FORMATS = ("v2", "v1")
SLOT = "trusted.fscrypt_slot"
FIXTURES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "fixtures")

suite = cases.Suite("fscrypt")
sandbox.enter()


@contextlib.contextmanager
def machine(features=("-O", "encrypt")):
    """A machine on an ext4 that can encrypt; at the end nothing may be mounted, left over or readable."""
    with disk("ext4", "/mnt/machine", features=features) as root:
        hearth = Hearth(root)
        yield hearth
        equal(hearth.mounts()[1:], [], "mounts")
        equal(hearth.leftovers(), [], "left behind")
        for name in os.listdir(hearth.homes):
            check(is_locked(f"{hearth.homes}/{name}"), f"{name} is still readable")


def image(hearth, user=USER):
    """The home as it lies on disk."""
    return f"{hearth.homes}/{user}.homedir"


def make(hearth, form, *options):
    """Creates a home with a file in it; returns the file's hash."""
    hearth.create(USER, WORD, f"--hearth-fscrypt-format={form}", *options, storage="fscrypt")
    hearth.activate(USER, WORD)
    letter = hearth.write_letter(USER)
    hearth.deactivate(USER)
    return letter


def slots(folder):
    """The key slots of a home: number to text."""
    return {int(name.removeprefix(SLOT)): os.getxattr(folder, name).decode()
            for name in os.listxattr(folder) if name.startswith(SLOT)}


def everything_in(folder):
    """Every file and folder of an active home, the top folder first."""
    yield folder
    for path, names, files in os.walk(folder):
        for name in names + files:
            yield os.path.join(path, name)


def state_of_image(hearth):
    """All that a refused operation may not change: slots and encrypted names with their sizes."""
    folder = image(hearth)
    files = sorted((path, os.lstat(path).st_size, os.lstat(path).st_mtime_ns) for path in everything_in(folder))
    return {name: os.getxattr(folder, name) for name in os.listxattr(folder)}, files


@suite.case("it is made, opened, changed, closed, opened again and removed, with both formats")
def _():
    for form in FORMATS:
        with machine() as hearth:
            letter = make(hearth, form)
            equal(all(text.startswith("$v2:") for text in slots(image(hearth)).values()), form == "v2", "format of the slots")
            for active in (False, True):
                if active:
                    hearth.activate(USER, WORD)
                hearth.homectl("update", USER, "--real-name=Kim", password=WORD).succeeded("update")
                hearth.homectl("passwd", USER, password=WORD, new=NEW).succeeded("passwd")
                equal(len(slots(image(hearth))), 1, "slots after a change of password")
                hearth.homectl("authenticate", USER, password=WORD).refused("the old password", "bad-secret")
                hearth.homectl("authenticate", USER, password=NEW).succeeded("authenticate")
                hearth.homectl("passwd", USER, password=NEW, new=WORD).succeeded("passwd back")
                equal(is_locked(image(hearth)), not active, "locked while it is inactive")
            equal(hearth.letter(USER), letter, "the file")
            hearth.deactivate(USER)
            hearth.activate(USER, WORD)
            equal(hearth.letter(USER), letter, "the file")
            hearth.deactivate(USER)
            hearth.homectl("remove", USER).succeeded("remove")
            equal(os.listdir(hearth.homes), [], "names in /home")


@suite.case("every inode of it is encrypted, the first as well")
def _():
    for form in FORMATS:
        with machine() as hearth:
            skeleton = f"{hearth.root}/skel"
            os.makedirs(f"{skeleton}/deep/deeper")
            os.symlink("target", f"{skeleton}/deep/link")
            with open(f"{skeleton}/deep/file", "w", encoding="ascii") as file:
                file.write("text")
            make(hearth, form, f"--skel={skeleton}")
            for path in everything_in(image(hearth)):
                check(is_encrypted(path), f"{path} is not encrypted")
            hearth.activate(USER, WORD)
            names = [os.path.relpath(path, f"{hearth.homes}/{USER}") for path in everything_in(f"{hearth.homes}/{USER}")]
            for expected in (".identity", "deep/deeper", "deep/link", "deep/file", USER_FILE):
                check(expected in names, f"{expected} is not in {names}")
            for name in names:
                check(is_encrypted(f"{hearth.homes}/{USER}/{name}"), f"{name} is not encrypted")
            hearth.deactivate(USER)


@suite.case("root can look into an active home, with both formats")
def _():
    for form in FORMATS:
        with machine() as hearth:
            letter = make(hearth, form)
            hearth.activate(USER, WORD)
            subprocess.run(["sh", "-c", "echo 2 >/proc/sys/vm/drop_caches"], check=True)
            done = subprocess.run(["cat", f"{hearth.homes}/{USER}/{USER_FILE}"], capture_output=True, check=False)
            equal((done.returncode, done.stdout), (0, b"kept"), "what root reads")
            with open(f"{hearth.homes}/{USER}/by-root", "w", encoding="ascii") as file:
                file.write("new")
            equal(hearth.letter(USER), letter, "the file")
            hearth.deactivate(USER)


@suite.case("after deactivation no name and no key of it is left")
def _():
    for form in FORMATS:
        with machine() as hearth:
            before = len(keys_in_kernel())
            make(hearth, form)
            hearth.activate(USER, WORD)
            os.listdir(f"{hearth.homes}/{USER}/kept/deep")
            hearth.deactivate(USER)
            check(is_locked(image(hearth)), "the home is still readable")
            time.sleep(0.2)  # keys of threads that have ended go a moment later
            equal(len(keys_in_kernel()), before, f"keys in the kernel: {keys_in_kernel()}")


@suite.case("programs that keep files of it open are named, and it is locked when they have ended")
def _():
    with machine() as hearth:
        make(hearth, "v2")
        hearth.activate(USER, WORD)
        with open(f"{image(hearth)}/.identity", "rb"):
            answer = hearth.homectl("deactivate", USER).refused("deactivate", "storage-lingering")
            check(str(os.getpid()) in answer.err, f"the program is not named: {answer!r}")
            equal(hearth.mounts()[1:], [], "mounts")
        hearth.homectl("list").succeeded("list")
        check(is_locked(image(hearth)), "the home is still readable")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)


@suite.case("somebody's working directory in it keeps it from being closed, in its folder on disk from being locked; who it is is said")
def _():
    for where, problem in ((lambda hearth: f"{hearth.homes}/{USER}/kept", "home-busy"),
                           (lambda hearth: f"{image(hearth)}/kept", "storage-lingering")):
        with machine() as hearth:
            letter = make(hearth, "v2")
            hearth.activate(USER, WORD)
            with subprocess.Popen(["sleep", "60"], cwd=where(hearth)) as sleeper:
                answer = hearth.homectl("deactivate", USER).refused("deactivate", problem)
                check(f"sleep ({sleeper.pid}" in answer.err, f"who it is: {answer!r}")
                sleeper.kill()
            if problem == "home-busy":
                equal(hearth.letter(USER), letter, "the file")
                hearth.deactivate(USER)
            hearth.homectl("list").succeeded("list")
            check(is_locked(image(hearth)), "the home is still readable")


@suite.case("a home that lingers can be opened again at once")
def _():
    with machine() as hearth:
        letter = make(hearth, "v2")
        hearth.activate(USER, WORD)
        with open(f"{image(hearth)}/.identity", "rb"):
            hearth.homectl("deactivate", USER).refused("deactivate", "storage-lingering")
            hearth.activate(USER, WORD)
            equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)


@suite.case("a wrong password is told as such, is counted, and changes nothing")
def _():
    for form in FORMATS:
        with machine() as hearth:
            make(hearth, form)
            before = state_of_image(hearth)
            for verb, new in (("activate", None), ("authenticate", None), ("passwd", NEW), ("update", None)):
                options = ["--real-name=No"] if verb == "update" else []
                hearth.homectl(verb, USER, *options, password="Falsch-1", new=new).refused(verb, "bad-secret")
            equal(hearth.record(USER)["status"][hearth.machine_id]["badAuthenticationCounter"], 4, "counted attempts")
            equal(state_of_image(hearth), before, "the medium")
            check(is_locked(image(hearth)), "the home is readable")


@suite.case("a slot of any number opens it, and a change of password replaces it")
def _():
    with machine() as hearth:
        make(hearth, "v1")
        folder = image(hearth)
        os.setxattr(folder, f"{SLOT}17", slots(folder)[0].encode())
        os.removexattr(folder, f"{SLOT}0")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        hearth.homectl("passwd", USER, password=WORD, new=NEW).succeeded("passwd")
        equal(list(slots(folder)), [0], "numbers of slots")


@suite.case("the setting v2 upgrades the slots of an old home at the next change of password")
def _():
    with machine() as hearth:
        make(hearth, "v1")
        hearth.homectl("update", USER, "--hearth-fscrypt-format=v2", password=WORD).succeeded("update")
        hearth.homectl("passwd", USER, password=WORD, new=NEW).succeeded("passwd")
        check(slots(image(hearth)).popitem()[1].startswith("$v2:"), "the slot is not of format v2")
        hearth.activate(USER, NEW)
        hearth.deactivate(USER)


def damaged(make_value, number=0):
    """A home one of whose slots is changed; every verb that opens it refuses, and changes nothing."""
    with machine() as hearth:
        make(hearth, "v2")
        folder = image(hearth)
        whole = os.getxattr(folder, f"{SLOT}0")
        os.setxattr(folder, f"{SLOT}{number}", make_value(whole))
        before = state_of_image(hearth)
        for verb, new in (("activate", None), ("authenticate", None), ("passwd", NEW)):
            hearth.homectl(verb, USER, password=WORD, new=new).refused(verb, "storage-corrupt")
        equal(state_of_image(hearth), before, "the medium")
        if number:
            os.removexattr(folder, f"{SLOT}{number}")
        else:
            os.setxattr(folder, f"{SLOT}0", whole)
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)


@suite.case("no slot at all, as on a folder that only inherited its encryption")
def _():
    with machine() as hearth:
        make(hearth, "v2")
        folder = image(hearth)
        whole = os.getxattr(folder, f"{SLOT}0")
        os.removexattr(folder, f"{SLOT}0")
        before = state_of_image(hearth)
        for verb, new in (("activate", None), ("authenticate", None), ("passwd", NEW)):
            hearth.homectl(verb, USER, password=WORD, new=new).refused(verb, "storage-corrupt")
        equal(state_of_image(hearth), before, "the medium")
        os.setxattr(folder, f"{SLOT}0", whole)
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)


@suite.case("a slot that is cut short")
def _():
    for size in (0, 3, 40, 200):
        damaged(lambda whole, keep=size: whole[:keep])


@suite.case("a slot of an unknown version, beside a good one")
def _():
    damaged(lambda whole: whole.replace(b"$v2:", b"$v3:"), 5)


@suite.case("a slot with more rounds than any release writes")
def _():
    damaged(lambda whole: whole.replace(b":600000:", b":2147483647:"))


@suite.case("more slots than there may be")
def _():
    with machine(("-O", "encrypt", "-I", "1024")) as hearth:
        make(hearth, "v2")
        folder = image(hearth)
        for number in range(1, 33):
            os.setxattr(folder, f"{SLOT}{number}", b"x")
        before = state_of_image(hearth)
        hearth.homectl("activate", USER, password=WORD).refused("activate", "storage-corrupt")
        equal(state_of_image(hearth), before, "the medium")


@suite.case("no room for the slots of a new password")
def _():
    with machine() as hearth:
        make(hearth, "v2")
        folder = image(hearth)
        with contextlib.suppress(OSError):
            for number in range(100):
                os.setxattr(folder, f"user.filler{number}", b"x" * 100)
        before = state_of_image(hearth)
        hearth.homectl("passwd", USER, password=WORD, new=NEW).refused("passwd", "storage-no-space")
        equal(state_of_image(hearth), before, "the medium")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)


@suite.case("a file system without encryption: what to do is said, and nothing is made")
def _():
    with machine(()) as hearth:
        answer = hearth.homectl("create", USER, "--storage=fscrypt", new=NEW).refused("create", "storage-backend-unavailable")
        check("tune2fs" in answer.err, f"it does not say what to do: {answer!r}")
        equal(os.listdir(hearth.homes), [], "names in /home")
    hearth = Hearth("/mnt/plain")
    hearth.homectl("create", USER, "--storage=fscrypt", new=NEW).refused("create on tmpfs", "storage-backend-unavailable")
    equal(os.listdir(hearth.homes), [], "names in /home of a tmpfs")


@suite.case("a folder that is encrypted already is no place for a home")
def _():
    with machine() as hearth:
        make(hearth, "v2")
        hearth.activate(USER, WORD)
        inner = f"{hearth.homes}/{USER}/inner"
        os.mkdir(inner, mode=0o755)
        os.mkdir(f"{hearth.root}/outer", mode=0o755)
        subprocess.run(["mount", "--bind", inner, f"{hearth.root}/outer"], check=True)
        hearth.homectl("create", "lee", "--storage=fscrypt", "--image-path=/outer/lee.homedir",
                       new=NEW).refused("create", "storage-invalid-argument")
        equal(os.listdir(inner), [], "names in the folder")
        subprocess.run(["umount", f"{hearth.root}/outer"], check=True)
        hearth.deactivate(USER)
        os.rmdir(f"{hearth.root}/outer")


@suite.case("a setting that is no format")
def _():
    with machine() as hearth:
        hearth.homectl("create", USER, "--storage=fscrypt", "--hearth-fscrypt-format=v3",
                       new=NEW).refused("create", "storage-invalid-argument")
        equal(os.listdir(hearth.homes), [], "names in /home")


@suite.case("a folder that is not encrypted in the place of the home")
def _():
    with machine() as hearth:
        make(hearth, "v2")
        os.rename(image(hearth), f"{hearth.homes}/aside.homedir")
        os.mkdir(image(hearth))
        hearth.homectl("activate", USER, password=WORD).refused("activate", "storage-corrupt")
        equal(os.listdir(image(hearth)), [], "names in it")
        os.rmdir(image(hearth))
        os.rename(f"{hearth.homes}/aside.homedir", image(hearth))


@suite.case("a home without a record on this machine is adopted with its password")
def _():
    with machine() as hearth:
        letter = make(hearth, "v2")
        os.unlink(f"{hearth.state}/{USER}.identity")
        hearth.homectl("adopt", f"/home/{USER}.homedir", password="Falsch-1").refused("adopt", "bad-secret")
        check(is_locked(image(hearth)), "the home is readable")
        hearth.homectl("adopt", f"/home/{USER}.homedir", password=WORD).succeeded("adopt")
        hearth.activate(USER, WORD)
        equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)


@suite.case("the home that systemd-homed 252 made opens with its keys")
def _():
    made = f"{FIXTURES}/fixfscrypt"
    subprocess.run(["zstd", "-q", "-d", f"{made}/fixfscrypt.ext4img.zst", "-o", "/mnt/fixture"], check=True)
    with open(f"{FIXTURES}/machine-id", encoding="ascii") as file:
        hearth = Hearth("/mnt/other", file.read().strip())
    subprocess.run(["mount", "-o", "loop", "/mnt/fixture", hearth.homes], check=True)
    try:
        for name, mode in (("local.private", 0o600), ("local.public", 0o644), ("fixfscrypt.identity", 0o600)):
            shutil.copyfile(f"{made}/{name}", f"{hearth.state}/{name}")
            os.chmod(f"{hearth.state}/{name}", mode)
        hearth.homectl("authenticate", "fixfscrypt", password="Fixture-Pa56").refused("another password", "bad-secret")
        hearth.activate("fixfscrypt", "Fixture-Pa55")
        with open(f"{made}/fixfscrypt.sha256", encoding="ascii") as file:
            for digest, path in (line.split() for line in file):
                equal(trees.sha256(f"{hearth.root}{path}"), digest, path)
        hearth.deactivate("fixfscrypt")
        check(is_locked(image(hearth, "fixfscrypt")), "the home is still readable")
        hearth.homectl("passwd", "fixfscrypt", password="Fixture-Pa55", new=NEW).succeeded("passwd")
        check(not slots(image(hearth, "fixfscrypt")).popitem()[1].startswith("$"), "the slot is still of format v1")
        hearth.activate("fixfscrypt", NEW)
        hearth.deactivate("fixfscrypt")
    finally:
        subprocess.run(["umount", hearth.homes], check=True)


cases.main(suite)
