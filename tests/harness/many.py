# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many calls at once from one connection to the bus: sent without waiting for what they answer."""
import ctypes
import time

from harness import bus
from harness.bus import BusError

_SD = ctypes.CDLL("libsystemd.so.0", use_errno=True)
_SD.sd_bus_message_get_error.restype = ctypes.c_void_p


class _Error(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("message", ctypes.c_char_p), ("need_free", ctypes.c_int)]


def _good(result, what):
    if result < 0:
        raise OSError(-result, what)
    return result


class Many(bus.Client):
    """A connection whose calls are answered later."""

    def __init__(self):
        super().__init__()
        self.answers = {}

    def post(self, target, member, signature="", *values):
        """Sends a call, and returns the number under which its answer comes."""
        message, cookie = ctypes.c_void_p(), ctypes.c_uint64()
        name, path, interface = (part.encode() for part in target)
        _good(_SD.sd_bus_message_new_method_call(self.bus, ctypes.byref(message), name, path, interface, member.encode()), "new")
        for kind, value in zip(signature, values):
            one = ctypes.c_char_p(value.encode()) if isinstance(value, str) else ctypes.byref(ctypes.c_int(value))
            _good(_SD.sd_bus_message_append_basic(message, ctypes.c_char(kind.encode()), one), "append")
        result = _SD.sd_bus_send(self.bus, message, ctypes.byref(cookie))
        _SD.sd_bus_message_unref(message)
        _good(result, "send")
        return cookie.value

    def poll(self):
        """Takes in what is there; returns how many calls are answered."""
        while True:
            message = ctypes.c_void_p()
            if _good(_SD.sd_bus_process(self.bus, ctypes.byref(message)), "process") == 0:
                return len(self.answers)
            if message:
                self._note(message)
                _SD.sd_bus_message_unref(message)

    def wait(self, count, seconds):
        """Waits until so many answers are there: number -> list of values, or the BusError."""
        end = time.monotonic() + seconds
        while self.poll() < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.answers)} of {count} calls are answered after {seconds} s")
            _SD.sd_bus_wait(self.bus, ctypes.c_uint64(100000))
        return self.answers

    def _note(self, message):
        cookie = ctypes.c_uint64()
        if _SD.sd_bus_message_get_reply_cookie(message, ctypes.byref(cookie)) < 0:
            return  # a signal
        if not _SD.sd_bus_message_is_method_error(message, None):
            self.answers[cookie.value] = bus.read_all(message)
            return
        error = ctypes.cast(_SD.sd_bus_message_get_error(message), ctypes.POINTER(_Error)).contents
        self.answers[cookie.value] = BusError((error.name or b"").decode(), (error.message or b"").decode())

    def names(self):
        """How many calls ended how: name of the error, or ok -> number."""
        found = {}
        for answer in self.answers.values():
            name = answer.name if isinstance(answer, BusError) else "ok"
            found[name] = found.get(name, 0) + 1
        return found
