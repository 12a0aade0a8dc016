# SPDX-License-Identifier: LGPL-2.1-or-later
"""The worker as a host starts it: for what homectl has no verb, because only a service asks for it."""
import contextlib
import fcntl
import json
import os
import socket
import struct
import subprocess

from harness.cases import check
from harness.hearth import LIMIT, program

GREETING = b"hearth-worker 5"
MAGIC = 0x4853454352455431
ADD_SEALS, ALL_SEALS = 1033, 0xF
SOCKET, CANCEL = 3, 4  # where the worker expects its wires


def sealed(data):
    """A memory file with this content that nobody can change."""
    fd = os.memfd_create("test", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(fd, data)
    fcntl.fcntl(fd, ADD_SEALS, ALL_SEALS)
    return fd


def encoded(passwords):
    """Passwords in the form in which they go from process to process."""
    kinds = [[word.encode() for word in passwords], [], [], []]
    data = struct.pack("<QQ", MAGIC, 0)
    for kind in kinds:
        data += struct.pack("<I", len(kind)) + b"".join(struct.pack("<I", len(word)) + word for word in kind)
    return data


class Answer:
    """What came of an operation: the record, the warnings, or the error."""

    def __init__(self, done, record):
        self.error, self.warnings, self.record = done.get("error"), done["warnings"], record

    def __repr__(self):
        return f"{self.error or 'no error'} {self.warnings}"

    def succeeded(self, what):
        """Fails the case unless the operation worked; returns itself."""
        check(self.error is None, f"{what}: {self!r}")
        return self

    def refused(self, what, *ids):
        """Fails the case unless the operation failed with one of the stable ids; returns itself."""
        check(self.error is not None and self.error["id"] in ids, f"{what}: expected {' or '.join(ids)}: {self!r}")
        return self


def ask(hearth, verb, subject, *, record=None, password=None, new=None, blobs=None, under=(), **flags):
    """Starts a worker for one operation on the machine and waits for its Answer. `blobs`: contents by name; `under`: the
    program that runs it."""
    request = {"verb": verb, "subject": subject, "root": hearth.root, "size": 2**64 - 1, **flags}
    if record is not None:
        request["record"] = record
    if blobs is not None:
        request["blobs"] = sorted(blobs)
    words = [password] if isinstance(password, str) else password or []
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    alive, cancel = os.pipe()
    with contextlib.ExitStack() as stack:
        for end in (ours, theirs):
            stack.callback(end.close)
        for fd in (alive, cancel):
            stack.callback(os.close, fd)
        parts = [sealed(json.dumps(request).encode()), sealed(encoded(words)), sealed(encoded([new] if new else []))]
        parts += [sealed(blobs[name]) for name in sorted(blobs or {})]
        for fd in parts:
            stack.callback(os.close, fd)
        ours.settimeout(LIMIT)
        worker = start(hearth, theirs.fileno(), alive, under)
        socket.send_fds(ours, [GREETING], parts)
        theirs.close()
        answer = listen(ours)
        worker.wait(LIMIT)
        return answer


def start(hearth, wire, alive, under):
    """The worker's process, with its wires at their places."""
    def place():
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (wire, alive)]
        for fd, where in zip(high, (SOCKET, CANCEL)):
            os.dup2(fd, where)

    return subprocess.Popen([*under, program("worker", hearth.prefix)], env={}, preexec_fn=place, pass_fds=(SOCKET, CANCEL),
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def listen(wire):
    """Hears the worker out."""
    while True:
        text, fds, _flags, _address = socket.recv_fds(wire, 1 << 18, 4)
        if not text:
            return Answer({"error": {"id": "worker-crashed"}, "warnings": []}, None)
        message = json.loads(text)
        if "done" not in message:
            continue
        record = None
        for fd in fds:
            record = json.loads(os.pread(fd, 1 << 21, 0))
            os.close(fd)
        return Answer(message["done"], record)
