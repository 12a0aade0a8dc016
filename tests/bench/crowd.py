# SPDX-License-Identifier: LGPL-2.1-or-later
"""Thousands of user records as the machine itself would have signed them, made in a few seconds."""
import base64
import copy
import ctypes
import ctypes.util
import json
import os

PILOTS = (1, 4, 7)
_FIRST_UID = 200000
_UNSIGNED = ("binding", "status", "signature", "secret")
_KEY = "ssh-ed25519 " + "A" * 360 + " somebody@elsewhere"


class Signer:
    """The key pair of a state folder."""

    def __init__(self, state):
        self.sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
        with open(f"{state}/local.private", encoding="ascii") as file:
            seed = base64.b64decode("".join(file.read().split("\n")[1:-2]))[-32:]  # PKCS #8 ends with it
        with open(f"{state}/local.public", encoding="ascii") as file:
            self.pem = file.read()
        public, self.secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
        self.sodium.crypto_sign_seed_keypair(public, self.secret, seed)

    def sign(self, record):
        """Puts our signature in the place of any other."""
        text = canonical({name: value for name, value in record.items() if name not in _UNSIGNED}).encode()
        signature = ctypes.create_string_buffer(64)
        self.sodium.crypto_sign_detached(signature, None, text, ctypes.c_ulonglong(len(text)), self.secret)
        record["signature"] = [{"data": base64.b64encode(signature.raw).decode(), "key": self.pem}]


def canonical(value):
    """JSON as it is signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fill(state, machine, like, count, homes=None):
    """Writes `count` records bench0, bench1, ... of about 3.5 kB, with the fields of `like`; `homes`: and a folder for each.

    All are in the groups audio and video, and PILOTS in one that does not grow with the crowd.
    """
    signer = Signer(state)
    for number in range(count):
        record, user = copy.deepcopy(like), f"bench{number}"
        groups = ["audio", "video", "pilots"] if number in PILOTS else ["audio", "video"]
        record.update(userName=user, realName=f"Bench Mark {number}", memberOf=groups, emailAddress=f"{user}@example.org",
                      location="The second room on the left", environment=[f"VARIABLE_{i}={'x' * 40}" for i in range(8)])
        record["privileged"]["sshAuthorizedKeys"] = [_KEY, _KEY]
        record["binding"][machine].update(uid=_FIRST_UID + number, gid=_FIRST_UID + number, homeDirectory=f"/home/{user}",
                                          imagePath=f"/home/{user}.homedir")
        signer.sign(record)
        with open(f"{state}/{user}.identity", "w", encoding="utf-8", opener=_private) as file:
            json.dump(record, file, indent="\t", sort_keys=True)
        if homes:
            os.mkdir(f"{homes}/{user}.homedir")


def _private(path, flags):
    return os.open(path, flags, 0o600)
