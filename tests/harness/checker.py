# SPDX-License-Identifier: LGPL-2.1-or-later
"""hearth-plugin-check, run over a plugin."""
import os
import re
import subprocess

from harness.cases import check, equal
from harness.hearth import PREFIX

BUILD = os.environ["HEARTH_BUILD"]
CHECKER = f"{PREFIX}/bin/hearth-plugin-check"
LINE = re.compile(r"([A-Z]\d\d) (ok|FAIL|skip) +(.*)")
# What a medium without the ability cannot be asked for; any other reason would mean that less was checked than could be.
INAPPLICABLE = re.compile(
    r"\((its medium (has no|cannot)|it has no (probe|usage)\(\)|.*keep a home below a size|it offers no (storage|authentication))")
LIMIT = 900  # seconds for one plugin; one that derives keys slowly needs minutes


def run(file, *options, limit=LIMIT):
    """Checks a plugin; returns the exit status and {rule: (outcome, text)}."""
    done = subprocess.run([CHECKER, *options, file], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit,
                          check=False)
    found = {match[1]: (match[2], match[3]) for match in map(LINE.fullmatch, done.stdout.splitlines()) if match}
    return done.returncode, found


def rules():
    """Every rule by its number."""
    text = subprocess.run([CHECKER, "--list"], capture_output=True, text=True, check=True).stdout
    return dict(line.split(" ", 1) for line in text.splitlines())


def passes(file, *options, limit=LIMIT):
    """No rule fails, all are run, and what is skipped does not apply."""
    check(os.path.exists(file), f"{file} is not built")
    status, found = run(file, *options, limit=limit)
    equal([f"{rule} {text}" for rule, (outcome, text) in found.items() if outcome == "FAIL"], [], "rules that fail")
    equal([f"{rule} {text}" for rule, (outcome, text) in found.items()
           if outcome == "skip" and not INAPPLICABLE.search(text)], [], "rules that should not be skipped")
    equal(sorted(found), sorted(rules()), "rules that are run")
    equal(status, 0, "exit status")
