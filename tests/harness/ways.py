# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every way into a home, and the life of a home with it: it is made with it, gets it later, opens, changes its password, loses it."""
import contextlib
import os
import re
import sys

from harness import file_tokens, security_keys, tokens
from harness.cases import check, equal
from harness.file_tokens import KIND
from harness.token_homes import NEW, PIN, USER, WORD, Card, TouchKey, TouchToken, alone, call, machine, make

KEY_FILE = "/mnt/recovery-key"
ACTS = ("create with", "add later", "authenticate", "activate", "passwd with", "remove")
THREE = "three {}: each opens, one goes while another is away, and that one still opens afterwards"

table = {}


def set_up():
    """Once in a sandbox: an installation that has all kinds of tokens, which are files and programs."""
    file_tokens.install()
    security_keys.install()
    tokens.set_up()


class PasswordWay:
    """A password is what the others are compared with: it is there in any case."""
    def create(self, hearth):
        make(hearth)

    add = None

    def open(self, hearth, *arguments, **more):
        return call(hearth, *arguments, password=WORD, **more)

    remove = None


class RecoveryWay:
    """A recovery key, typed where a password is asked for."""
    options = ("--recovery-key=yes", f"--recovery-key-file={KEY_FILE}")

    def create(self, hearth):
        make(hearth, *self.take())

    def take(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(KEY_FILE)
        return self.options

    def add(self, hearth):
        call(hearth, "update", USER, *self.take(), password=WORD).succeeded("add a recovery key")

    def open(self, hearth, *arguments, **more):
        with open(KEY_FILE, encoding="ascii") as file:
            key = file.read().strip()
        check(re.fullmatch(r"([cbdefghijklnrtuv]{8}-){7}[cbdefghijklnrtuv]{8}", key), "the shape of the key")
        return call(hearth, *arguments, password=key.replace("-", "").upper(), **more)

    def remove(self, hearth):
        call(hearth, "update", USER, "--recovery-key=no", password=WORD).succeeded("drop the recovery key")


class TokenWay:
    """A token of a kind with a PIN that wants to be touched."""
    make_token = TouchToken

    def __init__(self):
        self.token = self.make_token("one")

    def create(self, hearth):
        make(hearth, self.token.option(), pin=PIN)

    def add(self, hearth):
        call(hearth, "update", USER, self.token.option(), password=WORD, pin=PIN).succeeded("enroll")

    def open(self, hearth, *arguments, **more):
        self.token.uses()
        done = call(hearth, *arguments, pin=PIN, **more)
        if done.status == 0:
            equal(self.token.uses(), self.token.one_login, "what the owner did")
        return done

    def remove(self, hearth):
        call(hearth, "update", USER, f"--remove-token={self.token.kind}:1", password=WORD).succeeded("take the token out")


class KeyWay(TokenWay):
    """A security key."""
    make_token = TouchKey


class CardWay(TokenWay):
    """A smart card with a key for RSA."""
    key = "rsa:2048"

    def make_token(self, name):
        return Card(name, self.key)


class CurveCardWay(CardWay):
    """One with an elliptic curve."""
    key = "EC:prime256v1"


WAYS = {"password": PasswordWay, "recovery key": RecoveryWay, KIND: TokenWay, "FIDO2": KeyWay, "PKCS#11 RSA": CardWay,
        "PKCS#11 EC": CurveCardWay}


def life(hearth, way, mark):
    """All acts of one way in on one storage."""
    way.create(hearth)
    way.open(hearth, "authenticate", USER).succeeded("authenticate after creation")
    mark("create with")
    if way.add:
        hearth.homectl("remove", USER).succeeded("remove")
        make(hearth)
        way.open(hearth, "authenticate", USER).refused("before it was added", "bad-secret", "no-password")
        way.add(hearth)
    mark("add later")
    way.open(hearth, "authenticate", USER).succeeded("authenticate")
    mark("authenticate")
    way.open(hearth, "activate", USER).succeeded("activate")
    letter = hearth.write_letter(USER)
    hearth.deactivate(USER)
    mark("activate")
    way.open(hearth, "passwd", USER, new=NEW).succeeded("passwd")
    call(hearth, "authenticate", USER, password=WORD).refused("the old password", "bad-secret", "bad-password-and-no-token",
                                                              "auth-need-pin", "auth-need-presence")
    call(hearth, "activate", USER, password=NEW).succeeded("the new password")
    equal(hearth.letter(USER), letter, "the file")
    hearth.deactivate(USER)
    mark("passwd with")
    if way.remove:
        way.open(hearth, "passwd", USER, new=WORD).succeeded("it still opens, and brings the old password back")
        way.remove(hearth)
        way.open(hearth, "authenticate", USER).refused("what was taken out", "bad-secret", "no-password")
        call(hearth, "activate", USER, password=WORD).succeeded("the password still opens")
        hearth.deactivate(USER)
    mark("remove")


def add_matrix(suite, storages):
    """A case for each way on each storage."""
    for storage in storages:
        for name, new_way in WAYS.items():
            def _(storage=storage, name=name, new_way=new_way):
                tokens.remove_all()
                row = table.setdefault((storage, name), {})
                with machine(storage) as hearth:
                    life(hearth, new_way(), lambda act: row.update({act: "yes"}))
            suite.case(f"{name} on {storage}")(_)


def any_card(name):
    """A smart card with a key of one kind or the other."""
    return Card(name, CurveCardWay.key if name == "two" else CardWay.key)


def three_tokens(storage, make_token):
    """Each of three tokens opens; the second goes while the third is away, and the other two still open afterwards."""
    tokens.remove_all()
    with machine(storage) as hearth:
        three = [make_token(name) for name in ("one", "two", "three")]
        make(hearth)
        for token in three:
            call(hearth, "update", USER, token.option(), password=WORD, pin=PIN).succeeded(f"{storage}: enroll {token.name}")
        for token in three:
            alone(three, token)
            token.uses()
            call(hearth, "activate", USER, pin=PIN).succeeded(f"{storage}: {token.name}")
            equal(token.uses(), token.one_login, "one PIN and one touch")
            hearth.deactivate(USER)
        alone(three, None)
        call(hearth, "update", USER, f"--remove-token={three[0].kind}:2", password=WORD).succeeded(f"{storage}: the second goes")
        for token, opens in zip(three, (True, False, True)):
            alone(three, token)
            done = call(hearth, "activate", USER, pin=PIN)
            if opens:
                done.succeeded(f"{storage}: {token.name} afterwards")
                hearth.deactivate(USER)
            else:
                done.refused(f"{storage}: {token.name} afterwards", "auth-need-token")
        alone(three, None)
        call(hearth, "passwd", USER, password=WORD, new=NEW).succeeded(f"{storage}: passwd without any token")
        alone(three, three[2])
        call(hearth, "authenticate", USER, pin=PIN).succeeded(f"{storage}: the third after passwd")
        alone(three, None)


def print_table():
    """What was shown, cell by cell."""
    width = max(len(f"{storage} {way}") for storage, way in table) if table else 0
    print(" " * width, *ACTS, sep="  ")
    for (storage, way), row in table.items():
        print(f"{storage} {way}".ljust(width), *(row.get(act, "NO").ljust(len(act)) for act in ACTS), sep="  ")


def main(suite):
    """Runs the suite, and prints the table."""
    status = suite.run(sys.argv[1:])
    print_table()
    sys.exit(status)
