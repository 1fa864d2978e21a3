"""
JSON bodies nested more deeply than Python's stack allows: the same work without recursion.

It is slow, and so only used where recursion has failed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from globus_core.documents import MISSING
from globus_core.exc.base import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    #: yields the calls that it would make, is sent their results, and returns its own
    Call = t.Generator["Call", t.Any, t.Any]

_LISTS = (list, tuple, set, frozenset)


def clean(value: t.Any, clean_one: t.Callable[[t.Any], t.Any]) -> t.Any:
    """
    A value whose mappings are dicts and whose lists are lists, without MISSING.

    :param value: the value
    :param clean_one: does this for a value that contains no others
    :raises GlobusSDKUsageError: if the value contains itself
    """
    return _run(_clean(value, clean_one, set()))


def dumps(value: t.Any) -> str:
    """
    Serialise a value as ``json.dumps`` does.

    :param value: dicts, lists and what is in them
    :raises TypeError: if something in it cannot be serialised
    :raises ValueError: if it has a number that JSON does not have
    """
    pieces: list[str] = []
    _run(_write(value, pieces))
    return "".join(pieces)


def _run(call: Call) -> t.Any:
    calls, result = [call], None
    while calls:
        try:
            inner = calls[-1].send(result)
        except StopIteration as end:
            calls.pop()
            result = end.value
        else:
            calls.append(inner)
            result = None
    return result


def _clean(value: t.Any, clean_one: t.Callable[[t.Any], t.Any], within: set[int]) -> Call:
    if not isinstance(value, (Mapping, *_LISTS)):
        return clean_one(value)
    if id(value) in within:
        raise GlobusSDKUsageError("the body cannot be sent as JSON: a part of it contains itself")
    within.add(id(value))
    made: t.Any
    if isinstance(value, Mapping):
        made = {}
        for key, item in value.items():
            if item is not MISSING:
                made[key] = yield _clean(item, clean_one, within)
    else:
        made = []
        for item in value:
            if item is not MISSING:
                made.append((yield _clean(item, clean_one, within)))
    within.remove(id(value))
    return made


def _write(value: t.Any, pieces: list[str]) -> Call:
    if isinstance(value, dict):
        before = "{"
        for key, item in value.items():
            pieces += [before, json.dumps({key: 0})[1:-4], ": "]
            yield _write(item, pieces)
            before = ", "
        pieces.append("}" if value else "{}")
    elif isinstance(value, (list, tuple)):
        before = "["
        for item in value:
            pieces.append(before)
            yield _write(item, pieces)
            before = ", "
        pieces.append("]" if value else "[]")
    else:
        pieces.append(json.dumps(value, allow_nan=False))
