#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes that security keys open, as their owners meet them: what homectl says and asks, whatever a key does, and how often
somebody has to touch one or loses a try of its PIN."""
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, file_tokens, sandbox, security_keys  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import Outcome  # noqa: E402
from harness.security_keys import Key  # noqa: E402
from harness.token_homes import FIRST, NEW, PIN, USER, WORD, TouchKey, call, machine, make, on_terminal  # noqa: E402

WRONG = "0000"
ES256, EDDSA = -7, -8  # as COSE numbers them
OTHER_ERROR = 0x7F  # CTAP1_ERR_OTHER
ANOTHER, LOCKED = "None of the security keys here is the right one", "The PIN of the security token is locked"
# What the key is like or does at which command, what its owner gives, the error, and words that no other refusal has.
AT_LOGIN = {
    "none is there": ({"gone": True}, {}, "auth-need-token", "No security key is plugged in"),
    "it is another one": ({"credentials": []}, {}, "auth-need-token", ANOTHER),
    "it is pulled out in the middle": ({"at": ("ask", "vanish")}, {}, "auth-need-token", "the security key was pulled out"),
    "no PIN is given": ({}, {"pin": None}, "auth-need-pin", "asks for its PIN"),
    "its PIN is gone": ({"pin": ""}, {}, "auth-not-supported", "has no PIN, and had one when it was enrolled"),
    "the PIN is wrong": ({}, {"pin": WRONG}, "auth-bad-pin", "7 tries are left"),
    "the PIN is wrong, with few tries left": ({"retries": 4}, {"pin": WRONG}, "auth-bad-pin-few-left", "3 tries are left"),
    "the PIN is wrong, with one try left": ({"retries": 2}, {"pin": WRONG}, "auth-bad-pin-one-left", "one try is left"),
    "the last PIN is wrong": ({"retries": 1}, {"pin": WRONG}, "auth-pin-locked", "only a reset"),
    "three PINs were wrong": ({"wrongInRow": 2}, {"pin": WRONG}, "auth-pin-locked", "pulled out and plugged in again"),
    "nobody touches it": ({"isTouched": False, "patienceMs": 200}, {}, "auth-token-timeout", "nobody touched"),
    "somebody refuses": ({"at": ("ask", "error", {"number": 0x27})}, {}, "auth-token-timeout", "refused at the security key"),
    "it answers garbage": ({"at": ("ask", "garbage", {"bytes": "00ff"})}, {}, "auth-io", "does not answer as one"),
    "it has an error": ({"at": ("ask", "error", {"number": OTHER_ERROR})}, {}, "auth-io", "the security key says FIDO_ERR"),
    "it gives no secret": ({"at": ("ask", "no-secret")}, {}, "auth-io", "gave no secret"),
    "it says nothing of use at first": ({"at": ("info", "garbage", {"bytes": "00ff"}), "times": 2}, {}, "auth-need-token",
                                        "right one; opening "),
}
TO_ENROLL = {
    "none is there": ({"gone": True}, (), {}, "auth-need-token", "no security key is at "),
    "it has no hmac-secret": ({"hasSecrets": False}, (), {}, "auth-not-supported", "extension hmac-secret"),
    "it has no sensor": ({}, ("--fido2-with-user-verification=yes",), {}, "auth-not-supported", "cannot recognize its owner"),
    "it has no PIN": ({"pin": ""}, ("--fido2-with-client-pin=yes",), {}, "auth-not-supported", "no PIN was ever set"),
    "the PIN is wrong": ({}, (), {"pin": WRONG}, "auth-bad-pin", "7 tries are left"),
    "nobody touches it": ({"isTouched": False, "patienceMs": 200}, (), {}, "auth-token-timeout", "nobody touched"),
    "it is full": ({"at": ("make", "error", {"number": 0x28})}, (), {}, "auth-no-space", "no room left"),
    "it is pulled out in the middle": ({"at": ("make", "vanish")}, (), {}, "auth-need-token", "the security key was pulled out"),
    "it gives no secret afterwards": ({"at": ("ask", "no-secret")}, (), {}, "auth-io", "gave no secret"),
}

suite = cases.Suite("fido2-homes")
sandbox.enter()
file_tokens.install()
security_keys.install()


class Door:
    """A home that a key opens; the key is as it was after its enrollment whenever it is told how to be."""

    def __init__(self, hearth):
        self.hearth, self.key = hearth, TouchKey("one")
        make(hearth, self.key.option(), pin=PIN)
        self.key.forget()
        self.usual = self.key.state()

    def with_key(self, gone=False, at=None, times=1, **state):
        """The key is and does this."""
        self.key.write({**self.usual, **state})
        for _ in range(times if at else 0):
            self.key.will(at[0], at[1], **(at[2] if len(at) > 2 else {}))
        if gone:
            self.key.pull_out()

    def ask(self, *arguments, pin=PIN, **more):
        """homectl, with the right PIN unless something else is said."""
        return call(self.hearth, *arguments, pin=pin, **more)

    def tries(self):
        """How many PINs the key was given."""
        path = self.key.path if os.path.exists(self.key.path) else f"{self.key.path}.out"
        with open(path, encoding="ascii") as file:
            return json.load(file)["seen"].count("try")


def says(done, what, error, words):
    """This error, in these words."""
    done.refused(what, error)
    check(words.lower() in " ".join(done.err.split()).lower(), f"{what}: {words!r} is not said: {done!r}")


@suite.case("every refusal at a login has its error and its own words, spends one try at most, and the home opens afterwards")
def _():
    with machine(FIRST) as hearth:
        door, told = Door(hearth), {}
        for what, (how, given, error, words) in AT_LOGIN.items():
            door.with_key(**how)
            done = door.ask("authenticate", USER, **given)
            says(done, what, error, words)
            check(door.tries() <= 1, f"{what}: {door.tries()} tries were spent")
            told.setdefault((error, " ".join(done.err.split())), []).append(what)
        equal([names for names in told.values() if len(names) > 1], [], "refusals that are told in the same words")
        door.with_key()
        door.ask("authenticate", USER).succeeded("afterwards")


@suite.case("every refusal to be enrolled has its error and its words, and the record stays as it is")
def _():
    with machine(FIRST) as hearth:
        door = Door(hearth)
        before = hearth.record(USER)
        for what, (how, options, given, error, words) in TO_ENROLL.items():
            door.with_key(**how)
            says(door.ask("update", USER, door.key.option(), *options, password=WORD, **given), what, error, words)
            equal(hearth.record(USER), before, f"{what}: the record")
        door.with_key()
        door.ask("authenticate", USER).succeeded("afterwards")


@suite.case("a key without a PIN opens without one, and homectl says so once when it is enrolled")
def _():
    words = "opens the home without a PIN: none was ever set"
    with machine(FIRST) as hearth:
        done = call(hearth, "create", USER, "--storage=directory", "--enforce-password-policy=no",
                    f"--fido2-device={Key('bare').path}", new=WORD)
        done.succeeded("create")
        equal(done.err.count(words), 1, f"how often it is said: {done.err}")
        call(hearth, "authenticate", USER).succeeded("authenticate")
        done = call(hearth, "update", USER, "--fido2-device=", f"--fido2-device={Key('other').path}", "--fido2-with-client-pin=no",
                    password=WORD)
        done.succeeded("another key")
        equal(done.err.count(words), 0, f"what nobody asked for is said: {done.err}")


@suite.case("a PIN is wrong until the key is locked: each login spends one try, the last one is the owner's own")
def _():
    with machine(FIRST) as hearth:
        door = Door(hearth)
        for left in range(7, -1, -1):
            door.key.set(wrongInRow=0)  # pulled out and plugged in again
            word = {0: "pin-locked", 1: "bad-pin-one-left", 2: "bad-pin-few-left", 3: "bad-pin-few-left"}.get(left, "bad-pin")
            door.ask("authenticate", USER, pin=WRONG).refused(f"{left} are left", f"auth-{word}")
            equal(door.key.state()["retries"], left, "tries that are left")
        door.ask("authenticate", USER).refused("the right PIN", "auth-pin-locked")
        door.ask("authenticate", USER, password=WORD).succeeded("the password")


@suite.case("one touch and one PIN for each login and each change, none where a password fits, and two to be enrolled")
def _():
    with machine(FIRST) as hearth:
        door = Door(hearth)
        for arguments, new in ((("authenticate", USER), None), (("activate", USER), None), (("passwd", USER), NEW),
                               (("update", USER, "--real-name=Kim"), None)):
            door.key.forget()
            door.ask(*arguments, new=new).succeeded(str(arguments))
            equal(door.key.uses(), door.key.one_login, f"{arguments}: what the owner did")
        hearth.deactivate(USER)
        door.ask("authenticate", USER, password=NEW).succeeded("the password")
        equal(door.key.state()["seen"], [], "what was asked of the key although the password fits")
        other = TouchKey("two")
        door.ask("update", USER, other.option(), password=NEW).succeeded("another key")
        equal(other.uses().count("touch"), 2, "touches to enroll a key")


@suite.case("two of a kind have to be told apart to be enrolled; one is found, and a home opens with the right one")
def _():
    with machine(FIRST) as hearth:
        security_keys.remove_all()
        make(hearth)
        auto = ("update", USER, "--fido2-device=auto")
        call(hearth, *auto, password=WORD).refused("without a key", "token-none")
        first = Key("one", product="Twin")
        call(hearth, *auto, password=WORD).succeeded("with one")
        second = Key("two", product="Twin")
        call(hearth, *auto, password=WORD).refused("with two", "token-ambiguous")
        shown = call(hearth, "update", USER, "--fido2-device=list").succeeded("list").out
        check(first.path in shown and second.path in shown and shown.count("Twin") == 2, shown)
        for key in (first, second):
            key.forget()
        call(hearth, "authenticate", USER).succeeded("with both")
        equal((first.seen("touch"), second.seen("touch")), (1, 0), "touches of each")


@suite.case("a login that waits for a touch is cancelled at once, at the key as well, and another may touch it late")
def _():
    with machine(FIRST) as hearth:
        door = Door(hearth)
        door.with_key(isTouched=False)
        environment = dict(hearth.environment(), DBUS_SYSTEM_BUS_ADDRESS=hearth.bus, PIN=PIN)
        for comes in (False, True):
            door.key.forget()
            with subprocess.Popen(hearth.command("authenticate", USER), env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waiting:
                wait_for(lambda: door.key.seen("touch"))
                begin = time.monotonic()
                if comes:
                    door.key.set(isTouched=True)
                else:
                    waiting.send_signal(signal.SIGINT)
                out, err = waiting.communicate(timeout=20)
            done = Outcome(subprocess.CompletedProcess((), waiting.returncode, out, err))
            check(time.monotonic() - begin < 5, f"it took {time.monotonic() - begin:.1f} s")
            if comes:
                done.succeeded("with a late touch")
            else:
                done.refused("cancelled", "auth-cancelled")


def wait_for(condition):
    """Until it holds, or the case fails."""
    end = time.monotonic() + 20
    while not condition():
        check(time.monotonic() < end, "what was waited for did not come")
        time.sleep(0.02)


@suite.case("at a terminal it is said what the key wants, and a wrong PIN is asked for again")
def _():
    with machine(FIRST) as hearth:
        door = Door(hearth)
        status, text, left = on_terminal(hearth, ("authenticate", USER), [
            (r"PIN of the security token of kim: ", WRONG), (r"wrong(?s:.*)PIN of the security token of kim: ", PIN)])
        equal((status, left), (0, []), text)
        check("Touch the security token" in text and "Password of" not in text, text)
        equal((door.key.seen("try"), door.key.seen("touch")), (2, 1), "what was done with the key")
        door.key.pull_out()
        status, text, left = on_terminal(hearth, ("authenticate", USER), [(r"Password of kim: ", WORD)])
        equal((status, left), (0, []), text)


@suite.case("a key that recognizes its owner opens without a PIN, and says when it did not recognize somebody")
def _():
    with machine(FIRST) as hearth:
        key = Key("finger", hasSensor=True)
        make(hearth, f"--fido2-device={key.path}", "--fido2-with-user-verification=yes", "--fido2-with-client-pin=no")
        key.forget()
        done = call(hearth, "authenticate", USER).succeeded("its owner")
        check("recognize you" in done.err, done.err)
        equal((key.seen("verify"), key.seen("touch")), (1, 1), "how often the sensor was used")
        key.set(isRecognized=False)
        says(call(hearth, "authenticate", USER), "somebody else", "auth-need-verification", "did not recognize its owner")
        key.set(hasSensor=False)
        call(hearth, "authenticate", USER).refused("without its sensor, which the credential is hidden behind", "auth-need-token")


@suite.case("the algorithm that is asked for is the key's, and the record does not keep it")
def _():
    with machine(FIRST) as hearth:
        key = Key("one")
        make(hearth, f"--fido2-device={key.path}", "--fido2-credential-algorithm=eddsa")
        equal(key.state()["credentials"][0]["kind"], EDDSA, "the algorithm")
        check("lgorithm" not in json.dumps(hearth.record(USER).get("privileged")), "the record's privileged section")
        check("fido2CredentialAlgorithm" not in hearth.record(USER), "the record")
        key.set(algorithms=[ES256])
        says(call(hearth, "update", USER, f"--fido2-device={key.path}", "--fido2-credential-algorithm=rs256", password=WORD),
             "one that the key does not know", "auth-not-supported", "does not know the algorithm")


cases.main(suite)
