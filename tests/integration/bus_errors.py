#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every error that org.freedesktop.home1 knows by a name, brought about over the bus: clients tell failures apart by it."""
import contextlib
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, file_tokens, sandbox, stage  # noqa: E402
from harness.bus import BusError  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.hearth import Hearth  # noqa: E402
from harness.home_states import NEW, USER, WORD, Homes  # noqa: E402
from harness.many import Many  # noqa: E402
from harness.service import HOMES, MANAGER, ORACLE, STATE, Service, hashed, record, secret, short  # noqa: E402

IN_IMAGES = "only an image can do it: states_luks.py"
OUR_TOKENS = "its tokens are devices"
# What a token is told to do, what comes with the call, and the error.
TOKENS = {
    "TokenPinNeeded": ({"pin": "1"}, {}), "TokenPinLocked": ({"pin": "1", "tries": 0}, {"tokenPin": ["1"]}),
    "BadPin": ({"pin": "1", "tries": 8}, {"tokenPin": ["2"]}), "BadPinFewTriesLeft": ({"pin": "1", "tries": 3}, {"tokenPin": ["2"]}),
    "BadPinOneTryLeft": ({"pin": "1", "tries": 2}, {"tokenPin": ["2"]}), "TokenActionTimeout": ({"code": 56}, {}),
    "TokenProtectedAuthenticationPathNeeded": ({"wish": "path"}, {}), "TokenUserPresenceNeeded": ({"wish": "touch"}, {}),
    "TokenUserVerificationNeeded": ({"wish": "verify"}, {}),
}
# What is not brought about here, and why.
ELSEWHERE = {
    "BadHomeSize": IN_IMAGES, "HomeInUse": IN_IMAGES, "HomeLocked": IN_IMAGES,
    **{name: OUR_TOKENS for name in TOKENS if ORACLE},
}
# What systemd-homed 252 does not know, or what it says in other words.
NOT_252 = ("BadSignature", "HomeCantAuthenticate", "HomeNotReferenced", "LowPasswordQuality", "NoPrivateKey", "NoSuchKey", "RecordSigned",
           "UnrecognizedHomeFormat")
NAMES = """NoSuchHome UIDInUse UserNameExists HomeExists HomeAlreadyActive HomeAlreadyFixated HomeUnfixated HomeNotActive HomeAbsent
HomeBusy BadPassword BadRecoveryKey LowPasswordQuality BadPasswordAndNoToken TokenPinNeeded
TokenProtectedAuthenticationPathNeeded TokenUserPresenceNeeded TokenUserVerificationNeeded TokenActionTimeout TokenPinLocked BadPin
BadPinFewTriesLeft BadPinOneTryLeft BadSignature RecordMismatch RecordDowngrade RecordSigned BadHomeSize NoPrivateKey HomeLocked
HomeNotLocked NoDiskSpace TooManyOperations AuthenticationLimitHit HomeCantAuthenticate HomeInUse RebalanceNotNeeded
HomeNotReferenced NoSuchKey UnrecognizedHomeFormat""".split()
IN_STATES = {  # state of the home, operation
    "HomeExists": ("inactive", "Realize"), "HomeAlreadyActive": ("active", "Activate"),
    "HomeAlreadyFixated": ("inactive", "Fixate"), "HomeUnfixated": ("unfixated", "Update"),
    "HomeNotActive": ("inactive", "Deactivate"), "HomeAbsent": ("absent", "Activate"), "HomeBusy": ("active", "Remove"),
    "HomeNotLocked": ("active", "Unlock"), "UserNameExists": ("inactive", "Create"),
    "HomeNotReferenced": ("inactive", "ActivateIfReferenced"),
}

suite = cases.Suite("bus errors")
sandbox.enter()
os.mkdir(HOMES)
subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755,size=16m", "homes", HOMES], check=True)
service = Service()
if not ORACLE:
    file_tokens.install()
service.start()
homes = Homes(service)
reached = set(ELSEWHERE) | (set(NOT_252) if ORACLE else set())


