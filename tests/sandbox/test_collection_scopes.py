"""Scopes of collections: known to the sandbox's Auth while the sandbox has the collection."""

from __future__ import annotations

import typing as t

import pytest

from globus_core.testing.sandbox import Collection, Registry
from globus_core_auth.sandbox.scope_directory import ScopeDirectory, UnknownScopeError
from tests.sandbox.plain_client import TRANSFER, PlainClient, good, refused

if t.TYPE_CHECKING:
    from pathlib import Path

COLLECTION_ID = "7d1c2f0e-5b3a-4c68-9f12-3e8a6d4b0c57"
SCOPE = f"https://auth.globus.org/scopes/{COLLECTION_ID}"


def directory(**attributes: t.Any) -> tuple[ScopeDirectory, Registry[Collection]]:
    """A directory in a sandbox that has one collection."""
    collections: Registry[Collection] = Registry(lambda collection: collection.id)
    settings = {"root": "/", "owner": COLLECTION_ID, **attributes}
    collections.add(Collection(id=COLLECTION_ID, **settings))
    return ScopeDirectory((), Registry(lambda scope: scope.scope_string), collections), collections


@pytest.mark.parametrize(
    ("kind", "high_assurance", "has_data_access"),
    [
        ("mapped", False, True),
        ("mapped", True, False),
        ("guest", False, False),
        ("gcp", False, False),
    ],
)
def test_data_access_is_there_for_mapped_collections_without_high_assurance(
    kind: str, high_assurance: bool, has_data_access: bool
) -> None:
    """The others have ``https`` alone."""
    scopes, _ = directory(kind=kind, high_assurance=high_assurance)
    assert scopes.resource_server(f"{SCOPE}/https") == COLLECTION_ID
    server = scopes.resource_server(f"{SCOPE}/data_access")
    assert server == (COLLECTION_ID if has_data_access else None)


def test_the_scopes_of_a_collection_go_with_it() -> None:
    """At once, as a dependency too."""
    scopes, collections = directory(kind="mapped")
    wanted = f"urn:globus:auth:scope:transfer.api.globus.org:all[*{SCOPE}/data_access]"
    assert len(scopes.parse(wanted)) == 1
    assert scopes.by_resource_server([f"{SCOPE}/https"]) == {COLLECTION_ID: [f"{SCOPE}/https"]}
    collections.remove(COLLECTION_ID)
    assert scopes.by_resource_server([f"{SCOPE}/https", "openid"]) == {
        "auth.globus.org": ["openid"]
    }
    with pytest.raises(UnknownScopeError, match="data_access"):
        scopes.parse(wanted)


def test_tokens_of_a_collection_are_not_renewed_when_it_has_gone(
    client: PlainClient, tmp_path: Path
) -> None:
    """Its grant has ended; they do not become tokens of Globus Auth."""
    sandbox, owner = client.sandbox, client.basic[0]
    given = {"name": "a", "root": str(tmp_path), "owner": owner}
    made = sandbox.control("transfer", "collections/add", **given)["id"]
    scope = f"https://auth.globus.org/scopes/{made}/https"
    old = client.log_in(scope=scope, access_type="offline")
    assert good(client.refresh(old["refresh_token"]))["resource_server"] == made

    token = good(client.grant("client_credentials", scope=TRANSFER))["access_token"]
    address = f"{sandbox.service_url('transfer')}/v0.10/endpoint/{made}"
    headers = {"Authorization": f"Bearer {token}"}
    good(client.session.delete(address, headers=headers, timeout=10))
    refused(client.refresh(old["refresh_token"]), 401)
