"""
Whether a document is as its TypedDict says.
"""

from __future__ import annotations

import types
import typing as t


def misfits(value: t.Any, kind: t.Any, where: str = "") -> list[str]:
    """
    What of a document is not as its type says: fields that are missing, unknown or of another type.

    :param value: the document, or a part of it
    :param kind: its type
    :param where: the place in the document
    """
    origin, arguments = t.get_origin(kind), t.get_args(kind)
    if kind is t.Any:
        return []
    if origin in (t.Union, types.UnionType):
        found = [misfits(value, each, where) for each in arguments]
        return [] if [] in found else [f"{where} is {value!r}, not {kind}"]
    if t.is_typeddict(kind):
        return _of_document(value, kind, where)
    if origin is list:
        items = value if isinstance(value, list) else [...]
        return [each for item in items for each in misfits(item, arguments[0], f"{where}[]")]
    if origin is dict:
        items = list(value.values()) if isinstance(value, dict) else [...]
        return [each for item in items for each in misfits(item, arguments[1], f"{where}{{}}")]
    return [] if type(value) is kind else [f"{where} is {value!r}, not {kind.__name__}"]


def _of_document(value: t.Any, kind: t.Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is {value!r}, not a document"]
    fields = t.get_type_hints(kind)
    found = [f"{where}.{name} is missing" for name in kind.__required_keys__ - value.keys()]
    found += [f"{where}.{name} is unknown" for name in value.keys() - fields.keys()]
    for name in value.keys() & fields.keys():
        found += misfits(value[name], fields[name], f"{where}.{name}")
    return found
