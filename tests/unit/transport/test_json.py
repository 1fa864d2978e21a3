"""
JSON is the same whether orjson is there or not.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
import sys
import types
import typing as t

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core import GlobusSDKUsageError, json_text
from globus_core.transport import json as transport_json

TEXTS = [
    b"18446744073709551616",
    b"[-9223372036854775809, 1]",
    b"1e308",
    b"[1e-400]",
    b'["0e400", "a-3e999", 1]',
    b'"\\ud800"',
    b'{"a": 1, "a": 2}',
    b"0.1234567890123456789012345",
    b"-0",
    b"-0.0",
    b"1E5",
    b'"\x7f"',
]


@pytest.fixture(autouse=True, params=[True, False], ids=["with orjson", "without orjson"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Both ways; with orjson also for what is short.
    """
    module = orjson if request.param else None
    monkeypatch.setattr(transport_json, "_orjson", lambda size: module)


def same(one: t.Any, other: t.Any) -> bool:
    """Whether two values are equal, of the same types, NaN included."""
    return repr(one) == repr(other)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_odd_json_is_parsed_as_by_the_standard_library(text: bytes) -> None:
    """Long numbers stay whole, and text that looks like a number stays text."""
    assert same(transport_json.loads(text), json.loads(text))


@pytest.mark.parametrize(
    "number",
    [
        *("NaN", "Infinity", "-Infinity", "1e400", "-1E+400", "12.5e999", "0.1e310"),
        "1" * 400 + ".0",
    ],
)
@pytest.mark.parametrize("around", ["{}", "[{}]", '{{"a":{}}}', '{{"a": [1, {}]}}', "[1,\n\t{}]"])
def test_what_is_no_number_is_refused(number: str, around: str) -> None:
    """Neither NaN nor what overflows, wherever it stands."""
    with pytest.raises(ValueError):
        transport_json.loads(around.format(number).encode())
    with pytest.raises(ValueError):
        json_text.loads(around.format(number))


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
@pytest.mark.parametrize("value", [{"name": "Zoë 🎻"}, ["é"], "x", 7, None])
def test_json_in_any_encoding_of_unicode_is_read(encoding: str, value: t.Any) -> None:
    """With a byte order mark and without."""
    content = json.dumps(value, ensure_ascii=False).encode(encoding)
    assert transport_json.loads(content) == value


@pytest.mark.parametrize("text", [b"", b"{", b"[1,]", b"\xff", b'"\xff"', b"<html>", b'"\n"'])
def test_what_is_not_json_is_a_value_error(text: bytes) -> None:
    """Not to be confused with data."""
    with pytest.raises(ValueError):
        transport_json.loads(text)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=8,
)


def test_values_come_back() -> None:
    """Through either parser and either writer."""

    @given(VALUES)
    @settings(max_examples=60)
    def check(value: t.Any) -> None:
        written = transport_json.dumps(value)
        assert same(json.loads(written), json.loads(json.dumps(value)))
        assert same(transport_json.loads(written), json.loads(written))

    check()


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_not_written(number: float) -> None:
    """Not as null either, which would be another value."""
    with pytest.raises(GlobusSDKUsageError, match="cannot be sent as JSON"):
        transport_json.dumps({"a": [number, None]})


@dataclasses.dataclass
class Point:
    """Something that is no JSON."""

    x: int


@pytest.mark.parametrize("value", [Point(1), datetime.date(2024, 1, 1), b"x", {1, 2}, object()])
def test_what_json_cannot_tell_is_refused(value: object) -> None:
    """With orjson too, which would find a way."""
    with pytest.raises(TypeError):
        transport_json.dumps({"a": value})


def test_orjson_is_only_imported_for_what_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a short body, the import costs more than it saves."""
    monkeypatch.undo()
    fake = types.ModuleType("orjson")
    monkeypatch.setattr(transport_json, "_imported", lambda: fake)
    monkeypatch.delitem(sys.modules, "orjson")
    assert transport_json._orjson(100) is None
    assert transport_json._orjson(100_000) is fake


def test_half_an_orjson_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """While another thread is importing it, what sys.modules holds has no functions yet."""
    monkeypatch.setitem(sys.modules, "orjson", types.ModuleType("orjson"))
    monkeypatch.setattr(transport_json, "_imported", lambda: None)

    assert transport_json.loads(b"[1]") == [1]
    assert transport_json.dumps([1]) == b"[1]"
