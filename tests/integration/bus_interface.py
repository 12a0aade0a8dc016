#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""hearthd on a bus of its own: what it offers, to whom, and what it answers."""
import contextlib
import json
import os
import shutil
import stat
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import bus, bus_tables, cases, memory, sandbox  # noqa: E402
from harness.bus import BusError  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import PREFIX, Hearth  # noqa: E402

USER, WORD, WRONG = "ada", "correct horse", "wrong horse"
BOBS = "b0b's own w0rd"
STRANGER = 4321
NAME = "org.freedesktop.home1"
MANAGER = (NAME, "/org/freedesktop/home1", f"{NAME}.Manager")
HOME = (NAME, f"/org/freedesktop/home1/home/{USER}", f"{NAME}.Home")
PROPERTIES = "org.freedesktop.DBus.Properties"
DENIED = "org.freedesktop.DBus.Error.AccessDenied"
INVALID = "org.freedesktop.DBus.Error.InvalidArgs"
JOURNAL = "/run/polkit.log"
suite = cases.Suite("bus interface")


class Machine:
    """A bus, hearthd on it, and one home; all in the suite's own namespace."""

    def __init__(self):
        for folder in ("/run", "/home", "/var/lib/systemd"):
            subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "hearth-test", folder], check=True)
        os.makedirs("/run/systemd/userdb")
        with open("/etc/machine-id", encoding="ascii") as file:
            self.hearth = Hearth("/", file.read().strip())
        self.hearth.create(USER, WORD, "--real-name=Ada L.", "--password-hint=it")
        self.uid = self.hearth.uid(USER)
        name_users({USER: self.uid, "stranger": STRANGER, "intruder": bus.LET_THROUGH})
        self.daemon = bus.start_daemon(PREFIX)
        self.start()

    def start(self):
        """Starts hearthd and waits until it has its name."""
        with open("/run/hearthd.log", "ab") as log:
            self.service = subprocess.Popen([f"{PREFIX}/libexec/hearth/hearthd"], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=bus.ADDRESS))
        self.client = bus.Client()
        for _ in range(200):
            if self.client.call(("org.freedesktop.DBus", "/", "org.freedesktop.DBus"), "NameHasOwner", "s", NAME)[0]:
                return
            time.sleep(0.02)
        with open("/run/hearthd.log", encoding="utf-8") as log:
            raise RuntimeError("hearthd does not start: " + log.read())

    def manager(self, member, *arguments, uid=0, interactive=False):
        """Calls a method of the manager, as somebody."""
        return self.call(MANAGER, member, *arguments, uid=uid, interactive=interactive)

    def call(self, target, member, *arguments, uid=0, interactive=False):
        """Calls any method, as somebody."""
        if uid == 0:
            return self.client.call(target, member, *arguments, interactive=interactive)
        return bus.as_user(uid, lambda: bus.Client().call(target, member, *arguments, interactive=interactive))

    def refused(self, error, target, member, *arguments, **how):
        """Fails the case unless the call fails with that error; gives its message."""
        try:
            answer = self.call(target, member, *arguments, **how)
        except BusError as failure:
            equal(failure.name, error, f"{member}: {failure.message}")
            return failure.message
        raise cases.Failure(f"{member} was not refused with {error}, but gave {answer}")

    def state(self):
        """The state of the home."""
        return self.manager("GetHomeByName", "s", USER)[1]

    def wait_for_state(self, state):
        """Waits until the home is in that state."""
        deadline = time.monotonic() + 20
        while (now := self.state()) != state:
            check(time.monotonic() < deadline, f"the home is {now}, and does not become {state}")
            time.sleep(0.02)

    def introspect(self, path, interface):
        """What an object says about an interface: {name: signature and notes}."""
        target = (NAME, path, "org.freedesktop.DBus.Introspectable")
        tree = ElementTree.fromstring(self.client.call(target, "Introspect")[0])
        return bus_tables.table_of(next(one for one in tree.iter("interface") if one.get("name") == interface))


