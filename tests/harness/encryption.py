# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether files are encrypted by their file system, and whether they can be read."""
import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)


def is_locked(folder):
    """No name in the folder can be read: the key is not in the kernel, nor is anything that it unlocked."""
    if not is_encrypted(folder):
        return True
    return ".identity" not in os.listdir(folder) and not os.path.exists(f"{folder}/.identity")


class Statx(ctypes.Structure):
    """The beginning of struct statx."""
    _fields_ = [("mask", ctypes.c_uint32), ("blksize", ctypes.c_uint32), ("attributes", ctypes.c_uint64),
                ("rest", ctypes.c_uint8 * 240)]


def is_encrypted(path):
    """What statx says of a file, without following links."""
    found = Statx()
    if _libc.statx(-100, path.encode(), 0x100, 0x7FF, ctypes.byref(found)) != 0:
        raise OSError(ctypes.get_errno(), "statx", path)
    return bool(found.attributes & 0x800)


def keys_in_kernel():
    """What the kernel lists of keys for encrypted folders."""
    with open("/proc/keys", encoding="utf-8") as file:
        return [line for line in file if " .fscrypt " in line or " fscrypt:" in line]
