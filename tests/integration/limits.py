#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A service that was given a part of the tree of cgroups: what a worker may take is limited, and costs nobody else anything."""
import json
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import beast, cases, needs, sandbox, security_keys, stage, tpm  # noqa: E402
from harness.bus import BusError  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.service import HOMES, Service, secret  # noqa: E402
from harness.stage import wait_until  # noqa: E402
from harness.token_homes import call  # noqa: E402

GOOD, BAD, IMAGE, OWNER, WORD, PIN = "noor", "kim", "ida", "lou", "Altes-Wort-1", "123456"
TOP = "/sys/fs/cgroup"
OURS = f"{TOP}/hearth-{os.urandom(4).hex()}"

suite = cases.Suite("limits")
sandbox.enter()


def give_away():
    """Makes a part of the tree, and marks it as a system manager does."""
    if not os.path.exists(f"{TOP}/cgroup.controllers"):
        subprocess.run(["mount", "-t", "cgroup2", "cgroup2", TOP], check=True)
    with open(f"{TOP}/cgroup.subtree_control", "w", encoding="ascii") as file:
        file.write("+cpu +memory +pids")
    os.mkdir(OURS)
    os.setxattr(OURS, "trusted.delegate", b"1")


def move(pid, folder):
    """Puts a process into a cgroup."""
    with open(f"{folder}/cgroup.procs", "w", encoding="ascii") as file:
        file.write(str(pid))


def parts():
    """The parts of ours."""
    return sorted(name for name in os.listdir(OURS) if os.path.isdir(f"{OURS}/{name}"))


def nothing_is_left():
    """What a worker was in goes just after the answer."""
    wait_until(lambda: parts() == ["service"], lambda: f"parts: {parts()}", 5)


def processes():
    """Those in the part that has most."""
    counts = [0]
    for part in parts():
        with open(f"{OURS}/{part}/pids.current", encoding="ascii") as file:
            counts.append(int(file.read()))
    return max(counts)


give_away()
mount_disk("ext4", HOMES)
service = Service()
service.hearth.bus = stage.ADDRESS
beast.install()
service.start()
os.mkdir(f"{OURS}/worker-99")  # as of somebody who was killed
move(service.process.pid, OURS)
others = beast.Neighbours(service, GOOD, WORD)
service.create(GOOD, WORD)
service.create(BAD, WORD, storage="beast")


@suite.case("the service is in a part of its own, and nothing is left of its workers")
def _():
    with open(f"/proc/{service.process.pid}/cgroup", encoding="ascii") as file:
        check(f"0::/{os.path.basename(OURS)}/service\n" in file.read(), "the service is somewhere else")
    nothing_is_left()


@suite.case("a worker has limits on processes, memory and swap, and ends as a whole")
def _():
    with service.held():
        future = service.later("ActivateHome", "ss", GOOD, secret(WORD))
        wait_until(lambda: len(parts()) == 2, lambda: f"parts: {parts()}")
        folder = f"{OURS}/{parts()[1]}"
        found = {}
        for name in ("pids.max", "memory.max", "memory.oom.group"):
            with open(f"{folder}/{name}", encoding="ascii") as file:
                found[name] = int(file.read())
    future.result(30)
    service.call("DeactivateHome", "s", GOOD)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGESIZE")
    check(0.7 * memory < found.pop("memory.max") < 0.8 * memory, "the limit on memory")
    equal(found, {"pids.max": 256, "memory.oom.group": 1}, "limits")


@suite.case("one that forks without end stops nobody, and is ended with all that it started")
def _():
    beast.tell(f"{BAD}.beast", "fork-without-end")
    client = others.begin_to_open(BAD)
    wait_until(lambda: processes() >= 256, lambda: f"it has {processes()} processes", 60)
    others.are_answered()
    others.go_on()
    equal(processes(), 256, "processes of the worker")
    beast.tell(f"{BAD}.beast", None)
    client.send_signal(signal.SIGINT)
    others.are_answered()
    client.communicate(timeout=90)
    check(client.returncode != 0, "the home was opened")
    others.nobody_is_left()
    others.is_whole(BAD)
    nothing_is_left()


