# SPDX-License-Identifier: LGPL-2.1-or-later
"""Comparing folders: everything that a person could miss afterwards."""
import hashlib
import os
import stat


def digest(folder, leave_out=(), owners=True):
    """One line per file below `folder` (name, type, mode, owner, size and hash), without the names in `leave_out`."""
    lines = []
    for path, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if name not in leave_out)
        for name in sorted(names + [name for name in files if name not in leave_out]):
            lines.append(_line(os.path.join(path, name), folder, owners))
    return sorted(lines)


def _line(path, folder, owners):
    info = os.lstat(path)
    owner = f" {info.st_uid}:{info.st_gid}" if owners else ""
    content = ""
    if stat.S_ISREG(info.st_mode):
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
    elif stat.S_ISLNK(info.st_mode):
        content = os.readlink(path)
    return f"{os.path.relpath(path, folder)} {stat.filemode(info.st_mode)}{owner} {content}"


def contents(folder):
    """All files that are in a folder, by name; nothing if it is not there."""
    found = {}
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        with open(f"{folder}/{name}", "rb") as file:
            found[name] = file.read()
    return found


def sha256(path):
    """The SHA-256 of a file, in hex."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
