"""
Token storages in memory, in a JSON file and in an SQLite database.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "errors": (
            "DamagedStorageWarning",
            "RenewalLockTimeoutError",
            "UnlockedStorageWarning",
            "UnprotectedStorageWarning",
            "UnusableStorageError",
        ),
        "file": ("FileTokenStorage",),
        "json_file": ("JSONTokenStorage",),
        "memory": ("MemoryTokenStorage",),
        "sqlite": ("SQLiteTokenStorage",),
    },
)