def name_users(users):
    """The bus serves nobody whom the system does not know."""
    shutil.copy("/etc/passwd", "/run/passwd")
    with open("/run/passwd", "a", encoding="utf-8") as file:
        file.writelines(f"{name}:x:{uid}:{uid}::/:/bin/sh\n" for name, uid in users.items())
    subprocess.run(["mount", "--bind", "/run/passwd", "/etc/passwd"], check=True)


def secret(*passwords):
    """The text of a secret."""
    return json.dumps({"password": list(passwords)} if passwords else {})


@contextlib.contextmanager
def with_polkit(verdicts):
    """Runs polkit with these verdicts until the with statement ends."""
    if os.path.exists(JOURNAL):
        os.unlink(JOURNAL)
    child = bus.start_polkit(verdicts, JOURNAL)
    yield
    os.kill(child, 9)
    os.waitpid(child, 0)


def asked():
    """What polkit was asked since it was started."""
    if not os.path.exists(JOURNAL):
        return []
    with open(JOURNAL, encoding="utf-8") as file:
        return file.read().splitlines()


@suite.case("the manager offers exactly the interface of org.freedesktop.home1")
def _():
    equal(machine.introspect(MANAGER[1], MANAGER[2]), bus_tables.MANAGER, "the manager's interface")


@suite.case("a home offers exactly the interface of org.freedesktop.home1")
def _():
    equal(machine.introspect(HOME[1], HOME[2]), bus_tables.HOME, "the interface of a home")


@suite.case("the log level can be read by all and changed by root")
def _():
    target = (NAME, "/org/freedesktop/LogControl1", PROPERTIES)
    interface = "org.freedesktop.LogControl1"
    equal(machine.introspect(target[1], interface), bus_tables.LOG_CONTROL, "the interface")
    equal(machine.call(target, "Get", "ss", interface, "LogLevel", uid=STRANGER), ["info"], "the level")
    machine.refused(DENIED, target, "Set", "ssv", interface, "LogLevel", "s", "debug", uid=STRANGER)
    machine.call(target, "Set", "ssv", interface, "LogLevel", "s", "debug")
    equal(machine.call(target, "Get", "ss", interface, "LogLevel"), ["debug"], "the level")
    machine.refused(INVALID, target, "Set", "ssv", interface, "LogLevel", "s", "chatty")


@suite.case("homes are found by name, by UID, and by who asks")
def _():
    path = HOME[1]
    expected = [machine.uid, "inactive", machine.uid, "Ada L.", f"/home/{USER}", "/bin/bash", path]
    equal(machine.manager("GetHomeByName", "s", USER, uid=STRANGER), expected, "by name")
    equal(machine.manager("GetHomeByName", "s", "", uid=machine.uid), expected, "one's own")
    equal(machine.manager("GetHomeByUID", "u", machine.uid), [USER, *expected[1:]], "by UID")
    row = (USER, machine.uid, "inactive", machine.uid, *expected[3:])
    equal(machine.manager("ListHomes"), [[row]], "all of them")
    for by in (f"_{ord(str(machine.uid)[0]):02x}{str(machine.uid)[1:]}", USER):
        equal(machine.call((NAME, f"/org/freedesktop/home1/home/{by}", PROPERTIES), "Get", "ss", HOME[2], "UserName"), [USER],
              f"the object {by}")


@suite.case("unknown homes have no object and no record")
def _():
    missing = f"{NAME}.NoSuchHome"
    for member, kind, value in (("GetHomeByName", "s", "bob"), ("GetHomeByUID", "u", 12345), ("GetUserRecordByName", "s", "bob"),
                                ("GetUserRecordByUID", "u", 12345), ("GetHomeByName", "s", "")):
        machine.refused(missing, MANAGER, member, kind, value)
    machine.refused("org.freedesktop.DBus.Error.UnknownObject", (NAME, "/org/freedesktop/home1/home/bob", HOME[2]), "Lock")


