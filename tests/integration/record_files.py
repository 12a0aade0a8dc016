#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files that belong to records, pictures and the like: one copy for everybody, one in the home, and hashes in the record."""
import hashlib
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, trees  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.two_homes import USER, WORD, machine  # noqa: E402
from harness.worker import ask  # noqa: E402

suite = cases.Suite("files of records")
FACE, WALL = b"a face", b"a wall" * 1000
BOTH = {"avatar": FACE, "login-background": WALL}
ANN = {"userName": "ann", "enforcePasswordPolicy": False}


def system_copy(hearth, user=USER):
    """Where everybody finds them."""
    return f"{hearth.root}/var/cache/systemd/home/{user}"


def home_copy(hearth, user=USER):
    """Where the home has them while it is not active."""
    return f"{hearth.homes}/{user}.homedir/.identity-blob"


def manifest(blobs):
    """What a record says of them."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in blobs.items()}


def both_are(hearth, blobs, user=USER):
    """Fails the case unless both copies and the record are these files."""
    equal(trees.contents(system_copy(hearth, user)), blobs, "the system's copy")
    equal(trees.contents(home_copy(hearth, user)), blobs, "the home's copy")
    equal(hearth.record(user).get("blobManifest", {}), manifest(blobs), "manifest")


def update(hearth, *, user=USER, blobs=None, password=WORD, offline=False, **fields):
    """Updates a home's record, with files."""
    record = {key: value for key, value in hearth.record(user).items() if key not in ("binding", "status", "signature")}
    if blobs is not None:
        record.pop("blobManifest", None)
    record.update(fields)
    record["lastChangeUSec"] += 1
    return ask(hearth, "update", user, record=record, blobs=blobs, password=None if offline else password, offline=offline)


@suite.case("a new home has the files that its record came with, in both places")
def _():
    with machine() as hearth:
        ask(hearth, "create", "ann", record=ANN, new=WORD, blobs=BOTH).succeeded("create")
        both_are(hearth, BOTH, "ann")
        bound = hearth.record("ann")["binding"][hearth.machine_id]
        equal(bound["blobDirectory"], "/var/cache/systemd/home/ann", "the folder that the record names")
        check("blobDirectory" not in json.dumps(hearth.embedded("ann")), "it is named in the home as well")
        modes = [os.stat(path).st_mode & 0o7777 for path in (system_copy(hearth, "ann"), f"{system_copy(hearth, 'ann')}/avatar")]
        equal(modes, [0o755, 0o644], "modes")
        owners = {os.lstat(path).st_uid for path in (home_copy(hearth, "ann"), f"{home_copy(hearth, 'ann')}/avatar")}
        equal(owners, {bound["uid"]}, "owners in the home")
        hearth.homectl("remove", "ann").succeeded("remove")
        check(not os.path.exists(system_copy(hearth, "ann")), "the system's copy outlived the home")


@suite.case("files and manifest have to fit, or nothing is made")
def _():
    with machine() as hearth:
        for record, blobs, why in (({**ANN, "blobManifest": manifest(BOTH)}, {"avatar": FACE}, "blobs-mismatch"),
                                   ({**ANN, "blobManifest": manifest(BOTH)}, None, "blobs-mismatch"),
                                   ({**ANN, "blobManifest": {}}, BOTH, "blobs-mismatch"),
                                   (ANN, {".hidden": b""}, "blob-name")):
            ask(hearth, "create", "ann", record=record, new=WORD, blobs=blobs).refused("create", why)
        ask(hearth, "create", "ann", record={**ANN, "imagePath": f"/home/{USER}.homedir"}, new=WORD,
            blobs=BOTH).refused("create", "image-path-taken")
        check(not os.path.exists(system_copy(hearth, "ann")), "a copy of what was refused")
        ask(hearth, "create", "ann", record={**ANN, "blobManifest": manifest(BOTH)}, new=WORD, blobs=BOTH).succeeded("create")
        hearth.homectl("remove", "ann").succeeded("remove")