@suite.case("one that eats memory is ended, the error says why, and nobody else is")
def _():
    beast.tell(f"{BAD}.beast", "eat-memory")
    client = others.begin_to_open(BAD)
    others.are_answered()
    said, _ = client.communicate(timeout=90)
    beast.tell(f"{BAD}.beast", None)
    check(client.returncode != 0 and "memory than it may" in said, f"{client.returncode}: {said}")
    others.go_on()
    others.nobody_is_left()
    others.is_whole(BAD)
    nothing_is_left()


@suite.case("one that names no device gets those that everybody has, and no other")
def _():
    beast.tell(f"{BAD}.beast", "take-devices")
    try:
        service.call("ActivateHome", "ss", BAD, secret(WORD))
        service.call("DeactivateHome", "s", BAD)
    finally:
        beast.tell(f"{BAD}.beast", None)
    check(os.access("/dev/loop-control", os.R_OK), "there is no such device here")


def lives():
    """The life of a home in an image: the error that ends it, or None."""
    try:
        service.create(IMAGE, WORD, storage="luks", diskSize=64 << 20, fileSystemType="ext4", luksPbkdfType="pbkdf2",
                       luksPbkdfForceIterations=1000)
        service.call("ActivateHome", "ss", IMAGE, secret(WORD))
        service.call("DeactivateHome", "s", IMAGE)
        service.call("RemoveHome", "s", IMAGE)
    except BusError as failure:
        return failure.message
    return None


def opens_with(token):
    """The same of one that the token opens."""
    for step in (("create", OWNER, "--storage=directory", "--enforce-password-policy=no", token), ("activate", OWNER),
                 ("deactivate", OWNER), ("remove", OWNER)):
        done = call(service.hearth, *step, new=WORD if step[0] == "create" else None, pin=PIN)
        if done.status != 0:
            service.call("RemoveHome", "s", OWNER)
            return done.err
    return None


def opens_with_key():
    """The same with a security key in the kernel."""
    with security_keys.in_kernel(security_keys.Key("key", pin=PIN)):
        return opens_with("--fido2-device=auto")


def needs_each_device(name, what_failed, words):
    """What works with the devices of the plugin's manifest does not without any of them, and says so in these words."""
    equal(what_failed(), None, "what failed")
    if not os.path.exists(needs.INSTALLED):
        shutil.copytree(needs.PREFIX, needs.INSTALLED, symlinks=True)
    built, changed = (f"{folder}/{name}.so" for folder in (needs.folder(needs.PREFIX), needs.folder()))
    for item in needs.devices_of(name):
        needs.install(name, ("devices", item))
        subprocess.run(["mount", "--bind", changed, built], check=True)
        failed = what_failed()
        subprocess.run(["umount", built], check=True)
        check(failed is not None, f"it does without {item}")
        check(words in failed, f"what it says without {item}: {failed}")
        print(f"     | without {item}: {json.dumps(failed)}")
    equal(what_failed(), None, "what failed afterwards")


@suite.case("a home in an image lives with the devices that its plugin names, and without none of them")
def _():
    needs_each_device("luks", lives, "Operation not permitted")


@suite.case("one that a security key opens lives with the device that the plugin of the key names, and not without it")
def _():
    if subprocess.run(["modprobe", "-q", "uhid"], check=False).returncode != 0:
        raise cases.Skip("this kernel lets no program be a device")
    security_keys.set_up()
    needs_each_device("auth-fido2", opens_with_key, "[auth-need-token]")


@suite.case("one that a key in a TPM opens lives with the device that the plugin of smart cards names, and not without it")
def _():
    with tpm.in_kernel("/mnt/tpm"):
        tpm.make_token(PIN)
        needs_each_device("auth-pkcs11", lambda: opens_with("--pkcs11-token-uri=auto"), "[auth-need-token]")


@suite.case("all answers of the service meanwhile")
def _():
    others.show_times()


cases.main(suite)
