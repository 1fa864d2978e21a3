"""
Made-up secrets, and finding them in any encoding in which they are exposed.
"""

from __future__ import annotations

import contextlib
import html
import json
import logging
import traceback
import typing as t
from base64 import b64encode
from urllib.parse import quote, quote_plus

if t.TYPE_CHECKING:
    from collections.abc import Iterator

#: between the two halves of a made-up secret: written differently in each encoding
_DIFFICULT = "-~+/%&='\"<"
_EASY = "-._~"
#: the start of each half of a made-up secret
_MARK = "c4nary"
#: shorter values would match in ordinary words
_SHORTEST = 8
#: characters in base64 that depend on the bytes before a value
_BORROWED = (0, 2, 3)


class CanarySecrets:
    """
    Secrets that must not be exposed: made up here, or added, each with a label that says what it
    is.

    In a test, use the fixture ``globus_canary``, which checks the log too.
    """

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}

    def make(self, label: str, *, difficult: bool = False) -> str:
        """
        Make up a secret; either half of it is found.

        :param label: what it is
        :param difficult: with characters that URLs, JSON, HTML and ``repr`` write differently
        """
        number = len(self._labels)
        first, second = f"{_MARK}{number:04}alphaquail", f"{_MARK}{number:04}omegaquail"
        self._labels[first] = self._labels[second] = label
        return f"{first}{_DIFFICULT if difficult else _EASY}{second}"

    def add(self, label: str, value: str) -> None:
        """
        Also look for a given value; for an ID token, also for its parts.

        :param label: what it is
        :param value: the value
        """
        parts = [value, *value.split(".")[1:]] if value.startswith("eyJ") else [value]
        for part in parts:
            if len(part) >= _SHORTEST and _MARK not in part:
                self._labels.setdefault(part, label)

    def assert_hidden(self, *things: object) -> None:
        """
        Fail if any of the secrets is in the text or the ``repr`` of a thing, or in the traceback,
        causes and notes of an exception.

        :param things: texts, objects, exceptions
        :raises AssertionError: if one is found; names it and the place
        """
        lines = {line: where for thing in things for where, line in _shown(thing)}
        found = self.found_in(lines)
        assert not found, "\n".join(found)

    def __len__(self) -> int:
        return len(set(self._labels.values()))

    def found_in(self, lines: t.Mapping[str, str]) -> list[str]:
        """
        The secrets in some lines, as messages.

        :param lines: the place of each line
        """
        text = "\n".join(lines)
        small = text.lower()
        marked = any(mark in text or mark in small for mark in spellings(_MARK))
        found = []
        for value, label in self._labels.items():
            if value.startswith(_MARK) and not marked:
                continue
            for spelling in spellings(value):
                if spelling in text or spelling in small:
                    found += [
                        f"{label} in {where}: {_around(line, spelling)}"
                        for line, where in lines.items()
                        if spelling in line or spelling in line.lower()
                    ]
        return sorted(set(found))


@contextlib.contextmanager
def everything_logged() -> Iterator[list[str]]:
    """
    Collect the formatted lines of all loggers in the block, down to DEBUG.
    """
    lines: list[str] = []
    handler = logging.Handler()
    formatter = logging.Formatter()
    handler.emit = lambda record: lines.append(formatter.format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def spellings(value: str) -> set[str]:
    """
    The encodings of a value: plain, in a URL, HTML, JSON or ``repr``, in base64, in hex.

    :param value: the value
    """
    plain = value.encode()
    found = {value, quote(value), quote(value, safe=""), quote_plus(value), html.escape(value)}
    found |= {json.dumps(value)[1:-1], repr(value)[1:-1], ascii(value)[1:-1], plain.hex()}
    for offset, borrowed in enumerate(_BORROWED):
        whole = (offset + len(plain)) // 3 * 4  # these characters do not depend on what follows
        encoded = b64encode(b"\0" * offset + plain).decode()[borrowed:whole]
        found |= {encoded, encoded.replace("+", "-").replace("/", "_")}
    return found


def _shown(thing: object) -> t.Iterator[tuple[str, str]]:
    """The visible texts of a thing, each with its place."""
    name = type(thing).__name__
    yield f"str of {name}", str(thing)
    yield f"repr of {name}", repr(thing)
    if isinstance(thing, BaseException):
        yield f"args of {name}", repr(thing.args)
        yield f"traceback of {name}", "".join(traceback.format_exception(thing))


def _around(line: str, spelling: str) -> str:
    start = max(line.lower().find(spelling.lower()), 0)
    return line[max(start - 60, 0) : start + len(spelling) + 20]
