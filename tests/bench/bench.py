#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hearth beside systemd-homed 252 on this machine: each operation once with one, once with the other, in turns."""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import sandbox  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.hearth import Hearth, program  # noqa: E402
from harness.peer import Peer, unpacked  # noqa: E402
from vm import guest  # noqa: E402
from floors import Costs, spawn  # noqa: E402
from elsewhere import OverBus  # noqa: E402

FOLDER = "/var/lib/hearth-dev/bench"  # a real disk: syncing is part of what is measured
PASSWORD, CHANGED = "Geheim-123x", "Geheim-456y"
# A storage joins with a line here and its floors in floors.py. What 252 cannot make is measured alone.
#   options of create, a file system of its own (its kind, what it is made with), does 252 have it too?
STORAGES = {
    "directory": (["--storage=directory"], None, True),
    "directory-bus": (["--storage=directory"], None, True),
    "subvolume": (["--storage=subvolume"], ("btrfs", ()), True),
    "fscrypt-v1": (["--storage=fscrypt", "--hearth-fscrypt-format=v1"], ("ext4", ("-O", "encrypt")), True),
    "fscrypt-v2": (["--storage=fscrypt"], ("ext4", ("-O", "encrypt")), False),
}
# Through hearthd on a bus, as the peer always is; the others without a service.
OVER_BUS = {"directory-bus"}
# Where this machine's kernel cannot do it: in a guest, by a program of its own.
IN_GUEST = {"luks": "luks.py"}
# What is asked of the service, not done by a command: by a program of its own, too.
LOOKUPS = "lookups"
# The same with ten thousand homes, beside ourselves with ten.
MANY = "many"
# Many accounts at once, on all processors: by a program of its own.
BULK = "bulk"
BULK_GOAL = 1.3  # times the floor, for one call
CLIENTS_GOAL = 600  # ms, or half of the peer's time
ALL = [*STORAGES, *IN_GUEST, LOOKUPS, MANY, BULK]
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
# 252 cannot change the password of a subvolume that was active before (EOVERFLOW): there it is changed while it is active.
IN_ACTIVE_HOME = {"subvolume": ("passwd",)}
HALF = 0.5  # of the peer's time
OPENING = ("create", "authenticate", "activate", "passwd")
HALF_FOR = {"directory": OPENING + ("deactivate", "remove"), "directory-bus": OPENING + ("deactivate",),
            "subvolume": OPENING + ("deactivate", "remove")}
TIMES_FLOOR = {"directory": 1.5, "fscrypt-v1": 1.5, "fscrypt-v2": 1.3}  # for OPENING
OF_THEIRS = {("luks", "create"): 0.3, ("luks", "activate"): 0.7, ("luks", "passwd"): 0.7,  # of the peer's time
             (LOOKUPS, "by Varlink"): HALF, (LOOKUPS, "connect, ask"): HALF,
             (LOOKUPS, "bus, record"): 0.6, (LOOKUPS, "bus, home"): 1.0}
OF_ITSELF = 1.3  # of the time with ten homes
MANY_AT_MOST = {"start": 1000, "RSS, MB": 120, "PSS, MB": 120, "list, bus": 200, "list, alone": 200}
MANY_TIMES_FLOOR = {"getpwent": 1.3}
AT_LEAST = {("luks", "write, MiB/s"): 0.9}  # of the peer's throughput

class Side:
    """One of the two: how a command line and an environment are made for it."""

    def __init__(self, command, environment):
        self.command, self.environment = command, environment
        self.spawn = spawn
        self.times = {}

    @staticmethod
    def options(options):
        """The options of create, as far as this side has them."""
        return [*options, "--enforce-password-policy=no"]

    def step(self, operation, user, arguments, password, new):
        """Runs one operation and keeps its time; ends the benchmark if it fails."""
        environment = dict(self.environment)
        environment.update({key: value for key, value in (("PASSWORD", password), ("NEWPASSWORD", new)) if value})
        command = self.command(operation, *([] if operation == "list" else [user]), *arguments)
        taken, status = self.spawn(command, environment, f"{FOLDER}/output")
        if status != 0:
            with open(f"{FOLDER}/output", encoding="utf-8", errors="replace") as output:
                sys.exit(f"bench: {' '.join(command)} failed with status {status}:\n{output.read()}")
        self.times.setdefault(operation, []).append(taken)


