#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""homectl through the service and without one: the same life of a home, the same errors; and what only a service can do."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, stage  # noqa: E402
from harness.asking import Terminal, as_user, ended, start  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import LIMIT, Hearth, program  # noqa: E402
from harness.service import Service  # noqa: E402
from harness.service import on_both as service_ways  # noqa: E402
from harness.stage import wait_until  # noqa: E402

WORD, NEW, WRONG = "correct horse", "battery staple", "wrong horse"
STRANGER = 4321
MANY_FILES = "/mnt/many"  # a skeleton that takes a while to copy
suite = cases.Suite("homectl over the bus")
on_both = service_ways(suite, lambda: (through, alone))


def make_many_files():
    """A folder that takes a while to copy."""
    for folder in range(40):
        os.makedirs(f"{MANY_FILES}/{folder}", exist_ok=True)
        for number in range(100):
            with open(f"{MANY_FILES}/{folder}/{number}", "w", encoding="ascii") as file:
                file.write("x" * 4000)


def start_making(user, *options):
    """homectl that makes a home of a folder, and is not waited for."""
    return start("create", user, "--storage=directory", "--enforce-password-policy=no", *options, new=WORD)


@on_both("a home is made, opened, changed, closed and removed")
def _(hearth):
    created = hearth.create("ada", WORD, "--real-name=Ada L.")
    check(re.match(r"Created the home of ada, UID 60\d+, storage directory.\n$", created.out), created.out)
    equal(hearth.listed("ada")["state"], "inactive", "a new home")
    equal(hearth.listed("ada")["realname"], "Ada L.", "its person")
    hearth.homectl("authenticate", "ada", password=WORD).succeeded("authenticate")
    hearth.activate("ada", WORD)
    equal(hearth.listed("ada")["state"], "active", "after activate")
    digest = hearth.write_letter("ada")
    hearth.homectl("passwd", "ada", password=WORD, new=NEW).succeeded("passwd")
    hearth.homectl("update", "ada", "--location=Barn", password=NEW).succeeded("update")
    equal(hearth.inspect("ada")["location"], "Barn", "the record")
    check("Barn" in hearth.homectl("inspect", "ada").succeeded("inspect").out, "what inspect shows")
    equal(hearth.deactivate("ada").out, "Deactivated the home of ada.\n", "what deactivate says")
    hearth.homectl("activate", "ada", password=WORD).refused("the old password", "bad-secret")
    hearth.activate("ada", NEW)
    equal(hearth.letter("ada"), digest, "the file in it")
    hearth.homectl("deactivate", str(hearth.uid("ada"))).succeeded("by its number")
    hearth.homectl("remove", "ada").succeeded("remove")
    equal((hearth.listed("ada"), hearth.leftovers()), (None, []), "what is left")


@on_both("what cannot be done fails with the same errors")
def _(hearth):
    hearth.create("eve", WORD)
    for arguments, more, error in (
            (("activate", "eve"), {"password": WRONG}, "bad-secret"),
            (("authenticate", "nobody-here"), {"password": WORD}, "home-unknown"),
            (("inspect", "nobody-here"), {}, "home-unknown"),
            (("deactivate", "nobody-here"), {}, "home-unknown"),
            (("remove", "60512"), {}, "home-unknown"),
            (("create", "eve", "--storage=directory"), {"new": WORD}, "home-exists"),
            (("deactivate", "eve"), {}, "home-not-active"),
            (("create", "tim", "--storage=directory", "--enforce-password-policy=yes"), {"new": "a"}, "password-too-weak"),
            (("update", "eve", "--uid=60333"), {"password": WORD}, "field-immutable"),
            (("get-signing-key", "none.public"), {}, "public-key-unknown")):
        outcome = hearth.homectl(*arguments, **more)
        accepted = (error, "user-exists") if error == "home-exists" else (error,)
        outcome.refused(" ".join(arguments), *accepted)
    hearth.activate("eve", WORD)
    hearth.homectl("activate", "eve", password=WORD).refused("activate twice", "home-active")
    hearth.homectl("remove", "eve").refused("an open home", "home-active", "home-busy")
    hearth.deactivate("eve")
    hearth.homectl("remove", "eve").succeeded("remove")


