# SPDX-License-Identifier: LGPL-2.1-or-later
"""The newest systemd that Debian packages, with all that it needs: unpacked in a folder, run with that as its root.

Nothing of it is installed. apt keeps its lists for it in a folder of its own, and thinks that nothing is there yet.
"""
import functools
import glob
import os
import re
import subprocess

from harness import guests
from harness.cases import Skip

HOME = "/var/lib/hearth-dev/newest"
PACKAGES = ("systemd-homed", "coreutils", "dash")  # the latter for a command inside a home
SOURCE = "deb http://deb.debian.org/debian sid main\n"
OPTIONS = {"Dir::Etc::sourcelist": "sources.list", "Dir::Etc::sourceparts": "sources.d", "Dir::State::lists": "lists",
           "Dir::State::status": "status", "Dir::Cache::archives": "archives"}
SHARED = ("run", "home", "proc", "dev", "etc", "var")  # of this namespace


def _apt(*arguments):
    options = [f"-o{name}={HOME}/apt/{path}" for name, path in OPTIONS.items()]
    plain = ["-oDir::Cache::pkgcache=", "-oDir::Cache::srcpkgcache=", "-oAPT::Sandbox::User=root",
             "-oAPT::Install-Recommends=false", "-oAcquire::Languages=none"]
    done = subprocess.run(["apt-get", "-q", *options, *plain, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Skip(f"apt-get {arguments[0]} failed: {(done.stderr.strip() or '?').splitlines()[-1]}")
    return done.stdout


@functools.cache
def unpacked():
    """The folder with systemd-homed and everything below it, fetched anew when there is a newer one. Guests have no network, and
    take what is there."""
    if guests.inside():
        return _here()
    for folder in ("lists/partial", "archives/partial", "sources.d"):
        os.makedirs(f"{HOME}/apt/{folder}", mode=0o755, exist_ok=True)
    for name, text in (("sources.list", SOURCE), ("status", "")):
        with open(f"{HOME}/apt/{name}", "w", encoding="ascii") as file:
            file.write(text)
    _apt("update")
    version = re.search(r"^Inst systemd-homed \((\S+) ", _apt("-s", "install", *PACKAGES), re.M)[1]
    root = f"{HOME}/{version}"
    if not os.path.isdir(root):
        for old in glob.glob(f"{HOME}/apt/archives/*.deb"):
            os.unlink(old)
        _apt("-y", "--download-only", "install", *PACKAGES)
        _unpack(f"{root}.new")
        os.rename(f"{root}.new", root)
    return root


def _here():
    found = [path for path in glob.glob(f"{HOME}/*") if os.path.isfile(f"{path}/usr/bin/homectl") and not path.endswith(".new")]
    if not found:
        raise Skip("no systemd-homed was unpacked")
    return max(found, key=os.path.getmtime)


def _unpack(root):
    os.makedirs(root, mode=0o755, exist_ok=True)
    for name in ("bin", "lib", "lib64", "sbin"):
        os.makedirs(f"{root}/usr/{name}", mode=0o755, exist_ok=True)
        if not os.path.islink(f"{root}/{name}"):
            os.symlink(f"usr/{name}", f"{root}/{name}")
    for archive in sorted(glob.glob(f"{HOME}/apt/archives/*.deb")):
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE) as source:
            subprocess.run(["tar", "-x", "-C", root, "--keep-directory-symlink"], stdin=source.stdout, check=True)


def enter(root):
    """Shows this namespace's places in that root, and returns what runs its programs."""
    for name in SHARED:
        os.makedirs(f"{root}/{name}", mode=0o755, exist_ok=True)
        subprocess.run(["mount", "--rbind", f"/{name}", f"{root}/{name}"], check=True)
    version = subprocess.run(["chroot", root, "/usr/bin/homectl", "--version"], capture_output=True, text=True, check=False)
    if version.returncode != 0:
        raise Skip(f"its homectl does not run here: {version.stderr.strip()}")
    return ["chroot", root]
