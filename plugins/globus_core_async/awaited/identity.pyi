# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import typing as t
from collections.abc import (
    AsyncIterator,
    Callable,
    Coroutine,
    ItemsView,
    KeysView,
    Mapping,
    ValuesView,
)
from typing import Any

from globus_core.identities.cache import IdentityCache
from globus_core.identities.identity import Identity
from globus_core.identities.resolution import Resolution, Unresolved
from globus_core_async.awaited.shapes import Each, Facade
from globus_core_identity._auth_source import IdentitiesClient
from globus_core_identity._institutions import TIMEOUT
from globus_core_identity.identity_map import Key
from globus_core_identity.resolver import CONNECTIONS

class IdentityMap(Facade):
    def __init__(
        self,
        auth_client: IdentitiesClient | Facade,
        identity_ids: t.Iterable[Key] | AsyncIterator[Key] | None = None,
        *,
        id_batch_size: int | None = None,
        cache: IdentityCache | t.MutableMapping[str, t.Any] | str | None = None,
        id_list: t.Iterable[Key] | AsyncIterator[Key] | None = None,
        max_connections: int = CONNECTIONS,
        include: t.Iterable[str] | AsyncIterator[str] = (),
        extension_timeout: float = TIMEOUT,
    ) -> None: ...
    async def add(
        self,
        identity_id: Key | Mapping[str, t.Any] | None = None,
        *,
        identity_document: Mapping[str, t.Any] | None = None,
    ) -> bool: ...
    async def get(
        self, key: Key | None = None, default: t.Any = None, *, identity: Key | None = None
    ) -> t.Any: ...
    async def resolve_many(
        self,
        keys: t.Iterable[Key] | AsyncIterator[Key],
        *,
        progress: t.Callable[[int, int], None]
        | Callable[[int, int], Coroutine[Any, Any, None]]
        | None = None,
    ) -> Resolution: ...
    def resolve_iter(
        self,
        keys: t.Iterable[Key] | AsyncIterator[Key],
        *,
        progress: t.Callable[[int, int], None]
        | Callable[[int, int], Coroutine[Any, Any, None]]
        | None = None,
    ) -> Each[tuple[str, Identity | Unresolved]]: ...
    async def prefetch(
        self,
        keys: t.Iterable[Key] | AsyncIterator[Key] = (),
        *,
        progress: t.Callable[[int, int], None]
        | Callable[[int, int], Coroutine[Any, Any, None]]
        | None = None,
    ) -> Resolution: ...
    @property
    def unresolved_ids(self) -> set[str]: ...
    @property
    def unresolved_usernames(self) -> set[str]: ...
    @property
    def cache(self) -> IdentityCache: ...
    async def clear(self) -> None: ...
    async def to_dict(self) -> dict[str, dict[str, t.Any]]: ...
    def __aiter__(self) -> AsyncIterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: object) -> bool: ...
    def __bool__(self) -> bool: ...
    async def keys(self) -> KeysView[str]: ...
    async def values(self) -> ValuesView[Identity]: ...
    async def items(self) -> ItemsView[str, Identity]: ...
    async def copy(self) -> dict[str, Identity]: ...
    async def pop(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.NoReturn: ...
    async def popitem(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.NoReturn: ...
    async def setdefault(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.NoReturn: ...
    async def update(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.NoReturn: ...
    auth_client: IdentitiesClient
    id_batch_size: Any
