"""
Clients and authorizers in the workers of a pool.
"""

from __future__ import annotations

import multiprocessing
import time
import typing as t

import pytest

from globus_core import (
    AuthClient,
    ConfidentialAppAuthClient,
    NativeAppAuthClient,
    RefreshTokenAuthorizer,
)
from globus_core.exc import NotPicklableError
from globus_core.token_storage import JSONTokenStorage, SQLiteTokenStorage

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable

    from globus_core_sandbox import Sandbox

AUTH = "auth.globus.org"


def whoami(client: AuthClient) -> str:
    """Whose token the client has, as a worker asks."""
    return str(client.userinfo()["sub"])


def issuer(client: AuthClient) -> str:
    """The server's name for itself, which takes no token."""
    return client.key_store.setting("issuer")


def in_workers(work: Callable[[t.Any], str], things: list[t.Any]) -> list[str]:
    """What workers, which begin with nothing, make of some things."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(work, things, chunksize=1)
        pool.close()
        pool.join()
    return found


@pytest.mark.parametrize("storage_class", [JSONTokenStorage, SQLiteTokenStorage])
def test_workers_share_one_renewal(
    globus_sandbox: Sandbox,
    browse: Callable[[str], str],
    tmp_path: pathlib.Path,
    storage_class: t.Any,
) -> None:
    """
    The client travels with its authorizer, which finds its token in the storage.
    """
    login = NativeAppAuthClient(globus_sandbox.native_client_id, base_url=globus_sandbox.url)
    flow = login.oauth2_start_flow("openid", refresh_tokens=True)
    response = flow.exchange_callback(browse(flow.get_authorize_url()))
    storage = storage_class(tmp_path / "tokens")
    storage.store_token_response(response)
    stored = storage.get_token_data(AUTH)
    assert stored is not None
    assert stored.refresh_token is not None
    expired = type(stored)(**{**stored.to_dict(), "expires_at_seconds": int(time.time()) - 1})
    storage.store_token_data_by_resource_server({AUTH: expired})
    authorizer = RefreshTokenAuthorizer(
        stored.refresh_token,
        login,
        access_token=expired.access_token,
        expires_at=expired.expires_at_seconds,
        token_storage=storage,
        resource_server=AUTH,
    )
    auth = AuthClient(base_url=globus_sandbox.url, authorizer=authorizer)
    people = in_workers(whoami, [auth] * 4)
    assert people == [stored.identity_id] * 4
    assert globus_sandbox.count(path="/v2/oauth2/token", grant_type="refresh_token") == 1
    storage.close()


def test_a_client_without_credentials_works_in_workers(globus_sandbox: Sandbox) -> None:
    """
    Also one that has been used, and has connections, keys and a flow under way.
    """
    native = NativeAppAuthClient(globus_sandbox.native_client_id, base_url=globus_sandbox.url)
    known = issuer(native)
    native.oauth2_start_flow("openid")
    assert in_workers(issuer, [native, native]) == [known, known]


def test_a_client_with_a_secret_fails_before_it_travels(globus_sandbox: Sandbox) -> None:
    """
    The error reaches whoever gave the work, and no worker waits for ever.
    """
    client = ConfidentialAppAuthClient(
        globus_sandbox.confidential_client_id, globus_sandbox.confidential_client_secret
    )
    with pytest.raises(NotPicklableError, match="in the other process"):
        in_workers(issuer, [client])
