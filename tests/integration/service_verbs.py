#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a service asks workers for beside what homectl asks: homes that have a record before they have a place, and the other way
round."""
import fcntl
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.two_homes import NEW, OTHER, USER, WORD, machine  # noqa: E402
from harness.worker import ask  # noqa: E402

suite = cases.Suite("verbs of the service")
ANN = {"userName": "ann", "realName": "Ann Other"}


def portable(record):
    """What of a record goes from machine to machine."""
    return {key: value for key, value in record.items() if key not in ("binding", "status")}


def provisional(hearth, user, **binding):
    """What a service knows of a home that it has found."""
    known = {"imagePath": f"/home/{user}.homedir", "storage": "directory", "homeDirectory": f"/home/{user}", **binding}
    return {"userName": user, "disposition": "regular", "binding": {hearth.machine_id: known}}


def unregistered(hearth, user=USER):
    """Forgets a home's record; returns it."""
    record = hearth.record(user)
    ask(hearth, "unregister", user).succeeded("unregister")
    return record


@suite.case("a record is registered without a home, signed and bound to this machine, and forgotten again")
def _():
    with machine() as hearth:
        answer = ask(hearth, "register", "ann", record=ANN).succeeded("register")
        kept = hearth.record("ann")
        equal(answer.record, kept, "the record that came back")
        check(kept["signature"] and 60001 <= kept["binding"][hearth.machine_id]["uid"] <= 60513, kept)
        equal(hearth.listed("ann")["state"], "absent", "state")
        hearth.homectl("activate", "ann", password=WORD).refused("activate", "image-absent")
        ask(hearth, "register", "ann", record=ANN).refused("register again", "home-exists")
        ask(hearth, "unregister", "ann").succeeded("unregister")
        check(not os.path.exists(f"{hearth.state}/ann.identity"), "the record is still there")
        ask(hearth, "unregister", "ann").refused("unregister again", "home-unknown")


@suite.case("a record that a stranger signed, or with names that are taken, is not registered")
def _():
    with machine() as hearth:
        ask(hearth, "register", "ann", record=ANN).succeeded("register")
        forged = {**portable(hearth.record("ann")), "userName": "eve"}
        ask(hearth, "register", "eve", record=forged).refused("register", "record-signature-mismatch")
        ask(hearth, "register", "root", record={"userName": "root"}).refused("root", "user-name-reserved")
        ask(hearth, "register", "bin", record={"userName": "bin"}).refused("bin", "user-exists")
        for record in ({"userName": "eve", "aliases": [USER]}, {"userName": "eve", "aliases": ["x", "ann"]}):
            ask(hearth, "register", "eve", record=record).refused("alias", "home-exists")
        ask(hearth, "register", "eve", record={"userName": "eve", "aliases": ["daemon"]}).refused("alias", "user-exists")
        ask(hearth, "register", "eve", record={"userName": "eve", "aliases": ["evi"]}).succeeded("alias")
        ask(hearth, "register", "evi", record={"userName": "evi"}).refused("name", "home-exists")


@suite.case("a home that is forgotten stays where it is, and one in use is not forgotten")
def _():
    with machine() as hearth:
        hearth.activate(USER, WORD)
        ask(hearth, "unregister", USER).refused("unregister", "home-active")
        hearth.deactivate(USER)
        record = unregistered(hearth)
        equal(hearth.listed(USER), None, "in the list")
        answer = ask(hearth, "register", USER, record=portable(record)).succeeded("register")
        bound = answer.record["binding"][hearth.machine_id]
        equal((bound["storage"], bound["imagePath"]), ("directory", f"/home/{USER}.homedir"), "what lies there")
        equal(bound["uid"], record["binding"][hearth.machine_id]["uid"], "the owner of its files")


@suite.case("a home that was found is taken in with its password, which is checked against the record inside")
def _():
    with machine() as hearth:
        record = unregistered(hearth)
        uid = record["binding"][hearth.machine_id]["uid"]
        found = provisional(hearth, USER, uid=uid, gid=uid)
        ask(hearth, "fixate", USER, record=found).refused("no password", "password-needed")
        ask(hearth, "fixate", USER, record=found, password=NEW).refused("wrong password", "bad-secret")
        equal(hearth.listed(USER), None, "in the list")
        ask(hearth, "fixate", USER, record=provisional(hearth, OTHER), password=WORD).refused("other", "worker-protocol")
        del found["binding"][hearth.machine_id]["storage"]  # the plugins tell
        answer = ask(hearth, "fixate", USER, record=found, password=WORD).succeeded("fixate")
        equal(portable(answer.record), portable(record), "the record")
        bound = answer.record["binding"][hearth.machine_id]
        equal((bound["uid"], bound["gid"], bound["homeDirectory"]), (uid, uid, f"/home/{USER}"), "the binding")
        equal(bound["storage"], "directory", "the storage")
        equal(answer.record["status"][hearth.machine_id]["goodAuthenticationCounter"], 1, "counted")
        ask(hearth, "fixate", USER, record=found, password=WORD).refused("twice", "home-exists")