@on_both("what one home has, no new one gets")
def _(hearth):
    hearth.create("hal", WORD, "--uid=60411", "--home-dir=/home/hall", "--image-path=/home/ian.homedir")
    for options, error in ((("--uid=60411", "--image-path=/home/free.homedir"), "uid-taken"), ((), "image-path-taken"),
                           (("--image-path=/home/free.homedir", "--home-dir=/home/hall"), "image-path-taken"),
                           (("--image-path=/home/hall",), "image-path-taken")):
        hearth.homectl("create", "ian", "--storage=directory", "--enforce-password-policy=no", *options,
                       new=WORD).refused(f"create {options}", error)
    hearth.homectl("remove", "hal").succeeded("remove")
    equal(hearth.create("ian", WORD, "--uid=60411", "--home-dir=/home/hall").status, 0, "when all of it is free")
    hearth.homectl("remove", "ian").succeeded("remove")
    equal(hearth.leftovers(), [], "what is left")


@on_both("a command runs in a home that is open as long as it runs")
def _(hearth):
    hearth.create("wil", WORD)
    done = hearth.homectl("with", "wil", "--", "sh", "-c", "pwd; exit 7", password=WORD)
    equal((done.status, done.out), (7, f"{hearth.homes}/wil\n"), repr(done))
    equal(hearth.listed("wil")["state"], "inactive", "afterwards")
    hearth.activate("wil", WORD)
    hearth.homectl("with", "wil", "--", "true").succeeded("one that is open needs no password of root")
    equal(hearth.listed("wil")["state"], "active", "it was open before") if hearth is alone else None
    if hearth.listed("wil")["state"] == "active":
        hearth.deactivate("wil")
    hearth.homectl("remove", "wil").succeeded("remove")


@on_both("keys, records and homes of another machine are taken in and forgotten")
def _(hearth):
    key = stranger.homectl("get-signing-key").succeeded("its key").out
    hearth.homectl("add-signing-key", "--key-name=there.public", stdin=key).succeeded("add")
    listed = json.loads(hearth.homectl("list-signing-keys", "--json=short").succeeded("list").out)
    equal([row["name"] for row in listed], ["local.public", "there.public"], "the keys")
    equal(hearth.homectl("get-signing-key", "there.public").succeeded("get").out, key, "the key")
    record = stranger.homectl("inspect", "-E", "gus").succeeded("its record").out
    hearth.homectl("register", stdin=record).succeeded("register")
    equal(hearth.listed("gus")["state"], "absent", "a home that is elsewhere")
    hearth.homectl("unregister", "gus").succeeded("unregister")
    equal(hearth.listed("gus"), None, "a home that was forgotten")
    image = f"{hearth.homes}/gus.homedir"
    shutil.copytree(f"{stranger.homes}/gus.homedir", image, symlinks=True)
    hearth.homectl("adopt", image).succeeded("adopt")
    hearth.homectl("authenticate", "gus", password=WORD).succeeded("what was adopted")
    hearth.homectl("remove", "gus").succeeded("remove")
    hearth.homectl("remove-signing-key", "there.public").succeeded("remove the key")


@on_both("a record is changed while its home is not there")
def _(hearth):
    hearth.create("tom", WORD)
    os.rename(f"{hearth.homes}/tom.homedir", f"{hearth.homes}/elsewhere")
    hearth.homectl("update", "tom", "--location=Sea", password=WORD).refused("online", "image-absent", "home-absent")
    hearth.homectl("update", "--offline", "tom", "--location=Sea").succeeded("offline")
    equal(hearth.inspect("tom")["location"], "Sea", "the record")
    os.rename(f"{hearth.homes}/elsewhere", f"{hearth.homes}/tom.homedir")
    hearth.homectl("authenticate", "tom", password=WORD).succeeded("back again")
    hearth.homectl("remove", "tom").succeeded("remove")


