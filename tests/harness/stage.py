# SPDX-License-Identifier: LGPL-2.1-or-later
"""This namespace as a machine of its own, for services that know their places: /run, /etc, /var/lib/systemd and /home.

After sandbox.enter(); nothing of it is seen outside.
"""
import os
import shutil
import subprocess
import time

from harness import sandbox
from vm.guest import SHARED

RUN_FOLDERS = ("dbus", "lock", "user", "systemd/system", "systemd/userdb", "systemd/home", "systemd/seats", "systemd/sessions",
               "systemd/users", "systemd/machines")
DICTIONARY = "/var/cache/cracklib"
ADDRESS = "unix:path=/run/dbus/system_bus_socket"
# Everybody may do everything: what is refused then, the service itself refuses.
OPEN_BUS = f"""<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd"><busconfig><type>system</type>
<listen>{ADDRESS}</listen><auth>EXTERNAL</auth><policy context="default"><allow user="*"/>
<allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
"""


def set_up(state, homes, machine_id):
    """`state` becomes /var/lib/systemd/home and `homes` becomes /home; /run is empty and /etc a copy that can be written."""
    # A worker of systemd-homed mounts in a namespace of its own and relies on propagation: without it every home drops to
    # inactive at once.
    subprocess.run(["mount", "--make-rshared", "/"], check=True)
    _mount_run()
    for folder in RUN_FOLDERS:
        os.makedirs(f"/run/{folder}", mode=0o755)
    shutil.copytree("/etc", "/run/etc", symlinks=True)
    with open("/run/etc/machine-id", "w", encoding="ascii") as file:
        file.write(machine_id + "\n")
    subprocess.run(["mount", "--bind", "/run/etc", "/etc"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "var", "/var/lib/systemd"], check=True)
    _mount_cache()
    os.mkdir("/var/lib/systemd/home", mode=0o700)
    subprocess.run(["mount", "--bind", state, "/var/lib/systemd/home"], check=True)
    subprocess.run(["mount", "--bind", homes, "/home"], check=True)


def _mount_cache():
    """A /var/cache with nothing in it but the dictionary that passwords are compared with."""
    if there := os.path.isdir(DICTIONARY):
        shutil.copytree(DICTIONARY, "/run/dictionary")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "cache", "/var/cache"], check=True)
    if there:
        shutil.copytree("/run/dictionary", DICTIONARY)


def _mount_run():
    """An empty /run; in a guest, the folder that it shares with its host stays in it."""
    kept = f"{sandbox.WORK}/kept"
    if guest := os.path.isdir(SHARED):
        os.mkdir(kept)
        subprocess.run(["mount", "--bind", SHARED, kept], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "run", "/run"], check=True)
    if guest:
        os.mkdir(SHARED)
        subprocess.run(["mount", "--bind", kept, SHARED], check=True)
        subprocess.run(["umount", kept], check=True)
        os.rmdir(kept)


def name_user(name, uid):
    """The bus serves nobody whom the system does not know."""
    with open("/etc/passwd", "a", encoding="utf-8") as file:
        file.write(f"{name}:x:{uid}:{uid}::/:/bin/sh\n")


def spawn(command, name, environment=None):
    """Starts a program that writes to /run/NAME.log."""
    with open(f"/run/{name}.log", "ab") as log:
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def log(name, lines=15):
    """The last lines that it wrote."""
    with open(f"/run/{name}.log", encoding="utf-8", errors="replace") as file:
        return "".join(file.readlines()[-lines:])


def start_open_bus():
    """A bus without rules at the system's address; returns its process."""
    with open("/run/dbus.conf", "w", encoding="ascii") as file:
        file.write(OPEN_BUS)
    bus = spawn(["dbus-daemon", "--config-file=/run/dbus.conf", "--nofork", "--nopidfile"], "bus")
    wait_for("/run/dbus/system_bus_socket")
    return bus


def wait_for(path, seconds=10):
    """Waits until a socket or file appears."""
    wait_until(lambda: os.path.exists(path), f"{path} did not appear", seconds)


def wait_until(condition, problem, seconds=10, interval=0.01):
    """Waits until something holds; returns what it gives."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise RuntimeError(f"{problem() if callable(problem) else problem} within {seconds} s")
        time.sleep(interval)
    return found