class Theirs(Side):
    """The same for the peer, which knows none of our options."""

    @staticmethod
    def options(options):
        return [option for option in options if not option.startswith("--hearth-")] + ["--enforce-password-policy=no"]


def steps_of(storage):
    """STEPS, with what this storage has to do earlier moved in front of deactivate."""
    early = [step for step in STEPS if step[0] in IN_ACTIVE_HOME.get(storage, ())]
    rest = [step for step in STEPS if step not in early]
    at = [step[0] for step in rest].index("deactivate")
    return rest[:at] + early + rest[at:]


def measure(storage, runs, sides):
    """`runs` homes on each side, each operation in turns: A B A B."""
    options = STORAGES[storage][0]
    for run in range(-1, runs):  # run -1 warms caches and is not counted
        for operation, arguments, password, new in steps_of(storage):
            for side in sides:
                more = side.options(options) if arguments is None else arguments
                side.step(operation, f"bench{run + 1}", more, password, new)
        if run == -1:
            for side in sides:
                side.times.clear()


def rows(storage, runs, ours, theirs, costs):
    """One row per operation, as in the JSON file."""
    for operation, *_ in STEPS:
        mine = statistics.median(ours.times[operation])
        peer = statistics.median(theirs.times[operation]) if theirs else None
        floor = costs.floor(storage, operation)
        yield {"operation": operation, "storage": storage, "runs": runs, "ours_ms": round(mine, 2),
               "theirs_ms": round(peer, 2) if peer else None, "ratio": round(mine / peer, 3) if peer else None,
               "floor_ms": None if floor is None else round(floor, 2)}


def verdict(row):
    """Whether the goal for this operation is met, in a word, and which part of it is not."""
    operation, storage, missed, goals = row["operation"], row["storage"], [], 0
    if storage == MANY:
        return verdict_of_many(row)
    if storage == BULK:
        return verdict_of_bulk(row)
    if (goal := OF_THEIRS.get((storage, operation))) is not None:
        return "yes" if row["ratio"] <= goal else f"no: > {goal} x theirs"
    if (goal := AT_LEAST.get((storage, operation))) is not None:
        return "yes" if row["ratio"] >= goal else f"no: < {goal} x plain"
    if operation in HALF_FOR.get(storage, ()):
        goals += 1
        missed += [f"> {HALF} x theirs"] if row["ratio"] > HALF else []
    if operation in OPENING and storage in TIMES_FLOOR:
        goals += 1
        missed += [f"> {TIMES_FLOOR[storage]} x floor"] if row["ours_ms"] > TIMES_FLOOR[storage] * row["floor_ms"] else []
    return "no: " + ", ".join(missed) if missed else "yes" if goals else "-"


def verdict_of_many(row):
    """The same for ten thousand homes: the limit that a row has, or that it has to be like that of ten homes; beside it the goal."""
    operation = row["operation"]
    if (most := MANY_AT_MOST.get(operation)) is not None:
        return judged(row["ours_ms"] <= most, f"<= {most}")
    if (times := MANY_TIMES_FLOOR.get(operation)) is not None:
        return judged(row["ours_ms"] <= times * row["floor_ms"], f"<= {times} x floor")
    if operation.startswith(("Varlink", "bus", "NSS", "create")):
        return judged(row["ratio"] <= OF_ITSELF, f"<= {OF_ITSELF} x ten homes")
    return "-"


def verdict_of_bulk(row):
    """The same for accounts that are made at once."""
    if row["operation"].startswith("one call"):
        return "yes" if row["times_floor"] <= BULK_GOAL else f"no: > {BULK_GOAL} x floor"
    if row["operation"] == "40 clients":
        met = row["ours_ms"] <= CLIENTS_GOAL or row["ratio"] <= HALF
        return "yes" if met else f"no: > {CLIENTS_GOAL} ms and > {HALF} x theirs"
    return "-"


def judged(met, goal):
    """A verdict that says its goal."""
    return f"yes: {goal}" if met else f"no: not {goal}"