@on_both("pictures come with a record, are kept, replaced and dropped")
def _(hearth):
    for name in ("face", "sky", "rain"):
        with open(f"/mnt/{name}", "w", encoding="ascii") as file:
            file.write(f"a picture of a {name}")
    hearth.create("pat", WORD, "--avatar=/mnt/face", "--blob=view=/mnt/sky")
    folder = f"{hearth.root}/var/cache/systemd/home/pat"

    def kept():
        return {name: open(f"{folder}/{name}", encoding="ascii").read() for name in os.listdir(folder)}
    equal(kept(), {"avatar": "a picture of a face", "view": "a picture of a sky"}, "after create")
    hearth.homectl("update", "pat", "--blob=view=/mnt/rain", password=WORD).succeeded("update")
    equal(kept(), {"avatar": "a picture of a face", "view": "a picture of a rain"}, "after update")
    hearth.homectl("update", "pat", "--avatar=", password=WORD).succeeded("one goes")
    equal(sorted(hearth.inspect("pat")["blobManifest"]), ["view"], "what the record names")
    hearth.homectl("update", "pat", "--blob=avatar=/mnt", password=WORD).refused("a folder", "blob-file")
    hearth.homectl("update", "pat", "--blob=", password=WORD).succeeded("all go")
    check("blobManifest" not in hearth.inspect("pat"), "the record still names some")
    hearth.homectl("remove", "pat").succeeded("remove")


