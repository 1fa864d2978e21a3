"""
The token storages of globus-sdk 3, for programs that still use them.

They keep the tokens of a response as dicts by resource server, without identities. They are built
on the newer storages, so their files are equally safe.
"""

from __future__ import annotations

import os

from globus_core.arguments import check_mappings, check_path, check_texts

from . import _schema
from .file import UserOnlyUmask

TYPE_CHECKING = False
if TYPE_CHECKING:
    import contextlib
    import typing as t

    from ._legacy_files import Schema1Database, Version1File

    Record = dict[str, t.Any]
    TokenResponse = t.Any  # anything with ``by_resource_server``


class StorageAdapter:
    """
    Base class of these storages; new code should use ``TokenStorage``.
    """

    def store(self, token_response: TokenResponse) -> None:
        """
        Store the tokens of a response; those of the same resource servers are replaced.

        :param token_response: the response to a token request
        :raises StorageError: if they could not be stored
        """
        raise NotImplementedError(f"{type(self).__name__} cannot store")

    def get_token_data(self, resource_server: str) -> Record | None:
        """
        The tokens of one resource server as they were in the response, or None.

        :param resource_server: the resource server
        :raises StorageError: if they cannot be read
        """
        raise NotImplementedError(f"{type(self).__name__} cannot read")

    def on_refresh(self, token_response: TokenResponse) -> None:
        """
        Store the tokens of a refresh; pass this method to an authorizer as ``on_refresh``.

        :param token_response: the response to the refresh
        :raises StorageError: if they could not be stored
        """
        self.store(token_response)


class FileAdapter(StorageAdapter):
    """
    Base class of those that keep tokens in a file.

    :ivar filename: the file, which need not exist
    """

    filename: str

    def file_exists(self) -> bool:
        """
        Whether the file exists.
        """
        return os.path.exists(self.filename)

    def user_only_umask(self) -> contextlib.AbstractContextManager[None]:
        """
        Remove all rights of other users from files that are created in a ``with`` block.

        It changes the umask of the whole process; it exists for subclasses written for globus-sdk.
        """
        return UserOnlyUmask()


class MemoryAdapter(StorageAdapter):
    """
    Keeps tokens in this process only.
    """

    def __init__(self) -> None:
        self._tokens: dict[str, Record] = {}

    def store(self, token_response: TokenResponse) -> None:
        """
        Store the tokens of a response; those of the same resource servers are replaced.

        :param token_response: the response to a token request
        """
        self._tokens.update(_records(token_response))

    def get_token_data(self, resource_server: str) -> Record | None:
        """
        The tokens of one resource server as they were in the response, or None.

        :param resource_server: the resource server
        """
        record = self._tokens.get(resource_server)
        return None if record is None else dict(record)


class SimpleJSONFileAdapter(FileAdapter):
    """
    Keeps tokens in a JSON file of version 1.0, which ``JSONTokenStorage`` can also read.

    :param filename: the file, which need not exist
    :raises UnusableStorageError: if the file's folder cannot be created
    """

    #: the format version that is written
    format_version = "1.0"
    #: the format versions that can be read
    supported_versions = ("1.0",)

    def __init__(self, filename: str | os.PathLike[str]) -> None:
        from ._legacy_files import Version1File

        check_path(filename, "filename")
        self.filename = os.fspath(filename)
        self._file: Version1File = Version1File(filename)

    def store(self, token_response: TokenResponse) -> None:
        """
        Store the tokens of a response; those of the same resource servers are replaced.

        :param token_response: the response to a token request
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the file cannot be written
        """
        self._file.merge(_records(token_response))

    def get_by_resource_server(self) -> dict[str, Record]:
        """
        All tokens by resource server, as they were in the responses.

        :raises StorageError: if the file cannot be read, or has another version
        """
        return self._file.records()

    def get_token_data(self, resource_server: str) -> Record | None:
        """
        The tokens of one resource server as they were in the response, or None.

        :param resource_server: the resource server
        :raises StorageError: if the file cannot be read, or has another version
        """
        return self._file.record(resource_server)


