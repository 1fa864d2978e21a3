# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import time
import typing as t
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from globus_core.identities.cache import IdentityCache
from globus_core.token_storage.base import TokenStorage as SyncTokenStorage
from globus_core_async.awaited.auth import ConfidentialAppAuthClient
from globus_core_async.awaited.groups import GroupsClient
from globus_core_async.awaited.kernel import TokenStorage
from globus_core_async.awaited.shapes import Facade
from globus_core_auth.confidential_client import (
    ConfidentialAppAuthClient as SyncConfidentialAppAuthClient,
)
from globus_core_groups.client import GroupsClient as SyncGroupsClient
from globus_core_resource_server.caller import Caller
from globus_core_resource_server.checker import Scopes
from globus_core_resource_server.memberships import Role

class TokenChecker(Facade):
    def __init__(
        self,
        client: SyncConfidentialAppAuthClient | ConfidentialAppAuthClient,
        *,
        scopes: Scopes,
        audience: str | uuid.UUID | None = None,
        policies: t.Iterable[str | uuid.UUID]
        | AsyncIterator[str | uuid.UUID]
        | str
        | uuid.UUID = (),
        domains: t.Iterable[str] | AsyncIterator[str] | str = (),
        session_max_age: float | None = None,
        mfa: bool = False,
        groups: t.Iterable[str | uuid.UUID] | AsyncIterator[str | uuid.UUID] | str | uuid.UUID = (),
        group_role: Role = "member",
        groups_client: SyncGroupsClient | GroupsClient | None = None,
        checked_by: t.Iterable[str] | AsyncIterator[str] | str = (),
        cache: IdentityCache | str | None = None,
        token_storage: SyncTokenStorage | TokenStorage | str | None = None,
        ttl: float = 60.0,
        refusal_ttl: float = 5.0,
        outage: float = 300.0,
        timeout: float = 10.0,
        max_entries: int = 10000,
        clock: t.Callable[[], float] | Callable[[], Coroutine[Any, Any, float]] = time.time,
    ) -> None: ...
    async def check(self, authorization: str | None) -> Caller: ...
    async def remembered(self, authorization: str | None) -> Caller | None: ...
    async def requiring(
        self,
        *,
        scopes: Scopes = (),
        policies: t.Iterable[str | uuid.UUID]
        | AsyncIterator[str | uuid.UUID]
        | str
        | uuid.UUID = (),
        domains: t.Iterable[str] | AsyncIterator[str] | str = (),
        session_max_age: float | None = None,
        mfa: bool = False,
        groups: t.Iterable[str | uuid.UUID] | AsyncIterator[str | uuid.UUID] | str | uuid.UUID = (),
        group_role: Role = "member",
    ) -> TokenChecker: ...
    async def sweep(self) -> int: ...
