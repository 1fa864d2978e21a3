"""
The parameter ``filter`` of listings: ``field:value,value/field:value``.

Text is compared as ``x`` or ``=x``, as ``~pattern``, and with ``!`` before either; numbers and
times are one value, or a range ``from,to`` of which one end may be empty.
"""

from __future__ import annotations

import datetime
import fnmatch
import re
import typing as t

from . import answers

Test = t.Callable[[t.Mapping[str, t.Any]], bool]
Kinds = t.Mapping[str, str]

#: what the fields of files are
FILES = {
    "name": "text",
    "type": "text",
    "user": "text",
    "group": "text",
    "permissions": "text",
    "size": "number",
    "last_modified": "time",
}
#: what the fields of tasks are
TASKS = {
    "task_id": "text",
    "type": "text",
    "status": "text",
    "label": "text",
    "username": "text",
    "request_time": "time",
    "completion_time": "time",
}
#: what the fields of events are
EVENTS = {"is_error": "flag", "code": "text"}


def parse(texts: t.Iterable[str], kinds: Kinds) -> Test:
    """
    The test that all filters of a request make together.

    :param texts: the filters, each with clauses joined by ``/``
    :param kinds: the fields that may be used: ``text``, ``number``, ``time`` or ``flag``
    :raises ApiError: 400 for a filter that cannot be read
    """
    clauses = [clause for text in texts for clause in text.split("/") if clause]
    tests = [_clause(clause, kinds) for clause in clauses]
    return lambda document: all(test(document) for test in tests)


def _clause(clause: str, kinds: Kinds) -> Test:
    field, colon, value = clause.partition(":")
    kind = kinds.get(field)
    if not colon or kind is None:
        known = ", ".join(sorted(kinds))
        raise answers.bad(f"cannot filter by {clause!r}; a clause is field:value, with {known}")
    if kind == "text":
        return _text(field, value.split(","))
    if kind == "flag":
        if value not in {"0", "1"}:
            raise answers.bad(f"{field} must be 0 or 1, not {value!r}")
        return lambda document: bool(document[field]) is (value == "1")
    return _range(field, value, int if kind == "number" else moment)


def _text(field: str, values: t.Sequence[str]) -> Test:
    wanted = [_pattern(value) for value in values if not value.startswith("!")]
    unwanted = [_pattern(value[1:]) for value in values if value.startswith("!")]

    def test(document: t.Mapping[str, t.Any]) -> bool:
        found = str(document[field] or "")
        if any(pattern.fullmatch(found) for pattern in unwanted):
            return False
        return not wanted or any(pattern.fullmatch(found) for pattern in wanted)

    return test


def _pattern(value: str) -> re.Pattern[str]:
    if value.startswith("~"):
        return re.compile(fnmatch.translate(value[1:]), re.DOTALL)
    return re.compile(re.escape(value.removeprefix("=")))


def _range(field: str, value: str, read: t.Callable[[str], t.Any]) -> Test:
    ends = value.split(",")
    if len(ends) > 2:
        raise answers.bad(f"{field} takes one value or a range, not {value!r}")
    try:
        low, high = (None if end == "" else read(end) for end in (ends[0], ends[-1]))
    except ValueError as error:
        raise answers.bad(f"{field} cannot be compared with {value!r}") from error

    def test(document: t.Mapping[str, t.Any]) -> bool:
        if document[field] is None:
            return False
        found = read(str(document[field]))
        return (low is None or found >= low) and (high is None or found <= high)

    return test


def moment(text: str) -> datetime.datetime:
    """
    A time; one without a zone is in UTC.

    :param text: the time in ISO format
    :raises ValueError: if it is no time
    """
    found = datetime.datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)


def in_order(
    documents: t.Iterable[dict[str, t.Any]], orderby: str, kinds: Kinds
) -> list[dict[str, t.Any]]:
    """
    Sort documents.

    :param documents: the documents
    :param orderby: fields joined by ``,``, each perhaps with `` ASC`` or `` DESC``
    :param kinds: the fields that may be used
    :raises ApiError: 400 for anything else
    """
    ordered = list(documents)
    for key in reversed([part for part in orderby.split(",") if part]):
        field, _, direction = key.strip().partition(" ")
        if field not in kinds or direction.strip().upper() not in {"", "ASC", "DESC"}:
            raise answers.bad(f"cannot order by {key!r}")
        ordered.sort(
            key=lambda document: (document[field] is not None, document[field]),
            reverse=direction.strip().upper() == "DESC",
        )
    return ordered
