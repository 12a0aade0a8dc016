#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the suites and counts their cases. scripts/test builds first and then starts this."""
import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, guests, newest, peer, units  # noqa: E402

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# In this order: what explains a failure comes before what fails because of it.
PROGRAMS = {
    "source": "checks/source_rules.py",
    "guests": "vm/smoke.py",
    "fixtures": "interop/fixtures.py",
    "fixture-subvolume": "interop/fixture_subvolume.py",
    "fixture-luks": "interop/fixture_luks.py",
    "examples": "integration/examples.py",
    "plugins": "integration/bad_plugins.py",
    "plugin-check": "integration/plugin_check.py",
    "plugin-check-luks": "integration/plugin_check_luks.py",
    "bad-records": "integration/bad_records.py",
    "bad-places": "integration/bad_places.py",
    "configuration": "integration/configuration.py",
    "package": "integration/package.py",
    "service-verbs": "integration/service_verbs.py",
    "record-files": "integration/record_files.py",
    "two-at-once": "integration/two_at_once.py",
    "homectl-bus": "integration/homectl_bus.py",
    "bulk": "integration/bulk.py",
    "observability": "integration/observability.py",
    "homectl-others": "integration/homectl_others.py",
    "bus-interface": "integration/bus_interface.py",
    "bus-homes": "integration/bus_homes.py",
    "states": "integration/states.py",
    "states-luks": "integration/states_luks.py",
    "bus-errors": "integration/bus_errors.py",
    "references": "integration/references.py",
    "bus-bad": "integration/bus_bad.py",
    "bus-killed": "integration/bus_killed.py",
    "zoo": "integration/zoo.py",
    "limits": "integration/limits.py",
    "needs": "integration/needs.py",
    "needs-guest": "integration/needs_guest.py",
    "stock-homectl": "integration/stock_homectl.py",
    "stock-homectl-luks": "integration/stock_luks.py",
    "userdb": "integration/userdb.py",
    "subvolume": "integration/subvolume.py",
    "quota": "integration/quota.py",
    "fscrypt": "integration/fscrypt.py",
    "fido2": "integration/fido2.py",
    "fido2-homes": "integration/fido2_homes.py",
    "fido2-bus": "integration/fido2_bus.py",
    "tokens": "integration/tokens.py",
    "tokens-luks": "integration/tokens_luks.py",
    "pkcs11": "integration/pkcs11.py",
    "unit-filter": "integration/unit_filter.py",
    "canary": "integration/canary.py",
    "canary-luks": "integration/canary_luks.py",
    "luks": "integration/luks.py",
    "luks-service": "integration/luks_service.py",
    "luks-bad": "integration/luks_bad.py",
    "luks-lock": "integration/luks_lock.py",
    "luks-resize": "integration/luks_resize.py",
    "luks-devices": "integration/luks_devices.py",
    "luks-rebalance": "integration/luks_rebalance.py",
    "luks-unplugged": "integration/luks_unplugged.py",
    "interop": "interop/homed252.py",
    "interop-subvolume": "interop/subvolume252.py",
    "interop-fscrypt": "interop/fscrypt252.py",
    "interop-luks": "interop/luks252.py",
    "interop-luks-btrfs": "interop/luks252_btrfs.py",
    "interop-pkcs11": "interop/pkcs11_252.py",
    "kill-loop": "integration/kill_loop.py",
    "kill-loop-service": "integration/kill_service_verbs.py",
    "kill-loop-subvolume": "integration/kill_subvolume.py",
    "kill-loop-fscrypt": "integration/kill_fscrypt.py",
    "kill-loop-fscrypt-v2": "integration/kill_fscrypt_v2.py",
    "kill-loop-luks": "integration/kill_luks.py",
    "power-cut": "integration/power_cut.py",
}
# In one guest with Debian's own kernel: what depends on a kernel, as far as it fits into a few minutes there. Most cases of
# fscrypt derive keys, which takes seconds each time.
DEBIAN = ["unit:unit-directory", "plugin-check:directory passes", "plugin-check:subvolume passes", "plugin-check:emulated machine",
          "subvolume", "quota:encrypted ext4 by project: the limit holds", "fscrypt:every inode", "luks:it is made",
          "fido2-hid", "limits:one that"]
