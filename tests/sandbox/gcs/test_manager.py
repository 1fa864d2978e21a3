"""The manager of the sandbox's endpoint: what administrators and others may do."""

from __future__ import annotations

import typing as t
from pathlib import Path

import globus_sdk
import pytest

from globus_core import (
    ClientApp,
    ConnectorTable,
    EndpointDocument,
    GCSClient,
    GCSRoleDocument,
    GlobusAppConfig,
    GuestCollectionDocument,
    MappedCollectionDocument,
    StorageGatewayDocument,
    TransferClient,
    UserCredentialDocument,
)
from globus_core.services.gcs import GCSAPIError
from globus_core_gcs.sandbox.server import ENDPOINT, GATEWAY, MANAGE
from tests.sandbox.gcs.conftest import Site


def refused(status: int, call: t.Callable[[], object]) -> GCSAPIError:
    """The error with which the manager refuses."""
    with pytest.raises(GCSAPIError) as caught:
        call()
    assert caught.value.http_status == status, caught.value
    return caught.value


@pytest.fixture
def manager(site: Site) -> t.Iterator[GCSClient]:
    """The client of the first person, who administers the endpoint."""
    with site.manager() as client:
        yield client


@pytest.fixture
def stranger(site: Site) -> t.Iterator[GCSClient]:
    """The client of a service account without any role."""
    config = GlobusAppConfig(token_storage="memory")
    with ClientApp(
        "a-service",
        client_id=site.sandbox.confidential_client_id,
        client_secret=site.sandbox.confidential_client_secret,
        config=config,
    ) as app:
        yield site.manager(app=app)


def test_anybody_may_ask_who_it_is(site: Site) -> None:
    """Without a token."""
    info = GCSClient(site.facts["manager_url"], transport=site.transport()).get_gcs_info()
    assert (info["endpoint_id"], info["client_id"]) == (ENDPOINT, ENDPOINT)


def test_the_endpoint_is_shown_and_changed(manager: GCSClient, stranger: GCSClient) -> None:
    """By an administrator; others may look."""
    changed = EndpointDocument(display_name="Renamed", organization="Example")
    assert manager.update_endpoint(changed, include="endpoint")["display_name"] == "Renamed"
    assert manager.get_endpoint()["organization"] == "Example"
    refused(403, lambda: stranger.update_endpoint(changed))
    assert stranger.get_endpoint()["display_name"] == "Renamed"


def test_gateways_come_and_go(manager: GCSClient, stranger: GCSClient) -> None:
    """One that a collection uses stays."""
    made = manager.create_storage_gateway(
        StorageGatewayDocument(display_name="Tape", connector_id=ConnectorTable.HPSS.connector_id)
    )
    names = {each["display_name"] for each in manager.get_storage_gateway_list()}
    assert names == {"Sandbox Disks", "Tape"}
    manager.update_storage_gateway(made["id"], StorageGatewayDocument(display_name="Reel"))
    assert manager.get_storage_gateway(made["id"])["display_name"] == "Reel"
    manager.delete_storage_gateway(made["id"])
    refused(404, lambda: manager.get_storage_gateway(made["id"]))
    refused(400, lambda: manager.delete_storage_gateway(GATEWAY))
    refused(403, lambda: stranger.delete_storage_gateway(GATEWAY))
    refused(422, lambda: manager.create_storage_gateway({"display_name": "no connector"}))


def test_a_mapped_collection_has_files_at_once(
    site: Site, manager: GCSClient, tmp_path: Path
) -> None:
    """It is made over a folder that exists, and Transfer knows it."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "f").write_text("x")
    document = MappedCollectionDocument(
        display_name="More", storage_gateway_id=GATEWAY, collection_base_path=str(tmp_path / "more")
    )
    made = manager.create_collection(document)
    assert made["https_url"] == site.address_of(made["id"])
    with site.files(made["id"]) as files:
        assert files.read("/f") == b"x"
    with TransferClient(app=site.app) as transfer:
        assert transfer.get_endpoint(made["id"])["display_name"] == "More"
    manager.update_collection(made["id"], MappedCollectionDocument(display_name="Less"))
    assert manager.get_collection(made["id"])["display_name"] == "Less"
    manager.update_collection(made["id"], MappedCollectionDocument(delete_protected=True))
    refused(403, lambda: manager.delete_collection(made["id"]))
    manager.update_collection(made["id"], MappedCollectionDocument(delete_protected=False))
    manager.delete_collection(made["id"])
    refused(404, lambda: manager.get_collection(made["id"]))
    nowhere = {**document, "collection_base_path": str(tmp_path / "no")}
    assert "collection_base_path" in str(refused(422, lambda: manager.create_collection(nowhere)))


def test_a_guest_collection_is_shared_by_rules_of_transfer(
    site: Site, manager: GCSClient, stranger: GCSClient
) -> None:
    """Its owner may use it, others only by a rule, and only as it says."""
    (site.root / "shared").mkdir()
    (site.root / "shared" / "f").write_text("x")
    made = manager.create_guest_collection(
        GuestCollectionDocument(
            mapped_collection_id=site.collection_id,
            display_name="Shared",
            collection_base_path="/shared",
        )
    )
    with site.files(made["id"]) as files:
        assert files.read("/f") == b"x"
    app: t.Any = stranger._app
    with site.files(made["id"], app=app) as theirs:
        refused(403, lambda: theirs.read("/f"))
        with TransferClient(app=site.app) as transfer:
            rule = {
                "principal_type": "identity",
                "principal": site.sandbox.confidential_client_id,
                "path": "/",
                "permissions": "r",
            }
            transfer.add_endpoint_acl_rule(made["id"], rule)
        assert theirs.read("/f") == b"x"
        refused(403, lambda: theirs.upload(site.root / "shared" / "f", "/g"))


def test_a_guest_collection_needs_a_credential_of_ones_own(
    site: Site, stranger: GCSClient, manager: GCSClient
) -> None:
    """Somebody else's is refused, and so is one for another gateway."""
    theirs = next(iter(manager.get_user_credential_list()))["id"]
    document = GuestCollectionDocument(
        mapped_collection_id=site.collection_id, display_name="x", user_credential_id=theirs
    )
    error = refused(403, lambda: stranger.create_collection(document))
    assert error.info.consent_required
    refused(404, lambda: stranger.get_user_credential(theirs))


