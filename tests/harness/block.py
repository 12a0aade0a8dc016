# SPDX-License-Identifier: LGPL-2.1-or-later
"""Block devices to keep homes on: disks (loop devices over files), partitions, logical volumes, plain and thin.

A context manager gives each as a Device, whose node changes its name at every restart. No lvm2 is needed: device-mapper makes of
the same tables what it makes of LVM's."""
import contextlib
import os
import subprocess

MIB = 1 << 20
SIZE = 96 * MIB
COUNT = {"disks": 0}


def run(*command, **options):
    """Runs a program that has to work; returns what it prints."""
    # There is no udevd: dmsetup makes its nodes itself if it is told.
    environment = dict(os.environ, DM_DISABLE_UDEV="1")
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment, **options).stdout


class Device:
    """A device for a home: `node` is what it is called at present, `file` where its disk's bytes are."""

    def __init__(self, kind, size=SIZE):
        COUNT["disks"] += 1
        self.kind, self.name = kind, f"kim{COUNT['disks']}"
        self.file = f"/mnt/{self.name}.disk"
        self.disk = self.node = None
        self.spare = []
        with open(self.file, "wb") as file:
            file.truncate(size if kind in ("disk", "plain disk") else size + 64 * MIB)
        if kind == "partition":
            run("sfdisk", "-q", self.file, input=f"label: gpt\nsize={size // MIB}MiB\nsize=8MiB\n")
        if kind == "thin":
            with open(f"{self.file}.meta", "wb") as file:
                file.truncate(8 * MIB)
        self.size = size
        self.new = True

    def plug_in(self):
        """Makes the device's nodes."""
        self.disk = run("losetup", "-f", "--show", *([] if self.kind == "plain disk" else ["-P"]), self.file).strip()
        sectors = self.size // 512
        if self.kind == "partition":
            self.node = f"{self.disk}p1"
        elif self.kind == "volume":
            self.node = self.map(self.name, f"0 {sectors} linear {self.disk} 2048")
        elif self.kind == "thin":
            meta = run("losetup", "-f", "--show", f"{self.file}.meta").strip()
            self.spare.append(meta)
            pool = self.map(f"{self.name}-pool", f"0 {sectors} thin-pool {meta} {self.disk} 128 0")
            if self.new:
                run("dmsetup", "message", pool, "0", "create_thin 0")
            self.node = self.map(self.name, f"0 {sectors} thin {pool} 0")
        else:
            self.node = self.disk
        self.new = False

    @staticmethod
    def map(name, table):
        """A mapping with that table."""
        run("dmsetup", "create", name, "--table", table)
        return f"/dev/mapper/{name}"

    def pull_out(self):
        """Removes them."""
        for name in [self.name, f"{self.name}-pool"]:
            if os.path.exists(f"/dev/mapper/{name}"):
                run("dmsetup", "remove", "--retry", name)
        for node in [self.disk, *self.spare]:
            run("losetup", "-d", node)
        self.disk, self.spare = None, []

    def restart(self):
        """As a restart of the machine does: everything goes, and comes back under other names."""
        old = self.disk
        self.pull_out()
        with open(f"{self.file}.other", "wb") as file:
            file.truncate(MIB)
        run("losetup", old, f"{self.file}.other")  # somebody else has the name meanwhile
        try:
            self.plug_in()
        finally:
            run("losetup", "-d", old)
            os.unlink(f"{self.file}.other")
        assert self.disk != old, f"the disk is {old} again"

    def found(self):
        """What blkid finds on it; empty if nothing."""
        done = subprocess.run(["blkid", "-p", "-o", "export", self.node], capture_output=True, text=True, check=False)
        # Of a partition it also tells what the disk says about it.
        return "\n".join(line for line in done.stdout.splitlines() if line.startswith(("TYPE=", "PTTYPE=")))


@contextlib.contextmanager
def device(kind, size=SIZE):
    """A new device; nothing of it is left at the end."""
    made = Device(kind, size)
    made.plug_in()
    try:
        yield made
    finally:
        if made.disk:
            made.pull_out()
        os.unlink(made.file)


@contextlib.contextmanager
def devices_of(hearth):
    """The machine's folder /dev is this one's."""
    os.makedirs(f"{hearth.root}/dev", mode=0o755, exist_ok=True)
    run("mount", "--bind", "/dev", f"{hearth.root}/dev")
    try:
        yield
    finally:
        run("umount", f"{hearth.root}/dev")
