# SPDX-License-Identifier: LGPL-2.1-or-later
"""What lies in the memory of a process."""


def places_of(pid, text):
    """Where the memory of a process holds a text."""
    found = []
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, access, *_, name = line.rstrip("\n").split(" ", 5)
            if "r" not in access or name.strip().startswith("[v"):
                continue
            begin, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(begin)
                found += [name.strip() or "anonymous"] * memory.read(end - begin).count(text.encode())
            except OSError:
                continue  # what no reader may have
    return found
