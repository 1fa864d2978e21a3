"""
globus-cli calls a service that requires something: it says which command would do, and that
command does.
"""

from __future__ import annotations

import shlex
import typing as t
from pathlib import Path

import attrs
import pytest

from globus_core import ConfidentialAppAuthClient, TokenChecker
from globus_core_sandbox import ClientSeed, Sandbox
from tests.foreign.test_globus_cli import log_in
from tests.foreign.test_globus_cli_flows import with_code
from tests.integration.resource_server import http_services
from tests.integration.resource_server.test_logins_because_of_refusals import (
    ADMIN,
    SCHOOL_ONLY,
    SEEDS,
)
from tests.servers.globus_cli import GlobusCli

if t.TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.full

GROUPS = "groups.api.globus.org"
GROUPS_ALL = "urn:globus:auth:scope:groups.api.globus.org:all"


@pytest.fixture
def sandbox(globus_cli: GlobusCli) -> Iterator[Sandbox]:
    """A sandbox that knows the program, a policy, and one more scope of a service."""
    template = ClientSeed(id=globus_cli.template_client_id(), name="Globus CLI", project=None)
    with Sandbox(seeds=attrs.evolve(SEEDS, clients=(*SEEDS.clients, template))) as made:
        yield made


@pytest.mark.parametrize(
    ("required", "command"),
    [
        ({"scopes": [GROUPS_ALL, ADMIN]}, f"session consent '{ADMIN}' '{GROUPS_ALL}'"),
        ({"scopes": GROUPS_ALL, "domains": "example.edu"}, "session update example.edu"),
        (
            {"scopes": GROUPS_ALL, "policies": SCHOOL_ONLY},
            f"session update --policy '{SCHOOL_ONLY}'",
        ),
    ],
    ids=["consent", "domain", "policy"],
)
def test_it_says_which_login_a_service_requires(
    sandbox: Sandbox,
    globus_cli: GlobusCli,
    tmp_path: Path,
    required: dict[str, t.Any],
    command: str,
) -> None:
    """The service is in the place of Groups, since the program calls no others."""
    client, secret = sandbox.confidential_client_id, sandbox.confidential_client_secret
    with ConfidentialAppAuthClient(client, secret, base_url=sandbox.url) as auth:
        checker = TokenChecker(auth, audience=GROUPS, **required)
        with http_services.wsgi(checker) as (host, port):
            caller = globus_cli.in_environment(
                tmp_path,
                **{
                    **sandbox.environment(),
                    "GLOBUS_SDK_SERVICE_URL_GROUPS": f"http://{host}:{port}/",
                    "GLOBUS_CLI_CLIENT_ID": client,
                    "GLOBUS_CLI_CLIENT_SECRET": secret,
                },
            )
            said = caller.run("api", "groups", "GET", "/", status=4)

    assert f"globus {command}\n" in said
    home = tmp_path / "person"
    home.mkdir()
    person = globus_cli.in_environment(home, **sandbox.environment())
    log_in(person)
    words = shlex.split(command)
    with_code(person, *words[:2], "--no-local-server", *words[2:])
