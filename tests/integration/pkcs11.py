#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Smart cards, with SoftHSM in their place: the installed plugin finds them through p11-kit, enrolls them, and gets the same
secret back. What SoftHSM cannot do, such as locking a PIN, is up to test-pkcs11, whose tokens say what they are told."""
import base64
import json
import os
import sys
import tarfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import cases, sandbox, tokens  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.checker import passes  # noqa: E402
from harness.tokens import Token, acquire, ask, enroll  # noqa: E402
from harness.token_answers import each_begins, fails, finder, has_hash  # noqa: E402

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "pkcs11")
PIN, FEATURE_PIN = "123456", 1

suite = cases.Suite("pkcs11")
sandbox.enter()
tokens.set_up()
case = each_begins(suite, tokens.remove_all)
is_found = finder(acquire)


@case("without a token, none is listed, and none opens anything")
def _():
    equal(ask("list"), {"devices": []}, "devices")
    fails(ask("enroll", "pkcs11:token=card", pins=[PIN]), "auth-need-token", "no token is there")


@case("tokens are listed with URIs that mean each of them alone")
def _():
    first, second = Token("one").make_key("rsa:2048"), Token("two").make_key("EC:prime256v1")
    devices = {one["label"]: one for one in ask("list")["devices"]}
    equal(sorted(devices), ["one", "two"], "labels")
    for token in (first, second):
        device = devices[token.label]
        equal(device["features"], FEATURE_PIN, "features")
        check(device["id"].startswith("pkcs11:") and f"token={token.label}" in device["id"], device["id"])
        is_found(*enroll(device["id"], PIN), pins=[PIN])


def add_kind(title, kind, size, make):
    """A case for one kind of key."""
    @case(f"{title}: enrolled, it opens with its PIN, and gives every entry another secret")
    def _():
        token = make(Token("card"), kind)
        entry, secret = enroll(token.uri, PIN)
        content = json.loads(entry)
        equal((content["uri"], content.get("padding")), (token.uri, None), "URI and padding")
        equal(len(secret) // 2, size, "bytes of the secret")
        is_found(entry, secret, pins=[PIN])
        other, other_secret = enroll(token.uri, PIN)
        check(other_secret != secret, "two entries have one secret")
        is_found(other, other_secret, pins=[PIN])


for TITLE, KIND, SIZE in (("RSA", "rsa:2048", 128), ("RSA with 3072 bits", "rsa:3072", 192), ("EC on P-256", "EC:prime256v1", 32),
                          ("EC on P-384", "EC:secp384r1", 48), ("EC on P-521", "EC:secp521r1", 66)):
    add_kind(TITLE, KIND, SIZE, Token.make_key)
add_kind("RSA with a certificate alone", ["rsa:2048"], 128, Token.import_certificate)
add_kind("EC with a certificate alone", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], 32, Token.import_certificate)


@case("RSA with OAEP, as newer releases of systemd-homed write it; SoftHSM knows it with SHA-1")
def _():
    token = Token("card").make_key("rsa:2048")
    plain, public, hidden = (f"{sandbox.WORK}/{name}" for name in ("plain", "public.der", "hidden"))
    tokens.run("pkcs11-tool", "--module", tokens.DRIVER, "--token-label", "card", "--read-object", "--type", "pubkey", "--id",
               "01", "--output-file", public)
    with open(plain, "wb") as file:
        file.write(os.urandom(128))
    tokens.run("openssl", "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", public, "-in", plain, "-out", hidden,
               "-pkeyopt", "rsa_padding_mode:oaep")
    with open(hidden, "rb") as file:
        entry = {"uri": token.uri, "data": base64.b64encode(file.read()).decode("ascii"), "padding": "oaep-sha1"}
    with open(plain, "rb") as file:
        is_found(json.dumps(entry), file.read().hex(), pins=[PIN])


@case("a PIN is asked for, a wrong one is told, and a right one after it is found")
def _():
    token = Token("card").make_key("rsa:2048")
    entry, secret = enroll(token.uri, PIN)
    fails(acquire(entry), "auth-need-pin", "asks for a PIN")
    fails(acquire(entry, pins=["000000"]), "auth-bad-pin-few-left", "wrong PIN")
    is_found(entry, secret, pins=["000000", "111111", PIN])
    fails(ask("enroll", token.uri, pins=["000000"]), "auth-bad-pin-few-left", "wrong PIN")


@case("any of several tokens opens, also while others are not there")
def _():
    cards = [Token("one", "111111").make_key("rsa:2048"), Token("two", "222222").make_key("EC:prime256v1")]
    entries, secrets = zip(*(enroll(card.uri, card.pin) for card in cards))
    for which, card in enumerate(cards):
        equal(acquire(*entries, pins=[card.pin]), {"which": which, "secret": secrets[which]}, f"with the PIN of {card.label}")
    cards[0].remove()
    equal(acquire(*entries, pins=["222222"]), {"which": 1, "secret": secrets[1]}, "with the second token alone")
    fails(acquire(entries[0], pins=["111111"]), "auth-need-token", "no token is there")
    cards[1].remove()
    fails(acquire(*entries, pins=["111111"]), "auth-need-token", "no token is there")


@case("another token of the same name does not open, and none is made for a name that two have")
def _():
    entry, _ = enroll(Token("card").make_key("rsa:2048").uri, PIN)
    Token("card")
    fails(ask("enroll", "pkcs11:token=card", pins=[PIN]), "auth-invalid-argument", "several tokens")
    tokens.remove_all()
    Token("card").make_key("rsa:2048")
    fails(acquire(entry, pins=[PIN]), "auth-corrupt", "not for this token")


@case("several keys are told apart by the URI, or refused")
def _():
    token = Token("card").make_key("rsa:2048", "red", "01").make_key("rsa:2048", "blue", "02")
    fails(ask("enroll", token.uri, pins=[PIN]), "auth-invalid-argument", "several keys")
    is_found(*enroll(f"{token.uri};object=red", PIN), pins=[PIN])
    is_found(*enroll(f"{token.uri};id=%02", PIN), pins=[PIN])
    fails(ask("enroll", f"{token.uri};object=green", pins=[PIN]), "auth-not-supported", "neither a public key nor a certificate")


@case("keys that cannot keep a secret are refused, each with its reason")
def _():
    for kind, why in (("rsa:1024", "less than 2048 bits"), ("EC:secp256k1", "another curve")):
        fails(ask("enroll", Token(kind[:2]).make_key(kind).uri, pins=[PIN]), "auth-not-supported", why)


@case("an entry that is cut short, spoilt or nonsense is told apart, and keeps no other from opening")
def _():
    token = Token("card").make_key("rsa:2048")
    entry, secret = enroll(token.uri, PIN)

    def with_data(data):
        return json.dumps({**json.loads(entry), "data": base64.b64encode(data).decode("ascii")})
    data = base64.b64decode(json.loads(entry)["data"])
    broken = [(with_data(data[:-1]), "cut short"), (with_data(data + b"x"), "longer"), ("{}", "no URI"),
              (json.dumps({**json.loads(entry), "padding": "new"}), "none that this version knows")]
    for text, why in broken:
        fails(acquire(text, pins=[PIN]), "auth-corrupt", why)
    equal(acquire(*(text for text, _ in broken), entry, pins=[PIN]), {"which": len(broken), "secret": secret}, "the last entry")


def open_record(name, pin, answer=None):
    """The entry of a record that systemd-homed made opens with its token; `answer`: the file with the secret, if it is known."""
    with open(f"{DATA}/{name}.identity", encoding="utf-8") as file:
        [entry] = json.load(file)["privileged"]["pkcs11EncryptedKey"]
    found = acquire(json.dumps(entry), pins=[pin])
    check("secret" in found, f"{name}: {found}")
    password = base64.b64encode(bytes.fromhex(found["secret"]))
    wanted = entry["hashedPassword"].encode("ascii")
    has_hash(password, wanted, name)
    if answer:
        with open(f"{DATA}/{answer}.hex", encoding="ascii") as file:
            equal(found["secret"], file.read().strip(), f"{name}: what another program decrypted")


def plug_in(archive):
    """Puts the tokens of an archive in."""
    with tarfile.open(f"{DATA}/{archive}") as tar:
        for member in filter(tarfile.TarInfo.isfile, tar.getmembers()):
            target = os.path.join(tokens.STORE, *member.name.split("/")[1:])
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(tar.extractfile(member).read())


@case("records of systemd-homed 262 open: OAEP, and a curve")
def _():
    plug_in("softhsm-tokens.tar")
    open_record("p11tok1", "123456", "p11tok1-decrypted")
    open_record("p11tok2", "654321", "p11tok2-shared-secret")


@case("records of systemd-homed 257 open: PKCS#1 v1.5, and a curve")
def _():
    plug_in("v257-softhsm-tokens.tar")
    open_record("v257-p11tok1", "123456", "v257-p11tok1-decrypted")
    open_record("v257-p11tok2", "654321")


@case("hearth-plugin-check passes with a token for tests, of each kind")
def _():
    pin = base64.b32encode(os.urandom(15)).decode("ascii")
    with open(f"{sandbox.WORK}/pin", "w", encoding="ascii") as file:
        file.write(pin)
    for kind in ("rsa:2048", "EC:prime256v1"):
        tokens.remove_all()
        Token("card", pin).make_key(kind)
        [device] = ask("list")["devices"]
        passes(f"{tokens.BUILT_IN}/auth-pkcs11.so", f"--device={device['id']}", f"--pin-file={file.name}")


cases.main(suite)
