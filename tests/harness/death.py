# SPDX-License-Identifier: LGPL-2.1-or-later
"""homectl under kill-at, which kills processes at one of their calls."""
import os
import subprocess

from harness.cases import check, equal
from harness.hearth import LIMIT

KILL_AT = os.path.join(os.environ.get("HEARTH_BUILD", ""), "tests/integration/kill-at")
WORKER, HOMECTL = "hearth-worker", "homectl"


def killed(hearth, counted, victims, at, arguments, environment, report=None, limit=LIMIT):
    """Runs homectl, and kills `victims` at call `at` of the program `counted` (0: nobody); returns the lines of kill-at's report.
    A process that does not end is a failure, and so is a run that nobody kills and fails."""
    report = report or f"{hearth.root}.report"
    done = subprocess.run([KILL_AT, counted, victims, str(at), report, *hearth.command(*arguments)], stdin=subprocess.DEVNULL,
                          env=environment, capture_output=True, text=True, timeout=limit, check=False)
    with open(report, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    check(at or done.returncode == 0, f"the run that nobody kills failed: {done.stdout}{done.stderr}")
    equal([line for line in lines if line.startswith("stuck")], [], "processes that did not end")
    return lines


def spread(count, most):
    """At most `most` of the calls from 1 to `count`, evenly spread, the last of them always."""
    most = min(most, count)
    return sorted({count - number * count // most for number in range(most)})
