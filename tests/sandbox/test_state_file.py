"""
A sandbox with a state file goes on where the last one ended.
"""

from __future__ import annotations

import json
import os
import stat
import typing as t
from pathlib import Path

import pytest

from globus_core import AuthClient, GlobusAppConfig, NativeAppAuthClient, UserApp
from globus_core.login_flows import LocalServerLoginFlowManager
from globus_core.testing import HeadlessBrowser, Sandbox
from globus_core_sandbox import SandboxError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A state file that does not exist yet."""
    return tmp_path / "state.json"


def log_in(sandbox: Sandbox) -> t.Any:
    """The token response of a login with refresh tokens."""
    with NativeAppAuthClient(sandbox.native_client_id, base_url=sandbox.url) as client:
        flow = LocalServerLoginFlowManager(
            client, request_refresh_tokens=True, open_browser=HeadlessBrowser().open
        )
        with (
            UserApp(
                "state",
                login_client=client,
                config=GlobusAppConfig(
                    token_storage="memory",
                    login_flow_manager=flow,
                    request_refresh_tokens=True,
                ),
            ) as app,
            AuthClient(app=app, base_url=sandbox.url) as auth,
        ):
            auth.userinfo()
            stored = app.token_storage.token_storage.get_token_data("auth.globus.org")
            assert stored is not None
            return stored


def test_tokens_and_the_clock_are_still_good_the_next_day(file: Path) -> None:
    """The stored refresh token is renewed by a new sandbox, the access token is active."""
    with Sandbox(state_file=file) as first:
        stored = log_in(first)
        first.advance_clock(3600)
        before = first.state()
    with Sandbox(state_file=file) as second:
        assert second.now() - before["now"] < 600
        assert second.state()["tokens"] == before["tokens"]
        with NativeAppAuthClient(second.native_client_id, base_url=second.url) as client:
            assert client.oauth2_refresh_token(stored.refresh_token)["access_token"]


def test_all_that_is_kept_is_the_same_after_a_load(file: Path) -> None:
    """A second sandbox that does nothing writes what the first one wrote, rotated keys too."""
    with Sandbox(state_file=file) as first:
        log_in(first)
        first.rotate_keys()
        first.rotate_keys()
    written = json.loads(file.read_text("utf-8"))
    assert len(written["state"]["services"]["auth"]["keys"]) == 3
    assert written["state"]["services"]["auth"]["consents"]
    with Sandbox(state_file=file):
        pass
    assert json.loads(file.read_text("utf-8")) == written


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_its_owner_can_read_the_file(file: Path) -> None:
    """Also where it could be read by all before; nothing else is left in the folder."""
    with Sandbox(state_file=file):
        pass
    file.chmod(0o644)
    with Sandbox(state_file=file):
        pass
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [*file.parent.iterdir()] == [file]


def test_the_file_is_replaced_only_after_a_change(file: Path) -> None:
    """A save without a change leaves the very file; one after a change replaces it."""
    with Sandbox(state_file=file) as sandbox:
        sandbox.save()
        file.write_text("untouched", "utf-8")
        sandbox.save()
        assert file.read_text("utf-8") == "untouched"
        sandbox.advance_clock(5)
        sandbox.save()
        assert json.loads(file.read_text("utf-8"))["state"]["offset"] == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no file of a sandbox's state"),
        ("[]", "is no file of a sandbox's state"),
        ('{"format": "other"}', "is no file of a sandbox's state"),
        ('{"format": "globus-core sandbox", "version": 2}', "version 2"),
        ('{"format": "globus-core sandbox", "version": 1}', "does not fit"),
        (
            '{"format": "globus-core sandbox", "version": 1, "state": {"offset": "x"}}',
            "does not fit",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_stays(file: Path, text: str, said: str) -> None:
    """One error that names the file, which keeps its content."""
    file.write_text(text, "utf-8")
    with pytest.raises(SandboxError, match=said) as caught:
        Sandbox(state_file=file)
    assert str(file) in str(caught.value)
    assert file.read_text("utf-8") == text


def test_a_folder_that_does_not_exist_is_one_error(tmp_path: Path) -> None:
    """The error names the file that cannot be written."""
    sandbox = Sandbox(state_file=tmp_path / "nosuch" / "state.json")
    with pytest.raises(SandboxError, match="cannot write"):
        sandbox.save()