@suite.case("root is served by the service, and by no worker of homectl's own")
def _():
    through.create("sue", WORD)
    trace = "/mnt/trace"
    environment = dict(Hearth.environment(WORD), DBUS_SYSTEM_BUS_ADDRESS=stage.ADDRESS)
    subprocess.run(["strace", "-f", "-s", "4096", "-o", trace, "-e", "trace=execve,sendmsg,sendto,write,writev", program(),
                    "authenticate", "sue"], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    with open(trace, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    equal(len([line for line in lines if "execve(" in line]), 1, "programs that homectl started")
    check(any("dev.hearth.Home1" in line for line in lines), "homectl did not ask")
    spoken = [line for line in lines if "send" in line and WORD in line]
    check(not spoken, f"the password was sent: {spoken}")


@suite.case("a home that only lies there is listed, and gets its record when it is opened")
def _():
    key = stranger.homectl("get-signing-key").succeeded("its key").out
    through.homectl("add-signing-key", "--key-name=there.public", stdin=key).succeeded("add")
    shutil.copytree(f"{stranger.homes}/gus.homedir", "/home/gus.homedir", symlinks=True)
    wait_until(lambda: through.listed("gus"), "it is not found")
    equal(through.listed("gus")["state"], "unfixated", "its state")
    through.homectl("activate", "--no-ask-password", "gus").refused("without a password", "no-password")
    through.homectl("activate", "gus", password=WRONG).refused("with a wrong one", "bad-secret")
    through.activate("gus", WORD)
    equal(through.listed("gus")["state"], "active", "its state")
    through.deactivate("gus")
    through.homectl("remove", "gus").succeeded("remove")
    through.homectl("remove-signing-key", "there.public").succeeded("remove the key")


@suite.case("progress is shown on a terminal while it happens")
def _():
    terminal = Terminal("create", "kim", "--storage=directory", f"--skel={MANY_FILES}", "--enforce-password-policy=no", new=WORD)
    terminal.read()
    equal(terminal.process.wait(LIMIT), 0, terminal.text)
    steps = {step.strip() for step in re.findall(r"\r\033\[K([^\r\n\033]+)", terminal.text)}
    check(len(steps) > 1, f"steps: {steps}")
    check(terminal.text.replace("\r", "").rstrip("\n").endswith("storage directory."), f"the last line: {terminal.text!r}")
    through.homectl("remove", "kim").succeeded("remove")


@suite.case("Ctrl-C in the middle of create stops it in the service, and nothing is left")
def _():
    for attempt in range(5):
        terminal = Terminal("create", "kim", "--storage=directory", f"--skel={MANY_FILES}", "--enforce-password-policy=no", new=WORD)
        terminal.read(until=r"\033\[K[^\r\n\033]")
        time.sleep(0.01 * attempt)
        terminal.process.send_signal(signal.SIGINT)
        terminal.read()
        status = terminal.process.wait(LIMIT)
        if status == 1:
            break
        through.homectl("remove", "kim").succeeded("it was made before")
    check("[cancelled]" in terminal.text, terminal.text)
    equal((through.listed("kim"), through.leftovers()), (None, []), "what is left")
    check(not os.path.exists("/home/kim.homedir"), "the home is there")


def begun_worker():
    """The one worker that there is, if it is a program of its own: until then the service waits for it, and must not be stopped."""
    workers = service.workers()
    return workers[0] if workers and os.readlink(f"/proc/{workers[0]}/exe") != os.readlink(f"/proc/{service.process.pid}/exe") else None


@suite.case("two that are made at the same time and want the same number get two")
def _():
    users = ("twin31", "twin34")  # both begin to look at 60039
    with service.held():
        making = [start_making(users[0])]
        first = wait_until(begun_worker, "the first is not being made")
        os.kill(first, signal.SIGSTOP)
        making.append(start_making(users[1], f"--skel={MANY_FILES}"))
        wait_until(lambda: len(service.workers()) == 2, "not both are being made")
    # Whoever asked first gets it, however late its worker comes to choose.
    wait_until(lambda: through.leftovers() or len(service.workers()) == 1, "the second is not being made")
    os.kill(first, signal.SIGCONT)
    for process in making:
        ended(process).succeeded("create")
    equal(through.uid(users[0]), 60039, "the number of the first")
    check(through.uid(users[1]) != 60039, "both have the same number")
    for user in users:
        through.homectl("remove", user).succeeded("remove")
    through.create(users[1], WORD)
    equal(through.uid(users[1]), 60039, "the number of one that is made alone")
    through.homectl("remove", users[1]).succeeded("remove")


@suite.case("an operation whose homectl is killed is cancelled")
def _():
    with service.held():
        process = start_making("kim")
        wait_until(service.workers, "no worker starts")
        process.kill()
        process.communicate()
    wait_until(lambda: not service.workers(), "the worker goes on")
    wait_until(lambda: through.leftovers() == [], lambda: f"left: {through.leftovers()}")
    equal(through.listed("kim"), None, "the home")


@suite.case("a service that dies in the middle is told, and finishes or undoes it when it is back")
def _():
    with service.held():
        process = start_making("kim")
        wait_until(service.workers, "no worker starts")
        service.kill()
        ended(process).refused("what homectl says", "service-lost")
    service.start()
    wait_until(lambda: through.leftovers() == [], lambda: f"left: {through.leftovers()}")


@suite.case("homes that are open are closed all at once, and none is locked that cannot be")
def _():
    through.activate("sue", WORD)
    through.homectl("lock-all").succeeded("lock-all")
    equal(through.listed("sue")["state"], "active", "after lock-all")
    through.homectl("deactivate-all").succeeded("deactivate-all")
    equal(through.listed("sue")["state"], "inactive", "after deactivate-all")


@suite.case("with no service to reach, root works without it and others are told")
def _():
    service.stop()
    equal(through.listed("sue")["state"], "inactive", "without the service")
    through.activate("sue", WORD)
    through.deactivate("sue")
    told = as_user(STRANGER, "list").refused("a stranger", "not-root")
    check("cannot be reached" in told.err, repr(told))
    service.start()
    as_user(STRANGER, "list").succeeded("with the service again")


if __name__ == "__main__":
    sandbox.enter()
    service = Service()
    stage.name_user("stranger", STRANGER)
    make_many_files()
    through, alone, stranger = service.hearth, Hearth("/mnt/alone"), Hearth("/mnt/foreign")
    through.bus = stage.ADDRESS
    stranger.create("gus", WORD)
    service.start()
    cases.main(suite)
