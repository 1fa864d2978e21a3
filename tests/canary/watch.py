"""
Everything that people, logs and other processes could see while the SDK is driven.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import logging
import pickle
import sys
import typing as t
import warnings
from urllib.parse import parse_qsl

import pytest
import requests

from globus_core import hookimpl
from globus_core.aio import AioTransport
from globus_core.exc import GlobusError, NotPicklableError
from globus_core.testing import CanarySecrets

#: what an API error holds as it came over the wire; everything else of it is shown to people
_AS_IT_CAME = {"binary_content", "content_type", "headers", "raw_json", "text"}
#: fields of requests and answers whose values are secrets
_SECRET_FIELDS = {
    "access_token",
    "client_secret",
    "code",
    "code_verifier",
    "id_token",
    "refresh_token",
    "secret",
    "token",
}
_SERVER_LOGGERS = ("authlib", "flask", "werkzeug")


class Watch(logging.Handler):
    """
    Takes down what is seen, line by line, and knows the secrets of the run.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.secrets = CanarySecrets()
        self.scenario = ""
        self.lines: dict[str, str] = {}
        self.kinds: set[type] = set()
        self.events: list[t.Any] = []
        self.stuck: set[str] = set()

    def leaks(self) -> list[str]:
        """Each secret that was seen, with the place."""
        return self.secrets.found_in(self.lines)

    # taking down

    def text(self, where: str, text: object) -> None:
        """Take down a text."""
        for line in str(text).splitlines():
            self.lines.setdefault(line, f"{self.scenario}: {where}")

    def show(self, value: t.Any, *, holds_tokens: bool = False) -> t.Any:
        """
        Take down an object as people see it, and as it travels.

        :param value: the object, which is returned
        :param holds_tokens: it is there to hold them, and takes them along where it travels
        """
        name = type(value).__name__
        self.kinds.update(type(value).__mro__)
        self.text(f"repr of {name}", repr(value))
        self.text(f"repr of a list of {name}", [value])
        self.text(f"str of {name}", str(value))
        if not isinstance(value, type) and hasattr(value, "_repr_html_"):
            self.text(f"{name} in a notebook", value._repr_html_())
        self.text(f"format of {name}", f"{value}")
        if not holds_tokens:
            self._travel(value)
        return value

    def _travel(self, value: t.Any) -> None:
        name = type(value).__name__
        try:
            data = pickle.dumps(value)
        except NotPicklableError as error:
            self.error(error)
        except Exception as error:  # not everything can travel
            self.text(f"why {name} cannot be pickled", repr(error))
        else:
            self.text(f"pickle of {name}", data.decode("latin-1"))
            self._unpickle(name, data)
        if isinstance(value, BaseException):
            with contextlib.suppress(TypeError):  # foreign constructors
                self._fields(f"copy of {name}", copy.copy(value), set())

    def _unpickle(self, name: str, data: bytes) -> None:
        try:
            self._fields(f"unpickled {name}", pickle.loads(data), set())
        except Exception as error:  # in a process pool, this would hang
            self.stuck.add(f"{name}: {error!r}")

    def error(self, error: BaseException) -> None:
        """Take down an exception with all that hangs on it."""
        explain = getattr(error, "explain", None)
        if explain is not None:
            self.text(f"explain of {type(error).__name__}", explain())
        with _untraced():
            self._error(error)
            # as programs do; the record is taken down with the whole traceback
            logging.getLogger("a.program").exception("it failed: %s", error, exc_info=error)

    def _error(self, error: BaseException) -> None:
        waiting: list[t.Any] = [error]
        seen: list[t.Any] = []
        while waiting:
            one = waiting.pop()
            if not isinstance(one, BaseException) or any(one is other for other in seen):
                continue
            seen.append(one)
            self._one_error(one)
            waiting += [one.__cause__, one.__context__, *one.args, *vars(one).values()]

    def _one_error(self, error: BaseException) -> None:
        name = type(error).__name__
        # what is kept of requests has the request, and does not travel with our error
        self.show(error, holds_tokens=not isinstance(error, (GlobusError, Warning)))
        self.text(f"args of {name}", repr(error.args))
        self.text(f"notes of {name}", repr(getattr(error, "__notes__", None)))
        for attribute in ("doc", "object", "filename", "strerror"):
            self.text(f"{attribute} of {name}", repr(getattr(error, attribute, None)))
        self._fields(name, error, _AS_IT_CAME)

    def _fields(self, where: str, value: t.Any, leave: set[str]) -> None:
        """Public attributes, and what these are made of."""
        for attribute in dir(value):
            if attribute.startswith("_") or attribute in leave:
                continue
            with contextlib.suppress(Exception):
                found = getattr(value, attribute)
                if callable(found):
                    continue
                self.text(f"{where}.{attribute}", repr(found))
                self.text(f"{where}.{attribute}", str(found))
                if type(found).__module__.startswith("globus_core.exc"):
                    self.text(f"{where}.{attribute}", repr(getattr(found, "__dict__", None)))

    # doing

    def attempt(self, action: t.Callable[..., t.Any], *args: t.Any, **options: t.Any) -> t.Any:
        """Do something that works or fails; take down the exception. None if it failed."""
        try:
            return action(*args, **options)
        except Exception as error:
            self.error(error)
            return None

    def failing(self, action: t.Callable[..., t.Any], *args: t.Any, **options: t.Any) -> None:
        """Do something that must fail, and take down the exception."""
        before = len(self.lines)
        worked = self.attempt(lambda: (action(*args, **options),))
        assert worked is None, f"{self.scenario}: {action} did not fail but gave {worked!r}"
        assert len(self.lines) >= before

    # logs, events, the wire

    def emit(self, record: logging.LogRecord) -> None:
        """Take down a log record: its line, and each thing in it."""
        if record.name.partition(".")[0] in _SERVER_LOGGERS:
            return
        where = f"log of {record.name}"
        self.text(where, logging.Formatter().format(record))
        self.text(where, repr({**vars(record), "exc_text": None}))

    def event(self, event: t.Any) -> None:
        """Take down what an observer is told."""
        self.show(event)
        self.events.append(event)
        for name in dir(event):
            if not name.startswith("_"):
                self.text(f"event {name}", repr(getattr(event, name)))

    def learn(self, request: requests.PreparedRequest, response: requests.Response | None) -> None:
        """Note the secrets that go over the wire, in either direction."""
        authorization: t.Any = request.headers.get("Authorization")
        if authorization:
            self.secrets.add("an Authorization header", authorization.partition(" ")[2])
        body: t.Any = request.body or b""
        if isinstance(body, (str, bytes)):  # a stream can be read only once, by who sends it
            self._learn_form(body if isinstance(body, str) else body.decode("utf-8", "ignore"))
        if response is None:
            return
        with contextlib.suppress(ValueError):
            self._learn_json(response.json())

    def _learn_form(self, body: str) -> None:
        for name, value in parse_qsl(body):
            if name in _SECRET_FIELDS:
                self.secrets.add(f"a sent {name}", value)
        with contextlib.suppress(ValueError):
            self._learn_json(json.loads(body))

    def _learn_json(self, value: t.Any) -> None:
        if isinstance(value, list):
            for item in value:
                self._learn_json(item)
        if not isinstance(value, dict) or "error" in value or "errors" in value:
            return
        for name, item in value.items():
            if name in _SECRET_FIELDS - {"code"} and isinstance(item, str):
                self.secrets.add(f"a received {name}", item)
            self._learn_json(item)


