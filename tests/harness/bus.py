# SPDX-License-Identifier: LGPL-2.1-or-later
"""A client of D-Bus, and a bus of one's own: libsystemd by way of ctypes, because busctl says no names of errors."""
import ctypes
import os
import pickle
import subprocess

from harness.peer import wait_for

ADDRESS = "unix:path=/run/dbus/system_bus_socket"
LIMIT = 60 * 1000 * 1000  # microseconds for any call
LET_THROUGH = 4322  # a user whom the bus lets call everything, so that the service has to refuse it by itself
# What Debian's system bus allows everybody, and the fake polkit of these tests; the service brings its own policy.
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>{address}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><deny own="*"/><deny send_type="method_call"/><allow send_type="signal"/>
<allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/>
<allow receive_type="signal"/><allow send_destination="org.freedesktop.DBus"/>
<allow send_destination="org.freedesktop.PolicyKit1"/></policy>
<policy user="root"><allow own="org.freedesktop.PolicyKit1"/>
<allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Monitoring"/></policy>
<policy user="{let_through}"><allow send_destination="*"/></policy>
<includedir>{prefix}/share/dbus-1/system.d</includedir></busconfig>
"""


class _Error(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("message", ctypes.c_char_p), ("need_free", ctypes.c_int)]


class BusError(Exception):
    """What a call failed with: name and message."""

    def __init__(self, name, message):
        super().__init__(f"{name}: {message}")
        self.name, self.message = name, message

    def __reduce__(self):
        return BusError, (self.name, self.message)


_SD = ctypes.CDLL("libsystemd.so.0", use_errno=True)
_BASIC = {"s": ctypes.c_char_p, "o": ctypes.c_char_p, "g": ctypes.c_char_p, "u": ctypes.c_uint32, "i": ctypes.c_int32,
          "t": ctypes.c_uint64, "x": ctypes.c_int64, "b": ctypes.c_int, "h": ctypes.c_int, "y": ctypes.c_uint8,
          "q": ctypes.c_uint16, "n": ctypes.c_int16, "d": ctypes.c_double}


def _good(result, what):
    if result < 0:
        raise OSError(-result, f"{what}: {os.strerror(-result)}")
    return result


def _argument(kind, value):
    return value.encode() if isinstance(value, str) else _BASIC[kind](value)


def _flat(signature, values):
    """The arguments as sd_bus_message_append() takes them: a{sh} comes as a dict, a variant as its type and its value."""
    out, values = [], list(values)
    for kind in signature.replace("a{sh}", "D"):
        value = values.pop(0)
        if kind == "D":
            out.append(ctypes.c_uint(len(value)))
            for name, fd in value.items():
                out += [name.encode(), ctypes.c_int(fd)]
        elif kind == "v":
            out += [value.encode(), _argument(value, values.pop(0))]
        else:
            out.append(_argument(kind, value))
    return out


def read(message):
    """The next value of a message as Python has it; None at the end of a container."""
    kind, contents = ctypes.c_char(), ctypes.c_char_p()
    if _good(_SD.sd_bus_message_peek_type(message, ctypes.byref(kind), ctypes.byref(contents)), "peek") == 0:
        return None
    kind = kind.value.decode()
    if kind in _BASIC:
        value = _BASIC[kind]()
        _good(_SD.sd_bus_message_read_basic(message, ctypes.c_char(kind.encode()), ctypes.byref(value)), "read")
        if kind == "h":
            return os.dup(value.value)
        return value.value.decode() if isinstance(value, ctypes.c_char_p) else value.value
    _good(_SD.sd_bus_message_enter_container(message, ctypes.c_char(kind.encode()), contents), "enter")
    inner = read_all(message)
    _good(_SD.sd_bus_message_exit_container(message), "exit")
    if kind == "a" and contents.value.startswith(b"{"):
        return dict(inner)
    return inner[0] if kind == "v" else inner if kind == "a" else tuple(inner)


def read_all(message):
    """All values that are left."""
    values = []
    while (value := read(message)) is not None:
        values.append(value)
    return values


class Client:
    """A connection to the bus."""

    def __init__(self):
        self.bus = ctypes.c_void_p()
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = ADDRESS
        _good(_SD.sd_bus_open_system(ctypes.byref(self.bus)), "connect")

    def close(self):
        """Ends the connection."""
        _SD.sd_bus_flush_close_unref(self.bus)
        self.bus = ctypes.c_void_p()

    def _message(self, target, member, signature, values, interactive):
        message = ctypes.c_void_p()
        name, path, interface = (part.encode() for part in target)
        _good(_SD.sd_bus_message_new_method_call(self.bus, ctypes.byref(message), name, path, interface, member.encode()), "new")
        _SD.sd_bus_message_set_allow_interactive_authorization(message, int(interactive))
        if signature:
            _good(_SD.sd_bus_message_append(message, signature.encode(), *_flat(signature, values)), "append")
        return message

    def send(self, target, member, signature="", *values, interactive=False):
        """Calls a method and does not wait for the answer."""
        message = self._message(target, member, signature, values, interactive)
        _good(_SD.sd_bus_send(self.bus, message, ctypes.byref(ctypes.c_uint64())), "send")
        _SD.sd_bus_message_unref(message)

    def call(self, target, member, signature="", *values, interactive=False):
        """Calls a method of (name, path, interface) and returns the list of what it answers, or raises BusError."""
        reply, error = ctypes.c_void_p(), _Error()
        message = self._message(target, member, signature, values, interactive)
        result = _SD.sd_bus_call(self.bus, message, ctypes.c_uint64(LIMIT), ctypes.byref(error), ctypes.byref(reply))
        _SD.sd_bus_message_unref(message)
        if result < 0:
            failure = BusError((error.name or b"").decode(), (error.message or b"").decode())
            _SD.sd_bus_error_free(ctypes.byref(error))
            raise failure
        answer = read_all(reply)
        _SD.sd_bus_message_unref(reply)
        return answer


def as_user(uid, function):
    """What the function gives, or raises, in a process of that user."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            outcome = (True, function())
        except BaseException as failure:  # to be raised again in the parent
            outcome = (False, failure)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(outcome, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        good, value = pickle.load(pipe)
    os.waitpid(child, 0)
    if not good:
        raise value
    return value


def start_daemon(prefix):
    """A bus at the system's address, in this namespace's own /run, with the policies of that installation."""
    os.makedirs("/run/dbus", mode=0o755, exist_ok=True)
    with open("/run/dbus.conf", "w", encoding="ascii") as file:
        file.write(CONFIG.format(address=ADDRESS, prefix=prefix, let_through=LET_THROUGH))
    with open("/run/dbus.log", "ab") as log:
        daemon = subprocess.Popen(["dbus-daemon", "--config-file=/run/dbus.conf", "--nofork", "--nopidfile"],
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    wait_for("/run/dbus/system_bus_socket")
    return daemon


def start_polkit(verdicts, journal):
    """A process that plays polkit. verdicts: action -> "yes", "ask" (yes, if people may be asked), "challenge" (nobody is there
    whom it could ask), "never" (no answer) or "no", which is the rule; what it was asked is appended to the file `journal`, a
    line each: action, flags, details."""
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        client = Client()
        _good(_SD.sd_bus_request_name(client.bus, b"org.freedesktop.PolicyKit1", ctypes.c_uint64(0)), "name")
        os.write(told, b"1")
        while True:
            _answer_as_polkit(client, verdicts, journal)
    os.close(told)
    os.read(ready, 1)
    os.close(ready)
    return child


def _answer_as_polkit(client, verdicts, journal):
    message = ctypes.c_void_p()
    result = _SD.sd_bus_process(client.bus, ctypes.byref(message))
    if result < 0:
        os._exit(0)  # the bus is gone
    if result == 0:
        _SD.sd_bus_wait(client.bus, ctypes.c_uint64(2**64 - 1))
    if not message or _SD.sd_bus_message_is_method_call(message, None, b"CheckAuthorization") <= 0:
        return
    _subject, action, details, flags, _cancel = read_all(message)
    with open(journal, "a", encoding="utf-8") as file:
        file.write(f"{action} {flags} {sorted(details.items())}\n")
    verdict = verdicts.get(action, "no")
    if verdict == "never":
        return
    allowed = verdict == "yes" or (verdict == "ask" and flags & 1)
    _SD.sd_bus_reply_method_return(message, b"(bba{ss})", ctypes.c_int(int(allowed)),
                                   ctypes.c_int(int(verdict in ("ask", "challenge") and not allowed)), ctypes.c_uint(0))
    _SD.sd_bus_message_unref(message)
