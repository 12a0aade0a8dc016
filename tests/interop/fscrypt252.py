#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Encrypted folders of the older format between Hearth and systemd-homed 252, in both directions, over one state folder; and
what 252 gets wrong, which works in Hearth."""
import contextlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import disk  # noqa: E402
from harness.hearth import USER_FILE, Hearth  # noqa: E402
from harness.peer import Peer  # noqa: E402

FIRST, SECOND, THIRD = "Erstes-Wort-1", "Zweites-Wort-2", "Drittes-Wort-3"
MACHINE = "b0f4a1c2d3e4451687a9bacbdcedfe0f"
COMMON = ("--storage=fscrypt", "--enforce-password-policy=no", "--rate-limit-burst=1000000")

suite = cases.Suite("encrypted folders and systemd-homed 252")
stack = contextlib.ExitStack()
sandbox.enter()
os.mkdir("/mnt/state", mode=0o755)
try:
    stack.enter_context(disk("ext4", "/mnt/homes", features=("-O", "encrypt")))
    os.rmdir("/mnt/homes/lost+found")
    peer = Peer("/mnt/state", "/mnt/homes", MACHINE)
except cases.Skip as reason:
    suite.report("skip", "every case", text=str(reason))
    sys.exit(0)
hearth = Hearth("/", MACHINE)


@contextlib.contextmanager
def service():
    """systemd-homed runs inside this block."""
    peer.start()
    try:
        yield
    finally:
        peer.stop()


def worked(answer, what):
    """The peer's call must have worked; otherwise its own words and its log are the reason."""
    check(answer.returncode == 0, f"{what}: {answer.stdout}{answer.stderr}{peer.log()}")


def is_locked(user):
    """No name in the home can be read as it lies on the disk."""
    return ".identity" not in os.listdir(f"/home/{user}.homedir")


