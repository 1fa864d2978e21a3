"""
One token file, two servers, two SDKs: each server sees its own tokens only, and logins last.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import typing as t
from io import BytesIO

import pytest

from globus_core.testing import Sandbox
from globus_core_sandbox.http.middleware import Middleware

if t.TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAM = pathlib.Path(__file__).with_name("one_file_program.py")
_LIFETIME = 1000


class Server:
    """A sandbox, and all that programs have sent to it, with tokens and all."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.sent: list[str] = []

    def grants(self) -> set[int]:
        """How requests for tokens were answered so far."""
        asked = (each for each in self.sandbox.journal() if each.path == "/v2/oauth2/token")
        return {each.status for each in asked}

    def refreshes(self) -> int:
        """How many tokens were renewed so far."""
        return self.sandbox.count(grant_type="refresh_token", status=200)


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Server]]:
    """Two servers whose tokens soon expire, and whose refresh tokens are good for one use."""
    settings: dict[str, t.Any] = {
        "access_token_lifetime": _LIFETIME,
        "rotate_refresh_tokens": True,
    }
    with Sandbox(**settings) as one, Sandbox(**settings) as other:
        both = [Server(one), Server(other)]
        by_world = {each.sandbox._world: each for each in both}
        answer = Middleware.__call__

        def note_and_answer(middleware: Middleware, environ: t.Any, start: t.Any) -> t.Any:
            body = environ["wsgi.input"].read()
            environ["wsgi.input"] = BytesIO(body)
            told = [environ.get("HTTP_AUTHORIZATION", ""), environ["QUERY_STRING"], body.decode()]
            by_world[middleware._world].sent.append(" ".join(told))
            return answer(middleware, environ, start)

        monkeypatch.setattr(Middleware, "__call__", note_and_answer)
        yield both


def _run(
    sdk: str, own: Server, *, instead: Server | None = None, what: str = "use"
) -> dict[str, t.Any]:
    """Run the program in the environment of one server, or with another one in its place."""
    variables = dict(os.environ)
    if instead is not None:
        variables["GLOBUS_SDK_SERVICE_URL_AUTH"] = instead.sandbox.url
    client_id = own.sandbox.native_client_id
    command = [sys.executable, str(_PROGRAM), sdk, own.sandbox.url, client_id, what]
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, t.Any] = json.loads(done.stdout)
    return told


def _tokens(file: pathlib.Path) -> dict[str, set[str]]:
    """The stored tokens by their namespace."""
    data = json.loads(file.read_text(encoding="utf-8"))["data"]
    return {
        namespace: {record[kind] for record in records.values() for kind in _KINDS}
        for namespace, records in data.items()
    }


_KINDS = ("access_token", "refresh_token")


def test_programs_at_two_servers_share_a_file_and_no_token(servers: list[Server]) -> None:
    """
    Ours, ours at another server, and globus-sdk, in turn and with all tokens expired in between:
    nobody logs in again, each renews its own, and no server sees a token of the other.
    """
    own, other = servers
    ada = own.sandbox.people[0].id
    issued: dict[str, set[str]] = {}

    def note_tokens() -> None:
        (file,) = pathlib.Path.home().rglob("campus-tokens.json")
        for namespace, tokens in _tokens(file).items():
            issued.setdefault(namespace, set()).update(tokens)

    def turn(**expected: t.Any) -> None:
        for sdk, instead in (("globus_core", None), ("globus_core", other), ("globus_sdk", None)):
            told = _run(sdk, own, instead=instead)
            assert told["sub"] == ada
            assert told["logins"] == expected["logins"].pop(0)
            note_tokens()

    turn(logins=[1, 1, 0])
    for _ in range(2):
        for server in servers:
            server.sandbox.advance_clock(_LIFETIME + 1)
        turn(logins=[0, 0, 0])

    foreign = f"DEFAULT@{other.sandbox.url.rstrip('/')}"
    assert set(issued) == {"DEFAULT", foreign}
    assert len(issued["DEFAULT"]) == len(issued[foreign]) == 3 * len(_KINDS)
    for server, tokens, others in (
        (own, issued["DEFAULT"], issued[foreign]),
        (other, issued[foreign], issued["DEFAULT"]),
    ):
        everything = "\n".join(server.sent)
        assert [token for token in others if token in everything] == []
        assert [token for token in tokens if token in everything] != []
        assert server.grants() == {200}
        assert server.refreshes() == 2


def test_a_program_of_globus_sdk_renews_in_between(servers: list[Server]) -> None:
    """What globus-sdk has renewed is found by ours, which are still logged in."""
    own, other = servers
    for instead in (None, other):
        assert _run("globus_core", own, instead=instead)["logins"] == 1
    for server in servers:
        server.sandbox.advance_clock(_LIFETIME + 1)
    for sdk, instead in (("globus_sdk", None), ("globus_core", other), ("globus_core", None)):
        assert _run(sdk, own, instead=instead)["logins"] == 0
    assert [server.refreshes() for server in servers] == [1, 1]
    assert own.grants() | other.grants() == {200}


def test_after_a_definite_no_a_program_of_globus_sdk_knows_that_a_login_is_required(
    servers: list[Server],
) -> None:
    """Ours has removed the refused record, so neither asks the server again before it logs in."""
    own, _ = servers
    assert _run("globus_core", own)["logins"] == 1
    for sdk in ("globus_core", "globus_sdk"):
        assert _run(sdk, own, what="look")["login_required"] is False
    own.sandbox.reset()

    refused = _run("globus_core", own, what="try")
    assert "error" in refused
    assert refused["login_required"] is True
    asked = own.sandbox.count(path="/v2/oauth2/token")
    for sdk in ("globus_sdk", "globus_core"):
        assert _run(sdk, own, what="look")["login_required"] is True
    assert own.sandbox.count(path="/v2/oauth2/token") == asked

    assert _run("globus_sdk", own)["logins"] == 1
    assert _run("globus_core", own) == {
        "sub": own.sandbox.people[0].id,
        "logins": 0,
        "login_required": False,
    }
