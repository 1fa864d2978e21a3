"""
Dividing keys into requests that a server accepts.
"""

from __future__ import annotations

import typing as t

from globus_core.identities.keys import all_canonical, is_canonical

#: how many keys Globus Auth accepts in one request
MOST_KEYS = 100
#: how many bytes of the request line the keys may take; servers commonly accept 8192 in all
MOST_BYTES = 6144

_COMMA = len("%2C")
_ID_BYTES = len("5a9db0c1-7e10-4fa3-86d9-0b4c7a61e2f8") + _COMMA
# unreserved characters, which clients do not percent-encode (RFC 3986 section 2.3)
_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"


class Batch(t.NamedTuple):
    """
    The keys of one request.
    """

    kind: t.Literal["ids", "usernames"]
    keys: list[str]


def batches(keys: list[str], size: int = MOST_KEYS) -> list[Batch]:
    """
    Divide keys into batches of one kind, limited by number and by encoded size.

    :param keys: keys in normal form
    :param size: the largest number of keys in a batch
    """
    ids, usernames = keys, []
    if not all_canonical(keys):
        ids = [key for key in keys if is_canonical(key)]
        usernames = [key for key in keys if not is_canonical(key)]
    most_ids = min(size, MOST_BYTES // _ID_BYTES)
    return [
        *(Batch("ids", ids[at : at + most_ids]) for at in range(0, len(ids), most_ids)),
        *(Batch("usernames", part) for part in _cut(usernames, size)),
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
