"""Request documents, how arguments become their fields, and the checks of records."""

from __future__ import annotations

import copy
import datetime
import enum
import json
import pickle
import string
import typing as t
import uuid
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import MISSING, MissingType
from globus_core.documents import (
    Document,
    EncodedPath,
    comma_joined,
    file_path,
    flag,
    iso_time,
    listed,
    path,
    query,
    utc_text,
)
from globus_core.exc import GlobusSDKUsageError
from globus_core.transport import JSONRequestEncoder

ID = uuid.UUID("5a3c0f0e-0000-4000-8000-000000000001")


class Role(enum.Enum):
    """A closed set of values, as services have them."""

    admin = "admin"


class Parcel(Document):
    """A document as a service's plugin writes it."""

    _secret_fields = frozenset({"code"})

    def __init__(
        self,
        address: str,
        *,
        label: str | MissingType = MISSING,
        code: str | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = None,
    ) -> None:
        fields = {"DATA_TYPE": "parcel", "address": address, "label": label, "code": code}
        super().__init__(fields, additional_fields)


def sent(document: t.Mapping[str, t.Any]) -> t.Any:
    """The JSON that a request carries."""
    body: t.Any = JSONRequestEncoder().encode("POST", "https://a.example", {}, document, {}).data
    return json.loads(body)


def test_missing_is_one_of_a_kind() -> None:
    """However it is made, copied or pickled."""
    assert MissingType() is MISSING
    assert copy.copy(MISSING) is MISSING
    assert copy.deepcopy({"a": [MISSING]})["a"][0] is MISSING
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(MISSING, protocol)) is MISSING


def test_missing_is_false_and_says_what_it_is() -> None:
    """So that `value or default` works, and a signature in the docs can be read."""
    assert not MISSING
    assert repr(MISSING) == "<globus_core.MISSING>"
    assert MISSING is not None


def test_a_document_is_a_dict_in_which_what_is_missing_can_be_seen() -> None:
    """It is compared, filled and read as a dict; its length counts what is missing."""
    parcel = Parcel("Chicago")
    assert parcel == {
        "DATA_TYPE": "parcel",
        "address": "Chicago",
        "label": MISSING,
        "code": MISSING,
    }
    assert parcel["label"] is MISSING
    parcel.update(label="fragile")
    assert list(parcel.values()) == ["parcel", "Chicago", "fragile", MISSING]


def test_a_document_is_sent_without_what_is_missing() -> None:
    """On every level; None is sent as null, a UUID as text, an enum by its value."""
    parcel = Parcel("Chicago", additional_fields={"inner": Parcel("Here"), "none": None})
    parcel["ids"] = [ID, Role.admin, MISSING]
    assert sent(parcel) == {
        "DATA_TYPE": "parcel",
        "address": "Chicago",
        "inner": {"DATA_TYPE": "parcel", "address": "Here"},
        "none": None,
        "ids": [str(ID), "admin"],
    }


@pytest.mark.parametrize("nothing", [None, MISSING, {}])
def test_additional_fields_win_and_may_be_absent(nothing: t.Any) -> None:
    """They are for what the class does not know, and for changing what it says."""
    assert Parcel("A", additional_fields=nothing) == Parcel("A")
    given = {"address": "B", "new": 1}
    assert Parcel("A", additional_fields=given) == {**Parcel("A"), **given}


def test_a_document_is_copied_and_pickled_as_what_it_is() -> None:
    """With its class and what was put into it later."""
    parcel = Parcel("Chicago")
    parcel["items"] = [Parcel("inner")]
    for other in (copy.copy(parcel), copy.deepcopy(parcel), pickle.loads(pickle.dumps(parcel))):
        assert (type(other), other) == (Parcel, parcel)
        assert other["label"] is MISSING
    assert copy.deepcopy(parcel)["items"][0] is not parcel["items"][0]


def test_the_text_of_a_document_hides_its_secrets() -> None:
    """What a class names as secret is there, but not shown; nor is it made up where missing."""
    parcel = Parcel("Chicago", code="made-up")
    assert "made-up" not in repr(parcel) and "made-up" not in str(parcel)
    assert repr(parcel).startswith("Parcel({'DATA_TYPE': 'parcel', 'address': 'Chicago'")
    assert parcel["code"] == "made-up"


def test_a_query_leaves_out_what_is_not_there() -> None:
    """False and 0 are there; the caller's own parameters win, and can take one out."""
    assert query() == query(None) == query(MISSING) == {}
    assert query(None, a=1, b=None, c=MISSING, d=False, e="") == {"a": 1, "d": False, "e": ""}
    assert query({"a": 2, "x": "y", "z": MISSING}, a=1) == {"a": 2, "x": "y"}
    assert query({"a": None}, a=1) == {}
    assert query({"query_params": 1}, query_params=2) == {"query_params": 1}


def test_a_query_leaves_the_callers_mapping_alone() -> None:
    """It may be used for the next request."""
    given = {"x": "y", "z": None}
    query(given, a=1)
    assert given == {"x": "y", "z": None}


@pytest.mark.parametrize(
    ("values", "joined", "array"),
    [
        (None, MISSING, None),
        (MISSING, MISSING, MISSING),
        ("a,b", "a,b", ["a,b"]),
        (ID, str(ID), [str(ID)]),
        (["a", ID], f"a,{ID}", ["a", str(ID)]),
        (("a" for _ in range(2)), "a,a", None),
        ([], "", []),
        (Role.admin, "admin", ["admin"]),
        ([Role.admin, 5], "admin,5", ["admin", "5"]),
    ],
)
def test_one_value_or_several_become_text_or_a_list(
    values: t.Any, joined: t.Any, array: t.Any
) -> None:
    """A text is one value, never letters; a UUID is its text, a member of an enum its value."""
    assert comma_joined(values) == joined
    if array is not None or values is None:
        assert listed(values) == array


