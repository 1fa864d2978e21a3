"""
Scenarios: a service that checks tokens, which Globus Auth repeats in its responses.
"""

from __future__ import annotations

import time
import typing as t

from globus_core import ConfidentialAppAuthClient, GroupsClient, RetryConfig, TokenChecker
from globus_core.resource_server import Caller, RefusedError
from tests.canary.echo_server import echoing
from tests.integration.transport.scripted import Answer

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

CLIENT_ID = "0f4a2c61-7be3-4d95-8a10-c6d27e5b93f8"
VIEW = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships"
SCOPE = f"https://auth.globus.org/scopes/{CLIENT_ID}/all"


def callers_and_refusals(watch: Watch) -> None:
    """A caller, and every kind of refusal."""
    header = f"Bearer {watch.secrets.make('the token of a caller')}"
    with echoing() as server:
        client = ConfidentialAppAuthClient(
            CLIENT_ID,
            watch.secrets.make("the secret of a service"),
            base_url=server.url,
            retry_config=RetryConfig(max_retries=0),
        )
        checker = TokenChecker(client, scopes=SCOPE, refusal_ttl=0.001, outage=0)
        watch.show(checker)
        server.fixed = Answer(200, _facts())
        caller = watch.show(checker.check(header))
        watch.show(checker.remembered(header))
        watch.show(checker.sweep())
        for name in (name for name in dir(Caller) if name[0] != "_"):
            watch.show(getattr(caller, name))
        _act(watch, caller, server)
        server.fixed = Answer(200, _facts())
        _refused(watch, checker.requiring(scopes="more"), header)
        _refused(watch, checker, "Bearer two words")
        server.fixed = Answer(200, {"active": False})
        _refused(watch, checker, f"{header}x")
        server.fixed = None
        for number, status in enumerate((400, 500)):
            server.status = status
            _refused(watch, checker, f"{header}{number}")
        client.close()


def _act(watch: Watch, caller: Caller, server: t.Any) -> None:
    """Tokens for other services, a client that uses them, and no consent for more."""
    token = {
        "access_token": watch.secrets.make("a dependent token"),
        "expires_in": 3600,
        "resource_server": GroupsClient.resource_server,
        "scope": VIEW,
        "token_type": "Bearer",
    }
    server.fixed = Answer(200, [token])
    watch.text("dependent tokens", repr(caller.tokens_for(VIEW)))
    server.fixed = Answer(200, [])
    with caller.client(GroupsClient, base_url=server.url) as client:
        watch.show([client, client._app])
        watch.show(client.get_my_groups())
        needed = {"code": "ConsentRequired", "required_scopes": ["x"], "message": "no"}
        server.fixed = Answer(403, needed)
        watch.failing(client.get_my_groups)
    server.fixed = Answer(401, {"error": "invalid_grant"})
    watch.failing(caller.tokens_for, "transfer")


def _facts() -> dict[str, t.Any]:
    return {
        "active": True,
        "sub": CLIENT_ID,
        "username": "ada@example.org",
        "scope": SCOPE,
        "aud": [CLIENT_ID],
        "exp": time.time() + 3600,
    }


def _refused(watch: Watch, checker: TokenChecker, header: str) -> None:
    watch.failing(checker.check, header)
    try:
        checker.check(header)
    except RefusedError as error:
        for name in ("headers", "document", "body"):
            watch.show(getattr(error, name))


SCENARIOS = (callers_and_refusals,)
