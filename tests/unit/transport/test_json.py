"""
JSON is the same whether msgspec or orjson is there or not.
"""

from __future__ import annotations

import dataclasses
import datetime
import gc
import json
import math
import sys
import threading
import types
import typing as t

import msgspec
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


@pytest.fixture(autouse=True, params=[msgspec, orjson, json], ids=lambda one: str(one.__name__))
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Each of them, also for what is short.
    """
    only = {request.param.__name__: request.param}
    monkeypatch.setattr(transport_json, "_installed", lambda name, size: only.get(name))


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


@pytest.mark.parametrize("name", ["msgspec", "orjson"])
def test_another_parser_is_only_imported_for_what_is_long(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a short body, the import costs more than it saves."""
    monkeypatch.undo()
    fake = types.ModuleType(name)
    monkeypatch.setattr(transport_json, "_imported", {name: fake}.get)
    monkeypatch.delitem(sys.modules, name)
    assert transport_json._installed(name, 100) is None
    assert transport_json._installed(name, 100_000) is fake


def test_a_msgspec_that_rounds_long_numbers_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """As its oldest releases do."""
    monkeypatch.undo()
    old = types.SimpleNamespace(json=types.SimpleNamespace(decode=float))
    monkeypatch.setattr(transport_json, "import_module", lambda name: old)

    assert transport_json._imported.__wrapped__("msgspec") is None


def test_half_an_orjson_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """While another thread is importing it, what sys.modules holds has no functions yet."""
    monkeypatch.setitem(sys.modules, "orjson", types.ModuleType("orjson"))
    monkeypatch.setattr(transport_json, "_imported", lambda name: None)

    assert transport_json.loads(b"[1]") == [1]
    assert transport_json.dumps([1]) == b"[1]"


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other thread; those of the tests that ran before are none of ours."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def collecting_while_parsing(monkeypatch: pytest.MonkeyPatch, content: bytes) -> bool:
    """Whether cyclic garbage is looked for while a body is parsed."""
    seen: list[bool] = []
    monkeypatch.setattr(transport_json, "_loads", lambda content: seen.append(gc.isenabled()))
    transport_json.loads(content)
    return seen.pop()


LONG = b"[" + b" " * 100_000 + b"]"


@pytest.mark.usefixtures("alone")
def test_no_garbage_is_looked_for_while_a_long_body_is_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is looked for again afterwards, and all the time for a short body."""
    assert not collecting_while_parsing(monkeypatch, LONG)
    assert gc.isenabled()
    assert collecting_while_parsing(monkeypatch, b"[]")


def test_garbage_is_looked_for_while_other_threads_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them might fork a process in which it would never be looked for."""
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert collecting_while_parsing(monkeypatch, LONG)


@pytest.mark.usefixtures("alone")
def test_garbage_is_looked_for_again_after_an_error() -> None:
    """Whatever a long body turns out to be."""
    with pytest.raises(ValueError):
        transport_json.loads(LONG + b"]")
    assert gc.isenabled()


@pytest.mark.usefixtures("alone")
def test_a_program_that_does_not_look_for_garbage_is_left_alone() -> None:
    """It may have its own times for that."""
    gc.disable()
    try:
        assert transport_json.loads(LONG) == []
        assert not gc.isenabled()
    finally:
        gc.enable()
