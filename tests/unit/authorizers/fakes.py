"""
Stand-ins for the clients and storages that authorizers use.
"""

from __future__ import annotations

import json
import pickle
import threading
import time
import typing as t

import requests

from globus_core import GlobusAPIError
from globus_core.token_storage import TokenStorage, TokenStorageData

SERVER = "transfer.example.org"


class TokenResponse:
    """What a token request gives: told by its ``by_resource_server``."""

    keeps_identity = True

    def __init__(self, *tokens: dict[str, t.Any]) -> None:
        self.by_resource_server = {token["resource_server"]: token for token in tokens}


def token(
    access_token: str,
    refresh_token: str | None = None,
    *,
    server: str = SERVER,
    lifetime: int = 3600,
) -> dict[str, t.Any]:
    """One token of a response."""
    return {
        "resource_server": server,
        "scope": "all",
        "access_token": access_token,
        "refresh_token": refresh_token,
        "expires_at_seconds": int(time.time()) + lifetime,
        "token_type": "Bearer",
    }


def stored(
    access_token: str, refresh_token: str | None = None, *, lifetime: int = 3600
) -> TokenStorageData:
    """One token of a storage."""
    return TokenStorageData(
        identity_id=None, **token(access_token, refresh_token, lifetime=lifetime)
    )


def invalid_grant() -> GlobusAPIError:
    """The error for a refresh token that is not good any more."""
    return api_error(401, "invalid_grant")


def api_error(status: int, code: str) -> GlobusAPIError:
    """The error of a token endpoint."""
    response = requests.Response()
    response.status_code = status
    response._content = json.dumps({"error": code}).encode()
    response.headers["Content-Type"] = "application/json"
    return GlobusAPIError(response)


class AuthClient:
    """
    Gives tokens ``access-1``, ``access-2`` ...; rotates refresh tokens if told to.

    :param rotate: give a new refresh token each time, and refuse those that were used
    """

    def __init__(self, *, rotate: bool = False, lifetime: int = 3600) -> None:
        self.asked: list[str] = []
        self.rotate = rotate
        self.lifetime = lifetime
        self.failure: BaseException | None = None
        self.before: t.Callable[[], object] | None = None
        self._lock = threading.Lock()

    def oauth2_refresh_token(self, refresh_token: str) -> TokenResponse:
        with self._lock:
            used = refresh_token in self.asked
            self.asked.append(refresh_token)
            number = len(self.asked)
        if self.before is not None:
            self.before()
        if self.failure is not None:
            raise self.failure
        if self.rotate and used:
            raise invalid_grant()
        rotated = f"refresh-{number}" if self.rotate else None
        return TokenResponse(token(f"access-{number}", rotated, lifetime=self.lifetime))

    def oauth2_client_credentials_tokens(self, requested_scopes: str) -> TokenResponse:
        return self.oauth2_refresh_token(requested_scopes)


class DictStorage(TokenStorage):
    """
    A storage in a dict that several objects can share, as processes share a file; what is read
    from it is equal to what was stored, and not the same.
    """

    def __init__(self, shared: dict[str, TokenStorageData] | None = None) -> None:
        super().__init__()
        self.shared = {} if shared is None else shared
        self.reads = 0
        self.failure: Exception | None = None

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        if self.failure is not None:
            raise self.failure
        self.shared.update(token_data_by_resource_server)

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        self.reads += 1
        read: dict[str, TokenStorageData] = pickle.loads(pickle.dumps(self.shared))
        return read

    def remove_token_data(self, resource_server: str) -> bool:
        return self.shared.pop(resource_server, None) is not None

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        stored = self.shared.get(resource_server)  # in one step, so this is not one of the reads
        if stored is None or stored.revision != expected:
            return False
        if new is None:
            return self.remove_token_data(resource_server)
        self.store_token_data_by_resource_server({resource_server: new})
        return True


def in_threads(count: int, work: t.Callable[[], object]) -> list[BaseException]:
    """Do the same in many threads at once; give what they raised."""
    failures: list[BaseException] = []
    together = threading.Barrier(count)

    def run() -> None:
        try:
            together.wait(10)
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
