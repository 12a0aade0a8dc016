#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hearth with ten thousand homes beside Hearth with ten: bench.py starts it. Prints its rows as one line of JSON.

Two services, each in a mount namespace and on a bus of its own; one client asks them in turns, by way of /proc/PID/root. The floor of
listing everybody is a service that sends the same bytes from memory.
"""
import hashlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import sandbox, stage, varlink  # noqa: E402
from harness.hearth import PREFIX, Hearth, program  # noqa: E402
from crowd import fill  # noqa: E402

FOLDER = "/var/lib/hearth-dev/bench-many"
MACHINE = "7a1c40d2e9b84f6d8d5e2b3c4f5a6071"
SIDES = {"ten": 10, "many": 10000}
CLIENT = f"{os.environ.get('HEARTH_BUILD', '')}/tests/bench/bench-lookup"
NAMES = {"GetUserRecord": "Varlink, name", "GetUserRecord-uid": "Varlink, UID", "GetUserRecord-connect": "Varlink, anew",
         "GetGroupRecord": "Varlink, group", "GetMemberships": "Varlink, is in", "GetMemberships-user": "Varlink, groups",
         "GetMemberships-group": "Varlink, members", "GetHomeByName": "bus, home", "GetHomeByUID": "bus, UID",
         "GetUserRecordByName": "bus, record", "GetUserRecordByUID": "bus, rec. UID"}
NAME_SERVICE = ("getpwnam", "getpwuid", "getgrnam", "getgrouplist")
USER, GROUP, NEW = "bench7", "pilots", "benchnew"
EVERYBODY = "import pwd, time; t = time.monotonic(); n = len(pwd.getpwall()); print((time.monotonic() - t) * 1000, n)"
EVERY_GROUP = EVERYBODY.replace("pwd.getpwall", "grp.getgrall").replace("pwd", "grp")
STARTS, LISTS = 5, 7
NO_BUS = "unix:path=/nowhere"


def recipe(count):
    """What a kept set of records has to be made of."""
    with open(f"{os.path.dirname(os.path.abspath(__file__))}/crowd.py", "rb") as file:
        return f"{hashlib.sha256(file.read()).hexdigest()} {MACHINE} {count}"


def is_kept(folder, state, count):
    """Is there a whole set of an earlier run?"""
    try:
        with open(f"{folder}/made-of", encoding="ascii") as file:
            # With the one that all were made like.
            return file.read() == recipe(count) and sum(name.endswith(".identity") for name in os.listdir(state)) == count + 1
    except FileNotFoundError:
        return False


def make(side, count):
    """The state and the homes of one machine, as after its first boot: kept from run to run, without what a service found out."""
    folder = f"{FOLDER}/{side}"
    state, homes = f"{folder}/var/lib/systemd/home", f"{folder}/home"
    if not is_kept(folder, state, count):
        shutil.rmtree(folder, ignore_errors=True)
        hearth = Hearth(folder, MACHINE)
        hearth.create("first", "Geheim-123x", "--uid=60100")
        fill(state, MACHINE, hearth.record("first"), count, homes)
        with open(f"{folder}/made-of", "w", encoding="ascii") as file:
            file.write(recipe(count))
    shutil.rmtree(f"{state}/hearth", ignore_errors=True)
    return state, homes


def start():
    """hearthd, and how many milliseconds it took to be ready."""
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind("/run/told")
    told.settimeout(60)
    with open("/run/hearthd.log", "wb") as log:
        begin = time.monotonic()
        process = subprocess.Popen([f"{PREFIX}/libexec/hearth/hearthd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "NOTIFY_SOCKET": "/run/told"})
        while b"READY=1" not in told.recv(4096):
            pass
    taken = (time.monotonic() - begin) * 1000
    os.unlink("/run/told")
    return process, taken


def cpu_time(process):
    """What it has used of all processors together so far, in milliseconds: other programs hardly change that."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) * 1000 / os.sysconf("SC_CLK_TCK")


def used(process):
    """The same of the threads that live, more exactly, and of the children that ended."""
    total = 0
    for thread in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{thread}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        children = sum(map(int, file.read().rsplit(")", 1)[1].split()[13:15]))
    return total / 1e6 + children * 1000 / os.sysconf("SC_CLK_TCK")


def memory(process):
    """Resident and proportional set size, in MB."""
    with open(f"/proc/{process.pid}/smaps_rollup", encoding="ascii") as file:
        sizes = dict(line.split()[:2] for line in file if line.startswith(("Rss", "Pss:")))
    return [int(sizes[name]) / 1000 for name in ("Rss:", "Pss:")]


