# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which error ids the sources make, and which ones docs/errors.md lists.

An id reaches an Error as a literal, or through a function with a parameter called `id`: Error's own constructor is one,
helpers that add a headline are others. So every call of such a function is looked at, and its id must be made of literals
or be the caller's own `id`, or that of another error.
"""
import re

from checks import cpp_text

FOLDERS = ("core", "hosts")
TABLE = "docs/errors.md"
# A plugin's status becomes FAMILY-WORD; the words are this table's.
WORDS = "core/plugin/code_words.cpp"
FAMILIES = ("storage", "auth")
# Another process's error is put together again from its message.
DECODER = "core/worker/message.cpp"
KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# An error that is made anew around another one keeps its id.
KEPT = re.compile(r"\w+(\.error\(\))?\.id\(\)")
PARAMETER = re.compile(r"^(?:std::string_view|const char\s*\*|(?:const )?std::string\s*&?)\s*id$")


def of_sources():
    """({id: [places]}, [what could not be understood])"""
    found, unclear = {}, []
    everywhere = makers(path for path in cpp_text.cpp_files(*FOLDERS) if path.endswith(".hpp"))
    for path in cpp_text.cpp_files(*FOLDERS):
        for line, expression in _ids_in(path, {**everywhere, **makers([path])}):
            _note(path, line, expression, found, unclear)
    for family in FAMILIES:
        for word in words():
            found.setdefault(f"{family}-{word}", []).append(WORDS)
    return found, unclear


def words():
    """The plugin codes' words."""
    return re.findall(r'CodeWords\s*\{\s*\w+\s*,\s*"([^"]+)"', cpp_text.code(WORDS))


def makers(paths):
    """{function: index of its parameter `id`} for the functions declared in `paths`."""
    found = {}
    for path in paths:
        source = cpp_text.code(path)
        for match in re.finditer(r"\b([A-Za-z_]\w*)\s*\(", source):
            for index, argument in enumerate(cpp_text.arguments(source, match.end() - 1) or []):
                if PARAMETER.match(argument):
                    found[match[1]] = index
    return found


def _ids_in(path, known):
    source = cpp_text.code(path)
    for match in re.finditer(r"\b([A-Za-z_]\w*)\s*([({])", source):
        if match[1] not in known:
            continue
        given = cpp_text.arguments(source, match.end() - 1) or []
        if len(given) > known[match[1]] and not any(PARAMETER.match(argument) for argument in given):
            yield cpp_text.line_of(source, match.start()), given[known[match[1]]]


def _note(path, line, expression, found, unclear):
    literals = cpp_text.LITERAL.findall(expression)
    if expression == "id" or KEPT.fullmatch(expression) or (path == DECODER and expression == 'text_of(object, "id")'):
        return
    if not literals or not all(KEBAB.fullmatch(literal) for literal in literals):
        unclear.append(f"{path}:{line}: {expression}")
    for literal in literals:
        found.setdefault(literal, []).append(f"{path}:{line}")


def of_table():
    """{id: [lines of docs/errors.md]}: the first column of its tables."""
    found = {}
    for number, line in enumerate(cpp_text.text(TABLE).splitlines(), 1):
        if line.startswith("| `"):
            for name in re.findall(r"`([^`]+)`", line.split("|")[1]):
                found.setdefault(name, []).append(number)
    return found
