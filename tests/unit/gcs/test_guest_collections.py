"""
Guest collections that are made in one step.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import GCSAPIError, GlobusSDKUsageError, GuestCollectionDocument
from globus_core.services.gcs import GuestCollectionError
from globus_core_gcs.canned import documents as doc
from globus_core_gcs.canned.answers import envelope
from tests.unit.gcs.managers import manager
from tests.unit.gcs.test_gcs_clients import app

DATA = GuestCollectionDocument(
    mapped_collection_id=doc.COLLECTION_ID,
    collection_base_path="/1923/",
    display_name="Plates of 1923",
)
OTHER = {
    **doc.CREDENTIAL,
    "id": doc.OTHER_CREDENTIAL_ID,
    "username": "cannon",
    "identity_id": doc.OTHER_IDENTITY_ID,
}


def answers(*credentials: dict[str, t.Any], mapped: t.Any = doc.COLLECTION) -> list[t.Any]:
    """What an endpoint answers where one collection and these credentials are there."""
    return [envelope(mapped), envelope(*credentials), envelope(doc.GUEST)]


def refused(*given: t.Any, **options: t.Any) -> GuestCollectionError:
    """The error, after which nothing was made."""
    client = manager(*given)
    with pytest.raises(GuestCollectionError) as caught:
        client.create_guest_collection(DATA, **options)
    assert {request.method for request in client.answering.sent} == {"GET"}
    return caught.value


def test_the_only_credential_for_the_gateway_is_taken() -> None:
    """The document of the caller's stays as it was."""
    client = manager(*answers(doc.CREDENTIAL))
    before = dict(DATA)

    assert client.create_guest_collection(DATA)["id"] == doc.GUEST_ID
    assert client.answering.paths == [
        f"/api/collections/{doc.COLLECTION_ID}",
        f"/api/user_credentials?storage_gateway={doc.GATEWAY_ID}",
        "/api/collections",
    ]
    (sent,) = client.answering.bodies
    assert sent["user_credential_id"] == doc.CREDENTIAL_ID
    assert sent["DATA_TYPE"] == "collection#1.0.0"
    assert before == DATA


def test_credentials_come_in_pages() -> None:
    """One on a later page is as good."""
    first = envelope(doc.CREDENTIAL, has_next_page=True, marker="m")
    client = manager(envelope(doc.COLLECTION), first, envelope(OTHER), envelope(doc.GUEST))
    client.create_guest_collection(DATA, local_username="cannon")

    assert client.answering.bodies[0]["user_credential_id"] == doc.OTHER_CREDENTIAL_ID


def test_an_identity_in_the_document_chooses_the_credential() -> None:
    """The collection will be that identity's."""
    client = manager(*answers(doc.CREDENTIAL, OTHER))
    data = {**DATA, "identity_id": doc.OTHER_IDENTITY_ID}
    client.create_guest_collection(data)

    assert client.answering.bodies[0]["user_credential_id"] == doc.OTHER_CREDENTIAL_ID


def test_a_credential_in_the_document_is_not_looked_for() -> None:
    """It need not even be the caller's."""
    client = manager(envelope(doc.COLLECTION), envelope(doc.GUEST))
    client.create_guest_collection({**DATA, "user_credential_id": "my-own"})

    assert client.answering.bodies[0]["user_credential_id"] == "my-own"
    assert len(client.answering.sent) == 2


def test_who_has_no_credential_is_told_for_which_gateway_to_make_one() -> None:
    """By its name, kind and id."""
    error = refused(envelope(doc.COLLECTION), envelope(), envelope(doc.GATEWAY))

    assert str(error) == (
        f"you have no credential for the POSIX storage gateway 'Disks' ({doc.GATEWAY_ID})"
    )
    assert doc.GATEWAY_ID in str(error.advice)


def test_a_gateway_that_is_not_shown_is_named_by_its_id() -> None:
    """Not everybody may see it."""
    error = refused(envelope(doc.COLLECTION), envelope(), (403, envelope(status=403)))

    assert str(error) == f"you have no credential for the storage gateway {doc.GATEWAY_ID}"


def test_what_was_wanted_of_a_credential_is_in_the_error() -> None:
    """Somebody may have mistyped it."""
    error = refused(*answers(doc.CREDENTIAL), local_username="curie")

    assert "no credential of the local username curie for" in str(error)


def test_of_several_credentials_the_caller_has_to_choose() -> None:
    """The advice lists them."""
    error = refused(*answers(doc.CREDENTIAL, OTHER))

    assert str(error).startswith("you have 2 credentials")
    assert f"{doc.CREDENTIAL_ID} (leavitt), {doc.OTHER_CREDENTIAL_ID} (cannon)" in str(error.advice)


def test_an_invalid_credential_has_to_be_updated() -> None:
    """Another that is valid is taken instead."""
    invalid = {**doc.CREDENTIAL, "invalid": True}
    error = refused(*answers(invalid))
    assert "not valid any more" in str(error)
    assert doc.CREDENTIAL_ID in str(error.advice)

    client = manager(*answers(invalid, OTHER))
    client.create_guest_collection(DATA)
    assert client.answering.bodies[0]["user_credential_id"] == doc.OTHER_CREDENTIAL_ID


def test_a_guest_collection_has_no_guest_collections() -> None:
    """The advice names the collection to use."""
    error = refused(envelope(doc.GUEST))

    assert "is no mapped collection" in str(error)
    assert doc.COLLECTION_ID in str(error.advice)


def test_a_collection_may_not_allow_guest_collections() -> None:
    """Its administrator can change that."""
    error = refused(envelope({**doc.COLLECTION, "allow_guest_collections": False}))

    assert "there can be no guest collections" in str(error)


def test_what_the_endpoint_refuses_is_its_error() -> None:
    """An unknown collection, for example."""
    with pytest.raises(GCSAPIError, match="404"):
        manager((404, envelope(code="not_found", status=404))).create_guest_collection(DATA)


def test_a_document_names_its_mapped_collection() -> None:
    """It is not guessed."""
    client = manager({})

    with pytest.raises(GlobusSDKUsageError, match="mapped_collection_id"):
        client.create_guest_collection(GuestCollectionDocument(display_name="a"))
    assert client.answering.sent == []


@pytest.mark.parametrize("high_assurance", [False, True])
def test_an_app_is_asked_for_access_to_the_files(high_assurance: bool) -> None:
    """Which collections with high assurance have no scope for."""
    mine = app()
    mapped = {**doc.COLLECTION, "high_assurance": high_assurance}
    client = manager(envelope(doc.INFO), app=mine)
    client._app.get_authorizer = lambda server: None
    client.answering._answers = answers(doc.CREDENTIAL, mapped=mapped)
    client.create_guest_collection(DATA)

    (scope,) = mine.scope_requirements[doc.CLIENT_ID]
    plain = f"urn:globus:auth:scope:{doc.CLIENT_ID}:manage_collections"
    needed = f"[*https://auth.globus.org/scopes/{doc.COLLECTION_ID}/data_access]"
    assert str(scope) == (plain if high_assurance else plain + needed)
