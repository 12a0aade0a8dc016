#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The service with no system calls but those that its unit allows: it, its workers, plugins and what they run can do with them."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, file_tokens, sandbox, security_keys, stage, tokens, unit_filter  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.disks import mount_disk  # noqa: E402
from harness.hearth import PREFIX  # noqa: E402
from harness.service import HOMES, Service  # noqa: E402
from harness.token_homes import PIN, Card, TouchKey, call  # noqa: E402

USER, WORD, NEW = "kim", "Altes-Wort-1", "Neues-Wort-2"
UNIT = f"{PREFIX}/lib/systemd/system/hearthd.service"

suite = cases.Suite("unit filter")
sandbox.enter()
mount_disk("ext4", HOMES, "", ("-O", "encrypt", "-b", "4096"))
mount_disk("btrfs", "/mnt/btrfs")
service = Service()
service.hearth.bus = stage.ADDRESS
file_tokens.install()
security_keys.install()
tokens.set_up()
service.start(unit_filter.__file__, UNIT)


def homectl(*arguments, password=None, new=None, pin=None):
    """Runs homectl, which has all system calls."""
    return call(service.hearth, *arguments, password=password, new=new, pin=pin).succeeded(" ".join(arguments))


@suite.case("the filter is there, and lets nobody swap")
def _():
    with open(f"/proc/{service.process.pid}/status", encoding="ascii") as file:
        check("Seccomp:\t2\n" in file.read(), "the service has no filter")
    allowed = unit_filter.expanded(unit_filter.setting(UNIT, "SystemCallFilter"))
    equal({"mount", "clone3", "swapon"} & allowed, {"mount", "clone3"}, "what it allows")


for storage, options in (("directory", ()), ("fscrypt", ()), ("subvolume", ("--image-path=/mnt/btrfs/kim.homedir",))):
    @suite.case(f"{storage}: the life of a home")
    def _(storage=storage, options=options):
        homectl("create", USER, f"--storage={storage}", "--enforce-password-policy=no", "--rate-limit-burst=1000", *options, new=WORD)
        homectl("activate", USER, password=WORD)
        homectl("update", USER, "--real-name=Kim", password=WORD)
        homectl("passwd", USER, password=WORD, new=NEW)
        homectl("deactivate", USER)
        homectl("passwd", USER, password=NEW, new=WORD)
        homectl("with", USER, "--", "true", password=WORD)
        homectl("inspect", USER)
        homectl("remove", USER)


for name, make_token in (("a smart card", lambda: Card("one", "rsa:2048")), ("a security key", lambda: TouchKey("one"))):
    @suite.case(f"{name}: it is added, opens, and goes")
    def _(make_token=make_token):
        token = make_token()
        homectl("create", USER, "--storage=directory", "--enforce-password-policy=no", "--rate-limit-burst=1000", new=WORD)
        homectl("update", USER, token.option(), password=WORD, pin=PIN)
        homectl("activate", USER, pin=PIN)
        homectl("deactivate", USER)
        homectl("update", USER, f"--remove-token={token.kind}:1", password=WORD)
        homectl("remove", USER)


cases.main(suite)