def test_credentials_are_ones_own(manager: GCSClient, site: Site) -> None:
    """Made, shown, changed and deleted."""
    made = manager.create_user_credential(
        UserCredentialDocument(storage_gateway_id=GATEWAY, username="ada2")
    )
    assert manager.get_user_credential(made["id"])["username"] == "ada2"
    manager.update_user_credential(made["id"], UserCredentialDocument(display_name="second"))
    assert manager.get_user_credential(made["id"])["display_name"] == "second"
    assert len(list(manager.get_user_credential_list(storage_gateway=GATEWAY))) == 2
    manager.delete_user_credential(made["id"])
    other = site.sandbox.people[-1].id
    for_other = UserCredentialDocument(storage_gateway_id=GATEWAY, identity_id=other)
    refused(403, lambda: manager.create_user_credential(for_other))
    refused(404, lambda: manager.get_user_credential(made["id"]))


def test_a_role_makes_an_administrator(site: Site, manager: GCSClient, stranger: GCSClient) -> None:
    """Until it is taken away."""
    who = site.sandbox.confidential_client_id
    made = manager.create_role(
        GCSRoleDocument(principal=f"urn:globus:auth:identity:{who}", role="administrator")
    )
    stranger.update_endpoint(EndpointDocument(display_name="Theirs"))
    assert [each["id"] for each in manager.get_role_list()] == [made["id"]]
    assert manager.get_role(made["id"])["role"] == "administrator"
    manager.delete_role(made["id"])
    refused(403, lambda: stranger.update_endpoint(EndpointDocument(display_name="Ours")))
    refused(422, lambda: manager.create_role(GCSRoleDocument(principal=who, role="king")))
    nobody = GCSRoleDocument(principal="nobody@example.org", role="administrator")
    refused(422, lambda: manager.create_role(nobody))


def test_lists_have_pages(manager: GCSClient) -> None:
    """By size and marker, which the paginator follows."""
    for number in range(5):
        manager.create_user_credential(
            UserCredentialDocument(storage_gateway_id=GATEWAY, username=f"u{number}")
        )
    pages = list(manager.paginated.get_user_credential_list(page_size=2))
    assert [len(list(page)) for page in pages] == [2, 2, 2]
    refused(400, lambda: manager.get_user_credential_list(page_size=0))
    refused(400, lambda: manager.get_collection_list(marker="x"))


def test_collections_are_filtered(site: Site, manager: GCSClient) -> None:
    """By kind, and by the mapped collection."""
    manager.create_guest_collection(
        GuestCollectionDocument(mapped_collection_id=site.collection_id, display_name="Guest")
    )

    def names(**wanted: t.Any) -> list[str]:
        return [each["display_name"] for each in manager.get_collection_list(**wanted)]

    assert names() == ["Sandbox Storage", "Guest"]
    assert names(filter="guest_collections") == ["Guest"]
    assert names(mapped_collection_id=site.collection_id) == ["Guest"]
    refused(400, lambda: names(filter="all_of_them"))


def test_what_it_does_not_do_is_a_501(site: Site, manager: GCSClient) -> None:
    """Nothing is invented."""
    refused(501, lambda: manager.get("/authentication_policies"))


def test_globus_sdk_manages_it_as_well(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own client, with a token of the first person."""
    with site.manager() as ours:
        ours.get_endpoint()
    token = site.token(ENDPOINT)
    monkeypatch.setenv("GLOBUS_SDK_VERIFY_SSL", site.authority)
    client = globus_sdk.GCSClient(
        site.facts["manager_url"].rstrip("/"),
        authorizer=globus_sdk.AccessTokenAuthorizer(token),
    )
    try:
        assert client.get_gcs_info()["endpoint_id"] == ENDPOINT
        assert client.get_endpoint()["display_name"] == "Sandbox Endpoint"
        assert [each["id"] for each in client.get_collection_list()] == [site.collection_id]
        made = client.create_storage_gateway(
            globus_sdk.StorageGatewayDocument(display_name="Box", connector_id=GATEWAY)
        )
        client.delete_storage_gateway(made["id"])
        with pytest.raises(globus_sdk.GCSAPIError) as caught:
            client.get_collection("5f1c8a3e-2b47-4c0d-9e6a-7d3b1f0c4a58")
        assert (caught.value.http_status, caught.value.code) == (404, "not_found")
        assert globus_sdk.GCSClient.get_gcs_endpoint_scopes(ENDPOINT).manage_collections
        assert MANAGE.endswith("manage_collections")
    finally:
        client.close()
