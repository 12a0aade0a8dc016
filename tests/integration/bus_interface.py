#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""hearthd on a bus of its own: what it offers, to whom, and what it refuses."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import bus, bus_tables, cases, sandbox  # noqa: E402
from harness.bus_machine import (DENIED, HOME, INVALID, MANAGER, NAME, PROPERTIES, STRANGER, USER, WORD,  # noqa: E402
                                 WRONG, Machine, asked, secret, with_polkit)
from harness.cases import check, equal  # noqa: E402

suite = cases.Suite("bus interface")


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


@suite.case("of one user only so many requests wait for polkit, and others need not wait for them")
def _():
    question = (MANAGER, "AuthenticateHome", "ss", USER, secret(WORD))

    def ask_often():
        client = bus.Client()
        for _ in range(32):
            client.send(*question, interactive=True)
        try:
            client.call(*question, interactive=True)
        except bus.BusError as failure:
            return failure.name
        return "ok"
    with with_polkit({f"{NAME}.authenticate-home": "never"}):
        equal(bus.as_user(STRANGER, ask_often), "org.freedesktop.DBus.Error.LimitsExceeded", "what one more gets")
        machine.manager("AuthenticateHome", "ss", USER, secret(WORD), uid=machine.uid)
    machine.refused(DENIED, *question, uid=STRANGER)  # with polkit the questions are gone


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


if __name__ == "__main__":
    sandbox.enter()
    machine = Machine()
    cases.main(suite)
