# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hearth's Debian packages, and those of systemd-homed that they change places with."""
import functools
import glob
import os
import subprocess

from harness import peer

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILT = f"{TOP}/build/packages"
PEERS = "/var/lib/hearth-dev/packages"  # *.deb of systemd-homed and what it needs
THEIRS = ("systemd-homed", "systemd-userdbd")


def build():
    """Builds the packages, not optimised unless DEB_BUILD_OPTIONS says how. Returns what went wrong, or nothing."""
    environment = {**os.environ, "DEB_BUILD_OPTIONS": options()}
    done = subprocess.run([f"{TOP}/scripts/package"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, env=environment, check=False)
    return None if done.returncode == 0 else done.stdout


def options():
    """How they are built: as DEB_BUILD_OPTIONS says, or soon."""
    return os.environ.get("DEB_BUILD_OPTIONS", "noopt")


def as_shipped():
    """Are they built with the flags that they are shipped with?"""
    return "noopt" not in options().split()


def source():
    """The description of the source package."""
    return glob.glob(f"{BUILT}/*.dsc")[0]


@functools.cache
def built():
    """The path of each package that was built, by its name."""
    return {name_of(path): path for path in glob.glob(f"{BUILT}/*.deb")}


def theirs():
    """The packages of systemd-homed."""
    return of_systemd(*THEIRS)


def of_systemd(*names):
    """Packages in the version that this machine's systemd is of, downloaded when they are first wanted."""
    os.makedirs(PEERS, mode=0o755, exist_ok=True)
    version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "systemd"], capture_output=True, text=True, check=True).stdout

    def there():
        return {name_of(path): path for path in glob.glob(f"{PEERS}/*_{version}_*.deb")}

    if not all(name in there() for name in names):
        peer.download([f"{name}={version}" for name in names], PEERS)
    return [there()[name] for name in names]


def name_of(path):
    """The package that a file is of."""
    return os.path.basename(path).split("_")[0]


def files(path):
    """What a package installs: mode and owner of each file and link by its path; folders are left out."""
    lines = subprocess.run(["dpkg-deb", "--contents", path], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = (line.split(None, 5) for line in lines if not line.startswith("d"))
    return {row[5].split(" -> ")[0].removeprefix("."): (row[0], row[1]) for row in rows}


def field(path, name):
    """A field of its control file."""
    return subprocess.run(["dpkg-deb", "--field", path, name], capture_output=True, text=True, check=True).stdout.strip()