@given(st.lists(st.text() | st.uuids()))
def test_lists_and_joined_texts_hold_the_same(values: list[t.Any]) -> None:
    """In the order given, however the values came."""
    texts = [str(value) for value in values]
    assert listed(values) == listed(tuple(values)) == listed(iter(values)) == texts
    assert comma_joined(values) == ",".join(texts)


@pytest.mark.parametrize(
    ("value", "expected"), [(True, 1), (False, 0), (None, None), (MISSING, MISSING), (7, 7)]
)
def test_a_flag_is_one_or_zero(value: t.Any, expected: t.Any) -> None:
    """Not True or False, which JSON and queries write in other ways."""
    assert flag(value) is expected


@given(st.datetimes(min_value=datetime.datetime(1971, 1, 1), timezones=st.timezones()))
def test_a_time_with_a_zone_keeps_its_offset(time: datetime.datetime) -> None:
    """To the second, and read again it is the same moment."""
    text = iso_time(time)
    assert isinstance(text, str)
    again = datetime.datetime.fromisoformat(text)
    # by timestamp, since a time that the end of summer time repeats equals none of another zone
    assert again.timestamp() == time.replace(microsecond=0).timestamp()
    assert again.utcoffset() == time.utcoffset()


@given(
    st.datetimes(min_value=datetime.datetime(1971, 1, 1), max_value=datetime.datetime(9999, 12, 30))
)
def test_a_time_without_a_zone_is_local_and_is_sent_as_utc(time: datetime.datetime) -> None:
    """So that the service reads the moment that the program meant."""
    text = iso_time(time)
    assert isinstance(text, str) and text.endswith("+00:00")
    assert datetime.datetime.fromisoformat(text) == time.replace(microsecond=0).astimezone(
        datetime.timezone.utc
    )


@pytest.mark.parametrize("value", [None, MISSING, "", "2026-01-02", "tomorrow"])
def test_a_time_as_text_passes(value: t.Any) -> None:
    """The service says what it takes."""
    assert iso_time(value) is value


def test_a_time_that_no_clock_shows_needs_a_zone() -> None:
    """An error that says so, not one of the time functions."""

    class Impossible(datetime.datetime):
        def astimezone(self, tz: datetime.tzinfo | None = None) -> t.NoReturn:
            raise OverflowError("date value out of range")

    with pytest.raises(GlobusSDKUsageError, match="0001-01-01 00:00:00 needs a time zone"):
        iso_time(Impossible(1, 1, 1))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1970-01-01T00:00:00Z"), (1e9 + 0.9, "2001-09-09T01:46:40Z"), (10**30, str(10**30))],
)
def test_a_moment_is_written_in_utc(seconds: float, text: str) -> None:
    """Where no calendar reaches it is the number, since a wrong time must not end a program."""
    assert utc_text(seconds) == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=3))
def test_an_id_is_one_segment_of_a_path(ids: list[str]) -> None:
    """Whatever is in it, a server that splits and decodes the path finds it again."""
    ids = [f"{text}-" for text in ids]
    made = path("/v2/api/" + "/".join(["{}"] * len(ids)), *ids)
    prefix, *segments = made.removeprefix("/v2/api").split("/")
    assert prefix == ""
    assert [unquote(segment) for segment in segments if segment] == ids
    assert set(made) <= set("/%-._~" + string.ascii_letters + string.digits)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("../clients/victim", "..%2Fclients%2Fvictim"),
        ("..\\x", "..%5Cx"),
        ("a?b#c;d", "a%3Fb%23c%3Bd"),
        ("%2e%2e", "%252e%252e"),
        ("...", "..."),
        (ID, str(ID)),
        (7, "7"),
        (Role.admin, "admin"),
    ],
)
def test_ids_are_encoded(value: t.Any, expected: str) -> None:
    """Texts, UUIDs, numbers, and enums of these."""
    assert path("things/{}/parts", value) == f"things/{expected}/parts"


@pytest.mark.parametrize("value", ["", ".", "..", None, MISSING, True, 1.5, b"x", ["x"], "\ud800"])
def test_what_is_no_id_is_refused(value: t.Any) -> None:
    """Before a request for something else is sent."""
    with pytest.raises(GlobusSDKUsageError) as caught:
        path("things/{}/parts", value)
    str(caught.value).encode()


def test_the_fixed_part_of_a_path_is_encoded_too() -> None:
    """A question mark in it begins no query."""
    assert path("/a b/{}?/c", "x") == "/a%20b/x%3F/c"
    assert path("/a") == "/a"


def test_a_path_takes_as_many_ids_as_it_has_places() -> None:
    """A missing one is not left open."""
    for ids in ([], ["a", "b"]):
        with pytest.raises(GlobusSDKUsageError, match="takes 1 ids"):
            path("things/{}", *ids)


def test_the_path_of_a_file_keeps_its_folders() -> None:
    """And encodes all else."""
    assert file_path("/home/ada/50% done?#1;.txt") == "/home/ada/50%25%20done%3F%231%3B.txt"
    assert file_path("a/..b/.c/d..") == "a/..b/.c/d.."
    assert type(file_path("/")) is EncodedPath


@pytest.mark.parametrize("name", ["..", "/a/../b", "../a", "a/..", "\udc80", None, 7])
def test_the_path_of_a_file_does_not_lead_out_of_its_folder(name: t.Any) -> None:
    """Nor is it anything but text."""
    with pytest.raises(GlobusSDKUsageError):
        file_path(name)
