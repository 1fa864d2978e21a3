"""
Token storages in memory, in a JSON file and in an SQLite database.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "document_file": ("DocumentTokenStorage",),
        "errors": (
            "DamagedDocumentError",
            "DamagedStorageWarning",
            "RenewalLockTimeoutError",
            "UnlockedStorageWarning",
            "UnprotectedStorageWarning",
            "UnusableStorageError",
        ),
        "file": ("FileTokenStorage",),
        "json_file": ("JSONTokenStorage",),
        "legacy": (
            "FileAdapter",
            "MemoryAdapter",
            "SQLiteAdapter",
            "SimpleJSONFileAdapter",
            "StorageAdapter",
        ),
        "memory": ("MemoryTokenStorage",),
        "sqlite": ("SQLiteTokenStorage",),
    },
)

#: which of these names each namespace of globus_core gets
NAMESPACES = {
    "": (
        "FileAdapter",
        "FileTokenStorage",
        "JSONTokenStorage",
        "MemoryAdapter",
        "MemoryTokenStorage",
        "SQLiteAdapter",
        "SQLiteTokenStorage",
        "SimpleJSONFileAdapter",
        "StorageAdapter",
    ),
    "token_storage": (
        "DamagedDocumentError",
        "DocumentTokenStorage",
        "FileTokenStorage",
        "JSONTokenStorage",
        "MemoryTokenStorage",
        "SQLiteTokenStorage",
        "UnlockedStorageWarning",
        "UnprotectedStorageWarning",
        "UnusableStorageError",
    ),
    "token_storage.legacy": (
        "FileAdapter",
        "MemoryAdapter",
        "SQLiteAdapter",
        "SimpleJSONFileAdapter",
        "StorageAdapter",
    ),
}
