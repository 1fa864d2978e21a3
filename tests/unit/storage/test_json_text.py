"""JSON read by the scanner alone means what ``json`` takes it to mean."""

from __future__ import annotations

import json
import subprocess
import sys
import typing as t

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from globus_core_storage import _json_document

BLANKS = st.text(" \t\n\r", max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
ODD = [
    "",
    " ",
    "{",
    "{}{}",
    '{"a": 1} x',
    '{"a": 1, "a": 2}',
    '"\n"',
    "01",
    "1.",
    "nan",
    "\u00a0{}",
    "\ufeff{}",
    '"\\ud800"',
    "[" * 3 + "]" * 2,
]


def outcome(loads: t.Callable[[t.Any], t.Any], text: str | bytes) -> str:
    """What a parser makes of a text: the value, or the error's text."""
    try:
        return repr(loads(text))
    except ValueError as error:
        return f"{type(error).__name__}: {error}"


@settings(max_examples=60)
@given(VALUES, BLANKS, BLANKS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32-be"]))
def test_every_document_is_read_as_json_reads_it(
    value: t.Any, before: str, after: str, encoding: str
) -> None:
    """With blanks around it, as text and as bytes in each encoding that JSON knows."""
    text = before + json.dumps(value) + after

    assert outcome(_json_document.loads, text) == outcome(json.loads, text)
    encoded = text.encode(encoding)
    assert outcome(_json_document.loads, encoded) == outcome(json.loads, encoded)


@settings(max_examples=100)
@given(st.text('{}[]":,\\ \n-+.0123eEnulNaInfity\u00a0', max_size=12))
@example('{"a":\t1}')
def test_every_text_has_the_outcome_of_json(text: str) -> None:
    """The same value, or the same error."""
    assert outcome(_json_document.loads, text) == outcome(json.loads, text)


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_have_the_outcome_of_json(text: str) -> None:
    """As text and as bytes."""
    encoded = text.encode("utf-8", "surrogatepass")

    assert outcome(_json_document.loads, text) == outcome(json.loads, text)
    assert outcome(_json_document.loads, encoded) == outcome(json.loads, encoded)


def test_lone_surrogates_and_bytes_that_are_no_text_are_left_to_json() -> None:
    """It takes the first and refuses the second."""
    assert _json_document.loads(b'"\xed\xa0\x80"') == "\ud800"
    with pytest.raises(ValueError):
        _json_document.loads(b'"\xff"')


def test_too_deep_a_document_is_refused() -> None:
    """By the error that says so, which the storages know."""
    with pytest.raises(RecursionError):
        _json_document.loads("[" * 200_000)


def test_without_the_scanner_in_c_json_does_it() -> None:
    """As on interpreters that have none."""
    program = (
        "import sys; sys.modules['_json'] = None\n"
        "from globus_core_storage import _json_document\n"
        "assert _json_document.loads(b' {\"a\": [1]} ') == {'a': [1]}\n"
        "assert 'json' in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
