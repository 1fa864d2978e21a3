from __future__ import annotations

import pathlib
import subprocess
import sys
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from globus_core import AccessTokenAuthorizer, AuthClient
from globus_core.exc import GlobusAPIError, GlobusSDKUsageError
from globus_core.identities import Identity
from globus_core_identity import ChainResolver, IdentityMap, MemoryIdentityCache

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


@pytest.fixture
def real(sandbox: Sandbox, client: HttpAuth) -> Iterator[AuthClient]:
    """A client of ours, with the token of the plain one."""
    token = str(client.session.headers["Authorization"]).removeprefix("Bearer ")
    with AuthClient(base_url=sandbox.url, authorizer=AccessTokenAuthorizer(token)) as auth:
        yield auth


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


def test_a_hundred_long_usernames_are_resolved(sandbox: Sandbox, real: AuthClient) -> None:
    """100 usernames of 107 bytes are more than a request line holds."""
    names = [f"{'x' * 90}{number:05}@example.org" for number in range(100)]
    assert {len(name) for name in names} == {107}
    for start in range(0, 100, 20):
        real.get_identities(usernames=names[start : start + 20], provision=True)
    before = sandbox.count(path=IDENTITIES)

    resolution = IdentityMap(real).resolve_many(names)

    assert len(resolution.found) == 100
    assert sandbox.count(path=IDENTITIES) - before == 2


def test_eight_threads_with_the_same_keys_send_twenty_requests(
    sandbox: Sandbox, real: AuthClient
) -> None:
    """2000 keys, whichever thread comes first, and however the keys are asked for."""
    before = sandbox.count(path=IDENTITIES)
    names = sandbox.synthetic_usernames(2000)
    identities = IdentityMap(real, names)
    barrier = threading.Barrier(8)

    def work(number: int) -> int:
        barrier.wait(20)
        if number % 2:
            return len(identities.resolve_many(names).found)
        return sum(isinstance(record, Identity) for _, record in identities.resolve_iter(names))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [2000] * 8
    assert sandbox.count(path=IDENTITIES) - before == 20


def test_one_in_ten_unknown_costs_a_hundred_requests(sandbox: Sandbox, real: AuthClient) -> None:
    """10,000 keys, every tenth unknown: full batches only, and none in a second pass."""
    before = sandbox.count(path=IDENTITIES)
    names = sandbox.synthetic_usernames(10_000)
    names[::10] = [f"nobody{number}@example.org" for number in range(1000)]
    identities = IdentityMap(real, names)

    for _ in range(2):
        assert sum(identities.get(name) is None for name in names) == 1000
        assert sandbox.count(path=IDENTITIES) - before == 100


def test_a_second_process_asks_nobody(
    sandbox: Sandbox, real: AuthClient, tmp_path: pathlib.Path
) -> None:
    """What one process has put into the file, another finds there."""
    url = f"sqlite://{tmp_path / 'identities.db'}"
    names = [*sandbox.synthetic_usernames(300), "nobody@example.org"]
    assert len(IdentityMap(real, cache=url).resolve_many(names).found) == 300
    before = sandbox.count(path=IDENTITIES)
    code = (
        "import sys\n"
        "from globus_core import AuthClient, IdentityMap\n"
        "with AuthClient(base_url=sys.argv[1]) as auth:\n"
        "    found = IdentityMap(auth, cache=sys.argv[2]).resolve_many(sys.argv[3:])\n"
        "    print(len(found.found), found.unknown)\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", code, sandbox.url, url, *names],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert run.stdout.strip() == "300 ['nobody@example.org']"
    assert sandbox.count(path=IDENTITIES) == before


def test_providers_are_joined_to_their_identities(sandbox: Sandbox, real: AuthClient) -> None:
    """The provider's record comes along in the same request, beside the identity's own fields."""
    before = sandbox.count(path=IDENTITIES)
    plain = IdentityMap(real)["ada@example.org"]
    cache = MemoryIdentityCache()
    identities = IdentityMap(real, cache=cache, include=["identity_provider"])

    ada = identities["ada@example.org"]

    assert ada == plain
    provider = ada.included["identity_provider"]
    assert provider is not None
    assert provider["id"] == ada["identity_provider"]
    assert "example.org" in provider["domains"]
    assert ada.to_dict()["included"] == {"identity_provider": provider}
    assert Identity.from_dict(ada.to_dict()).included == ada.included
    assert dict(plain.included) == {}
    assert sandbox.count(path=IDENTITIES) - before == 2
    assert identities[ada.id].included["identity_provider"] == provider
    assert sandbox.count(path=IDENTITIES) - before == 2


def test_a_record_with_less_is_completed(sandbox: Sandbox, real: AuthClient) -> None:
    """What another map has cached without the provider is asked for again, once."""
    before = sandbox.count(path=IDENTITIES)
    cache = MemoryIdentityCache()
    IdentityMap(real, ["ada@example.org"], cache=cache).prefetch()

    for _ in range(2):
        full = ChainResolver(real, cache, include=["identity_provider"])
        found = full.resolve_many(["ada@example.org"]).found["ada@example.org"]
        assert found.included["identity_provider"] is not None

    assert sandbox.count(path=IDENTITIES) - before == 2


def test_only_providers_can_be_included(real: AuthClient) -> None:
    """The error says what can be."""
    with pytest.raises(GlobusSDKUsageError, match=r"cannot include .groups.*identity_provider"):
        IdentityMap(real, include=["groups"])
