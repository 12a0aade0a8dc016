#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hearth beside systemd-homed 252 on this machine: each operation once with one, once with the other, in turns."""
import argparse
import glob
import json
import os
import shutil
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import sandbox  # noqa: E402
from harness.hearth import Hearth, program  # noqa: E402
from harness.peer import Peer  # noqa: E402
from floors import Costs, spawn  # noqa: E402

FOLDER = "/var/lib/hearth-dev/bench"  # a real disk: syncing is part of what is measured
PASSWORD, CHANGED = "Geheim-123x", "Geheim-456y"
# A storage joins with its options here and its floors in floors.py.
STORAGES = {"directory": ["--storage=directory"]}
# In this order on each new home: (operation, arguments after the user's name, password, new password)
STEPS = [
    ("create", None, None, PASSWORD),
    ("list", [], None, None),
    ("inspect", [], None, None),
    ("authenticate", [], PASSWORD, None),
    ("activate", [], PASSWORD, None),
    ("update", ["--real-name=Bench Mark"], PASSWORD, None),
    ("deactivate", [], None, None),
    ("passwd", [], PASSWORD, CHANGED),
    ("remove", [], None, None),
]
HALF = 0.5          # of the peer's time
NEAR_FLOOR = 1.5    # times the floor
BOUND_BY_FLOOR = ("create", "authenticate", "activate", "passwd")
BOUND_BY_HALF = BOUND_BY_FLOOR + ("deactivate", "remove")


class Side:
    """One of the two: how a command line and an environment are made for it."""

    def __init__(self, command, environment):
        self.command, self.environment = command, environment
        self.times = {}

    def step(self, operation, user, arguments, password, new):
        """Runs one operation and keeps its time; ends the benchmark if it fails."""
        environment = dict(self.environment)
        environment.update({key: value for key, value in (("PASSWORD", password), ("NEWPASSWORD", new)) if value})
        command = self.command(operation, *([] if operation == "list" else [user]), *arguments)
        taken, status = spawn(command, environment, f"{FOLDER}/output")
        if status != 0:
            with open(f"{FOLDER}/output", encoding="utf-8", errors="replace") as output:
                sys.exit(f"bench: {' '.join(command)} failed with status {status}:\n{output.read()}")
        self.times.setdefault(operation, []).append(taken)


def measure(storage, runs, sides):
    """`runs` homes on each side, each operation in turns: A B A B."""
    for run in range(-1, runs):  # run -1 warms caches and is not counted
        for operation, arguments, password, new in STEPS:
            more = STORAGES[storage] + ["--enforce-password-policy=no"] if arguments is None else arguments
            for side in sides:
                side.step(operation, f"bench{run + 1}", more, password, new)
        if run == -1:
            for side in sides:
                side.times.clear()


def rows(storage, runs, ours, theirs, costs):
    """One row per operation, as in the JSON file."""
    for operation, *_ in STEPS:
        mine, peer = statistics.median(ours.times[operation]), statistics.median(theirs.times[operation])
        floor = costs.floor(storage, operation)
        yield {"operation": operation, "storage": storage, "runs": runs, "ours_ms": round(mine, 2),
               "theirs_ms": round(peer, 2), "ratio": round(mine / peer, 3),
               "floor_ms": None if floor is None else round(floor, 2)}


def verdict(row):
    """Whether the goal for this operation is met, in a word, and which part of it is not."""
    if row["operation"] not in BOUND_BY_HALF:
        return "-"
    missed = [f"> {HALF} x theirs"] if row["ratio"] > HALF else []
    if row["operation"] in BOUND_BY_FLOOR and row["ours_ms"] > NEAR_FLOOR * row["floor_ms"]:
        missed.append(f"> {NEAR_FLOOR} x floor")
    return "no: " + ", ".join(missed) if missed else "yes"


def show(table):
    """Prints the table."""
    line = "{:14} {:10} {:>5} {:>9} {:>9} {:>6} {:>9} {:>7}  {}"
    print(line.format("OPERATION", "STORAGE", "RUNS", "OURS ms", "THEIRS ms", "RATIO", "FLOOR ms", "x FLOOR", "GOAL MET"))
    for row in table:
        floor = row["floor_ms"]
        print(line.format(row["operation"], row["storage"], row["runs"], f"{row['ours_ms']:.1f}",
                          f"{row['theirs_ms']:.1f}", f"{row['ratio']:.2f}", "-" if floor is None else f"{floor:.1f}",
                          "-" if floor is None else f"{row['ours_ms'] / floor:.2f}", verdict(row)))


def prepare():
    """An empty folder on disk; one that an interrupted run left behind goes."""
    for stale in glob.glob(f"{FOLDER}/*"):
        shutil.rmtree(stale) if os.path.isdir(stale) else os.unlink(stale)
    for folder in ("theirs/state", "theirs/homes", "ours", "costs"):
        os.makedirs(f"{FOLDER}/{folder}", mode=0o755)


def main():
    """Measures, prints, and writes the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="homes per side, at least 10 (default 15)")
    parser.add_argument("--json", metavar="FILE", help="write the results to this file too")
    parser.add_argument("--storage", choices=sorted(STORAGES), action="append", help="only this storage")
    parser.add_argument("--cpu", type=int, help="pin everything to this CPU (default: the last)")
    parser.add_argument("--strict", action="store_true", help="fail if a goal is missed")
    options = parser.parse_args()
    if options.runs < 10:
        parser.error("a median of fewer than 10 runs says nothing")
    sandbox.enter()
    # Wake-ups across CPUs double small times on an idle virtual machine: all of both sides stays on one.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0)) if options.cpu is None else options.cpu})
    prepare()
    peer = Peer(f"{FOLDER}/theirs/state", f"{FOLDER}/theirs/homes", "5d0b1a9c2f6e4c7c8f3a7be0f1d2c3b4")
    peer.start()
    hearth = Hearth(f"{FOLDER}/ours")
    table = []
    for storage in options.storage or sorted(STORAGES):
        ours = Side(hearth.command, hearth.environment())
        theirs = Side(peer.command, peer.environment)
        costs = Costs(f"{FOLDER}/costs")
        measure(storage, options.runs, (ours, theirs))
        print(f"bench: {storage}: yescrypt {costs.yescrypt:.2f} ms, record {costs.record:.2f} ms, "
              f"process {costs.process:.2f} ms; {program()}; {os.path.basename(peer.root)}")
        table += rows(storage, options.runs, ours, theirs, costs)
    show(table)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(table, file, indent=2)
            file.write("\n")
    peer.stop()
    if options.strict and any(verdict(row).startswith("no") for row in table):
        sys.exit(1)


main()
