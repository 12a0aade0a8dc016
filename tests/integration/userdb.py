#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who is who, as the rest of the system learns it: the C library with libnss-systemd, userdbctl, and clients that misbehave."""
import contextlib
import functools
import glob
import json
import os
import stat
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, peer, sandbox, varlink  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.service import PROGRAM, Service  # noqa: E402
from harness.stage import wait_for, wait_until  # noqa: E402

WORD = "correct horse"
MANY = 600  # more than the 500 at which systemd-homed stops
THOUSANDS = 2000  # so many that several threads read them
STRANGER = 4321
suite = cases.Suite("userdb")


class Machine(Service):
    """A bus, hearthd, and three homes, of one of which there is nothing but its record."""

    def __init__(self):
        super().__init__(open_bus=True)
        with open("/etc/nsswitch.conf", "w", encoding="utf-8") as file:
            file.write("passwd: files systemd\ngroup: files [SUCCESS=merge] systemd\nshadow: files systemd\n"
                       "gshadow: files systemd\n")
        with open("/etc/group", "a", encoding="utf-8") as file:
            file.write("guild:x:4400:root\n")
        self.hearth.create("ada", WORD, "--real-name=Ada L.", "--member-of=guild,nowhere", "--shell=/bin/sh", "--uid=60301")
        self.hearth.create("bob", WORD, "--uid=60302")
        self.copy("cyd", 60303, aliases=["cynthia"], memberOf=["guild"])
        self.start()

    def copy(self, user, uid, **fields):
        """Writes a record like that of bob: a home of which there is nothing else."""
        record = dict(self.hearth.record("bob"), userName=user, **fields)
        record["binding"][self.hearth.machine_id].update(
            uid=uid, gid=uid, imagePath=f"/home/{user}.homedir", homeDirectory=f"/home/{user}")
        with open(f"{self.hearth.state}/{user}.identity", "w", encoding="utf-8") as file:
            json.dump(record, file)

    def memory(self):
        """What hearthd has in memory, in KiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def run(*command, uid=None, environment=None):
    """Status and output of a command, as that user with no groups."""
    who = [] if uid is None else ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    done = subprocess.run([*who, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
                          env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **(environment or {})})
    return done.returncode, done.stdout


def getent(*arguments, uid=None):
    """What getent prints, None if it finds nothing."""
    status, output = run("getent", *arguments, uid=uid)
    check(status in (0, 2), f"getent {arguments}: status {status}")
    return output.rstrip("\n") if status == 0 else None


@functools.cache
def systemd():
    """Where systemd 252's own programs are, and the environment for them."""
    root = peer.unpacked()
    return root, {"LD_LIBRARY_PATH": glob.glob(f"{root}/usr/lib/*/systemd")[0]}


def userdbctl(*arguments, uid=None):
    """Status and output of systemd 252's userdbctl."""
    root, environment = systemd()
    return run(f"{root}/usr/bin/userdbctl", "--no-pager", *arguments, uid=uid, environment=environment)


def database(method, more=False, **parameters):
    """Replies of the user database on a connection of its own."""
    with varlink.Client() as client:
        return client.users(method, more, **parameters)


def still_answers():
    """Fails the case unless the service answers somebody else at once."""
    begin = time.monotonic()
    equal(varlink.record("ada")[0]["userName"], "ada", "after that")
    check(time.monotonic() - begin < 5, "the service answers late")


def on_this_machine(record):
    """The status that a record shows for this machine."""
    return record["status"][machine.hearth.machine_id]


@suite.case("the socket is for everybody")
def _():
    equal(stat.S_IMODE(os.stat("/run/systemd/userdb").st_mode), 0o755, "mode of the folder")
    equal(stat.S_IMODE(os.stat(varlink.USERS).st_mode), 0o666, "mode of the socket")
    equal(os.listdir("/run/systemd/userdb"), ["io.systemd.Home"], "files in the folder")


@suite.case("the service describes itself")
def _():
    with varlink.Client() as client:
        info = client.call("org.varlink.service.GetInfo")[0]["parameters"]
        check(varlink.DATABASE in info["interfaces"], f"interfaces: {info}")
        for name in info["interfaces"]:
            text = client.call("org.varlink.service.GetInterfaceDescription", interface=name)[0]["parameters"]["description"]
            check(f"interface {name}\n" in text, f"description of {name}: {text}")


