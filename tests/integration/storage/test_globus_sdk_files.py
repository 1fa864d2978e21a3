"""
Files of globus-sdk are ours and ours are its own, with the real package on the other side.
"""

from __future__ import annotations

import contextlib
import json
import pathlib
import typing as t

import globus_sdk
import pytest
from globus_sdk import token_storage as theirs
from globus_sdk.token_storage import legacy as their_legacy

import globus_core
from globus_core import token_storage as ours
from globus_core.testing.stored_tokens import make_token
from globus_core.token_storage import legacy as our_legacy

CLIENT_ID = "7a1105c0-3b7e-4bde-9a35-2e3f2c1a0b55"
KINDS: dict[str, tuple[t.Any, t.Any]] = {
    "json": (theirs.JSONTokenStorage, ours.JSONTokenStorage),
    "sqlite": (theirs.SQLiteTokenStorage, ours.SQLiteTokenStorage),
}
LEGACY_KINDS: dict[str, tuple[t.Any, t.Any]] = {
    "json": (their_legacy.SimpleJSONFileAdapter, our_legacy.SimpleJSONFileAdapter),
    "sqlite": (their_legacy.SQLiteAdapter, our_legacy.SQLiteAdapter),
}
each_kind = pytest.mark.parametrize("kind", KINDS)
both_directions = pytest.mark.parametrize("first", [0, 1], ids=["they write", "we write"])
SPARSE = {"identity_id": None, "refresh_token": None, "token_type": "Bearer"}
RECORDS: list[dict[str, t.Any]] = [
    {"resource_server": "a.example.org"},
    {"resource_server": "zürich.example.org", "scope": 'a "quoted" scope'},
    {"resource_server": "sparse.example.org", **SPARSE},
]


def records_of(package: t.Any) -> dict[str, t.Any]:
    """The same records, as objects of either package."""
    made = [make_token(**changes) for changes in RECORDS]
    return {m.resource_server: package.TokenStorageData.from_dict(m.to_dict()) for m in made}


