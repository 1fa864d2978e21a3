"""
Keeping queries out of urllib3's own log lines, which show the target of every request.
"""

from __future__ import annotations

import logging

TYPE_CHECKING = False
if TYPE_CHECKING:
    import contextvars
    import typing as t

_LOGGERS = ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry")


class _NoQueries(logging.Filter):
    """Cuts the query off all URLs in a record that a request of ours makes."""

    def __init__(self, current: contextvars.ContextVar[t.Any]) -> None:
        super().__init__()
        self._current = current

    def filter(self, record: logging.LogRecord) -> bool:
        if self._current.get() is not None and isinstance(record.args, tuple):
            record.args = tuple(map(_without_query, record.args))
        return True


def _without_query(argument: object) -> object:
    text = argument if isinstance(argument, str) else None
    if isinstance(argument, BaseException):  # whose text may show the URL
        text = str(argument)
    if text is None or "?" not in text:
        return argument
    return f"{text.partition('?')[0]}?..."


_filter: _NoQueries | None = None


def hide_queries(current: contextvars.ContextVar[t.Any]) -> None:
    """
    Have queries cut off in the lines that urllib3 logs; other users of urllib3 are left alone.

    :param current: set while a request of ours is being sent
    """
    global _filter
    if _filter is None:
        _filter = _NoQueries(current)
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_filter)  # a second time does nothing
