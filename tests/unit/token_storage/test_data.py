"""
The record of one resource server's tokens.
"""

from __future__ import annotations

import json
import pickle
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core import ValidationError
from globus_core.token_storage import TokenStorageData
from globus_core.token_storage.records import Records
from tests.unit.token_storage.samples import TRANSFER, data

texts = st.text()
maybe = st.none() | texts


@given(
    st.builds(
        TokenStorageData,
        resource_server=texts,
        identity_id=maybe,
        scope=texts,
        access_token=texts,
        refresh_token=maybe,
        expires_at_seconds=st.integers(-253402300799, 253402300799),
        token_type=maybe,
        extra=st.dictionaries(texts.map(lambda name: f"x-{name}"), st.none() | st.integers()),
    )
)
@settings(max_examples=25)
def test_a_record_comes_back_from_json_as_it_was(record: TokenStorageData) -> None:
    """Unknown keys included, where they are wanted."""
    as_json = json.dumps(record.to_dict(include_extra=True))
    assert TokenStorageData.from_dict(json.loads(as_json)) == record
    assert not set(record.extra) & set(record.to_dict())


def test_null_fields_are_left_out() -> None:
    """As in the files of globus-sdk."""
    record = data(identity_id=None, refresh_token=None, token_type=None)
    assert list(record.to_dict()) == [
        "resource_server",
        "scope",
        "access_token",
        "expires_at_seconds",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("resource_server", None),
        ("scope", ["all"]),
        ("access_token", 5),
        ("access_token", None),
        ("refresh_token", 5),
        ("identity_id", 5),
        ("expires_at_seconds", 1.5),
        ("expires_at_seconds", "1"),
        ("expires_at_seconds", True),
        ("expires_at_seconds", None),
        ("token_type", 5),
    ],
)
def test_a_field_of_a_wrong_type_is_named(field: str, value: t.Any) -> None:
    """Its value is not, since it may be a token."""
    with pytest.raises(ValidationError, match=f"'{field}' must be"):
        data(**{field: value})
    values = {**data().to_dict(), field: value}
    with pytest.raises(ValidationError, match=f"'{field}' must be"):
        TokenStorageData.from_dict(values)


@pytest.mark.parametrize("field", ["resource_server", "identity_id", "refresh_token"])
def test_a_string_of_another_class_is_a_string(field: str) -> None:
    """The quick look at the types does not refuse what the full one takes."""

    class Name(str):
        pass

    assert getattr(data(**{field: Name("x")}), field) == "x"


@pytest.mark.parametrize("field", ["resource_server", "scope", "access_token"])
def test_a_missing_field_is_named(field: str) -> None:
    """What is not there is not a string."""
    values = data().to_dict()
    del values[field]
    with pytest.raises(ValidationError, match=f"'{field}'"):
        TokenStorageData.from_dict(values)


@pytest.mark.parametrize("value", [None, [], "text", 5])
def test_what_is_no_mapping_is_refused(value: t.Any) -> None:
    """Before any field is looked at."""
    with pytest.raises(ValidationError, match="mapping"):
        TokenStorageData.from_dict(value)


def test_a_record_shows_no_token() -> None:
    """The repr says only whether there is a refresh token."""
    assert "opaque" not in repr(data()) + str(data())
    assert "with refresh token" in repr(data())
    assert "no refresh token" in repr(data(refresh_token=None))


def test_records_are_equal_by_their_values() -> None:
    """Also after pickling."""
    record = data(expires_at_seconds=5)
    assert record == data(expires_at_seconds=5) == pickle.loads(pickle.dumps(record))
    assert record != data(expires_at_seconds=6)
    assert record != "record"


def test_a_copy_is_changed_without_changing_the_record() -> None:
    """Also what is in its unknown keys."""
    record = data(extra={"label": ["a"]})
    copied = record.copy()

    assert copied == record
    copied.access_token = "another"
    copied.extra["label"].append("b")
    assert record.access_token == "opaque-access"
    assert record.extra == {"label": ["a"]}


def test_a_record_at_a_server_is_the_one_that_its_revision_names() -> None:
    """Another one, of a row that was written by halves, counts as missing."""
    records = Records("tokens/DEFAULT", "redis.example.org", None)
    for record in (data(TRANSFER), data(TRANSFER, access_token="another")):
        assert records.read(TRANSFER, records.written(record), record.revision) == record
    with pytest.warns(UserWarning, match="not the one that was stored"):
        assert records.read(TRANSFER, records.written(record), data(TRANSFER).revision) is None
