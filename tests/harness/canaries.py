# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets that are searched for after everything that is done with them: in the memory of every process that outlives it, in what
/proc tells of it, in the logs, the journal and all files. What is not in the memory of a process is in no core dump of it."""
import base64
import contextlib
import json
import os

from harness import beast, file_tokens, sandbox, security_keys, stage, tokens
from harness.cases import check, equal
from harness.disks import mount_disk
from harness.hearth import PREFIX
from harness.journal import Journal
from harness.memory import words_in
from harness.service import HOMES, Service
from harness.token_homes import call

USER = "kim"
PIN = f"4711-{int.from_bytes(os.urandom(4), 'big'):010}"  # new each time: copies of this file may lie where it is searched for
KEY_FILE = "/mnt/recovery-key"
BUILT_IN = f"{PREFIX}/lib/hearth/builtin-0"
STORED = ("/run", "/var/lib/systemd/home", "/tmp", HOMES)
HEADER = 17 << 20  # bytes of an image that are not encrypted
ENTRIES = {"fido2": "fido2HmacSalt", "pkcs11": "pkcs11EncryptedKey"}


class Canaries:
    """A machine with a service and all kinds of tokens, and the secrets that were used on it; after sandbox.enter()."""

    def __init__(self, *features):
        """The homes lie on an ext4 that is made with these options."""
        mount_disk("ext4", HOMES, "", features)
        self.service = Service()
        self.service.hearth.bus = stage.ADDRESS
        beast.install()
        file_tokens.install()
        security_keys.install()
        tokens.set_up()
        self.journal = Journal().__enter__()
        self.service.start()
        self.words = {"the PIN": [PIN.encode()]}

    def homectl(self, *arguments, password=None, new=None, pin=None):
        """Runs homectl, which hands its secrets over to the service."""
        return call(self.service.hearth, *arguments, password=password, new=new, pin=pin)

    def fresh(self, name):
        """A password that nobody has used before; from now on it is searched for."""
        word = f"Kanarie-{name}-{os.urandom(6).hex()}"
        self.learn(name, word.encode())
        return word

    def learn(self, name, *forms):
        """From now on these bytes are searched for."""
        self.words.setdefault(name, []).extend(forms)

    def learn_key(self):
        """The same of the recovery key, as it is written down and without its dashes."""
        with open(KEY_FILE, encoding="ascii") as file:
            key = file.read().strip()
        os.unlink(KEY_FILE)
        self.learn("the recovery key", key.encode(), key.replace("-", "").encode())
        return key

    def learn_token(self, token):
        """The same of what the token gives, raw and as text."""
        with open(f"/var/lib/systemd/home/{USER}.identity", encoding="utf-8") as file:
            privileged = json.load(file)["privileged"]
        raw = file_token_secret(token, privileged) if token.kind == file_tokens.KIND else given_secret(token.kind, privileged)
        check(len(raw) >= 32, f"a secret of {len(raw)} bytes")
        self.learn("the secret of the token", raw, base64.b64encode(raw))

    def search(self, what, with_bus=True):
        """Fails the case if any secret is found anywhere."""
        names = {word: name for name, several in self.words.items() for word in several}

        def look(place, content):
            equal([name for word, name in names.items() if word in content], [], f"{what}: {place}")

        for pid, line in processes(with_bus).items():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # one that ends meanwhile did not outlive it
                look(f"/proc/{pid} of {line}", of_process(pid))
                equal([(names[word], place) for word, place in words_in(pid, names)], [], f"{what}: the memory of {line}")
        for path in files():
            with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:  # somebody else's, which are gone again
                look(path, file.read(HEADER if path.endswith(".home") else -1))
        told = json.dumps(self.journal.entries()).encode()
        check(b"HEARTH_OPERATION" in told, "the journal was not told anything")
        look("the journal", told)

    def do(self, *arguments, **secrets):
        """An operation that works, and a search."""
        self.homectl(*arguments, **secrets).succeeded(" ".join(arguments))
        self.search(arguments[0])

    def refuse(self, *arguments, **secrets):
        """One that is refused, and a search."""
        check(self.homectl(*arguments, **secrets).status != 0, f"{arguments} worked")
        self.search(f"{arguments[0]}, refused")

    def life(self, storage, token, *options, made=lambda: None):
        """All operations of a home that take a secret, by homectl; `made` is called when there is the home."""
        word, new, last = self.fresh("the password"), self.fresh("the new password"), self.fresh("another password")
        self.do("create", USER, f"--storage={storage}", "--enforce-password-policy=no", "--rate-limit-burst=100000", *options, new=word)
        made()
        self.do("update", USER, token.option(), password=word, pin=PIN)
        self.learn_token(token)
        self.homectl("update", USER, "--recovery-key=yes", f"--recovery-key-file={KEY_FILE}", password=word).succeeded("recovery key")
        key = self.learn_key()
        self.search("update")
        self.do("authenticate", USER, password=word)
        self.do("authenticate", USER, pin=PIN)
        self.do("authenticate", USER, password=key)
        self.refuse("authenticate", USER, password=self.fresh("a wrong password"))
        self.refuse("activate", USER, pin="00000000")
        self.do("activate", USER, pin=PIN)
        self.do("passwd", USER, password=word, new=new)
        self.do("update", USER, "--location=Barn", password=new)
        self.do("deactivate", USER)
        self.do("passwd", USER, password=key, new=last)
        self.do("with", USER, "--", "true", password=key)
        self.do("update", USER, f"--remove-token={token.kind}:1", "--recovery-key=no", password=last)
        self.do("remove", USER)


def file_token_secret(token, privileged):
    """Made as the plugin makes it."""
    total, raw = 1469598103934665603, bytearray()
    for _ in range(32):
        for byte in (privileged["fileToken"][0]["salt"] + token.line[0]).encode():
            total = (total ^ byte) * 1099511628211 % (1 << 64)
        raw.append(total >> 32 & 255)
    return bytes(raw)


def given_secret(kind, privileged):
    """What the plugin gives another host."""
    ask = {"fido2": lambda entry: security_keys.ask("acquire", entry, pins=[PIN], plugins=BUILT_IN),
           "pkcs11": lambda entry: tokens.acquire(entry, pins=[PIN])}[kind]
    return bytes.fromhex(ask(json.dumps(privileged[ENTRIES[kind]][0]))["secret"])


def processes(with_bus):
    """Who outlives an operation. Secrets of clients that are not ours travel on the bus, so its daemon has had them."""
    return {pid: line for pid, line in sandbox.processes().items() if with_bus or "dbus-daemon" not in line}


def of_process(pid):
    """What /proc tells of a process, for a search beside its memory."""
    texts = []
    for name in ("cmdline", "environ", "comm", "stack", "wchan"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                texts.append(file.read())
        except OSError:
            continue
    return b"\n".join(texts)


def files():
    """Every file that something could have been written to, of tokens none."""
    for top in STORED:
        for path, _, names in os.walk(top):
            if path.startswith((file_tokens.FOLDER, security_keys.USUAL_STORE, "/mnt")):
                continue
            for name in names:
                if os.path.isfile(f"{path}/{name}") and not os.path.islink(f"{path}/{name}"):
                    yield f"{path}/{name}"
