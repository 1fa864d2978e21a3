"""
The documents in JSON token files.
"""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import globus_core
from globus_core.exc import StorageError
from globus_core.testing.stored_tokens import make_token
from globus_core.token_storage import TokenStorageData
from globus_core_storage import JSONTokenStorage, SQLiteTokenStorage

STAMP = f"4.9.0+globus.core.{globus_core.__version__}"
RECORD = {
    "resource_server": "a.example.org",
    "identity_id": "9d6a3b0e-5a5b-4f0c-8a53-6a40b1a7c2f1",
    "scope": "urn:globus:auth:scope:a.example.org:all",
    "access_token": "access-a.example.org",
    "refresh_token": "refresh-a.example.org",
    "expires_at_seconds": 1790172800,
    "token_type": "Bearer",
}
VERSION_1 = {
    "format_version": "1.0",
    "globus-sdk.version": "3.9.0",
    "by_rs": {
        "a.example.org": {
            "scope": "urn:globus:auth:scope:a.example.org:all",
            "access_token": "access-a.example.org",
            "refresh_token": None,
            "token_type": "Bearer",
            "expires_at_seconds": 1790172800,
            "resource_server": "a.example.org",
        }
    },
}


def write(path: pathlib.Path, document: object) -> None:
    path.write_text(json.dumps(document))
    path.chmod(0o600)


def read(path: pathlib.Path) -> t.Any:
    return json.loads(path.read_text())


def test_a_stored_token_gives_exactly_this_document(tmp_path: pathlib.Path) -> None:
    """The file has version 2.0, a version stamp, and the record below namespace and server."""
    path = tmp_path / "tokens.json"
    JSONTokenStorage(path).store_token_data_by_resource_server(
        {"a.example.org": make_token("a.example.org")}
    )
    assert read(path) == {
        "data": {"DEFAULT": {"a.example.org": RECORD}},
        "format_version": "2.0",
        "globus-sdk.version": STAMP,
    }


def test_nulls_are_left_out(tmp_path: pathlib.Path) -> None:
    """A record without identity, refresh token and type has no such keys."""
    path = tmp_path / "tokens.json"
    sparse = make_token("a.example.org", identity_id=None, refresh_token=None, token_type=None)
    JSONTokenStorage(path, namespace="n").store_token_data_by_resource_server(
        {"a.example.org": sparse}
    )
    assert set(read(path)["data"]["n"]["a.example.org"]) == {
        "resource_server",
        "scope",
        "access_token",
        "expires_at_seconds",
    }


def test_version_1_is_read_as_the_default_namespace(tmp_path: pathlib.Path) -> None:
    """The older format has no namespaces and no identities, and is not rewritten by a read."""
    path = tmp_path / "tokens.json"
    write(path, VERSION_1)
    stored = JSONTokenStorage(path).get_token_data_by_resource_server()
    assert stored == {
        "a.example.org": make_token("a.example.org", identity_id=None, refresh_token=None)
    }
    assert JSONTokenStorage(path, namespace="other").get_token_data("a.example.org") is None
    assert read(path) == VERSION_1


def test_version_1_becomes_2_with_the_next_change(tmp_path: pathlib.Path) -> None:
    """A removal rewrites the file but keeps its stamp, as only a store sets it."""
    path = tmp_path / "tokens.json"
    write(path, {**VERSION_1, "later": [1]})
    assert JSONTokenStorage(path).remove_token_data("a.example.org") is True
    assert read(path) == {
        "data": {"DEFAULT": {}},
        "format_version": "2.0",
        "globus-sdk.version": "3.9.0",
        "later": [1],
    }


def test_unknown_keys_stay(tmp_path: pathlib.Path) -> None:
    """A store keeps what it does not know, on top and in the records of others."""
    path = tmp_path / "tokens.json"
    storage = JSONTokenStorage(path)
    storage.store_token_data_by_resource_server({"a.example.org": make_token("a.example.org")})
    document = read(path)
    document["later"] = {"a": 1}
    document["data"]["other"] = {"x": {"odd": True}}
    document["data"]["DEFAULT"]["a.example.org"]["later"] = 2
    write(path, document)
    storage.store_token_data_by_resource_server({"b.example.org": make_token("b.example.org")})
    changed = read(path)
    assert changed["later"] == {"a": 1}
    assert changed["data"]["other"] == {"x": {"odd": True}}
    assert changed["data"]["DEFAULT"]["a.example.org"] == {**RECORD, "later": 2}
    data = storage.get_token_data("a.example.org")
    assert data is not None
    assert data.extra == {"later": 2}


@pytest.mark.parametrize("version", ["3.0", "0.9", "", "a-token-in-the-wrong-place"])
def test_another_format_version_is_refused_and_left_alone(
    tmp_path: pathlib.Path, version: str
) -> None:
    """A newer program's file is no damage: reading and storing fail, and it stays."""
    path = tmp_path / "tokens.json"
    write(path, {"format_version": version, "globus-sdk.version": "9", "data": {}})
    before = path.read_bytes()
    storage = JSONTokenStorage(path)
    with pytest.raises(StorageError, match="format version") as caught:
        storage.get_token_data("a.example.org")
    assert isinstance(caught.value, ValueError)
    assert "a-token" not in str(caught.value)
    with pytest.raises(StorageError, match="format version"):
        storage.store_token_data_by_resource_server({"a": make_token("a")})
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir() if "damaged" in entry.name] == []


TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
RECORDS = st.builds(
    TokenStorageData,
    resource_server=st.just("first"),
    identity_id=st.none() | TEXT,
    scope=TEXT,
    access_token=TEXT,
    refresh_token=st.none() | TEXT,
    expires_at_seconds=st.integers(-253402300799, 253402300799),
    token_type=st.none() | TEXT,
    extra=st.dictionaries(TEXT.filter(lambda key: key not in RECORD), JSON_VALUES, max_size=3),
)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=RECORDS, second=RECORDS)
@pytest.mark.parametrize("make", [JSONTokenStorage, SQLiteTokenStorage])
def test_any_record_survives_the_way_to_the_file_and_back(
    tmp_path: pathlib.Path,
    make: type[JSONTokenStorage | SQLiteTokenStorage],
    first: TokenStorageData,
    second: TokenStorageData,
) -> None:
    """Whatever text and numbers records hold, another object reads the same."""
    second.resource_server = "second"
    with make(tmp_path / "tokens") as storage:
        storage.store_token_data_by_resource_server({"first": first, "second": second})
    with make(tmp_path / "tokens") as storage:
        assert storage.get_token_data_by_resource_server() == {"first": first, "second": second}
