#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""SIGKILL at every system call of the verbs that only a service asks for, and of updates with files: afterwards the record is the
old or the new one, no file is left that belongs to nobody, and the home opens with its password.

HEARTH_KILL_POINTS says how many calls of a verb are tried, evenly spread; all if it is not set."""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, trees  # noqa: E402
from harness.cases import Failure, check, equal  # noqa: E402
from harness.death import KILL_AT, WORKER, spread  # noqa: E402
from harness.hearth import Hearth  # noqa: E402
from harness.worker import ask  # noqa: E402

USER, WORD = "kim", "Altes-Wort-1"
MACHINE = "0c5f7a1e3b2d4c6f8a9b0c1d2e3f4a5b"
MOST = int(os.environ.get("HEARTH_KILL_POINTS", "1000000"))
OLD, NEW = {"avatar": b"old", "same": b"wall"}, {"avatar": b"new", "more": b"wall"}

suite = cases.Suite("kill loop, verbs of the service")
sandbox.enter()


def portable(hearth, **fields):
    """The home's record as somebody would send it, unsigned, newer, without its files."""
    hidden = ("binding", "status", "signature", "blobManifest")
    record = {key: value for key, value in hearth.record(USER).items() if key not in hidden}
    return {**record, "lastChangeUSec": record["lastChangeUSec"] + 1, **fields}


known = Hearth("/mnt/known", MACHINE)
known.create(USER, WORD)
ask(known, "update", USER, record=portable(known), password=WORD, blobs=OLD).succeeded("update")
SENT = portable(known, realName="After")
FOUND = {"userName": USER, "binding": {MACHINE: {"imagePath": f"/home/{USER}.homedir", "storage": "directory"}}}
subprocess.run(["cp", "-a", "/mnt/known", "/mnt/found"], check=True)
ask(Hearth("/mnt/found", MACHINE), "unregister", USER).succeeded("unregister")
virgin = Hearth("/mnt/virgin", MACHINE)
Hearth("/mnt/planned", MACHINE)
ask(Hearth("/mnt/planned", MACHINE), "register", USER, record=SENT, blobs=OLD).succeeded("register")

# The machine that each verb starts from, and the request.
VERBS = {
    "register": ("virgin", {"record": SENT, "blobs": NEW}),
    "unregister": ("known", {}),
    "fixate": ("found", {"record": FOUND, "password": WORD}),
    "create": ("virgin", {"record": SENT, "blobs": NEW, "password": WORD}),
    "realize": ("planned", {"realize": True, "password": WORD}),
    "update": ("known", {"record": SENT, "blobs": NEW, "password": WORD}),
    "update of a record alone": ("known", {"record": SENT, "blobs": NEW, "offline": True}),
    "passwd without a new password": ("known", {"password": WORD}),
}
WORDS = {"realize": "create", "update of a record alone": "update", "passwd without a new password": "passwd"}


def run(name, at, report):
    """Runs the verb on a fresh machine, killed at a call (0: not at all)."""
    template, request = VERBS[name]
    shutil.rmtree("/mnt/machine", ignore_errors=True)
    subprocess.run(["cp", "-a", f"/mnt/{template}", "/mnt/machine"], check=True)
    hearth = Hearth("/mnt/machine", MACHINE)
    answer = ask(hearth, WORDS.get(name, name), USER, under=(KILL_AT, WORKER, WORKER, str(at), report), skipQuality=True, **request)
    if at == 0:
        answer.succeeded(name)
    return hearth


def look(hearth):
    """The next start, and everything after it."""
    row = hearth.listed(USER)
    equal(hearth.leftovers(), [], "left behind")
    system = f"{hearth.root}/var/cache/systemd/home/{USER}"
    if row is None:
        check(not os.path.exists(system), "files of a record that is not here")
        if not os.path.exists(f"{hearth.homes}/{USER}.homedir"):
            return "nothing"
        ask(hearth, "fixate", USER, record=FOUND, password=WORD).succeeded("fixate")
    elif row["state"] == "absent":
        ask(hearth, "create", USER, realize=True, password=WORD, skipQuality=True).succeeded("realize")
    hearth.activate(USER, WORD)
    hearth.deactivate(USER)
    record = hearth.record(USER)
    inside = trees.contents(f"{hearth.homes}/{USER}.homedir/.identity-blob")
    equal(trees.contents(system), inside, "the two copies of the files")
    check(inside in (OLD, NEW), f"the files are neither the old nor the new ones: {inside}")
    equal(set(record["blobManifest"]), set(inside), "the names in the record")
    if inside == NEW:
        equal(record.get("realName"), "After", "the record of the new files")
    equal((hearth.leftovers(), hearth.mounts()), ([], []), "left behind in the end")
    return "new" if record.get("realName") == "After" else "old"


def add_case(name):
    """All points of one verb."""
    @suite.case(name)
    def _():
        report = "/mnt/report"
        run(name, 0, report)
        with open(report, encoding="utf-8", errors="replace") as file:
            calls = sum(1 for line in file if line.strip())
        check(calls > 3, f"only {calls} calls were seen")
        bad = []
        for at in spread(calls, MOST):
            try:
                look(run(name, at, report))
            except Failure as failure:
                bad.append(f"call {at}: {failure}")
        check(not bad, "\n".join([f"{len(bad)} of {calls} points:", *bad[:5]]))
        print(f"{name}: {calls} points")


for verb in VERBS:
    add_case(verb)
cases.main(suite)
