"""
The hook implementations of the plugin ``storage``.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_token_storages() -> dict[str, str]:
    """
    Offer the memory, the JSON file and the SQLite storage.
    """
    return {
        "json": "globus_core_storage.json_file:JSONTokenStorage",
        "memory": "globus_core_storage.memory:MemoryTokenStorage",
        "sqlite": "globus_core_storage.sqlite:SQLiteTokenStorage",
    }