@suite.case("a home that was found through a link is used where it is, whatever it is called there")
def _():
    with machine() as hearth:
        record = unregistered(hearth)
        uid = record["binding"][hearth.machine_id]["uid"]
        os.makedirs(f"{hearth.root}/srv")
        os.rename(f"{hearth.homes}/{USER}.homedir", f"{hearth.root}/srv/somewhere")
        found = provisional(hearth, USER, uid=uid, gid=uid, imagePath="/srv/somewhere")
        del found["binding"][hearth.machine_id]["storage"]
        ask(hearth, "fixate", USER, record=found, password=WORD).succeeded("fixate")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        unregistered(hearth)
        os.rename(f"{hearth.root}/srv/somewhere", f"{hearth.homes}/{USER}.homedir")
        hearth.homectl("adopt", f"/home/{USER}.homedir").succeeded("adopt")


@suite.case("a registered home is made when it is wanted, with the password that its record knows")
def _():
    with machine() as hearth:
        record = {**ANN, "privileged": hearth.record(USER)["privileged"], "enforcePasswordPolicy": False}
        ask(hearth, "register", "ann", record=record).succeeded("register")
        bound = hearth.record("ann")["binding"][hearth.machine_id]
        ask(hearth, "create", "ann", realize=True).refused("no password", "password-needed")
        ask(hearth, "create", "ann", realize=True, password=NEW).refused("wrong password", "bad-secret")
        ask(hearth, "create", "ann", realize=True, password=WORD).succeeded("realize")
        equal(hearth.record("ann")["binding"][hearth.machine_id]["uid"], bound["uid"], "UID")
        hearth.activate("ann", WORD)
        hearth.deactivate("ann")
        ask(hearth, "create", "ann", realize=True, password=WORD).refused("twice", "image-exists")
        hearth.homectl("remove", "ann").succeeded("remove")
        ask(hearth, "create", "ann", realize=True, password=WORD).refused("unknown", "home-unknown")


@suite.case("a record that comes with its password must meet its own policy")
def _():
    with machine() as hearth:
        hearth.create("bob", "abc")
        record = {**ANN, "privileged": hearth.record("bob")["privileged"]}
        hearth.homectl("remove", "bob").succeeded("remove")
        answer = ask(hearth, "create", "ann", record=record, password="abc")
        answer.refused("create", "password-too-weak", "password-dictionary-missing", "password-check-unavailable")
        ask(hearth, "create", "ann", record=record, password="abc", skipQuality=True).succeeded("create")
        hearth.homectl("remove", "ann").succeeded("remove")


@suite.case("the record of a home that is not here is updated without it, and the home follows when it is back")
def _():
    with machine() as hearth:
        image, aside = f"{hearth.homes}/{USER}.homedir", f"{hearth.root}/aside"
        os.rename(image, aside)
        wanted = {**portable(hearth.record(USER)), "realName": "Kim Anew"}
        del wanted["signature"]
        wanted["lastChangeUSec"] += 1
        ask(hearth, "update", USER, record=wanted, password=WORD).refused("update", "image-absent")
        ask(hearth, "update", USER, record=wanted, offline=True).succeeded("update offline")
        equal(hearth.record(USER)["realName"], "Kim Anew", "in the host's record")
        ask(hearth, "update", USER, record={**wanted, "lastChangeUSec": 1}, offline=True).refused("older", "record-downgrade")
        os.rename(aside, image)
        hearth.activate(USER, WORD)
        equal(hearth.embedded(USER)["realName"], "Kim Anew", "in the home")
        hearth.deactivate(USER)


@suite.case("aliases are part of what a home is: no update changes them")
def _():
    with machine() as hearth:
        wanted = {**portable(hearth.record(USER)), "aliases": ["kimi"]}
        del wanted["signature"]
        wanted["lastChangeUSec"] += 1
        for flags in ({"offline": True}, {"password": WORD}):
            ask(hearth, "update", USER, record=wanted, **flags).refused("update", "field-immutable")


def updated(hearth, **fields):
    """Gives the home's record other fields."""
    wanted = {**portable(hearth.record(USER)), **fields}
    del wanted["signature"]
    wanted["lastChangeUSec"] += 1
    ask(hearth, "update", USER, record=wanted, password=WORD).succeeded("update")


