"""The command, against Globus Auth in the sandbox."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from globus_core_example_command.command import who

from globus_core.testing import Sandbox


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_it_says_who_is_logged_in(
    globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    """Here that is the client of a service, which needs no browser."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", globus_sandbox.confidential_client_secret)
    result = CliRunner().invoke(
        who, ["--token-storage", "memory", *options], catch_exceptions=False
    )
    assert result.exit_code == 0
    assert globus_sandbox.confidential_client_id in result.output
    if options:
        assert json.loads(result.output)["id"] == globus_sandbox.confidential_client_id
