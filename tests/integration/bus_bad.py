#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Everything on the bus that is wrong, too much, or not allowed. The bus lets everybody through here: what is refused, hearthd
refuses, and after each case it is as well as before."""
import contextlib
import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import bus, cases, sandbox, stage  # noqa: E402
from harness.bus import BusError  # noqa: E402
from harness.cases import check, equal  # noqa: E402
from harness.many import Many  # noqa: E402
from harness.service import MANAGER, NAME, Service, record, secret, short  # noqa: E402

USER, OTHER, WORD, WRONG, NEW = "kim", "noor", "Altes-Wort-1", "Falsches-Wort", "Neues-Wort-2"
STRANGER = 4711
INVALID, DENIED = "org.freedesktop.DBus.Error.InvalidArgs", "org.freedesktop.DBus.Error.AccessDenied"
HOME = (NAME, f"/org/freedesktop/home1/home/{USER}", f"{NAME}.Home")
MARK = "Geheimes-Zeichen-7"  # a secret that no answer may repeat
NO_SECRETS = ("", "{", "[]", "null", '"x"', "7", '{"password":[7,"%s"]}' % MARK,
              '{"password":["%s"],"password":["x"]}' % MARK, '{"password":["%s\\u0000"]}' % MARK, '{"password":["%s"]}}' % MARK,
              '{"password":["%s\\ud800"]}' % MARK, '{"password":["%s"]' % MARK, "[" * 100000, '{"password":[%s]}' % ("[" * 5000))
NO_RECORDS = ("", "{", "[]", "null", "{}", '{"userName":7}', '{"userName":"../x"}', '{"userName":"x y"}', '{"userName":""}',
              '{"userName":"%s"}' % ("x" * 300), '{"userName":"bob","uid":-1}', '{"userName":"bob","userName":"eve"}',
              '{"userName":"bob","storage":"nowhere"}', '{"userName":"bob","disposition":"system"}',
              '{"userName":"bob","imagePath":"relative"}', '{"userName":"bob","uid":1e400}', '{"userName":"bob","binding":{}}',
              '{"userName":"bob","secret":7}', '{"userName":"bob","x":%s1%s}' % ("[" * 3000, "]" * 3000))

suite = cases.Suite("bad bus")
sandbox.enter()
service = Service(open_bus=True).start()
service.create(USER, WORD)
service.create(OTHER, WORD)
UID = service.hearth.uid(USER)
for name, uid in (("stranger", STRANGER), ("owner-of-kim", UID), ("owner-of-noor", service.hearth.uid(OTHER))):
    stage.name_user(name, uid)
PID = service.process.pid
FILES = len(service.descriptors())


def case(title):
    """Decorator: a case after which the service is the same process, knows the same homes, and has nothing more open."""
    def add(function):
        def run():
            function()
            check(service.process.poll() is None and service.process.pid == PID, f"the service died: {service.log()}")
            equal([(home[0], home[2]) for home in service.call("ListHomes")[0]], [(USER, "inactive"), (OTHER, "inactive")], "homes")
            stage.wait_until(lambda: len(service.descriptors()) <= FILES and not service.fifos(),
                             lambda: f"left open: {service.descriptors()} {service.fifos()}")
            equal(service.workers(), [], "workers")
        suite.case(title)(run)
        return function
    return add


def refused(member, signature, *values, names=(INVALID,), **how):
    """A call fails with one of the errors, and no secret is repeated."""
    try:
        answer = service.call(member, signature, *values, **how)
    except BusError as failure:
        check(failure.name in names, f"{member} {str(values)[:120]}: {failure.name}: {failure.message[:200]}")
        check(MARK not in failure.message, f"{member}: a secret is in the answer")
        return
    raise cases.Failure(f"{member} {str(values)[:120]}: not refused, but {answer}")


@case("secrets that are none are refused by every method that takes one")
def _():
    for text in NO_SECRETS:
        for member in ("ActivateHome", "AuthenticateHome", "UnlockHome", "FixateHome", "RealizeHome"):
            refused(member, "ss", USER, text)
        refused("AcquireHome", "ssb", USER, text, False)
        refused("ResizeHome", "sts", USER, 1 << 30, text)
        refused("ChangePasswordHome", "sss", USER, text, secret(WORD))
        refused("ChangePasswordHome", "sss", USER, secret(NEW), text)
        refused("Activate", "s", text, target=HOME)


@case("records that are none are refused by every method that takes one")
def _():
    for text in NO_RECORDS:
        for member in ("CreateHome", "RegisterHome", "UpdateHome"):
            names = (INVALID, "org.freedesktop.DBus.Error.NotSupported")  # the latter: no plugin for it
            if member == "UpdateHome":
                names += (f"{NAME}.NoSuchHome", f"{NAME}.RecordMismatch")
            if member == "RegisterHome" and "binding" in text:
                continue  # is left out of what is registered
            refused(member, "s", text, names=names)


@case("a record of 20 MB is refused, and one of 100 MB does not even come through the bus")
def _():
    refused("CreateHome", "s", json.dumps({"userName": "bob", "realName": "x" * (20 << 20)}))

    def send_too_much():
        try:
            return service.call("CreateHome", "s", '{"userName":"bob","realName":"%s"}' % ("x" * (100 << 20)), uid=STRANGER)
        except (BusError, OSError) as failure:
            return str(failure)
    check("org.freedesktop" in send_too_much() or "rror" in send_too_much(), "it was taken")


@case("calls with other arguments, to other objects, and with strange names are refused")
def _():
    unknown = tuple(f"org.freedesktop.DBus.Error.Unknown{what}" for what in ("Method", "Object", "Interface"))
    refused("ActivateHome", "u", 7, names=(INVALID,))
    refused("ActivateHome", "s", USER, names=(INVALID,))
    refused("NoSuchMethod", "", names=unknown)
    for path in ("_2e_2e", "kim_", "_", "nobody_5fhere", "x" * 3000, "kim/kim"):
        target = (NAME, f"/org/freedesktop/home1/home/{path}", f"{NAME}.Home")
        refused("Deactivate", "", target=target, names=unknown + (f"{NAME}.NoSuchHome",))
    for user in ("../kim", "kim\n", "x" * 100000, "kim@", "/", ".", "-1", "4294967295", "%s%n", "Kim"):
        refused("DeactivateHome", "s", user, names=(INVALID, f"{NAME}.NoSuchHome"))


@contextlib.contextmanager
def files():
    """Things that are no files to be read: name -> descriptor."""
    os.mkfifo("/mnt/fifo")
    with open("/mnt/plain", "wb") as file:
        file.write(b"x")
    with open("/mnt/large", "wb") as file:
        file.truncate(65 << 20)
    reading, writing = os.pipe()
    found = {"folder": os.open("/mnt", os.O_RDONLY), "fifo": os.open("/mnt/fifo", os.O_RDWR), "pipe": reading,
             "device": os.open("/dev/zero", os.O_RDONLY), "path": os.open("/mnt/plain", os.O_PATH),
             "written": os.open("/mnt/plain", os.O_WRONLY), "large": os.open("/mnt/large", os.O_RDONLY)}
    try:
        yield found
    finally:
        for fd in (*found.values(), writing):
            os.close(fd)
        os.unlink("/mnt/fifo")


@case("what is no file to be read is refused as one of a record, and so are names that lead elsewhere")
def _():
    with files() as found:
        for fd in found.values():
            refused("CreateHomeEx", "sa{sh}t", record("bob", WORD), {"avatar": fd}, 0)
    plain = os.open("/mnt/plain", os.O_RDONLY)
    for blob in ("", ".", "..", "../x", "a/b", ".hidden", "x" * 300, "a b", "ä"):
        refused("CreateHomeEx", "sa{sh}t", record("bob", WORD), {blob: plain}, 0)
    os.close(plain)
    with contextlib.suppress(OSError):  # a closed one does not even leave the client
        service.call("CreateHomeEx", "sa{sh}t", record("bob", WORD), {"avatar": 999}, 0)


@case("10000 calls at once are answered, and others do not wait long meanwhile")
def _():
    many, begin = Many(), time.monotonic()
    for number in range(10000):
        many.post(MANAGER, *(("GetHomeByName", "s", USER) if number % 2 else ("GetUserRecordByName", "s", OTHER)))
    other = service.later("ListHomes")
    many.wait(10000, 120)
    equal(len(other.result(60)[0]), 2, "homes")
    print(f"     | {time.monotonic() - begin:.1f} s: {many.names()}", flush=True)
    check(not set(many.names()) - {"ok", "org.freedesktop.DBus.Error.LimitsExceeded"}, many.names())
    many.close()


def as_stranger(function):
    """What the function gives in a process of somebody who has no home."""
    return bus.as_user(STRANGER, function)


def guess_without_end():
    """A process of a stranger that keeps asking for a home with wrong passwords, with as many calls at once as the bus lets
    through; returns its PID."""
    child = os.fork()
    if child != 0:
        return child
    try:
        os.setresgid(STRANGER, STRANGER, STRANGER)
        os.setresuid(STRANGER, STRANGER, STRANGER)
        connections = [Many() for _ in range(4)]
        while True:
            for many in connections:
                for _ in range(100):
                    many.post(MANAGER, "AcquireHome", "ssb", USER, secret(WRONG), False)
                many.wait(50, 600)
                many.answers.clear()
    finally:  # it must not go on as a second suite
        os._exit(1)


@case("attempts of a stranger without end do not keep the owner out")
def _():
    strange = guess_without_end()
    try:
        stage.wait_until(service.workers, "no attempt is made")
        time.sleep(1)
        for _ in range(3):
            begin = time.monotonic()
            found = service.error("AcquireHome", "ssb", USER, secret(WORD), False, uid=UID)
            taken = time.monotonic() - begin
            equal(found, "ok", f"the owner's attempt after {taken:.1f} s")
            check(taken < 20, f"the owner waited for {taken:.1f} s")
            print(f"     | the owner is in after {taken:.1f} s", flush=True)
    finally:
        os.kill(strange, signal.SIGKILL)
        os.waitpid(strange, 0)
    stage.wait_until(lambda: service.state(USER) == "inactive", lambda: f"it is {service.state(USER)}", 60)
    stage.wait_until(lambda: not service.workers(), "workers", 60)


@case("of those who wait for a home strangers are few, and the owner is never one too many")
def _():
    def guess():
        many = Many()
        for _ in range(40):
            many.post(MANAGER, "AcquireHome", "ssb", USER, secret(WRONG), False)
        many.wait(40, 60)
        return {short(name): count for name, count in many.names().items()}
    with service.held():
        first = service.later("AuthenticateHome", "ss", USER, secret(WORD))
        stage.wait_until(service.workers, "no worker begins")
        strange = service.pool.submit(as_stranger, guess)
        time.sleep(1)
        owner = service.pool.submit(service.error, "AcquireHome", "ssb", USER, secret(WORD), False, uid=UID)
        time.sleep(0.5)
    first.result(20)
    equal(owner.result(20), "ok", "the owner's attempt")
    equal(strange.result(60).get("TooManyOperations"), 30, "attempts of the stranger that found no place")


@case("wrong passwords of a stranger lock out the stranger, and neither the owner nor root")
def _():
    service.create("bob", WORD, rateLimitBurst=3, rateLimitIntervalUSec=3600 * 10**6)
    owner = service.hearth.uid("bob")
    stage.name_user("owner-of-bob", owner)

    def ask(times):
        return as_stranger(lambda: [_name_of("AcquireHome", "ssb", "bob", secret(WRONG), False) for _ in range(times)])
    found = ask(5)
    equal((found[0], found[-1]), ("BadPassword", "AuthenticationLimitHit"), f"{found}")
    equal(as_stranger(lambda: _name_of("AcquireHome", "ssb", "bob", secret(WORD), False)), "AuthenticationLimitHit",
          "with the right password")
    for who in (owner, 0):
        service.call("AuthenticateHome", "ss", "bob", secret(WORD), uid=who)
    equal(service.call("GetUserRecordByName", "s", "bob", uid=owner)[1], False, "the owner sees all of the record")
    service.call("RemoveHome", "s", "bob")


def _name_of(*call):
    client = bus.Client()
    try:
        for value in client.call(MANAGER, *call):
            os.close(value)
        return "ok"
    except BusError as failure:
        return short(failure.name)
    finally:
        client.close()


@case("whoever goes in the middle of an operation leaves it to its end, and nothing open")
def _():
    for member, values, after in (("ActivateHome", ("ss", USER, secret(WORD)), "active"),
                                  ("DeactivateHome", ("s", USER), "inactive"),
                                  ("AcquireHome", ("ssb", USER, secret(WORD), False), "inactive"),
                                  ("ChangePasswordHome", ("sss", USER, secret(NEW), secret(WORD)), "inactive"),
                                  ("ChangePasswordHome", ("sss", USER, secret(WORD), secret(NEW)), "inactive"),
                                  ("CreateHome", ("s", record("bob", WORD)), None), ("RemoveHome", ("s", "bob"), None)):
        user = "bob" if "bob" in str(values) else USER
        with service.held():
            client = os.fork()
            if client == 0:
                with contextlib.suppress(BusError):
                    bus.Client().call(MANAGER, member, *values)
                os._exit(0)
            stage.wait_until(service.workers, f"{member}: no worker begins")
            os.kill(client, signal.SIGKILL)
            os.waitpid(client, 0)
            time.sleep(0.05)
        stage.wait_until(lambda: not service.workers(), f"{member}: the worker stays")
        if user == USER:
            stage.wait_until(lambda state=after: service.state(USER) == state, lambda: f"{member}: {service.state(USER)}")
        elif member == "CreateHome":
            stage.wait_until(lambda: service.state("bob") == "inactive", lambda: f"bob is {service.state('bob')}")
    equal(service.state("bob"), None, "a home that was removed")


@case("a stranger may look, and nothing else, even where the bus lets everything through")
def _():
    calls = {"Activate": ("ss", USER, secret(WORD)), "Authenticate": ("ss", USER, secret(WORD)), "Deactivate": ("s", USER),
             "Lock": ("s", USER), "Unlock": ("ss", USER, secret(WORD)), "Fixate": ("ss", USER, secret(WORD)),
             "Realize": ("ss", USER, secret(WORD)), "Remove": ("s", USER), "Unregister": ("s", USER), "Release": ("s", USER),
             "Ref": ("sb", USER, False), "ChangePassword": ("sss", USER, secret(NEW), secret(WORD)),
             "Resize": ("sts", USER, 1 << 30, secret(WORD)), "Create": ("s", record("eve", WORD)),
             "Register": ("s", record("eve", WORD)), "Update": ("s", record(USER, WORD))}
    for operation, values in calls.items():
        refused(f"{operation}Home", *values, uid=STRANGER, names=(DENIED,))
    refused("RefHomeUnrestricted", "sb", USER, False, uid=STRANGER, names=(DENIED,))
    for member in ("LockAllHomes", "DeactivateAllHomes", "Rebalance"):
        refused(member, "", uid=STRANGER, names=(DENIED,))
    refused("AdoptHome", "st", "/home/x.homedir", 0, uid=STRANGER, names=(DENIED,))
    refused("AddSigningKey", "sst", "x.public", "x", 0, uid=STRANGER, names=(DENIED, INVALID))
    for member, values in (("Acquire", ("sb", secret(WORD), False)), ("Deactivate", ("",)), ("Ref", ("b", False)), ("Remove", ("",))):
        refused(member, *values, target=HOME, uid=STRANGER, names=(DENIED,))
    shown, incomplete, _path = service.call("GetUserRecordByName", "s", USER, uid=STRANGER)
    check(incomplete and "privileged" not in shown and "$6$" not in shown, "a stranger sees hashes")
    check("privileged" in service.call("GetUserRecordByName", "s", USER, uid=UID)[0], "the owner does not see the hashes")
    check("privileged" not in service.call("GetUserRecordByName", "s", USER, uid=service.hearth.uid(OTHER))[0], "of another user")


@case("one who takes references without end leaves nothing in the service")
def _():
    fds = service.call("AcquireHome", "ssb", USER, secret(WORD), False)
    before = len(service.descriptors())
    for _ in range(600):
        fds += service.call("RefHome", "sb", USER, False)
    check(len(service.descriptors()) <= before + 10, f"{len(service.descriptors())} descriptors after 600 references, {before} before")
    for fd in fds:
        os.close(fd)
    service.wait_for_state(USER, "inactive")


cases.main(suite)
