#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an administrator sees of the service: logs that can be followed by an operation's name, and counters."""
import json
import os
import re
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, openmetrics, sandbox, stage, varlink  # noqa: E402
from harness.asking import as_user, ended, start  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import Hearth  # noqa: E402
from harness.journal import Journal  # noqa: E402
from harness.openmetrics import value  # noqa: E402
from harness.service import Service, record, secret  # noqa: E402
from harness.stage import wait_until  # noqa: E402

WORD, WRONG = "correct horse", "wrong horse"
STRANGER = 4321
ID = re.compile(r"[0-9a-f]{32}\Z")
suite = cases.Suite("observability")


def counters():
    """All counters, read strictly."""
    return openmetrics.parse(through.homectl("metrics").succeeded("metrics").out)


def grown(act, name, **labels):
    """By how much a counter grew."""
    before = value(counters(), name, **labels)
    act()
    return value(counters(), name, **labels) - before


def named(outcome):
    """The name that homectl --verbose gives to an operation."""
    match = re.search(r"operation ([0-9a-f]{32}): ", outcome.err)
    check(match, f"no name of an operation: {outcome!r}")
    return match[1]


def break_home(hearth, user):
    """Puts a file where the home should be: what keeps homes finds that out."""
    os.rename(f"{hearth.homes}/{user}.homedir", f"{hearth.homes}/aside")
    with open(f"{hearth.homes}/{user}.homedir", "w", encoding="ascii") as file:
        file.write("no folder")


def mend_home(hearth, user):
    """The home again."""
    os.unlink(f"{hearth.homes}/{user}.homedir")
    os.rename(f"{hearth.homes}/aside", f"{hearth.homes}/{user}.homedir")


def set_level(word):
    """From which level on the service tells its log."""
    service.call("Set", "ssv", "org.freedesktop.LogControl1", "LogLevel", "s", word,
                 target=("org.freedesktop.home1", "/org/freedesktop/LogControl1", "org.freedesktop.DBus.Properties"))


def no_secret(entries):
    """None of these may hold a password."""
    text = json.dumps(entries)
    check(WORD not in text and WRONG not in text, "a password is in the log")


@suite.case("the reader of OpenMetrics refuses what the standard forbids")
def _():
    good = '# TYPE a counter\n# HELP a Text.\na_total{b="c"} 1\n# EOF\n'
    equal(openmetrics.parse(good), {("a_total", (("b", "c"),)): 1.0}, "a good text")
    for bad in (good[:-6], good.replace("a_total", "a"), good.replace("} 1", "} -1"), good.replace('"c"', '"c'),
                good.replace("# HELP a", "# HELP b"), good.replace('a_total{b="c"} 1', 'a_total 1\na_total 1'),
                good.replace("counter", "gauge"), good.replace("# HELP", "\n# HELP")):
        try:
            openmetrics.parse(bad)
        except (ValueError, AttributeError):
            continue
        check(False, f"taken: {bad!r}")


@suite.case("counters go up: operations by verb and result, durations, passwords, questions about users")
def _():
    through.create("ada", WORD)
    before = counters()
    equal(value(before, "hearth_build_info", version=through.homectl("--version").out.split()[-1]), 1, "the version")
    through.homectl("authenticate", "ada", password=WORD).succeeded("authenticate")
    through.homectl("authenticate", "ada", password=WRONG).refused("a wrong word", "bad-secret")
    through.homectl("deactivate", "ada").refused("it is closed", "home-not-active")
    with varlink.Client() as client:
        client.users("GetUserRecord", userName="ada")
        client.users("GetUserRecord", userName="ada")
        client.users("GetMemberships", more=True)
        client.call("io.systemd.UserDatabase.Rubbish" + "x" * 100, service="io.systemd.Home")
    after = counters()
    for name, labels, by in (("hearth_operations_total", {"verb": "authenticate", "result": "ok"}, 1),
                             ("hearth_operations_total", {"verb": "authenticate", "result": "failed"}, 1),
                             ("hearth_operations_total", {"verb": "deactivate", "result": "refused"}, 1),
                             ("hearth_operation_duration_seconds_count", {"verb": "authenticate"}, 2),
                             ("hearth_operation_duration_seconds_count", {"verb": "deactivate"}, 0),
                             ("hearth_authentications_total", {"result": "good"}, 1),
                             ("hearth_authentications_total", {"result": "bad"}, 1),
                             ("hearth_varlink_requests_total", {"method": "GetUserRecord"}, 2),
                             ("hearth_varlink_requests_total", {"method": "GetMemberships"}, 1),
                             ("hearth_varlink_requests_total", {"method": "other"}, 1)):
        equal(value(after, name, **labels) - value(before, name, **labels), by, f"{name} {labels}")
    sums = [value(one, "hearth_operation_duration_seconds_sum", verb="authenticate") for one in (before, after)]
    check(sums[0] < sums[1] < sums[0] + 60, f"durations {sums}")


