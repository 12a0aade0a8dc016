#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the suites and counts their cases. scripts/test builds first and then starts this."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, units  # noqa: E402

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# In this order: what explains a failure comes before what fails because of it.
PROGRAMS = {
    "source": "checks/source_rules.py",
    "fixtures": "interop/fixtures.py",
    "fixture-subvolume": "interop/fixture_subvolume.py",
    "examples": "integration/examples.py",
    "plugins": "integration/bad_plugins.py",
    "plugin-check": "integration/plugin_check.py",
    "bad-records": "integration/bad_records.py",
    "bad-places": "integration/bad_places.py",
    "two-at-once": "integration/two_at_once.py",
    "subvolume": "integration/subvolume.py",
    "quota": "integration/quota.py",
    "fscrypt": "integration/fscrypt.py",
    "interop": "interop/homed252.py",
    "interop-subvolume": "interop/subvolume252.py",
    "interop-fscrypt": "interop/fscrypt252.py",
    "kill-loop": "integration/kill_loop.py",
    "kill-loop-subvolume": "integration/kill_subvolume.py",
    "kill-loop-fscrypt": "integration/kill_fscrypt.py",
    "kill-loop-fscrypt-v2": "integration/kill_fscrypt_v2.py",
}
SUITES = ["unit", *PROGRAMS, "asan"]
# Again with the address and undefined-behaviour sanitizers in every part: what parses, and what a whole life touches.
SANITIZED = ["unit", "fixtures", "bad-records"]
LIMIT = 1200  # seconds for one suite


def run(suite):
    """Runs one suite."""
    if suite == "unit":
        units.run()
    elif suite == "asan":
        changed = {"HEARTH_PREFIX": os.environ["HEARTH_ASAN_PREFIX"], "HEARTH_BUILD": os.environ["HEARTH_ASAN_BUILD"],
                   "HEARTH_TEST_LABEL": "asan "}
        usual = dict(os.environ)
        os.environ.update(changed)
        for one in SANITIZED:
            run(one)
        os.environ.clear()
        os.environ.update(usual)
    else:
        run_program(suite)


def run_program(suite):
    """Runs one suite's program; one that dies or runs no case has failed."""
    before = len(results())
    path = os.path.join(TESTS, PROGRAMS[suite])
    try:
        status = subprocess.run([sys.executable, "-B", path], stdin=subprocess.DEVNULL, timeout=LIMIT, check=False).returncode
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


def main():
    """Runs the suites named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="scripts/test", description="Runs all suites, or those named.")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument("--list", action="store_true", help="name the suites and stop")
    options = parser.parse_args()
    if options.list:
        print("\n".join(SUITES))
        return 0
    unknown = sorted(set(options.suites) - set(SUITES))
    if unknown:
        parser.error(f"there is no suite {', '.join(unknown)}; there are {', '.join(SUITES)}")
    with tempfile.NamedTemporaryFile(prefix="hearth-results-") as file:
        os.environ["HEARTH_TEST_RESULTS"] = file.name
        for suite in options.suites or SUITES:
            begin = time.monotonic()
            print(f"\n== {suite}", flush=True)
            run(suite)
            print(f"== {suite}: {time.monotonic() - begin:.1f} s", flush=True)
        return close()


sys.exit(main())
