# SPDX-License-Identifier: LGPL-2.1-or-later
"""Security tokens that are files (tests/plugins/token), and an installation with their plugin; sandbox.enter() first."""
import glob
import os
import shutil
import subprocess

from harness.hearth import PREFIX

FOLDER = "/run/file-tokens"
BUILD = os.environ.get("HEARTH_BUILD", "")
KIND = "file-token"


def install():
    """Puts the plugin beside those that are installed, for this namespace alone."""
    builtin = next(path for path in glob.glob(f"{PREFIX}/**/builtin-0", recursive=True))
    folder, copy = os.path.dirname(builtin), "/mnt/plugins-with-tokens"
    shutil.copytree(folder, copy, symlinks=True)
    os.makedirs(f"{copy}/plugins-0", mode=0o755, exist_ok=True)
    shutil.copy(f"{BUILD}/tests/plugins/{KIND}.so", f"{copy}/plugins-0")
    subprocess.run(["mount", "--bind", copy, folder], check=True)
    if not os.access("/run", os.W_OK):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755,size=1m", "run", "/run"], check=True)
    os.makedirs(FOLDER, exist_ok=True)
    os.chmod(FOLDER, 0o777)


class Token:
    """One token. It is plugged in as long as its file is there."""

    def __init__(self, name, pin="-", tries=8, wish="-", code=0):
        self.name, self.path = name, f"{FOLDER}/{name}"
        self.line = [f"seed{name}", pin, str(tries), wish, str(code)]
        self.plug()
        with open(f"{self.path}.log", "w", encoding="ascii"):
            pass
        os.chmod(f"{self.path}.log", 0o666)

    def plug(self):
        """Plugs it in, as it is."""
        with open(self.path, "w", encoding="ascii") as file:
            file.write(" ".join(self.line) + "\n")
        os.chmod(self.path, 0o666)

    def change(self, pin=None, tries=None, wish=None, code=None):
        """Another PIN, or other ways."""
        for at, value in ((1, pin), (2, tries), (3, wish), (4, code)):
            if value is not None:
                self.line[at] = str(value)
        self.plug()

    def unplug(self):
        """Takes it out."""
        os.unlink(self.path)

    def uses(self):
        """What was done with it since the last time: "touch", "pin ok", "pin wrong"."""
        with open(f"{self.path}.log", "r+", encoding="ascii") as file:
            lines = file.read().splitlines()
            file.truncate(0)
        return lines

    def option(self):
        """The option that enrolls it."""
        return f"--enroll-token={KIND}:{self.name}"
