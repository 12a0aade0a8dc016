#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One smart card, of SoftHSM, for Hearth and for systemd-homed 252: what either enrolled opens the home under the other. Of
kinds of keys 252 knows RSA with a certificate alone."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, tokens  # noqa: E402
from harness.token_homes import call  # noqa: E402
from interop import exchange  # noqa: E402
from interop.exchange import worked  # noqa: E402

WORD, NEW, PIN = "Erstes-Wort-1", "Zweites-Wort-2", "123456"
OPTIONS = ("--storage=directory", "--enforce-password-policy=no")

suite = cases.Suite("interop-pkcs11")
sandbox.enter()
os.mkdir("/mnt/homes", mode=0o755)
peer, hearth = exchange.start(suite)
tokens.set_up()
card = tokens.Token("card", PIN).import_certificate(["rsa:2048"])
peer.environment["PIN"] = PIN


@suite.case("a home that Hearth made with a card opens in systemd-homed with its PIN alone")
def _():
    call(hearth, "create", "first", *OPTIONS, f"--pkcs11-token-uri={card.uri}", new=WORD, pin=PIN).succeeded("create")
    letter = None
    peer.start()
    try:
        worked(peer, peer.homectl("authenticate", "first"), "authenticate")
        worked(peer, peer.homectl("activate", "first"), "activate")
        letter = hearth.write_letter("first")
        worked(peer, peer.homectl("deactivate", "first"), "deactivate")
        worked(peer, peer.homectl("passwd", "first", new=NEW), "passwd")
    finally:
        peer.stop()
    call(hearth, "activate", "first", pin=PIN).succeeded("activate, after systemd-homed changed the password")
    cases.equal(hearth.letter("first"), letter, "the file")
    hearth.deactivate("first")


@suite.case("a home that systemd-homed made with a card opens in Hearth with its PIN alone, which then changes the password")
def _():
    peer.start()
    try:
        worked(peer, peer.homectl("create", "second", *OPTIONS, f"--pkcs11-token-uri={card.uri}", new=WORD), "create")
    finally:
        peer.stop()
    call(hearth, "activate", "second", pin=PIN).succeeded("activate")
    hearth.deactivate("second")
    call(hearth, "passwd", "second", pin=PIN, new=NEW).succeeded("passwd")
    peer.start()
    try:
        worked(peer, peer.homectl("authenticate", "second", password=NEW), "the new password in systemd-homed")
        worked(peer, peer.homectl("authenticate", "second"), "the card in systemd-homed")
    finally:
        peer.stop()


cases.main(suite)
