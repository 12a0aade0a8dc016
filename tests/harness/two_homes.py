# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine with two homes, from a template that is made once; entered by every program that imports this."""
import contextlib
import os
import shutil
import subprocess

from harness import sandbox
from harness.cases import equal
from harness.hearth import Hearth

USER, OTHER, WORD, NEW = "kim", "noor", "Altes-Wort-1", "Neues-Wort-2"

sandbox.enter()
template = Hearth("/mnt/template")
for name in (USER, OTHER):
    template.create(name, WORD, f"--real-name=Real {name}")
template.activate(USER, WORD)
LETTER = template.write_letter(USER)
template.deactivate(USER)


@contextlib.contextmanager
def machine():
    """A copy of the template with two homes; at the end both must be there, whole, and nothing mounted or left over."""
    subprocess.run(["cp", "-a", "/mnt/template", "/mnt/machine"], check=True)
    hearth = Hearth("/mnt/machine", template.machine_id)
    try:
        yield hearth
        equal(hearth.mounts(), [], "mounts")
        equal(hearth.leftovers(), [], "left behind")
        for user in (USER, OTHER):
            equal(hearth.image_digest(user), template.image_digest(user), f"content of the home of {user}")
        hearth.activate(USER, WORD)
        equal(hearth.letter(USER), LETTER, "the file")
        hearth.deactivate(USER)
        equal(sorted(os.listdir(hearth.homes)), sorted(os.listdir(template.homes)), "names in /home")
    finally:
        for point in reversed(hearth.mounts()):
            subprocess.run(["umount", "-l", point], check=False)
        shutil.rmtree("/mnt/machine")


@contextlib.contextmanager
def small_machine():
    """The same on a file system of its own with little room; it is gone with the block."""
    os.mkdir("/mnt/machine")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=755", "small", "/mnt/machine"], check=True)
    try:
        subprocess.run(["cp", "-a", "/mnt/template/.", "/mnt/machine"], check=True)
        yield Hearth("/mnt/machine", template.machine_id)
    finally:
        subprocess.run(["umount", "-R", "-l", "/mnt/machine"], check=True)
        os.rmdir("/mnt/machine")
