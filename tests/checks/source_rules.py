#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rules for the sources that a compiler does not know: who includes whom, licences, sizes, format, error ids."""
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from checks import cpp_text, error_ids  # noqa: E402
from checks.cpp_text import TOP, cpp_files, files, includes  # noqa: E402
from harness import cases  # noqa: E402

PRODUCT = ("core", "hosts", "plugins", "plugin-api", "examples")
# Whose headers an area of core may include besides its own. `serve` is the worker's half of core/worker.
AREAS = {
    "base": set(),
    "crypto": {"base"},
    "secret": {"base"},
    "system": {"base"},
    "record": {"base", "crypto", "secret", "system"},
    "plugin": {"base", "record", "secret", "system"},
    "discovery": {"base", "home", "plugin", "record", "system"},
    "home": {"base", "crypto", "record", "secret", "system"},
    "operation": {"base", "crypto", "home", "plugin", "record", "secret", "system"},
    "worker": {"base", "home", "record", "secret", "system"},
    "client": {"base", "home", "record", "secret", "system", "worker"},
    "service": {"base", "crypto", "home", "record", "secret", "system", "worker"},
    "serve": {"base", "home", "operation", "plugin", "record", "secret", "system", "worker"},
}
# What belongs to one storage or one kind of token.
PLUGIN_HEADERS = re.compile(r"libcryptsetup|fido|p11-kit|pkcs11|libsmbclient|btrfsutil|libfdisk|blkid|libdevmapper|tss2")
# Names that could stand for nothing else, and those that are also plain words: the latter only as a whole literal.
BACKENDS = {"luks", "fscrypt", "subvolume", "cifs", "fido2", "pkcs11", "tpm2"}
# The schema knows the fields of every storage; a manifest's word for the kind of medium is also "directory".
KNOWS_BACKENDS = re.compile(r"core/record/(schema|secret_section|self_modifiable|validate|layers)\.cpp$")
MEDIUM_WORD = ("core/plugin/manifest.cpp", "directory")
SOURCE = re.compile(r"(\.(c|cpp|h|hpp|inc|py|sh|cmake|map)|\.(c|h|cmake)\.in|(^|/)CMakeLists\.txt)$")
LONGEST = 400  # lines
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
FORMAT_VERSION = "14."

suite = cases.Suite("source")


def none_of(offenders, text):
    """Fails the case with one line for each offender."""
    lines = list(offenders)
    cases.check(not lines, "\n".join([f"{text}:"] + [f"  {line}" for line in lines]))


def sources():
    """Every text that somebody wrote as a program: by its name, or because it says which program runs it."""
    for path in files():
        if not path.startswith("tests/data/") and (SOURCE.search(path) or is_script(path)):
            yield path


def is_script(path):
    """Does the file begin with the name of its interpreter?"""
    with open(os.path.join(TOP, path), "rb") as file:
        return file.read(2) == b"#!"


@suite.case("every error id is explained in docs/errors.md")
def _():
    made, unclear = error_ids.of_sources()
    cases.check(len(made) > 100, f"only {len(made)} ids were found: the search is broken")
    none_of(unclear, "ids that are not written out where the error is made")
    listed = error_ids.of_table()
    none_of((f"{name} ({', '.join(made[name][:3])})" for name in sorted(set(made) - set(listed))), "missing in the tables")


@suite.case("docs/errors.md explains no id that does not exist, and none twice")
def _():
    made, _unclear = error_ids.of_sources()
    listed = error_ids.of_table()
    cases.check(listed, "no id was found in the tables")
    none_of((f"{name} (line {listed[name][0]})" for name in sorted(set(listed) - set(made))), "not in the sources")
    none_of((f"{name} (lines {lines})" for name, lines in listed.items() if len(lines) > 1), "listed twice")


def wrong_includes(folders, is_wrong):
    """`file:line: name` for every #include that `is_wrong` objects to."""
    found = [(path, line, name) for path in cpp_files(*folders) for line, name in includes(path)]
    cases.check(found, f"there are no includes in {folders}")
    return (f"{path}:{line}: {name}" for path, line, name in found if is_wrong(path, name))


@suite.case("plugins and examples include the plugin API, not core or hosts")
def _():
    none_of(wrong_includes(("plugins", "examples"), lambda _, name: re.match(r"(\.\./)*(core|hosts|tests)/", name)),
            "a plugin knows the API alone")


@suite.case("the plugin API includes nothing of the product")
def _():
    folders = ("plugin-api/include", "plugin-api/cmake", "plugin-api/tests")
    none_of(wrong_includes(folders, lambda _, name: re.match(r"(\.\./)*(core|hosts|plugins|examples|tests)/", name)),
            "the API stands alone")


@suite.case("hosts include core, and neither plugins nor the plugin API")
def _():
    none_of(wrong_includes(("hosts",), lambda _, name: re.match(r"(\.\./)*(plugins|examples|tests|hearth)/", name)),
            "plugins are core's business")


@suite.case("each area of core includes only the areas below it")
def _():
    def area_of(path):
        return "serve" if path.startswith("core/worker/serve.") else path.split("/")[1]

    def is_wrong(path, name):
        if not name.startswith("core/"):
            return re.match(r"(\.\./)*(hosts|plugins|examples|tests)/", name)
        own, other = area_of(path), area_of(name)
        return other not in {own, *AREAS.get(own, ())} and not (own == "serve" and other == "worker")
    unknown = {area_of(path) for path in cpp_files("core")} - set(AREAS)
    cases.check(not unknown, f"no rule for core/{', core/'.join(unknown)}")
    none_of(wrong_includes(("core",), is_wrong), "a lower area knows a higher one")


