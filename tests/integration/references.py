#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""References to homes, taken and dropped at random by clients that die now and then, of a service that is killed now and then:
nothing leaks, and in the end the home is closed."""
import os
import random
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import bus, cases, sandbox, stage  # noqa: E402
from harness.bus import BusError  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.service import MANAGER, Service, secret, short  # noqa: E402

USER, WORD, WRONG = "kim", "Altes-Wort-1", "Falsches-Wort"
SEED = int(os.environ.get("HEARTH_TEST_SEED", time.time_ns() % 10**6))
SEQUENCES = int(os.environ.get("HEARTH_TEST_SEQUENCES", "200"))
STEPS = 8
CLIENTS = 3
# What may come of a call while other calls are on their way.
FAILURES = {"acquire": ("HomeBusy",), "ref": ("HomeNotActive", "HomeBusy"), "release": ("HomeBusy", "HomeNotActive"),
            "guess": ("BadPassword", "HomeBusy")}

suite = cases.Suite("references")
sandbox.enter()
service = Service().start()
service.create(USER, WORD)


class Client:
    """A process with a connection to the bus and references. It does what it is told by a letter, and answers with a word."""

    def __init__(self):
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                ours.close()
                _serve(theirs)
            finally:  # it must not go on as a second suite
                os._exit(1)
        theirs.close()
        self.wire = ours

    def tell(self, word):
        """Has it do something and returns what came of it."""
        self.wire.send(word.encode())
        answer = self.wire.recv(200).decode()
        check(answer, f"a client died at {word}")
        return answer

    def kill(self):
        """It dies with all that it holds."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.wire.close()


def _serve(wire):
    """The process of a client."""
    connection, held = bus.Client(), []
    calls = {"acquire": ("AcquireHome", "ssb", USER, secret(WORD), False),
             "guess": ("AcquireHome", "ssb", USER, secret(WRONG), False), "ref": ("RefHome", "sb", USER, True), "release": ("ReleaseHome", "s", USER)}
    while word := wire.recv(20).decode():
        try:
            if word == "drop":
                while held:
                    os.close(held.pop())
            else:
                held += connection.call(MANAGER, *calls[word])
            wire.send(b"ok")
        except BusError as failure:
            wire.send(short(failure.name).encode())
    os._exit(0)


def restart():
    """The service dies at once and comes back; what it was asked for last is not lost on it."""
    service.kill()
    service.start()


def one_sequence(dice):
    """Steps of some clients; returns what was done. Whatever happens, afterwards nobody holds anything."""
    clients, done = [Client() for _ in range(CLIENTS)], []
    holds = [False] * CLIENTS
    for _ in range(STEPS):
        number, word = dice.randrange(CLIENTS), dice.choice(("acquire", "acquire", "ref", "release", "drop", "guess", "die", "restart"))
        if word == "restart" and dice.random() < 0.8:
            word = "acquire"
        done.append(f"{word} {number}")
        if word == "die":
            clients[number].kill()
            clients[number], holds[number] = Client(), False
        elif word == "restart":
            restart()
        else:
            answer = clients[number].tell(word)
            check(answer == "ok" or answer in FAILURES[word], f"{', '.join(done)}: {answer}: {service.log(5)}")
            holds[number] = word != "drop" and (holds[number] or (answer == "ok" and word in ("acquire", "ref")))
        if any(holds):
            check(service.state(USER) not in ("inactive", "deactivating"), f"{', '.join(done)}: closed under its users")
    for client in clients:
        client.kill()
    return done


def is_mounted():
    """Is the home in its place?"""
    return bool(sandbox.mounts_below(f"/home/{USER}"))


def is_closed():
    """Nobody is using it, and the service has seen that."""
    return service.state(USER) == "inactive" and not service.fifos() and not is_mounted()


def settled(done):
    """Nothing is left of a sequence."""
    stage.wait_until(is_closed, lambda: f"{', '.join(done)}: it is {service.state(USER)}, {service.fifos()}, {service.log(5)}", 20)


def open_files():
    """What the service has open, but for clients' connections."""
    return sorted(what for what in service.descriptors().values() if not what.startswith("anon_inode:[pidfd"))


@suite.case(f"{SEQUENCES} random sequences, seed {SEED}: nothing is left open, and the home ends closed")
def _():
    dice = random.Random(SEED)
    one_sequence(dice)
    settled(["the first"])
    restart()
    service.call("ListHomes")
    before, peak = len(open_files()), 0
    for _number in range(SEQUENCES):
        done = one_sequence(dice)
        settled(done)
        peak = max(peak, len(open_files()))
    check(peak <= before + 1, f"{peak} descriptors are open after a sequence, {before} before the first: {open_files()}")


@suite.case("the home stays open as long as one of two has a reference, of whatever kind")
def _():
    one, other = Client(), Client()
    equal(one.tell("acquire"), "ok", "acquire")
    equal(other.tell("ref"), "ok", "ref")
    equal(service.fifos(), [f"{USER}.dont-suspend", f"{USER}.please-suspend"], "FIFOs")
    one.kill()
    time.sleep(0.3)
    equal(service.state(USER), "active", "state")
    equal(other.tell("release"), "HomeBusy", "release while somebody uses it")
    equal(other.tell("drop"), "ok", "drop")
    settled(["drop"])
    other.kill()


@suite.case("a wrong password gives no reference, and leaves the home as it was")
def _():
    client = Client()
    equal(client.tell("guess"), "BadPassword", "guess")
    equal((service.state(USER), service.fifos()), ("inactive", []), "state and FIFOs")
    service.call("ActivateHome", "ss", USER, secret(WORD))
    equal(client.tell("guess"), "BadPassword", "guess")
    stage.wait_until(lambda: not service.fifos(), "a FIFO stays")
    time.sleep(0.3)
    equal(service.state(USER), "active", "state of a home that was opened without references")
    service.call("DeactivateHome", "s", USER)
    client.kill()


@suite.case("a client that dies while its home is being opened leaves it closed")
def _():
    for pause in (0, 0.005, 0.01, 0.02, 0.04, 0.08):
        client = Client()
        client.wire.send(b"acquire")
        time.sleep(pause)
        client.kill()
        time.sleep(0.2)
        settled([f"dead after {pause} s"])


@suite.case("references outlive the service, and their end while it is away is noticed")
def _():
    client = Client()
    equal(client.tell("acquire"), "ok", "acquire")
    service.kill()
    check(is_mounted(), "the home is closed")
    service.start()
    equal(service.state(USER), "active", "state after a restart")
    service.kill()
    client.kill()
    service.start()
    settled(["its user went while the service was away"])


@suite.case("a service that is killed while it closes a home leaves that to the next one")
def _():
    client = Client()
    equal(client.tell("acquire"), "ok", "acquire")
    with service.held() as held:
        client.kill()
        equal(held.busy(USER), "deactivating", "state")
        restart()
    settled(["its user went, and so did the service"])


@suite.case("what is used by a program is closed when the program ends, without anybody asking")
def _():
    client = Client()
    equal(client.tell("acquire"), "ok", "acquire")
    with subprocess.Popen(["sleep", "600"], cwd=f"/home/{USER}") as program:
        client.kill()
        service.wait_for_state(USER, "lingering", seconds=5)
        program.kill()
    stage.wait_until(is_closed, "it is not closed", 30)  # it is tried again after 15 s
    equal(service.error("DeactivateHome", "s", USER), "HomeNotActive", "closing it again")


cases.main(suite)
