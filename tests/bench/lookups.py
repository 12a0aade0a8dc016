#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Looking users up beside systemd-homed 252: bench.py starts it. Prints its rows as one line of JSON.

Both services know the same ten homes, each in a mount namespace and on a bus of its own. One client asks them in turns, by way of
/proc/PID/root; all of it is on one CPU.
"""
import json
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import sandbox  # noqa: E402
from harness.hearth import PREFIX  # noqa: E402
from harness.peer import Peer  # noqa: E402
from harness.stage import wait_for  # noqa: E402

FOLDER = "/var/lib/hearth-dev/bench-lookups"
MACHINE = "5d0b1a9c2f6e4c7c8f3a7be0f1d2c3b4"
HOMES = 10
CLIENT = f"{os.environ.get('HEARTH_BUILD', '')}/tests/bench/bench-lookup"
NAMES = {"GetUserRecord": "by Varlink", "GetUserRecord-connect": "connect, ask", "GetUserRecordByName": "bus, record",
         "GetHomeByName": "bus, home"}


def serve(side):
    """One of the two, in a mount namespace of its own, until the standard input ends."""
    sandbox.enter()
    machine = Peer(f"{FOLDER}/{side}/state", f"{FOLDER}/{side}/homes", MACHINE)
    if side == "theirs":
        machine.start()
        for number in range(HOMES):
            done = machine.homectl("create", f"bench{number}", "--storage=directory", "--enforce-password-policy=no",
                                   f"--real-name=Bench Mark {number}", "--member-of=audio,video", new="Geheim-123x")
            if done.returncode != 0:
                sys.exit(f"bench: {done.stdout}{done.stderr}")
    else:
        with open("/run/hearthd.log", "wb") as log:
            subprocess.Popen([f"{PREFIX}/libexec/hearth/hearthd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("/run/systemd/userdb/io.systemd.Home")
    print("ready", flush=True)
    sys.stdin.read()


class Server:
    """A process that serves as long as this object is entered."""

    def __init__(self, side):
        # Not in a PID namespace of its own: the peer hangs up on clients whose PID it cannot see.
        self.process = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "--", sys.executable, "-B",
                                         os.path.abspath(__file__), side], env=dict(os.environ, HEARTH_TEST_SANDBOX="1"),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        if self.process.stdout.readline() != "ready\n":
            sys.exit("bench: a service does not start")
        return f"/proc/{self.process.pid}/root"

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)


def measure(rounds):
    """The client's medians: operation -> side -> microseconds."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for folder in ("state", "homes"):
        os.makedirs(f"{FOLDER}/theirs/{folder}", mode=0o755)
    with Server("theirs") as theirs:
        shutil.copytree(f"{FOLDER}/theirs", f"{FOLDER}/ours", symlinks=True)
        with Server("ours") as ours:
            time.sleep(0.5)  # the name on the bus comes last
            done = subprocess.run([CLIENT, str(rounds), "bench7", "audio", f"ours={ours}", f"theirs={theirs}"], check=True,
                                  stdout=subprocess.PIPE, text=True)
    shutil.rmtree(FOLDER)
    return json.loads(done.stdout)


def main():
    """Measures and prints. What was started ends with the outermost namespaces."""
    if sys.argv[1] in ("ours", "theirs"):
        serve(sys.argv[1])
        return
    sandbox.enter()
    times = measure(int(sys.argv[1]))
    rows = [{"operation": name, **{side: round(value / 1000, 4) for side, value in times[key].items()}}
            for key, name in NAMES.items()]
    print("rows: " + json.dumps(rows))


main()