def read_as_user(user):
    """What the user reads in the active home; a home of 252 is closed to root."""
    uid = str(hearth.uid(user))
    done = subprocess.run(["setpriv", "--reuid", uid, "--regid", uid, "--clear-groups", "cat", f"/home/{user}/{USER_FILE}"],
                          capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def text_of(user):
    """What is in the file of that user's home."""
    return f"written by {user}"


def opens_in_peer(user, password, wrong):
    """The running service takes the record for its own, and `password` alone opens the home with its files."""
    equal(peer.state(user), "inactive", f"state of {user} in systemd-homed")
    check(peer.authenticate(user, wrong).returncode != 0, f"systemd-homed took a wrong password for {user}")
    worked(peer.authenticate(user, password), f"authenticate {user} over the bus")
    worked(peer.homectl("authenticate", user, password=password), f"authenticate {user}")
    worked(peer.homectl("activate", user, password=password), f"activate {user}")
    equal(read_as_user(user), text_of(user), f"the file in the home of {user}")
    worked(peer.homectl("deactivate", user), f"deactivate {user}")


def opens_in_hearth(user, password, wrong):
    """Hearth takes the record for its own, and `password` alone opens the home with its files."""
    hearth.homectl("authenticate", user, password=wrong).refused(f"a wrong password for {user}", "bad-secret")
    hearth.homectl("authenticate", user, password=password).succeeded(f"authenticate {user}")
    hearth.activate(user, password)
    equal(read_as_user(user), text_of(user), f"the file in the home of {user}")
    hearth.deactivate(user)
    check(is_locked(user), f"the home of {user} is still readable")


def made_by_hearth(user):
    """A new home with a file in it."""
    hearth.homectl("create", user, *COMMON, "--hearth-fscrypt-format=v1", new=FIRST).succeeded(f"create {user}")
    hearth.activate(user, FIRST)
    hearth.write_letter(user, text_of(user))
    hearth.deactivate(user)


def made_by_peer(user):
    """A new home with a file in it; it stays active. The service must be running."""
    worked(peer.homectl("create", user, *COMMON, new=FIRST), f"create {user}")
    worked(peer.homectl("activate", user, password=FIRST), f"activate {user}")
    hearth.write_letter(user, text_of(user))


@suite.case("a home that Hearth made opens in systemd-homed, also after Hearth changed its password, and then again in Hearth")
def _():
    made_by_hearth("first")
    with service():
        opens_in_peer("first", FIRST, SECOND)
    hearth.homectl("passwd", "first", password=FIRST, new=SECOND).succeeded("passwd")
    hearth.homectl("update", "first", "--real-name=Renamed", password=SECOND).succeeded("update")
    with service():
        opens_in_peer("first", SECOND, FIRST)
        worked(peer.homectl("passwd", "first", password=SECOND, new=THIRD), "passwd")
    opens_in_hearth("first", THIRD, SECOND)


@suite.case("a home that systemd-homed made opens in Hearth, gets a new password there, and opens in systemd-homed with it")
def _():
    with service():
        made_by_peer("second")
        worked(peer.homectl("deactivate", "second"), "deactivate")
    opens_in_hearth("second", FIRST, SECOND)
    hearth.homectl("passwd", "second", password=FIRST, new=SECOND).succeeded("passwd")
    opens_in_hearth("second", SECOND, FIRST)
    with service():
        opens_in_peer("second", SECOND, FIRST)


@suite.case("a home that systemd-homed activated is changed, given a new password and locked by Hearth")
def _():
    with service():
        made_by_peer("third")
    hearth.homectl("update", "third", "--real-name=Renamed", password=FIRST).succeeded("update")
    hearth.homectl("passwd", "third", password=FIRST, new=SECOND).succeeded("passwd")
    equal(read_as_user("third"), text_of("third"), "the file")
    hearth.deactivate("third")
    check(is_locked("third"), "the home is still readable")
    opens_in_hearth("third", SECOND, FIRST)


@suite.case("a home that Hearth activated is closed by systemd-homed, and the key that it forgets goes with the next opening")
def _():
    made_by_hearth("fourth")
    hearth.activate("fourth", FIRST)
    with service():
        equal(peer.state("fourth"), "active", "state in systemd-homed")
        worked(peer.homectl("deactivate", "fourth"), "deactivate")
    opens_in_hearth("fourth", FIRST, SECOND)


@suite.case("systemd-homed closes an active home to root, and Hearth does not")
def _():
    made_by_hearth("fifth")
    evict = ["sh", "-c", "sync; echo 2 >/proc/sys/vm/drop_caches"]
    read = ["cat", f"/home/fifth/{USER_FILE}"]
    with service():
        worked(peer.homectl("activate", "fifth", password=FIRST), "activate")
        subprocess.run(evict, check=True)
        check(subprocess.run(read, capture_output=True, check=False).returncode != 0, "systemd-homed 252 lets root in by now")
        worked(peer.homectl("deactivate", "fifth"), "deactivate")
    hearth.activate("fifth", FIRST)
    subprocess.run(evict, check=True)
    equal(subprocess.run(read, capture_output=True, text=True, check=False).stdout, text_of("fifth"), "what root reads")
    hearth.deactivate("fifth")


@suite.case("each removes the other's home")
def _():
    made_by_hearth("sixth")
    with service():
        made_by_peer("seventh")
        worked(peer.homectl("deactivate", "seventh"), "deactivate")
        worked(peer.homectl("remove", "sixth"), "remove")
    hearth.homectl("remove", "seventh").succeeded("remove")
    left = [name for name in os.listdir("/home") + os.listdir(hearth.state) if name.startswith(("sixth", "seventh"))]
    equal(left, [], "names left of both homes")


status = suite.run(sys.argv[1:])
subprocess.run(["umount", "-l", "/home"], check=False)
with contextlib.suppress(OSError):  # the peer's workers may still be in it; the namespace goes with this program
    stack.close()
sys.exit(status)