def show(table):
    """Prints the table."""
    line = "{:14} {:10} {:>5} {:>9} {:>9} {:>6} {:>9} {:>7}  {}"
    print(line.format("OPERATION", "STORAGE", "RUNS", "OURS ms", "THEIRS ms", "RATIO", "FLOOR ms", "x FLOOR", "GOAL MET"))
    for row in table:
        floor, theirs = row["floor_ms"], row["theirs_ms"]
        print(line.format(row["operation"], row["storage"], row["runs"], time_text(row["ours_ms"]), time_text(theirs),
                          f"{row['ratio']:.2f}" if theirs else "-", time_text(floor),
                          times_floor(row) if floor else "-", verdict(row)))


def times_floor(row):
    """How many times the floor: of each round by itself, where the row has that."""
    return f"{row.get('times_floor') or row['ours_ms'] / row['floor_ms']:.2f}"


def time_text(value):
    """Milliseconds as the table has them: a look-up takes far less than one."""
    if not value:
        return "-"
    return f"{value:.1f}" if value >= 1 else f"{value:.3f}"


def prepare(file_system):
    """An empty folder on disk; one that an interrupted run left behind goes. Both sides are on one file system."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER, mode=0o755)
    if file_system:
        kind, features = file_system
        mount_disk(kind, f"{FOLDER}/disk", features=features)
    for folder in ("theirs/state", "theirs/homes", "ours/state", "ours/homes", "costs"):
        os.makedirs(f"{FOLDER}/disk/{folder}", mode=0o755)


def stay_on_one_cpu(options):
    """Wake-ups across CPUs double small times on an idle virtual machine: all of both sides stays on one."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0)) if options.cpu is None else options.cpu})


def bench_one(storage, options):
    """One storage, in namespaces of its own; writes its rows to the file that the other end gave."""
    sandbox.enter()
    stay_on_one_cpu(options)
    _, file_system, has_peer = STORAGES[storage]
    prepare(file_system)
    disk = f"{FOLDER}/disk"
    peer = theirs = service = None
    if storage in OVER_BUS:
        service = OverBus(f"{disk}/ours/state", f"{disk}/ours/homes")
        ours = Side(service.command, service.environment())
        ours.spawn = service.spawn
    else:
        hearth = Hearth(f"{disk}/ours")
        ours = Side(hearth.command, hearth.environment())
    if has_peer:
        peer = Peer(f"{disk}/theirs/state", f"{disk}/theirs/homes", "5d0b1a9c2f6e4c7c8f3a7be0f1d2c3b4")
        peer.start()
        theirs = Theirs(peer.command, peer.environment)
    costs = Costs(f"{disk}/costs")
    measure(storage, options.runs, [side for side in (ours, theirs) if side])
    print(f"bench: {storage}: {costs.summary()}; {program()}; {os.path.basename(peer.root) if peer else 'without a peer'}")
    with open(options.rows, "w", encoding="utf-8") as file:
        json.dump(list(rows(storage, options.runs, ours, theirs, costs)), file)
    for other in (peer, service):
        if other:
            other.stop()


def guest_rows(storage, options):
    """Runs the program of a storage in a guest and returns its rows."""
    unpacked()  # guests have no network
    stay_on_one_cpu(options)  # the guest has no other, but its kernel and its programs are different processes here
    with tempfile.TemporaryFile("w+", prefix="hearth-bench-") as output:
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), IN_GUEST[storage])
        ending = guest.run("uml", [sys.executable, "-B", program, str(options.runs)], limit=3600, output=output.fileno())
        output.seek(0)
        text = output.read()
    lines = [line.removeprefix("rows: ") for line in text.splitlines() if line.startswith("rows: ")]
    if ending.status != 0 or not lines:
        sys.exit(f"bench: {storage}: {ending.problem or 'the guest failed'}\n{text}")
    found = json.loads(lines[0])
    print(f"bench: {storage}, in user-mode Linux: keys of {', '.join(sorted(set(found['keys'])))}")
    return [{"operation": row["operation"], "storage": storage, "runs": options.runs, "ours_ms": round(row["ours"], 2),
             "theirs_ms": round(row["theirs"], 2), "ratio": round(row["ours"] / row["theirs"], 3), "floor_ms": None}
            for row in found["rows"]]


