"""
Stored records that cannot be used: each counts as missing, and a store that replaces it keeps it.
"""

from __future__ import annotations

import os

from globus_core.exc import StorageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: how many records ``<file>.bad-records`` has at most; older ones are dropped
MOST_KEPT = 20


def keep(path: str, namespace: str, records: t.Mapping[str, t.Any]) -> None:
    """
    Add records to ``<file>.bad-records``, a line of JSON for each, before they are replaced.

    :param path: the file with the records, whose write lock is held
    :param namespace: the namespace of the records
    :param records: what is stored, by resource server
    :raises StorageError: if they cannot be written
    """
    from json import dumps

    target = f"{path}.bad-records"
    lines = _lines(target)
    for server, record in records.items():
        entry = {"namespace": namespace, "resource_server": server, "record": record}
        line = dumps(entry).encode()
        if line not in lines:  # a store that is tried again
            lines.append(line)
    try:
        _write(target, b"".join(line + b"\n" for line in lines[-MOST_KEPT:]))
    except OSError as error:
        raise StorageError(f"cannot write {target!r}: {error.strerror}") from error


def _lines(path: str) -> list[bytes]:
    from ._private_files import open_existing

    try:
        with open(open_existing(path), "rb") as file:
            return file.read().splitlines()
    except OSError:  # there is none, or it is not ours to read
        return []


def _write(path: str, content: bytes) -> None:
    from ._private_files import open_new

    aside = f"{path}.new"
    with open(open_new(aside), "wb") as file:
        file.write(content)
    os.replace(aside, path)
