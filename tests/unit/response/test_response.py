"""
Responses: facts, data, and what a copy of one carries.
"""

from __future__ import annotations

import copy
import json
import pickle
import typing as t

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core import (
    ArrayResponse,
    BaseClient,
    GlobusHTTPResponse,
    GlobusSDKUsageError,
    IterableResponse,
)
from globus_core.response import IterableJSONAPIResponse
from globus_core.transport import RequestsRepresentationProvider

CLIENT = BaseClient(base_url="https://things.example.org/")


def raw(body: t.Any, content_type: str = "application/json") -> requests.Response:
    """A response as a transport gives it; a body that is not bytes is sent as JSON."""
    response = requests.Response()
    response.status_code = 200
    response.reason = "OK"
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response.headers["Content-Type"] = content_type
    response.url = "https://things.example.org/x?token=opaque-1"
    response.request = requests.Request(
        "POST",
        response.url,
        headers={"Authorization": "Bearer opaque-2"},
        data={"code": "opaque-3"},
    ).prepare()
    return response


def wrapped(body: t.Any) -> GlobusHTTPResponse:
    """A response of ours."""
    return GlobusHTTPResponse(raw(body), CLIENT)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    )
)
@settings(max_examples=25)
def test_data_is_the_parsed_body(value: t.Any) -> None:
    """Whatever JSON it is, and it makes the truth value."""
    response = wrapped(value)
    assert response.data == value
    assert bool(response) == bool(value)
    assert response.get("absent", 1) == (value.get("absent", 1) if isinstance(value, dict) else 1)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff\xfe\xff", b"[" * 100_000])
def test_a_body_that_is_not_json_is_no_data(body: bytes) -> None:
    """And no error; the text is there all the same."""
    response = wrapped(body)
    assert response.data is None
    assert not response
    assert "a" not in response
    assert response.get("a") is None
    assert response.binary_content == body
    assert str(response) == response.text


def test_the_body_is_parsed_once_and_only_when_it_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A response around a response shares it."""
    calls: list[int] = []

    def decode_body(self: object, response: requests.Response) -> t.Any:
        calls.append(1)
        return {"a": 1}

    monkeypatch.setattr(RequestsRepresentationProvider, "decode_body", decode_body)
    response = wrapped({})
    outer = IterableResponse(response, iter_key="a")
    assert calls == []
    assert response["a"] == outer["a"] == response.data["a"] == 1
    assert calls == [1]


def test_indexing_goes_to_the_data() -> None:
    """By key, index or slice; an absent key is a KeyError."""
    assert wrapped({"a": 1})["a"] == 1
    assert wrapped([1, 2, 3])[1:] == [2, 3]
    with pytest.raises(KeyError):
        wrapped({"a": 1})["b"]
    with pytest.raises(IndexError):
        wrapped([])[0]


@pytest.mark.parametrize("body", [None, 5, True])
def test_data_that_cannot_be_indexed_is_a_value_error(body: t.Any) -> None:
    """Which names what the body is; nothing is contained in it."""
    with pytest.raises(ValueError, match=r"JSON body is \w+ has no 'a'"):
        wrapped(body)["a"]
    assert "a" not in wrapped(body)


def test_what_is_not_json_cannot_be_indexed() -> None:
    """The error says that, and not that a key is missing."""
    with pytest.raises(ValueError, match=r"no 'a': its body is not JSON"):
        wrapped(b"")["a"]
    assert "a" not in wrapped(b"")


def test_containment_goes_to_the_data() -> None:
    """Keys of an object, elements of an array."""
    assert "a" in wrapped({"a": None})
    assert "b" not in wrapped({"a": None})
    assert 2 in wrapped([1, 2])


def test_str_is_readable_json_and_repr_is_short() -> None:
    """The repr shows nothing of the body."""
    response = wrapped({"access_token": "opaque-9"})
    assert json.loads(str(response)) == response.data
    assert repr(response) == "<GlobusHTTPResponse 200>"


def test_a_response_needs_a_client() -> None:
    """Unless it wraps another one, whose client it takes."""
    with pytest.raises(GlobusSDKUsageError):
        GlobusHTTPResponse(raw({}))
    other = BaseClient(base_url="https://other.example.org/")
    assert GlobusHTTPResponse(wrapped({})).client is CLIENT
    assert GlobusHTTPResponse(wrapped({}), other).client is other


def test_an_iterable_response_needs_its_key() -> None:
    """By argument or by class; what is not there is a KeyError."""
    with pytest.raises(GlobusSDKUsageError, match="iter_key"):
        IterableResponse(wrapped({}))
    assert list(IterableJSONAPIResponse(wrapped({"data": [1]}))) == [1]
    assert list(IterableJSONAPIResponse(wrapped({"x": [2]}), iter_key="x")) == [2]
    with pytest.raises(KeyError):
        list(IterableJSONAPIResponse(wrapped({})))


def test_an_array_response_is_iterated_and_counted() -> None:
    """Anything but an array is a TypeError."""
    response = ArrayResponse(wrapped([1, 2]))
    assert (list(response), len(response)) == ([1, 2], 2)
    with pytest.raises(TypeError, match="dict, not a JSON array"):
        len(ArrayResponse(wrapped({})))


@pytest.mark.parametrize("body", [None, 5, True, "text", b"", b"<html>"])
def test_a_body_of_another_kind_is_a_type_error_when_iterated(body: t.Any) -> None:
    """Be it of an array or of an object with a list."""
    for response in (ArrayResponse(wrapped(body)), IterableJSONAPIResponse(wrapped(body))):
        with pytest.raises(TypeError, match=r"the body is .*, not a JSON (array|object)"):
            list(response)
    with pytest.raises(TypeError, match="list, not a JSON object"):
        list(IterableJSONAPIResponse(wrapped([1])))


@pytest.mark.parametrize("value", [None, 5, "text"])
def test_what_is_iterated_in_a_body_is_a_list(value: t.Any) -> None:
    """Another value under the key is a TypeError that names the key."""
    with pytest.raises(TypeError, match=r"'data' in the body is \w+, not an array"):
        list(IterableJSONAPIResponse(wrapped({"data": value})))


@pytest.mark.parametrize("looked_at", [True, False])
@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda r: pickle.loads(pickle.dumps(r))]
)
def test_a_copy_carries_the_answer_and_not_the_question(
    looked_at: bool, again: t.Callable[[t.Any], t.Any]
) -> None:
    """The request holds credentials, and the client a connection."""
    outer = IterableResponse(wrapped({"a": [1]}), iter_key="a")
    if looked_at:
        assert outer.data
    copied = again(outer)
    assert (list(copied), copied.http_status, copied.headers["content-type"]) == (
        [1],
        200,
        "application/json",
    )
    assert copied.client is None
    pickled = pickle.dumps(outer)
    assert b"opaque" not in pickled
    assert again(wrapped(b"no json")).data is None
