"""
The hook implementations of the plugin ``identity``.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl


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
def globus_cli_commands() -> dict[str, CommandReference]:
    """
    Offer ``globus-core identities``.
    """
    return {
        "identities": CommandReference(
            "globus_core_identity.command.identities:identities",
            group="services",
            summary="Look up people by username or identity id",
        )
    }
