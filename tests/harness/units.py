# SPDX-License-Identifier: LGPL-2.1-or-later
"""What CMake knows as tests: GoogleTest programs, counted by their single TESTs, and others, counted as one case each."""
import json
import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

from harness.cases import Suite

LIMIT = 600  # seconds for one program


def run(words=()):
    """Runs every test that CMake registered in the build folder, or those with one of the words in their names."""
    answer = subprocess.run(["ctest", "--show-only=json-v1"], cwd=os.environ["HEARTH_BUILD"], capture_output=True, text=True,
                            check=True)
    tests = [test for test in json.loads(answer.stdout)["tests"]
             if not words or any(word in test["name"] for word in words)]
    if not tests:
        Suite("unit").report("FAIL", "there are tests", text="the build folder registers none")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_run_one, tests))


def _run_one(test):
    suite = Suite(test["name"])
    with tempfile.NamedTemporaryFile(prefix="hearth-gtest-") as file:
        begin = time.monotonic()
        properties = {item["name"]: item["value"] for item in test.get("properties", [])}
        command = test["command"] + ([f"--gtest_output=xml:{file.name}"] if _is_gtest(test) else [])
        try:
            done = subprocess.run(command, cwd=properties.get("WORKING_DIRECTORY", os.environ["HEARTH_BUILD"]),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  errors="replace", text=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            suite.report("FAIL", "ends in time", begin, f"still running after {LIMIT} s")
            return
        if not _is_gtest(test):
            _report_plain(suite, done, properties, begin)
        elif not _report_single(suite, file) or (done.returncode != 0 and not suite.totals["FAIL"]):
            # A crash loses the list of what ran; a failure outside any TEST does not show in it.
            suite.report("FAIL", "runs to its end", begin, f"status {done.returncode}\n{done.stdout[-3000:]}")


def _is_gtest(test):
    return os.path.basename(test["command"][0]).startswith("test-")


def _report_plain(suite, done, properties, begin):
    if done.returncode == properties.get("SKIP_RETURN_CODE", -1):
        suite.report("skip", "runs", begin, done.stdout.strip().splitlines()[-1])
    elif done.returncode == 0:
        suite.report("ok", "runs", begin)
    else:
        suite.report("FAIL", "runs", begin, f"status {done.returncode}\n{done.stdout[-3000:]}")


def _report_single(suite, file):
    text = file.read()
    if not text:
        return False
    for one in ElementTree.fromstring(text).iter("testcase"):
        title = f"{one.get('classname')}.{one.get('name')}"
        begin = time.monotonic() - float(one.get("time", "0"))
        failures, skipped = one.findall("failure"), one.find("skipped")
        if failures:
            suite.report("FAIL", title, begin, "\n".join(failure.text or "" for failure in failures))
        elif skipped is not None:  # its text is the place in the source, then the reason
            suite.report("skip", title, begin, " ".join((skipped.text or "").split()[1:]) or "says no reason")
        elif one.get("result") == "suppressed":
            suite.report("skip", title, begin, "disabled in the source")
        else:
            suite.report("ok", title, begin)
    return True