class Observer:
    """A plugin that sees every event."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    @hookimpl
    def globus_before_request(self, event: t.Any) -> None:
        """Before an attempt."""
        self._watch.event(event)

    @hookimpl
    def globus_after_response(self, event: t.Any) -> None:
        """After an attempt."""
        self._watch.event(event)

    @hookimpl
    def globus_token_event(self, event: t.Any) -> None:
        """When something happens to a token."""
        self._watch.event(event)

    @hookimpl
    def globus_before_step(self, event: t.Any) -> None:
        """Before longer work."""
        self._watch.event(event)

    @hookimpl
    def globus_after_step(self, event: t.Any) -> None:
        """After longer work."""
        self._watch.event(event)


@contextlib.contextmanager
def _untraced() -> t.Iterator[None]:
    """Formatting tracebacks calls much that nobody wants to know of."""
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(trace)


def _learning(watch: Watch, send: t.Callable[..., requests.Response]) -> t.Any:
    """A way to send requests that notes their secrets as well."""

    def learning(
        self: t.Any, request: requests.PreparedRequest, **options: t.Any
    ) -> requests.Response:
        watch.learn(request, None)
        response = send(self, request, **options)
        watch.learn(request, None if options.get("stream") else response)
        return response

    return learning


@contextlib.contextmanager
def watching() -> t.Iterator[Watch]:
    """
    Watch logs at DEBUG, warnings, the terminal and the wire for as long as the block lasts.
    """
    watch = Watch()
    out, err = io.StringIO(), io.StringIO()
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "globus_core", "urllib3")}
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for sender in (requests.Session, AioTransport):
            patch.setattr(sender, "send", _learning(watch, sender.send))
        patch.setattr("globus_core.transport.retry.exponential_backoff", lambda _: 0.0)
        caught = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        patch.setattr(root, "handlers", [watch])
        for name in levels:
            logging.getLogger(name).setLevel(logging.DEBUG)
        try:
            yield watch
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
    watch.scenario = "all"
    for warning in caught:
        watch.text("warning", str(warning))
        watch.show(warning.message)
    watch.text("standard output", out.getvalue())
    watch.text("standard error", err.getvalue())
