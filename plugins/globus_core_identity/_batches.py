"""
Cutting keys into requests that a server accepts.
"""

from __future__ import annotations

import typing as t

from globus_core.identities import is_username

#: keys that Globus Auth takes in one request
MOST_KEYS = 100
#: bytes that the keys of one request may have on the request line; servers commonly end at 8192
MOST_BYTES = 6144

_COMMA = len("%2C")
# What no client percent-encodes (RFC 3986 section 2.3).
_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"


class Batch(t.NamedTuple):
    """
    The keys of one request.
    """

    kind: t.Literal["ids", "usernames"]
    keys: list[str]


def batches(keys: t.Iterable[str], size: int = MOST_KEYS) -> list[Batch]:
    """
    Cut keys into batches of one kind each, bounded by number and by bytes when encoded.

    :param keys: keys in normal form
    :param size: how many keys a batch may have
    """
    ids: list[str] = []
    usernames: list[str] = []
    for key in keys:
        (usernames if "@" in key or is_username(key) else ids).append(key)
    return [Batch("ids", part) for part in _cut(ids, size)] + [
        Batch("usernames", part) for part in _cut(usernames, size)
    ]


def _cut(keys: list[str], size: int) -> t.Iterator[list[str]]:
    part: list[str] = []
    used = 0
    for key in keys:
        data = key.encode(errors="replace")
        length = len(data) + 2 * len(data.translate(None, _PLAIN)) + _COMMA
        if part and (len(part) == size or used + length > MOST_BYTES):
            yield part
            part, used = [], 0
        part.append(key)
        used += length
    if part:
        yield part
