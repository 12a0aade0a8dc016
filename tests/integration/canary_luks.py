#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets of homes in encrypted images are seen nowhere after each operation, the key of the volume among them; see the suite
canary, which also shows that the search finds what is there."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox  # noqa: E402
from harness.canaries import PIN, USER, Canaries  # noqa: E402
from harness.cases import equal  # noqa: E402
from harness.images import CHEAP, SMALL, part_of  # noqa: E402
from harness.service import HOMES  # noqa: E402
from harness.token_homes import Card, TouchKey  # noqa: E402

KEY_SIZE = 32  # bytes of a volume key for aes-xts-plain64 with 256 bits

suite = cases.Suite("canary luks")
sandbox.enter()
birds = Canaries()


def learn_volume_key():
    """As the header gives it to whoever knows the password."""
    word = birds.words["the password"][-1]
    with part_of(f"{HOMES}/{USER}.home") as part:
        subprocess.run(["cryptsetup", "luksDump", "--batch-mode", "--dump-volume-key", "--volume-key-file=/mnt/volume-key",
                        "--key-file=-", part], input=word, stdout=subprocess.DEVNULL, check=True)
    with open("/mnt/volume-key", "rb") as file:
        key = file.read()
    os.unlink("/mnt/volume-key")
    equal(len(key), KEY_SIZE, "bytes of the volume key")
    birds.learn("the volume key", key, key.hex().encode())


@suite.case("an encrypted image, a security key: homectl, and whatever it does with a home")
def _():
    key = TouchKey("one").set(pin=PIN)
    birds.life("luks", key, *SMALL, *CHEAP, made=learn_volume_key)
    key.pull_out()


@suite.case("an encrypted image, a smart card: the same")
def _():
    card = Card("one", "rsa:2048", PIN)
    birds.life("luks", card, *SMALL, *CHEAP, made=learn_volume_key)
    card.remove()


cases.main(suite)