def reaches(name):
    """Decorator: the function brings the error about, and gives the name of the one that came."""
    def add(function):
        def run():
            try:
                equal(function(), name, "the error")
            finally:
                homes.clear()
        reached.add(name)
        if name not in ELSEWHERE and not (ORACLE and name in NOT_252):
            suite.case(name)(run)
        return function
    return add


def in_state(state, operation):
    """The error of an operation on a home in a state."""
    homes.enter(state)
    return homes.ask(operation)[0]


for error, (before, asked) in IN_STATES.items():
    reaches(error)(lambda before=before, asked=asked: in_state(before, asked))


@reaches("NoSuchHome")
def _():
    return service.error("ActivateHome", "ss", "nobody-here", secret(WORD))


@reaches("UIDInUse")
def _():
    homes.enter("inactive")
    return service.error("CreateHome", "s", record("noor", WORD, uid=service.hearth.uid(USER), gid=service.hearth.uid(USER)))


@reaches("BadPassword")
def _():
    homes.enter("inactive")
    for words in ((), (NEW,)):
        equal(service.error("ActivateHome", "ss", USER, secret(*words)), "BadPassword", f"with {len(words)} passwords")
    return service.error("AcquireHome", "ssb", USER, secret(NEW), False)


@reaches("BadRecoveryKey")
def _():
    key = "-".join(["cbdefghi"] * 8)
    homes.enter("inactive")
    service.call("UpdateHome", "s", homes.changed(recoveryKeyType=["modhex64"], privileged={
        "recoveryKey": [{"type": "modhex64", "hashedPassword": hashed(key)}]}))
    equal(service.error("AuthenticateHome", "ss", USER, secret(key)), "ok", "with the key")
    return service.error("AuthenticateHome", "ss", USER, secret(WORD))


@reaches("LowPasswordQuality")
def _():
    return service.error("CreateHome", "s", record(USER, "abc", enforcePasswordPolicy=True))


@reaches("BadPasswordAndNoToken")
def _():
    uri = "pkcs11:token=nowhere"
    word = hashed("what the token would say")
    homes.enter("inactive")
    service.call("UpdateHome", "s", homes.changed(pkcs11TokenUri=[uri], privileged={
        "hashedPassword": [hashed(WORD)], "pkcs11EncryptedKey": [{"uri": uri, "data": "aGVhcnRo", "hashedPassword": word}]}))
    return service.error("AuthenticateHome", "ss", USER, secret(NEW))


def with_token(how, more):
    """The error of a home that a token opens as well, which behaves like this."""
    homes.enter("inactive")
    token = file_tokens.Token("one", **how)
    service.call("UpdateHome", "s", homes.changed(privileged={
        "hashedPassword": [hashed(WORD)],
        "fileToken": [{"id": token.name, "salt": "0" * 32, "hashedPassword": hashed("what it says")}]}))
    try:
        return service.error("AuthenticateHome", "ss", USER, secret(**more))
    finally:
        token.unplug()


for error, (how_it_is, given) in TOKENS.items():
    reaches(error)(lambda how_it_is=how_it_is, given=given: with_token(how_it_is, given))


def elsewhere(user):
    """A record that another machine signed, and that machine."""
    other = Hearth("/mnt/other")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{other.state}/{user}.identity")
        shutil.rmtree(f"{other.homes}/{user}.homedir")
    other.create(user, WORD)
    return other, {key: value for key, value in other.record(user).items() if key not in ("binding", "status")}


@reaches("BadSignature")
def _():
    _other, signed = elsewhere(USER)
    equal(service.error("RegisterHome", "s", json.dumps(signed)), "BadSignature", "of a stranger")
    homes.enter("inactive")
    forged = json.loads(homes.changed()) | {"signature": signed["signature"]}
    return service.error("UpdateHome", "s", json.dumps(forged))


@reaches("RecordSigned")
def _():
    other, signed = elsewhere(USER)
    shutil.copy(f"{other.state}/local.public", f"{STATE}/other.public")
    try:
        service.stop()
        service.start()
        service.call("RegisterHome", "s", json.dumps(signed))
        shutil.copytree(f"{other.homes}/{USER}.homedir", homes.image, symlinks=True)
        return service.error("UpdateHome", "s", homes.changed())
    finally:
        homes.clear()
        os.unlink(f"{STATE}/other.public")


