#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets are seen nowhere after each operation: passwords, PINs, recovery keys, and what tokens give. First that the search finds."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import beast, cases, sandbox  # noqa: E402
from harness.canaries import PIN, USER, Canaries, of_process  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import Hearth  # noqa: E402
from harness.memory import locked_places_of, places_of  # noqa: E402
from harness.service import secret  # noqa: E402
from harness.stage import wait_until  # noqa: E402
from harness.token_homes import Card, TouchKey, TouchToken  # noqa: E402

WORD = "Altes-Wort-1"

suite = cases.Suite("canary")
sandbox.enter()
birds = Canaries("-O", "encrypt", "-b", "4096")
service = birds.service


@suite.case("the search finds what is there: in a process, in its environment, in a file")
def _():
    word = birds.fresh("the bait")
    holder = subprocess.Popen([sys.executable, "-c", "import os, sys; kept = sys.stdin.read() + 'x'; os.close(1); os.read(2, 1) or "
                               "__import__('time').sleep(60)"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    holder.stdin.write(word)
    holder.stdin.close()
    holder.stdout.read()
    check(places_of(holder.pid, word.encode()), "in a process")
    holder.kill()
    holder.wait()
    for place in ("an environment", "a file"):
        if place == "a file":
            with open("/run/bait", "w", encoding="ascii") as file:
                file.write(f"before {word} after")
        else:
            holder = subprocess.Popen(["sleep", "60"], env={"BAIT": word})
            wait_until(lambda: word.encode() in of_process(holder.pid), "the environment is not there")
        try:
            birds.search("bait")
        except cases.Failure as failure:
            check("the bait" in str(failure), failure)
        else:
            raise cases.Failure(f"the bait in {place} was not found")
        finally:
            holder.kill()
            holder.wait()
    os.unlink("/run/bait")


@suite.case("plain folder, a token that is a file: homectl, and whatever it does with a home")
def _():
    token = TouchToken("one")
    token.change(pin=PIN)
    birds.life("directory", token)
    token.unplug()


@suite.case("encrypted folder, a security key: the same")
def _():
    key = TouchKey("one").set(pin=PIN)
    birds.life("fscrypt", key)
    key.pull_out()


for kind in ("rsa:2048", "EC:prime256v1"):
    @suite.case(f"plain folder, a smart card with a key for {kind}: the same")
    def _(kind=kind):
        card = Card("one", kind, PIN)
        birds.life("directory", card)
        card.remove()


@suite.case("other clients, whose secrets travel on the bus: neither the service nor anything else keeps one")
def _():
    word, new = birds.fresh("the password"), birds.fresh("the new password")
    service.create(USER, word)
    birds.search("CreateHome", with_bus=False)
    for member, signature, values in (
            ("AuthenticateHome", "ss", (USER, secret(word))), ("ActivateHome", "ss", (USER, secret(word))),
            ("ChangePasswordHome", "sss", (USER, secret(new), secret(word))), ("DeactivateHome", "s", (USER,))):
        service.call(member, signature, *values)
        birds.search(member, with_bus=False)
    service.refused("BadPassword", "ActivateHome", "ss", USER, secret(birds.fresh("a wrong password")))
    birds.search("ActivateHome, refused", with_bus=False)
    service.call("RemoveHome", "s", USER)
    birds.search("RemoveHome", with_bus=False)


@suite.case("a worker that has them keeps them where they are in no swap and no dump, and dies with them")
def _():
    word = birds.fresh("the password")
    service.create(USER, word, storage="beast")
    beast.tell(f"{USER}.beast", "hang")
    future = service.later("ActivateHome", "ss", USER, secret(word))
    worker = wait_until(lambda: next((pid for pid, line in sandbox.processes().items() if re.search(r"hearth-worker\S* activate", line)
                                      and places_of(pid, word.encode())), None), "no worker has the password")
    equal(places_of(worker, word.encode()), locked_places_of(worker, word.encode()), "places of the password")
    with open(f"/proc/{worker}/limits", encoding="ascii") as file:
        check(re.search(r"^Max core file size +0 +0 ", file.read(), re.M), "it may dump core")
    equal(os.stat(f"/proc/{worker}/environ").st_uid, 0, "who may look at it")
    beast.tell(f"{USER}.beast", None)
    os.kill(worker, 11)
    check(future.exception(30) is not None, "the home was opened")
    birds.search("a worker that died", with_bus=False)


@suite.case("it asks for huge pages for the work of a password's hash")
def _():
    hearth, calls = Hearth("/mnt/alone"), "/mnt/calls"
    command = ("strace", "-f", "-e", "trace=madvise", "-o", calls,
               *hearth.command("create", USER, "--storage=directory", "--enforce-password-policy=no"))
    subprocess.run(command, env=hearth.environment(new=WORD), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    with open(calls, encoding="ascii") as file:
        sizes = [int(size) for size in re.findall(r"madvise\(0x[0-9a-f]+, (\d+), MADV_HUGEPAGE\)", file.read())]
    check(sizes and min(sizes) >= 16 << 20, f"sizes: {sizes}")


cases.main(suite)
