"""
Text of others, as it is shown.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import io
import pkgutil
import traceback
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import GlobusError
from globus_core.exc import ErrorFacts, ErrorSubdocument, NetworkError, ValidationError
from globus_core.printable import encodable, one_line, printable, quoted, safe_repr, sentence
from globus_core.token_storage import TokenStorageData

#: colours, a window's title, a line that overwrites this one, reversed writing, a lone surrogate
NASTY = "\x1b[31mred\x1b]0;title\x07\rover\u202ethgir\ud800\x9b2J\u2028\x7f"


def test_control_characters_are_escaped() -> None:
    """As Python does it; line breaks and tabs stay."""
    assert printable("a\x1b[2J\n\tb\r\x9b\u202e\ud800") == "a\\x1b[2J\n\tb\\r\\x9b\\u202e\\ud800"


@pytest.mark.parametrize("text", ["", "plain", "Grüße 👋", "no\u00a0break\u3000wide", "עברית"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """In any language."""
    assert printable(text) == one_line(text) == text


@given(st.text(st.characters()))
def test_nothing_that_is_shown_can_steer_a_terminal(text: str) -> None:
    """Nor begin another line, where one line is promised."""
    for line in (one_line(text), sentence(text), quoted(text), quoted([text])):
        assert len(line.splitlines()) <= 1
        assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in line)
        line.encode()
    printable(text).encode()


def test_long_text_is_shortened() -> None:
    """And says by how much."""
    assert one_line("x" * 1500) == f"{'x' * 1000}... (500 more characters)"
    assert sentence("a b\n" * 10, longest=7) == "a b a b... (33 more characters)"
    assert quoted("k" * 100_000) == f"'{'k' * 200}'... (99800 more characters)"
    assert quoted(["k" * 300], longest=10) == "['kkkkkkkk... (294 more characters)"
    assert quoted(b"x" * 201, longest=200) == f"b'{'x' * 200}'... (1 more characters)"


def test_a_sentence_has_single_spaces() -> None:
    """It may have been written for several lines."""
    assert sentence("one\r\n  two\x1b\n\nthree ") == "one two\\x1b three"


def test_errors_show_text_of_others_escaped() -> None:
    """Whatever their message was made of."""
    errors = [GlobusError(NASTY), NetworkError(NASTY, ValueError(NASTY))]
    errors[0].advice = NASTY
    facts = ErrorFacts(code=NASTY, message="m" * 10_000)
    shown = [*map(str, errors), *map(repr, errors), *(error.explain() for error in errors)]
    shown += [repr(facts), repr(ErrorSubdocument({"code": NASTY, "message": "m" * 10_000}))]
    for text in shown:
        assert text.replace("\n", "").isprintable()
        assert len(text) < 3000
    assert len(repr(GlobusError("x" * 100_000))) < 2000
    assert repr(GlobusError("a", 1)) == "GlobusError('a', 1)"


def _packages() -> list[str]:
    names = ("storage", "identity", "app", "auth", "sandbox")
    return ["globus_core", *[f"globus_core_{name}" for name in names]]


def _classes_with_own_repr() -> list[t.Any]:
    """The classes of kernel and plugins that write their ``__repr__`` themselves."""
    found: dict[str, t.Any] = {}
    for package in _packages():
        path = importlib.import_module(package).__path__
        for module in pkgutil.walk_packages(path, f"{package}."):
            if module.name.endswith(("__main__", "command")) or "_pyinstaller" in module.name:
                continue
            for cls in vars(importlib.import_module(module.name)).values():
                if inspect.isclass(cls) and _writes_repr(cls):
                    found[f"{cls.__module__}.{cls.__qualname__}"] = cls
    return [found[name] for name in sorted(found)]


def _writes_repr(cls: type) -> bool:
    # one that dataclasses or attrs have generated needs no care: they check after all is set
    owner = next(base for base in cls.__mro__ if "__repr__" in vars(base))
    generated = dataclasses.is_dataclass(owner) or hasattr(owner, "__attrs_attrs__")
    return owner.__module__.startswith("globus_core") and not generated


def test_every_repr_works_on_an_object_whose_constructor_failed() -> None:
    """A traceback that shows local variables does not fail itself."""
    classes = _classes_with_own_repr()
    assert TokenStorageData in classes
    assert len(classes) > 50
    for cls in classes:
        try:
            half_made = cls.__new__(cls)
        except TypeError:
            continue  # it is abstract, or has no half-made state
        assert repr(half_made)


def test_a_traceback_shows_the_record_that_was_refused() -> None:
    """``capture_locals`` shows the object itself, which has no fields yet."""
    wrong: t.Any = 1e300
    try:
        TokenStorageData("a.example.org", None, "all", "made-up", None, wrong, None)
    except ValidationError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert "<TokenStorageData, not complete>" in "".join(shown.format())


def test_a_repr_that_fails_for_another_reason_is_not_hidden() -> None:
    """Only fields that are missing count as an object that is not complete."""

    class Wrong:
        @safe_repr
        def __repr__(self) -> str:
            raise RuntimeError("a fault")

    with pytest.raises(RuntimeError, match="a fault"):
        repr(Wrong())


def test_a_stream_with_an_unknown_encoding_gets_ascii() -> None:
    """The text is shown rather than an error about where it is shown."""
    stream = io.StringIO()
    stream_with = type("Stream", (), {"encoding": "no-such-encoding"})()
    assert encodable("Zoë", t.cast("t.TextIO", stream_with)) == r"Zo\xeb"
    assert encodable("Zoë", stream) == "Zoë"
