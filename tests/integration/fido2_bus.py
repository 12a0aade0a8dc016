#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Security keys through the service: what a stock homectl says and asks when a key refuses, and ours, which is told the same."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, file_tokens, peer, sandbox, security_keys, stage  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.security_keys import Key  # noqa: E402
from harness.service import Service  # noqa: E402
from harness.token_homes import NEW, PIN, USER, WORD, TouchKey, call, make, on_terminal  # noqa: E402
from integration.stock_verbs import Client  # noqa: E402

WRONG = "0000"
# How the key is, what its owner gives, the error on the bus, what a stock homectl makes of it, and what ours does.
REFUSALS = {
    "the PIN is wrong": ({}, WRONG, "BadPin", "PIN incorrect, please try again.", "auth-bad-pin"),
    "few tries": ({"retries": 4}, WRONG, "BadPinFewTriesLeft", "(only a few tries left!)", "auth-bad-pin-few-left"),
    "one try": ({"retries": 2}, WRONG, "BadPinOneTryLeft", "(only one try left!)", "auth-bad-pin-one-left"),
    "it is locked": ({"retries": 1}, WRONG, "TokenPinLocked", "Security token PIN is locked", "auth-pin-locked"),
    "nobody touches it": ({"isTouched": False, "patienceMs": 200}, PIN, "TokenActionTimeout", "waited too long",
                          "auth-token-timeout"),
    "it is another one": ({"credentials": []}, PIN, "BadPasswordAndNoToken", "Security token not inserted", "auth-need-token"),
}

suite = cases.Suite("fido2-bus")
sandbox.enter()
service = Service()
file_tokens.install()
security_keys.install()
service.start()
hearth = service.hearth
hearth.bus, hearth.storage = stage.ADDRESS, "directory"


class Stock(Client):
    """The homectl of systemd 252, which gets a PIN from its environment, or none."""
    bus = stage.ADDRESS

    def __init__(self, pin=None):
        super().__init__()
        self.pin = pin

    def environment(self, password=None, new=None):
        return {**super().environment(password=password, new=new), **({"PIN": self.pin} if self.pin else {})}

    def command(self, *arguments):
        """Its command line."""
        return [*self.program, *arguments]


def case(title, stock=False):
    """A case with a home that a key opens; the function gets the key, as it was after its enrollment."""
    def add(function):
        @suite.case(title)
        def _():
            if stock:
                peer.unpacked()
            key = TouchKey("one")
            make(hearth, key.option(), pin=PIN)
            try:
                function(key.forget())
            finally:
                hearth.homectl("deactivate", USER)
                hearth.homectl("remove", USER).succeeded("remove")
    return add


@case("with our homectl a key opens, changes the password and a second is enrolled: one touch each time")
def _(key):
    for arguments, new in ((("authenticate", USER), None), (("activate", USER), None), (("passwd", USER), NEW)):
        call(hearth, *arguments, pin=PIN, new=new).succeeded(str(arguments))
        equal(key.uses(), key.one_login, f"{arguments}: what the owner did")
    other = TouchKey("two")
    call(hearth, "update", USER, other.option(), password=NEW, pin=PIN).succeeded("enroll another")
    key.pull_out()
    other.forget()
    call(hearth, "authenticate", USER, pin=PIN).succeeded("with the other alone")
    equal(other.uses(), other.one_login, "what the owner of the other did")
    other.pull_out()


@case("each refusal is the same to both, with one try of the PIN at most", stock=True)
def _(key):
    usual = key.state()
    for what, (how, pin, name, text, ours) in REFUSALS.items():
        key.write({**usual, **how})
        equal(service.error("AuthenticateHome", "ss", USER, secret_of(pin)), name, f"{what}: error on the bus")
        tries = key.seen("try")
        check(tries <= 1, f"{what}: {tries} tries were spent")
        key.write({**usual, **how})
        Stock(pin).refused(text, "authenticate", USER)
        key.write({**usual, **how})
        call(hearth, "authenticate", USER, pin=pin).refused(what, ours)


def secret_of(pin):
    """What a client sends that has a PIN and a person at the key."""
    return f'{{"tokenPin":["{pin}"],"fido2UserPresencePermitted":true}}'


@case("a stock homectl says when to touch the key, and asks again for its PIN", stock=True)
def _(key):
    done = Stock(PIN).worked("authenticate", USER)
    check("Please confirm presence on security token." in done.err, done.err)
    equal(key.uses(), key.one_login, "what the owner did")
    status, text, left = on_terminal(Stock(), ("authenticate", USER), [
        (r"enter security token PIN for user kim", WRONG), (r"PIN incorrect(?s:.*)enter security token PIN", PIN)])
    equal((status, left), (0, []), text)
    equal(key.uses(), ["try", "try", "touch"], "what the owner did")


@case("and it says when the key wants to recognize its owner", stock=True)
def _(key):
    finger = Key("finger", hasSensor=True)
    call(hearth, "update", USER, f"--fido2-device={finger.path}", "--fido2-with-user-verification=yes",
         "--fido2-with-client-pin=no", password=WORD).succeeded("enroll")
    key.pull_out()
    finger.forget()
    done = Stock().worked("authenticate", USER)
    check("Please verify user on security token." in done.err, done.err)
    equal((finger.seen("verify"), finger.seen("touch")), (1, 1), "how often the sensor was used")
    finger.pull_out()


cases.main(suite)
