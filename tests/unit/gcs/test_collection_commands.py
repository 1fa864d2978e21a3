"""
``globus-core collection``, with canned answers of Transfer and of an endpoint.
"""

from __future__ import annotations

import json
import typing as t

import pytest

from globus_core_cli.group import cli
from globus_core_gcs.canned import documents as doc
from globus_core_gcs.canned.answers import envelope
from tests.commands import separate_runner
from tests.unit.gcs.services import (
    ENDPOINT,
    MANAGER,
    MAPPED,
    PERSONAL,
    PERSONAL_ID,
    TRANSFER,
    Services,
)

if t.TYPE_CHECKING:
    from click.testing import Result
    from responses import RequestsMock


@pytest.fixture
def services(globus_responses: RequestsMock, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Services for a client that has credentials of its own."""
    monkeypatch.setenv("GLOBUS_CLIENT_ID", doc.IDENTITY_ID)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", "made-up")
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "memory")
    return Services(globus_responses)


def run(*arguments: str) -> Result:
    """Run the command in this process."""
    return separate_runner().invoke(cli, ["collection", *arguments], prog_name="globus-core")


def lines(*arguments: str) -> list[list[str]]:
    """What a command that succeeds prints, in words."""
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return [line.split() for line in result.stdout.splitlines()]


def found(services: Services, *documents: dict[str, t.Any]) -> None:
    """What Transfer's search finds."""
    page = {"DATA": list(documents), "has_next_page": False, "offset": 0, "limit": 100}
    services.answer(f"{TRANSFER}/endpoint_search", page)


# list


def test_your_own_collections_are_listed(services: Services) -> None:
    """Endpoints, which are no collections, are left out."""
    found(services, ENDPOINT, MAPPED, PERSONAL)

    assert lines("list") == [
        ["id", "kind", "name"],
        [doc.COLLECTION_ID, "GCSv5_mapped_collection", "Plates"],
        [PERSONAL_ID, "GCP_mapped_collection", "My", "laptop"],
    ]
    (request,) = services.sent("/endpoint_search")
    assert "filter_scope=my-endpoints" in (request.url or "")


@pytest.mark.parametrize(
    ("options", "query"),
    [
        (("--search", "plates"), "filter_scope=all&filter_fulltext=plates"),
        (
            ("--search", "plates", "--scope", "shared-with-me"),
            "filter_scope=shared-with-me&filter_fulltext=plates",
        ),
        (("--scope", "recently-used"), "filter_scope=recently-used"),
    ],
)
def test_words_and_a_scope_say_which(
    options: tuple[str, ...], query: str, services: Services
) -> None:
    """With words, among all."""
    found(services)

    result = run("list", *options)
    assert result.stdout == "no collection was found\n"
    (request,) = services.sent("/endpoint_search")
    assert query in (request.url or "")


def test_no_more_are_listed_than_wanted(services: Services) -> None:
    """Standard error says that there are more, and standard output is whole."""
    found(services, MAPPED, PERSONAL)
    result = run("list", "--limit", "1")

    assert len(result.stdout.splitlines()) == 2
    assert "there are more than 1" in result.stderr
    assert run("list", "--limit", "2").stderr == ""


def test_the_collections_of_an_endpoint_are_listed_by_its_manager(services: Services) -> None:
    """With what is asked of it."""
    services.answer(f"{MANAGER}/collections", envelope(doc.COLLECTION, doc.GUEST))

    listed = lines(
        "list", doc.ENDPOINT_ID, "--filter", "managed-by-me", "--filter", "created-by-me"
    )
    assert [row[:2] for row in listed[1:]] == [
        [doc.COLLECTION_ID, "mapped"],
        [doc.GUEST_ID, "guest"],
    ]
    (request,) = services.sent("/api/collections")
    assert "filter=managed_by_me%2Ccreated_by_me" in (request.url or "")
    assert request.headers["Authorization"] == f"Bearer {doc.CLIENT_ID}"


@pytest.mark.parametrize(
    "options",
    [
        ("--filter", "created-by-me"),
        ("--scope", "all"),
        (doc.ENDPOINT_ID, "--search", "a"),
        (doc.ENDPOINT_ID, "--scope", "in-use"),
        ("no-id",),
        ("--limit", "0"),
    ],
)
def test_options_that_do_not_fit_are_wrong_usage(
    options: tuple[str, ...], services: Services
) -> None:
    """Before anything is sent."""
    result = run("list", *options)

    assert result.exit_code == 2
    assert services.asked == []


def test_a_list_can_be_read_by_programs(services: Services) -> None:
    """The documents as they came."""
    found(services, MAPPED, PERSONAL)

    assert json.loads(run("list", "--json").stdout) == [MAPPED, PERSONAL]


# show


def test_a_collection_is_shown_by_its_manager(services: Services) -> None:
    """Which knows more of it than Transfer."""
    services.answer(f"{MANAGER}/collections/{doc.GUEST_ID}", envelope(doc.GUEST))
    guest = {**MAPPED, "id": doc.GUEST_ID, "entity_type": "GCSv5_guest_collection"}
    services.answer(f"{TRANSFER}/endpoint/{doc.GUEST_ID}", guest)

    shown = {line[0]: line[-1] for line in lines("show", doc.GUEST_ID)}
    assert shown["ID:"] == doc.GUEST_ID
    assert shown["Kind:"] == "guest"
    assert shown["Public:"] == "yes"
    assert json.loads(run("show", doc.GUEST_ID, "--json").stdout) == doc.GUEST


def test_private_policies_are_asked_for_when_wanted(services: Services) -> None:
    """They are for those who administer the endpoint."""
    services.answer(f"{MANAGER}/collections/{doc.COLLECTION_ID}", envelope(doc.COLLECTION))
    lines("show", doc.COLLECTION_ID, "--include-private-policies")

    (request,) = services.sent(doc.COLLECTION_ID)[1:]
    assert "include=private_policies" in (request.url or "")


def test_any_other_collection_is_shown_by_transfer(services: Services) -> None:
    """A personal one has no manager; nothing is asked for beside Transfer."""
    shown = {line[0]: line[-1] for line in lines("show", PERSONAL_ID)}

    assert shown["Owner:"] == "leavitt@example.org"
    assert shown["Public:"] == "no"
    assert all(doc.CLIENT_ID not in scope for scope in services.asked)
    assert run("show", PERSONAL_ID, "--include-private-policies").exit_code == 2


# create guest

GUEST = ("create", "guest", doc.COLLECTION_ID, "/1923/", "Plates of 1923")


@pytest.fixture
def endpoint(services: Services) -> Services:
    """An endpoint with a mapped collection, and the caller's credential for it."""
    services.answer(f"{MANAGER}/collections/{doc.COLLECTION_ID}", envelope(doc.COLLECTION))
    services.answer(f"{MANAGER}/user_credentials", envelope(doc.CREDENTIAL))
    services.answer(f"{MANAGER}/storage_gateways/{doc.GATEWAY_ID}", envelope(doc.GATEWAY))
    services.answer(f"{MANAGER}/collections", envelope(doc.GUEST), method="POST")
    return services


def sent(endpoint: Services) -> dict[str, t.Any]:
    """The document of the new collection."""
    (request,) = endpoint.sent("/api/collections", "POST")
    return t.cast("dict[str, t.Any]", json.loads(request.body or ""))


def test_a_guest_collection_is_created(endpoint: Services) -> None:
    """With the caller's credential, and the fields of the options."""
    options = ("--keyword", "stars", "--keyword", "glass", "--private", "--enable-https")
    result = run(*GUEST, *options, "--description", "Glass plates")

    assert result.stderr == ""
    assert result.stdout == f"created the guest collection {doc.GUEST_ID}\n"
    assert sent(endpoint) == {
        "DATA_TYPE": "collection#1.1.0",
        "collection_type": "guest",
        "mapped_collection_id": doc.COLLECTION_ID,
        "collection_base_path": "/1923/",
        "display_name": "Plates of 1923",
        "user_credential_id": doc.CREDENTIAL_ID,
        "description": "Glass plates",
        "keywords": ["stars", "glass"],
        "public": False,
        "enable_https": True,
    }


def test_one_login_is_for_all_that_is_needed(endpoint: Services) -> None:
    """The endpoint's scope with that of the files, beside Transfer's."""
    assert run(*GUEST).exit_code == 0

    manage = f"urn:globus:auth:scope:{doc.CLIENT_ID}:manage_collections"
    files = f"*https://auth.globus.org/scopes/{doc.COLLECTION_ID}/data_access"
    of_endpoint = [scope for scope in endpoint.asked if manage in scope]
    assert len(of_endpoint) == 1
    assert f"{manage}[{files}]" in of_endpoint[0]


def test_what_is_missing_is_one_clear_error(endpoint: Services) -> None:
    """With what to do; nothing is created."""
    result = run(*GUEST, "--local-username", "curie")

    assert result.exit_code == 1
    assert "no credential of the local username curie for the POSIX storage" in result.stderr
    assert f"create a user credential with the storage gateway id {doc.GATEWAY_ID}" in result.stderr
    assert "Traceback" not in result.stderr
    assert endpoint.sent("/api/collections", "POST") == []


def test_a_given_credential_is_used(endpoint: Services) -> None:
    """Without looking for one; a local username as well would contradict it."""
    assert run(*GUEST, "--user-credential-id", doc.OTHER_CREDENTIAL_ID).exit_code == 0
    assert sent(endpoint)["user_credential_id"] == doc.OTHER_CREDENTIAL_ID
    assert endpoint.sent("/user_credentials") == []

    both = ("--user-credential-id", doc.CREDENTIAL_ID, "--local-username", "a")
    assert run(*GUEST, *both).exit_code == 2


def test_a_personal_collection_has_no_such_guests(services: Services) -> None:
    """Another error of one line."""
    result = run("create", "guest", PERSONAL_ID, "/", "a")

    assert result.exit_code != 0
    assert "is not on Globus Connect Server: it is a GCP_mapped_collection" in result.stderr
