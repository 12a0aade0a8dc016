#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many homes with one call of homectl, and many calls at once: with the service and without one."""
import json
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, stage  # noqa: E402
from harness.asking import Terminal, ended, start  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import LIMIT, Hearth, Outcome  # noqa: E402
from harness.service import Service, hashed  # noqa: E402
from harness.service import on_both as service_ways  # noqa: E402
from harness.stage import wait_until  # noqa: E402

WORD = "correct horse"
COMMON = ("--storage=directory", "--enforce-password-policy=no", "--rate-limit-burst=1000000")
MANY = 40
suite = cases.Suite("bulk")
on_both = service_ways(suite, lambda: (through, alone))


def record(user, **fields):
    """A record with its password."""
    return json.dumps({"userName": user, "secret": {"password": [WORD]}, **fields})


def many(hearth, text, *options, **how):
    """One call for all records of a text."""
    return hearth.homectl("create", "--many=-", *COMMON, *options, stdin=text, **how)


def results(outcome):
    """What --json says: the number of a record -> (result, id of its error)."""
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    return {row["record"]: (row["result"], row.get("error", {}).get("id")) for row in rows}


def names(hearth):
    """The users that there are."""
    return sorted(row["name"] for row in json.loads(hearth.homectl("list", "--json=short").succeeded("list").out))


def remove_all(hearth):
    """Removes every home; nothing may be left then."""
    if there := names(hearth):
        hearth.homectl("remove", *there).succeeded("remove")
    wait_until(lambda: hearth.leftovers() == [], lambda: f"left: {hearth.leftovers()}")
    equal(os.listdir(hearth.homes), [], "what is left of the homes")


def uid_of(hearth, user):
    """The UID, as the service or the record has it."""
    return hearth.listed(user)["uid"]


@on_both("forty homes from one record a line; each with its own password and UID, all with the options")
def _(hearth):
    os.makedirs("/mnt/skel", exist_ok=True)
    with open("/mnt/skel/welcome", "w", encoding="ascii") as file:
        file.write("hello")
    text = "".join(json.dumps({"userName": f"many{i}", "realName": f"No. {i}", "secret": {"password": [f"word {i}"]}}) + "\n"
                   for i in range(MANY))
    done = many(hearth, text, "--location=Barn", "--skel=/mnt/skel").succeeded("create")
    equal(sorted(done.out.splitlines())[0], f"Created {MANY} homes.", "the total")
    equal(len([line for line in done.out.splitlines() if line.startswith("Created the home of many")]), MANY, "lines")
    equal(len(names(hearth)), MANY, "homes")
    equal(len({uid_of(hearth, f"many{i}") for i in range(MANY)}), MANY, "different UIDs")
    for i in (0, 17, MANY - 1):
        record_of = hearth.inspect(f"many{i}")
        equal((record_of["realName"], record_of["location"]), (f"No. {i}", "Barn"), "the record")
        hearth.homectl("authenticate", f"many{i}", password=f"word {i}").succeeded("its own password")
        hearth.homectl("authenticate", f"many{i}", password=f"word {i + 1}").refused("another's", "bad-secret")
        check(os.path.exists(f"{hearth.homes}/many{i}.homedir/welcome"), "the skeleton is missing")
        check("secret" not in hearth.inspect(f"many{i}"), "the record has a secret")
    remove_all(hearth)


@on_both("a JSON array, a JSON sequence and a file are read as well")
def _(hearth):
    many(hearth, f" [\n{record('ann')},\n\n{record('bob')}]\n").succeeded("an array")
    many(hearth, f"\x1e{record('cat')}\n\x1e{json.dumps(json.loads(record('dan')), indent=2)}\n").succeeded("a sequence")
    with open("/mnt/records", "w", encoding="utf-8") as file:
        file.write(record("eve"))
    hearth.homectl("create", "--many=/mnt/records", *COMMON).succeeded("a file whose last line does not end")
    many(hearth, "").succeeded("nothing at all")
    equal(names(hearth), ["ann", "bob", "cat", "dan", "eve"], "homes")
    remove_all(hearth)


