# SPDX-License-Identifier: LGPL-2.1-or-later
"""What suites that try every storage need to know of each: how machines with such homes are made, copied and looked at."""
import os
import shutil
import subprocess

SIZE = 24 << 20  # bytes of a machine's disk, of which only what is written takes room


class Folder:
    """Homes that any file system keeps: a machine is a folder."""
    name = "directory"
    options = ()
    waits_for_password = False  # may recovery leave something until somebody opens the home?
    keys_of_one = 0  # keys of a medium with one password
    turns = 4  # of those of the kill loop, the first few

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


class Encrypted(Folder):
    """Homes in encrypted folders: a machine is an ext4 of its own, because what is encrypted cannot be copied as files. The
    older format derives its keys nine times as fast."""
    name = "fscrypt"
    options = ("--hearth-fscrypt-format=v1",)
    waits_for_password = True
    keys_of_one = 1

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


MEDIA = {medium.name: medium for medium in (Folder(), Encrypted())}
