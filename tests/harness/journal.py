# SPDX-License-Identifier: LGPL-2.1-or-later
"""A journal that keeps what it is told: its socket, and a strict reader of its protocol."""
import os
import re
import socket
import struct
import threading

from harness.stage import wait_until

SOCKET = "/run/systemd/journal/socket"
NAME = re.compile(rb"[A-Z][A-Z0-9_]*\Z")


def parse(datagram):
    """One entry: name -> text. Raises ValueError for what journald would drop."""
    fields, rest = {}, datagram
    while rest:
        line, newline, behind = rest.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not newline:
            raise ValueError(f"no end of line: {line!r}")
        if not equals:  # NAME, a length of 64 bits, the value, a line break
            length = struct.unpack("<Q", behind[:8])[0]
            value, behind = behind[8:8 + length], behind[8 + length:]
            if len(value) != length or behind[:1] != b"\n":
                raise ValueError(f"wrong length of {name!r}")
            behind = behind[1:]
        if not NAME.match(name) or name.decode() in fields:
            raise ValueError(f"field {name!r}")
        fields[name.decode()] = value.decode()
        rest = behind
    if not {"MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER"} <= set(fields):
        raise ValueError(f"fields are missing: {fields}")
    return fields


class Journal:
    """Listens at the place of the journal in this namespace, as long as it is entered. `deaf`: it never reads."""

    def __init__(self, deaf=False):
        self.deaf, self.heard, self.problem = deaf, [], None
        self.lock = threading.Lock()

    def __enter__(self):
        os.makedirs(os.path.dirname(SOCKET), exist_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(SOCKET)
        if not self.deaf:
            self.thread = threading.Thread(target=self._listen, daemon=True)
            self.thread.start()
        return self

    def __exit__(self, *_):
        os.unlink(SOCKET)
        self.socket.shutdown(socket.SHUT_RDWR)
        if not self.deaf:
            self.thread.join()
        self.socket.close()

    def _listen(self):
        """Reads at once, as a journal does: the kernel keeps few datagrams for it."""
        while data := self.socket.recv(1 << 20):
            try:
                entry = parse(data)
            except ValueError as problem:
                self.problem = problem
                continue
            with self.lock:
                self.heard.append(entry)

    def entries(self, **fields):
        """All entries so far that have these values."""
        with self.lock:
            heard = list(self.heard)
        if self.problem:
            raise self.problem
        return [entry for entry in heard if all(entry.get(name) == value for name, value in fields.items())]

    def wait(self, **fields):
        """The same as soon as the operation that they name has ended."""
        return wait_until(lambda: [entry for entry in self.entries(**fields) if entry["HEARTH_EVENT"] == "end"] and
                          self.entries(**fields), lambda: f"no end of {fields}: {self.heard}")
