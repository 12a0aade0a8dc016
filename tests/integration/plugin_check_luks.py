#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""hearth-plugin-check over encrypted images, with the cheapest keys, and every HEARTH_CHECK_EVERY-th point to fail or to die at."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, images, sandbox  # noqa: E402
from harness.cases import equal  # noqa: E402
from harness.checker import BUILD, passes  # noqa: E402
from harness.disks import disk  # noqa: E402

RECORD = ('{"userName":"checked","diskSize":54525952,"fileSystemType":"ext4","luksPbkdfType":"pbkdf2",'
          '"luksPbkdfForceIterations":1000}')

suite = cases.Suite("plugin-check, luks")
sandbox.enter()
os.environ["TMPDIR"] = sandbox.WORK


@suite.case("luks passes, and nothing is left behind")
def _():
    with open("/mnt/record.json", "w", encoding="ascii") as record:
        record.write(RECORD)
    subprocess.run(["modprobe", "-a", "loop", "dm-crypt"], check=True)
    with disk("ext4", "/mnt/ext4") as place:
        passes(f"{BUILD}/plugins/luks/luks.so", f"--place={place}", "--may-fill", f"--record={record.name}", "--deadline=600",
               f"--every={os.environ.get('HEARTH_CHECK_EVERY', '13')}", limit=int(os.environ.get("HEARTH_TEST_LIMIT", "1100")))
    equal(images.mappings(), [], "mappings")


cases.main(suite)