class SQLiteAdapter(FileAdapter):
    """
    Keeps tokens and small amounts of configuration in an SQLite database.

    The database is created when something is first stored. ``SQLiteTokenStorage`` can also read its
    tokens.

    :param dbname: the database file, or ``:memory:``
    :param namespace: the namespace of the tokens and configuration that this object uses
    :param connect_params: further arguments of ``sqlite3.connect``; ``timeout`` is the longest
        time that storing waits for others, in seconds, by default 30
    :raises UnusableStorageError: if the file's folder cannot be created
    """

    def __init__(
        self,
        dbname: str | os.PathLike[str],
        *,
        namespace: str = "DEFAULT",
        connect_params: dict[str, t.Any] | None = None,
    ) -> None:
        from ._legacy_files import MemoryDatabase, Schema1Database

        check_path(dbname, "dbname")
        check_texts(namespace=namespace)
        check_mappings(connect_params=connect_params)
        self.filename = self.dbname = os.fspath(dbname)
        self.namespace = namespace
        self._database: Schema1Database
        if self.dbname == ":memory:":
            self._database = MemoryDatabase(namespace, connect_params or {})
        else:
            self._database = Schema1Database(
                self.dbname, connect_params=connect_params, namespace=namespace
            )

    def close(self) -> None:
        """
        Close the connections to the database; the content of one in memory is lost.
        """
        self._database.close()

    # tokens

    def store(self, token_response: TokenResponse) -> None:
        """
        Store the tokens of a response; those of the same resource servers are replaced.

        :param token_response: the response to a token request
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the database cannot be written
        """
        self._database.merge(_records(token_response))

    def get_token_data(self, resource_server: str) -> Record | None:
        """
        The tokens of one resource server as they were in the response, or None.

        :param resource_server: the resource server
        :raises ValidationError: if the record is not a JSON object
        :raises StorageError: if the database cannot be read
        """
        rows = self._database.select(_schema.SELECT_ONE, self.namespace, resource_server)
        return self._token(resource_server, rows[0][0]) if rows else None

    def get_by_resource_server(self) -> dict[str, Record]:
        """
        All tokens of the namespace by resource server, as they were in the responses.

        :raises ValidationError: if a record is not a JSON object
        :raises StorageError: if the database cannot be read
        """
        rows = self._database.select(_schema.SELECT_ALL, self.namespace)
        return {server: self._token(server, text) for server, text in _schema.named(rows)}

    def remove_tokens_for_resource_server(self, resource_server: str) -> bool:
        """
        Remove the tokens of one resource server, and return whether there were any.

        :param resource_server: the resource server
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the database cannot be written
        """
        return self._database.change(_schema.DELETE, self.namespace, resource_server)

    def iter_namespaces(self, *, include_config_namespaces: bool = False) -> t.Iterator[str]:
        """
        The namespaces that have tokens in the database, each once.

        :param include_config_namespaces: whether to include those that have only configuration
        :raises StorageError: if the database cannot be read
        """
        rows = self._database.select(_schema.NAMESPACES)
        if include_config_namespaces:
            rows += self._database.select(_schema.CONFIG_NAMESPACES)
        return iter(dict.fromkeys(_schema.name(row[0]) for row in rows))

    # configuration

    def store_config(self, config_name: str, config_dict: t.Mapping[str, t.Any]) -> None:
        """
        Store configuration under a name.

        :param config_name: the name
        :param config_dict: the configuration, which must be JSON serializable
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the database cannot be written
        """
        from json import dumps

        text = dumps(dict(config_dict))
        self._database.change(_schema.UPSERT_CONFIG, self.namespace, config_name, text, create=True)

    def read_config(self, config_name: str) -> Record | None:
        """
        The configuration that is stored under a name, or None.

        :param config_name: the name
        :raises ValidationError: if what is stored is not a JSON object
        :raises StorageError: if the database cannot be read
        """
        from ._legacy_files import decoded

        rows = self._database.select(_schema.SELECT_CONFIG, self.namespace, config_name)
        return decoded(rows[0][0], f"the configuration {config_name!r}") if rows else None

    def remove_config(self, config_name: str) -> bool:
        """
        Remove the configuration under a name, and return whether there was any.

        :param config_name: the name
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the database cannot be written
        """
        return self._database.change(_schema.DELETE_CONFIG, self.namespace, config_name)

    def _token(self, resource_server: str, text: bytes) -> Record:
        from ._legacy_files import decoded

        return decoded(text, f"the token for {resource_server!r} in {self.filename!r}")


def _records(token_response: TokenResponse) -> dict[str, Record]:
    by_resource_server = token_response.by_resource_server
    return {server: dict(token) for server, token in by_resource_server.items()}
