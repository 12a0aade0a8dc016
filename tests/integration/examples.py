#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The plugins under examples/, built as a stranger would: outside the tree, against the installed headers and CMake package.
Each is listed by `homectl plugins`, and one that stores homes keeps one through its life."""
import glob
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import PREFIX, Hearth  # noqa: E402

EXAMPLES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "examples")
INSTALLED = "/mnt/prefix"
WORD, NEW = "Altes-Wort-1", "Neues-Wort-2"

suite = cases.Suite("examples")
sandbox.enter()
shutil.copytree(PREFIX, INSTALLED, symlinks=True)


def built(name):
    """Copies the example away from the tree, builds it and puts its plugin into the installation; returns its manifest."""
    source, build = f"/mnt/examples/{name}", f"/mnt/examples/{name}.build"
    shutil.copytree(f"{EXAMPLES}/{name}", source)
    for command in (["cmake", "-G", "Ninja", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={INSTALLED}"],
                    ["cmake", "--build", build]):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        check(done.returncode == 0, f"{' '.join(command)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    files = glob.glob(f"{build}/**/*.so", recursive=True)
    equal(len(files), 1, f"number of plugins that {name} makes ({files})")
    builtin = next(os.path.join(path, "builtin-0") for path, names, _ in os.walk(INSTALLED) if "builtin-0" in names)
    folder = os.path.join(os.path.dirname(builtin), "plugins-0")
    os.makedirs(folder, mode=0o755, exist_ok=True)
    shutil.copy(files[0], folder)
    with open(f"{source}/plugin.json", encoding="utf-8") as file:
        return json.load(file)


def lives(storage):
    """A home on this storage, from its creation to its end."""
    hearth = Hearth(f"/mnt/{storage}")
    hearth.prefix = INSTALLED
    hearth.homectl("create", "kim", f"--storage={storage}", "--enforce-password-policy=no", new=WORD).succeeded("create")
    equal(hearth.listed("kim")["state"], "inactive", "state")
    hearth.activate("kim", WORD)
    letter = hearth.write_letter("kim")
    hearth.deactivate("kim")
    hearth.homectl("passwd", "kim", password=WORD, new=NEW).succeeded("passwd")
    hearth.homectl("activate", "kim", password=WORD).refused("the old password", "bad-secret")
    hearth.activate("kim", NEW)
    equal(hearth.letter("kim"), letter, "the file")
    hearth.deactivate("kim")
    hearth.homectl("remove", "kim").succeeded("remove")
    equal([name for name in os.listdir(hearth.homes) + os.listdir(hearth.state) if "kim" in name], [], "names left")


def add(name):
    """The case of one example."""
    @suite.case(f"{name} builds outside the tree, is listed, and keeps a home if it stores homes")
    def _():
        manifest = built(name)
        hearth = Hearth("/mnt/listed")
        hearth.prefix = INSTALLED
        shown = hearth.homectl("plugins").succeeded("plugins")
        check(manifest["id"] in shown.out, f"plugins lists {manifest['id']}: {shown!r}")
        for storage in manifest.get("storage", []):
            lives(storage["name"])


for folder in sorted(glob.glob(f"{EXAMPLES}/*/plugin.json")):
    add(os.path.basename(os.path.dirname(folder)))
if not suite.cases:
    suite.report("FAIL", "there are examples", text=f"no plugin.json below {EXAMPLES}")
cases.main(suite)
