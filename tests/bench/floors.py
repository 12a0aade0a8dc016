# SPDX-License-Identifier: LGPL-2.1-or-later
"""Floors: the work that no implementation can leave out, from costs measured on this machine in the same run.

Y  one yescrypt at the default cost      W  a record written, synced, renamed, its folder synced
E  a process that starts and ends        F  the key of an fscrypt slot, of the older format and of the newer
The rest are constants, too small and too steady to matter. All in milliseconds.
"""
import ctypes
import hashlib
import os
import statistics
import time

SIGN = 0.05     # one Ed25519 signature
FORK = 0.2      # a worker that is forked, not executed
IDMAP = 0.3     # a user namespace and an ID-mapped mount
UNMOUNT = 0.8
ROUNDS = {"fscrypt-v1": 65535, "fscrypt-v2": 600000}


def median_ms(function, runs):
    """The median time of `runs` calls, in milliseconds."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        function()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def spawn(command, environment=None, output=os.devnull):
    """Runs a program with as little around it as possible; returns (milliseconds, exit status)."""
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
               (os.POSIX_SPAWN_DUP2, 1, 2)]
    begin = time.perf_counter()
    pid = os.posix_spawn(command[0], command, environment or {}, file_actions=actions)
    _, status = os.waitpid(pid, 0)
    return (time.perf_counter() - begin) * 1000, os.waitstatus_to_exitcode(status)


def at_once(commands, environment=None, output=os.devnull):
    """As spawn(), with several programs at the same time: until all have ended; the worst exit status."""
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
               (os.POSIX_SPAWN_DUP2, 1, 2)]
    begin = time.perf_counter()
    children = [os.posix_spawn(command[0], command, environment or {}, file_actions=actions) for command in commands]
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    return (time.perf_counter() - begin) * 1000, max(statuses, key=abs)


class Costs:
    """Y, W and E on this machine, pinned as the benchmark is."""

    def __init__(self, folder, runs=21):
        crypt = ctypes.CDLL("libcrypt.so.1").crypt
        crypt.restype = ctypes.c_char_p
        self.yescrypt = median_ms(lambda: crypt(b"Geheim-123x", b"$y$j9T$L0dZF0UCwMKTKYP0Z17FF1"), runs)
        self.record = median_ms(lambda: self._write(folder), runs)
        self.process = statistics.median(spawn(["/bin/true"])[0] for _ in range(runs))
        self.slot = {storage: median_ms(lambda: hashlib.pbkdf2_hmac("sha512", b"Geheim-123x", b"s" * 64, rounds), 7)
                     for storage, rounds in ROUNDS.items()}

    def summary(self):
        """What was measured, in a line."""
        slots = ", ".join(f"slot of {storage} {taken:.1f} ms" for storage, taken in self.slot.items())
        return f"yescrypt {self.yescrypt:.2f} ms, record {self.record:.2f} ms, process {self.process:.2f} ms, {slots}"

    @staticmethod
    def _write(folder):
        fd = os.open(f"{folder}/.#record", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(fd, b"x" * 1200)
        os.fsync(fd)
        os.close(fd)
        os.rename(f"{folder}/.#record", f"{folder}/record")
        fd = os.open(folder, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)

    def floor(self, storage, operation):
        """Milliseconds, or None where no floor is derived. A medium with keys of its own needs one derivation to open, and
        one for each new key."""
        y, w, e, f = self.yescrypt, self.record, self.process, self.slot.get(storage, 0)
        table = {
            "create": y + f + SIGN + w + FORK,
            "authenticate": y + f + FORK,
            "activate": y + f + FORK + IDMAP,
            "update": y + SIGN + w + FORK,
            "passwd": 2 * y + 2 * f + FORK,
            # For these two the start of homectl and of an executed worker, and the journal, weigh as much as the work.
            "deactivate": UNMOUNT + 2 * e + w,
            "remove": 2 * e + w,
            "list": e,
            "inspect": e,
        }
        return table.get(operation)
