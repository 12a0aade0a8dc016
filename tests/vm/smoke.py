#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guests themselves: what goes into one and comes out of it, and what is left when one goes wrong."""
import contextlib
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)
from harness import cases  # noqa: E402
from harness.cases import Skip, check, equal  # noqa: E402
from vm import guest  # noqa: E402

LIMIT = 300  # seconds; a guest starts in 4, on a machine that is very busy in minutes
LABEL = os.environ.get("HEARTH_TEST_LABEL", "")  # of this program's own results

suite = cases.Suite("guests")


def need(kernel):
    """Skips the case without such a guest."""
    try:
        guest.require(kernel)
    except guest.Unavailable as reason:
        raise Skip(str(reason)) from reason


def run(kernel, command, limit=LIMIT, **more):
    """Runs a line of shell in a guest; returns its Ending and its output."""
    need(kernel)
    with tempfile.TemporaryFile() as output:
        ending = guest.run(kernel, ["sh", "-c", command], limit=limit, output=output.fileno(), **more)
        output.seek(0)
        return ending, output.read()


def every_kernel(title):
    """Decorator: the function is one case for each kernel."""
    def add(function):
        for kernel in guest.KERNELS:
            suite.case(f"{kernel}: {title}")(lambda kernel=kernel: function(kernel))
        return function
    return add


@every_kernel("all that a command prints comes out, byte for byte, and nothing else")
def _(kernel):
    ending, output = run(kernel, "seq 1 200000; /usr/bin/python3 -c 'import sys; sys.stderr.buffer.write(bytes(range(256)))'")
    equal((ending.status, ending.problem), (0, None), "how it ended")
    expected = b"".join(b"%d\n" % number for number in range(1, 200001)) + bytes(range(256))
    equal((len(output), output == expected), (len(expected), True), "length of the output, and whether it is the same")


@every_kernel("an exit status comes out, and there are device-mapper with encryption, loop devices and file systems")
def _(kernel):
    ending, output = run(kernel, "modprobe -a dm-crypt ext4 btrfs xfs; dmsetup targets; ls /dev/loop-control; "
                         "cat /proc/filesystems; test -t 1 && echo terminal; exit 7")
    equal(ending.status, 7, "exit status")
    wanted = ("crypt", "/dev/loop-control", "ext4", "btrfs", "xfs")
    equal([name for name in (*wanted, "terminal") if name in output.decode().split()], [*wanted], "what is there")


@every_kernel("what belongs to root here does so there, what is written there stays there, and a signal is told")
def _(kernel):
    mark = f"/etc/hearth-test-{os.getpid()}"
    ending, output = run(kernel, f"stat -c '%u %a' / /var /var/lib {guest.HOME}; echo yes >{mark}; cat {mark}; kill -TERM $$")
    equal(output.decode().split("\n"), ["0 755"] * 4 + ["yes", ""], "owners and modes, and the file")
    check(not os.path.exists(mark), f"{mark} is here as well")
    equal((ending.status, ending.problem), (128 + 15, None), "how it ended")


@every_kernel("a case's result there counts here, also when the guest dies, and that is told")
def _(kernel):
    program = (f"import sys; sys.path.insert(0, '{TESTS}'); from harness import cases; "
               "cases.record(cases.Suite('some').name, 'case', 'ok')")
    expected = {"suite": f"{LABEL}{kernel} some", "case": "case", "outcome": "ok", "text": ""}
    with tempfile.NamedTemporaryFile(mode="r", encoding="utf-8") as results:
        ending, _output = run(kernel, f'/usr/bin/python3 -B -c "{program}"; echo c >/proc/sysrq-trigger; sleep 60',
                              results=results.name)
        equal([json.loads(line) for line in results], [expected], "results")
    equal(ending.status, guest.BROKEN, "exit status")
    check(re.search(r"sysrq: Trigger a crash|sysrq triggered crash", ending.problem), f"its last words: {ending.problem}")


@suite.case("a command that hangs is ended when its time is over")
def _():
    begin = time.monotonic()
    with ThreadPoolExecutor() as pool:
        endings = list(pool.map(lambda kernel: run(kernel, "sleep 1000", limit=20)[0], guest.KERNELS))
    equal([ending.status for ending in endings], [guest.TOO_LATE] * len(endings), "exit statuses")
    check(time.monotonic() - begin < LIMIT, "it took much longer")


@every_kernel("nothing is left of a guest whose starter was killed")
def _(kernel):
    need(kernel)
    command = [f"{TESTS}/vm/run", "--kernel", kernel, "--", "sh", "-c", "echo started; sleep 1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as starter:
        equal(starter.stdout.readline(), b"started\n", "its output")
        below = descendants(starter.pid)
        check(len(below) > 1, f"processes of the guest: {below}")
        folder = next(match[0] for line in below.values() if (match := re.search(rf"{guest.HOME}/run\.\w+", line)))
        starter.kill()
    end = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{pid}") for pid in below) and time.monotonic() < end:
        time.sleep(0.05)
    equal({pid: line for pid, line in below.items() if os.path.exists(f"/proc/{pid}")}, {}, "processes")
    guest.sweep()
    check(not os.path.exists(folder), f"{folder} is still there after the next start")


def descendants(pid):
    """{PID: command line} of the processes below one."""
    found = {}
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        with contextlib.suppress(OSError), open(path, encoding="ascii") as file:
            for child in map(int, file.read().split()):
                # Many of a guest's processes are at their end sooner than looked at.
                with contextlib.suppress(OSError), open(f"/proc/{child}/cmdline", encoding="utf-8", errors="replace") as line:
                    found |= {child: line.read().replace("\0", " "), **descendants(child)}
    return found


@suite.case("guests that run at the same time do not see each other")
def _():
    def look(place):
        kernel, name = place
        return run(kernel, f"echo {name} >/tmp/hearth-guest; echo {name} >/dev/shm/hearth-guest; sleep 3; "
                   "cat /tmp/hearth-guest /dev/shm/hearth-guest")
    places = [("uml", "first"), ("uml", "second"), ("qemu", "third")]
    with ThreadPoolExecutor() as pool:
        for (_kernel, name), (ending, output) in zip(places, pool.map(look, places)):
            equal((ending.status, output.decode().split()), (0, [name, name]), f"status and files of {name}")


@suite.case("qemu: systemd as the first process reaches the command, with a bus and a system that is up")
def _():
    ending, output = run("qemu", "cat /proc/1/comm; test -S /run/dbus/system_bus_socket && echo bus; exit 3", systemd=True,
                         limit=2 * LIMIT)
    equal((ending.status, output), (3, b"systemd\nbus\n"), "how it ended, and its output")


cases.main(suite)
