"""Documents to ingest: checked, and put into an index."""

from __future__ import annotations

import json
import typing as t
import uuid

from . import answers
from .access import GROUP, IDENTITY
from .indices import MEGABYTE, MOST_ENTRIES, Entry, Index
from .tasks import TaskFailure

Pairs = list[tuple[str, Entry]]

_KINDS = ("GMetaEntry", "GMetaList")
_FIELDS = {"@datatype", "@version", "subject", "id", "visible_to", "content", "mimetype"}
_EVERYONE = ("public", "all_authenticated_users")

#: limits of Search: bytes of a subject, length of ``visible_to``, levels of a content
LONGEST_SUBJECT = 500
MOST_PRINCIPALS = 100
DEEPEST = 20


def read(document: t.Mapping[str, t.Any]) -> Pairs:
    """
    The entries of a document, with their subjects.

    :param document: the body of an ingest request
    :raises ApiError: 400 if it is wrong; says where
    """
    kind, data = document.get("ingest_type"), document.get("ingest_data")
    if kind not in _KINDS:
        raise answers.invalid(f"ingest_type must be {' or '.join(_KINDS)}", "ingest_type")
    if not isinstance(data, dict):
        raise answers.invalid("ingest_data must be an object", "ingest_data")
    if kind == "GMetaEntry":
        return [read_entry(data, "ingest_data")]
    if not isinstance(data.get("gmeta"), list):
        raise answers.invalid("gmeta must be a list", "ingest_data.gmeta")
    return [
        read_entry(entry, f"ingest_data.gmeta.{place}") for place, entry in enumerate(data["gmeta"])
    ]


def read_entry(entry: t.Any, where: str) -> tuple[str, Entry]:
    """
    An entry with its subject.

    :param entry: the document
    :param where: where it was, for errors
    :raises ApiError: 400 if it is wrong
    """
    if not isinstance(entry, dict):
        raise answers.invalid("an entry must be an object", where)
    if unknown := entry.keys() - _FIELDS:
        raise answers.invalid(f"an entry has no field {min(unknown)!r}", where)
    subject, entry_id, content = entry.get("subject"), entry.get("id"), entry.get("content")
    if not isinstance(subject, str) or not 0 < len(subject.encode()) <= LONGEST_SUBJECT:
        wanted = f"subject must be a text of {LONGEST_SUBJECT} bytes at most"
        raise answers.invalid(wanted, f"{where}.subject")
    if entry_id is not None and not isinstance(entry_id, str):
        raise answers.invalid("id must be a text or null", f"{where}.id")
    if not isinstance(content, dict) or not _is_shallow(content, DEEPEST):
        wanted = f"content must be an object of {DEEPEST} levels at most"
        raise answers.invalid(wanted, f"{where}.content")
    visible_to = _principals(entry.get("visible_to"), f"{where}.visible_to")
    size = len(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode())
    return subject, Entry(entry_id, visible_to, content, size)


def put(index: Index, entries: Pairs) -> None:
    """
    Put entries into an index.

    :param index: the index
    :param entries: the entries, with their subjects
    :raises TaskFailure: at the first that does not fit; those before it are in the index
    """
    for subject, entry in entries:
        before = index.subjects.get(subject, {})
        if entry.id not in before and len(before) >= MOST_ENTRIES:
            detail = f"a subject has {MOST_ENTRIES} entries at most"
            raise TaskFailure(detail, {"subject": subject})
        if index.size + entry.size > index.max_size_in_mb * MEGABYTE:
            limit = f"the index would exceed its limit of {index.max_size_in_mb} MB"
            raise TaskFailure(limit, {"subject": subject})
        index.put(subject, entry)


def _principals(value: t.Any, where: str) -> frozenset[str]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_PRINCIPALS:
        raise answers.invalid(f"visible_to must be a list of 1 to {MOST_PRINCIPALS}", where)
    for principal in value:
        if not _is_principal(principal):
            raise answers.invalid(f"{principal!r} is no principal", where)
    return frozenset(
        principal if principal in _EVERYONE else principal.lower() for principal in value
    )


def _is_principal(value: t.Any) -> bool:
    if not isinstance(value, str):
        return False
    if value in _EVERYONE:
        return True
    for prefix in (IDENTITY, GROUP):
        if value.lower().startswith(prefix):
            return _is_uuid(value[len(prefix) :])
    return False


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_shallow(value: t.Any, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)
