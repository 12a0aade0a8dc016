# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian's own kernel for guests: unpacked, not installed (that would change what this machine boots), and kept."""
import contextlib
import fcntl
import functools
import glob
import gzip
import hashlib
import lzma
import os
import shutil
import struct
import subprocess
import tempfile

PACKAGE = "linux-image-amd64"  # depends on the newest one
# What a guest has no device for. It is three quarters of all modules.
USELESS = [f"./lib/modules/*/kernel/{folder}" for folder in (
    "drivers/gpu", "drivers/iio", "drivers/infiniband", "drivers/media", "drivers/net", "drivers/scsi", "drivers/staging",
    "drivers/usb", "sound")]
# Without these there is no root.
AT_BOOT = ("virtio_pci", "virtio_console", "virtio-rng", "9pnet_virtio", "9p", "overlay")
BUSYBOX = "/bin/busybox"
STAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside", "initramfs.sh")
DECOMPRESS = {b"\xfd7zXZ\0": lambda data: lzma.LZMADecompressor().decompress(data),
              b"\x1f\x8b\x08": lambda data: gzip.zlib.decompressobj(31).decompress(data)}


class Failed(Exception):
    """There is no kernel to be had; the text is the reason."""


@functools.cache
def prepare(home):
    """Fetches what is not there, once: whoever wants a newer kernel removes the folder. Returns the folder with `vmlinux`,
    `initramfs` and `lib/modules`."""
    with open(f"{home}/lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = _kernel(home)
        _make_initramfs(folder)
        return folder


def _kernel(home):
    have = sorted(glob.glob(f"{home}/linux-*"))
    if have:
        return have[-1]
    wanted = _candidate()
    print(f"     | unpacking {wanted} below {home}", flush=True)
    with tempfile.TemporaryDirectory(dir=home, prefix="new.") as scratch:
        _unpack(wanted, scratch)
        folder = f"{home}/linux-{os.listdir(f'{scratch}/root/lib/modules')[0]}"
        os.rename(f"{scratch}/root", folder)
    return folder


def _candidate():
    """The name and version of the package with the newest kernel."""
    answer = subprocess.run(["apt-cache", "show", "--no-all-versions", PACKAGE], capture_output=True, text=True, check=False)
    for line in answer.stdout.splitlines():
        if line.startswith("Depends: "):
            name, _, version = line.removeprefix("Depends: ").split(",")[0].partition(" (= ")
            return f"{name}={version.rstrip(')')}"
    raise Failed(f"apt offers no package {PACKAGE} (no package lists?)")


def _unpack(wanted, scratch):
    for attempt in ("update", None):
        done = subprocess.run(["apt-get", "download", "-q", wanted], cwd=scratch, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
        if attempt:
            subprocess.run(["apt-get", attempt, "-q"], capture_output=True, check=False)
    else:
        raise Failed(f"apt-get download {wanted} failed: {(done.stderr.strip() or '?').splitlines()[-1]}")
    root = f"{scratch}/root"
    os.mkdir(root, mode=0o755)
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", *glob.glob(f"{scratch}/*.deb")], stdout=subprocess.PIPE) as archive:
        subprocess.run(["tar", "-x", "-C", root, "--wildcards", *(f"--exclude={path}" for path in USELESS), "./boot",
                        "./lib/modules"], stdin=archive.stdout, check=True)
    with open(glob.glob(f"{root}/boot/vmlinuz-*")[0], "rb") as file:
        kernel = uncompressed(file.read())
    with open(f"{root}/vmlinux", "wb") as file:
        file.write(kernel)
    shutil.rmtree(f"{root}/boot")
    subprocess.run(["depmod", "-b", root, os.listdir(f"{root}/lib/modules")[0]], check=True)


def uncompressed(image):
    """The kernel proper inside an x86 boot image. Emulated, it would take longer to uncompress than to boot."""
    # Documentation/arch/x86/boot.rst: sectors of the first part, then where the payload is in the second, and its size.
    sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    begin = (sectors + 1) * 512 + offset
    payload = image[begin:begin + length]
    for magic, decompress in DECOMPRESS.items():
        if payload.startswith(magic):
            return decompress(payload)
    raise Failed(f"the kernel is compressed in a way that begins with {payload[:6].hex()}")


def _make_initramfs(folder):
    """What the kernel starts with: a shell, the modules that the root needs, and the script that mounts it."""
    modules = _modules(folder)
    digest = hashlib.sha256()
    for path in (STAGE, BUSYBOX, __file__):
        with open(path, "rb") as file:
            digest.update(file.read())
    stamp = f"{folder}/initramfs.made-from"
    with contextlib.suppress(FileNotFoundError), open(stamp, encoding="ascii") as file:
        if file.read() == digest.hexdigest():
            return
    archive = Archive()
    for name in ("dev", "host", "new", "changes", "proc", "sys", "bin", "modules"):
        archive.add(name, 0o040755)
    archive.add_file("bin/busybox", BUSYBOX, 0o755)
    archive.add("bin/sh", 0o120777, b"busybox")
    archive.add_file("init", STAGE, 0o755)
    for number, path in enumerate(modules):
        archive.add_file(f"modules/{number:02}.ko", path)
    with open(f"{folder}/initramfs", "wb") as file:
        file.write(archive.finished())
    with open(stamp, "w", encoding="ascii") as file:
        file.write(digest.hexdigest())


def _modules(folder):
    """The files of the modules that are needed to boot, each after those that it needs."""
    top = glob.glob(f"{folder}/lib/modules/*")[0]
    needs = {}
    with open(f"{top}/modules.dep", encoding="ascii") as file:
        for line in file:
            path, _, others = line.partition(":")
            needs[os.path.basename(path).partition(".")[0]] = [path, *others.split()]
    ordered = []
    for name in AT_BOOT:
        ordered += [path for path in reversed(needs[name]) if path not in ordered]
    return [f"{top}/{path}" for path in ordered]


class Archive:
    """A cpio archive in the format that the kernel unpacks (Documentation/driver-api/early-userspace/buffer-format.rst)."""

    def __init__(self):
        self.data = bytearray()
        self.number = 0

    def add(self, name, mode, content=b""):
        """Adds an entry: `mode` has the type too; the content of a link is its target."""
        self.number += 1
        encoded = name.encode() + b"\0"
        fields = (self.number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
        self.data += b"070701" + b"".join(b"%08x" % field for field in fields) + encoded
        self._pad()
        self.data += content
        self._pad()

    def add_file(self, name, path, mode=0o644):
        """Adds a file with the content of another."""
        with open(path, "rb") as file:
            self.add(name, 0o100000 | mode, file.read())

    def finished(self):
        """The whole archive."""
        self.add("TRAILER!!!", 0)
        return self.data

    def _pad(self):
        self.data += bytes(-len(self.data) % 4)
