"""
Made-up secrets, and finding them again in whatever spelling they were let out.
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

#: what stands between the two halves of a made-up secret: each spelling writes it differently
_DIFFICULT = "-~+/%&='\"<"
_EASY = "-._~"
#: begins either half of a made-up secret
_MARK = "c4nary"
#: shorter values would be found in ordinary words
_SHORTEST = 8
#: characters that the bytes before a value add to its base64
_BORROWED = (0, 2, 3)


class CanarySecrets:
    """
    Secrets that must not show: made up here, or added, each with a label that says what it is.

    In a test, take them from the fixture ``globus_canary``, which looks through the log too.
    """

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}

    def make(self, label: str, *, difficult: bool = False) -> str:
        """
        Make up a secret; either half of it gives it away.

        :param label: what it is
        :param difficult: with characters that URLs, JSON, HTML and ``repr`` write differently
        """
        number = len(self._labels)
        first, second = f"{_MARK}{number:04}alphaquail", f"{_MARK}{number:04}omegaquail"
        self._labels[first] = self._labels[second] = label
        return f"{first}{_DIFFICULT if difficult else _EASY}{second}"

    def add(self, label: str, value: str) -> None:
        """
        Look for a value that somebody else made; of an ID token, for its parts too.

        :param label: what it is
        :param value: the value
        """
        parts = [value, *value.split(".")[1:]] if value.startswith("eyJ") else [value]
        for part in parts:
            if len(part) >= _SHORTEST and _MARK not in part:
                self._labels.setdefault(part, label)

    def assert_hidden(self, *things: object) -> None:
        """
        Fail if any of the secrets shows in the text or the ``repr`` of a thing; of an exception,
        in its traceback, causes and notes.

        :param things: texts, objects, exceptions
        :raises AssertionError: if one shows; says which, and where
        """
        lines = {line: where for thing in things for where, line in _shown(thing)}
        found = self.found_in(lines)
        assert not found, "\n".join(found)

    def __len__(self) -> int:
        return len(set(self._labels.values()))

    def found_in(self, lines: t.Mapping[str, str]) -> list[str]:
        """
        Say which secrets stand in which lines.

        :param lines: where each line was seen
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
    Collect, in the block, what any logger says, down to DEBUG, formatted.
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
    How a value may be written: plainly, in a URL, HTML, JSON or ``repr``, in base64, in hex.

    :param value: the value
    """
    plain = value.encode()
    found = {value, quote(value), quote(value, safe=""), quote_plus(value), html.escape(value)}
    found |= {json.dumps(value)[1:-1], repr(value)[1:-1], ascii(value)[1:-1], plain.hex()}
    for offset, borrowed in enumerate(_BORROWED):
        whole = (offset + len(plain)) // 3 * 4  # what follows has no part in these characters
        encoded = b64encode(b"\0" * offset + plain).decode()[borrowed:whole]
        found |= {encoded, encoded.replace("+", "-").replace("/", "_")}
    return found


def _shown(thing: object) -> t.Iterator[tuple[str, str]]:
    """What somebody can see of a thing, and where."""
    name = type(thing).__name__
    yield f"str of {name}", str(thing)
    yield f"repr of {name}", repr(thing)
    if isinstance(thing, BaseException):
        yield f"args of {name}", repr(thing.args)
        yield f"traceback of {name}", "".join(traceback.format_exception(thing))


def _around(line: str, spelling: str) -> str:
    start = max(line.lower().find(spelling.lower()), 0)
    return line[max(start - 60, 0) : start + len(spelling) + 20]
