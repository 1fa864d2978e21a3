from __future__ import annotations

import threading
import time
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, AuthClient, GlobusAPIError
from globus_core_identity import IdentityMap

if t.TYPE_CHECKING:
    from globus_core.plugins import PluginManager
    from globus_core_sandbox import Sandbox

IDENTITIES = "/v2/api/identities"


def too_many(retry_after: str | None) -> GlobusAPIError:
    """The error of a 429."""
    import requests

    response = requests.Response()
    response.status_code = 429
    response._content = b"{}"
    response.headers["Content-Type"] = "application/json"
    if retry_after is not None:
        response.headers["Retry-After"] = retry_after
    response.request = requests.Request("GET", "https://auth.example.org" + IDENTITIES).prepare()
    response.url = response.request.url or ""
    return GlobusAPIError(response)


def test_all_requests_wait_when_the_server_says_so(auth: t.Any, people: t.Any) -> None:
    """After a refusal no request begins before the time is up, of whichever worker."""
    together = threading.Barrier(4)
    refused: list[float] = []
    began: list[float] = []

    def answer(asked: list[str]) -> list[t.Any]:
        if len(began) < 4:
            began.append(0.0)
            together.wait(20)
            refused.append(time.monotonic())
            raise too_many("0.2")
        began.append(time.monotonic())
        return [auth.by_name[key] for key in asked]

    auth.answer = answer
    identities = IdentityMap(auth, max_connections=4)

    assert identities.resolve_many(map(people.username, range(800))).complete

    assert len(refused) == 4
    assert len(began) == 12
    assert min(began[4:]) >= min(refused) + 0.2


def test_after_a_refusal_fewer_requests_go_at_once(auth: t.Any, people: t.Any) -> None:
    """Half as many as before, and one more with each answer."""
    lock = threading.Lock()
    flying: list[int] = []
    now = 0
    together = threading.Barrier(4)

    def answer(asked: list[str]) -> list[t.Any]:
        nonlocal now
        with lock:
            now += 1
            flying.append(now)
            first = len(flying) <= 4
        try:
            if first:
                together.wait(20)
                raise too_many("0.01")
            return [auth.by_name[key] for key in asked]
        finally:
            with lock:
                now -= 1

    auth.answer = answer

    assert (
        IdentityMap(auth, max_connections=4).resolve_many(map(people.username, range(600))).complete
    )
    assert max(flying[:4]) == 4
    assert max(flying[4:6]) <= 2


def test_a_server_that_never_relents_is_given_up(
    auth: t.Any, people: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One batch is sent a few times, then the keys have failed, and the rest is not sent."""
    monkeypatch.setattr("globus_core.rate_limits.FIRST_PAUSE", 0.001)
    auth.errors = [too_many(None)] * 100
    identities = IdentityMap(auth, max_connections=1)

    resolution = identities.resolve_many(map(people.username, range(300)))

    assert len(resolution.failed) == 300
    assert auth.count == 6
    with pytest.raises(GlobusAPIError, match="429"):
        resolution.raise_for_failure()


def test_a_pause_beyond_reason_is_not_waited_for(auth: t.Any, people: t.Any) -> None:
    """A server that wants to be left alone for days gets its wish at once."""
    auth.errors = [too_many("999999")] * 100

    resolution = IdentityMap(auth, max_connections=4).resolve_many(
        map(people.username, range(1000))
    )

    assert len(resolution.failed) == 1000
    assert auth.count <= 10


def test_breaking_off_ends_the_waiting(auth: t.Any, people: t.Any) -> None:
    """Whoever no longer wants the answers does not sit out the server's pauses of a minute."""
    auth.errors = [too_many("60")] * 800
    rest = iter(IdentityMap(auth).resolve_iter(["", *map(people.username, range(800))]))

    assert next(rest)[0] == ""
    rest.close()  # type: ignore[attr-defined]

    assert auth.count <= 8  # none was sent again after a pause


def test_the_clients_own_patience_is_not_spent(sandbox: Sandbox) -> None:
    """A real client leaves 429 to the resolver, and is otherwise as it was."""
    sandbox.fail(kind="retry-after-fraction", path=IDENTITIES, times=3)
    with _client(sandbox) as client:
        before = client.retry_config.transient_error_status_codes
        names = sandbox.synthetic_usernames(800)

        assert len(IdentityMap(client).resolve_many(names).found) == 800

        assert client.retry_config.transient_error_status_codes == before
    statuses = [r.status for r in sandbox.journal() if r.path == IDENTITIES]
    assert sorted(statuses) == [200] * 8 + [429] * 3


def test_a_server_error_is_tried_again_by_the_client(sandbox: Sandbox) -> None:
    """Other troubles are the transport's, as for every request."""
    sandbox.fail(path=IDENTITIES, status=503, times=1, retry_after=0)
    with _client(sandbox) as client:
        client.retry_config.max_sleep = 0

        assert IdentityMap(client)["ada@example.org"]["name"] == "Ada Kestrel"


@pytest.fixture
def sandbox(plugins: PluginManager) -> t.Iterator[Sandbox]:
    import globus_core_auth.hooks
    from globus_core_sandbox import Sandbox

    plugins.register(globus_core_auth.hooks, "auth")
    with Sandbox() as running:
        yield running


def _client(sandbox: Sandbox) -> AuthClient:
    import requests

    token = requests.post(
        f"{sandbox.url}v2/oauth2/token",
        data={"grant_type": "client_credentials", "scope": "openid"},
        auth=(sandbox.confidential_client_id, sandbox.confidential_client_secret),
        timeout=20,
    ).json()["access_token"]
    return AuthClient(base_url=sandbox.url, authorizer=AccessTokenAuthorizer(token))
