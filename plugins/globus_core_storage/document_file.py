"""
What storages have in common that keep tokens in a file which they read and write as a whole.
"""

from __future__ import annotations

import os
import time

from globus_core import waiting
from globus_core.exc import StorageError
from globus_core.token_storage.data import check_records, decode

from ._snapshots import Cache, Snapshot
from .file import FileTokenStorage

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

    Document = dict[str, t.Any]
    Tokens = dict[str, t.Any]  # encoded, by resource server

# A file modified this recently can change again and keep its time stamp, since the clocks of file
# systems are coarse.
_SETTLED_SECONDS = 0.1
# A program that writes in place, such as globus-sdk, leaves a file incomplete for a moment.
_WRITTEN_IN_PLACE_SECONDS = 2.0
_READ_AGAIN = 5
_READ_AGAIN_PAUSE = 0.02


class DocumentTokenStorage(FileTokenStorage):
    """
    Base class of storages that keep tokens in a file which they read and write as a whole.

    A subclass says what is in the file: it overrides :meth:`empty_document`,
    :meth:`read_document` and :meth:`write_document`, and may override :meth:`encode_record` and
    :meth:`decode_record`. A document is a dict. Its key ``data`` has the encoded records, by
    namespace and resource server.

    Storing replaces the file by a new one, so that readers find a complete file, also after a
    crash. Reading checks the file's status, and reads it only if that has changed. A damaged file
    is renamed and reported.

    :param filepath: the file, which need not exist
    :param namespace: the namespace of the tokens in the file that this object uses
    :raises UnusableStorageError: if the file's folder cannot be created
    """

    _not_pickled: frozenset[str] = FileTokenStorage._not_pickled | {"_cache"}

    def __init__(self, filepath: str | os.PathLike[str], *, namespace: str = "DEFAULT") -> None:
        super().__init__(filepath, namespace=namespace)
        self._cache = Cache()

    def __setstate__(self, state: dict[str, t.Any]) -> None:
        super().__setstate__(state)
        self._cache = Cache()

    def empty_document(self) -> Document:
        """
        A document without tokens, for a file that does not exist.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say what an empty file has")

    def read_document(self, content: bytes, path: str) -> Document:
        """
        The document in a file.

        :param content: the content of the file
        :param path: the file, for error messages
        :raises DamagedDocumentError: if it is not complete, and is to be renamed
        :raises StorageError: if it cannot be used, and stays as it is
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how to read a file")

    def write_document(self, document: Document) -> bytes:
        """
        The content of the file for a document.

        :param document: the document, which is not changed
        :raises StorageError: if it cannot be written
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how to write a file")

    def encode_record(self, data: TokenStorageData) -> t.Any:
        """
        A record as it is in a document.

        :param data: the record, which may change afterwards
        """
        # only what is in ``extra`` can change
        return (data.copy() if data.extra else data).to_dict(include_extra=True)

    def decode_record(
        self, resource_server: str, value: t.Any
    ) -> tuple[TokenStorageData | None, str]:
        """
        The record in a document; or None, and why it cannot be used, without its content.

        :param resource_server: the resource server for which it is stored
        :param value: what :meth:`encode_record` returned, or what else is there
        :raises StorageError: if it cannot be used, and stays as it is
        """
        return decode(resource_server, value)

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        """
        Store tokens; only those of the same resource servers are replaced.

        :param token_data_by_resource_server: the records by resource server
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the file cannot be written
        :raises ValidationError: if a record is for another resource server
        """
        check_records(token_data_by_resource_server)
        self._merge(
            {
                server: self.encode_record(data)
                for server, data in token_data_by_resource_server.items()
            }
        )

    def _merge(self, records: Tokens) -> None:
        if not records:
            return
        path, _ = self._locate()
        with self._write_lock(path) as locked:
            document = self._read(holding_lock=True).document
            stored = document["data"].get(self.namespace, {})
            self._keep_bad(path, stored, records)
            data = {**document["data"], self.namespace: {**stored, **records}}
            self._write(path, {**document, **self._stamp(), "data": data}, locked)

    def _stamp(self) -> Document:
        """What a store also sets, such as the version of the program."""
        return {}

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        """
        All tokens of the namespace, by resource server.

        Records that cannot be used are left out, with a warning.

        :raises StorageError: if the file cannot be read
        """
        snapshot = self._read()
        records = {server: self._record(server, snapshot) for server in self._tokens(snapshot)}
        return {server: data.copy() for server, data in records.items() if data is not None}

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        """
        The tokens of one resource server, or None; a record that cannot be used is warned of.

        :param resource_server: the resource server
        :raises StorageError: if the file cannot be read
        """
        snapshot = self._read()
        record = snapshot.records.get((self.namespace, resource_server))
        if record is None and resource_server in self._tokens(snapshot):
            record = self._record(resource_server, snapshot)
        return None if record is None else record.copy()

    def remove_token_data(self, resource_server: str) -> bool:
        """
        Remove the tokens of one resource server, and return whether there were any.

        :param resource_server: the resource server
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the file cannot be written
        """
        return self._change(resource_server, None, None)

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        """
        Replace or remove a record in one step, only if it is still the expected one.

        :param resource_server: the resource server
        :param expected: the revision that the stored record must have
        :param new: the new record; None removes the old one
        :return: whether it was the expected one
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the file cannot be written
        """
        record = None if new is None else self.encode_record(new)
        return self._change(resource_server, expected, record)

    def _change(self, resource_server: str, expected: str | None, new: t.Any) -> bool:
        """Replace or remove a record if there is one, and it has the revision if one is given."""
        path, info = self._locate()
        if info is None:
            return False
        with self._write_lock(path) as locked:
            document = self._read(holding_lock=True).document
            tokens = dict(document["data"].get(self.namespace, {}))
            if resource_server not in tokens:
                return False
            if expected is not None:
                record, _ = self.decode_record(resource_server, tokens[resource_server])
                if record is None or record.revision != expected:
                    return False
            self._keep_bad(path, tokens, (resource_server,))
            del tokens[resource_server]
            if new is not None:
                tokens[resource_server] = new
            data = {**document["data"], self.namespace: tokens}
            self._write(path, {**document, "data": data}, locked)
        return True

    def iter_namespaces(self) -> t.Iterator[str]:
        """
        The namespaces that have tokens in the file.

        :raises StorageError: if the file cannot be read
        """
        data = self._read().document["data"]
        return iter([namespace for namespace, tokens in data.items() if tokens])

    def close(self) -> None:
        """
        Forget what was read; the file is not changed.
        """
        self._cache = Cache()

    def namespaces(self) -> t.Iterator[str]:
        data = self._read().document["data"]
        return iter([namespace for namespace, tokens in data.items() if tokens])

    def _remove_spent(self, unused_seconds: float) -> int:
        path, info = self._locate()
        if info is None:
            return 0
        with self._write_lock(path) as locked:
            snapshot = self._read(holding_lock=True)
            everything = snapshot.document["data"]
            kept = {
                namespace: self.for_namespace(namespace)._useful(snapshot, unused_seconds)
                for namespace in everything
            }
            removed = sum(map(len, everything.values())) - sum(map(len, kept.values()))
            if removed:
                data = {namespace: tokens for namespace, tokens in kept.items() if tokens}
                self._write(path, {**snapshot.document, "data": data}, locked)
        return removed

    def _useful(self, snapshot: Snapshot, unused_seconds: float) -> Tokens:
        """The tokens of the namespace that may be of use, with those that cannot be read."""
        from globus_core.token_storage.sweeping import is_spent

        tokens = self._tokens(snapshot)
        records = {server: self._record(server, snapshot) for server in tokens}
        return {
            server: tokens[server]
            for server, record in records.items()
            if record is None or not is_spent(record, unused_seconds)
        }

    def _share(self, origin: t.Any) -> None:
        super()._share(origin)
        self._cache = origin._cache

    def _tokens(self, snapshot: Snapshot) -> Tokens:
        tokens: Tokens = snapshot.document["data"].get(self.namespace, {})
        return tokens

    def _record(self, resource_server: str, snapshot: Snapshot) -> TokenStorageData | None:
        """A record of the namespace, decoded once for each state of the file."""
        key = self.namespace, resource_server
        if key in snapshot.records:
            return snapshot.records[key]
        value = self._tokens(snapshot)[resource_server]
        record, problem = self.decode_record(resource_server, value)
        snapshot.records[key] = record
        if record is None:
            from globus_core.token_storage.data import warn_of_bad_record

            warn_of_bad_record(resource_server, repr(self._path), problem)
        return record

    def _keep_bad(self, path: str, stored: Tokens, servers: t.Iterable[str]) -> None:
        """Keep the records that cannot be used, of those that are about to be replaced."""
        replaced = {server: stored[server] for server in servers if server in stored}
        bad = {server: value for server, value in replaced.items() if self._is_bad(server, value)}
        if bad:
            from . import _bad_records

            _bad_records.keep(path, self.namespace, bad)

    def _is_bad(self, resource_server: str, value: t.Any) -> bool:
        return self.decode_record(resource_server, value)[0] is None

    # reading

    def _read(self, *, holding_lock: bool = False) -> Snapshot:
        path, info = self._locate()
        if info is None:
            return self._empty()
        cached = self._cache.snapshot
        if cached is not None and cached.state == (info.st_mtime_ns, info.st_ino, info.st_size):
            return cached
        from .errors import DamagedDocumentError

        try:
            return self._load(path)
        except DamagedDocumentError as damage:
            if not holding_lock:
                return self._read_again(path, damage)
            if time.time() - info.st_mtime < _WRITTEN_IN_PLACE_SECONDS:
                for _ in range(_READ_AGAIN):
                    waiting.sleep(_READ_AGAIN_PAUSE)
                    try:
                        return self._load(path)
                    except DamagedDocumentError as still:
                        damage = still
            return self._set_aside(path, damage)

    def _read_again(self, path: str, damage: Exception) -> Snapshot:
        """Read a file that seems damaged once more, while nobody else stores."""
        lock = self._write_lock(path)
        try:
            lock.__enter__()
        except StorageError as error:
            _warn_damaged(path, str(damage), f"it cannot be renamed ({error})")
            return self._empty()
        try:
            return self._read(holding_lock=True)
        finally:
            lock.__exit__()

    def _load(self, path: str) -> Snapshot:
        from ._private_files import check_file, open_existing

        try:
            with open(open_existing(path), "rb") as file:
                info = os.fstat(file.fileno())
                check_file(path, info)
                content = file.read()
        except FileNotFoundError:
            return self._empty()
        except OSError as error:
            raise StorageError(f"cannot read {path!r}: {error.strerror}") from error
        document = self.read_document(content, path)
        snapshot = Snapshot((info.st_mtime_ns, info.st_ino, info.st_size), document)
        if time.time() - info.st_mtime > _SETTLED_SECONDS:
            self._cache.snapshot = snapshot
        return snapshot

    def _set_aside(self, path: str, damage: Exception) -> Snapshot:
        from ._private_files import move_aside

        self._check_renaming(path)
        try:
            fate = f"it was renamed to {move_aside(path)!r}"
        except StorageError as error:
            fate = f"it cannot be renamed ({error})"
        _warn_damaged(path, str(damage), fate)
        return self._empty()

    def _empty(self) -> Snapshot:
        return Snapshot(None, self.empty_document())

    # writing

    def _write(self, path: str, document: Document, locked: bool) -> None:
        """Replace the file by a new one."""
        from ._replacing import remove_if_there, replace_file, write_aside

        content = self.write_document(document)
        # Without locks, two processes may write at the same time, and each needs its own file.
        aside = f"{path}.new" if locked else f"{path}.new-{os.getpid()}-{time.time_ns()}"
        try:
            state = write_aside(aside, content)
            replace_file(aside, path)
        except OSError as error:
            remove_if_there(aside)
            from ._private_files import reason

            raise StorageError(f"cannot write {path!r}: {reason(error)}") from error
        except BaseException:
            remove_if_there(aside)
            raise
        self._cache.snapshot = None if state is None else Snapshot(state, document)


def _warn_damaged(path: str, damage: str, fate: str) -> None:
    import warnings

    from globus_core.token_storage import DamagedStorageWarning

    warnings.warn(
        f"the token file {path!r} is damaged ({damage}); {fate}, and a new login may be required",
        DamagedStorageWarning,
        stacklevel=2,
    )
