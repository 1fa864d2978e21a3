"""
What the events of a task say about its errors.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .answer_documents import TaskEvent

_FILE = re.compile(r"^(?:File|Path): *(.*\S)", re.MULTILINE)
_MESSAGE = re.compile(r"^Message: *(.*\S)", re.MULTILINE)


def new_events(events: list[TaskEvent], before: list[TaskEvent]) -> list[TaskEvent]:
    """
    The events that were not in an earlier list; both lists have the latest first.

    Events have no ids, and equal ones may follow each other, so the lists are laid side by side.

    :param events: the list, which may have been cut off at its end
    :param before: the earlier list
    """
    for count in range(len(events)):
        if events[count:] == before[: len(events) - count]:
            return events[:count]
    return events


def path_and_reason(event: TaskEvent) -> tuple[str | None, str]:
    """
    The path that an error is about, or None if its details have none, and what went wrong.

    :param event: the error; its details are JSON, or lines such as ``File: /a``
    """
    details = str(event.get("details") or "")
    told = event.get("description") or event.get("code") or ""
    try:
        document = json.loads(details)
    except (ValueError, RecursionError):
        path, message = _FILE.search(details), _MESSAGE.search(details)
        return path and path[1], message[1] if message else told
    return _path(document), _text(_field(_field(document, "error"), "body")) or told


def _path(document: t.Any) -> str | None:
    context = _field(document, "context")
    entries = context if isinstance(context, list) else [document]
    return next((path for entry in entries if (path := _text(_field(entry, "path")))), None)


def _field(value: t.Any, name: str) -> t.Any:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: t.Any) -> str | None:
    return value if isinstance(value, str) else None
