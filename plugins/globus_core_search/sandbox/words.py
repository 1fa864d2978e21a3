"""The words of queries, and of what is searched."""

from __future__ import annotations

import re
import typing as t

from . import answers
from .indices import Entry
from .results import values

#: how well an entry fits; 0 if it does not
Score = t.Callable[[Entry], int]

LONGEST = 256
_WORD = re.compile(r"\w+", re.UNICODE)
_PLAIN = re.compile(r"(?:(?P<field>[\w.]+):)?(?P<word>\w+)", re.UNICODE)
_OPERATORS = {"AND", "OR", "NOT"}


def score(query: t.Any, *, advanced: bool) -> Score:
    """
    How well entries fit words: the number of words that they have.

    :param query: the words, any of which suffices; ``*`` is everything
    :param advanced: whether words may be ``field:word``
    :raises ApiError: 400 if the query is wrong, 501 for other advanced syntax
    """
    if not isinstance(query, str) or not 0 < len(query) <= LONGEST:
        raise answers.invalid(f"q must be a text of {LONGEST} characters at most", "q")
    if query.strip() == "*":
        return lambda entry: 1
    tests = [_advanced(part) for part in query.split()] if advanced else _plain(query)
    return lambda entry: sum(test(entry) for test in tests)


def _plain(query: str) -> list[t.Callable[[Entry], bool]]:
    return [_contains(word) for word in dict.fromkeys(_WORD.findall(query.lower()))]


def _advanced(part: str) -> t.Callable[[Entry], bool]:
    found = _PLAIN.fullmatch(part)
    if found is None or part in _OPERATORS:
        raise answers.lacking(f"the advanced syntax of {part!r}")
    field, word = found["field"], found["word"].lower()
    if field is None:
        return _contains(word)
    return lambda entry: word in _words_of(values(entry.content, field))


def _contains(word: str) -> t.Callable[[Entry], bool]:
    def test(entry: Entry) -> bool:
        if entry.words is None:
            entry.words = frozenset(_words_of(entry.content))
        return word in entry.words

    return test


def _words_of(value: t.Any) -> set[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {word for each in value for word in _words_of(each)}
    return set() if value is None else set(_WORD.findall(str(value).lower()))