@suite.case("core uses no library that belongs to one storage or token")
def _():
    none_of(wrong_includes(("core", "hosts"), lambda _, name: PLUGIN_HEADERS.search(name)), "such a library belongs in a plugin")
    none_of((f"{path}: {match[0]}" for path in files("core", "hosts") if path.endswith("CMakeLists.txt")
             for match in [PLUGIN_HEADERS.search(cpp_text.text(path))] if match), "such a library is linked by a plugin")


def storage_names():
    """The names of all storages and tokens in the tree, besides those that everybody knows."""
    names = set(BACKENDS)
    for path in files("plugins", "examples"):
        if path.endswith("/plugin.json"):
            manifest = json.loads(cpp_text.text(path))
            names.update(entry["name"] for kind in ("storage", "auth") for entry in manifest.get(kind, []))
    return names


@suite.case("core names no backend but in the schema of records")
def _():
    names = storage_names()
    cases.check("directory" in names, f"the storage directory is not among {sorted(names)}")

    def is_named(literal):
        words = re.findall(r"[a-z0-9]+", literal.lower())
        return literal in names or any(word.startswith(name) for word in words for name in BACKENDS)
    none_of((f'{path}:{cpp_text.line_of(cpp_text.code(path), match.start())}: "{match[1]}"'
             for path in cpp_files("core") if not KNOWS_BACKENDS.match(path)
             for match in cpp_text.LITERAL.finditer(cpp_text.code(path))
             if is_named(match[1]) and (path, match[1]) != MEDIUM_WORD), "core knows plugins from their manifests")


@suite.case("every source says its licence first: MIT for plugin authors, LGPL for the rest")
def _():
    def offends(path):
        lines = cpp_text.text(path).splitlines()
        if lines and lines[0].startswith("#!"):
            lines = lines[1:]
        licence = "MIT" if path.startswith(("plugin-api/", "examples/")) else "LGPL-2.1-or-later"
        return not lines or not re.fullmatch(rf"(//|/\*|#|\.\\\") SPDX-License-Identifier: {re.escape(licence)}( \*/)?", lines[0])
    none_of((path for path in sources() if offends(path)), "without the line, or with another licence")


@suite.case(f"no source is longer than {LONGEST} lines")
def _():
    none_of((f"{path}: {length} lines" for path in sources()
             for length in [cpp_text.text(path).count("\n")] if length > LONGEST), "too long to be read at once")


@suite.case("nothing is marked as unfinished")
def _():
    none_of((f"{path}:{cpp_text.line_of(cpp_text.text(path), match.start())}: {match[0]}" for path in sources()
             for match in UNFINISHED.finditer(cpp_text.text(path))), "finish it, or open an issue")


def refusal_of(command, **options):
    """The first lines that a program complains with, or an empty text."""
    done = subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    return "" if done.returncode == 0 else "\n    ".join(done.stdout.splitlines()[:4]) or f"status {done.returncode}"


def in_parallel(function, items):
    """[(item, answer)] of the items for which the function answers something."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [(item, answer) for item, answer in zip(items, pool.map(function, items)) if answer]


def compiles_alone(*command):
    """A function that compiles one header by itself, as far as its syntax."""
    return lambda header: refusal_of([*command, "-fsyntax-only", "-D_GNU_SOURCE", "-I.", "-Iplugin-api/include", "-"],
                                     input=f'#include "{header}"\n')


@suite.case("every header of core compiles alone")
def _():
    # A header that some source includes before anything else has been compiled alone already, by the build.
    first = {includes(path)[0][1] for path in cpp_files("core") if path.endswith(".cpp") and includes(path)}
    headers = [path for path in cpp_files("core") if path.endswith(".hpp")]
    cases.check(headers and first & set(headers), "core has no headers")
    headers = [path for path in headers if path not in first]
    none_of((f"{path}: {answer}" for path, answer in in_parallel(compiles_alone("g++", "-std=c++20", "-xc++"), headers)),
            "needs another header before it")


@suite.case("every header of the plugin API compiles alone, in C11 as well where it is C")
def _():
    headers = [path for path in cpp_files("plugin-api/include")]
    plain = [path for path in headers if path.endswith(".h")]
    cases.check(plain and len(plain) < len(headers), "the API has no headers")
    wrong = in_parallel(compiles_alone("g++", "-std=c++20", "-xc++"), headers) + in_parallel(
        compiles_alone("gcc", "-std=c11", "-pedantic-errors", "-xc"), plain)
    none_of((f"{path}: {answer}" for path, answer in wrong), "needs another header before it, or another language")


@suite.case("every C and C++ file has the format of .clang-format")
def _():
    if not shutil.which("clang-format"):
        raise cases.Skip("clang-format is not installed")
    version = re.search(r"version (\S+)", subprocess.run(["clang-format", "--version"], capture_output=True, text=True,
                                                         check=True).stdout)[1]
    if not version.startswith(FORMAT_VERSION):
        raise cases.Skip(f"clang-format {version} formats otherwise than {FORMAT_VERSION}x")
    # Lists of macros (.inc) have a line for each, and keep it.
    paths = [path for path in cpp_files(*PRODUCT, "tests") if not path.endswith(".inc")]
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], cwd=TOP, stderr=subprocess.PIPE, text=True, check=False)
    wrong = sorted(set(re.findall(r"^(\S+?):\d+:\d+: ", done.stderr, re.MULTILINE)))
    cases.check(wrong or done.returncode == 0, done.stderr[:2000])
    none_of(wrong, "run clang-format -i on")


cases.main(suite)
