"""
Bodies of any depth are encoded, and as those of little depth are.
"""

from __future__ import annotations

import json
import math
import typing as t
import uuid

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import MISSING, GlobusSDKUsageError
from globus_core.transport import JSONRequestEncoder, deep_json
from globus_core.transport import json as transport_json

DEPTHS = [255, 501, 5000, 50_000]
IDENTITY = uuid.UUID(int=7)

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
)


@pytest.fixture(autouse=True, params=[True, False], ids=["with orjson", "without orjson"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Both ways.
    """
    modules = {"orjson": orjson} if request.param else {}
    monkeypatch.setattr(transport_json, "_installed", lambda name, size: modules.get(name))


def body_of(value: t.Any) -> bytes:
    """What is sent for a value."""
    body = JSONRequestEncoder().encode("POST", "http://x/", {}, value, {}).prepare().body
    assert isinstance(body, bytes)
    return body


def nested(depth: int, leaf: t.Any) -> t.Any:
    """Objects and arrays in turn."""
    value = leaf
    for level in range(depth):
        value = {"a": value, "gone": MISSING} if level % 2 else (value, MISSING)
    return value


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_body_of_any_depth_is_sent(depth: int) -> None:
    """MISSING is left out, and a UUID becomes text, at the deepest level too."""
    half = depth // 2
    text = body_of(nested(half * 2, IDENTITY)).replace(b" ", b"")
    assert text == b'{"a":[' * half + f'"{IDENTITY}"'.encode() + b"]}" * half


@pytest.mark.parametrize("depth", [10, 5000])
@pytest.mark.parametrize("leaf", [math.nan, math.inf])
def test_a_number_that_json_does_not_have_is_refused_at_any_depth(depth: int, leaf: float) -> None:
    """With the same error."""
    with pytest.raises(GlobusSDKUsageError, match="cannot be sent as JSON"):
        body_of(nested(depth, leaf))


@pytest.mark.parametrize("depth", [10, 5000])
def test_an_object_that_json_does_not_know_is_a_type_error_at_any_depth(depth: int) -> None:
    """As of the standard library."""
    with pytest.raises(TypeError, match="object is not JSON serializable"):
        body_of(nested(depth, object()))


def test_a_body_that_contains_itself_is_refused() -> None:
    """It has no end; what is there twice has one."""
    ring: dict[str, t.Any] = {"a": []}
    ring["a"].append(ring)
    with pytest.raises(GlobusSDKUsageError, match="contains itself"):
        body_of(ring)
    twice = nested(2000, 1)
    assert body_of([twice, twice]).count(b"1") == 2


@given(values)
def test_the_text_is_that_of_the_standard_library(value: t.Any) -> None:
    """Keys that are no strings too."""
    assert deep_json.dumps(value) == json.dumps(value)
    assert deep_json.clean(value, lambda leaf: leaf) == value
