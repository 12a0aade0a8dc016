# SPDX-License-Identifier: LGPL-2.1-or-later
"""A TPM, emulated in a kernel that lets a program be one, with a key on it that its PKCS#11 module shows as a smart card."""
import contextlib
import glob
import os
import shutil
import subprocess
import time

from harness import cases, tokens
from harness.cases import check

MODULE = "libtpm2_pkcs11.so"
STORE = "/etc/tpm2_pkcs11"  # where the module looks first, also in a worker without an environment
SERIAL = "87654321"
PATIENCE = 30  # seconds until the kernel has made a device of it


@contextlib.contextmanager
def in_kernel(folder):
    """The emulator, whose state lies in the folder."""
    if subprocess.run(["modprobe", "-q", "tpm_vtpm_proxy"], check=False).returncode != 0:
        raise cases.Skip("this kernel lets no program be a TPM")
    os.makedirs(folder, mode=0o700)
    before = set(glob.glob("/dev/tpmrm*"))
    with subprocess.Popen(["swtpm", "chardev", "--tpm2", "--vtpm-proxy", "--tpmstate", f"dir={folder}", "--flags", "startup-clear"],
                          stdout=subprocess.DEVNULL) as program:
        try:
            end = time.monotonic() + PATIENCE
            while not set(glob.glob("/dev/tpmrm*")) - before:
                check(program.poll() is None and time.monotonic() < end, "the kernel makes no device of it")
                time.sleep(0.05)
            yield
        finally:
            program.terminate()
    shutil.rmtree(folder)


def make_token(pin):
    """Sets up a token with an RSA key in the TPM, as its owner would."""
    tokens.only_module("tpm2", MODULE)
    os.makedirs(STORE, mode=0o700)
    tool = ("pkcs11-tool", "--module", glob.glob(f"/usr/lib/*/pkcs11/{MODULE}")[0])
    owner = ("--token-label", "tpm", "--login")
    tokens.run(*tool, "--init-token", "--slot-index", "0", "--label", "tpm", "--so-pin", SERIAL)
    tokens.run(*tool, *owner, "--init-pin", "--so-pin", SERIAL, "--pin", pin)
    tokens.run(*tool, *owner, "--pin", pin, "--keypairgen", "--key-type", "rsa:2048", "--id", "01", "--label", "key", "--usage-decrypt")
