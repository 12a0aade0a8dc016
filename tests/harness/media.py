# SPDX-License-Identifier: LGPL-2.1-or-later
"""What suites that try every storage need to know of each: how machines with such homes are made, copied and looked at."""
import os
import shutil
import subprocess

from harness import images
from harness.cases import check, equal
from harness.disks import btrfs, mount_disk
from harness.encryption import is_locked

SIZE = 24 << 20  # bytes of a machine's disk, of which only what is written takes room


class Folder:
    """Homes that any file system keeps: a machine is a folder."""
    name = "directory"
    title = name  # for people: which of several kinds of homes on one storage
    suffix = ".homedir"  # of the image's name
    closed = ("inactive",)  # states of a home that nobody has open
    options = ()
    waits_for_password = False  # may recovery leave something until somebody opens the home?
    keys_of_one = 0  # keys of a medium with one password
    sizes = None  # (at first, after a resize) where homes have sizes
    record_knows_size = True  # does an interrupted resize leave the size that the record names?
    turns = (0, 1, 2, 3)  # of those of the kill loop
    verbs = None  # of those of the kill loop; None: all

    def place(self, name):
        """Where the machine of that name is."""
        return f"/mnt/{name}"

    def prepare(self, where):
        """The place for a new machine."""
        os.makedirs(where, mode=0o755)

    def seal(self, where):
        """The machine at `where` is a template from now on."""

    def copy(self, template, where):
        """A copy of a machine that nothing is active on."""
        shutil.rmtree(where, ignore_errors=True)
        subprocess.run(["cp", "-a", template, where], check=True)

    def on_disk(self, hearth, user):
        """An inactive home without its record, for comparing."""
        return hearth.image_digest(user)

    def keys(self, hearth, user):
        """How many keys the medium of a home has."""
        return self.keys_of_one

    def check_closed(self, hearth, user):
        """Fails the case if an inactive home is readable for somebody who has no key."""

    def check_settled(self, hearth, user):
        """Fails the case if a home that was opened and closed again shows that something went wrong before."""

    def size(self, hearth, user):
        """What the file system lets a home grow to, in bytes."""


class Subvolume(Folder):
    """Homes in subvolumes: all machines are folders of one btrfs, because no two of the same number can be mounted, and a
    copy is a snapshot."""
    name = title = "subvolume"
    options = ("--disk-size=40M",)
    sizes = (40 << 20, 60 << 20)
    turns = (0, 3)
    disk = "/mnt/btrfs"

    def place(self, name):
        return f"{self.disk}/{name}"

    def prepare(self, where):
        if not os.path.ismount(self.disk):
            mount_disk("btrfs", self.disk)
            btrfs("quota", "enable", self.disk)
        super().prepare(where)

    def copy(self, template, where):
        shutil.rmtree(where, ignore_errors=True)
        shutil.copytree(template, where, symlinks=True, ignore=lambda _, names: [name for name in names if
                                                                                name.endswith(".homedir")])
        for name in os.listdir(f"{template}/home"):
            btrfs("subvolume", "snapshot", f"{template}/home/{name}", f"{where}/home/{name}")
            btrfs("qgroup", "limit", str(self.sizes[0]), f"{where}/home/{name}")

    def size(self, hearth, user):
        home = f"{hearth.homes}/{user}.homedir"
        number = btrfs("inspect-internal", "rootid", home).strip()
        rows = [line.split() for line in btrfs("qgroup", "show", "--raw", "-r", home).splitlines()]
        return next(int(row[3]) for row in rows if row[0] == f"0/{number}")


class Encrypted(Folder):
    """Homes in encrypted folders: a machine is an ext4 of its own, because what is encrypted cannot be copied as files."""
    name = "fscrypt"
    waits_for_password = True
    keys_of_one = 1

    def __init__(self, form, turns, verbs=None):
        self.title = f"fscrypt {form}/{form}"
        self.options = (f"--hearth-fscrypt-format={form}",)
        self.turns, self.verbs = turns, verbs

    def prepare(self, where):
        with open(f"{where}.img", "wb") as file:
            file.truncate(SIZE)
        subprocess.run(["mkfs.ext4", "-q", "-b", "4096", "-N", "512", "-O", "encrypt", f"{where}.img"], check=True)
        self._mount(where)

    def seal(self, where):
        subprocess.run(["umount", where], check=True)

    def copy(self, template, where):
        subprocess.run(["sync", "-f", os.path.dirname(where)], check=True)
        if os.path.ismount(template):
            subprocess.run(["sync", "-f", template], check=True)
        subprocess.run(["cp", "--sparse=always", f"{template}.img", f"{where}.img"], check=True)
        self._mount(where)

    def _mount(self, where):
        os.makedirs(where, mode=0o755, exist_ok=True)
        subprocess.run(["mount", "-o", "loop", f"{where}.img", where], check=True)
        os.chmod(where, 0o755)

    def on_disk(self, hearth, user):
        top = f"{hearth.homes}/{user}.homedir"
        return sorted(os.path.relpath(os.path.join(path, name), top)
                      for path, names, files in os.walk(top) for name in names + files)

    def keys(self, hearth, user):
        return sum(name.startswith("trusted.fscrypt_slot") for name in os.listxattr(f"{hearth.homes}/{user}.homedir"))

    def check_closed(self, hearth, user):
        check(is_locked(f"{hearth.homes}/{user}.homedir"), "the inactive home is readable without a key")


class Image(Folder):
    """Homes in encrypted images: all machines are folders of one xfs, where a copy of an image takes neither time nor room."""
    name = title = "luks"
    suffix = ".home"
    closed = ("inactive", "dirty")
    options = (*images.CHEAP, "--fs-type=ext4", "--disk-size=52M")
    sizes = (52 << 20, 72 << 20)
    record_knows_size = False
    waits_for_password = True
    keys_of_one = 1
    turns = (0, 3)
    disk = "/mnt/xfs"

    def place(self, name):
        return f"{self.disk}/{name}"

    def prepare(self, where):
        if not os.path.ismount(self.disk):
            mount_disk("xfs", self.disk, size=2 << 30)
        super().prepare(where)

    def copy(self, template, where):
        self.check_closed(None, None)
        shutil.rmtree(where, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=always", template, where], check=True)

    def on_disk(self, hearth, user):
        return os.path.exists(images.image_of(hearth, user))

    def size(self, hearth, user):
        return os.path.getsize(images.image_of(hearth, user))

    def keys(self, hearth, user):
        return len(images.header(images.image_of(hearth, user))["keyslots"])

    def check_closed(self, hearth, user):
        equal(images.mappings(), [], "mappings while no home is open")

    def check_settled(self, hearth, user):
        equal(hearth.listed(user)["state"], "inactive", "state once it was opened and closed")


MEDIA = {
    "directory": Folder(),
    "subvolume": Subvolume(),
    "fscrypt-v1": Encrypted("v1", turns=(0, 3)),
    # Deriving a key takes nine times as long: only what makes keys, and what changes them.
    "fscrypt-v2": Encrypted("v2", turns=(0,), verbs=("create", "passwd")),
    "luks": Image(),
}