def lookup_rows(options):
    """Runs the program for look-ups and returns its rows."""
    cpu = max(os.sched_getaffinity(0)) if options.cpu is None else options.cpu
    rounds = 20 * options.runs
    program_of_lookups = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lookups.py")
    done = subprocess.run(["taskset", "-c", str(cpu), sys.executable, "-B", program_of_lookups, str(rounds)], check=True,
                          stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.split("rows: ", 1)[1])
    return [{"operation": row["operation"], "storage": LOOKUPS, "runs": rounds, "ours_ms": row["ours"],
             "theirs_ms": row["theirs"], "ratio": round(row["ours"] / row["theirs"], 3), "floor_ms": row.get("floor")}
            for row in found]


def many_rows(options):
    """Runs the program for many homes and returns its rows: theirs are ours with ten homes."""
    cpu = max(os.sched_getaffinity(0)) if options.cpu is None else options.cpu
    program_of_many = os.path.join(os.path.dirname(os.path.abspath(__file__)), "many.py")
    done = subprocess.run([sys.executable, "-B", program_of_many, str(options.runs), str(cpu)], check=True,
                          stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.split("rows: ", 1)[1])
    return [{"operation": row["operation"], "storage": MANY, "runs": options.runs, "ours_ms": row["ours"],
             "theirs_ms": row["theirs"], "ratio": round(row["ours"] / row["theirs"], 3) if row["theirs"] else None,
             "floor_ms": row["floor"]} for row in found]


def bulk_rows(options):
    """Runs the program for many accounts at once and returns its rows."""
    rounds = max(5, options.runs // 2)
    program_of_bulk = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bulk.py")
    done = subprocess.run([sys.executable, "-B", program_of_bulk, str(rounds)], check=True, stdout=subprocess.PIPE, text=True)
    print("bench: bulk: 40 accounts; theirs is useradd with chpasswd for one call, else systemd-homed with its own clients")
    return [{"operation": row["operation"], "storage": BULK, "runs": rounds, "ours_ms": round(row["ours"], 1),
             "theirs_ms": round(row["theirs"], 1), "ratio": round(row["ours"] / row["theirs"], 3),
             "floor_ms": round(row["floor"], 1), "times_floor": round(row["times_floor"], 3)}
            for row in json.loads(done.stdout.split("rows: ", 1)[1])]


def rows_of(storage, options):
    """Runs this program for one storage and returns its rows."""
    if storage == MANY:
        return many_rows(options)
    if storage in IN_GUEST:
        return guest_rows(storage, options)
    if storage == LOOKUPS:
        return lookup_rows(options)
    if storage == BULK:
        return bulk_rows(options)
    with tempfile.NamedTemporaryFile("r", prefix="hearth-bench-", encoding="utf-8") as file:
        cpu = [] if options.cpu is None else ["--cpu", str(options.cpu)]
        subprocess.run([sys.executable, "-B", __file__, "--storage", storage, "--runs", str(options.runs), "--rows", file.name,
                        *cpu], check=True)
        return json.load(file)


def parse():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="homes per side, at least 10 (default 15)")
    parser.add_argument("--json", metavar="FILE", help="write the results to this file too")
    parser.add_argument("--storage", choices=sorted(ALL), action="append", help="only this storage")
    parser.add_argument("--cpu", type=int, help="pin everything to this CPU (default: the last)")
    parser.add_argument("--strict", action="store_true", help="fail if a goal is missed")
    parser.add_argument("--rows", help=argparse.SUPPRESS)  # how this program calls itself
    options = parser.parse_args()
    if options.runs < 10:
        parser.error("a median of fewer than 10 runs says nothing")
    return options


def main():
    """Measures, prints, and writes the JSON file."""
    options = parse()
    if options.rows:
        bench_one(options.storage[0], options)
        return
    table = [row for storage in options.storage or ALL for row in rows_of(storage, options)]
    show(table)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(table, file, indent=2)
            file.write("\n")
    if options.strict and any(verdict(row).startswith("no") for row in table):
        sys.exit(1)


main()
