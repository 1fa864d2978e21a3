"""
A Secret Service on the session's bus that misbehaves as it is told.

``silent`` takes calls and answers after 30 seconds, ``refused`` is locked and says that the person
has refused to unlock it.
"""

from __future__ import annotations

import time
import typing as t

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.secrets"
COLLECTION = "/org/freedesktop/secrets/collection/login"
PROMPT = "/org/freedesktop/secrets/prompt/p1"
SECONDS = 30


def main(behaviour: str) -> None:
    """Serve until the bus goes away."""
    with open_dbus_connection() as connection:
        reply = connection.send_and_get_reply(message_bus.RequestName(NAME))
        assert reply.body == (1,)
        while True:
            call = connection.receive()
            if call.header.message_type != MessageType.method_call:
                continue
            if behaviour == "silent":
                time.sleep(SECONDS)
            for answer in _answers(call):
                connection.send(answer)


def wait_for_it() -> None:
    """Return once the name is taken."""
    with open_dbus_connection() as connection:
        for _ in range(1000):
            owned = connection.send_and_get_reply(message_bus.NameHasOwner(NAME))
            if owned.body == (True,):
                return
            time.sleep(0.02)
    raise TimeoutError("the stand-in did not start")


def _answers(call: t.Any) -> t.Iterator[t.Any]:
    member = call.header.fields.get(HeaderFields.member)
    if member == "ReadAlias":
        yield new_method_return(call, "o", (COLLECTION,))
    elif member == "Get":  # a property; Locked and Label are asked for
        yield new_method_return(call, "v", (("b", True),))
    elif member == "Unlock":
        yield new_method_return(call, "aoo", ([], PROMPT))
    elif member == "OpenSession":
        yield new_method_return(call, "vo", (("s", ""), "/org/freedesktop/secrets/session/s1"))
    elif member == "Prompt":
        yield new_method_return(call)
        prompt = DBusAddress(PROMPT, NAME, "org.freedesktop.Secret.Prompt")
        yield new_signal(prompt, "Completed", "bv", (True, ("ao", [])))
    else:
        yield new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", (str(member),))
