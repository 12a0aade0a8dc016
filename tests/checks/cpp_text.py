# SPDX-License-Identifier: LGPL-2.1-or-later
"""The sources of the product, and just enough C++ to ask them questions: comments, strings, arguments of calls."""
import functools
import os
import re
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CPP = (".c", ".cpp", ".h", ".hpp", ".inc")
# A string, a character, or a comment: whichever begins first.
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
# The same as strings alone, for text whose comments are gone.
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


@functools.cache
def files(*folders):
    """The files of the checkout below `folders` that git knows or would add, in order."""
    listed = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
                             "--", *folders], cwd=TOP, capture_output=True, text=True, check=True).stdout
    return sorted(path for path in set(listed.split("\0")) if path and os.path.isfile(os.path.join(TOP, path)))


def cpp_files(*folders):
    """Those that are C or C++."""
    return [path for path in files(*folders) if path.endswith(CPP)]


@functools.cache
def text(path):
    """The file as it is."""
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


@functools.cache
def code(path):
    """The file without its comments; lines keep their numbers."""
    def blank(match):
        token = match[0]
        return token if token[0] in "\"'" else "\n" * token.count("\n")
    return TOKEN.sub(blank, text(path))


def line_of(source, at):
    """The number of the line in which the character `at` stands."""
    return source.count("\n", 0, at) + 1


def includes(path):
    """(line, name) of each #include; system headers keep their angle brackets off as well."""
    return [(line_of(code(path), match.start()), match[1])
            for match in re.finditer(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', code(path), re.MULTILINE)]


def arguments(source, begin):
    """The arguments of a call whose opening bracket is at `begin`, or None if it does not end."""
    depth, found, start, at = 0, [], begin + 1, begin
    while at < len(source):
        token = TOKEN.match(source, at)
        if token:
            at = token.end()
            continue
        char = source[at]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth == 0:
                return found + [source[start:at].strip()]
        elif char == "," and depth == 1:
            found.append(source[start:at].strip())
            start = at + 1
        at += 1
    return None
