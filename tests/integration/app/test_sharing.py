"""
Many threads and processes with one app's tokens: one login, one refresh.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest

from globus_core import AuthClient
from globus_core.config.environments import ProductionEnvConfig
from globus_core.exc import LoginTimeoutError
from globus_core_app._login_gate import LoginGate
from tests.integration.app.helpers import AUTH, expire, logins, stored, user_app

if t.TYPE_CHECKING:
    import pathlib

    from globus_core_sandbox import Sandbox

_THREADS = 16
_PROCESSES = 3

_CHILD = """
import sys
from globus_core import AuthClient, UserApp
from globus_core.globus_app import GlobusAppConfig

client_id, storage = sys.argv[1:]
config = GlobusAppConfig(
    token_storage=storage, request_refresh_tokens=True, token_validation_error_handler=None
)
with UserApp("tests", client_id=client_id, config=config) as app, AuthClient(app=app) as auth:
    print("ready", flush=True)
    sys.stdin.readline()
    print(auth.userinfo()["sub"])
"""


def all_at_once(work: t.Callable[[], t.Any]) -> list[t.Any]:
    """The results of many threads that begin together."""
    barrier = threading.Barrier(_THREADS)

    def one(_: int) -> t.Any:
        barrier.wait(30)
        return work()

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(one, range(_THREADS)))


def test_threads_that_need_a_login_share_one(sandbox: Sandbox) -> None:
    """The first thread logs in, the others find its tokens."""
    with user_app(sandbox) as app, AuthClient(app=app) as auth:
        subs = all_at_once(lambda: auth.userinfo()["sub"])
        assert set(subs) == {sandbox.people[0].id}
        assert logins(app) == 1


def test_threads_that_call_login_share_one(sandbox: Sandbox) -> None:
    """A login that another thread has done in the meantime is not repeated."""
    with user_app(sandbox) as app:
        all_at_once(app.login)
        assert logins(app) == 1


def test_threads_with_an_expired_token_share_one_refresh(sandbox: Sandbox) -> None:
    """Rotation is on, so a second refresh with the same token would end the login."""
    sandbox.configure(rotate_refresh_tokens=True)
    with user_app(sandbox, request_refresh_tokens=True) as app, AuthClient(app=app) as auth:
        app.login()
        expire(app)
        app._authorizer_factory.clear_cache()
        all_at_once(lambda: auth.userinfo()["sub"])
        assert sandbox.count(grant_type="refresh_token") == logins(app) == 1


def test_threads_that_are_refused_share_one_refresh(sandbox: Sandbox) -> None:
    """All get a 401 for the same token; one of them renews it."""
    with user_app(sandbox, request_refresh_tokens=True) as app, AuthClient(app=app) as auth:
        app.login()
        sandbox.advance_clock(sandbox.access_token_lifetime + 1)
        all_at_once(lambda: auth.userinfo()["sub"])
        assert sandbox.count(grant_type="refresh_token") == 1


@pytest.mark.parametrize("kind", ["json", "sqlite"])
def test_processes_that_share_a_file_share_one_refresh(
    sandbox: Sandbox, tmp_path: pathlib.Path, kind: str
) -> None:
    """Whoever comes second finds the token that the first has stored."""
    sandbox.configure(rotate_refresh_tokens=True)
    storage = f"{kind}://{tmp_path}/tokens"
    with (
        user_app(sandbox, storage=storage, request_refresh_tokens=True) as app,
        AuthClient(app=app),
    ):
        app.login()
        expire(app)
        old = stored(app).access_token
    command = [sys.executable, "-c", _CHILD, sandbox.native_client_id, storage]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(_PROCESSES)
    ]
    try:
        assert [_line(child) for child in children] == ["ready"] * _PROCESSES
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        answers = [child.communicate(timeout=60)[0].strip() for child in children]
    finally:
        for child in children:
            child.kill()
            child.communicate()
    assert answers == [sandbox.people[0].id] * _PROCESSES
    assert sandbox.count(grant_type="refresh_token") == 1
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        assert stored(app).access_token != old


def _line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_tokens_of_globus_sdk_are_found(
    sandbox: Sandbox, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that a 4.x program has written spares the login after migrating."""
    monkeypatch.setattr(ProductionEnvConfig, "auth_url", sandbox.url, raising=False)
    with user_app(sandbox) as app:
        app.login()
        data = stored(app).to_dict()
    path = tmp_path / "tokens.json"
    document = {
        "format_version": "2.0",
        "globus-sdk.version": "4.9.0",
        "data": {"DEFAULT": {AUTH: data}},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    path.chmod(0o600)
    with user_app(sandbox, storage=f"json:{path}") as app:
        assert not app.login_required()


def test_waiting_for_another_threads_login_ends(sandbox: Sandbox) -> None:
    """A login that hangs in one thread is a typed error with the time waited in the others."""
    lock = LoginGate(seconds=0.05)
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            with lock.held():
                raise AssertionError("two threads inside")
        except LoginTimeoutError as error:
            errors.append(error)

    with lock.held(), lock.held():
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(30)
    assert "0.05 seconds" in str(errors[0])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_is_not_locked_out(sandbox: Sandbox) -> None:
    """The lock that another thread held during the fork is free in the child."""
    lock = LoginGate(seconds=5)
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with lock.held():
            held.set()
            go_on.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(30)
    child = os.fork()
    if child == 0:
        try:
            with lock.held():
                os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    go_on.set()
    thread.join(30)
    assert os.waitstatus_to_exitcode(status) == 0
