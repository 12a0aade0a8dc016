# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hearth with its service on a bus of its own, beside a peer that has the same places: each in a mount namespace."""
import ctypes
import multiprocessing
import os
import sys

from harness import stage
from harness.hearth import PREFIX, Hearth, program
from floors import at_once, spawn

NEW_NAMESPACE = 0x00020000  # CLONE_NEWNS
MACHINE = "7a1c40d2e9b84f6d8d5e2b3c4f5a6071"


class OverBus:
    """A process in a namespace of its own that runs the programs of this side, and says how long each took."""

    def __init__(self, state, homes):
        self.wire, theirs = multiprocessing.Pipe()
        self.child = os.fork()
        if self.child == 0:
            self.wire.close()
            _serve(theirs, state, homes)
        theirs.close()
        if self.wire.recv() != "ready":
            sys.exit("bench: hearthd does not start")

    @staticmethod
    def command(*arguments):
        """The command line for these arguments."""
        return [program(), *arguments]

    @staticmethod
    def environment():
        """What homectl needs around it."""
        return dict(Hearth.environment(), DBUS_SYSTEM_BUS_ADDRESS=stage.ADDRESS)

    def spawn(self, command, environment, output):
        """As floors.spawn(), over there."""
        self.wire.send((spawn, (command, environment, output)))
        return self.wire.recv()

    def at_once(self, commands, environment, output):
        """As floors.at_once(), over there."""
        self.wire.send((at_once, (commands, environment, output)))
        return self.wire.recv()

    def stop(self):
        """Ends the service and what it ran in."""
        self.wire.send(None)
        os.waitpid(self.child, 0)


def _serve(wire, state, homes):
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_NAMESPACE) != 0:
        os._exit(1)
    os.system("mount --make-rprivate /")
    stage.set_up(state, homes, MACHINE)
    bus = stage.start_open_bus()
    service = stage.spawn([f"{PREFIX}/libexec/hearth/hearthd"], "service", {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    stage.wait_until(lambda: "Ready" in stage.log("service"), "hearthd does not start")
    wire.send("ready")
    while (job := wire.recv()) is not None:
        wire.send(job[0](*job[1]))
    for process in (service, bus):
        process.terminate()
        process.wait()
    os._exit(0)
