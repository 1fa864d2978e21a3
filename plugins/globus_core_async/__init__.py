"""
The SDK for asyncio: the same clients, apps and storages, awaited.

Greenlets carry the synchronous code, aiohttp its requests; both come with the extra ``async``.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "bridge": ("wait_for",),
        "facade": ("call", "unwrap", "wrap"),
        "transport": ("AioTransport",),
    },
)

#: what namespaces of globus_core get of these names
NAMESPACES = {"aio": ("AioTransport", "call", "unwrap", "wait_for", "wrap")}
