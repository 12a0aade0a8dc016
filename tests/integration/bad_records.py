#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Records that are damaged, forged or old: each is refused in words, with a stable id, wherever it comes from, and afterwards
nothing is lost or left mounted."""
import contextlib
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, trees  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import Hearth  # noqa: E402
from harness.two_homes import NEW, OTHER, USER, WORD, machine  # noqa: E402

MIB = 1024 * 1024
suite = cases.Suite("bad records")
stranger = Hearth("/mnt/stranger")
stranger.create(USER, WORD, "--real-name=Real kim")
with open(f"{stranger.homes}/{USER}.homedir/.identity", "rb") as signed_elsewhere:
    STRANGERS = signed_elsewhere.read()


@contextlib.contextmanager
def replaced(path, text):
    """The file has another content inside this block, and must still have it at its end."""
    with open(path, "rb") as file:
        good = file.read()
    with open(path, "wb") as file:
        file.write(text)
    yield
    with open(path, "rb") as file:
        equal(file.read(), text, f"the content of {path}, which homectl refused")
    with open(path, "wb") as file:
        file.write(good)


def edited(**fields):
    """Bytes of a record with other fields, its signature as it was; a field of None is dropped."""
    def change(text):
        record = json.loads(text)
        record.update(fields)
        return json.dumps({key: value for key, value in record.items() if value is not None}).encode()
    return change


# What is done to a record's text, and the ids that say so.
MALFORMED = {
    "a truncated record": (lambda text: text[:len(text) // 2], ("json-truncated",)),
    "an empty record": (lambda text: b"", ("json-truncated", "json-not-object")),
    "a record over 1 MiB": (lambda text: text + b" " * MIB, ("record-too-large", "file-too-large", "option-file-too-large")),
    "a deeply nested record": (lambda text: b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"," + text.strip()[1:], ("json-depth",)),
    "a record with a key twice": (lambda text: b'{"userName":"root",' + text.strip()[1:], ("json-duplicate-key",)),
    "a record with a NUL in a value": (lambda text: text.replace(b"Real", b"Re\\u0000al"), ("json-nul",)),
    "a record with a NUL in a key": (lambda text: b'{"userName\\u0000x":"root",' + text.strip()[1:], ("json-nul",)),
    "a record with a NUL byte": (lambda text: text.replace(b"Real", b"Re\0al"), ("json-nul", "json-control")),
    "a record that is not UTF-8": (lambda text: text.replace(b"Real", b"Re\xffal"), ("json-utf8",)),
    "a record that is a list": (lambda text: b"[" + text + b"]", ("json-not-object",)),
}
UNTRUSTED = {
    "a wrongly signed record": (edited(realName="Somebody Else"), ("record-signature-mismatch",)),
    "an unsigned record": (edited(signature=None), ("record-unsigned",)),
    "a record that a stranger signed": (lambda text: STRANGERS, ("record-unknown-key",)),
}


def add_record_cases(title, change, ids, only_files):
    """The same text as the host's record, as the home's own record, and as a file that is handed in."""
    @suite.case(f"{title} in the state folder")
    def _():
        with machine() as hearth:
            path = f"{hearth.state}/{USER}.identity"
            with open(path, "rb") as file:
                text = change(file.read())
            with replaced(path, text):
                hearth.homectl("activate", USER, password=WORD).refused("activate", *ids)
                hearth.homectl("passwd", USER, password=WORD, new=NEW).refused("passwd", *ids)
                listed = hearth.homectl("list", "--json=short")
                check(f'"{OTHER}"' in listed.out, f"one broken record hides the other homes: {listed!r}")
                check(listed.status == 0 or any(one in listed.ids for one in ids), f"list does not say why: {listed!r}")
                equal(hearth.mounts(), [], "mounts")

    @suite.case(f"{title} in the home")
    def _():
        with machine() as hearth:
            path = f"{hearth.homes}/{USER}.homedir/.identity"
            with open(path, "rb") as file:
                text = change(file.read())
            with replaced(path, text):
                hearth.homectl("activate", USER, password=WORD).refused("activate", *ids)
                equal(hearth.mounts(), [], "mounts")

    if only_files:
        return

    @suite.case(f"{title} handed to create and update")
    def _():
        with machine() as hearth:
            with open(f"{hearth.state}/{USER}.identity", "rb") as file:
                text = change(file.read())
            with open("/mnt/handed", "wb") as file:
                file.write(text)
            before = trees.digest(hearth.state)
            hearth.homectl("create", "--identity=/mnt/handed", new=WORD).refused("create", *ids)
            hearth.homectl("update", USER, "--identity=/mnt/handed", password=WORD).refused("update", *ids)
            equal(trees.digest(hearth.state), before, "the state folder")


for key, (function, expected) in MALFORMED.items():
    add_record_cases(key, function, expected, only_files=False)
for key, (function, expected) in UNTRUSTED.items():
    add_record_cases(key, function, expected, only_files=True)


@suite.case("a record older than the one that is here is not taken by update")
def _():
    with machine() as hearth:
        old = hearth.homectl("inspect", "-E", USER).succeeded("inspect -E").out
        hearth.homectl("update", USER, "--real-name=Newer", password=WORD).succeeded("update")
        with open("/mnt/handed", "w", encoding="utf-8") as file:
            file.write(old)
        hearth.homectl("update", USER, "--identity=/mnt/handed", password=WORD).refused("update", "record-downgrade")
        equal(hearth.record(USER)["realName"], "Newer", "the record's real name")


@suite.case("an older record in the home does not replace the host's")
def _():
    with machine() as hearth:
        with open(f"{hearth.homes}/{USER}.homedir/.identity", "rb") as file:
            old = file.read()
        hearth.homectl("update", USER, "--real-name=Newer", password=WORD).succeeded("update")
        with open(f"{hearth.homes}/{USER}.homedir/.identity", "wb") as file:
            file.write(old)
        hearth.activate(USER, WORD)
        equal((hearth.record(USER)["realName"], hearth.embedded(USER)["realName"]), ("Newer", "Newer"), "both real names")
        hearth.deactivate(USER)


cases.main(suite)
