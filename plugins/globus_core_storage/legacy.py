"""
The token storages of globus-sdk 3, for programs that use them still.

They keep what a token response has by resource server, as dicts, and know nothing of identities.
Their files are as safe as those of the storages, of which they are made.
"""

from __future__ import annotations

import os

from . import _schema
from .file import UserOnlyUmask

TYPE_CHECKING = False
if TYPE_CHECKING:
    import contextlib
    import typing as t

    from ._legacy_files import Schema1Database, Version1File

    Record = dict[str, t.Any]
    TokenResponse = t.Any  # told by its ``by_resource_server``


class StorageAdapter:
    """
    What every one of these storages does; new code derives from ``TokenStorage`` instead.
    """

    def store(self, token_response: TokenResponse) -> None:
        """
        Store the tokens of a response, replacing those of the same resource servers.

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
        Store the tokens of a refresh; to be given to an authorizer as its ``on_refresh``.

        :param token_response: the response to the refresh
        :raises StorageError: if they could not be stored
        """
        self.store(token_response)


class FileAdapter(StorageAdapter):
    """
    Base of those which keep tokens in a file.

    :ivar filename: the file, which need not exist
    """

    filename: str

    def file_exists(self) -> bool:
        """
        Whether the file is there.
        """
        return os.path.exists(self.filename)

    def user_only_umask(self) -> contextlib.AbstractContextManager[None]:
        """
        Take all rights of others from files that are created in a ``with`` block.

        The umask is that of the whole process; this is for subclasses written for globus-sdk.
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
        Store the tokens of a response, replacing those of the same resource servers.

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
    Keeps tokens in a JSON file of version 1.0, which ``JSONTokenStorage`` reads as well.

    :param filename: the file, which need not exist
    :raises UnusableStorageError: if the file's folder cannot be created
    """

    #: the version that is written
    format_version = "1.0"
    #: the versions that are read
    supported_versions = ("1.0",)

    def __init__(self, filename: str | os.PathLike[str]) -> None:
        from ._legacy_files import Version1File

        self.filename = os.fspath(filename)
        self._file: Version1File = Version1File(filename)

    def store(self, token_response: TokenResponse) -> None:
        """
        Store the tokens of a response, replacing those of the same resource servers.

        :param token_response: the response to a token request
        :raises StorageLockTimeoutError: if others keep storing for too long
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
    Keeps tokens and small pieces of configuration in an SQLite database.

    The database is created by the first store. ``SQLiteTokenStorage`` reads its tokens as well.

    :param dbname: the database's file, or ``:memory:``
    :param namespace: which tokens and configuration this object sees
    :param connect_params: further arguments of ``sqlite3.connect``; ``timeout`` is how many
        seconds a store waits for others, 30 where it is not given
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
        Close the connections to the database; what is in memory is gone.
        """
        self._database.close()

    # tokens

    def store(self, token_response: TokenResponse) -> None:
        """
        Store the tokens of a response, replacing those of the same resource servers.

        :param token_response: the response to a token request
        :raises StorageLockTimeoutError: if others keep storing for too long
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
        return {server: self._token(server, text) for server, text in rows}

    def remove_tokens_for_resource_server(self, resource_server: str) -> bool:
        """
        Remove the tokens of one resource server; say whether there were any.

        :param resource_server: the resource server
        :raises StorageLockTimeoutError: if others keep storing for too long
        :raises StorageError: if the database cannot be written
        """
        return self._database.change(_schema.DELETE, self.namespace, resource_server)

    def iter_namespaces(self, *, include_config_namespaces: bool = False) -> t.Iterator[str]:
        """
        The namespaces that have tokens in the database, each once.

        :param include_config_namespaces: those which have configuration only as well
        :raises StorageError: if the database cannot be read
        """
        rows = self._database.select(_schema.NAMESPACES)
        if include_config_namespaces:
            rows += self._database.select(_schema.CONFIG_NAMESPACES)
        return iter(dict.fromkeys(row[0] for row in rows))

    # configuration

    def store_config(self, config_name: str, config_dict: t.Mapping[str, t.Any]) -> None:
        """
        Store a piece of configuration, which is no token, under a name.

        :param config_name: the name
        :param config_dict: what can be written as a JSON object
        :raises StorageLockTimeoutError: if others keep storing for too long
        :raises StorageError: if the database cannot be written
        """
        from json import dumps

        text = dumps(dict(config_dict))
        self._database.change(_schema.UPSERT_CONFIG, self.namespace, config_name, text, create=True)

    def read_config(self, config_name: str) -> Record | None:
        """
        The piece of configuration that is stored under a name, or None.

        :param config_name: the name
        :raises ValidationError: if what is stored is not a JSON object
        :raises StorageError: if the database cannot be read
        """
        from ._legacy_files import decoded

        rows = self._database.select(_schema.SELECT_CONFIG, self.namespace, config_name)
        return decoded(rows[0][0], f"the configuration {config_name!r}") if rows else None

    def remove_config(self, config_name: str) -> bool:
        """
        Remove a piece of configuration; say whether there was any.

        :param config_name: its name
        :raises StorageLockTimeoutError: if others keep storing for too long
        :raises StorageError: if the database cannot be written
        """
        return self._database.change(_schema.DELETE_CONFIG, self.namespace, config_name)

    def _token(self, resource_server: str, text: str) -> Record:
        from ._legacy_files import decoded

        return decoded(text, f"the token for {resource_server!r} in {self.filename!r}")


def _records(token_response: TokenResponse) -> dict[str, Record]:
    by_resource_server = token_response.by_resource_server
    return {server: dict(token) for server, token in by_resource_server.items()}
