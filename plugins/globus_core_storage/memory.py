"""
Tokens in the memory of one process.
"""

from __future__ import annotations

from globus_core.exc import GlobusSDKUsageError, NotPicklableError
from globus_core.locks import ForkSafeLock
from globus_core.token_storage import StorageDescription, TokenStorage
from globus_core.token_storage.data import check_records

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from globus_core.token_storage import TokenStorageData


class MemoryTokenStorage(TokenStorage):
    """
    Keeps tokens in this process only; objects do not share them.

    :param namespace: the namespace of the tokens
    """

    namespaces_have_slashes = True

    def __init__(self, *, namespace: str = "DEFAULT") -> None:
        super().__init__(namespace)
        # Each read is a single operation on one of these dicts, which is atomic; changes take
        # turns, since some of them read first. A namespace without tokens takes no memory.
        self._changing = ForkSafeLock()
        self._namespaces: dict[str, dict[str, TokenStorageData]] = {}

    def in_namespace(self, namespace: str) -> Self:
        """
        This storage for another namespace; all such objects share their tokens.

        :param namespace: which tokens the other object sees
        """
        return self if namespace == self.namespace else self.for_namespace(namespace)

    def for_namespace(self, namespace: str) -> Self:
        self._check_namespace(namespace)
        other = object.__new__(type(self))
        vars(other).update(vars(self))
        vars(other).pop("_server_namespace", None)
        other._use_namespace(namespace)
        return other

    def namespaces(self) -> t.Iterator[str]:
        return iter(list(self._namespaces))

    def _use_namespace(self, namespace: str) -> None:
        self.namespace = namespace

    @property
    def _tokens(self) -> dict[str, TokenStorageData]:
        return self._namespaces.get(self.namespace) or {}

    # a copy is the same storage

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, t.Any]) -> Self:
        return self

    def __getstate__(self) -> t.NoReturn:
        raise NotPicklableError(
            f"{type(self).__name__} keeps its tokens in this process and cannot be pickled; use a "
            "storage that processes can share, such as JSONTokenStorage"
        )

    @classmethod
    def for_globus_app(
        cls, client_id: object, app_name: str, config: t.Any, namespace: str
    ) -> Self:
        """
        Create the storage of an app.

        :param client_id: not used
        :param app_name: not used
        :param config: not used
        :param namespace: the namespace of the tokens
        """
        return cls(namespace=namespace)

    @classmethod
    def from_url(cls, url: str, *, namespace: str = "DEFAULT") -> Self:
        """
        Create a storage from its URL, ``memory://``.

        :param url: the URL
        :param namespace: the namespace of the tokens
        :raises GlobusSDKUsageError: if the URL has anything after the scheme
        """
        if url.partition(":")[2].strip("/"):
            raise GlobusSDKUsageError("a storage in memory has no path; use 'memory://'")
        return cls(namespace=namespace)

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        check_records(token_data_by_resource_server)
        copies = {server: data.copy() for server, data in token_data_by_resource_server.items()}
        with self._changing.held():
            if copies:
                self._namespaces.setdefault(self.namespace, {}).update(copies)

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        return {server: data.copy() for server, data in self._tokens.copy().items()}

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        data = self._tokens.get(resource_server)
        return None if data is None else data.copy()

    def remove_token_data(self, resource_server: str) -> bool:
        with self._changing.held():
            return resource_server in self._tokens and self._remove(resource_server)

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        copy = None if new is None else new.copy()
        with self._changing.held():
            stored = self._tokens.get(resource_server)
            if stored is None or stored.revision != expected:
                return False
            if copy is None:
                return self._remove(resource_server)
            self._tokens[resource_server] = copy
            return True

    def _remove(self, resource_server: str) -> bool:
        tokens = self._tokens
        del tokens[resource_server]
        if not tokens:
            del self._namespaces[self.namespace]
        return True

    def describe(self) -> StorageDescription:
        return StorageDescription(
            location="memory of this process",
            protection="not written to disk, lost when the process ends",
            shared=False,
        )
