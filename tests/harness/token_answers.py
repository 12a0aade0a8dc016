# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a plugin for tokens answers to core (tests/integration/token_client.cpp), and cases about it."""
import ctypes

from harness.cases import check, equal

CRYPT = ctypes.CDLL("libcrypt.so.1").crypt
CRYPT.restype = ctypes.c_char_p


def each_begins(suite, clear):
    """A decorator, with a title, for cases before which everything is pulled out."""
    def titled(title):
        def add(function):
            @suite.case(title)
            def _():
                clear()
                function()
        return add
    return titled


def fails(answer, error, why):
    """The answer is this error, with that reason in the log."""
    equal(answer.get("error"), error, f"error of {answer}")
    check(why in answer["why"], f"{why!r} is not said: {answer}")


def finder(acquire):
    """A check that the token gives the secret of an entry again."""
    def is_found(entry, secret, **options):
        equal(acquire(entry, **options), {"which": 0, "secret": secret}, "what the token gives")
    return is_found


def has_hash(password, wanted, what):
    """The bytes are what this hash in a record was made of."""
    equal(CRYPT(password, wanted), wanted, f"{what}: hash of what the token gives")
