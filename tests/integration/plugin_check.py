#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""hearth-plugin-check: Hearth's own plugins and the examples pass, and every plugin that breaks a rule fails that rule and no
other. The table of rules is printed on the way."""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.checker import BUILD, CHECKER, passes, rules, run  # noqa: E402
from harness.disks import btrfs, disk  # noqa: E402

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILT = f"{BUILD}/tests/plugins"
DEVICE = "--device=soft:1"  # of broken/auth.h; nothing to others

suite = cases.Suite("plugin-check")
sandbox.enter()
os.environ["TMPDIR"] = sandbox.WORK
AT_FIRST = sandbox.mounts_below(sandbox.WORK)


def table():
    """The pairs of rule and plugin of rules.txt."""
    with open(f"{TESTS}/plugins/rules.txt", encoding="utf-8") as file:
        return [tuple(line.split()) for line in file if line.strip() and not line.startswith("#")]


def path_of(plugin):
    """Where a plugin made for tests was built."""
    return f"{BUILT}/broken/{plugin}.so" if plugin.startswith("broken-") else f"{BUILT}/{plugin}.so"


@suite.case("every rule has a plugin that breaks it, and every such plugin a rule")
def _():
    equal(sorted({rule for rule, _ in table()}), sorted(rules()), "rules with a plugin, and rules")
    sources = [f"broken-{name.rsplit('.', 1)[0]}" for name in os.listdir(f"{TESTS}/plugins/broken") if name.endswith((".c", ".cpp"))]
    sources += [name.rsplit(".", 1)[0].replace("_", "-") for name in os.listdir(f"{TESTS}/plugins") if name.startswith("bad_")]
    equal(sorted(plugin for _, plugin in table()), sorted(sources), "plugins in the table, and sources")


def breaks(rule, plugin):
    """The outcome of one line of the table: what went wrong, or None; and what the checker says."""
    status, found = run(path_of(plugin), "--deadline=20", DEVICE)
    failed = [one for one, (outcome, _) in found.items() if outcome == "FAIL"]
    if failed != [rule] or status != 1:
        return f"fails {failed or 'nothing'} with status {status}", found
    return None, found


def add_table():
    """One case for each plugin of the table; they run side by side when the first of them is asked for."""
    pool = ThreadPoolExecutor(os.cpu_count())
    started = {}

    def start():
        if not started:
            started.update({pair: pool.submit(breaks, *pair) for pair in table()})

    for rule, plugin in table():
        @suite.case(f"{rule} is what {plugin} fails, and nothing else")
        def _(rule=rule, plugin=plugin):
            start()
            wrong, found = started[rule, plugin].result()
            check(wrong is None, f"{wrong}: {found}")
            print(f"     | {rule} {found[rule][1][:110]}", flush=True)


@suite.case("directory passes")
def _():
    passes(f"{BUILD}/plugins/directory/directory.so")


@suite.case("the example in C passes")
def _():
    passes(f"{BUILT}/minimal-c.so")


@suite.case("the example in C++ passes")
def _():
    passes(f"{BUILT}/minimal-cpp.so")


@suite.case("subvolume passes on btrfs")
def _():
    with disk("btrfs", "/mnt/btrfs") as place:
        btrfs("quota", "enable", place)
        passes(f"{BUILD}/plugins/subvolume/subvolume.so", f"--place={place}", "--may-fill")


def record_file(fields):
    """A record whose fields the homes of the check get."""
    with open("/mnt/record.json", "w", encoding="ascii") as record:
        record.write(fields)
    return f"--record={record.name}"


@suite.case("fscrypt passes on ext4 with encryption, in its older format")
def _():
    # The newer one takes nine times as long to derive a key, and hundreds are derived.
    with disk("ext4", "/mnt/ext4", features=("-O", "encrypt")) as place:
        passes(f"{BUILD}/plugins/fscrypt/fscrypt.so", f"--place={place}", "--may-fill",
               record_file('{"userName":"checked","hearthFscryptFormat":"v1"}'))


def keeps(place, wanted, *options):
    """These rules hold for fscrypt; nothing is said of the others."""
    status, found = run(f"{BUILD}/plugins/fscrypt/fscrypt.so", f"--place={place}", *options,
                        *(f"--filter={rule}" for rule in wanted))
    equal(({rule: outcome for rule, (outcome, _) in found.items()}, status), ({rule: "ok" for rule in wanted}, 0), "outcomes")


@suite.case("fscrypt keeps the rules about keys, as far as an emulated machine has time for them")
def _():
    with disk("ext4", "/mnt/ext4", features=("-O", "encrypt")) as place:
        keeps(place, ["C01", "C12", "C19", "C20", "P01"], record_file('{"userName":"checked","hearthFscryptFormat":"v1"}'))


@suite.case("fscrypt in its newer format opens with the right secret only, changes its keys, recovers, and leaves nothing")
def _():
    with disk("ext4", "/mnt/ext4", features=("-O", "encrypt")) as place:
        keeps(place, ["C01", "C12", "C19", "C20", "K04", "P01"])


@suite.case("a kind of tokens that does everything right passes; without a device for tests, it says what is not checked")
def _():
    passes(f"{BUILT}/broken/good-auth.so", DEVICE)
    status, found = run(f"{BUILT}/broken/good-auth.so", "--filter=[LA]*")
    equal(sorted(rule for rule, (_, text) in found.items() if "needs a device" in text),
          ["A08", "A09", "A11", "A12", "A14", "A15", "A16", "A17", "A18"], "skipped")
    equal((status, [rule for rule, (outcome, _) in found.items() if outcome == "FAIL"]), (0, []), "outcome")


@suite.case("fscrypt in its older format opens with the right secret only, changes its keys and leaves nothing")
def _():
    # The rules that say most about encryption. All of them take minutes where computing is slow.
    wanted = ["C01", "C12", "C19", "C20", "P01"]
    with open("/mnt/older.json", "w", encoding="ascii") as record:
        record.write('{"userName":"checked","hearthFscryptFormat":"v1"}')
    with disk("ext4", "/mnt/ext4", features=("-O", "encrypt")) as place:
        status, found = run(f"{BUILD}/plugins/fscrypt/fscrypt.so", f"--place={place}", f"--record={record.name}",
                            *(f"--filter={rule}" for rule in wanted))
    equal(({rule: outcome for rule, (outcome, _) in found.items()}, status), ({rule: "ok" for rule in wanted}, 0), "outcomes")


@suite.case("--filter chooses, --in-process stays in one process, --junit writes what was printed")
def _():
    file = path_of("broken-usage")
    status, found = run(file, "--filter=C1[67]", "--in-process", "--junit=/mnt/junit.xml")
    equal({rule: outcome for rule, (outcome, _) in found.items()}, {"C16": "ok", "C17": "FAIL"}, "outcomes")
    equal(status, 1, "exit status")
    xml = ElementTree.parse("/mnt/junit.xml").getroot()
    equal((xml.get("tests"), xml.get("failures"), xml.get("skipped")), ("2", "1", "0"), "counts")
    equal([one.find("failure") is not None for one in xml.iter("testcase")], [False, True], "failures")


@suite.case("a wrong command line is refused")
def _():
    for arguments in ([], ["/dev/null/nothing.so"], ["--deadline=soon", path_of("broken-usage")], ["--nonsense"],
                      ["--record=/dev/null", path_of("broken-usage")], ["--pin-file=/dev/null", path_of("broken-usage")],
                      ["--place=/mnt/nowhere", path_of("broken-usage")]):
        done = subprocess.run([CHECKER, *arguments], capture_output=True, text=True, check=False)
        equal(done.returncode, 2, f"exit status of {arguments}")
        check(done.stderr, f"{arguments} says why")


@suite.case("every option is in the manual page")
def _():
    text = subprocess.run([CHECKER, "--help"], capture_output=True, text=True, check=True).stdout
    with open(f"{os.path.dirname(TESTS)}/docs/man/hearth-plugin-check.1", encoding="utf-8") as file:
        page = file.read().replace("\\-", "-")
    missing = [option for option in re.findall(r"--[a-z][a-z-]*", text) if option not in page]
    equal(missing, [], "options that the page does not name")
    unknown = [number for number in rules() if not re.search(rf"\b{number[0]}\b", page)]
    equal(unknown, [], "families of rules that the page does not name")


@suite.case("nothing is left behind")
def _():
    equal([name for name in os.listdir(sandbox.WORK) if "hearth-plugin-check" in name], [], "folders")
    equal(sandbox.mounts_below(sandbox.WORK), AT_FIRST, "mounts")


add_table()
# Last, because it looks at what the others did.
suite.cases.append(suite.cases.pop([title for title, _ in suite.cases].index("nothing is left behind")))
cases.main(suite)
