"""
Lines on standard error while a command waits for a server, so that it is never silent for long.
"""

from __future__ import annotations

import contextlib
import logging
import threading

import click

from globus_core import hookimpl
from globus_core.origins import origin
from globus_core.plugins import get_plugin_manager
from globus_core.printable import printable

from .log_options import shows_log

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.events import RequestEvent, ResponseEvent

#: seconds without an answer after which that is said
SLOW_SECONDS = 4.0

_NAME = "notes of the running command"
_RETRIES = "globus_core.transport.retries"


def show_network_notes(context: click.Context) -> None:
    """
    Say until the end of a command which server does not answer, and that a request is sent again.

    :param context: the command's context
    """
    outermost = context.find_root()
    if outermost.meta.setdefault(_NAME, context) is context:  # else a command runs another one
        outermost.with_resource(network_notes_shown())


@contextlib.contextmanager
def network_notes_shown() -> t.Iterator[None]:
    """
    Say in a ``with`` block which server does not answer, and that a request is sent again.
    """
    slow = _SlowAnswers()
    manager = get_plugin_manager()
    manager.register(slow, _NAME)
    try:
        with contextlib.nullcontext() if _log_is_shown() else _retries_shown():
            yield
    finally:
        manager.unregister(_NAME)
        slow.stop()


def _log_is_shown() -> bool:
    """Whether the log is shown too, which has the lines on retries."""
    context = click.get_current_context(silent=True)
    return context is not None and shows_log(context)


@contextlib.contextmanager
def _retries_shown() -> t.Iterator[None]:
    logger, handler = logging.getLogger(_RETRIES), _Lines()
    level = logger.level
    logger.addHandler(handler)
    if not logger.isEnabledFor(logging.INFO):
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


class _Lines(logging.Handler):
    """Shows log lines from INFO on."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        _say(record.getMessage())


class _SlowAnswers:
    """A plugin that names a server whose answer takes long, once for each attempt."""

    def __init__(self) -> None:
        self._timers: dict[RequestEvent, threading.Timer] = {}

    @hookimpl
    def globus_before_request(self, event: RequestEvent) -> None:
        text = f"waiting for an answer from {origin(event.url)}"
        timer = self._timers[event] = threading.Timer(SLOW_SECONDS, _say, [text])
        timer.daemon = True
        with contextlib.suppress(RuntimeError):  # no more threads
            timer.start()

    @hookimpl
    def globus_after_response(self, event: ResponseEvent) -> None:
        timer = self._timers.pop(event.request, None)
        if timer is not None:
            timer.cancel()

    def stop(self) -> None:
        """Say nothing more."""
        while self._timers:
            self._timers.popitem()[1].cancel()


def _say(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # nobody reads it
        click.echo(printable(text), err=True)