@suite.case("an update replaces all files, keeps them, or takes them away")
def _():
    with machine() as hearth:
        update(hearth, blobs=BOTH).succeeded("two files")
        both_are(hearth, BOTH)
        update(hearth, realName="Kim Anew").succeeded("another field")
        both_are(hearth, BOTH)
        update(hearth, blobs={"avatar": WALL}).succeeded("another picture")
        both_are(hearth, {"avatar": WALL})
        update(hearth, blobManifest=manifest(BOTH)).refused("without its files", "blobs-mismatch")
        hearth.activate(USER, WORD)
        update(hearth, blobs={"avatar": FACE, "same": FACE}).succeeded("while it is active")
        hearth.deactivate(USER)
        both_are(hearth, {"avatar": FACE, "same": FACE})
        update(hearth, blobs={}).succeeded("none")
        both_are(hearth, {})
        check("blobDirectory" not in hearth.record(USER)["binding"][hearth.machine_id], "the folder is still named")
        shutil.rmtree(home_copy(hearth))


@suite.case("a login brings both copies into agreement, whichever is damaged or missing")
def _():
    with machine() as hearth:
        update(hearth, blobs=BOTH).succeeded("update")

        def is_mended(damage):
            damage()
            hearth.activate(USER, WORD)
            hearth.deactivate(USER)
            both_are(hearth, BOTH)

        is_mended(lambda: shutil.rmtree(system_copy(hearth)))
        is_mended(lambda: shutil.rmtree(home_copy(hearth)))
        is_mended(lambda: os.unlink(f"{home_copy(hearth)}/avatar"))
        is_mended(lambda: os.rename(f"{system_copy(hearth)}/avatar", f"{system_copy(hearth)}/.{manifest(BOTH)['avatar']}"))
        update(hearth, blobs={"avatar": WALL, "login-background": FACE}, offline=True).succeeded("update offline")
        equal(trees.contents(home_copy(hearth)), BOTH, "the home's copy before it is opened")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        both_are(hearth, {"avatar": WALL, "login-background": FACE})
        update(hearth, blobs={}).succeeded("none")
        shutil.rmtree(home_copy(hearth))


@suite.case("what a user puts there is not what the record says, and never gets to the others")
def _():
    with machine() as hearth:
        update(hearth, blobs={"avatar": FACE}).succeeded("update")
        secret = f"{hearth.root}/secret"
        with open(secret, "w", encoding="ascii") as file:
            file.write("for root alone")
        os.unlink(f"{home_copy(hearth)}/avatar")
        os.symlink(secret, f"{home_copy(hearth)}/avatar")
        os.symlink(secret, f"{home_copy(hearth)}/more")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        both_are(hearth, {"avatar": FACE})
        shutil.rmtree(home_copy(hearth))
        os.symlink("/etc", home_copy(hearth))
        check("brought up to date" in hearth.activate(USER, WORD).err, "no warning")
        hearth.deactivate(USER)
        os.unlink(home_copy(hearth))
        update(hearth, blobs={}).succeeded("none")


@suite.case("a home brings its files along to a machine that does not know it")
def _():
    with machine() as hearth:
        update(hearth, blobs=BOTH).succeeded("update")
        record = hearth.record(USER)
        ask(hearth, "unregister", USER).succeeded("unregister")
        check(not os.path.exists(system_copy(hearth)), "the system's copy outlived the record")
        hearth.homectl("adopt", f"/home/{USER}.homedir").succeeded("adopt")
        both_are(hearth, BOTH)
        ask(hearth, "unregister", USER).succeeded("unregister")
        portable = {key: value for key, value in record.items() if key not in ("binding", "status")}
        ask(hearth, "register", USER, record=portable).succeeded("register without files")
        hearth.activate(USER, WORD)
        hearth.deactivate(USER)
        both_are(hearth, BOTH)
        ask(hearth, "register", "ann", record=ANN, blobs=BOTH).succeeded("register with files")
        equal(trees.contents(system_copy(hearth, "ann")), BOTH, "the system's copy")
        ask(hearth, "unregister", "ann").succeeded("unregister")
        update(hearth, blobs={}).succeeded("none")
        shutil.rmtree(home_copy(hearth))


cases.main(suite)