@suite.case("root and the owner see all of a record, others what is not privileged")
def _():
    for uid, trusted in ((0, True), (machine.uid, True), (STRANGER, False)):
        for target, member, arguments in ((MANAGER, "GetUserRecordByName", ("s", USER)),
                                          (MANAGER, "GetUserRecordByUID", ("u", machine.uid)),
                                          ((*HOME[:2], PROPERTIES), "Get", ("ss", HOME[2], "UserRecord"))):
            answer = machine.call(target, member, *arguments, uid=uid)
            text, incomplete = answer[0] if member == "Get" else answer[:2]
            record = json.loads(text)
            equal(("privileged" in record, bool(incomplete)), (trusted, not trusted), f"{member} by {uid}")
            check("secret" not in record, f"{member} gives a secret")
            status = record["status"][machine.hearth.machine_id]
            equal((status["state"], status["service"], status["useFallback"]), ("inactive", "io.systemd.Home", True), "status")


@suite.case("all objects can be read at once, each reader seeing what it may")
def _():
    target = (NAME, "/org/freedesktop/home1/home", "org.freedesktop.DBus.ObjectManager")
    for uid in (0, STRANGER):
        objects = machine.call(target, "GetManagedObjects", uid=uid)[0]
        equal(list(objects), [HOME[1]], "the objects")
        record = objects[HOME[1]][HOME[2]]["UserRecord"][0]
        equal("privileged" in json.loads(record), uid == 0, f"the record for {uid}")


@suite.case("without polkit strangers may look, and nothing else")
def _():
    for member, signature, *arguments in bus_tables.FOR_POLKIT:
        machine.refused(DENIED, MANAGER, member, signature, *(USER if one is None else one for one in arguments), uid=STRANGER)
    for member in ("DeactivateHome", "LockHome", "ReleaseHome"):
        machine.refused(DENIED, MANAGER, member, "s", USER, uid=STRANGER)
    for member in ("LockAllHomes", "DeactivateAllHomes", "Rebalance"):
        machine.refused(DENIED, MANAGER, member, uid=STRANGER)
    machine.refused(DENIED, HOME, "Acquire", "sb", secret(WORD), 0, uid=machine.uid)
    machine.refused(DENIED, HOME, "Lock", uid=machine.uid)
    equal(machine.state(), "inactive", "the state")


@suite.case("what is for root alone the service refuses by itself, also where the bus lets it through")
def _():
    for table, target in ((bus_tables.MANAGER, MANAGER), (bus_tables.HOME, HOME)):
        for member in (name for name, entry in table.items() if entry[2] == "root"):
            kinds = [one.split()[0] for one in table[member][0].split(", ") if one]
            values = [{"b": 0}.get(kind, USER if table is bus_tables.MANAGER else "{}") for kind in kinds]
            message = machine.refused(DENIED, target, member, "".join(kinds), *values, uid=bus.LET_THROUGH)
            check("Only root" in message, f"{member} was refused by somebody else: {message}")
    equal(machine.state(), "inactive", "the state")


@suite.case("polkit is asked by name, with user and UID, and people only if the call allows it")
def _():
    with with_polkit({f"{NAME}.authenticate-home": "ask", f"{NAME}.remove-home": "no"}):
        target = (MANAGER, "AuthenticateHome", "ss", USER, secret(WRONG))
        machine.refused("org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", *target, uid=STRANGER)
        machine.refused(f"{NAME}.BadPassword", *target, uid=STRANGER, interactive=True)
        machine.refused(DENIED, MANAGER, "RemoveHome", "s", USER, uid=STRANGER, interactive=True)
        details = f"[('uid', '{machine.uid}'), ('username', '{USER}')]"
        equal(asked(), [f"{NAME}.authenticate-home 0 {details}", f"{NAME}.authenticate-home 1 {details}",
                        f"{NAME}.remove-home 1 {details}"], "what polkit was asked")