@suite.case("a new home gets no UID that another one, which is just being made, has chosen")
def _():
    with machine() as hearth:
        hearth.create("ann", WORD)
        first = hearth.uid("ann")
        hearth.homectl("remove", "ann").succeeded("remove")
        with open(f"{hearth.root}/run/hearth/{first}.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            hearth.create("ann", WORD)
            check(hearth.uid("ann") != first, "it has the UID that is locked")
        hearth.homectl("remove", "ann").succeeded("remove")
        hearth.create("ann", WORD)
        equal(hearth.uid("ann"), first, "UID when nobody else has it")
        equal([name for name in os.listdir(f"{hearth.root}/run/hearth") if name.endswith(".lock")], [], "locks")
        hearth.homectl("remove", "ann").succeeded("remove")


@suite.case("a password that has to be changed is not asked for again, and its age is respected")
def _():
    with machine() as hearth:
        updated(hearth, passwordChangeNow=True, passwordChangeMinUSec=3600 * 10**6)
        ask(hearth, "passwd", USER, password=WORD, new=NEW, skipQuality=True).succeeded("the first change")
        check("passwordChangeNow" not in hearth.record(USER), "it is still to be changed")
        ask(hearth, "passwd", USER, password=NEW, new=WORD, skipQuality=True).refused("the next", "password-too-young")
        updated_back = {**portable(hearth.record(USER)), "passwordChangeMinUSec": 0}
        del updated_back["signature"]
        updated_back["lastChangeUSec"] += 1
        ask(hearth, "update", USER, record=updated_back, password=NEW).succeeded("update")
        ask(hearth, "passwd", USER, password=NEW, new=WORD, skipQuality=True).succeeded("the last change")


@suite.case("whoever opens a home hears that its password expires, has expired or has to be changed; it opens all the same")
def _():
    day = 86400 * 10**6
    with machine() as hearth:
        for rule, words in (({}, None),
                            ({"passwordChangeMaxUSec": 10 * day, "passwordChangeWarnUSec": 2 * day}, None),
                            ({"passwordChangeMaxUSec": 10 * day, "passwordChangeWarnUSec": 20 * day}, "expires in 10 day(s)"),
                            ({"passwordChangeMaxUSec": 1}, "has expired. Change it"),
                            ({"passwordChangeMaxUSec": 1, "passwordChangeInactiveUSec": 1}, "has expired for good"),
                            ({"passwordChangeNow": True}, "has to be changed")):
            updated(hearth, **rule)
            for verb in ("authenticate", "activate"):
                told = ask(hearth, verb, USER, password=WORD).succeeded(verb).warnings
                equal(len(told), 1 if words else 0, f"warnings of {rule}: {told}")
                check(not words or words in told[0], f"{rule}: {told}")
            ask(hearth, "deactivate", USER).succeeded("deactivate")


@suite.case("without a new password the hashes stay, and the record is newer")
def _():
    with machine() as hearth:
        before = hearth.record(USER)
        ask(hearth, "passwd", USER, password=NEW).refused("wrong", "bad-secret")
        after = ask(hearth, "passwd", USER, password=WORD).succeeded("passwd").record
        equal(after["privileged"], before["privileged"], "hashes")
        check(after["lastChangeUSec"] > before["lastChangeUSec"], "the time")


@suite.case("attempts of strangers leave the owner's alone")
def _():
    with machine() as hearth:
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        window = hearth.record(USER)["status"][hearth.machine_id]["rateLimitCount"]
        for _ in range(2):
            ask(hearth, "authenticate", USER, password=NEW, counted=False).refused("wrong", "bad-secret")
        ask(hearth, "authenticate", USER, password=WORD, counted=False).succeeded("authenticate")
        equal(hearth.record(USER)["status"][hearth.machine_id]["rateLimitCount"], window, "attempts")
        ask(hearth, "authenticate", USER, password=NEW).refused("wrong", "bad-secret")
        equal(hearth.record(USER)["status"][hearth.machine_id]["rateLimitCount"], window + 1, "attempts")


@suite.case("a record that somebody changed inside an active home is not taken over by any change")
def _():
    with machine() as hearth:
        hearth.activate(USER, WORD)
        path = f"{hearth.homes}/{USER}/.identity"
        with open(path, encoding="utf-8") as file:
            good = file.read()
        forged = {**json.loads(good), "memberOf": ["wheel"]}
        forged["lastChangeUSec"] += 1
        for change, why in (({}, "record-signature-mismatch"), ({"signature": None}, "record-unsigned")):
            text = {key: value for key, value in {**forged, **change}.items() if value is not None}
            with open(path, "w", encoding="utf-8") as file:
                json.dump(text, file)
            for verb, more in (("passwd", {"new": NEW}), ("resize", {}), ("authenticate", {})):
                ask(hearth, verb, USER, password=WORD, skipQuality=True, **more).refused(verb, why)
            check("memberOf" not in hearth.record(USER), "a stranger's group")
        with open(path, "w", encoding="utf-8") as file:
            file.write(good)
        hearth.deactivate(USER)


cases.main(suite)
