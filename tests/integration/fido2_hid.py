#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A security key in the kernel: the installed plugin finds it as it would find one in a USB port, enrolls it and opens with
it. Runs where the kernel has uhid, in the guest with Debian's own."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, security_keys  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.checker import run  # noqa: E402
from harness.hearth import PREFIX  # noqa: E402
from harness.security_keys import WITH_PIN, WITH_PRESENCE, Key, ask, in_kernel  # noqa: E402
from harness.token_homes import FIRST, USER, call, machine, make  # noqa: E402

BUILT_IN = f"{PREFIX}/lib/hearth/builtin-0"
PIN = "123456"

suite = cases.Suite("fido2-hid")
sandbox.enter()
security_keys.set_up()


@suite.case("a key in the kernel is listed, enrolled, opens with its PIN and a touch, can be cancelled and pulled out")
def _():
    key = Key("key", pin=PIN)
    with in_kernel(key) as path:
        [device] = ask("list", plugins=BUILT_IN)["devices"]
        equal((device["id"], device["features"]), (path, 3), "path and features")
        made = ask("enroll", path, pins=[PIN], flags=WITH_PIN | WITH_PRESENCE, plugins=BUILT_IN)
        check("entry" in made, f"enrolling: {made}")
        entry = json.dumps(made["entry"])
        key.forget()
        equal(ask("acquire", entry, pins=[PIN], plugins=BUILT_IN), {"which": 0, "secret": made["secret"]}, "what it gives")
        equal((key.seen("touch"), key.seen("try")), (1, 1), "touches, and PINs")
        equal(ask("acquire", entry, pins=["000000"], plugins=BUILT_IN)["error"], "auth-bad-pin", "with a wrong PIN")
        key.set(isTouched=False)
        equal(ask("acquire", entry, pins=[PIN], cancel_after=3000, plugins=BUILT_IN)["error"], "auth-cancelled", "cancelled")
        key.will("ask", "vanish")
        equal(ask("acquire", entry, pins=[PIN], plugins=BUILT_IN)["error"], "auth-need-token", "pulled out")
    equal(ask("list", plugins=BUILT_IN), {"devices": []}, "devices afterwards")


@suite.case("a home is made with a key in the kernel, and opens with it: those who make and open homes may use the device")
def _():
    key = Key("key", pin=PIN)
    with in_kernel(key), machine(FIRST) as hearth:
        make(hearth, "--fido2-device=auto", pin=PIN)
        key.forget()
        call(hearth, "activate", USER, pin=PIN).succeeded("activate")
        equal((key.seen("touch"), key.seen("try")), (1, 1), "touches, and PINs")
        hearth.deactivate(USER)


@suite.case("the device of a key is for no helper program, and not left open")
def _():
    # libfido2 opens it without close-on-exec; keys that are no devices cannot show that.
    with in_kernel(Key("key")) as path:
        _, found = run(f"{BUILT_IN}/auth-fido2.so", "--filter=A10", "--filter=A16", f"--device={path}")
    equal({rule: outcome for rule, (outcome, _) in found.items()}, {"A10": "ok", "A16": "ok"}, f"rules: {found}")


cases.main(suite)