@on_both("passwords come from a list, from NEWPASSWORD for all, or match what the record says")
def _(hearth):
    with open("/mnt/passwords", "w", encoding="ascii") as file:
        file.write("ann:from:list\n")
    text = "\n".join(['{"userName":"ann"}', '{"userName":"bob"}', record("cat"),
                      json.dumps({"userName": "dan", "privileged": {"hashedPassword": [hashed("hashed")]},
                                  "secret": {"password": ["hashed"]}}),
                      json.dumps({"userName": "eve", "privileged": {"hashedPassword": [hashed("hashed")]},
                                  "secret": {"password": ["wrong"]}})])
    done = many(hearth, text, "--passwords=/mnt/passwords", "--json=short", new="for all")
    equal((done.status, results(done)), (1, {1: ("created", None), 2: ("created", None), 3: ("created", None),
                                             4: ("created", None), 5: ("failed", "bad-secret")}), repr(done))
    for user, word in (("ann", "from:list"), ("bob", "for all"), ("cat", WORD), ("dan", "hashed")):
        hearth.homectl("authenticate", user, password=word).succeeded(user)
    remove_all(hearth)


@on_both("what is wrong with one record costs no other: rubbish, twice the same user, one that is there, no password, "
         "an unknown signature")
def _(hearth):
    hearth.create("old", WORD)
    signed = {**stranger_record, "secret": {"password": [WORD]}}
    text = "\n".join([record("ann"), "rubbish \x01\xff", record("ann"), record("old"), '{"userName":"bob"}', "[1,2", record("../etc"),
                      json.dumps(signed), record("cat", homeDirectory="not/absolute"), '{"userName":"dan","userName":"dan"}',
                      record("eve", uid=0), record("fay")])
    done = many(hearth, text, "--json=short")
    found = results(done)
    equal(done.status, 1, repr(done))
    equal({number: found[number] for number in (1, 3, 5, 8, 12)},
          {1: ("created", None), 3: ("failed", "many-repeated"), 5: ("failed", "no-password"), 8: ("created", None),
           12: ("created", None)}, "what is good, and what is told by homectl")
    check(found[4] in (("failed", "home-exists"), ("failed", "user-exists")), f"{found[4]}")
    for number in (2, 6, 7, 9, 10, 11):
        check(found[number][0] == "failed" and found[number][1], f"record {number}: {found.get(number)}")
    equal(names(hearth), ["ann", "fay", "gus", "old"], "homes")
    plain = many(hearth, text)
    equal(plain.status, 1, repr(plain))
    check("homectl: 12 homes of 12 could not be created:" in plain.err, repr(plain))
    rows = [line.split()[0] for line in plain.err.splitlines() if line.split()[:1] and line.split()[0].isdigit()]
    equal(rows, [str(number) for number in range(1, 13)], "the table, in the order of the records")
    remove_all(hearth)


@on_both("a signature that is to be kept is one that is known here")
def _(hearth):
    text = json.dumps({**stranger_record, "secret": {"password": [WORD]}}) + "\n" + record("ann")
    # Options on the command line would break it: they are refused before anything is done.
    done = hearth.homectl("create", "--many=-", "--seize=no", "--json=short", stdin=text)
    equal((done.status, results(done), names(hearth)), (1, {1: ("failed", "record-unknown-key"), 2: ("created", None)}, ["ann"]),
          repr(done))
    remove_all(hearth)


@on_both("a line of 100 MB is refused and not kept in memory")
def _(hearth):
    with open("/mnt/large", "w", encoding="ascii") as file:
        file.write(record("ann") + '\n{"userName":"big","x":"')
        for _ in range(100):
            file.write("x" * (1 << 20))
        file.write(f'"}}\n{record("bob")}\n')
    command = hearth.command("create", "--many=/mnt/large", "--json=short", *COMMON)
    environment = dict(Hearth.environment(), DBUS_SYSTEM_BUS_ADDRESS=hearth.bus)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    done = Outcome(subprocess.CompletedProcess(command, process.returncode, out, err))
    equal((done.status, results(done)), (1, {1: ("created", None), 2: ("failed", "record-too-large"), 3: ("created", None)}),
          repr(done))
    check(usage.ru_maxrss < 40 * 1024, f"homectl took {usage.ru_maxrss} KiB")
    os.unlink("/mnt/large")
    remove_all(hearth)