SUITES = ["unit", *PROGRAMS, "qemu", "asan"]
# Run when they are asked for by name, as scripts/campaign does: what they need is not the same every day. fido2-hid and
# interop-fido2 run in QEMU.
BY_NAME = {"fido2-hid": "integration/fido2_hid.py", "interop-fido2": "interop/fido2_252.py",
           "package-booted": "integration/package_booted.py",
           "stock-newest": "integration/stock_newest.py", "stock-newest-luks": "integration/stock_newest_luks.py"}
# Again with the address and undefined-behaviour sanitizers in every part: what parses, and what a whole life touches.
SANITIZED = ["unit", "fixtures", "bad-records"]
COUNTS = "truncate -s 8M disk && mkfs.ext4 -q -O quota,project disk && mkdir top && mount -o loop,prjquota disk top"
MAPS = "modprobe -q dm-crypt; dmsetup targets | grep -q ^crypt"
# What a suite is about, and not every kernel can do: where this fails, all of the suite runs in a guest.
NEEDS = {
    "luks": MAPS,
    "luks-service": MAPS,
    "luks-bad": MAPS,
    "plugin-check-luks": MAPS,
    "fixture-luks": MAPS,
    "kill-loop-luks": MAPS,
    "power-cut": MAPS + " && modprobe -q dm-log-writes",
    "interop-luks": MAPS,
    "interop-luks-btrfs": MAPS,
    "luks-lock": MAPS,
    "luks-resize": MAPS,
    "luks-devices": MAPS,
    "luks-rebalance": MAPS,
    "luks-unplugged": MAPS + " && modprobe -q scsi_debug && modprobe -qr scsi_debug",
    "states-luks": MAPS,
    "tokens-luks": MAPS,
    "canary-luks": MAPS,
    "stock-homectl-luks": MAPS,
    "stock-newest-luks": MAPS,
    "needs-guest": MAPS + " && " + COUNTS,
    "limits": MAPS + " && mkdir top && mount -t cgroup2 none top && grep -q memory top/cgroup.controllers",
    "quota": COUNTS,
}
WITH_UHID = ("fido2-hid", "interop-fido2")  # a kernel that lets programs be devices
LIMIT = int(os.environ.get("HEARTH_TEST_LIMIT", "1200"))  # seconds for one suite
PART = "HEARTH_TEST_PART"  # set in a process that runs a part of everything


def run(suite):
    """Runs one suite, or the cases with a word in their title: SUITE:WORD."""
    name, *words = suite.split(":", 1)
    if name in WITH_UHID and not guests.inside():
        fetch_peer(name)
        guests.run("qemu", [suite], LIMIT)
    elif name in NEEDS and not guests.inside() and not guests.can_do_without(NEEDS[name]) and guests.possible("uml"):
        fetch_peer(name)
        guests.run("uml", [suite], LIMIT)
    elif name == "unit":
        units.run(words)
    elif name == "qemu":
        guests.run("qemu", DEBIAN, 2 * LIMIT)
    elif name == "asan":
        run_sanitized()
    else:
        run_program(name, words)


def fetch_peer(suite):
    """Guests have no network. What keeps the peer away is said by the suite itself."""
    if suite.startswith(("interop", "stock")):
        with contextlib.suppress(cases.Skip):
            newest.unpacked() if suite.startswith("stock-newest") else peer.unpacked()


def run_sanitized():
    """Runs the suites that are run again with the sanitizers."""
    usual = dict(os.environ)
    os.environ.update({"HEARTH_PREFIX": os.environ["HEARTH_ASAN_PREFIX"], "HEARTH_BUILD": os.environ["HEARTH_ASAN_BUILD"],
                       "HEARTH_TEST_LABEL": "asan "})
    for one in SANITIZED:
        run(one)
    os.environ.clear()
    os.environ.update(usual)


