"""
Reading one token from a file, for a command that does nothing else.

It takes less time than importing a storage, with its locks, changes and repairs. Whatever is not as
usual is left to the storage, which repairs it or says what is wrong.
"""

from __future__ import annotations

import os
import stat
import time

from globus_core.token_storage.data import decode

from ._json_document import loads, parse
from ._paths import app_token_path, path_from_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

__all__ = ["app_token_path", "path_from_url", "read_json", "read_sqlite"]

_VERSIONS = ("1.0", "2.0")
_SCHEMAS = ("1", "2")
_SIDECARS = ("-wal", "-shm", "-journal")
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
_WAIT_SECONDS = 1.0
_SETTLED_SECONDS = 0.1
_RECORD_AND_SCHEMA = """
SELECT CAST(token_data_json AS BLOB), (
    SELECT value FROM sdk_storage_adapter_internal
    WHERE attribute = 'globus-sdk.database_schema_version')
FROM token_storage WHERE namespace = ? AND resource_server = ?
"""


def read_json(path: str, namespace: str, resource_server: str) -> TokenStorageData | None:
    """
    A record in the file of a ``JSONTokenStorage``; None if the storage must be asked.

    :param path: the file
    :param namespace: the namespace of the tokens
    :param resource_server: whose token it is
    """
    if not _is_private(path):
        return None
    try:
        with open(os.open(path, _OPEN), "rb") as file:
            document = parse(file.read(), path, _VERSIONS, _VERSIONS[-1])
        record = document["data"][namespace][resource_server]
    except Exception:  # the storage says what it is
        return None
    return decode(resource_server, record)[0]


def read_sqlite(path: str, namespace: str, resource_server: str) -> TokenStorageData | None:
    """
    A record in the database of an ``SQLiteTokenStorage``; None if the storage must be asked.

    :param path: the file
    :param namespace: the namespace of the tokens
    :param resource_server: whose token it is
    """
    if not _is_private(path):
        return None
    try:
        row = _selected(path, (namespace, resource_server))
        if row is None or row[1] not in _SCHEMAS:
            return None
        return decode(resource_server, loads(row[0]))[0]
    except Exception:  # the storage says what it is
        return None


def _is_private(path: str) -> bool:
    """Whether only this user can use a file; also False for a link, and if there is none."""
    try:
        info = os.lstat(path)
    except OSError:
        return False
    if os.name != "posix":
        return stat.S_ISREG(info.st_mode)
    return info.st_mode & 0o170077 == stat.S_IFREG and info.st_uid == os.geteuid()


def _selected(path: str, key: tuple[str, str]) -> t.Any:
    """The row of a record; None if there is none, or the database must not be used."""
    before = _state_at_rest(path)
    if before is not None:
        row = _queried(path, key, "mode=ro&immutable=1")
        if _state_at_rest(path) == before:
            return row
    sidecars = [path + ending for ending in _SIDECARS if os.path.lexists(path + ending)]
    return _queried(path, key, "mode=rw") if all(map(_is_private, sidecars)) else None


def _state_at_rest(path: str) -> tuple[int, int, int] | None:
    """
    The state of a database that nobody has open for writing; None of any other one.

    It can be read without the files that SQLite would make beside it and remove again, which takes
    most of the time. The clocks of file systems are coarse, so a recent change is not at rest.
    """
    if any(os.path.lexists(path + ending) for ending in _SIDECARS):
        return None
    info = os.stat(path)
    recent = time.time() - info.st_mtime < _SETTLED_SECONDS
    return None if recent else (info.st_mtime_ns, info.st_ino, info.st_size)


def _queried(path: str, key: tuple[str, str], mode: str) -> t.Any:
    try:  # the package sqlite3 takes longer to import than the C module below it
        from _sqlite3 import connect
    except ImportError:  # another implementation of Python
        from sqlite3 import connect

    for character in "%?#":
        path = path.replace(character, f"%{ord(character):02x}")
    connection = connect(f"file:{path}?{mode}", timeout=_WAIT_SECONDS, uri=True)
    try:
        return connection.execute(_RECORD_AND_SCHEMA, key).fetchone()
    finally:
        connection.close()
