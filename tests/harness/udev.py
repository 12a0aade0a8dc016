# SPDX-License-Identifier: LGPL-2.1-or-later
"""udevd in a guest that has none: the stock service waits for what it does with the nodes of mappings."""
import contextlib
import shutil
import subprocess

from harness.peer import unpacked, wait_for


@contextlib.contextmanager
def running(environment):
    """udevd runs inside this block, with the rules of its package. `environment`: finds its libraries."""
    root = unpacked()
    shutil.copytree(f"{root}/lib/udev", "/run/udev-rules", symlinks=True)
    shutil.copytree("/lib/udev/rules.d", "/run/udev-rules/rules.d", dirs_exist_ok=True)
    subprocess.run(["mount", "--bind", "/run/udev-rules", "/lib/udev"], check=True)
    with open("/run/udevd.log", "ab") as log, subprocess.Popen(["systemd-udevd"], executable=f"{root}/bin/udevadm",
                                                               env=environment, stdin=subprocess.DEVNULL, stdout=log,
                                                               stderr=log) as daemon:
        wait_for("/run/udev/control")
        try:
            yield
        finally:
            daemon.terminate()
