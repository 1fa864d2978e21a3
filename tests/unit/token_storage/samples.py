"""
Tokens, responses and a storage to check storages with.
"""

from __future__ import annotations

import time
import typing as t

from globus_core.token_storage import StorageDescription, TokenStorage, TokenStorageData

TRANSFER = "transfer.example.org"
GROUPS = "groups.example.org"
ALICE = "a11ce000-0000-4000-8000-000000000001"
BOB = "b0b00000-0000-4000-8000-000000000002"


def data(server: str = TRANSFER, **changes: t.Any) -> TokenStorageData:
    """One record."""
    values: dict[str, t.Any] = {
        "resource_server": server,
        "identity_id": ALICE,
        "scope": "all more",
        "access_token": "opaque-access",
        "refresh_token": "opaque-refresh",
        "expires_at_seconds": int(time.time()) + 3600,
        "token_type": "Bearer",
    }
    return TokenStorageData(**{**values, **changes})


class Response:
    """
    A token response.

    :param claims: what its ID token says; None for none
    """

    def __init__(
        self,
        *servers: str,
        claims: dict[str, t.Any] | None = None,
        keeps_identity: bool = False,
        **changes: t.Any,
    ) -> None:
        self.claims = claims
        self.keeps_identity = keeps_identity
        self.by_resource_server = {}
        for server in servers:
            token = data(server, **changes).to_dict()
            del token["identity_id"]
            self.by_resource_server[server] = token

    def get(self, key: str, default: t.Any = None) -> t.Any:
        return "opaque-id-token" if key == "id_token" and self.claims else default

    def decode_id_token(self) -> dict[str, t.Any]:
        assert self.claims is not None
        return self.claims


class Decoder:
    """Says that every ID token is Bob's."""

    def decode(self, id_token: str) -> dict[str, t.Any]:
        assert id_token == "opaque-id-token"
        return {"sub": BOB}


class DictStorage(TokenStorage):
    """The least that a storage can be."""

    def __init__(self, *records: TokenStorageData) -> None:
        super().__init__("EXAMPLE")
        self.records = {record.resource_server: record for record in records}
        self.closed = False

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        self.records.update(token_data_by_resource_server)

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        return dict(self.records)

    def remove_token_data(self, resource_server: str) -> bool:
        return self.records.pop(resource_server, None) is not None

    def describe(self) -> StorageDescription:
        return StorageDescription(location="a dict", protection="none", shared=False)

    def close(self) -> None:
        self.closed = True