@suite.case("homes are counted by state, who uses them, and what waits for a worker")
def _():
    equal(value(counters(), "hearth_homes", state="active"), 0, "before")
    through.activate("ada", WORD)
    equal([value(counters(), "hearth_homes", state=state) for state in ("active", "inactive")], [1, 0], "states")
    reference = service.call("RefHome", "sb", "ada", False)
    equal(value(counters(), "hearth_homes_referenced"), 1, "homes in use")
    del reference
    through.homectl("deactivate", "ada")
    most = int(value(counters(), "hearth_workers_max"))
    with service.held():
        clients = [start("create", f"w{i}", "--storage=directory", "--enforce-password-policy=no", new=WORD) for i in range(most + 2)]
        wait_until(lambda: value(counters(), "hearth_operations_waiting") == 2, lambda: f"none waits: {counters()}")
        equal(value(counters(), "hearth_workers"), most, "workers")
    for client in clients:
        ended(client).succeeded("create")
    equal([value(counters(), f"hearth_{name}") for name in ("workers", "operations_waiting")], [0, 0], "afterwards")
    through.homectl("remove", *[f"w{i}" for i in range(most + 2)]).succeeded("remove")


@suite.case("attempts that come too soon are counted, and cancelled operations")
def _():
    through.homectl("create", "lim", "--storage=directory", "--enforce-password-policy=no", "--rate-limit-burst=2",
                    "--rate-limit-interval=1h", new=WORD).succeeded("create")

    def try_often():
        for _ in range(4):
            through.homectl("authenticate", "lim", password=WRONG)
    equal(grown(try_often, "hearth_rate_limited_total"), 2, "refused")
    through.homectl("remove", "lim").succeeded("remove")

    def cancel():
        with service.held():
            process = start("authenticate", "ada", password=WORD)
            wait_until(service.workers, "no worker starts")
            process.send_signal(signal.SIGINT)
            wait_until(lambda: process.poll() is None, "it ended before its worker")
        ended(process).refused("Ctrl-C", "cancelled")
    equal(grown(cancel, "hearth_operations_total", verb="authenticate", result="cancelled"), 1, "cancelled")


@suite.case("anybody may read the counters, and finds no name in them")
def _():
    answer = as_user(STRANGER, "metrics").succeeded("a stranger")
    openmetrics.parse(answer.out)
    check("ada" not in answer.out.replace("unadaptable", ""), answer.out)
    equal(openmetrics.parse(service.call("Metrics", target=("org.freedesktop.home1", "/dev/hearth/Home1", "dev.hearth.Home1"))[0])
          .keys(), counters().keys(), "by the bus")


@suite.case("one operation is followed by its name from homectl through the service and its worker to the plugin")
def _():
    with Journal() as journal:
        done = through.homectl("authenticate", "--verbose", "ada", password=WORD).succeeded("authenticate")
        told = journal.wait(HEARTH_OPERATION=named(done))
        equal([(one["HEARTH_EVENT"], one["HEARTH_VERB"], one["HEARTH_HOME"], one["HEARTH_CALLER_UID"], one["SYSLOG_IDENTIFIER"])
               for one in told if one["HEARTH_EVENT"] != "log"], [("end", "authenticate", "ada", "0", "hearthd")], "what is told")
        check(told[-1]["HEARTH_RESULT"] == "ok" and int(told[-1]["HEARTH_DURATION_USEC"]) > 0, f"{told[-1]}")
        break_home(through, "ada")
        failed = through.homectl("activate", "--verbose", "ada", password=WORD)
        mend_home(through, "ada")
        equal(failed.status, 1, repr(failed))
        told = journal.wait(HEARTH_OPERATION=named(failed))
        lines = [one for one in told if one["HEARTH_EVENT"] == "log"]
        check(any(".cpp:" in one["MESSAGE"] or "(code " in one["MESSAGE"] for one in lines), f"nothing of the plugin: {told}")
        equal((told[-1]["HEARTH_EVENT"], told[-1]["HEARTH_RESULT"], told[-1]["HEARTH_ERROR"] in failed.ids), ("end", "failed", True),
              f"its end: {told}")
        check(not [one for one in journal.entries(HEARTH_EVENT="log") if one not in lines and one["HEARTH_VERB"] == "activate"],
              "lines without the name")
        wrong = through.homectl("authenticate", "--verbose", "ada", password=WRONG).refused("a wrong word", "bad-secret")
        equal(journal.wait(HEARTH_OPERATION=named(wrong))[-1]["HEARTH_ERROR"], "bad-secret", "its error")
        refused = through.homectl("deactivate", "--verbose", "ada").refused("it is closed", "home-not-active")
        equal(journal.wait(HEARTH_OPERATION=named(refused))[-1]["HEARTH_ERROR"], "home-not-active", "what needed no worker")
        no_secret(journal.heard)


