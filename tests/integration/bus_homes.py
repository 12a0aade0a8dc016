#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Homes that are used over the bus, from the first call to the end of the bus."""
import json
import os
import re
import stat
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import bus, cases, memory, sandbox  # noqa: E402
from harness.bus_machine import (DENIED, HOME, INVALID, MANAGER, NAME, STRANGER, USER, WORD, WRONG, Machine,  # noqa: E402
                                 secret, with_polkit)
from harness.cases import check, equal  # noqa: E402
from harness.hearth import PREFIX  # noqa: E402

BOBS = "b0b's own w0rd"
suite = cases.Suite("bus homes")


@suite.case("a home is opened and closed over the bus")
def _():
    machine.refused(f"{NAME}.BadPassword", MANAGER, "ActivateHome", "ss", USER, secret())
    machine.refused(f"{NAME}.BadPassword", MANAGER, "ActivateHome", "ss", USER, secret(WRONG))
    machine.refused(f"{NAME}.HomeNotReferenced", MANAGER, "ActivateHomeIfReferenced", "ss", USER, secret(WORD))
    machine.manager("ActivateHome", "ss", USER, secret(WORD), uid=machine.uid)
    equal(machine.state(), "active", "the state")
    machine.refused(f"{NAME}.HomeAlreadyActive", HOME, "Activate", "s", secret(WORD))
    machine.refused(f"{NAME}.HomeBusy", MANAGER, "RemoveHome", "s", USER)
    machine.refused(f"{NAME}.HomeNotLocked", HOME, "Unlock", "s", secret(WORD))
    machine.manager("DeactivateHome", "s", USER)
    machine.refused(f"{NAME}.HomeNotActive", HOME, "Deactivate")


@suite.case("whoever has the secret gets a reference, and the last one that ends closes the home")
def _():
    machine.refused(f"{NAME}.BadPassword", MANAGER, "AcquireHome", "ssb", USER, secret(WRONG), 0)
    first = machine.manager("AcquireHome", "ssb", USER, secret(WORD), 0)[0]
    check(stat.S_ISFIFO(os.fstat(first).st_mode), "the reference is no FIFO")
    second = machine.manager("RefHome", "sb", USER, 1)[0]
    machine.refused(f"{NAME}.HomeBusy", MANAGER, "ReleaseHome", "s", USER)
    os.close(first)
    time.sleep(0.2)
    equal(machine.state(), "active", "with one reference left")
    os.close(second)
    machine.wait_for_state("inactive")
    machine.refused(f"{NAME}.HomeNotActive", HOME, "Ref", "b", 0)
    os.close(machine.call(HOME, "RefUnrestricted", "b", 0)[0])


@suite.case("a password is changed with the old one")
def _():
    machine.refused(f"{NAME}.BadPassword", MANAGER, "ChangePasswordHome", "sss", USER, secret("new one"), secret(WRONG))
    machine.manager("ChangePasswordHome", "sss", USER, secret("new one"), secret(WORD), uid=machine.uid)
    machine.manager("AuthenticateHome", "ss", USER, secret("new one"), uid=machine.uid)
    machine.manager("ChangePasswordHome", "sss", USER, secret(WORD), secret("new one"))


@suite.case("files that belong to a record come and go with it")
def _():
    record = json.loads(machine.manager("GetUserRecordByName", "s", USER)[0])
    for section in ("binding", "status", "signature"):
        record.pop(section, None)
    record["secret"] = {"password": [WORD]}

    def update(uid, **files):
        record["lastChangeUSec"] = int(time.time() * 1000000)
        fds = {name.replace("_", "-"): os.open(path, os.O_RDONLY) for name, path in files.items()}
        try:
            machine.manager("UpdateHomeEx", "sa{sh}t", json.dumps(record), fds, 0, uid=uid)
        finally:
            for fd in fds.values():
                os.close(fd)
        return json.loads(machine.manager("GetUserRecordByName", "s", USER)[0]).get("blobManifest", {})
    with open("/run/picture", "w", encoding="ascii") as file:
        file.write("a picture\n")
    with with_polkit({f"{NAME}.update-home-by-owner": "yes"}):
        equal(list(update(machine.uid, avatar="/run/picture")), ["avatar"], "the manifest")
        with open(f"/var/cache/systemd/home/{USER}/avatar", encoding="ascii") as file:
            equal(file.read(), "a picture\n", "the file")
        try:
            update(machine.uid, banner="/run/picture")
            raise cases.Failure("a file that the user may not change was changed")
        except bus.BusError as failure:
            equal(failure.name, DENIED, failure.message)
    equal(list(update(0, banner="/run/picture")), ["banner"], "the manifest")
    equal(list(update(0)), [], "the manifest")