@on_both("records that come slowly are made as they come; an end in the middle of one costs that one")
def _(hearth):
    environment = dict(Hearth.environment(), DBUS_SYSTEM_BUS_ADDRESS=hearth.bus)
    process = subprocess.Popen(hearth.command("create", "--many=-", "--json=short", *COMMON), env=environment, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(record("ann") + "\n")
    process.stdin.flush()
    wait_until(lambda: names(hearth) == ["ann"], "the first is not made before the second comes")
    process.stdin.write(record("bob") + "\n" + record("cat")[:30])
    done = ended(process)
    found = results(done)
    equal((done.status, found[1][0], found[2][0], found[3][0]), (1, "created", "created", "failed"), repr(done))
    remove_all(hearth)


@on_both("who reads the output may go: the homes are made all the same")
def _(hearth):
    environment = dict(Hearth.environment(), DBUS_SYSTEM_BUS_ADDRESS=hearth.bus)
    reader, writer = os.pipe()
    os.close(reader)
    text = "".join(record(f"pipe{i}") + "\n" for i in range(4))
    done = subprocess.run(hearth.command("create", "--many=-", *COMMON), env=environment, input=text, text=True, stdout=writer,
                          stderr=subprocess.PIPE, timeout=LIMIT, check=False)
    os.close(writer)
    equal((done.returncode, "[output-failed]" in done.stderr), (1, True), done.stderr)
    equal(names(hearth), [f"pipe{i}" for i in range(4)], "homes")
    remove_all(hearth)


@on_both("what does not fit is refused before anything is read")
def _(hearth):
    for arguments, error in ((("create", "--many=/mnt/nothing-here"), "option-file-unreadable"),
                             (("create", "ann", "--many=-"), "argument-needless"),
                             (("list", "--many=-"), "option-not-for-verb"),
                             (("create", "ann", "--passwords=/mnt/passwords"), "option-not-for-verb"),
                             (("create", "--many=-", "--passwords=-"), "option-not-for-verb"),
                             (("create", "--many=-", "--identity=/mnt/records"), "option-not-for-verb"),
                             (("create", "--many="), "option-bad-value")):
        hearth.homectl(*arguments, stdin=record("ann")).refused(" ".join(arguments), error)
    with open("/mnt/broken", "w", encoding="ascii") as file:
        file.write("ann:first\nno colon s3cret\n")
    told = hearth.homectl("create", "--many=-", "--passwords=/mnt/broken", stdin=record("ann")).refused("a list", "password-list")
    check("s3cret" not in told.err, repr(told))
    equal(names(hearth), [], "homes")


@suite.case("through the service: Ctrl-C cancels what is not begun and undoes what is under way")
def _():
    with service.held():
        process = start("create", "--many=-", *COMMON, stdin=subprocess.PIPE)
        process.stdin.write("".join(record(f"gone{i}") + "\n" for i in range(30)))
        process.stdin.flush()
        wait_until(service.workers, "no worker starts")
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT)
    done = Outcome(subprocess.CompletedProcess(process.args, process.returncode, out, err))
    done.refused("what homectl says", "cancelled")
    check(len(names(through)) < 30, f"none was cancelled: {done!r}")
    check(all(f"gone{i}.homedir" not in os.listdir(through.homes) or f"gone{i}" in names(through) for i in range(30)),
          "a home without a record is left")
    remove_all(through)


@suite.case("without a service: Ctrl-C undoes what is under way")
def _():
    os.makedirs("/mnt/large-skel", exist_ok=True)
    for number in range(3000):
        with open(f"/mnt/large-skel/{number}", "w", encoding="ascii") as file:
            file.write("x")
    environment = dict(Hearth.environment(), DBUS_SYSTEM_BUS_ADDRESS=alone.bus)
    process = subprocess.Popen(alone.command("create", "--many=-", "--skel=/mnt/large-skel", *COMMON), env=environment, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write("".join(record(f"gone{i}") + "\n" for i in range(60)))
    process.stdin.flush()
    wait_until(lambda: [name for name in os.listdir(alone.homes) if name.startswith(".#")], "nothing begins")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT)
    done = Outcome(subprocess.CompletedProcess(process.args, process.returncode, out, err))
    done.refused("what homectl says", "cancelled")
    check(len(names(alone)) < 60, repr(done))
    remove_all(alone)