def run_program(suite, words):
    """Runs one suite's program; one that dies or runs no case has failed."""
    before = len(results())
    command = [sys.executable, "-B", os.path.join(TESTS, {**PROGRAMS, **BY_NAME}[suite]), *words]
    try:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=LIMIT, check=False).returncode
        text = f"its program ended with status {status}"
    except subprocess.TimeoutExpired:
        status, text = -1, f"its program was still running after {LIMIT} s"
    new = results()[before:]
    if not new or (status != 0 and not any(result["outcome"] == "FAIL" for result in new)):
        cases.Suite(suite).report("FAIL", "runs to its end", text=text)


def results():
    """Every case's outcome so far."""
    with open(os.environ["HEARTH_TEST_RESULTS"], encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def close():
    """Repeats what failed and what was skipped, then counts; returns the exit status."""
    outcomes = results()
    for word, title in (("FAIL", "failed"), ("skip", "skipped")):
        chosen = [result for result in outcomes if result["outcome"] == word]
        if chosen:
            print(f"\n{title}:")
        for result in chosen:
            reason = f" ({result['text']})" if word == "skip" else ""
            print(f"  {result['suite']}: {result['case']}{reason}")
    count = {word: sum(result["outcome"] == word for result in outcomes) for word in ("ok", "FAIL", "skip")}
    print(f"\n{count['ok']} passed, {count['FAIL']} failed, {count['skip']} skipped", flush=True)
    return 1 if count["FAIL"] or not count["ok"] else 0


def run_all(suites):
    """Runs the suites, each between two lines that name it."""
    for suite in suites:
        begin = time.monotonic()
        print(f"\n== {suite}", flush=True)
        run(suite)
        print(f"== {suite}: {time.monotonic() - begin:.1f} s", flush=True)


def run_side_by_side():
    """Runs everything, two suites at a time: those in guests, which have one CPU each, in turns with the rest."""
    in_guests = [suite for suite in SUITES if suite in NEEDS or suite == "qemu"]
    pairs = zip_longest((suite for suite in SUITES if suite not in in_guests), in_guests)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run_apart, [suite for pair in pairs for suite in pair if suite]))


def run_apart(suite):
    """Runs a suite in a process of its own, and shows its output when it has ended."""
    done = subprocess.run([sys.executable, "-B", os.path.abspath(__file__), suite], env=dict(os.environ, **{PART: "1"}),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)
    print(done.stdout, end="", flush=True)
    if done.returncode != 0:
        cases.Suite(suite).report("FAIL", "its runner ends", text=f"it ended with status {done.returncode}")


def main():
    """Runs the suites named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="scripts/test", description="Runs all suites, or those named.")
    parser.add_argument("suites", nargs="*", metavar="SUITE[:WORD]", help=f"{', '.join(SUITES)}; with a word, those of its "
                        "cases whose title contains it")
    parser.add_argument("--list", action="store_true", help="name the suites and stop")
    parser.add_argument("--kernel", choices=guests.KERNELS, help="run the suites named in one guest with that kernel")
    options = parser.parse_args()
    if options.list:
        print("\n".join(SUITES))
        return 0
    unknown = sorted({suite.split(":")[0] for suite in options.suites} - {*SUITES, *BY_NAME})
    if unknown:
        parser.error(f"there is no suite {', '.join(unknown)}; there are {', '.join(SUITES)}")
    if options.kernel and not options.suites:
        parser.error("--kernel needs the names of the suites")
    if guests.inside() or PART in os.environ:  # whoever started this counts
        run_all(options.suites)
        return 0
    with tempfile.NamedTemporaryFile(prefix="hearth-results-") as file:
        os.environ["HEARTH_TEST_RESULTS"] = file.name
        if options.kernel:
            guests.run(options.kernel, options.suites, LIMIT)
        elif not options.suites:
            run_side_by_side()
        else:
            run_all(options.suites)
        return close()


sys.exit(main())
