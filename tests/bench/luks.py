#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Encrypted images beside systemd-homed 252, in a guest: bench.py starts it there. Prints its rows as one line of JSON.

The peer measures what a key of its homes costs and cannot be told; every home of ours gets the cost that the peer's of the same
pair got. Both make their homes in one file system, and everything is on one CPU, because the guest has no other.
"""
import json
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import images, sandbox, udev  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.hearth import Hearth  # noqa: E402
from harness.peer import Peer  # noqa: E402

MACHINE = "5d0b1a9c2f6e4c7c8f3a7be0f1d2c3b4"
PASSWORD, CHANGED = "Geheim-123x", "Geheim-456y"
COMMON = ["--storage=luks", "--fs-type=ext4", "--disk-size=256M", "--enforce-password-policy=no",
          "--rate-limit-burst=1000000", "--luks-pbkdf-type=argon2id"]
STEPS = [("create", None, PASSWORD), ("activate", PASSWORD, None), ("deactivate", None, None), ("authenticate", PASSWORD, None),
         ("passwd", PASSWORD, CHANGED), ("remove", None, None)]
BLOCK, BLOCKS = 1 << 20, 96  # of the file whose writing is timed


def timed(command, environment, name):
    """Milliseconds that a command takes; ends the benchmark if it fails."""
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    taken = (time.perf_counter() - begin) * 1000
    if done.returncode != 0:
        sys.exit(f"bench: {name}: {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return taken


def cost_of(image):
    """The options with which our home gets keys of the price that the peer's have."""
    kdf = images.header(image)["keyslots"]["0"]["kdf"]
    return [f"--luks-pbkdf-memory-cost={kdf['memory'] * 1024}", f"--luks-pbkdf-force-iterations={kdf['time']}",
            f"--luks-pbkdf-parallel-threads={kdf['cpus']}"], f"argon2id, {kdf['time']} times {kdf['memory'] >> 10} MiB"


def environment(base, password, new):
    """With the passwords in it, where both look for them."""
    return dict(base, **{key: value for key, value in (("PASSWORD", password), ("NEWPASSWORD", new)) if value})


def pair(number, sides, times):
    """One home on each side, each step in turns; returns what a key cost."""
    more, price = [], ""
    for step, password, new in STEPS:
        for name, command, base in sides:  # the peer comes first
            options = COMMON + (more if name == "ours" else []) if step == "create" else []
            user = f"{name}{number}"
            taken = timed(command(step, user, *options), environment(base, password, new), name)
            times.setdefault((name, step), []).append(taken)
            if name == "theirs" and step == "create":
                more, price = cost_of(f"/home/{user}.home")
    return price


def writing(folder):
    """MiB per second of a file that is written and synced."""
    path, data = f"{folder}/speed", os.urandom(BLOCK)
    begin = time.perf_counter()
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for _ in range(BLOCKS):
        os.write(fd, data)
    os.fsync(fd)
    os.close(fd)
    taken = time.perf_counter() - begin
    os.unlink(path)
    return BLOCKS / taken


def plain_folder(folder):
    """ext4 on dm-crypt on a file beside the homes, with nothing of ours."""
    path, key = f"{folder}/plain.img", "/run/plain.key"
    with open(path, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 256 << 20)
    with open(key, "wb") as file:
        file.write(os.urandom(32))
    device = subprocess.run(["losetup", "--find", "--show", "--direct-io=on", path], capture_output=True, text=True,
                            check=True).stdout.strip()
    subprocess.run(["cryptsetup", "open", "--type=plain", "--cipher=aes-xts-plain64", "--key-size=256", f"--key-file={key}",
                    device, "plain"], check=True)
    subprocess.run(["mkfs.ext4", "-q", "/dev/mapper/plain"], check=True)
    os.mkdir("/run/plain")
    subprocess.run(["mount", "/dev/mapper/plain", "/run/plain"], check=True)
    return "/run/plain"


def throughput(hearth, runs):
    """Writing through a home, and through plain dm-crypt, in turns."""
    hearth.homectl("create", "speed", *COMMON, *images.CHEAP[1:], "--luks-pbkdf-type=pbkdf2", new=PASSWORD).succeeded("create")
    hearth.activate("speed", PASSWORD)
    plain, ours, theirs = plain_folder(hearth.homes), [], []
    for _ in range(runs + 1):
        ours.append(writing(f"{hearth.homes}/speed"))
        theirs.append(writing(plain))
    hearth.deactivate("speed")
    return statistics.median(ours[1:]), statistics.median(theirs[1:])


def main(runs):
    """Everything, in the namespaces of this program."""
    sandbox.enter()
    mount_disk("ext4", "/mnt/disk", size=3 << 30)
    for folder in ("theirs/state", "theirs/homes", "ours"):
        os.makedirs(f"/mnt/disk/{folder}", mode=0o755)
    peer, hearth = Peer("/mnt/disk/theirs/state", "/mnt/disk/theirs/homes", MACHINE), Hearth("/mnt/disk/ours")
    sides = [("theirs", peer.command, peer.environment), ("ours", hearth.command, hearth.environment())]
    times, prices = {}, []
    with udev.running(peer.environment):
        peer.start()
        for number in range(runs + 1):
            prices.append(pair(number, sides, times))
        peer.stop()
        ours, plain = throughput(hearth, 5)
    rows = [{"operation": step, **{side: statistics.median(times[side, step][1:]) for side in ("ours", "theirs")}}
            for step, *_ in STEPS]
    rows.append({"operation": "write, MiB/s", "ours": ours, "theirs": plain})  # plain dm-crypt is "theirs" here
    print("rows: " + json.dumps({"rows": rows, "keys": prices[1:]}), flush=True)


main(int(sys.argv[1]))
