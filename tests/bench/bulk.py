#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Forty accounts at once: with one call of homectl, with a client for each, with the peer, and with useradd; on all processors.

Everything is done once in each round, with the floor before it: forty hashes spread over the processors. So whoever else
uses the machine slows both. Prints the rows; bench.py calls this.
"""
import ctypes
import json
import os
import shutil
import statistics
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import sandbox  # noqa: E402
from harness.hearth import Hearth  # noqa: E402
from harness.peer import Peer  # noqa: E402
from elsewhere import OverBus  # noqa: E402
from floors import at_once  # noqa: E402

FOLDER = "/var/lib/hearth-dev/bench-bulk"  # a real disk: syncing is part of what is measured
PASSWORD = "Geheim-123x"
MANY = 40
OPTIONS = ["--storage=directory", "--enforce-password-policy=no"]
USERS = [f"bulk{i}" for i in range(MANY)]
SETTING = b"$y$j9T$L0dZF0UCwMKTKYP0Z17FF1"


def hash_many():
    """The floor, in milliseconds: so many hashes, by as many processes as the service has workers. On an idle machine as many
    as there are processors are as fast; on one that others use, a share of the processors is given to each process."""
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    processes = len(os.sched_getaffinity(0)) + 2
    begin, children = time.perf_counter(), []
    for part in range(processes):
        if (child := os.fork()) == 0:
            for _ in range(part, MANY, processes):
                crypt(PASSWORD.encode(), SETTING)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return (time.perf_counter() - begin) * 1000


def checked(answer, what):
    """The time of what worked."""
    taken, status = answer
    if status != 0:
        with open(f"{FOLDER}/output", encoding="utf-8", errors="replace") as output:
            sys.exit(f"bench: {what} failed with status {status}:\n{output.read()}")
    return taken


class Rounds:
    """The two machines, and how long each thing took on them."""

    def __init__(self):
        shutil.rmtree(FOLDER, ignore_errors=True)
        for folder in ("theirs/state", "theirs/homes", "ours/state", "ours/homes", "alone"):
            os.makedirs(f"{FOLDER}/{folder}", mode=0o755)
        self.records, self.words = f"{FOLDER}/records", f"{FOLDER}/words"
        with open(self.records, "w", encoding="ascii") as records, open(self.words, "w", encoding="ascii") as words:
            for user in USERS:
                records.write(json.dumps({"userName": user, "secret": {"password": [PASSWORD]}}) + "\n")
                words.write(f"{user}:{PASSWORD}\n")
        self.service = OverBus(f"{FOLDER}/ours/state", f"{FOLDER}/ours/homes")
        self.alone = Hearth(f"{FOLDER}/alone")
        self.peer = Peer(f"{FOLDER}/theirs/state", f"{FOLDER}/theirs/homes", "5d0b1a9c2f6e4c7c8f3a7be0f1d2c3b4")
        self.peer.start()
        self.times, self.floors = {}, {}

    def timed(self, name, act, commands, environment, undo):
        """One thing, right behind its floor; then it is undone."""
        floor = hash_many()
        self.times.setdefault(name, []).append(checked(act(commands, environment, f"{FOLDER}/output"), name))
        self.floors.setdefault(name, []).append(floor)
        checked(act([undo], environment, f"{FOLDER}/output"), f"undoing {name}")

    def one(self):
        """A round."""
        with_bus, without, theirs = self.service.environment(), self.alone.environment(), dict(self.peer.environment)
        bulk = ["create", f"--many={self.records}", *OPTIONS]
        self.timed("one call", at_once, [self.alone.command(*bulk)], without, self.alone.command("remove", *USERS))
        self.timed("one call, bus", self.service.at_once, [self.service.command(*bulk)], with_bus,
                   self.service.command("remove", *USERS))
        clients = [self.service.command("create", user, *OPTIONS) for user in USERS]
        self.timed("40 clients", self.service.at_once, clients, {**with_bus, "NEWPASSWORD": PASSWORD},
                   self.service.command("remove", *USERS))
        stock = [self.peer.command("create", user, *OPTIONS) for user in USERS]
        self.timed("theirs", at_once, stock, {**theirs, "NEWPASSWORD": PASSWORD}, self.peer.command("remove", *USERS))
        self.timed("stock clients", self.service.at_once, stock, {**theirs, "NEWPASSWORD": PASSWORD},
                   self.service.command("remove", *USERS))
        self.timed("useradd", at_once, [["/bin/sh", "-ec", f"for i in {' '.join(USERS)}; do useradd -m $i; done; "
                                         f"chpasswd -c YESCRYPT <{self.words}"]],
                   without, ["/bin/sh", "-ec", f"for i in {' '.join(USERS)}; do userdel -r $i 2>/dev/null; done"])

    def row(self, name, theirs=None):
        """One row, as bench.py has them. Times the floor: the median over the rounds, each with its own."""
        ours, floor = statistics.median(self.times[name]), statistics.median(self.floors[name])
        times_floor = statistics.median(a / b for a, b in zip(self.times[name], self.floors[name]))
        peer = statistics.median(self.times[theirs]) if theirs else None
        return {"operation": name, "ours": ours, "floor": floor, "times_floor": times_floor, "theirs": peer}


def main():
    """Measures and prints."""
    rounds = int(sys.argv[1])
    sandbox.enter()
    both = Rounds()
    both.one()  # warms caches, and is not counted
    both.times.clear()
    both.floors.clear()
    for _ in range(rounds):
        both.one()
    rows = [both.row("one call", "useradd"), both.row("one call, bus", "useradd"), both.row("40 clients", "theirs"),
            both.row("stock clients", "theirs")]
    both.peer.stop()
    both.service.stop()
    shutil.rmtree(FOLDER, ignore_errors=True)
    print("rows: " + json.dumps(rows))


main()
