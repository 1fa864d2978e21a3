"""
One refresh for all who share a token, counted at the server; and what holds up none of them.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import typing as t
import uuid

import pytest

from globus_core import AuthClient, NativeAppAuthClient, UserApp
from globus_core.authorizers import renewing
from globus_core.exc import GlobusAPIError, LoginRequiredError, NetworkError, StorageError
from globus_core.globus_app import GlobusAppConfig
from globus_core.scopes import AuthScopes
from globus_core.token_storage import (
    JSONTokenStorage,
    MemoryTokenStorage,
    SQLiteTokenStorage,
    TokenStorageData,
)
from globus_core.token_storage.validating_token_storage import IdentityMismatchError
from globus_core.transport import RetryConfig
from tests.integration.app.helpers import (
    AUTH,
    TRANSFER,
    TRANSFER_ALL,
    CountedLogin,
    expire,
    logins,
    stored,
    user_app,
)
from tests.integration.app.processes import go, line, processes
from tests.unit.authorizers.fakes import in_threads

if t.TYPE_CHECKING:
    import pathlib

    from globus_core_sandbox import Sandbox

TOKEN = "/v2/oauth2/token"


@pytest.fixture
def storage(sandbox: Sandbox, tmp_path: pathlib.Path) -> str:
    """
    A storage with an expired token, made by a login.
    """
    url = f"json://{tmp_path}/tokens.json"
    with user_app(
        sandbox, storage=url, scopes={TRANSFER: TRANSFER_ALL}, request_refresh_tokens=True
    ) as app:
        app.login()
        expire(app)
    return url


def refreshes(sandbox: Sandbox) -> int:
    """How many refreshes the server was asked for."""
    return sandbox.count(grant_type="refresh_token")


def test_32_threads_with_an_expired_token_refresh_once(sandbox: Sandbox, storage: str) -> None:
    """Refresh tokens rotate, so that a second one would end the login."""
    sandbox.configure(rotate_refresh_tokens=True)
    headers: list[str | None] = []
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        failures = in_threads(
            32, lambda: headers.append(app.get_authorizer(AUTH).get_authorization_header())
        )
    assert failures == []
    assert len(headers) == 32
    assert len(set(headers)) == 1
    assert refreshes(sandbox) == 1


def test_32_threads_that_are_all_refused_refresh_once(sandbox: Sandbox, storage: str) -> None:
    """Each gets a 401, one of them renews, and each request is sent twice and no more."""
    with (
        user_app(sandbox, storage=storage, request_refresh_tokens=True) as app,
        AuthClient(app=app, app_scopes=[AuthScopes.openid]) as auth,
    ):
        app.get_authorizer(AUTH).get_authorization_header()
        sandbox.advance_clock(sandbox.access_token_lifetime + 1)
        before = refreshes(sandbox)
        assert in_threads(32, auth.userinfo) == []
        assert refreshes(sandbox) == before + 1
        assert sandbox.count(path="/v2/oauth2/userinfo") <= 64
        assert logins(app) == 0


def test_8_processes_with_an_expired_token_refresh_once(sandbox: Sandbox, storage: str) -> None:
    """With four threads in each of them."""
    sandbox.configure(rotate_refresh_tokens=True)
    with processes(8, sandbox.native_client_id, sandbox.url, storage, threads=4) as children:
        for child in children:
            go(child)
        headers = [header for child in children for header in line(child).split()]
    assert len(headers) == 32
    assert len(set(headers)) == 1
    assert refreshes(sandbox) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal here")
def test_a_process_killed_while_it_renews_holds_nobody_up(sandbox: Sandbox, storage: str) -> None:
    """The lock ends with it, what is stored is whole, and the next one renews."""
    with processes(1, sandbox.native_client_id, sandbox.url, storage, kind="hang") as (child,):
        go(child)
        assert line(child) == "inside"
        child.send_signal(signal.SIGKILL)
        child.wait(60)
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        assert app.get_authorizer(AUTH).get_authorization_header()
        assert stored(app, TRANSFER) is not None
    assert refreshes(sandbox) == 1


def test_storing_and_reading_never_wait_for_a_renewal(sandbox: Sandbox, storage: str) -> None:
    """Not even of the same token; another process is in the middle of it all the while."""
    with processes(1, sandbox.native_client_id, sandbox.url, storage, kind="hang") as (child,):
        go(child)
        assert line(child) == "inside"
        with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
            inner = app.token_storage.token_storage
            others = inner.get_token_data(TRANSFER)
            assert others is not None
            assert inner.get_token_data(AUTH) is not None
            inner.store_token_data_by_resource_server({TRANSFER: others})
            assert inner.remove_token_data(TRANSFER)
            assert app.get_authorizer(AUTH) is not None
        assert child.poll() is None
        assert refreshes(sandbox) == 0
        go(child)
        assert line(child)
    assert refreshes(sandbox) == 1


def test_a_rotated_refresh_token_is_stored_before_it_is_used(
    sandbox: Sandbox, storage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is being stored, nobody sees the new access token yet."""
    sandbox.configure(rotate_refresh_tokens=True)
    seen: list[str | None] = []
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        authorizer: t.Any = app.get_authorizer(AUTH)
        old = stored(app)
        replace = JSONTokenStorage.replace

        def storing(self: t.Any, server: str, expected: str, new: TokenStorageData) -> bool:
            seen.append(authorizer.access_token)
            return replace(self, server, expected, new)

        monkeypatch.setattr(JSONTokenStorage, "replace", storing)
        authorizer.get_authorization_header()
        assert seen == [old.access_token]
        assert stored(app).refresh_token not in (None, old.refresh_token)
        assert stored(app).refresh_token == authorizer.refresh_token


