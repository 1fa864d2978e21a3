"""
A login at the sandbox, whose tokens are in a file of this test's home.
"""

from __future__ import annotations

import signal
import typing as t

import pytest

from globus_core import UserApp
from globus_core.globus_app import GlobusAppConfig
from tests.integration.app.helpers import GROUPS, GROUPS_ALL, TRANSFER, TRANSFER_ALL, CountedLogin
from tests.integration.jobs.jobs import Clock

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from globus_core_sandbox import Sandbox


@pytest.fixture
def sandbox(
    globus_sandbox: Sandbox, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sandbox]:
    """The sandbox, which every process goes to, and a folder in place of the session's."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.native_client_id)
    folder = tmp_path / "session"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    # under nohup, runs would outlive the session and take another folder
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield globus_sandbox
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def app(sandbox: Sandbox) -> Iterator[UserApp]:
    """The app of a login that is renewed."""
    config = GlobusAppConfig(login_flow_manager=CountedLogin, request_refresh_tokens=True)
    with UserApp(
        "globus-core",
        client_id=sandbox.native_client_id,
        scope_requirements={TRANSFER: TRANSFER_ALL, GROUPS: GROUPS_ALL},
        config=config,
    ) as app:
        app.login()
        yield app


@pytest.fixture
def clock(tmp_path: pathlib.Path) -> Clock:
    """The clock of all processes."""
    return Clock(tmp_path)


@pytest.fixture
def runs(tmp_path: pathlib.Path) -> pathlib.Path:
    """The folder in which runs keep theirs."""
    return tmp_path / "session"
