#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a service asks workers for beside what homectl asks: homes that have a record before they have a place, and the other way
round."""
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
        answer = ask(hearth, "fixate", USER, record=found, password=WORD).succeeded("fixate")
        equal(portable(answer.record), portable(record), "the record")
        bound = answer.record["binding"][hearth.machine_id]
        equal((bound["uid"], bound["gid"], bound["homeDirectory"]), (uid, uid, f"/home/{USER}"), "the binding")
        equal(answer.record["status"][hearth.machine_id]["goodAuthenticationCounter"], 1, "counted")
        ask(hearth, "fixate", USER, record=found, password=WORD).refused("twice", "home-exists")


cases.main(suite)
