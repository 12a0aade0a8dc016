#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every way into a home on every storage that this kernel has: with it a home is made, it is added later, opens, changes the
password, and goes. The tokens are files, security keys in software, and SoftHSM's."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, ways  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.file_tokens import KIND, Token  # noqa: E402
from harness.token_homes import DISKS, FIRST, PIN, USER, WORD, TouchKey, TouchToken, call, machine, make, on_terminal  # noqa: E402

CORRUPT = 9  # HEARTH_E_CORRUPT

suite = cases.Suite("tokens")
sandbox.enter()
ways.set_up()
ways.add_matrix(suite, DISKS)


@suite.case(ways.THREE.format("tokens"))
def _():
    for storage in (one for one in DISKS if one != "subvolume"):  # which keeps no keys either
        ways.three_tokens(storage, TouchToken)


@suite.case(ways.THREE.format("security keys"))
def _():
    ways.three_tokens(FIRST, TouchKey)


@suite.case(ways.THREE.format("smart cards"))
def _():
    ways.three_tokens(FIRST, ways.any_card)


@suite.case("every refusal of a token has its own words, and a wrong PIN spends one try")
def _():
    with machine(FIRST) as hearth:
        token = Token("one", PIN)
        make(hearth, token.option(), pin=PIN)
        for change, more, error in (
                ({}, {}, "auth-need-pin"),
                ({"tries": 8}, {"pin": "0000"}, "auth-bad-pin"),
                ({"tries": 3}, {"pin": "0000"}, "auth-bad-pin-few-left"),
                ({"tries": 2}, {"pin": "0000"}, "auth-bad-pin-one-left"),
                ({"tries": 1}, {"pin": "0000"}, "auth-pin-locked"),
                ({"tries": 0}, {"pin": PIN}, "auth-pin-locked"),
                ({"tries": 8, "code": 56}, {"pin": PIN}, "auth-token-timeout")):
            token.change(**change)
            token.uses()
            call(hearth, "authenticate", USER, **more).refused(str((change, more)), error)
            equal(token.uses().count("pin wrong"), int(more.get("pin") == "0000"), f"tries spent: {error}")
        token.change(code=0)
        token.unplug()
        call(hearth, "authenticate", USER).refused("no token", "auth-need-token")
        call(hearth, "authenticate", USER, password="wrong").refused("neither", "bad-password-and-no-token")
        token.plug()
        token.uses()
        call(hearth, "authenticate", USER, password=WORD).succeeded("a password that fits")
        equal(token.uses(), [], "what was asked of the token although the password fits")
        call(hearth, "update", USER, f"--enroll-token={KIND}:nowhere", password=WORD).refused("no such device", "auth-need-token")
        call(hearth, "update", USER, "--enroll-token=nothing:x", password=WORD).refused("no such kind", "auth-unknown")
        call(hearth, "update", USER, f"--remove-token={KIND}:2", password=WORD).refused("no such token", "token-unknown")
        call(hearth, "update", USER, "--recovery-key=yes", password=WORD).refused("nowhere to show it", "recovery-key-nowhere")
        check(KIND + ":1" in call(hearth, "update", USER, "--remove-token=list").succeeded("list").out, "the list of tokens")
        check("one" in call(hearth, "update", USER, f"--enroll-token={KIND}:list").succeeded("list").out, "the list of devices")


@suite.case("a token that is damaged, or gives something else than it did, keeps nobody from using another one")
def _():
    with machine(FIRST) as hearth:
        token, key = Token("one", PIN), TouchKey("two")
        make(hearth)
        for one in (token, key):
            call(hearth, "update", USER, one.option(), password=WORD, pin=PIN).succeeded("enroll")
        token.change(code=CORRUPT)
        call(hearth, "authenticate", USER, pin=PIN).succeeded("the key, beside a damaged token")
        key.pull_out()
        call(hearth, "authenticate", USER, pin=PIN).refused("the damaged token alone", "auth-corrupt")
        key.plug_in()
        token.change(code=0)
        for how in ("error", "no-secret"):
            key.will("ask", how)
            key.will("ask", how)
            call(hearth, "authenticate", USER, pin=PIN).succeeded(f"the token, beside a key that answers with: {how}")
            key.set(script=[])


CELLS = {"\u2588": "  ", "\u2580": " #", "\u2584": "# ", " ": "##"}  # light is drawn, dark is left: upper row and lower row


def drawn(text):
    """The modules of the QR code on a terminal, row by row."""
    rows = []
    for line in re.findall(r"\033\[40;37;1m(.*?)\033\[0m", text):
        rows += ["".join(CELLS[cell][row] for cell in line) for row in (0, 1)]
    return rows[:len(rows[0])] if rows else rows


def encoded(key):
    """The same as qrencode draws it, two characters for each module."""
    done = subprocess.run(["qrencode", "-8", "-l", "L", "-m", "2", "-t", "ASCII", "-o", "-", key], capture_output=True, text=True,
                          check=True)
    return [line[::2] for line in done.stdout.splitlines()]


@suite.case("at a terminal the right question is asked, and asked again")
def _():
    with machine(FIRST) as hearth:
        token = Token("one", PIN, wish="touch")
        make(hearth, token.option(), pin=PIN)
        token.uses()
        status, text, left = on_terminal(hearth, ("authenticate", USER), [
            (r"PIN of the security token of kim: ", "0000"), (r"wrong(?s:.*)PIN of the security token of kim: ", PIN)])
        equal((status, left), (0, []), text)
        check("Touch the security token" in text and "Password of" not in text, text)
        equal(token.uses(), ["pin wrong", "pin ok", "touch"], "what was done with the token")
        token.unplug()
        status, text, left = on_terminal(hearth, ("authenticate", USER), [(r"Password of kim: ", WORD)])
        equal((status, left), (0, []), text)
        token.plug()
        status, text, left = on_terminal(hearth, ("update", USER, "--recovery-key=yes"), [], password=WORD)
        equal(status, 0, text)
        key = re.search(r"([cbdefghijklnrtuv]{8}-){7}[cbdefghijklnrtuv]{8}", text)
        check(key, text)
        equal(drawn(text), encoded(key.group(0)), "the same for a camera")
        call(hearth, "authenticate", USER, password=key.group(0)).succeeded("the key that was shown")
        with open(f"{hearth.state}/{USER}.identity", encoding="utf-8") as file:
            check(key.group(0) not in file.read(), "the key in the record")


ways.main(suite)
