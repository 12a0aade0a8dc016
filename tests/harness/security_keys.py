# SPDX-License-Identifier: LGPL-2.1-or-later
"""Security keys in software, each in a file of its own: whoever has the file plugs the key in, touches it, or pulls it out.
They are behind a plugin that is built with them for tests; the installed one knows of no such keys."""
import contextlib
import fcntl
import glob
import json
import os
import shutil
import subprocess
import time

from harness import sandbox
from harness.cases import check, equal
from harness.hearth import PREFIX

BUILD = os.environ.get("HEARTH_BUILD", "")
CLIENT = f"{BUILD}/tests/integration/token-client"
STORE = f"{sandbox.WORK}/security-keys"
USUAL_STORE = "/run/hearth-test-fido2"  # of programs that are not told another
PLUGINS = f"{sandbox.WORK}/plugins-with-keys"
PATIENCE = 60  # seconds, for guests that are slow
PLUGIN = f"{PLUGINS}/auth-fido2.so"
PRESENCE, VERIFICATION = 1, 2  # HEARTH_PERMIT_*
WITH_PIN, WITH_PRESENCE, WITH_VERIFICATION, PIN_REQUIRED = 1, 2, 4, 8  # HEARTH_ENROLL_*


def set_up():
    """Once in a sandbox: a place for keys, and the plugin that finds them there."""
    os.mkdir(STORE, 0o700)
    os.mkdir(PLUGINS, 0o755)
    shutil.copyfile(f"{BUILD}/tests/fido2/auth-fido2-virtual.so", PLUGIN)
    os.chmod(PLUGIN, 0o755)


def install():
    """After file_tokens.install(): its copy of the installation gets the plugin for tests, and the keys are where that looks."""
    for path in glob.glob(f"{PREFIX}/**/builtin-0/auth-fido2.so", recursive=True):
        shutil.copyfile(f"{BUILD}/tests/fido2/auth-fido2-virtual.so", path)
    os.mkdir(USUAL_STORE)
    os.chmod(USUAL_STORE, 0o777)
    Key.folder = USUAL_STORE


def remove_all():
    """Pulls out every key."""
    for name in os.listdir(Key.folder):
        os.unlink(f"{Key.folder}/{name}")


class Key:
    """A key that has just been plugged in; `state` as tests/fido2/state.cpp has it."""
    folder = STORE

    def __init__(self, name, **state):
        self.name, self.path = name, f"{self.folder}/{name}.json"
        self.write({"product": name, **state})
        os.chmod(self.path, 0o666)

    def write(self, state):
        """What it is, whatever it was."""
        with open(self.path, "w", encoding="ascii") as file:
            json.dump(state, file)

    @contextlib.contextmanager
    def held(self):
        """The file of its state, while the key itself, which may be in use, does not change it."""
        with open(self.path, "r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def state(self):
        """What it is and remembers."""
        with self.held() as file:
            return json.load(file)

    def set(self, **values):
        """Does something to it, as its owner would."""
        with self.held() as file:
            state = {**json.load(file), **values}
            file.seek(0)
            file.truncate()
            json.dump(state, file)
        return self

    def will(self, at, action, **more):
        """What it does in the place of its duty the next time; see Step."""
        return self.set(script=self.state().get("script", []) + [{"at": at, "action": action, **more}])

    def seen(self, word):
        """How often it did that since the last look at all."""
        return self.state().get("seen", []).count(word)

    def forget(self):
        """Begins to count anew."""
        return self.set(seen=[])

    def pull_out(self):
        os.rename(self.path, f"{self.path}.out")

    def plug_in(self):
        """Again, after it was pulled out: what ends with its power has ended."""
        os.rename(f"{self.path}.out", self.path)
        return self.set(wrongInRow=0)


def ask(*words, pins=(), permit=PRESENCE | VERIFICATION, flags=0, record=None, cancel_after=None, plugins=PLUGINS):
    """What the plugin answers to core: {"devices"}, {"entry", "secret"}, {"which", "secret"} or {"error", "why"}."""
    options = [f"--pin={pin}" for pin in pins] + [f"--permit={permit}", f"--flags={flags}"]
    options += [f"--record={json.dumps(record)}"] if record else []
    options += [f"--cancel-after={cancel_after}"] if cancel_after is not None else []
    done = subprocess.run([CLIENT, plugins, "fido2", *options, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, env={**os.environ, "HEARTH_TEST_FIDO2": Key.folder})
    check(done.returncode == 0, f"{words}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def enroll(key, flags=WITH_PRESENCE, **more):
    """Enrolls a key; returns its entry as JSON text, and the secret. Afterwards the key counts anew."""
    made = ask("enroll", key.path, flags=flags, **more)
    check("entry" in made, f"enrolling {key.path}: {made}")
    key.forget()
    return json.dumps(made["entry"]), made["secret"]


def acquire(*entries, **more):
    """Asks for the secret of one of the entries."""
    return ask("acquire", *entries, **more)


@contextlib.contextmanager
def in_kernel(key):
    """The key is a device of a kernel that has uhid, as one in a USB port would be; gives its path."""
    for module in ("uhid", "hid-generic"):
        subprocess.run(["modprobe", "-q", module], check=False)
    before = set(glob.glob("/dev/hidraw*"))
    with subprocess.Popen([f"{BUILD}/tests/fido2/uhid-key", key.path], stdout=subprocess.PIPE, text=True) as program:
        try:
            equal(program.stdout.readline(), "ready\n", "what uhid-key says")
            end = time.monotonic() + PATIENCE
            while not (new := set(glob.glob("/dev/hidraw*")) - before):
                check(time.monotonic() < end, "the kernel makes no device of it")
                time.sleep(0.05)
            yield new.pop()
        finally:
            program.terminate()
