from __future__ import annotations

import pickle
import uuid

import pytest

from globus_core import scopes
from globus_core.scopes import (
    AuthScopes,
    ComputeScopes,
    DynamicScopeCollection,
    FlowsScopes,
    GCSCollectionScopes,
    GCSEndpointScopes,
    GroupsScopes,
    NexusScopes,
    Scope,
    ScopeCollection,
    SearchScopes,
    SpecificFlowScopes,
    StaticScopeCollection,
    TimersScopes,
    TransferScopes,
)

ID = "d00d71c3-b84e-4029-a6f7-e95c3d2810ba"
URN = "urn:globus:auth:scope:"
URL = "https://auth.globus.org/scopes/"
FLOWS = "eec9b274-0c81-4334-bdc2-54e90e689b9a"
TIMERS = "524230d7-ea86-4a52-8312-86065a9e0417"
COMPUTE = "facd7ccc-c5f4-42aa-916b-a0e270e2c2a9"


@pytest.mark.parametrize(
    ("collection", "resource_server", "prefix", "names"),
    [
        (TransferScopes, "transfer.api.globus.org", None, "all gcp_install"),
        (GroupsScopes, "groups.api.globus.org", None, "all view_my_groups_and_memberships"),
        (NexusScopes, "nexus.api.globus.org", None, "groups"),
        (SearchScopes, "search.api.globus.org", None, "all globus_connect_server ingest search"),
        (
            FlowsScopes,
            "flows.globus.org",
            f"{URL}{FLOWS}/",
            "all manage_flows view_flows run run_status run_manage",
        ),
        (TimersScopes, TIMERS, f"{URL}{TIMERS}/", "timer"),
        (ComputeScopes, "funcx_service", f"{URL}{COMPUTE}/", "all"),
        (GCSEndpointScopes(ID), ID, None, "manage_collections"),
        (GCSCollectionScopes(ID), ID, f"{URL}{ID}/", "data_access https"),
    ],
)
def test_collection_holds_its_scopes(
    collection: ScopeCollection, resource_server: str, prefix: str | None, names: str
) -> None:
    """Each attribute is the scope that the service knows, and iteration gives them all."""
    if prefix is None:
        prefix = f"{URN}{resource_server}:"
    expected = {name: Scope(prefix + name) for name in names.split()}

    assert collection.resource_server == resource_server
    assert {name: getattr(collection, name) for name in expected} == expected
    assert list(collection) == list(expected.values())


def test_auth_scopes_are_bare_or_urns() -> None:
    """The scopes of OpenID Connect stand without a prefix."""
    bare = ["openid", "email", "profile"]
    urns = [
        "manage_projects",
        "view_authentications",
        "view_clients",
        "view_clients_and_scopes",
        "view_consents",
        "view_identities",
        "view_identity_set",
    ]

    assert AuthScopes.resource_server == "auth.globus.org"
    assert AuthScopes.openid == Scope("openid")
    assert [str(scope) for scope in AuthScopes] == [
        *bare,
        *(f"{URN}auth.globus.org:{name}" for name in urns),
    ]


def test_flow_scope_has_the_id_twice() -> None:
    """The scope of one flow repeats its id with underscores."""
    collection = SpecificFlowScopes(ID)

    assert collection.resource_server == ID
    assert str(collection.user) == f"{URL}{ID}/flow_{ID.replace('-', '_')}_user"
    assert list(collection) == [collection.user]


def test_services_with_a_client_id_tell_it() -> None:
    """Flows and Compute have scopes under another id than their resource server."""
    assert FlowsScopes.client_id == FLOWS
    assert ComputeScopes.client_id == COMPUTE


def test_dynamic_collections_take_ids_as_uuids() -> None:
    """A UUID is as good as its text."""
    assert GCSCollectionScopes(uuid.UUID(ID)).https == GCSCollectionScopes(ID).https
    assert SpecificFlowScopes(uuid.UUID(ID)).user == SpecificFlowScopes(ID).user


def test_scope_is_made_once() -> None:
    """Reading an attribute again gives the very same scope."""
    assert TransferScopes.all is TransferScopes.all


@pytest.mark.parametrize("collection", [TransferScopes, GCSCollectionScopes(ID)])
def test_unknown_scope_is_an_attribute_error(collection: ScopeCollection) -> None:
    """A misspelled name says so."""
    with pytest.raises(AttributeError, match="al1"):
        collection.al1  # type: ignore[attr-defined]  # noqa: B018


def test_dynamic_scope_needs_an_instance() -> None:
    """Without an id there is no such scope."""
    with pytest.raises(AttributeError, match="needs an instance of GCSCollectionScopes"):
        GCSCollectionScopes.https  # noqa: B018


def test_static_scope_is_known_to_the_class() -> None:
    """A static collection's class can answer as well."""
    assert type(TransferScopes).all == TransferScopes.all


def test_repr_names_the_resource_server() -> None:
    """A collection shows what it is for."""
    assert repr(TransferScopes) == "<TransferScopes of 'transfer.api.globus.org'>"


def test_collections_can_be_pickled() -> None:
    """They may be part of what is sent to another process."""
    collection = GCSCollectionScopes(ID)

    assert pickle.loads(pickle.dumps(collection)).https == collection.https
    assert list(pickle.loads(pickle.dumps(TransferScopes))) == list(TransferScopes)


def test_own_static_collection_iterates_over_its_scopes() -> None:
    """A subclass needs its resource server and its scopes, in order, inherited ones first."""

    class Base(StaticScopeCollection):
        resource_server = "service.example.org"
        read = Scope("read")

    class Collection(Base):
        write = Scope("write")
        read = Scope("read2")

    assert [str(scope) for scope in Collection()] == ["read2", "write"]


def test_own_dynamic_collection_iterates_over_its_names() -> None:
    """A subclass with properties lists them."""

    class Collection(DynamicScopeCollection):
        _scope_names = ("read",)

        @property
        def read(self) -> Scope:
            return Scope(f"{self.resource_server}/read")

    assert [str(scope) for scope in Collection(ID)] == [f"{ID}/read"]


def test_static_collection_needs_a_resource_server() -> None:
    """A subclass that forgot it cannot be used."""

    class Collection(StaticScopeCollection):
        pass

    with pytest.raises(TypeError, match="resource_server"):
        Collection()  # type: ignore[abstract,unused-ignore]


def test_namespace_has_every_name() -> None:
    """All names of globus-sdk's scopes namespace resolve, and the data module has its own."""
    from globus_core.scopes import data

    own = ("Scope", "ScopeParser", "ScopeParseError", "ScopeCycleError")
    bases = ("ScopeCollection", "StaticScopeCollection", "DynamicScopeCollection")

    assert set(dir(scopes)).issuperset([*own, *bases, *data.__all__])
    assert all(isinstance(getattr(scopes, name), type) for name in (*own, *bases))
    for name in data.__all__:
        assert getattr(scopes, name) is getattr(data, name)
