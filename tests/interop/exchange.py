# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes that Hearth made open in systemd-homed 252, and the reverse, over one state folder: one package swapped for the
other, as an administrator would do it. The service runs only while it is the one that works. The programs beside this one
say for which storage."""
import contextlib
import json
import os
import sys

from harness import cases
from harness.cases import check, equal
from harness.hearth import Hearth
from harness.peer import Peer

FIRST, SECOND, THIRD = "Erstes-Wort-1", "Zweites-Wort-2", "Drittes-Wort-3"
MACHINE = "b0f4a1c2d3e4451687a9bacbdcedfe0f"


def start(suite):
    """The peer over /mnt/state and /mnt/homes, and Hearth in its place; where there is no peer the program ends."""
    os.mkdir("/mnt/state", mode=0o755)
    try:
        return Peer("/mnt/state", "/mnt/homes", MACHINE), Hearth("/", MACHINE)
    except cases.Skip as reason:
        suite.report("skip", "every case", text=str(reason))
        sys.exit(0)


def worked(peer, answer, what):
    """The peer's call must have worked; otherwise its own words and its log are the reason."""
    check(answer.returncode == 0, f"{what}: {answer.stdout}{answer.stderr}{peer.log()}")


def add_cases(suite, storage, ours=(), theirs=()):
    """Adds the cases for homes of a storage, which must be possible in the folder /mnt/homes; the options are for the create
    of Hearth and of the peer. Returns the peer, Hearth, and the block inside which the peer's service runs."""
    peer, hearth = start(suite)
    written = {}  # hashes of the files that a later case must find again

    @contextlib.contextmanager
    def service():
        """systemd-homed runs inside this block."""
        peer.start()
        try:
            yield
        finally:
            peer.stop()

    def opens_in_peer(user, password, wrong, letter):
        """The running service takes the record for its own, and `password` alone opens the home with its files."""
        equal(peer.state(user), "inactive", f"state of {user} in systemd-homed")
        check(peer.authenticate(user, wrong).returncode != 0, f"systemd-homed took a wrong password for {user}")
        worked(peer, peer.authenticate(user, password), f"authenticate {user} over the bus")
        worked(peer, peer.homectl("authenticate", user, password=password), f"authenticate {user}")
        worked(peer, peer.homectl("activate", user, password=password), f"activate {user}")
        equal(peer.state(user), "active", f"state of {user} in systemd-homed")
        equal(hearth.letter(user), letter, f"the file in the home of {user}")
        worked(peer, peer.homectl("deactivate", user), f"deactivate {user}")
        equal(hearth.mounts()[1:], [], "mounts below /home")

    def opens_in_hearth(user, password, wrong, letter):
        """Hearth takes the record for its own, and `password` alone opens the home with its files."""
        equal(hearth.listed(user)["state"], "inactive", f"state of {user} in Hearth")
        hearth.homectl("authenticate", user, password=wrong).refused(f"a wrong password for {user}", "bad-secret")
        hearth.homectl("authenticate", user, password=password).succeeded(f"authenticate {user}")
        hearth.activate(user, password)
        equal(hearth.listed(user)["state"], "active", f"state of {user} in Hearth")
        equal(hearth.letter(user), letter, f"the file in the home of {user}")
        hearth.deactivate(user)
        equal(hearth.mounts()[1:], [], "mounts below /home")

    def made_by_hearth(user):
        """A new home with a file in it; returns the file's hash."""
        hearth.create(user, FIRST, "--real-name=Made by Hearth", "--shell=/bin/sh", *ours, storage=storage)
        hearth.activate(user, FIRST)
        letter = hearth.write_letter(user, f"written under Hearth by {user}")
        hearth.deactivate(user)
        return letter

    def made_by_peer(user):
        """A new home with a file in it; returns the file's hash. The service must be running."""
        worked(peer, peer.homectl("create", user, f"--storage={storage}", "--enforce-password-policy=no", "--real-name=Made by 252",
                            "--rate-limit-burst=1000000", *theirs, new=FIRST), f"create {user}")
        worked(peer, peer.homectl("activate", user, password=FIRST), f"activate {user}")
        letter = hearth.write_letter(user, f"written under systemd-homed by {user}")
        worked(peer, peer.homectl("deactivate", user), f"deactivate {user}")
        return letter

    @suite.case("a home that Hearth made is authenticated, activated and read by systemd-homed")
    def _():
        letter = made_by_hearth("first")
        with service():
            opens_in_peer("first", FIRST, SECOND, letter)
            shown = json.loads(peer.homectl("inspect", "--json=short", "first").stdout)
            equal(shown["realName"], "Made by Hearth", "real name")
            equal(shown["status"][MACHINE]["signedLocally"], True, "signed with the key of this machine")
        opens_in_hearth("first", FIRST, SECOND, letter)

    @suite.case("it still does after Hearth changed the password")
    def _():
        letter = made_by_hearth("second")
        hearth.homectl("passwd", "second", password=FIRST, new=SECOND).succeeded("passwd")
        with service():
            opens_in_peer("second", SECOND, FIRST, letter)

    @suite.case("it still does after Hearth updated the record")
    def _():
        letter = made_by_hearth("third")
        hearth.homectl("update", "third", "--real-name=Renamed by Hearth", password=FIRST).succeeded("update")
        with service():
            opens_in_peer("third", FIRST, SECOND, letter)
            shown = json.loads(peer.homectl("inspect", "--json=short", "third").stdout)
            equal(shown["realName"], "Renamed by Hearth", "real name")

    @suite.case("a home that Hearth made opens in Hearth after systemd-homed updated it and changed its password")
    def _():
        letter = made_by_hearth("fourth")
        with service():
            worked(peer, peer.homectl("update", "fourth", "--real-name=Renamed by 252", password=FIRST), "update")
            worked(peer, peer.homectl("passwd", "fourth", password=FIRST, new=SECOND), "passwd")
        opens_in_hearth("fourth", SECOND, FIRST, letter)
        equal(hearth.inspect("fourth")["realName"], "Renamed by 252", "real name")

    @suite.case("a home that systemd-homed made is listed, inspected, opened, updated and given a new password by Hearth")
    def _():
        with service():
            letter = written["fifth"] = made_by_peer("fifth")
        equal(hearth.listed("fifth")["realname"], "Made by 252", "real name in the list")
        equal(hearth.inspect("fifth")["userName"], "fifth", "name in inspect")
        opens_in_hearth("fifth", FIRST, SECOND, letter)
        hearth.homectl("update", "fifth", "--real-name=Renamed by Hearth", password=FIRST).succeeded("update")
        hearth.homectl("passwd", "fifth", password=FIRST, new=SECOND).succeeded("passwd")
        opens_in_hearth("fifth", SECOND, FIRST, letter)

    @suite.case("and then opens again in systemd-homed")
    def _():
        with service():
            opens_in_peer("fifth", SECOND, FIRST, written["fifth"])
            equal(json.loads(peer.homectl("inspect", "--json=short", "fifth").stdout)["realName"], "Renamed by Hearth", "name")
            worked(peer, peer.homectl("passwd", "fifth", password=SECOND, new=THIRD), "passwd")
        opens_in_hearth("fifth", THIRD, SECOND, written["fifth"])

    @suite.case("a home that one activated is active for the other, which deactivates it")
    def _():
        letter = made_by_hearth("sixth")
        hearth.activate("sixth", FIRST)
        with service():
            equal(peer.state("sixth"), "active", "state in systemd-homed")
            worked(peer, peer.homectl("deactivate", "sixth"), "deactivate")
            worked(peer, peer.homectl("activate", "sixth", password=FIRST), "activate")
        equal(hearth.listed("sixth")["state"], "active", "state in Hearth")
        equal(hearth.letter("sixth"), letter, "the file")
        hearth.deactivate("sixth")
        equal(hearth.mounts()[1:], [], "mounts below /home")

    @suite.case("each removes the other's home, and nothing of it stays")
    def _():
        made_by_hearth("seventh")
        with service():
            made_by_peer("eighth")
            worked(peer, peer.homectl("remove", "seventh"), "remove")
        hearth.homectl("remove", "eighth").succeeded("remove")
        left = [name for name in os.listdir("/home") + os.listdir(hearth.state) if name.startswith(("seventh", "eighth"))]
        equal(left, [], "names left of both homes")
        equal(hearth.leftovers(), [], "left by operations")

    return peer, hearth, service
