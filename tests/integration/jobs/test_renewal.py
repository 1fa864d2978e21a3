"""
A command that runs longer than its tokens live.
"""

from __future__ import annotations

import json
import os
import typing as t

import pytest

from tests.integration.app.helpers import TRANSFER, stored
from tests.integration.jobs.jobs import CLOCK, Clock, job, python

if t.TYPE_CHECKING:
    import pathlib

    from globus_core import UserApp
    from globus_core_sandbox import Sandbox

pytestmark = pytest.mark.skipif(os.name != "posix", reason="run passes signals on")

#: reads tokens as fast as it can, asks Transfer about each new one, and says so; ends at a line
READER = (
    CLOCK
    + """
import json, select, sys, urllib.request
known, reads, expired = set(), 0, 0
while not select.select([sys.stdin], [], [], 0)[0]:
    with open(os.environ["GLOBUS_TOKENS_FILE"]) as file:
        tokens = json.load(file)
    reads += 1
    assert set(tokens) == {"auth.globus.org", "groups.api.globus.org", "transfer.api.globus.org"}
    expired += any(token["expires_at_seconds"] <= time.time() for token in tokens.values())
    token = tokens["transfer.api.globus.org"]["access_token"]
    if token not in known:
        known.add(token)
        url = os.environ["GLOBUS_SDK_SERVICE_URL_TRANSFER"] + "v0.10/task_list"
        request = urllib.request.Request(url, headers={"Authorization": "Bearer " + token})
        left = tokens["transfer.api.globus.org"]["expires_at_seconds"] - time.time()
        print(urllib.request.urlopen(request).status, round(left / 3600), flush=True)
print(json.dumps({"reads": reads, "expired": expired, "tokens": len(known)}), flush=True)
"""
)


@pytest.fixture(autouse=True)
def _transfer(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_TRANSFER", f"{sandbox.url}transfer/")


def move(sandbox: Sandbox, clock: Clock, hours: float) -> None:
    """Move all clocks, that of the server first."""
    sandbox.advance_clock(hours * 3600)
    clock.advance(hours)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("where", [(), ("--memory",)], ids=["file", "memory"])
def test_tokens_are_fresh_after_two_sleeps_of_50_hours(
    sandbox: Sandbox, clock: Clock, where: tuple[str, ...], runs: pathlib.Path
) -> None:
    """The clock jumps beyond their expiry, as after a machine was asleep; none is ever cut off."""
    with job(clock, "--for", "120h", *where, "--", *python(READER)) as running:
        assert running.line() == "200 48"
        for _ in range(2):
            move(sandbox, clock, 50)
            assert running.line() == "200 48"
        running.go()
        assert json.loads(running.line())["tokens"] == 3
        assert running.end() == (0, "")
    assert list(runs.iterdir()) == []


@pytest.mark.usefixtures("app")
def test_no_token_that_is_read_has_expired(sandbox: Sandbox, clock: Clock) -> None:
    """Over 120 hours, in which the command always has a token that lives for eight hours more."""
    with job(clock, "--for", "120h", "--", *python(READER)) as running:
        assert running.line() == "200 48"
        for _ in range(3):
            move(sandbox, clock, 20)
            move(sandbox, clock, 20)
            assert running.line() == "200 48"
        running.go()
        result = json.loads(running.line())
        assert (result["expired"], result["tokens"]) == (0, 4)
        assert running.end() == (0, "")


@pytest.mark.usefixtures("app")
def test_a_renewal_that_fails_is_told_and_tried_again(sandbox: Sandbox, clock: Clock) -> None:
    """The command goes on; a token that has expired is no longer in the file."""
    code = CLOCK + (
        "import json, sys\n"
        "def look(): return sorted(json.load(open(os.environ['GLOBUS_TOKENS_FILE'])))\n"
        "print(look(), flush=True)\n"
        "sys.stdin.readline()\n"
        "while look() != []: pass\n"
        "print('gone', flush=True)\n"
        "while len(look()) != 1: pass\n"
    )
    with job(clock, "--service", "transfer", "--", *python(code)) as running:
        assert running.line() == f"['{TRANSFER}']"
        sandbox.fail(path="/v2/oauth2/token", status=403, times=100_000)
        move(sandbox, clock, 30)
        assert "(valid until 20" in (told := running.trouble())
        assert f"the token for {TRANSFER}" in told
        assert "cannot be renewed: " in told
        running.go()
        move(sandbox, clock, 30)
        assert "(expired) cannot be renewed: " in running.trouble()
        assert running.line() == "gone"
        sandbox.clear_faults()
        assert running.end() == (0, f"globus-core: the token for {TRANSFER} has been renewed\n")


def test_another_login_reaches_the_command(app: UserApp, clock: Clock) -> None:
    """Tokens that another program has stored are written without waiting for an expiry."""
    code = CLOCK + (
        "import json\n"
        "def look(): return json.load(open(os.environ['GLOBUS_TOKENS_FILE']))\n"
        "first = look()\n"
        "print('ready', flush=True)\n"
        "while look()['transfer.api.globus.org'] == first['transfer.api.globus.org']: pass\n"
        "print(look()['transfer.api.globus.org']['access_token'])\n"
    )
    looks = "kept_tokens.LOOK_SECONDS = 0.02"
    with job(clock, "--", *python(code), settings=looks) as running:
        assert running.line() == "ready"
        app.login(force=True)
        assert running.line() == stored(app, TRANSFER).access_token
        assert running.end() == (0, "")


def test_nobody_else_takes_the_login_over(app: UserApp, clock: Clock) -> None:
    """When another person logs in, the tokens of the command stay those of the first."""
    code = "import sys, os, json\nprint('ready', flush=True)\nsys.stdin.readline()\n" + (
        "print(json.load(open(os.environ['GLOBUS_TOKENS_FILE']))['transfer.api.globus.org']"
        "['access_token'])\n"
    )
    first = stored(app, TRANSFER).access_token
    looks = "kept_tokens.LOOK_SECONDS = 0.02"
    with job(clock, "--service", "transfer", "--", *python(code), settings=looks) as running:
        assert running.line() == "ready"
        data = stored(app, TRANSFER)
        data.identity_id, data.access_token = "1f8b42d6-7c05-4e93-b8a1-d64e3f90c275", "another"
        app.token_storage.token_storage.store_token_data_by_resource_server({TRANSFER: data})
        assert "somebody else has logged in" in running.trouble()
        running.go()
        assert running.line() == first