def as_dicts(tokens: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the objects of either package hold, without what is None."""
    held = {server: data.to_dict().items() for server, data in tokens.items()}
    return {s: {k: v for k, v in items if v is not None} for s, items in held.items()}


class Response:
    """A token response, as far as both packages' older adapters look at it."""

    def __init__(self, *names: str, access_token: str = "access-1") -> None:
        self.by_resource_server = {
            name: {
                "scope": "openid",
                "access_token": access_token,
                "refresh_token": None,
                "token_type": "Bearer",
                "expires_at_seconds": 1790172800,
                "resource_server": name,
            }
            for name in names
        }


@contextlib.contextmanager
def opened(make: t.Any, path: pathlib.Path, **options: t.Any) -> t.Iterator[t.Any]:
    """A storage or adapter of either package, closed at the end if it can be."""
    storage = make(path, **options)
    try:
        yield storage
    finally:
        getattr(storage, "close", lambda: None)()


@each_kind
@both_directions
@pytest.mark.parametrize("namespace", ["DEFAULT", "another one"])
def test_what_one_stores_the_other_reads(
    tmp_path: pathlib.Path, kind: str, first: int, namespace: str
) -> None:
    """Every field of every record, in the namespace and not in another one."""
    path, packages = tmp_path / "tokens", (theirs, ours)
    writer, reader = KINDS[kind][first], KINDS[kind][1 - first]
    with opened(writer, path, namespace=namespace) as storage:
        storage.store_token_data_by_resource_server(records_of(packages[first]))
    with opened(reader, path, namespace=namespace) as storage:
        read = storage.get_token_data_by_resource_server()
        assert as_dicts(read) == as_dicts(records_of(packages[1 - first]))
    with opened(reader, path, namespace="not this one") as storage:
        assert storage.get_token_data_by_resource_server() == {}


@each_kind
@both_directions
def test_both_store_in_one_file_by_turns(tmp_path: pathlib.Path, kind: str, first: int) -> None:
    """Each sees the other's newest token at once, neither loses a token, and removals count."""
    path = tmp_path / "tokens"
    sides = (KINDS[kind][first], KINDS[kind][1 - first])
    records = (theirs, ours)[first].TokenStorageData, (theirs, ours)[1 - first].TokenStorageData
    with opened(sides[0], path) as one, opened(sides[1], path) as two:
        for turn in range(6):
            for number, (storage, other) in enumerate(((one, two), (two, one))):
                name, token = f"{turn}-{number}.example.org", f"access-{turn}-{number}"
                stored = {
                    server: records[number].from_dict(
                        make_token(server, access_token=token).to_dict()
                    )
                    for server in (name, "shared")
                }
                storage.store_token_data_by_resource_server(stored)
                assert other.get_token_data("shared").access_token == token
                assert other.get_token_data(name).access_token == token
        assert len(one.get_token_data_by_resource_server()) == 13
        assert one.remove_token_data("shared") is True
        assert two.remove_token_data("shared") is False
        assert set(one.get_token_data_by_resource_server()) == set(
            two.get_token_data_by_resource_server()
        )


@pytest.mark.parametrize("kind", LEGACY_KINDS)
@both_directions
def test_the_older_adapters_read_each_others_files(
    tmp_path: pathlib.Path, kind: str, first: int
) -> None:
    """And store in them by turns, the same dicts."""
    path = tmp_path / "tokens"
    sides = (LEGACY_KINDS[kind][first], LEGACY_KINDS[kind][1 - first])
    with opened(sides[0], path) as one:
        one.store(Response("a.example.org", "b.example.org"))
    with opened(sides[1], path) as two:
        assert two.get_by_resource_server() == one_response("a.example.org", "b.example.org")
        two.on_refresh(Response("a.example.org", access_token="access-2"))
    with opened(sides[0], path) as one:
        assert one.get_token_data("a.example.org")["access_token"] == "access-2"
        assert one.get_token_data("b.example.org")["access_token"] == "access-1"
        assert one.get_token_data("c.example.org") is None


def one_response(*names: str) -> dict[str, t.Any]:
    """What a response has by resource server."""
    return Response(*names).by_resource_server


@pytest.mark.parametrize("kind", LEGACY_KINDS)
@pytest.mark.parametrize("side", [0, 1], ids=["their adapter", "our adapter"])
def test_files_of_the_older_adapters_are_read_by_both_storages(
    tmp_path: pathlib.Path, kind: str, side: int
) -> None:
    """A program that moves on from the adapters finds its tokens, and stores beside them."""
    path = tmp_path / "tokens"
    with opened(LEGACY_KINDS[kind][side], path) as adapter:
        adapter.store(Response("a.example.org"))
    for package, storage_kind in zip((ours, theirs), reversed(KINDS[kind]), strict=True):
        with opened(storage_kind, path) as storage:
            data = storage.get_token_data("a.example.org")
            assert (data.access_token, data.identity_id) == ("access-1", None)
            newer = {"b": package.TokenStorageData.from_dict(make_token("b").to_dict())}
            storage.store_token_data_by_resource_server(newer)
            assert set(storage.get_token_data_by_resource_server()) == {"a.example.org", "b"}


@both_directions
def test_configuration_beside_tokens_is_shared(tmp_path: pathlib.Path, first: int) -> None:
    """What the older SQLite adapter stores beside tokens, and its namespaces."""
    kinds = LEGACY_KINDS["sqlite"]
    path = tmp_path / "tokens"
    with opened(kinds[first], path, namespace="n") as one:
        one.store_config("colours", {"sky": ["blue"]})
    with opened(kinds[1 - first], path, namespace="n") as two:
        assert two.read_config("colours") == {"sky": ["blue"]}
        assert list(two.iter_namespaces()) == []
        assert list(two.iter_namespaces(include_config_namespaces=True)) == ["n"]
        assert two.remove_config("colours") is True
        assert two.remove_config("colours") is False
        assert two.read_config("colours") is None


def test_a_file_of_the_newer_version_is_no_file_for_the_older_adapter(
    tmp_path: pathlib.Path,
) -> None:
    """Both adapters refuse it by a ValueError and leave it as it is."""
    path = tmp_path / "tokens"
    ours.JSONTokenStorage(path).store_token_data_by_resource_server({"a": make_token("a")})
    before = path.read_bytes()
    for adapter in LEGACY_KINDS["json"]:
        with pytest.raises(ValueError, match="format"):
            adapter(path).get_token_data("a")
        with pytest.raises(ValueError, match="format"):
            adapter(path).store(Response("b"))
    assert path.read_bytes() == before


@each_kind
@pytest.mark.parametrize("environment", ["production", "preview"])
@pytest.mark.parametrize("app_name", ["My App", "v1.0 (new)", "a|b: c", "Ärger"])
def test_an_app_finds_the_file_of_the_app_it_was(
    kind: str, environment: str, app_name: str
) -> None:
    """The default path is the same, and so nobody logs in again."""
    arguments = {"client_id": CLIENT_ID, "app_name": app_name, "namespace": "DEFAULT"}
    their_config = globus_sdk.GlobusAppConfig(environment=environment)
    our_config = globus_core.GlobusAppConfig(environment=environment)
    their_kind, our_kind = KINDS[kind]
    with (
        contextlib.closing(their_kind.for_globus_app(config=their_config, **arguments)) as before,
        our_kind.for_globus_app(config=our_config, **arguments) as after,
    ):
        before.store_token_data_by_resource_server(records_of(theirs))
        assert after.filepath == before.filepath
        assert as_dicts(after.get_token_data_by_resource_server()) == as_dicts(records_of(ours))


def test_an_app_of_a_person_looks_into_the_namespace_that_it_had() -> None:
    """Tokens stored by globus-sdk's app of the same name are found; nobody logs in again."""
    before = globus_sdk.UserApp("reports", client_id=CLIENT_ID)
    with globus_core.UserApp("reports", client_id=CLIENT_ID) as after:
        inner = before.token_storage.token_storage
        inner.store_token_data_by_resource_server(records_of(theirs))
        assert after.token_storage.namespace == inner.namespace
        stored = after.token_storage.token_storage.get_token_data_by_resource_server()
        assert as_dicts(stored) == as_dicts(records_of(ours))


def test_keys_that_globus_sdk_does_not_know_do_not_disturb_it(tmp_path: pathlib.Path) -> None:
    """What another program has added to the file stays over our stores, and it reads on."""
    path = tmp_path / "tokens"
    before = theirs.JSONTokenStorage(path)
    before.store_token_data_by_resource_server(records_of(theirs))
    document = json.loads(path.read_text())
    document["later"] = {"x": 1}
    document["data"]["DEFAULT"]["a.example.org"]["later"] = [2]
    path.write_text(json.dumps(document))
    ours.JSONTokenStorage(path).store_token_data_by_resource_server({"b": make_token("b")})
    after = json.loads(path.read_text())
    assert after["later"] == {"x": 1}
    assert after["data"]["DEFAULT"]["a.example.org"]["later"] == [2]
    data = before.get_token_data("b")
    assert data is not None
    assert data.access_token == "access-b"
