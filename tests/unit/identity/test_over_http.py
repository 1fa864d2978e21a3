from __future__ import annotations

import typing as t

import pytest
import requests

from globus_core.exc import GlobusAPIError
from globus_core_identity import IdentityMap

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core_sandbox import Sandbox

IDENTITIES = "/v2/api/identities"


class HttpAuth:
    """The least that is needed of an Auth client, on requests alone."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base_url = sandbox.url
        self.session = requests.Session()
        token = self.session.post(
            f"{sandbox.url}v2/oauth2/token",
            data={
                "grant_type": "client_credentials",
                "scope": "openid urn:globus:auth:scope:auth.globus.org:view_identities",
            },
            auth=(sandbox.confidential_client_id, sandbox.confidential_client_secret),
            timeout=20,
        ).json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def get_identities(
        self, *, usernames: list[str] | None = None, ids: list[str] | None = None
    ) -> t.Any:
        kind, keys = ("ids", ids) if usernames is None else ("usernames", usernames)
        response = self.session.get(
            f"{self.base_url}v2/api/identities", params={kind: ",".join(keys or [])}, timeout=20
        )
        if response.status_code >= 400:
            raise GlobusAPIError(response)
        return response.json()["identities"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    from globus_core_sandbox import Sandbox

    with Sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[HttpAuth]:
    client = HttpAuth(sandbox)
    with client.session:
        yield client
    sandbox.clear_faults()


def test_people_are_found_over_http(sandbox: Sandbox, client: HttpAuth) -> None:
    """Seeded people by id and by name in any case, strangers not, nothing asked twice."""
    before = sandbox.count(path=IDENTITIES)
    people = sandbox.people
    names = [person.username.upper() for person in people]
    identities = IdentityMap(client, [*names, "nobody@example.org"])

    for _ in range(2):
        for person in people:
            assert identities[person.id].username == person.username
            assert identities[person.username].id == person.id
        assert identities.get("nobody@example.org") is None

    assert sandbox.count(path=IDENTITIES) - before <= len(people) + 1


def test_a_thousand_people_take_ten_requests(sandbox: Sandbox, client: HttpAuth) -> None:
    """Full batches, several at once, and none in a second pass."""
    before = sandbox.count(path=IDENTITIES)
    names = sandbox.synthetic_usernames(1000)
    identities = IdentityMap(client, names)

    assert identities.prefetch().complete
    assert sandbox.synthetic_ids(1000) == [identities[name].id for name in names]

    assert sandbox.count(path=IDENTITIES) - before == 10


def test_a_failing_batch_fails_alone(sandbox: Sandbox, client: HttpAuth) -> None:
    """One response is an error: the other batches are found, the next try finds the rest."""
    identities = IdentityMap(client, sandbox.synthetic_usernames(300))
    sandbox.fail(path=IDENTITIES, status=500)

    resolution = identities.prefetch()

    assert (len(resolution.found), len(resolution.failed)) == (200, 100)
    assert {"failed"} == {why.reason for why in resolution.unresolved.values()}
    assert len(identities.prefetch().found) == 100


def test_a_token_that_is_refused_ends_the_look_up(sandbox: Sandbox, client: HttpAuth) -> None:
    """401 for one batch is 401 for all: the rest is not sent."""
    before = sandbox.count(path=IDENTITIES)
    client.session.headers["Authorization"] = "Bearer made-up"
    identities = IdentityMap(client, max_connections=1)

    resolution = identities.resolve_many(sandbox.synthetic_usernames(500))

    assert len(resolution.failed) == 500
    assert sandbox.count(path=IDENTITIES) - before == 1