@suite.case("a home is made and removed over the bus, and listeners hear of it")
def _():
    monitor = subprocess.Popen(["busctl", "--json=short", "monitor", NAME], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               text=True, env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=bus.ADDRESS))
    time.sleep(1)
    record = {"userName": "bob", "storage": "directory", "enforcePasswordPolicy": False, "secret": {"password": [BOBS]}}
    machine.manager("CreateHome", "s", json.dumps(record))
    machine.refused(f"{NAME}.UserNameExists", MANAGER, "CreateHome", "s", json.dumps(record))
    time.sleep(0.2)
    machine.manager("ActivateHome", "ss", "bob", secret(BOBS))
    machine.manager("DeactivateHome", "s", "bob")
    machine.manager("RemoveHome", "s", "bob")
    time.sleep(0.3)
    monitor.terminate()
    lines = [json.loads(line) for line in monitor.communicate(timeout=10)[0].splitlines() if line.startswith("{")]
    signals = [one for one in lines if one["type"] == "signal"]
    members = [one["member"] for one in signals if "bob" in json.dumps(one)]
    equal((members[0], members[-1]), ("InterfacesAdded", "InterfacesRemoved"), f"the first and the last of {members}")
    check("PropertiesChanged" in members, f"no change was told: {members}")
    check("hashedPassword" not in json.dumps(signals), "signals tell what is privileged")


@suite.case("keys of other machines are added, shown and removed")
def _():
    own = machine.manager("GetSigningKey", "s", "local.public", uid=STRANGER)[0]
    check("BEGIN PUBLIC KEY" in own, f"no key: {own}")
    with open(f"{os.path.dirname(os.path.dirname(__file__))}/data/signing/v257-local.public", encoding="ascii") as file:
        other = file.read()
    machine.refused(DENIED, MANAGER, "AddSigningKey", "sst", "other.public", other, 0, uid=STRANGER)
    for name, text, flags in (("other", other, 0), ("local.public", other, 0), ("../x.public", other, 0), ("x.public", "none", 0),
                              ("other.public", other, 1), ("again.public", own, 0)):
        machine.refused(INVALID, MANAGER, "AddSigningKey", "sst", name, text, flags)
    machine.manager("AddSigningKey", "sst", "other.public", other, 0)
    machine.refused(INVALID, MANAGER, "AddSigningKey", "sst", "other.public", other, 0)
    equal([(name, flags) for name, _pem, flags in machine.manager("ListSigningKeys")[0]], [("local.public", 0), ("other.public", 0)],
          "the keys")
    equal(machine.manager("GetSigningKey", "s", "other.public")[0].split(), other.split(), "the key")
    machine.refused(INVALID, MANAGER, "RemoveSigningKey", "st", "local.public", 0)
    machine.manager("RemoveSigningKey", "st", "other.public", 0)
    machine.refused(f"{NAME}.NoSuchKey", MANAGER, "GetSigningKey", "s", "other.public")
    machine.refused(f"{NAME}.NoSuchKey", MANAGER, "RemoveSigningKey", "st", "other.public", 0)


@suite.case("no secret stays in the memory of the service")
def _():
    wrong, fresh = "w0rd-that-is-wr0ng", "w0rd-that-is-fresh"
    machine.refused(f"{NAME}.BadPassword", MANAGER, "AuthenticateHome", "ss", USER, secret(wrong))
    machine.manager("ChangePasswordHome", "sss", USER, secret(fresh), secret(WORD))
    machine.manager("ChangePasswordHome", "sss", USER, secret(WORD), secret(fresh))
    machine.refused(INVALID, MANAGER, "ActivateHome", "ss", USER, secret(wrong)[:-1])
    check(memory.places_of(machine.service.pid, "Ada L."), "the search finds nothing at all")
    for text in (wrong, fresh, BOBS):
        equal(memory.places_of(machine.service.pid, text), [], f"where {text} still is")


@suite.case("a second service does not get the name")
def _():
    done = subprocess.run([f"{PREFIX}/libexec/hearth/hearthd"], capture_output=True, text=True, timeout=30, check=False,
                          env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=bus.ADDRESS))
    check(done.returncode == 1 and re.search("bus-name|varlink-socket-taken", done.stderr), f"status {done.returncode}: {done.stderr}")


@suite.case("the service ends when the bus does, and leaves the home as it is")
def _():
    machine.manager("ActivateHome", "ss", USER, secret(WORD))
    machine.daemon.terminate()
    equal(machine.service.wait(10), 1, "the exit status")
    with open("/run/hearthd.log", encoding="utf-8") as log:
        check("bus-lost" in log.read(), "the log does not say why")
    check(machine.hearth.mounts(), "the home is gone")
    machine.hearth.deactivate(USER)


if __name__ == "__main__":
    sandbox.enter()
    machine = Machine()
    cases.main(suite)
