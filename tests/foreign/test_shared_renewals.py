"""
Refresh tokens that rotate, at a server that ends the login when an old one comes back.

Threads and processes share one login there; whoever refreshed a second time would log all out.
"""

from __future__ import annotations

import pathlib
import time
import typing as t

import pytest

from globus_core import NativeAppAuthClient, UserApp
from globus_core.config import token_namespace
from globus_core.globus_app import GlobusAppConfig
from globus_core.token_storage import JSONTokenStorage, TokenStorageData
from tests.foreign.test_nanoidp import AUTH, log_in
from tests.integration.app.processes import go, line, processes
from tests.integration.app.renewing_child import digest
from tests.servers.nanoidp import Nanoidp
from tests.unit.authorizers.fakes import in_threads

pytestmark = pytest.mark.full


def test_threads_and_processes_share_a_login_that_rotates(
    nanoidp: Nanoidp, tmp_path: pathlib.Path
) -> None:
    """32 threads, then 8 processes, then one more: each time all get one header."""
    client = NativeAppAuthClient(nanoidp.native_client_id, base_url=nanoidp.base_url)
    url = f"json://{tmp_path}/tokens.json"
    namespace = token_namespace("DEFAULT", nanoidp.base_url)
    storage = JSONTokenStorage(tmp_path / "tokens.json", namespace=namespace)
    storage.store_token_data_by_resource_server(
        {AUTH: TokenStorageData(identity_id=nanoidp.username, **log_in(nanoidp, client))}
    )
    refresh_tokens = []
    for renew in (_in_threads, _in_processes, _in_threads):
        data = storage.get_token_data(AUTH)
        assert data is not None
        refresh_tokens.append(data.refresh_token)
        data.expires_at_seconds = int(time.time()) - 60
        storage.store_token_data_by_resource_server({AUTH: data})
        headers = renew(nanoidp, client, url)
        renewed = storage.get_token_data(AUTH)
        assert renewed is not None
        assert set(headers) == {digest(f"Bearer {renewed.access_token}")}
        assert len(headers) in (32, 8)
    assert len(set(refresh_tokens)) == 3


def _in_threads(nanoidp: Nanoidp, client: NativeAppAuthClient, url: str) -> list[str]:
    headers: list[str] = []
    config = GlobusAppConfig(
        token_storage=url, request_refresh_tokens=True, token_validation_error_handler=None
    )
    with UserApp("tests", login_client=client, config=config) as app:

        def get() -> None:
            headers.append(digest(app.get_authorizer(AUTH).get_authorization_header()))

        assert in_threads(32, get) == []
    return headers


def _in_processes(nanoidp: Nanoidp, client: t.Any, url: str) -> list[str]:
    with processes(8, nanoidp.native_client_id, nanoidp.base_url, url) as children:
        for child in children:
            go(child)
        return [line(child) for child in children]
