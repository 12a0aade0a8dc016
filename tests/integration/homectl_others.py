#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""homectl of those who are not root: owners and strangers, with and without polkit; and clients that know no manners."""
import json
import os
import signal
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import bus, cases, sandbox, stage  # noqa: E402
from harness.asking import Terminal, as_user  # noqa: E402
from harness.bus import BusError  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import LIMIT  # noqa: E402
from harness.service import Service  # noqa: E402
from harness.stage import wait_until  # noqa: E402

WORD, NEW, WRONG = "correct horse", "battery staple", "wrong horse"
STRANGER = 4321
RELAY = ("org.freedesktop.home1", "/dev/hearth/Home1", "dev.hearth.Home1")
suite = cases.Suite("homectl of others than root")


@suite.case("the owner opens the home, checks and changes its password; others do not")
def _():
    uid = through.uid("sue")
    stage.name_user("sue", uid)
    as_user(uid, "authenticate", password=WORD).succeeded("one's own, not named")
    as_user(uid, "authenticate", password=WRONG).refused("a wrong password", "bad-secret")
    as_user(uid, "activate", "sue", password=WORD).succeeded("activate")
    check("privileged" in json.loads(as_user(uid, "inspect", "-j").succeeded("inspect").out), "the owner sees all")
    as_user(uid, "passwd", password=WORD, new="Geheim-9876-wort").succeeded("passwd")
    as_user(uid, "passwd", password="Geheim-9876-wort", new=WORD).succeeded("and back")
    as_user(uid, "deactivate", "sue").refused("deactivate", "access-denied")
    through.deactivate("sue")
    ran = as_user(uid, "with", "sue", "--", "pwd", password=WORD).succeeded("with")
    equal(ran.out, "/home/sue\n", "where it ran")
    wait_until(lambda: through.listed("sue")["state"] == "inactive", "the home stays open")
    as_user(uid, "update", "sue", "--real-name=Sue", password=WORD).refused("polkit is asked, and not there", "access-denied")


@suite.case("strangers see the homes, and may do nothing but try a password")
def _():
    equal([row["name"] for row in json.loads(as_user(STRANGER, "list", "-j").succeeded("list").out)], ["sue"], "the homes")
    seen = as_user(STRANGER, "inspect", "-j", "sue").succeeded("inspect")
    check("privileged" not in json.loads(seen.out) and "more in it" in seen.err, f"what a stranger sees: {seen!r}")
    for verb in (["activate"], ["authenticate"], ["passwd"], ["remove"], ["deactivate"], ["resize"], ["update", "--shell=/bin/sh"]):
        as_user(STRANGER, *verb, "sue", password=WORD, new=NEW).refused(" ".join(verb), "access-denied", "record-incomplete")
    as_user(STRANGER, "create", "max", "--storage=directory", new=NEW).refused("create", "access-denied")
    began = time.monotonic()
    as_user(STRANGER, "with", "sue", "--", "true", password=WRONG).refused("a guess", "bad-secret")
    check(time.monotonic() - began > 2.5, "guessing is fast")
    done = as_user(STRANGER, "with", "sue", "--", "echo", "in", password=WORD)
    check(done.status in (0, 255), f"with the password: {done!r}")
    wait_until(lambda: through.listed("sue")["state"] == "inactive", "the home stays open")


@suite.case("polkit decides about what is not the owner's")
def _():
    child = bus.start_polkit({"org.freedesktop.home1.create-home": "yes", "org.freedesktop.home1.remove-home": "ask",
                              "org.freedesktop.home1.update-home-by-owner": "yes"}, "/run/polkit.log")
    try:
        as_user(STRANGER, "create", "max", "--storage=directory", "--enforce-password-policy=no", new=NEW).succeeded("create")
        as_user(STRANGER, "remove", "--no-ask-password", "max").refused("nobody may be asked", "access-denied",
                                                                        "polkit-interaction")
        as_user(STRANGER, "remove", "max").succeeded("somebody is asked")
        uid = through.uid("sue")
        as_user(uid, "update", "sue", "--timezone=Europe/Rome", password=WORD).succeeded("a field of one's own")
        as_user(uid, "update", "sue", "--member-of=sudo", password=WORD).refused("a field of the administrator's",
                                                                                 "access-denied")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@suite.case("where polkit would have to ask somebody, and has nobody, homectl says so")
def _():
    child = bus.start_polkit({"org.freedesktop.home1.create-home": "challenge"}, "/run/polkit.log")
    try:
        terminal = Terminal("create", "max", "--storage=directory", "--enforce-password-policy=no", new=NEW, uid=STRANGER)
        terminal.read()
        equal(terminal.process.wait(LIMIT), 1, terminal.text)
        check("[polkit-interaction]" in terminal.text, terminal.text)
        equal(through.listed("max"), None, "the home")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@suite.case("what is no request of ours is refused, and the service goes on")
def _():
    client = bus.Client()
    reading, writing = os.pipe()
    stream, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    for fd in (reading, writing, stream.fileno()):
        try:
            client.call(RELAY, "Run", "h", fd)
            raise AssertionError("a descriptor of another kind was taken")
        except BusError as failure:
            equal(failure.name, "org.freedesktop.DBus.Error.InvalidArgs", "the error")
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.call(RELAY, "Run", "h", theirs.fileno())
    theirs.close()
    ours.send(b"GET / HTTP/1.0")
    ours.settimeout(LIMIT)
    equal(json.loads(ours.recv(65536))["done"]["error"]["id"], "worker-version", "the answer")
    equal(ours.recv(65536), b"", "afterwards")
    for end in (stream, other):
        end.close()
    for fd in (reading, writing):
        os.close(fd)
    through.homectl("authenticate", "sue", password=WORD).succeeded("afterwards")


@suite.case("one user cannot have all of the service")
def _():
    def ask_for_many():
        client = bus.Client()
        kept = []
        for number in range(40):
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            kept.append(ours)
            try:
                client.call(RELAY, "Run", "h", theirs.fileno())
            except BusError:
                return number
            theirs.close()
        return 40
    equal(bus.as_user(STRANGER, ask_for_many), 32, "how many of one user wait for a request")
    through.homectl("authenticate", "sue", password=WORD).succeeded("root, meanwhile")


if __name__ == "__main__":
    sandbox.enter()
    service = Service()
    stage.name_user("stranger", STRANGER)
    through = service.hearth
    through.bus = stage.ADDRESS
    service.start()
    through.create("sue", WORD)
    cases.main(suite)
