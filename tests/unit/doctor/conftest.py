"""
Fixtures for checks: an app whose tokens are in a file.
"""

from __future__ import annotations

import time
import typing as t

import pytest

from globus_core import UserApp
from globus_core.globus_app import GlobusAppConfig
from globus_core.token_storage import JSONTokenStorage, TokenStorageData

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02"


def stored_token(server: str, *, seconds: int = 86400, refresh: str | None = None) -> t.Any:
    """
    A record for a resource server.

    :param server: the resource server
    :param seconds: for how long it is valid
    :param refresh: the refresh token
    """
    return TokenStorageData(
        resource_server=server,
        identity_id=None,
        scope="openid",
        access_token=f"access-token-for-{server}",
        refresh_token=refresh,
        expires_at_seconds=int(time.time()) + seconds,
        token_type="Bearer",
    )


@pytest.fixture
def storage(tmp_path: pathlib.Path) -> JSONTokenStorage:
    """A storage in a file that does not exist yet."""
    return JSONTokenStorage(tmp_path / "tokens" / "tokens.json")


@pytest.fixture
def make_app(storage: JSONTokenStorage) -> Iterator[Callable[[], UserApp]]:
    """Makes an app that uses this storage."""
    made = []

    def make() -> UserApp:
        config = GlobusAppConfig(token_storage=storage, request_refresh_tokens=True)
        made.append(UserApp("doctor", client_id=CLIENT_ID, config=config))
        return made[-1]

    yield make
    for app in made:
        app.close()
