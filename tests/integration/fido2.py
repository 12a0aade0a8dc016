#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Security keys: the plugin enrolls them and gets the same secret back, with one touch and no try of a PIN too many, and
says what is missing or wrong. The keys are in software, and do whatever a case wants of them."""
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, security_keys  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.checker import passes  # noqa: E402
from harness.hearth import PREFIX  # noqa: E402
from harness.security_keys import PIN_REQUIRED, PRESENCE, VERIFICATION, WITH_PIN, WITH_PRESENCE, WITH_VERIFICATION  # noqa: E402
from harness.security_keys import Key, acquire, ask, enroll  # noqa: E402
from harness.token_answers import each_begins, fails, finder, has_hash  # noqa: E402

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "fido2")
SHIPPED = f"{PREFIX}/lib/hearth/builtin-0/auth-fido2.so"
PIN = "123456"
NO_CREDENTIALS, UP_REQUIRED, OTHER = 0x2E, 0x3B, 0x7F

suite = cases.Suite("fido2")
sandbox.enter()
security_keys.set_up()
case = each_begins(suite, security_keys.remove_all)
is_found = finder(acquire)


def ways(entry):
    """(touch, recognized, PIN) as an entry has them."""
    return tuple(json.loads(entry)[name] for name in ("up", "uv", "clientPin"))


@case("the installed plugin has nothing of the keys for tests")
def _():
    with open(SHIPPED, "rb") as file:
        binary = file.read()
    for word in (b"HEARTH_TEST", b"hearth-test", b"irtual token", b"virtual_source"):
        check(word not in binary, f"{word} is in {SHIPPED}")
    symbols = subprocess.run(["nm", "-D", "--undefined-only", SHIPPED], capture_output=True, text=True, check=True).stdout
    check("fido_dev_info_manifest" in symbols, "it looks for no real keys")
    check(not re.search("fido_dev_info_set|set_io_functions|set_transport_functions|getenv", symbols), "it can be given others")


@case("without a key, none is listed, and none opens anything")
def _():
    equal(ask("list"), {"devices": []}, "devices")
    fails(ask("enroll", "/dev/hidraw9", flags=WITH_PRESENCE), "auth-need-token", "no security key is at /dev/hidraw9")
    entry = json.dumps({"credential": "AAE=", "salt": base64.b64encode(bytes(32)).decode("ascii")})
    fails(acquire(entry), "auth-need-token", "no security key is plugged in")


@case("keys are listed with what they can do; those without secrets are not")
def _():
    Key("plain", hasPresence=False)
    Key("pin", pin=PIN)
    Key("sensor", hasSensor=True)
    Key("old", hasSecrets=False)
    found = {one["label"]: one["features"] for one in ask("list")["devices"]}
    equal(found, {"plain": 0, "pin": 3, "sensor": 6}, "features")


def add_kind(title, state, flags, expected, pins=()):
    """A case for one way of using a key, with both protocols and both versions of CTAP."""
    @case(f"{title}: enrolled, it opens, with one touch at most, and gives every entry another secret")
    def _():
        for modern, protocol in ((True, 2), (True, 1), (False, 1)):
            key = Key(f"key{protocol}{modern}", isModern=modern, protocols=[protocol], **state)
            entry, secret = enroll(key, flags, pins=pins)
            equal(ways(entry), expected, "what the entry says")
            equal(len(secret), 64, "digits of the secret")
            is_found(entry, secret, pins=pins)
            equal((key.seen("touch"), key.seen("try")), (1 if expected[0] or expected[1] else 0, 1 if expected[2] else 0),
                  f"touches and PINs of {key.state()['seen']}")
            check(enroll(key, flags, pins=pins)[1] != secret, "two entries have one secret")


add_kind("a touch", {}, WITH_PRESENCE, (True, False, False))
add_kind("a PIN", {"pin": PIN}, WITH_PIN, (False, False, True), [PIN])
add_kind("a PIN and a touch", {"pin": PIN}, WITH_PIN | WITH_PRESENCE, (True, False, True), [PIN])
add_kind("nothing", {}, 0, (False, False, False))
add_kind("a PIN that was never set", {}, WITH_PIN | WITH_PRESENCE, (True, False, False))
add_kind("a key that gives nothing without a touch", {"wantsTouch": True}, 0, (True, False, False))


@case("a key without a PIN is refused where one is required")
def _():
    key = Key("bare")
    fails(ask("enroll", key.path, flags=WITH_PIN | WITH_PRESENCE | PIN_REQUIRED), "auth-not-supported", "no PIN was ever set")
    equal((key.state()["credentials"], key.seen("touch")), ([], 0), "what the key did")
    key.pull_out()


@case("a finger: enrolled, it opens for its owner, and for nobody else")
def _():
    for modern in (True, False):
        key = Key(f"key{modern}", hasSensor=True, isModern=modern)
        entry, secret = enroll(key, WITH_PRESENCE | WITH_VERIFICATION)
        equal(ways(entry), (True, True, False), "what the entry says")
        check(key.state()["credentials"][0]["isHidden"], "others can ask for the credential")
        is_found(entry, secret)
        equal((key.seen("verify"), key.seen("touch")), (1, 1), "how often somebody had to touch it")
        key.set(isRecognized=False)
        fails(acquire(entry), "auth-need-verification", "did not recognize")
        key.set(sensorRetries=1)
        fails(acquire(entry), "auth-pin-locked", "recognizes nobody")
        key.pull_out()


@case("a key that always wants to recognize its owner is used like that, whatever was asked for")
def _():
    key = Key("sensor", hasSensor=True, alwaysVerifies=True)
    entry, secret = enroll(key)
    equal(ways(entry), (True, True, False), "with a sensor")
    is_found(entry, secret)
    key = Key("pin", pin=PIN, alwaysVerifies=True)
    entry, secret = enroll(key, pins=[PIN])
    equal(ways(entry), (True, False, True), "with a PIN")
    is_found(entry, secret, pins=[PIN])


@case("each algorithm is enrolled that is asked for, and what the key does not know is refused")
def _():
    key = Key("key")
    for name, number in (("es256", -7), ("rs256", -257), ("eddsa", -8)):
        record = {"userName": "anna", "disposition": "regular", "fido2CredentialAlgorithm": name}
        entry, secret = enroll(key, record=record)
        equal(key.state()["credentials"][-1]["kind"], number, name)
        is_found(entry, secret)
    key.set(algorithms=[-7])
    fails(ask("enroll", key.path, record=record), "auth-not-supported", "does not know the algorithm")
    record["fido2CredentialAlgorithm"] = "rsa"
    fails(ask("enroll", key.path, record=record), "auth-invalid-argument", "es256, rs256 or eddsa")


@case("the key is told whom it is for, as systemd-homed says it")
def _():
    key = Key("key")
    enroll(key, record={"userName": "anna", "realm": "example.org", "realName": "Anna", "disposition": "regular"})
    made = key.state()["credentials"][0]
    equal((made["party"], made["user"]), ("io.systemd.home", "annaexample.org"), "party and user")


@case("what a person has not permitted yet is asked for before the key is")
def _():
    key = Key("key", hasSensor=True)
    entry, _ = enroll(key)
    finger, _ = enroll(key, WITH_PRESENCE | WITH_VERIFICATION)
    fails(acquire(entry, permit=0), "auth-need-presence", "touched")
    fails(acquire(finger, permit=PRESENCE), "auth-need-verification", "recognize")
    fails(ask("enroll", key.path, permit=0), "auth-need-presence", "touched")
    fails(ask("enroll", key.path, permit=PRESENCE, flags=WITH_VERIFICATION), "auth-need-verification", "recognize")
    equal((key.seen("touch"), key.seen("verify"), key.seen("make")), (0, 0, 0), "what the key was bothered with")
    equal(VERIFICATION, 2, "the flag")


@case("a PIN is asked for, a wrong one is told with the tries that are left, and none is tried twice")
def _():
    key = Key("key", pin=PIN)
    entry, secret = enroll(key, WITH_PIN, pins=[PIN])
    other, _ = enroll(key, WITH_PIN, pins=[PIN])
    fails(acquire(entry), "auth-need-pin", "asks for its PIN")
    equal(key.seen("try"), 0, "tries without a PIN")
    fails(acquire(entry, other, pins=["000000", "000000"]), "auth-bad-pin", "7 tries are left")
    equal(key.seen("try"), 1, "tries for two entries and one PIN")
    is_found(entry, secret, pins=["111111", PIN])
    equal((key.seen("try"), key.state()["retries"]), (3, 8), "tries, and those left")
    fails(acquire(entry, pins=["1", "12\u00e4", "x" * 64]), "auth-bad-pin", "that no security key can have")
    equal(key.seen("try"), 3, "tries of what can be no PIN")


@case("a PIN that is wrong too often: few left, one left, locked until it is pulled out, locked for good")
def _():
    key = Key("key", pin=PIN)
    entry, secret = enroll(key, WITH_PIN, pins=[PIN])
    key.set(retries=4)
    fails(acquire(entry, pins=["000000"]), "auth-bad-pin-few-left", "3 tries are left")
    key.set(retries=2, wrongInRow=0)
    fails(acquire(entry, pins=["000000", PIN]), "auth-bad-pin-one-left", "one try is left")
    equal(key.seen("try"), 2, "tries: the last one is left to the owner")
    key.set(retries=8, wrongInRow=2).forget()
    fails(acquire(entry, pins=["000000", "111111", PIN]), "auth-pin-locked", "pulled out and plugged in")
    equal(key.seen("try"), 1, "tries")
    key.pull_out()
    is_found_again = key.plug_in()
    is_found(entry, secret, pins=[PIN])
    is_found_again.set(retries=0)
    fails(acquire(entry, pins=[PIN]), "auth-pin-locked", "only a reset")


@case("a PIN goes to no key that does not know the entry")
def _():
    mine, other = Key("b", pin=PIN), Key("a", pin="654321")
    entry, secret = enroll(mine, WITH_PIN | WITH_PRESENCE, pins=[PIN])
    is_found(entry, secret, pins=[PIN])
    equal((other.seen("try"), other.seen("touch")), (0, 0), "what the other key was asked")
    mine.pull_out()
    fails(acquire(entry, pins=[PIN]), "auth-need-token", "none of the security keys here is the right one")
    equal((other.seen("try"), other.seen("touch"), other.state()["retries"]), (0, 0, 8), "what the other key was asked")


@case("the PIN of a key that has been reset is missed, and so is a sensor")
def _():
    key = Key("key", pin=PIN, hasSensor=True)
    with_pin, _ = enroll(key, WITH_PIN, pins=[PIN])
    with_finger, _ = enroll(key, WITH_VERIFICATION, pins=[PIN])
    key.set(pin="", hasSensor=False)
    fails(acquire(with_pin, pins=[PIN]), "auth-not-supported", "has no PIN")
    key.set(credentials=[{**one, "isHidden": False} for one in key.state()["credentials"]])
    fails(acquire(with_finger), "auth-not-supported", "recognize its owner")
    fails(ask("enroll", key.path, flags=WITH_VERIFICATION), "auth-not-supported", "has no sensor")


@case("any of three keys opens, also while the others are not there, and two of a kind are told apart")
def _():
    keys = [Key(name) for name in ("a", "b", "c")]
    entries, secrets = zip(*map(enroll, keys))
    for key in keys:
        key.pull_out()
    for which, key in enumerate(keys):
        key.plug_in()
        equal(acquire(*entries), {"which": which, "secret": secrets[which]}, f"key {which}")
        equal(key.seen("touch"), 1, "touches")
        key.pull_out()
    keys[0].plug_in(), keys[2].plug_in()
    equal(acquire(entries[1], entries[2])["which"], 1, "the second of the two that are left")
    equal((keys[0].seen("touch"), len(ask("list")["devices"])), (1, 2), "touches of the other, and keys")


@case("a touch that never comes ends in time, and another key is tried")
def _():
    first, second = Key("a", isTouched=False, patienceMs=200), Key("b")
    first.set(isTouched=True)
    one, _ = enroll(first)
    two, secret = enroll(second)
    first.set(isTouched=False)
    fails(acquire(one), "auth-token-timeout", "nobody touched")
    equal(acquire(one, two), {"which": 1, "secret": secret}, "with another key")
    fails(ask("enroll", first.path), "auth-token-timeout", "nobody touched")


@case("waiting for a touch can be cancelled, and goes on when it comes")
def _():
    key = Key("key")
    entry, secret = enroll(key)
    key.set(isTouched=False)
    begin = time.monotonic()
    fails(acquire(entry, cancel_after=300), "auth-cancelled", "cancelled")
    fails(ask("enroll", key.path, cancel_after=300), "auth-cancelled", "cancelled")
    check(time.monotonic() - begin < 10, "it waits for the key all the same")
    fails(acquire(entry, cancel_after=0), "auth-cancelled", "cancelled")

    def touch():
        while not key.seen("touch") > 2:
            time.sleep(0.02)
        key.set(isTouched=True)
    toucher = threading.Thread(target=touch)
    toucher.start()
    is_found(entry, secret)
    toucher.join()


@case("a key that is pulled out in the middle is missed, not broken")
def _():
    key = Key("key")
    entry, secret = enroll(key)
    for at in ("info", "silent", "ask", "pin"):
        key.will(at, "vanish")
        answer = acquire(entry)
        equal(answer.get("error"), "auth-need-token", f"pulled out at {at}: {answer}")
        key.plug_in()
        is_found(entry, secret)
    key.will("make", "vanish")
    fails(ask("enroll", key.path), "auth-need-token", "pulled out")


@case("any error that a key can give has a code, and a reason")
def _():
    key = Key("key")
    entry, secret = enroll(key)
    for number in (*range(1, 0x41), OTHER, 0xDF, 0xE0, 0xFF):
        key.will("ask", "error", number=number)
        answer = acquire(entry)
        if number in (UP_REQUIRED, 0x2B):  # then it was asked again, with a touch that it had already
            check(answer.get("error") or answer.get("secret") == secret, f"{number:#x}: {answer}")
            continue
        check(answer.get("error") and "failed: " in answer["why"] or number in (NO_CREDENTIALS, 0x22), f"{number:#x}: {answer}")


@case("a key that answers garbage, too little or nothing of use is told, and keeps no other from opening")
def _():
    bad, good = Key("a"), Key("b")
    entry, secret = enroll(bad)
    other, other_secret = enroll(good)
    whole = [("garbage", {"bytes": text}) for text in ("", "00", "00ff", "00a1", "00bf", "0080", "ff" * 64, "00" * 2000)]
    for at in ("info", "silent", "ask", "pin"):
        for action, more in (*whole, *(("cut", {"number": size}) for size in (0, 1, 2, 20))):
            bad.will(at, action, **more)
            equal(acquire(other), {"which": 0, "secret": other_secret}, "the good key")
            answer = acquire(entry)
            check(answer.get("error") in ("auth-io", "auth-need-token") or answer.get("secret") == secret,
                  f"{at} {action} {more}: {answer}")
            bad.set(script=[])
    bad.will("ask", "no-secret")
    fails(acquire(entry), "auth-io", "gave no secret")
    bad.will("info", "garbage", bytes="00ff")
    fails(acquire(entry), "auth-need-token", "does not answer as one")
    is_found(entry, secret)


@case("an entry that is damaged keeps no other from opening, and old ones without a word on their use open")
def _():
    key = Key("key")
    entry, secret = enroll(key)
    fails(acquire("{}"), "auth-corrupt", "credential is missing")
    equal(acquire("{}", "nonsense", entry), {"which": 2, "secret": secret}, "the last entry")
    old = json.dumps({name: json.loads(entry)[name] for name in ("credential", "salt")})
    is_found(old, secret)
    key.set(wantsTouch=True).forget()
    is_found(old, secret)
    equal(key.seen("touch"), 1, "touches")
    fails(acquire(old, permit=0), "auth-need-presence", "touched")


def open_record(name, **options):
    """The entry of a record that systemd-homed made opens with its key."""
    with open(f"{DATA}/{name}.key", encoding="ascii") as file:
        key = Key(name, **{**json.load(file), **options.pop("state", {})})
    with open(f"{DATA}/{name}.identity", encoding="utf-8") as file:
        [entry] = json.load(file)["privileged"]["fido2HmacSalt"]
    found = acquire(json.dumps(entry), **options)
    check("secret" in found, f"{name}: {found}")
    wanted = entry["hashedPassword"].encode("ascii")
    has_hash(base64.b64encode(bytes.fromhex(found["secret"])), wanted, name)
    return found["secret"], key


@case("records of systemd-homed open: with a touch, and with a PIN")
def _():
    secret, key = open_record("fid1")
    equal(secret, "c0bd259bfa532068952e88db066f301548d50b8d44a77fca116b0fc2bd99d26a", "the secret of fid1")
    equal(key.seen("touch"), 1, "touches")
    secret, key = open_record("fid2", pins=["4321"], state={"pin": "4321"})
    equal(secret, "333a965ddb6a16d190d17e659cb51b7092d47459b149152fc94c4366f912c475", "the secret of fid2")
    equal((key.seen("touch"), key.seen("try")), (0, 1), "touches and PINs")


@case("hearth-plugin-check passes with a key for tests, with and without a PIN")
def _():
    os.environ["HEARTH_TEST_FIDO2"] = security_keys.STORE
    pin = base64.b32encode(os.urandom(15)).decode("ascii")
    with open(f"{sandbox.WORK}/pin", "w", encoding="ascii") as file:
        file.write(pin)
    # The key is in the same process: it may not have the PIN, which is looked for in memory.
    for state in ({}, {"pin": "#" + hashlib.sha256(pin.encode("ascii")).hexdigest()[:32]}):
        security_keys.remove_all()
        passes(security_keys.PLUGIN, f"--device={Key('key', **state).path}", f"--pin-file={file.name}")


cases.main(suite)
