# SPDX-License-Identifier: LGPL-2.1-or-later
"""File systems of their own, on loop devices, for as long as a block; in a private mount namespace (sandbox.enter() first)."""
import contextlib
import os
import shutil
import subprocess

from harness.cases import Skip

SIZE = 400 << 20  # bytes, of which only what is written takes room


@contextlib.contextmanager
def disk(kind, where, options="", features=()):
    """A new file system mounted at `where`, a folder that is made for it. Without the tools or the kernel for it the case is
    skipped."""
    mount_disk(kind, where, options, features)
    try:
        yield where
    finally:
        subprocess.run(["umount", "-R", "-l", where], check=True)
        os.unlink(f"{where}.img")
        os.rmdir(where)


def mount_disk(kind, where, options="", features=(), size=SIZE):
    """The same until this namespace ends."""
    image = f"{where}.img"
    with open(image, "wb") as file:
        file.truncate(size)
    os.makedirs(where, mode=0o755, exist_ok=True)
    try:
        _run([f"mkfs.{kind}", "-q", *features, image])
        _run(["mount", "-t", kind, "-o", ",".join(["loop", *([options] if options else [])]), image, where])
        _check_encryption(where, features)
    except Skip:
        os.unlink(image)
        os.rmdir(where)
        raise
    os.chmod(where, 0o755)


def _check_encryption(where, features):
    # Without it such a file system can be mounted all the same.
    wanted = any("encrypt" in feature for feature in features)
    if wanted and not os.path.exists("/sys/fs/ext4/features/encryption"):
        subprocess.run(["umount", where], check=True)
        raise Skip("ext4 of this kernel does not encrypt")


def _run(command):
    if not shutil.which(command[0], path="/usr/sbin:/usr/bin:/sbin:/bin"):
        raise Skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Skip(f"{' '.join(command[:1] + command[1:-2])} does not work here: {(done.stderr.strip() or '?').splitlines()[0]}")


def btrfs(*arguments, user=None):
    """Runs the program btrfs, as a user if one is given; returns what it prints."""
    as_user = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups"] if user is not None else []
    return subprocess.run([*as_user, "btrfs", *arguments], capture_output=True, text=True, check=True).stdout


def taken(folder):
    """What du says that a folder takes on the disk, in bytes, once all of it is there."""
    subprocess.run(["sync", "-f", folder], check=True)
    return int(subprocess.run(["du", "-s", "--block-size=1", folder], capture_output=True, text=True, check=True).stdout.split()[0])


def fill(path, size, user):
    """Writes up to `size` bytes as a user; returns (bytes written, the error's name or None)."""
    script = ("import errno, os, sys\n"
              "done, left = 0, int(sys.argv[2])\n"
              "try:\n"
              "    fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT, 0o600)\n"
              "    while done < left: done += os.write(fd, b'x' * min(65536, left - done))\n"
              "    os.fsync(fd)\n"
              "    print(done)\n"
              "except OSError as error: print(done, errno.errorcode[error.errno])\n")
    done = subprocess.run(["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups", "/usr/bin/python3", "-c",
                           script, path, str(size)], capture_output=True, text=True, check=True).stdout.split()
    return int(done[0]), done[1] if len(done) > 1 else None