def serve(side):
    """One of the two, in a mount namespace of its own, until the standard input ends."""
    sandbox.enter()
    state, homes = make(side, SIDES[side])
    stage.set_up(state, homes, MACHINE)
    with open("/etc/nsswitch.conf", "w", encoding="utf-8") as file:
        file.write("passwd: files systemd\ngroup: files systemd\n")
    bus = stage.start_open_bus()
    starts, worked = [], []
    for run in range(STARTS + 1):  # the first makes folders and warms caches
        process, taken = start()
        if run > 0:
            starts.append(taken)
            worked.append(cpu_time(process))
        if run < STARTS:
            process.terminate()
            process.wait()
    print(json.dumps({"start": starts, "start, CPU": worked, "memory": memory(process)}), flush=True)
    for line in sys.stdin:
        what, *cpus = line.split()
        if what == "stay":
            for one in (bus, process):
                os.sched_setaffinity(one.pid, {int(cpu) for cpu in cpus})
        print(json.dumps(memory(process) if what == "memory" else used(process) + used(bus)), flush=True)


def send_prepared():
    """The floor: whoever asks gets the bytes that this process read, at once."""
    sandbox.enter()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "run", "/run"], check=True)
    os.makedirs("/run/systemd/userdb")
    for name in ("nsswitch.conf", "machine-id"):  # what a record says about this machine is found by its ID
        subprocess.run(["mount", "--bind", f"{FOLDER}/{name}", f"/etc/{name}"], check=True)
    with open(sys.argv[2], "rb") as file:
        everything = file.read()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(varlink.USERS)
    listening.listen()
    print("{}", flush=True)
    while True:
        client, _ = listening.accept()
        with client:
            client.recv(4096)
            client.sendall(everything)
            client.recv(4096)


class Server:
    """A process that serves as long as this object is entered."""

    def __init__(self, *arguments, listens=True):
        self.listens = listens
        self.process = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "--", sys.executable, "-B",
                                         os.path.abspath(__file__), *arguments], env=dict(os.environ, HEARTH_TEST_SANDBOX="1"),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.root = f"/proc/{self.process.pid}/root"

    def told(self):
        """The next thing that it says."""
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: a service does not start")
        return json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def ask(self, what):
        """What it says to this."""
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return self.told()

    def used(self):
        """Milliseconds of processor that its service has used, and its bus."""
        return self.ask("used") if self.listens else 0

    def stay_on(self, cpus):
        """From now on it has these processors."""
        self.ask(" ".join(["stay", *map(str, cpus)]))

    def run(self, *command, bus=stage.ADDRESS, password=""):
        """Runs a program where this serves: milliseconds, milliseconds of processor that it, the service and the bus used, output."""
        inside = ["nsenter", f"--mount=/proc/{self.process.pid}/ns/mnt", "--", "/usr/bin/env", f"DBUS_SYSTEM_BUS_ADDRESS={bus}",
                  f"NEWPASSWORD={password}"]
        before = self.used()
        with tempfile.TemporaryFile() as output:
            begin = time.monotonic()
            process = subprocess.Popen([*inside, *command], stdin=subprocess.DEVNULL, stdout=output)
            _, status, usage = os.wait4(process.pid, 0)
            taken = (time.monotonic() - begin) * 1000
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            text = output.read().decode()
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(command)} failed with status {process.returncode}:\n{text}")
        return taken, (usage.ru_utime + usage.ru_stime) * 1000 + self.used() - before, text


def keep_everybody(root, path):
    """Writes down what the service says about all its users."""
    client = socket.socket(socket.AF_UNIX)
    client.connect(root + varlink.USERS)
    client.sendall(json.dumps({"method": "io.systemd.UserDatabase.GetUserRecord", "more": True,
                               "parameters": {"service": "io.systemd.Home"}}).encode() + b"\0")
    begin, end = time.monotonic(), b""
    with open(path, "wb") as file:
        # The last reply is the one behind which no other is promised.
        while not end.endswith(b"}\0") or end.endswith(b'"continues":true}\0'):
            text = client.recv(1 << 20)
            file.write(text)
            end = (end + text)[-40:]
    return (time.monotonic() - begin) * 1000


def everybody(server, program_text=EVERYBODY):
    """getpwent() or the like to the end: milliseconds."""
    taken, count = server.run(sys.executable, "-c", program_text)[2].split()
    if int(count) < SIDES["many"]:
        sys.exit(f"bench: only {count} of {SIDES['many']} are found")
    return (float(taken),)


def in_turns(runs, **calls):
    """What these return, each once and again: for each of them all its first values, all its second ones. The first round does
    not count."""
    taken = {name: [] for name in calls}
    for run in range(runs + 1):
        for name, call in calls.items():
            value = call()
            taken[name] += [value] if run > 0 else []
    return {name: list(zip(*values)) for name, values in taken.items()}


def ask_name_service(server, rounds):
    """What the C library takes for each of NAME_SERVICE, in milliseconds."""
    times = json.loads(server.run(CLIENT, str(rounds), USER)[2])
    return [times[name] / 1000 for name in NAME_SERVICE]


