#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""unit_filter.py UNIT PROGRAM: runs it with the system calls that the unit of a service allows, as its system manager would
do; all others fail with EPERM."""
import ctypes
import os
import re
import struct
import subprocess
import sys

NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2  # of prctl
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # instructions
ALLOW, REFUSE = 0x7FFF0000, 0x00050001  # the latter with EPERM


def setting(unit, name):
    """The words of a setting of a unit."""
    with open(unit, encoding="utf-8") as file:
        return next(line for line in file if line.startswith(f"{name}=")).split("=", 1)[1].split()


def expanded(words):
    """The system calls in these sets."""
    calls = {word for word in words if not word.startswith("@")}
    for group in (word for word in words if word.startswith("@")):
        text = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True).stdout
        calls |= expanded([line.strip() for line in text.splitlines()[1:] if line.strip() and not line.strip().startswith("#")])
    return calls


def numbers():
    """Those that this kind of machine has: name -> number."""
    text = subprocess.run(["cc", "-dM", "-E", "-include", "sys/syscall.h", "-x", "c", "/dev/null"], capture_output=True, text=True,
                          check=True).stdout
    return {name: int(number) for name, number in re.findall(r"^#define __NR_(\w+) (\d+)$", text, re.M)}


def load(allowed):
    """Lets this process, and what it starts, have only these."""
    known = numbers()
    program = [(LOAD, 0, 0, 0)]
    for number in sorted(known[name] for name in allowed if name in known):
        program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    program.append((RETURN, 0, 0, REFUSE))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in program))
    about = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.prctl(SET_SECCOMP, FILTER, about, 0, 0) != 0:
        sys.exit(f"the filter cannot be loaded: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    load(expanded(setting(sys.argv[1], "SystemCallFilter")))
    os.execv(sys.argv[2], sys.argv[2:])
