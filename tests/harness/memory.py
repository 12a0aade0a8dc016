# SPDX-License-Identifier: LGPL-2.1-or-later
"""What lies in the memory of a process."""
import re


def places_of(pid, text):
    """Where the memory of a process holds a text (or bytes): the name of what is mapped there, each time."""
    return [name for name, _, count in _found(pid, text) for _ in range(count)]


def locked_places_of(pid, text):
    """The same, of places that are neither swapped out nor dumped."""
    return [name for name, flags, count in _found(pid, text) for _ in range(count) if {"lo", "dd"} <= flags]


def words_in(pid, words):
    """Which of many byte strings it holds: (the string, the name of what is mapped there)."""
    return [(word, name) for name, _, content in _contents(pid) for word in words if word in content]


def _found(pid, text):
    """(name, flags, how often) of every mapping that holds it."""
    wanted = text if isinstance(text, bytes) else text.encode()
    counted = ((name, flags, content.count(wanted)) for name, flags, content in _contents(pid))
    return [one for one in counted if one[2]]


def _contents(pid):
    """(name, flags, content) of every mapping that can be read."""
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for begin, end, name, flags in _mappings(pid):
            try:
                memory.seek(begin)
                content = memory.read(end - begin)
            except OSError:
                continue  # what no reader may have
            yield name, flags, content


def _mappings(pid):
    """(begin, end, name, flags) of every mapping that can be read."""
    out, line = [], None
    with open(f"/proc/{pid}/smaps", encoding="utf-8") as smaps:
        for line in smaps:
            head = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)", line)
            if head:
                readable = "r" in head[3] and not head[4].startswith("[v")
                out.append([int(head[1], 16), int(head[2], 16), head[4] or "anonymous", set(), readable])
            elif line.startswith("VmFlags:"):
                out[-1][3] = set(line.split()[1:])
    return [tuple(one[:4]) for one in out if one[4]]
