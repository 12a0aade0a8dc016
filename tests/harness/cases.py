# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cases, and the lines they print: one per case, `ok`, `FAIL` or `skip`, with its time."""
import json
import os
import sys
import time
import traceback


class Skip(Exception):
    """Raised by a case that cannot run here; the text is the reason that is printed."""


class Failure(AssertionError):
    """Raised by check() and its kin."""


def check(condition, text):
    """Fails the running case with `text` unless `condition` holds."""
    if not condition:
        raise Failure(text)


def equal(actual, expected, what):
    """Fails the running case unless both are equal, and shows both."""
    check(actual == expected, f"{what}: expected {expected!r}, got {actual!r}")


class Suite:
    """A named list of cases; `run` prints a line for each and returns the process's exit status."""

    def __init__(self, name):
        self.name = os.environ.get("HEARTH_TEST_LABEL", "") + name
        self.cases = []
        self.totals = {"ok": 0, "FAIL": 0, "skip": 0}

    def case(self, title):
        """Decorator: the function is the case `title`."""
        def add(function):
            self.cases.append((title, function))
            return function
        return add

    def run(self, arguments=()):
        """Runs the cases whose title contains one of the words given, or all."""
        for title, function in self.cases:
            if arguments and not any(word in title for word in arguments):
                continue
            self._run_one(title, function)
        return 1 if self.totals["FAIL"] else 0

    def _run_one(self, title, function):
        begin = time.monotonic()
        try:
            function()
            self.report("ok", title, begin)
        except Skip as reason:
            self.report("skip", title, begin, str(reason))
        except Failure as failure:
            self.report("FAIL", title, begin, str(failure))
        except Exception:  # a case that breaks is a case that failed; the others still run
            self.report("FAIL", title, begin, traceback.format_exc())

    def report(self, outcome, title, begin=None, text=""):
        """Prints one case's line and adds it to the results of the whole run."""
        self.totals[outcome] += 1
        taken = "" if begin is None else f" [{(time.monotonic() - begin) * 1000:.0f} ms]"
        print(f"{outcome:4} {self.name}: {title}{taken}" + (f" ({text})" if outcome == "skip" else ""), flush=True)
        if outcome == "FAIL":
            print("".join(f"     | {line}\n" for line in text.splitlines()), end="", flush=True)
        record(self.name, title, outcome, text)


def record(suite, title, outcome, text=""):
    """Appends one result to the file that scripts/test counts."""
    path = os.environ.get("HEARTH_TEST_RESULTS")
    if path:
        with open(path, "a", encoding="utf-8") as results:
            results.write(json.dumps({"suite": suite, "case": title, "outcome": outcome, "text": text}) + "\n")


def main(suite):
    """The last line of a suite's program."""
    sys.exit(suite.run(sys.argv[1:]))