@suite.case("the C library finds users by name and by number")
def _():
    line = getent("passwd", "ada")
    check(line and line.startswith("ada:x:60301:60301:Ada L.:"), f"ada: {line}")
    equal(getent("passwd", "60301"), line, "by number")
    equal(getent("passwd", "ada", uid=STRANGER), line, "for a stranger")
    for nobody in ("nosuch", "60399"):
        equal(getent("passwd", nobody), None, nobody)
    names = [row.split(":")[0] for row in getent("passwd").splitlines()]
    check("ada" in names and "bob" in names and "root" in names, f"all: {names}")


@suite.case("the C library finds groups and who is in them")
def _():
    equal(getent("group", "ada"), "ada:x:60301:ada", "by name")
    equal(getent("group", "60302"), "bob:x:60302:bob", "by number")
    number, members = getent("group", "guild").split(":")[2:]
    equal((number, sorted(set(members.split(",")))), ("4400", ["ada", "cyd", "root"]), "a group of the machine")
    equal(getent("group", "nowhere"), None, "a group that does not exist")
    rows = getent("group").splitlines()
    check(any(row.startswith("bob:x:60302:") for row in rows), f"all: {rows}")
    status, groups = run("id", "-Gn", "ada")
    equal((status, sorted(groups.split())), (0, ["ada", "guild"]), "the groups of ada")
    check("4400" in getent("initgroups", "ada").split(), "initgroups")


def has_aliases(how):
    """Fails the case unless a user and the group are found by the user's other name."""
    check((getent("passwd", "cynthia") or "").startswith("cyd:x:60303:60303:"), f"a user by an alias {how}")
    equal(getent("group", "cynthia"), "cynthia:x:60303:cyd", f"a group by an alias {how}")
    equal(run("id", "-Gn", "cynthia")[1].split(), ["cyd", "guild"], f"groups by an alias {how}")


@suite.case("users and their groups are found by aliases")
def _():
    has_aliases("asked directly")


@suite.case("hashes are for root and their owner")
def _():
    line = getent("shadow", "ada")
    check(line and line.startswith("ada:$"), f"for root: {line}")
    equal(getent("shadow", "ada", uid=60301), line, "for the owner")
    for other in (60302, STRANGER):
        equal(getent("shadow", "ada", uid=other), None, f"for {other}")
    status, text = userdbctl("user", "ada", "--output=json", uid=STRANGER)
    check(status == 0 and "privileged" not in json.loads(text), f"a stranger's userdbctl: {text}")
    status, text = userdbctl("user", "ada", "--output=json")
    check(status == 0 and json.loads(text)["privileged"]["hashedPassword"], f"root's userdbctl: {text}")


@suite.case("userdbctl knows users, groups and who is in which")
def _():
    status, text = userdbctl("user", "ada")
    check(status == 0 and "Ada L." in text and "io.systemd.Home" in text, f"user: {text}")
    status, text = userdbctl("group", "ada")
    check(status == 0 and "60301" in text and "io.systemd.Home" in text, f"group: {text}")
    status, text = userdbctl("groups-of-user", "ada", "--no-legend", "--output=table")
    equal((status, sorted(line.split()[-1] for line in text.splitlines())), (0, ["ada", "guild", "nowhere"]), "groups of ada")
    status, text = userdbctl("users-in-group", "guild", "--no-legend", "--output=table")
    check(status == 0 and "ada" in text.split(), f"users in guild: {text}")
    status, text = userdbctl("user", "--no-legend", "--output=table")
    check(status == 0 and {"ada", "bob"} <= {word for line in text.splitlines() for word in line.split()}, f"all: {text}")
    check(userdbctl("user", "nosuch")[0] != 0, "nosuch was found")


