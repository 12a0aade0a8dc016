#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What only a service asks for, with encrypted images: their records are sealed, and their keys are their own."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.images import image_of, machine, make, opens  # noqa: E402
from harness.worker import ask  # noqa: E402

USER, WORD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
FILES = {"avatar": b"a face"}

suite = cases.Suite("images and the service")
sandbox.enter()


def newer(hearth, **fields):
    """The home's record as somebody would send it for an update."""
    record = {key: value for key, value in hearth.record(USER).items() if key not in ("binding", "status", "signature")}
    return {**record, "lastChangeUSec": record.get("lastChangeUSec", 0) + 1, **fields}


@suite.case("an image that was found is taken in with its password, and brings its files along")
def _():
    with machine() as hearth:
        letter = make(hearth, USER, WORD)
        ask(hearth, "update", USER, record=newer(hearth), password=WORD, blobs=FILES).succeeded("update")
        before = hearth.record(USER)
        ask(hearth, "unregister", USER).succeeded("unregister")
        found = {"userName": USER, "binding": {hearth.machine_id: {"imagePath": f"/home/{USER}.home", "uid": 60300, "gid": 60300}}}
        ask(hearth, "fixate", USER, record=found).refused("no password", "password-needed")
        ask(hearth, "fixate", USER, record=found, password=NEW).refused("wrong password", "bad-secret")
        after = ask(hearth, "fixate", USER, record=found, password=WORD).succeeded("fixate").record
        equal(after["signature"], before["signature"], "the record")
        equal(after["binding"][hearth.machine_id]["uid"], 60300, "the UID that it was found with")
        hearth.activate(USER, WORD)
        equal(hearth.letter(USER), letter, "the file")
        with open(f"{hearth.root}/var/cache/systemd/home/{USER}/avatar", "rb") as file:
            equal(file.read(), FILES["avatar"], "the system's copy")
        with open(f"{hearth.homes}/{USER}/.identity-blob/avatar", "rb") as file:
            equal(file.read(), FILES["avatar"], "the copy in the home")
        hearth.deactivate(USER)


@suite.case("hashes that an update brought become keys of the image, without a new password")
def _():
    with machine() as hearth:
        letter = make(hearth, USER, WORD)
        hearth.create("ann", NEW)
        hashes = hearth.record("ann")["privileged"]
        hearth.homectl("remove", "ann").succeeded("remove")
        ask(hearth, "update", USER, record=newer(hearth, privileged=hashes), password=WORD).succeeded("update")
        check(opens(image_of(hearth, USER), WORD), "the old key went with the update")
        ask(hearth, "passwd", USER, password=[WORD]).refused("the old one alone", "bad-secret")
        ask(hearth, "passwd", USER, password=[WORD, NEW]).succeeded("passwd")
        equal((opens(image_of(hearth, USER), WORD), opens(image_of(hearth, USER), NEW)), (False, True), "what opens the image")
        hearth.activate(USER, NEW)
        equal(hearth.letter(USER), letter, "the file")
        hearth.deactivate(USER)


@suite.case("an image is made of a record that was here before it")
def _():
    with machine() as hearth:
        hearth.create("ann", WORD)
        record = {"userName": USER, "storage": "luks", "diskSize": 64 << 20, "fileSystemType": "ext4", "luksPbkdfType": "pbkdf2",
                  "luksPbkdfForceIterations": 1000, "enforcePasswordPolicy": False, "privileged": hearth.record("ann")["privileged"]}
        hearth.homectl("remove", "ann").succeeded("remove")
        registered = ask(hearth, "register", USER, record=record).succeeded("register").record
        equal(hearth.listed(USER)["state"], "absent", "state")
        made = ask(hearth, "create", USER, realize=True, password=WORD).succeeded("realize").record
        equal(made["signature"], registered["signature"], "signature")
        check("luksUuid" in made["binding"][hearth.machine_id], made["binding"])
        changed = ask(hearth, "update", USER, record=newer(hearth, realName="Kim Anew"), offline=True).succeeded("update offline")
        hearth.activate(USER, WORD)
        equal(hearth.embedded(USER, f"{hearth.homes}/{USER}")["signature"], changed.record["signature"], "the copy in the home")
        hearth.deactivate(USER)
        hearth.homectl("remove", USER).succeeded("remove")


cases.main(suite)