@suite.case("an update by the owner is a question of its own, as long as it is about their own things")
def _():
    record = json.loads(machine.manager("GetUserRecordByName", "s", USER)[0])
    for section in ("binding", "status", "signature"):
        record.pop(section, None)
    record.update({"secret": {"password": [WORD]}, "lastChangeUSec": record["lastChangeUSec"] + 1000000, "realName": "Ada Lovelace"})
    with with_polkit({f"{NAME}.update-home-by-owner": "yes"}):
        machine.refused(DENIED, MANAGER, "UpdateHome", "s", json.dumps(dict(record, memberOf=["sudo"])), uid=machine.uid)
        machine.refused(DENIED, MANAGER, "UpdateHome", "s", json.dumps(record), uid=STRANGER)
        machine.manager("UpdateHome", "s", json.dumps(record), uid=machine.uid)
        equal([line.split()[0] for line in asked()], [f"{NAME}.update-home", f"{NAME}.update-home", f"{NAME}.update-home-by-owner"],
              "what polkit was asked")
    equal(machine.manager("GetHomeByName", "s", USER)[3], "Ada Lovelace", "the real name")
    equal(machine.hearth.record(USER).get("memberOf"), None, "the groups")


@suite.case("secrets that are none are refused, with the place and without the secret")
def _():
    for text in ('{"password":["hush"', '{"password":"hush","password":"hush"}', '{"tokenPin":{"hush":1}}', "[]", "hush"):
        message = machine.refused(INVALID, MANAGER, "ActivateHome", "ss", USER, text)
        check("hush" not in message, f"the secret is in the message: {message}")


@suite.case("records that are too large, wrong or of this machine alone are refused")
def _():
    for text in ('{"userName":"' + "x" * (3 << 20) + '"}', '{"userName":"bob","uid":"x"}', '{"userName":"bob","binding":{"%s":{}}}',
                 '{"userName":"bob","status":{"%s":{"state":"active"}}}', '{"userName":"bob","blobDirectory":"/etc"}',
                 '{"userName":"bob","__systemd_homework_internal_blob_fdmap":{}}', "{}", '{"userName":"bob","service":"x"}'):
        machine.refused(INVALID, MANAGER, "CreateHome", "s", text.replace("%s", machine.hearth.machine_id))
    for flags in (1, 1 << 63):
        machine.refused(INVALID, MANAGER, "CreateHomeEx", "sa{sh}t", '{"userName":"bob"}', {}, flags)
        machine.refused(INVALID, MANAGER, "AdoptHome", "st", "/home/x.homedir", flags)
    machine.refused(INVALID, MANAGER, "UpdateHomeEx", "sa{sh}t", '{"userName":"ada"}', {}, 2)


@suite.case("files that come with a record are looked at with care")
def _():
    with open("/run/blob", "w+b") as good, open("/run/large", "w+b") as large:
        large.truncate((64 << 20) + 1)
        path_only = os.open("/run/blob", os.O_PATH)
        folder = os.open("/run", os.O_RDONLY)
        write_only = os.open("/run/blob", os.O_WRONLY)
        for blobs in ({".x": good.fileno()}, {"a/b": good.fileno()}, {"": good.fileno()}, {"x": path_only}, {"x": folder},
                      {"x": write_only}, {"x": large.fileno()}, {"bad name": good.fileno()}):
            machine.refused(INVALID, MANAGER, "CreateHomeEx", "sa{sh}t", '{"userName":"bob"}', blobs, 0)
        for fd in (path_only, folder, write_only):
            os.close(fd)


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


@suite.case("a home is made and removed over the bus, and listeners hear of it")
def _():
    monitor = subprocess.Popen(["busctl", "--json=short", "monitor", NAME], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               text=True, env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=bus.ADDRESS))
    time.sleep(0.3)
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
    check(memory.places_of(machine.service.pid, "Lovelace"), "the search finds nothing at all")
    for text in (wrong, fresh, BOBS):
        equal(memory.places_of(machine.service.pid, text), [], f"where {text} still is")


@suite.case("a second service does not get the name")
def _():
    done = subprocess.run([f"{PREFIX}/libexec/hearth/hearthd"], capture_output=True, text=True, timeout=30, check=False,
                          env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=bus.ADDRESS))
    check(done.returncode == 1 and "bus-name" in done.stderr, f"status {done.returncode}: {done.stderr}")


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
