"""
Entries as JSON, put together to requests that are not too large.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import uuid

from globus_core.exc import GlobusSDKUsageError

from .ingest_results import FaultyEntry

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_BEGIN = b'{"ingest_type":"GMetaList","ingest_data":{"gmeta":['
_END = b"]}}"
ENVELOPE = len(_BEGIN) + len(_END)


@dataclasses.dataclass(frozen=True)
class EncodedEntry:
    """
    An entry that can be sent.

    :param position: its position among all entries
    :param subject: its subject
    :param entry_id: its id, or None
    :param text: the entry as JSON
    """

    position: int
    subject: str
    entry_id: str | None
    text: bytes

    def faulty(self, reason: str) -> FaultyEntry:
        """
        The same as an entry that was not ingested.

        :param reason: why
        """
        return FaultyEntry(self.position, self.subject, self.entry_id, reason)


@dataclasses.dataclass(frozen=True)
class Batch:
    """
    Entries that follow each other, to be sent in one request.

    :param end: the position after the last of them
    :param entries: those that can be sent
    :param faulty: those among them that cannot
    :param digest: the digest of all entries up to the end
    """

    end: int
    entries: list[EncodedEntry]
    faulty: list[FaultyEntry]
    digest: str


def body(entries: t.Iterable[EncodedEntry]) -> bytes:
    """
    The document that ingests entries.

    :param entries: the entries
    """
    return b"".join((_BEGIN, b",".join(entry.text for entry in entries), _END))


class Batches:
    """
    Reads entries one by one, and makes batches of them.

    :param entries: the entries
    :param most_bytes: the largest request, in bytes
    """

    def __init__(self, entries: t.Iterable[t.Any], most_bytes: int) -> None:
        self._entries = enumerate(entries)
        self._most_bytes = most_bytes
        self._digest = hashlib.sha256()

    def skip(self, count: int, digest: str) -> None:
        """
        Pass over entries that were ingested before.

        :param count: how many
        :param digest: their digest
        :raises GlobusSDKUsageError: if they are not the same
        """
        for _ in range(count):
            if self._next() is None:
                break
        if count and self._digest.hexdigest() != digest:
            raise GlobusSDKUsageError(
                f"the first {count} entries are not those that were ingested before"
            )

    def __iter__(self) -> t.Iterator[Batch]:
        entries: list[EncodedEntry] = []
        faulty: list[FaultyEntry] = []
        size, end, digest = ENVELOPE, 0, self._digest.hexdigest()
        while (found := self._next()) is not None:
            if isinstance(found, FaultyEntry):
                faulty.append(found)
            else:
                length = len(found.text) + 1
                if entries and size + length > self._most_bytes:
                    yield Batch(found.position, entries, faulty, digest)
                    entries, faulty, size = [], [], ENVELOPE
                entries.append(found)
                size += length
            end, digest = found.position + 1, self._digest.hexdigest()
        if entries or faulty:
            yield Batch(end, entries, faulty, digest)

    def _next(self) -> EncodedEntry | FaultyEntry | None:
        position, entry = next(self._entries, (-1, None))
        if position < 0:
            return None
        found = _encoded(position, entry, self._most_bytes - ENVELOPE)
        text = found.text if isinstance(found, EncodedEntry) else found.reason.encode()
        self._digest.update(b"%d:%s\n" % (len(text), text))
        return found


def _encoded(position: int, entry: t.Any, most_bytes: int) -> EncodedEntry | FaultyEntry:
    get = getattr(entry, "get", None)
    if get is None or not hasattr(entry, "items"):
        return FaultyEntry(position, None, None, f"it is no dict, but {type(entry).__name__}")
    subject, entry_id = get("subject"), get("id")
    if not isinstance(entry_id, str):
        entry_id = None  # Search refuses anything else
    if not isinstance(subject, str) or not subject:
        return FaultyEntry(position, None, entry_id, "it has no subject")
    try:
        text = _text(entry)
    except (TypeError, ValueError, RecursionError) as error:
        reason = f"it cannot be written as JSON: {error}"
        return FaultyEntry(position, subject, entry_id, reason)
    if len(text) > most_bytes:
        reason = f"it has {len(text)} bytes, more than the {most_bytes} that a request can have"
        return FaultyEntry(position, subject, entry_id, reason)
    return EncodedEntry(position, subject, entry_id, text)


def _text(entry: t.Any) -> bytes:
    text = json.dumps(
        dict(entry), separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    )
    return text.encode()


def _plain(value: object) -> str:
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"a value is of type {type(value).__name__}")
