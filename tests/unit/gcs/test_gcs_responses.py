"""
Documents in their envelope, lists, and errors.
"""

from __future__ import annotations

import json
import pickle
import typing as t

import globus_sdk
import pytest
from globus_sdk.testing import construct_error as construct_theirs
from hypothesis import given
from hypothesis import strategies as st

from globus_core import GCSAPIError, GCSClient, GlobusHTTPResponse, UnpackingGCSResponse
from globus_core.testing import construct_error
from tests.unit.gcs.managers import manager

if t.TYPE_CHECKING:
    from collections.abc import Callable

#: globus-sdk rounds those beyond 64 bits
NUMBERS = st.integers(-(2**63), 2**64 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
TYPES = st.sampled_from(["collection#1.0.0", "collection#", "collection", "role#1.0.0"]) | JSON
DOCUMENTS = st.fixed_dictionaries({}, optional={"DATA_TYPE": TYPES, "id": NUMBERS})
BODIES = st.one_of(
    JSON, st.fixed_dictionaries({"data": st.lists(DOCUMENTS | JSON, max_size=4) | JSON})
)


def answer(body: t.Any, kind: type = GlobusHTTPResponse, client: t.Any = None) -> t.Any:
    """A response with a JSON body, ours or that of globus-sdk."""
    import requests

    response = requests.Response()
    response.status_code = 200
    response.url = "https://gcs.example.org/api/x"
    response._content = json.dumps(body).encode()
    response.headers["Content-Type"] = "application/json"
    return kind(response, client or GCSClient("gcs.example.org"))


@given(body=BODIES)
def test_what_is_unpacked_is_what_globus_sdk_unpacks(body: t.Any) -> None:
    """For any JSON; with the body itself where nothing matches."""
    theirs = answer(body, globus_sdk.GlobusHTTPResponse, globus_sdk.GCSClient("gcs.example.org"))
    ours = UnpackingGCSResponse(answer(body), "collection")
    expected = globus_sdk.UnpackingGCSResponse(theirs, "collection")

    assert ours.data == expected.data
    assert ours.full_data == body


def test_the_first_document_of_the_kind_is_unpacked() -> None:
    """Others may stand before it; indexing, ``get``, ``in`` and ``bool`` go to it."""
    wanted = {"DATA_TYPE": "collection#1.4.0", "id": "a"}
    body = {"data": ["text", {"DATA_TYPE": "role#1.0.0"}, wanted, {**wanted, "id": "b"}]}
    response = UnpackingGCSResponse(answer(body), "collection")

    assert response.data == wanted
    assert response["id"] == response.get("id") == "a"
    assert "id" in response
    assert json.loads(str(response)) == wanted
    assert response.full_data == body


def test_a_function_can_say_which_document_is_meant() -> None:
    """It is asked for objects only."""
    body = {"data": [3, {"n": 1}, {"n": 2}]}

    assert UnpackingGCSResponse(answer(body), lambda each: each["n"] == 2).data == {"n": 2}


@pytest.mark.parametrize("kind", ["", "a b", "collection#1", "a-b", "role\n"])
def test_a_kind_is_a_word(kind: str) -> None:
    """Anything else would be a mistake that nobody sees."""
    with pytest.raises(ValueError, match="must be a word"):
        UnpackingGCSResponse(answer({}), kind)


def test_a_response_is_unpacked_after_it_was_pickled() -> None:
    """The function by which it was found need not travel."""
    body = {"data": [{"DATA_TYPE": "role#1.0.0", "id": "a"}]}
    response = UnpackingGCSResponse(answer(body), lambda each: "id" in each)
    travelled = pickle.loads(pickle.dumps(response))

    assert travelled.data == {"DATA_TYPE": "role#1.0.0", "id": "a"}


def test_a_list_is_iterated_over_its_data() -> None:
    """All kinds of documents have their lists there."""
    client = manager({"data": [{"id": "a"}, {"id": "b"}]})

    assert [each["id"] for each in client.get_collection_list()] == ["a", "b"]


CALLS: dict[str, Callable[[t.Any], t.Any]] = {
    "one": lambda client: client.get_user_credential("an-id"),
    "list": lambda client: client.get_user_credential_list(),
    "made": lambda client: client.create_storage_gateway({}),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("key", ["s3_secret_key", "secret", "boxAppSettings", "access_token"])
def test_no_text_of_a_response_has_a_secret(call: str, key: str) -> None:
    """The values are there for who asks for them."""
    kind = "storage_gateway" if call == "made" else "user_credential"
    document = {"DATA_TYPE": f"{kind}#1.0.0", "policies": {key: "<hush>", "s3_key_id": "shown"}}
    response = CALLS[call](manager({"data": [document]}))

    for text in (repr(response), str(response), f"{response}"):
        assert "hush" not in text
    assert "shown" in str(response)
    assert "<hush>" in json.dumps(response.data)


def test_a_body_that_is_no_json_is_shown_as_it_is() -> None:
    """As other responses are."""
    assert str(manager("no JSON").get_endpoint()) == "no JSON"


# errors

ERRORS: list[dict[str, t.Any]] = [
    {"code": "c", "message": "m", "detail": {"DATA_TYPE": "d#1.0.0", "x": 1}},
    {"code": "c", "message": "m", "detail": "text", "request_id": "r"},
    {"code": "c", "message": "m", "detail": [1, 2]},
    {"code": "c"},
    {"message": "m", "detail": None},
    {},
]


@pytest.mark.parametrize("body", ERRORS, ids=json.dumps)
def test_an_error_tells_what_globus_sdk_s_tells(body: dict[str, t.Any]) -> None:
    """Code, message, request id and detail."""
    names = ("code", "message", "request_id", "detail", "detail_data_type", "http_status")
    ours = construct_error(error_class=GCSAPIError, body=body, http_status=403)
    theirs = construct_theirs(error_class=globus_sdk.GCSAPIError, body=body, http_status=403)

    assert [getattr(ours, name) for name in names] == [getattr(theirs, name) for name in names]


def test_the_detail_is_at_the_end_of_the_arguments() -> None:
    """Its type, and the detail itself if it is text."""
    with_type, with_text = (
        construct_error(error_class=GCSAPIError, body=body, http_status=403) for body in ERRORS[:2]
    )

    assert with_type.args[-1:] == ("d#1.0.0",)
    assert with_text.args[-2:] == (None, "text")


def test_an_error_can_be_pickled() -> None:
    """With its detail."""
    error = construct_error(error_class=GCSAPIError, body=ERRORS[0], http_status=403)
    travelled = pickle.loads(pickle.dumps(error))

    assert travelled.detail == {"DATA_TYPE": "d#1.0.0", "x": 1}
    assert travelled.detail_data_type == "d#1.0.0"