@pytest.mark.parametrize("place", ["memory", "json"])
def test_an_app_and_its_authorizer_do_not_act_as_somebody_else(
    sandbox: Sandbox, tmp_path: pathlib.Path, place: str
) -> None:
    """Another program stores somebody else's token over the app's own."""
    storage: t.Any = MemoryTokenStorage()
    if place == "json":
        storage = JSONTokenStorage(tmp_path / "tokens.json")
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        app.login()
        expire(app)
        authorizer = app.get_authorizer(AUTH)
        other = stored(app)
        other.identity_id, other.access_token = str(uuid.UUID(int=7)), "somebody-elses"
        other.expires_at_seconds = int(time.time()) + 3600
        app.token_storage.token_storage.store_token_data_by_resource_server({AUTH: other})
        for act in (authorizer.get_authorization_header, lambda: app.get_authorizer(AUTH)):
            with pytest.raises(IdentityMismatchError):
                act()
        assert refreshes(sandbox) == 0
        assert app.token_storage.token_storage.get_token_data(AUTH) == other


@pytest.mark.parametrize("place", ["memory", "json", "sqlite"])
def test_a_logout_during_a_renewal_is_not_undone(
    sandbox: Sandbox, tmp_path: pathlib.Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The renewal stores nothing, and the app logs in again when it is next asked."""
    storage: t.Any = MemoryTokenStorage()
    if place != "memory":
        kind = JSONTokenStorage if place == "json" else SQLiteTokenStorage
        storage = kind(tmp_path / "tokens")
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        app.login()
        expire(app)
        authorizer: t.Any = app.get_authorizer(AUTH)
        refresh = authorizer.auth_client.oauth2_refresh_token

        def refresh_and_log_out(refresh_token: str) -> t.Any:
            response = refresh(refresh_token)
            app.token_storage.token_storage.remove_token_data(AUTH)
            return response

        monkeypatch.setattr(authorizer.auth_client, "oauth2_refresh_token", refresh_and_log_out)
        for _ in range(2):
            with pytest.raises(LoginRequiredError):
                authorizer.get_authorization_header()
        assert refreshes(sandbox) == 1
        assert app.token_storage.token_storage.get_token_data_by_resource_server() == {}
        assert app.get_authorizer(AUTH) is not authorizer


# servers and disks in trouble


@pytest.fixture
def app(sandbox: Sandbox, storage: str) -> t.Iterator[UserApp]:
    """
    An app with an expired token, which tries everything once only.
    """
    client = NativeAppAuthClient(
        sandbox.native_client_id,
        retry_config=RetryConfig(max_retries=0),
    )
    config = GlobusAppConfig(
        token_storage=storage, login_flow_manager=CountedLogin, request_refresh_tokens=True
    )
    with UserApp("tests", login_client=client, config=config) as app:
        yield app
    client.close()


@pytest.mark.parametrize(
    ("fault", "timeout", "error"),
    [
        ({"drop": True}, 60.0, NetworkError),
        ({"latency": 30.0, "status": None}, 0.2, NetworkError),
        ({"status": 500}, 60.0, GlobusAPIError),
    ],
    ids=["gone", "slow", "failing"],
)
def test_a_server_in_trouble_costs_nobody_the_login(
    sandbox: Sandbox,
    app: UserApp,
    fault: dict[str, t.Any],
    timeout: float,
    error: type[Exception],
) -> None:
    """It is told as it is; the stored token stays, and the next attempt succeeds."""
    before = stored(app)
    sandbox.fail(TOKEN, **fault)
    with app._login_client.transport.tune(http_timeout=timeout), pytest.raises(error):
        app.get_authorizer(AUTH).get_authorization_header()
    assert stored(app) == before
    assert app.get_authorizer(AUTH).get_authorization_header()
    assert logins(app) == 0


def test_a_token_that_is_valid_yet_is_used_while_the_server_is_down(
    sandbox: Sandbox,
    app: UserApp,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the last minute of its life too; the server is not asked again at each request."""
    monkeypatch.setattr(renewing, "RETRY_EARLY_SECONDS", 1000)  # however busy the machine is
    data = stored(app)
    data.expires_at_seconds = int(time.time()) + 50
    app.token_storage.token_storage.store_token_data_by_resource_server({AUTH: data})
    sandbox.fail(TOKEN, status=500, times=None)
    for _ in range(20):
        header = app.get_authorizer(AUTH).get_authorization_header()
        assert header == f"Bearer {data.access_token}"
    assert refreshes(sandbox) == 1
    assert "used while valid" in caplog.text
    assert data.access_token not in caplog.text


def test_a_storage_that_cannot_be_written_is_told_before_anything_is_spent(
    sandbox: Sandbox, app: UserApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rotated token that cannot be stored would log out all the others."""
    from globus_core_storage import _file_lock

    def read_only(path: str) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(_file_lock, "open_lock", read_only)
    with pytest.raises(StorageError, match="Read-only file system") as caught:
        app.get_authorizer(AUTH).get_authorization_header()
    assert "tokens.json" in str(caught.value)
    assert refreshes(sandbox) == 0


def test_a_child_forked_while_another_thread_renews_renews_by_itself(
    sandbox: Sandbox, storage: str
) -> None:
    """Nothing that the thread held is held in the child."""
    code = f"""
import os, sys, threading
from tests.integration.app.renewing_child import Hanging
from globus_core import UserApp
from globus_core.globus_app import GlobusAppConfig
config = GlobusAppConfig(token_storage={storage!r}, request_refresh_tokens=True)
inside, done = threading.Event(), threading.Event()
class Client(Hanging):
    def oauth2_refresh_token(self, token, **options):
        inside.set()
        done.wait(60)
        return super(Hanging, self).oauth2_refresh_token(token, **options)
client = Client({sandbox.native_client_id!r}, base_url={sandbox.url!r})
app = UserApp("tests", login_client=client, config=config)
authorizer = app.get_authorizer({AUTH!r})
thread = threading.Thread(target=authorizer.get_authorization_header)
thread.start()
inside.wait(60)
child = os.fork()
if child == 0:
    done.set()
    os._exit(0 if app.get_authorizer({AUTH!r}).get_authorization_header() else 1)
done.set()
thread.join()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    if not hasattr(__import__("os"), "fork"):
        pytest.skip("there is no fork here")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        timeout=100,
        cwd=_root(),
    )
    assert done.stdout.strip() == "0", done.stderr
    assert refreshes(sandbox) == 1


def _root() -> str:
    import pathlib

    return str(pathlib.Path(__file__).parents[3])
