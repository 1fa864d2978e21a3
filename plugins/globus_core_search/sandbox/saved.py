"""Indices as JSON data, for the file in which a sandbox keeps its state."""

from __future__ import annotations

import typing as t

from globus_core.testing.sandbox import ApiError

from . import ingesting
from .indices import Index

_FIELDS = (
    "id",
    "display_name",
    "description",
    "created",
    "max_size_in_mb",
    "subscription_id",
    "status",
)


def dumped(index: Index) -> dict[str, t.Any]:
    """
    An index with its roles and entries.

    :param index: the index
    """
    entries = [
        {
            "subject": subject,
            "id": entry.id,
            "visible_to": sorted(entry.visible_to),
            "content": entry.content,
        }
        for subject, entries in index.subjects.items()
        for entry in entries.values()
    ]
    fields = {name: getattr(index, name) for name in _FIELDS}
    return {**fields, "roles": [*index.roles.values()], "entries": entries}


def loaded(document: t.Mapping[str, t.Any]) -> Index:
    """
    The index that :func:`dumped` has described.

    :param document: the data
    :raises ValueError: if it does not fit
    """
    try:
        index = Index(**{name: document[name] for name in _FIELDS})
        index.roles = {role["id"]: dict(role) for role in document["roles"]}
        for entry in document["entries"]:
            index.put(*ingesting.read_entry(entry, "entries"))
    except (KeyError, TypeError, ApiError) as error:
        raise ValueError(f"an index does not fit: {error}") from error
    return index