def create(server):
    """A home comes and goes: clock and processor of making it."""
    made = server.run(program(), "create", NEW, "--storage=directory", "--enforce-password-policy=no", password="Geheim-123x")
    server.run(program(), "remove", NEW)
    return made[:2]


def row(operation, ours, theirs=None, floor=None):
    """As bench.py has them; "theirs" is ourselves with ten homes."""
    return {"operation": operation, "ours": round(ours, 4), "theirs": theirs and round(theirs, 4), "floor": floor and round(floor, 4)}


def stay_on(servers, cpus):
    """Wake-ups across processors double small times on an idle virtual machine: this process, what it starts, and the servers."""
    os.sched_setaffinity(0, cpus)
    for server in servers:
        server.stay_on(cpus)


def of_service(ten, many, rounds):
    """Look-ups that go to the service itself, and what the C library makes of them."""
    done = subprocess.run([CLIENT, str(rounds), USER, GROUP, f"ours={many.root}", f"theirs={ten.root}"], check=True,
                          stdout=subprocess.PIPE, text=True)
    for key, times in json.loads(done.stdout).items():
        yield row(NAMES[key], times["ours"] / 1000, times["theirs"] / 1000, times.get("floor", 0) / 1000)
    taken = in_turns(LISTS, large=lambda: ask_name_service(many, 5), small=lambda: ask_name_service(ten, 5))
    for at, name in enumerate(NAME_SERVICE):
        yield row(f"NSS, {name}", statistics.median(taken["large"][at]), statistics.median(taken["small"][at]))


def of_commands(ten, many):
    """What people type; with and without the service."""
    taken = in_turns(LISTS, bus=lambda: many.run(program(), "list")[:2], small=lambda: ten.run(program(), "list")[:2],
                     alone=lambda: many.run(program(), "list", bus=NO_BUS)[:2],
                     small_alone=lambda: ten.run(program(), "list", bus=NO_BUS)[:2],
                     create=lambda: create(many), small_create=lambda: create(ten))
    for name, large, small in (("list, bus", "bus", "small"), ("list, alone", "alone", "small_alone"),
                               ("create", "create", "small_create")):
        yield row(name, statistics.median(taken[large][0]), statistics.median(taken[small][0]))
        # That of workers is known in steps of 10 ms: the mean, in which these vanish.
        yield row(f"{name}, CPU", statistics.fmean(taken[large][1]), statistics.fmean(taken[small][1]))


def of_start(ten, many):
    """What the two said when they were ready."""
    small, large = ten.told(), many.told()
    yield row("start", statistics.median(large["start"]), statistics.median(small["start"]))
    yield row("start, CPU", statistics.median(large["start, CPU"]), statistics.median(small["start, CPU"]))
    yield row("start, best", min(large["start"]), min(small["start"]))
    for at, name in enumerate(("RSS, MB", "PSS, MB")):
        yield row(name, large["memory"][at], small["memory"][at])


def measure(rounds, cpu):
    """All rows."""
    with Server("ten") as ten, Server("many") as many:
        yield from of_start(ten, many)
        everywhere = os.sched_getaffinity(0)
        first = keep_everybody(many.root, f"{FOLDER}/everybody")
        stay_on([ten, many], {int(cpu)})
        yield from of_service(ten, many, rounds)
        yield row("all, first", first)
        with Server("floor", f"{FOLDER}/everybody", listens=False) as prepared:
            prepared.told()
            taken = in_turns(LISTS, ours=lambda: everybody(many), floor=lambda: everybody(prepared))
            yield row("getpwent", statistics.median(taken["ours"][0]), floor=statistics.median(taken["floor"][0]))
        yield row("getgrent", everybody(many, EVERY_GROUP)[0])
        stay_on([ten, many], everywhere)
        yield from of_commands(ten, many)
        for at, name in enumerate(("RSS then, MB", "PSS then, MB")):
            yield row(name, many.ask("memory")[at])


def main():
    """Measures and prints. What was started ends with the outermost namespaces."""
    if sys.argv[1] in SIDES:
        serve(sys.argv[1])
        return
    if sys.argv[1] == "floor":
        send_prepared()
    sandbox.enter()
    os.makedirs(FOLDER, mode=0o755, exist_ok=True)
    for name, text in (("nsswitch.conf", "passwd: files systemd\ngroup: files systemd\n"), ("machine-id", f"{MACHINE}\n")):
        with open(f"{FOLDER}/{name}", "w", encoding="ascii") as file:
            file.write(text)
    rows = []
    for found in measure(int(sys.argv[1]), sys.argv[2]):
        print(found, file=sys.stderr)
        rows.append(found)
    os.unlink(f"{FOLDER}/everybody")
    print("rows: " + json.dumps(rows))


main()
