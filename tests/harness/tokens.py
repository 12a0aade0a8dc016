# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tokens of SoftHSM, with keys on them. They and their configuration exist in the suite's own mount namespace only, where
every program finds them as it would find a smart card: nothing that is tested knows of them."""
import json
import os
import shutil
import subprocess

from harness import sandbox
from harness.cases import check
from harness.hearth import PREFIX

DRIVER = "/usr/lib/softhsm/libsofthsm2.so"
MODULES = "/usr/share/p11-kit/modules"
CONFIGURATION = "/etc/softhsm"
STORE = f"{sandbox.WORK}/tokens"
BUILT_IN = f"{PREFIX}/lib/hearth/builtin-0"
CLIENT = f"{os.environ.get('HEARTH_BUILD', '')}/tests/integration/token-client"


def mount_empty(folder):
    """Nothing is in the folder any more, and it can be written to."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "hearth-test", folder], check=True)


def only_module(name, driver):
    """p11-kit knows this module, and no other."""
    mount_empty(MODULES)
    with open(f"{MODULES}/{name}.module", "w", encoding="ascii") as file:
        file.write(f"module: {driver}\n")


def set_up():
    """Mounts the configuration of p11-kit and of SoftHSM, once in a sandbox, and begins without tokens."""
    only_module("softhsm2", DRIVER)
    mount_empty(CONFIGURATION)
    os.mkdir(STORE, 0o700)
    with open(f"{CONFIGURATION}/softhsm2.conf", "w", encoding="ascii") as file:
        file.write(f"directories.tokendir = {STORE}\nobjectstore.backend = file\nlog.level = ERROR\n")


def run(*command):
    """Runs a program that has to succeed; returns its output."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


class Token:
    """A token that has been set up."""

    def __init__(self, label, pin="123456"):
        self.label, self.pin, self.uri = label, pin, f"pkcs11:token={label}"
        run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "87654321")

    def tool(self, *arguments):
        """Does something to the token as its owner."""
        return run("pkcs11-tool", "--module", DRIVER, "--token-label", self.label, "--login", "--pin", self.pin, *arguments)

    def make_key(self, kind, name="key", number="01"):
        """Has the token make a key: "rsa:2048", "EC:secp384r1"."""
        use = "--usage-decrypt" if kind.startswith("rsa") else "--usage-derive"
        self.tool("--keypairgen", "--key-type", kind, "--id", number, "--label", name, use)
        return self

    def import_certificate(self, kind, name="key", number="01"):
        """Puts a key and its certificate on the token, and no bare public key."""
        files = {part: f"{sandbox.WORK}/{self.label}.{part}" for part in ("pem", "key", "crt")}
        run("openssl", "req", "-x509", "-nodes", "-newkey", *kind, "-keyout", files["pem"], "-outform", "DER", "-out", files["crt"],
            "-subj", "/CN=anna", "-days", "1")
        run("openssl", "pkey", "-in", files["pem"], "-outform", "DER", "-out", files["key"])
        use = "--usage-decrypt" if kind[0].startswith("rsa") else "--usage-derive"
        self.tool("--write-object", files["key"], "--type", "privkey", "--id", number, "--label", name, use)
        self.tool("--write-object", files["crt"], "--type", "cert", "--id", number, "--label", name)
        return self

    def remove(self):
        """Pulls it out, for good."""
        run("softhsm2-util", "--delete-token", "--token", self.label)


def remove_all():
    """Pulls out every token, also those with one name."""
    for name in os.listdir(STORE):
        shutil.rmtree(f"{STORE}/{name}")


def ask(*words, pins=(), there=False):
    """What the installed plugin answers to core: {"devices"}, {"entry", "secret"}, {"which", "secret"} or {"error", "why"}."""
    options = [f"--pin={pin}" for pin in pins] + (["--there"] if there else [])
    return json.loads(run(CLIENT, BUILT_IN, "pkcs11", *options, *words))


def enroll(uri, *pins):
    """Enrolls a token; returns its entry as JSON text, and the secret."""
    made = ask("enroll", uri, pins=pins)
    check("entry" in made, f"enrolling {uri}: {made}")
    return json.dumps(made["entry"]), made["secret"]


def acquire(*entries, pins=(), there=False):
    """Asks for the secret of one of the entries."""
    return ask("acquire", *entries, pins=pins, there=there)