@reaches("RecordMismatch")
def _():
    homes.enter("inactive")
    newer = json.loads(homes.changed())
    service.call("UpdateHome", "s", json.dumps(newer))
    return service.error("UpdateHome", "s", json.dumps(newer | {"realName": "Another"}))  # of the same time


@reaches("RecordDowngrade")
def _():
    homes.enter("inactive")
    return service.error("UpdateHome", "s", homes.changed(lastChangeUSec=1))


@reaches("NoPrivateKey")
def _():
    """A key that is none keeps homes from being made, and is left as it is."""
    homes.enter("inactive")
    key = f"{STATE}/local.private"
    os.rename(key, f"{key}.aside")
    os.rename(f"{STATE}/local.public", f"{STATE}/local.public.aside")
    service.stop()
    os.mkdir(key)
    service.start()
    try:
        return service.error("CreateHome", "s", record("noor", WORD))
    finally:
        service.stop()
        os.rmdir(key)
        for name in ("local.private", "local.public"):
            os.rename(f"{STATE}/{name}.aside", f"{STATE}/{name}")
        service.start()


@reaches("NoDiskSpace")
def _():
    homes.enter("inactive")
    with open(f"{HOMES}/full", "wb") as file, contextlib.suppress(OSError):
        while file.write(bytes(1 << 16)):
            file.flush()
    try:
        return service.error("CreateHome", "s", record("noor", WORD))
    finally:
        os.unlink(f"{HOMES}/full")


@reaches("TooManyOperations")
def _():
    homes.enter("inactive")
    many = Many()
    with service.held():
        for _ in range(110):
            many.post(MANAGER, "AcquireHome", "ssb", USER, secret(WORD), False)
        stage.wait_until(lambda: many.poll() >= 5, "no call is answered")
    for answer in many.wait(110, 60).values():
        if isinstance(answer, list):
            os.close(answer[0])
    found = many.names()
    many.close()
    check(found.get("ok", 0) >= 100, f"{found}")
    return next(short(name) for name in found if name != "ok")


@reaches("AuthenticationLimitHit")
def _():
    service.create(USER, WORD, rateLimitBurst=3, rateLimitIntervalUSec=3600 * 10**6)
    found = [service.error("AuthenticateHome", "ss", USER, secret(NEW)) for _ in range(5)]
    equal(found[0], "BadPassword", "at first")
    return service.error("ActivateHome", "ss", USER, secret(WORD))


@reaches("HomeCantAuthenticate")
def _():
    homes.enter("inactive")
    os.rename(homes.image, f"{homes.image}.aside")
    service.call("UnregisterHome", "s", USER)
    bare = json.loads(record(USER, WORD))
    del bare["privileged"], bare["secret"]
    service.call("RegisterHome", "s", json.dumps(bare))
    os.rename(f"{homes.image}.aside", homes.image)
    return service.error("AuthenticateHome", "ss", USER, secret(WORD))


@reaches("RebalanceNotNeeded")
def _():
    return service.error("Rebalance")


@reaches("NoSuchKey")
def _():
    return service.error("GetSigningKey", "s", "nowhere.public")


@reaches("UnrecognizedHomeFormat")
def _():
    return service.error("AdoptHome", "st", f"{HOMES}/strange.tar", 0)


@suite.case("every name is tried, or there is a reason")
def _():
    equal(sorted(set(NAMES) - reached), [], "names that are not")
    equal(sorted(reached - set(NAMES)), [], "names that do not exist")
    for name, reason in sorted(ELSEWHERE.items()):
        print(f"     | not here: {name}: {reason}", flush=True)


@suite.case("a failure says what happened, why, and what to do")
def _():
    homes.enter("inactive")
    try:
        service.call("LockHome", "s", USER)
    except BusError as failure:
        check(USER in failure.message and len(failure.message.split()) > 3, failure.message)
    homes.clear()


cases.main(suite)
