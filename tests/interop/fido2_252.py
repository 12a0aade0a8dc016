#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One security key for Hearth and for systemd-homed 252: what either enrolled opens the home under the other. The key is a
device of the kernel, in software: systemd-homed takes no other."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, security_keys  # noqa: E402
from harness.cases import equal  # noqa: E402
from harness.security_keys import Key, in_kernel  # noqa: E402
from harness.token_homes import call  # noqa: E402
from interop import exchange  # noqa: E402
from interop.exchange import worked  # noqa: E402

WORD, PIN = "Erstes-Wort-1", "123456"
OPTIONS = ("--storage=directory", "--enforce-password-policy=no", "--fido2-device=auto")

suite = cases.Suite("interop-fido2")
sandbox.enter()
os.mkdir("/mnt/homes", mode=0o755)
security_keys.set_up()
peer, hearth = exchange.start(suite)


def touched_once(key, what):
    """Since the last look somebody had to touch the key once."""
    equal(key.seen("touch"), 1, f"touches: {what}")
    key.forget()


@suite.case("a home that Hearth made with a key opens in systemd-homed with it alone: with its PIN and one touch")
def _():
    key = Key("key", pin=PIN)
    peer.environment["PIN"] = PIN
    with in_kernel(key):
        call(hearth, "create", "first", *OPTIONS, new=WORD, pin=PIN).succeeded("create")
        key.forget()
        peer.start()
        try:
            worked(peer, peer.homectl("authenticate", "first"), "authenticate")
            touched_once(key, "authenticate")
            worked(peer, peer.homectl("activate", "first"), "activate")
            touched_once(key, "activate")
            worked(peer, peer.homectl("deactivate", "first"), "deactivate")
        finally:
            peer.stop()


@suite.case("a home that systemd-homed made with a key opens in Hearth with it alone, with one touch")
def _():
    key = Key("key")
    with in_kernel(key):
        peer.start()
        try:
            worked(peer, peer.homectl("create", "second", *OPTIONS, "--fido2-with-client-pin=no", new=WORD), "create")
        finally:
            peer.stop()
        key.forget()
        hearth.homectl("activate", "second").succeeded("activate")
        touched_once(key, "activate")
        hearth.deactivate("second")


cases.main(suite)
