# SPDX-License-Identifier: LGPL-2.1-or-later
"""A strict reader of the text form of OpenMetrics 1.0, as far as counters, gauges, histograms and infos go."""
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)\Z")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|\Z)')
NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\+Inf)\Z")
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "info": ("_info",), "histogram": ("_bucket", "_count", "_sum")}


def _labels(text):
    found, at = {}, 0
    while at < len(text):
        match = LABEL.match(text, at)
        if not match or match[1] in found or (match[3] == "," and match.end() == len(text)):
            raise ValueError(f"labels: {text}")
        found[match[1]], at = match[2], match.end()
    return found


def parse(text):
    """(name, labels as sorted pairs) -> number. Raises ValueError for whatever the standard forbids."""
    if not text.endswith("\n# EOF\n") or "\n\n" in text:
        raise ValueError("it does not end with # EOF, or has an empty line")
    samples, types, family = {}, {}, None
    for line in text.splitlines()[:-1]:
        if line.startswith("#"):
            kind, name, rest = re.match(rf"# (TYPE|UNIT|HELP) ({NAME}) (.*)\Z", line).groups()
            if kind == "TYPE":
                if name in types or rest not in SUFFIXES:
                    raise ValueError(f"type: {line}")
                types[name], family = rest, name
            if name != family or (kind == "UNIT" and not name.endswith(f"_{rest}")) or (kind == "HELP" and not rest):
                raise ValueError(f"out of place: {line}")
            continue
        match = SAMPLE.match(line)
        if not match or family is None:
            raise ValueError(f"no sample: {line}")
        name, number = match[1], match[3]
        if name not in {family + suffix for suffix in SUFFIXES[types[family]]} or not NUMBER.match(number):
            raise ValueError(f"not of {family}: {line}")
        key = (name, tuple(sorted(_labels(match[2] or "").items())))
        if key in samples:
            raise ValueError(f"twice: {line}")
        samples[key] = float(number)
    _check_histograms(samples, types)
    return samples


def _check_histograms(samples, types):
    """Buckets grow, the last is all, and each histogram has its sum."""
    groups = {}
    for (name, labels), value in samples.items():
        family = name.removesuffix("_bucket")
        if types.get(family) == "histogram" and name != family:
            rest = tuple(pair for pair in labels if pair[0] != "le")
            groups.setdefault((family, rest), []).append((float(dict(labels)["le"].replace("+Inf", "inf")), value))
    for (family, rest), buckets in groups.items():
        bounds, counts = [bound for bound, _ in buckets], [count for _, count in buckets]
        whole = bounds[-1] == float("inf") and counts[-1] == samples[(f"{family}_count", rest)]
        if bounds != sorted(bounds) or counts != sorted(counts) or not whole or (f"{family}_sum", rest) not in samples:
            raise ValueError(f"histogram {family} {rest}: {buckets}")


def value(samples, name, **labels):
    """The number of a sample; 0 where there is none yet."""
    return samples.get((name, tuple(sorted(labels.items()))), 0)
