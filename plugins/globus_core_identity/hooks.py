"""
The hook implementations of the plugin ``identity``.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_identity_caches() -> dict[str, str]:
    """
    Offer the caches in memory (``memory``, ``memory:?max_entries=N&ttl=SECONDS``) and in a file
    (``sqlite``, ``sqlite:///path``).
    """
    return {
        "memory": "globus_core_identity.memory:MemoryIdentityCache",
        "sqlite": "globus_core_identity.sqlite:SQLiteIdentityCache",
    }


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    """
    Offer ``globus-core identities``.
    """
    return {"identities": "globus_core_identity.command.identities:identities"}
