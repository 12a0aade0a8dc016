# SPDX-License-Identifier: LGPL-2.1-or-later
"""A client of Varlink that can also misbehave."""
import json
import socket

USERS = "/run/systemd/userdb/io.systemd.Home"
DATABASE = "io.systemd.UserDatabase"


class Client:
    """One connection. Nothing in it waits for longer than `patience` seconds."""

    def __init__(self, path=USERS, patience=20):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(patience)
        self.socket.connect(path)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """Sends bytes as they are."""
        self.socket.sendall(data)

    def ask(self, method, more=False, **parameters):
        """Sends a call and does not wait."""
        self.send(json.dumps({"method": method, "parameters": parameters, **({"more": True} if more else {})}).encode() + b"\0")

    def receive(self):
        """The next message; None when the service has hung up."""
        while b"\0" not in self.rest:
            try:
                data = self.socket.recv(1 << 16)
            except ConnectionError:
                data = b""
            if not data:
                return None
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, more=False, **parameters):
        """Calls a method and returns its replies; the last may be an error."""
        self.ask(method, more, **parameters)
        replies = [self.receive()]
        while replies[-1] and replies[-1].get("continues"):
            replies.append(self.receive())
        return replies

    def users(self, method, more=False, service="io.systemd.Home", **parameters):
        """Calls a method of the user database."""
        return self.call(f"{DATABASE}.{method}", more, service=service, **parameters)


def record(user):
    """The record of a user as this process may see it, and whether it is incomplete."""
    with Client() as client:
        parameters = client.users("GetUserRecord", userName=user)[0]["parameters"]
        return parameters["record"], parameters["incomplete"]
