"""Scopes of collections: known to the sandbox's Auth while the sandbox has the collection."""

from __future__ import annotations

import typing as t

import pytest

from globus_core.testing.sandbox import Collection, Registry
from globus_core_auth.sandbox.scope_directory import ScopeDirectory, UnknownScopeError

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
    collections.remove(COLLECTION_ID)
    with pytest.raises(UnknownScopeError, match="data_access"):
        scopes.parse(wanted)
