"""
A token storage as somebody else might write it: a JSON file for all namespaces, and locks.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
import typing as t
import warnings

from globus_core.exc import RenewalError, StorageLockTimeoutError
from globus_core.token_storage import (
    DamagedStorageWarning,
    StorageDescription,
    TokenStorage,
    TokenStorageData,
)

PATIENCE_SECONDS = 30.0


class TinyStorage(TokenStorage):
    """
    Tokens in one folder, for its owner only.

    :param folder: the folder
    :param namespace: which tokens this object sees
    """

    def __init__(self, folder: str, *, namespace: str = "DEFAULT") -> None:
        super().__init__(namespace)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.folder = folder
        self.path = os.path.join(folder, "tokens")

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        with self.locked("write", PATIENCE_SECONDS):
            namespaces = self.read()
            tokens = namespaces.setdefault(self.namespace, {})
            for server, data in token_data_by_resource_server.items():
                tokens[server] = data.to_dict(include_extra=True)
            self.write(namespaces)

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        tokens = self.read().get(self.namespace, {})
        return {server: TokenStorageData.from_dict(record) for server, record in tokens.items()}

    def remove_token_data(self, resource_server: str) -> bool:
        with self.locked("write", PATIENCE_SECONDS):
            namespaces = self.read()
            if namespaces.get(self.namespace, {}).pop(resource_server, None) is None:
                return False
            self.write(namespaces)
            return True

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        with self.locked("write", PATIENCE_SECONDS):
            namespaces = self.read()
            stored = namespaces.get(self.namespace, {}).pop(resource_server, None)
            if stored is None or TokenStorageData.from_dict(stored).revision != expected:
                return False
            if new is not None:
                namespaces[self.namespace][resource_server] = new.to_dict(include_extra=True)
            self.write(namespaces)
            return True

    def describe(self) -> StorageDescription:
        return StorageDescription(location=self.path, protection="for its owner", shared=True)

    @contextlib.contextmanager
    def renewal_lock(self, resource_server: str, *, timeout: float = 120.0) -> t.Iterator[None]:
        name = f"{self.namespace}\0{resource_server}".encode().hex()[:200]
        with super().renewal_lock(resource_server, timeout=timeout):
            try:
                lock = self.locked(name, timeout)
                lock.__enter__()
            except StorageLockTimeoutError as error:
                raise RenewalError(str(error)) from error
            with contextlib.ExitStack() as stack:
                stack.push(lock)
                yield

    @contextlib.contextmanager
    def locked(self, name: str, timeout: float) -> t.Iterator[None]:
        """A lock that the kernel releases with its process."""
        give_up = time.monotonic() + timeout
        with open(self.open(f"{self.path}.{name}", os.O_RDWR), "rb+") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= give_up:
                        raise StorageLockTimeoutError(f"not free in {timeout:g} s") from None
                    time.sleep(0.001)
            yield

    def open(self, path: str, flags: int) -> int:
        """Open a file that is, or from now on is, its owner's alone."""
        descriptor = os.open(path, flags | os.O_CREAT, 0o600)
        os.fchmod(descriptor, 0o600)
        return descriptor

    def read(self) -> dict[str, dict[str, t.Any]]:
        """What is stored, by namespace and resource server."""
        try:
            with open(self.open(self.path, os.O_RDONLY), "rb") as file:
                return self.parse(file.read() or b"{}")
        except ValueError:
            os.replace(self.path, f"{self.path}.damaged")
        text = f"{self.path} was damaged, and is now {self.path}.damaged"
        warnings.warn(text, DamagedStorageWarning, stacklevel=2)
        return {}

    def parse(self, text: bytes) -> dict[str, dict[str, t.Any]]:
        """A JSON document."""
        return dict(json.loads(text))

    def write(self, namespaces: dict[str, dict[str, t.Any]]) -> None:
        """Write all of it or nothing."""
        new = f"{self.path}.new"
        with open(self.open(new, os.O_WRONLY | os.O_TRUNC), "w") as file:
            json.dump(namespaces, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self.path)