@suite.case("the multiplexer passes all of it on")
def _():
    root, environment = systemd()
    # It starts its workers from the place where they are installed.
    mounted = subprocess.run(["mount", "-t", "overlay", "-o", f"lowerdir={root}/lib/systemd:/usr/lib/systemd", "systemd",
                              "/usr/lib/systemd"], capture_output=True, check=False)
    if mounted.returncode != 0:
        raise cases.Skip("the kernel has no overlay file system")
    with open("/run/userdbd.log", "wb") as log:
        daemon = subprocess.Popen(["/usr/lib/systemd/systemd-userdbd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  env={"SYSTEMD_LOG_TARGET": "console", **environment})
    try:
        wait_for("/run/systemd/userdb/io.systemd.Multiplexer")
        for user in ("ada", "bob"):
            check(getent("passwd", user).startswith(f"{user}:x:6030"), f"{user} by way of it")
            check(getent("group", user).startswith(f"{user}:x:6030"), f"the group {user} by way of it")
        has_aliases("by way of it")
        status, text = userdbctl("user", "ada", "--output=json", uid=STRANGER)
        check(status == 0 and "privileged" not in json.loads(text), f"a stranger's userdbctl: {text}")
    finally:
        daemon.terminate()
        daemon.wait(20)
        for name in set(os.listdir("/run/systemd/userdb")) - {"io.systemd.Home"}:
            os.unlink(f"/run/systemd/userdb/{name}")


@suite.case("a closed home has a directory and a shell to fall back on, an open one its own")
def _():
    record, _ = varlink.record("bob")
    status = on_this_machine(record)
    equal((status["state"], status["useFallback"], status["fallbackHomeDirectory"]), ("inactive", True, "/"), "closed")
    check(status["fallbackShell"].startswith("/"), f"its shell: {status}")
    machine.hearth.activate("bob", WORD)
    status = on_this_machine(varlink.record("bob")[0])
    equal((status["state"], status["useFallback"]), ("active", False), "open")
    equal(getent("passwd", "bob").split(":")[5], "/home/bob", "its directory")
    machine.hearth.deactivate("bob")
    equal(on_this_machine(varlink.record("bob")[0])["useFallback"], True, "closed again")


@suite.case("a home that comes or goes is known or unknown at once")
def _():
    machine.hearth.create("eve", WORD, "--uid=60305")
    wait_until(lambda: (getent("passwd", "eve") or "").startswith("eve:x:60305:"), "eve is not known")
    machine.hearth.homectl("remove", "eve").succeeded("remove")
    wait_until(lambda: getent("passwd", "eve") is None, "eve is still known")


@suite.case("a group has those whose records list it, as soon as they do and no longer")
def _():
    def members(group):
        return [reply.get("parameters", {}).get("userName") for reply in database("GetMemberships", more=True, groupName=group)]

    equal(members("club"), [None], "nobody's group")
    machine.hearth.create("eve", WORD, "--uid=60305", "--member-of=club,bob")
    wait_until(lambda: members("club") == ["eve"], "eve is in no group")
    equal(members("bob"), ["bob", "eve"], "who is in bob's group")
    machine.hearth.homectl("update", "eve", "--member-of=ada", password=WORD).succeeded("update")
    wait_until(lambda: members("ada") == ["ada", "eve"], "eve is not in the new group")
    equal((members("club"), members("bob")), ([None], ["bob"]), "who is in the old ones")
    machine.hearth.homectl("remove", "eve").succeeded("remove")
    wait_until(lambda: members("ada") == ["ada"], "eve is still there")


@suite.case("what is no call ends the connection, and no other")
def _():
    for bad in (b"\0", b"rubbish\0", b"{}\0", b"[]\0", b'{"method":7}\0', b'{"method":"a.B","more":true,"oneway":true}\0',
                b'{"method":"a.B","parameters":' + b"[" * 5000 + b"\0", b'{"method":"a.B","x":1}\0', b"\xff\xfe\0", b"x" * 70000):
        with varlink.Client() as client:
            with contextlib.suppress(ConnectionError):
                client.send(bad)
            equal(client.receive(), None, f"the answer to {bad[:40]}")
    still_answers()


@suite.case("a call that is wrong gets the error that says so")
def _():
    invalid, users = "org.varlink.service.InvalidParameter", varlink.DATABASE
    for method, parameters, error in (
            ("GetUserRecord", {"userName": "ada", "service": "io.systemd.Other"}, f"{users}.BadService"),
            ("GetUserRecord", {"userName": "nosuch"}, f"{users}.NoRecordFound"),
            ("GetUserRecord", {"uid": 60301, "userName": "bob"}, f"{users}.ConflictingRecordFound"),
            ("GetUserRecord", {"fuzzyNames": ["ad"]}, invalid), ("GetUserRecord", {"uid": "60301"}, invalid),
            ("GetUserRecord", {}, "org.varlink.service.ExpectedMore"),
            ("GetMemberships", {"userName": "bob", "groupName": "guild"}, f"{users}.NoRecordFound")):
        replies = database(method, **parameters)
        equal([reply.get("error") for reply in replies], [error], f"{method} {parameters}")
    equal(database("GetUserRecord", gecos="x")[0]["parameters"], {"parameter": "gecos"}, "the parameter that is wrong")


@suite.case("half a message holds nobody up")
def _():
    with varlink.Client() as half:
        half.send(b'{"method":"io.systemd.service.P')
        still_answers()
        half.send(b'ing"}\0')
        equal(half.receive(), {"parameters": {}}, "the answer to the whole")


@suite.case("a thousand connections of one user keep nobody else away")
def _():
    crowd = subprocess.Popen(["setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups", sys.executable, "-c", (
        "import socket, sys, time\nopen = []\n"
        "for i in range(1000):\n    one = socket.socket(socket.AF_UNIX)\n"
        f"    one.connect('{varlink.USERS}')\n    open.append(one)\n"
        "print('there', flush=True)\ntime.sleep(600)\n")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        equal(crowd.stdout.readline(), b"there\n", "a user with many connections")
        still_answers()
        equal(getent("passwd", "ada", uid=60302) is not None, True, "for another user")
        equal(getent("passwd", "ada", uid=STRANGER) is not None, True, "for the same user")
        files = len(machine.descriptors())
        check(files < 300, f"the service holds {files} files open")
    finally:
        crowd.kill()
        crowd.wait()
    wait_until(lambda: len(machine.descriptors()) < 40, "connections are left")


@suite.case(f"{MANY} homes are listed, more than systemd-homed takes")
def _():
    machine.stop()
    check(not os.path.exists(varlink.USERS), "the socket is still there")
    for number in range(MANY):
        machine.copy(f"crowd{number:03}", 61000 + number, realName="one of many " * 20)
    machine.start()
    replies = database("GetUserRecord", more=True)
    equal(len(replies), MANY + 3, "records")
    equal(len([line for line in getent("passwd").splitlines() if line.startswith("crowd")]), MANY, "lines of getent passwd")
    equal(len([line for line in getent("group").splitlines() if line.startswith("crowd")]), MANY, "lines of getent group")
    check(getent("passwd", "61599").startswith("crowd599:"), "the last of them")


@suite.case("clients that never read cost no memory and no time")
def _():
    before = machine.memory()
    with contextlib.ExitStack() as stack:
        for _ in range(100):
            client = stack.enter_context(varlink.Client())
            for _ in range(20):
                client.ask(f"{varlink.DATABASE}.GetUserRecord", more=True, service="io.systemd.Home")
        still_answers()
        grown = machine.memory() - before
        check(grown < 100 * 200, f"the service grew by {grown} KiB for 100 clients")
        still_answers()


@suite.case(f"{THOUSANDS} records that come, change and go while the service runs are all noticed")
def _():
    before = len(database("GetUserRecord", more=True))
    path = f"{machine.hearth.state}/folk{{:04}}.identity".format
    machine.stop()
    for number in range(THOUSANDS):
        machine.copy(f"folk{number:04}", 200000 + number)
    machine.start()
    equal(len(database("GetUserRecord", more=True)), before + THOUSANDS, "records of users")
    equal(len(database("GetGroupRecord", more=True)), before + THOUSANDS, "records of groups")
    check(getent("passwd", "201999").startswith("folk1999:"), "the last is not found by its number")
    for number in range(0, THOUSANDS, 2):
        os.unlink(path(number))
        machine.copy(f"folk{number + 1:04}", 300000 + number, aliases=[f"people{number:04}"])
    left = before + THOUSANDS // 2
    wait_until(lambda: len(database("GetUserRecord", more=True)) == left, "those that went are still there", 30)
    wait_until(lambda: getent("passwd", "people1998") is not None, "the last has no new alias", 30)
    equal(getent("passwd", "people0000").split(":")[2], "300000", "the new number of the first")
    for name in ("folk0000", "200000", "200001", "201999"):
        check(getent("passwd", name) is None, f"{name} is still found")
    for number in range(1, THOUSANDS, 2):
        os.unlink(path(number))
    wait_until(lambda: len(database("GetUserRecord", more=True)) == before, "the others are still there", 30)


@suite.case("a service that was killed is replaced")
def _():
    machine.kill()
    check(os.path.exists(varlink.USERS), "the socket went with it")
    machine.start()
    still_answers()


@suite.case("a second service leaves the socket to the first")
def _():
    status, _ = run(PROGRAM)
    equal(status, 1, "its exit status")
    still_answers()


if __name__ == "__main__":
    sandbox.enter()
    machine = Machine()
    cases.main(suite)