@suite.case("through the service: on a terminal one line tells of all, and is gone at the end")
def _():
    with open("/mnt/records", "w", encoding="utf-8") as file:
        file.write("".join(record(f"line{i}") + "\n" for i in range(6)) + "rubbish\n")
    terminal = Terminal("create", "--many=/mnt/records", *COMMON)
    terminal.read()
    equal(terminal.process.wait(LIMIT), 1, terminal.text)
    check("\r\033[KCreated 0 homes, 1 under way." in terminal.text, repr(terminal.text))
    last = [line.split("\033[K")[-1] for line in terminal.text.replace("\r\n", "\n").split("\n")]
    check(last[0] == "Created 6 homes, 1 failed.", repr(terminal.text))
    check("Created the home of" not in terminal.text, "a line for each")
    remove_all(through)


@suite.case("through the service: no password is on the bus, and none is seen")
def _():
    with open("/mnt/records", "w", encoding="utf-8") as file:
        file.write("".join(record(f"hush{i}") + "\n" for i in range(3)))
    trace = "/mnt/trace"
    environment = dict(Hearth.environment(), DBUS_SYSTEM_BUS_ADDRESS=stage.ADDRESS)
    done = subprocess.run(["strace", "-f", "-s", "65536", "-o", trace, "-e", "trace=sendmsg,sendto,writev,execve",
                           *through.command("create", "--many=/mnt/records", *COMMON)], env=environment, capture_output=True,
                          stdin=subprocess.DEVNULL, text=True, check=True)
    with open(trace, encoding="utf-8", errors="replace") as file:
        text = file.read()
    check("dev.hearth.Home1" in text, "homectl did not ask the service")
    check(WORD not in text and WORD not in done.stdout + done.stderr + service.log(), "a password was told")
    remove_all(through)


@suite.case("through the service: a worker that dies costs its home alone, and leaves nothing")
def _():
    with service.held():
        process = start("create", "--many=-", "--json=short", *COMMON, stdin=subprocess.PIPE)
        process.stdin.write("".join(record(f"dies{i}") + "\n" for i in range(4)))
        process.stdin.close()
        victim = wait_until(service.workers, "no worker starts")
        os.kill(next(iter(victim)), signal.SIGKILL)
    out, err = process.stdout.read(), process.stderr.read()
    done = Outcome(subprocess.CompletedProcess(process.args, process.wait(LIMIT), out, err))
    kinds = sorted(results(done).values(), key=str)
    equal((done.status, kinds), (1, [("created", None)] * 3 + [("failed", "worker-crashed")]), repr(done))
    remove_all(through)


@suite.case(f"through the service: {MANY} clients make homes at once, log in at once and out again without an error")
def _():
    def at_once(*verb, **words):
        clients = [start(*verb[:1], f"login{i}", *verb[1:], **words) for i in range(MANY)]
        for client in clients:
            ended(client).succeeded(" ".join(verb))
    at_once("create", *COMMON, new=WORD)
    at_once("activate", password=WORD)
    equal({row["state"] for row in json.loads(through.homectl("list", "--json=short").out)}, {"active"}, "states")
    equal(len([point for point in through.mounts() if "/login" in point]), MANY, "mounts")
    at_once("deactivate")
    equal({row["state"] for row in json.loads(through.homectl("list", "--json=short").out)}, {"inactive"}, "states")
    remove_all(through)


if __name__ == "__main__":
    sandbox.enter()
    service = Service()
    through, alone, stranger = service.hearth, Hearth("/mnt/alone"), Hearth("/mnt/foreign")
    through.bus = stage.ADDRESS
    stranger.create("gus", WORD)
    stranger_record = json.loads(stranger.homectl("inspect", "-E", "gus").succeeded("its record").out)
    check("signature" in stranger_record, "the stranger's record has no signature")
    shutil.rmtree("/mnt/foreign/home")
    service.start()
    cases.main(suite)
