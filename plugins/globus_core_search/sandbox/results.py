"""The documents of what was found."""

from __future__ import annotations

import typing as t

from .indices import Entry


def result(subject: str, entries: t.Iterable[Entry]) -> dict[str, t.Any]:
    """
    A subject that was found.

    :param subject: the subject
    :param entries: the entries to show
    """
    return {
        "@datatype": "GMetaResult",
        "@version": "2019-08-27",
        "subject": subject,
        "entries": [
            {"entry_id": entry.id, "content": entry.content, "matched_principal_sets": []}
            for entry in entries
        ],
    }


def values(content: t.Any, field: str) -> list[t.Any]:
    """
    The values of a field; those in lists are several.

    :param content: the content of an entry
    :param field: the field, with dots between its levels
    """
    found = [content]
    for name in field.split("."):
        found = [inner[name] for value in found for inner in _each(value) if _has(inner, name)]
    return [inner for value in found for inner in _each(value) if inner is not None]


def _each(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [value]


def _has(value: t.Any, name: str) -> bool:
    return isinstance(value, dict) and name in value