@suite.case("a worker that dies, and the one that recovers, tell of the same operation")
def _():
    with Journal() as journal:
        with service.held():
            process = start("create", "rip", "--storage=directory", "--enforce-password-policy=no", "--verbose", new=WORD)
            os.kill(wait_until(service.workers, "no worker starts")[0], signal.SIGKILL)
        done = ended(process).refused("its worker died", "worker-crashed")
        last = journal.wait(HEARTH_OPERATION=named(done))[-1]
        equal((last["HEARTH_EVENT"], last["HEARTH_ERROR"], last["PRIORITY"]), ("end", "worker-crashed", "3"), f"{last}")


@suite.case("who comes by the bus gets a name as well, and debugging shows the begin")
def _():
    set_level("debug")
    with Journal() as journal:
        service.call("CreateHome", "s", record("bus", WORD))
        equal(service.error("AuthenticateHome", "ss", "bus", secret(WRONG)), "BadPassword", "a wrong word")
        told = wait_until(lambda: len(journal.entries(HEARTH_HOME="bus", HEARTH_EVENT="end")) == 2 and
                          journal.entries(HEARTH_HOME="bus"), "no end")
        equal([(one["HEARTH_VERB"], one["HEARTH_EVENT"]) for one in told if one["HEARTH_EVENT"] != "log"],
              [("create", "begin"), ("create", "end"), ("authenticate", "begin"), ("authenticate", "end")], "what is told")
        names = {one["HEARTH_OPERATION"] for one in told}
        check(len(names) == 2 and all(ID.match(one) for one in names), f"names {names}")
        no_secret(journal.heard)
    set_level("info")
    through.homectl("remove", "bus").succeeded("remove")


@suite.case("without a journal the same is on a line: KEY=value")
def _():
    done = through.homectl("authenticate", "--verbose", "ada", password=WRONG).refused("a wrong word", "bad-secret")
    line = next((one for one in service.log(50).splitlines() if named(done) in one and "HEARTH_EVENT=end" in one), None)
    check(line, f"no line: {service.log(50)}")
    for part in ("HEARTH_VERB=authenticate", "HEARTH_HOME=ada", "HEARTH_RESULT=failed", "HEARTH_ERROR=bad-secret",
                 "HEARTH_CALLER_UID=0"):
        check(f" {part}" in line, f"{part} is missing: {line}")
    no_secret(service.log(10000))


@suite.case("a journal that takes nothing more, or is none, does not stop the service, and loses nothing")
def _():
    before = service.log(100000).count("HEARTH_ERROR=home-not-active")
    with Journal(deaf=True):
        for _ in range(100):
            equal(service.error("DeactivateHome", "s", "ada"), "HomeNotActive", "what the service says")
    told = service.log(100000).count("HEARTH_ERROR=home-not-active") - before
    check(0 < 100 - told < 100, f"{told} of 100 on lines: the rest went to the journal until it was full")
    os.makedirs("/run/systemd/journal", exist_ok=True)
    with open("/run/systemd/journal/socket", "w", encoding="ascii"):
        equal(service.error("DeactivateHome", "s", "ada"), "HomeNotActive", "with a file in its place")
    os.unlink("/run/systemd/journal/socket")
    equal(service.log(100000).count("HEARTH_ERROR=home-not-active") - before, told + 1, "lines")


@suite.case("without a service homectl tells the journal itself, and has nothing to count")
def _():
    alone.create("eve", WORD)
    with Journal() as journal:
        done = alone.homectl("authenticate", "--verbose", "eve", password=WRONG).refused("a wrong word", "bad-secret")
        told = journal.wait(HEARTH_OPERATION=named(done))
        equal((told[-1]["SYSLOG_IDENTIFIER"], told[-1]["HEARTH_HOME"], told[-1]["HEARTH_ERROR"]), ("homectl", "eve", "bad-secret"),
              f"{told}")
        made = alone.homectl("create", "--many=-", "--storage=directory", "--enforce-password-policy=no", new=WORD,
                             stdin='{"userName":"m1"}\n{"userName":"m2"}\n').succeeded("many")
        check("2 homes" in made.out, repr(made))
        ends = wait_until(lambda: len(journal.entries(HEARTH_VERB="create", HEARTH_EVENT="end")) == 2 and
                          journal.entries(HEARTH_VERB="create", HEARTH_RESULT="ok"), "no end")
        equal((sorted(one["HEARTH_HOME"] for one in ends), len({one["HEARTH_OPERATION"] for one in ends})), (["m1", "m2"], 2), "ends")
        no_secret(journal.heard)
    alone.homectl("metrics").refused("metrics", "metrics-need-service")


if __name__ == "__main__":
    sandbox.enter()
    service = Service()
    stage.name_user("stranger", STRANGER)
    through, alone = service.hearth, Hearth("/mnt/alone")
    through.bus = stage.ADDRESS
    service.start()
    cases.main(suite)
