"""One encrypted file for each namespace, a key beside them, and locks."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pathlib
import typing as t
import warnings

from cryptography.fernet import Fernet, InvalidToken
from filelock import FileLock, Timeout

from globus_core import token_storage
from globus_core.exc import RenewalError
from globus_core.token_storage import TokenStorageData

Records = dict[str, dict[str, t.Any]]


class ExampleTokenStorage(token_storage.TokenStorage):
    def __init__(self, directory: str | pathlib.Path, *, namespace: str = "DEFAULT") -> None:
        super().__init__(namespace)
        self.directory = pathlib.Path(directory).absolute()
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in self.directory.iterdir():
            with contextlib.suppress(FileNotFoundError):
                file.chmod(0o600)  # a restored backup may be open to others

    @classmethod
    def for_globus_app(
        cls, *, client_id: t.Any, app_name: str, config: t.Any, namespace: str
    ) -> ExampleTokenStorage:
        folder = pathlib.Path.home() / ".globus" / "example-storage" / config.environment
        return cls(folder / str(client_id), namespace=namespace)

    @classmethod
    def from_url(cls, url: str, *, namespace: str = "DEFAULT") -> ExampleTokenStorage:
        return cls(url.partition("://")[2], namespace=namespace)

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        with self._change() as records:
            for server, data in token_data_by_resource_server.items():
                records[server] = data.to_dict(include_extra=True)

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        return {name: TokenStorageData.from_dict(record) for name, record in self._read().items()}

    def remove_token_data(self, resource_server: str) -> bool:
        with self._change() as records:
            return records.pop(resource_server, None) is not None

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        with self._change() as records:
            stored = records.get(resource_server)
            if stored is None or TokenStorageData.from_dict(stored).revision != expected:
                return False
            del records[resource_server]
            if new is not None:
                records[resource_server] = new.to_dict(include_extra=True)
            return True

    def describe(self) -> token_storage.StorageDescription:
        protection = "files for their owner only, encrypted with a key beside them"
        return token_storage.StorageDescription(
            location=str(self._file), protection=protection, shared=True
        )

    @contextlib.contextmanager
    def renewal_lock(self, resource_server: str, *, timeout: float = 120.0) -> t.Iterator[None]:
        name = f"{self.namespace}\0{resource_server}"
        with super().renewal_lock(resource_server, timeout=timeout), self._lock(name, timeout):
            yield

    def key(self) -> Fernet:
        """The key, made at the first use."""
        path = self.directory / "key"
        with self._lock("key"):
            try:
                return Fernet(path.read_bytes())
            except ValueError:
                _set_aside(path)
            except FileNotFoundError:
                pass
            _replace(path, Fernet.generate_key())
            return Fernet(path.read_bytes())

    @contextlib.contextmanager
    def _change(self) -> t.Iterator[Records]:
        with self._lock("write"):
            records = self._read()
            yield records
            _replace(self._file, self.key().encrypt(json.dumps(records).encode()))

    def _read(self) -> Records:
        try:
            records: Records = json.loads(self.key().decrypt(self._file.read_bytes()))
            return records
        except FileNotFoundError:
            return {}
        except (InvalidToken, ValueError):
            _set_aside(self._file)
            return {}

    @property
    def _file(self) -> pathlib.Path:
        return self._path(self.namespace, "tokens")  # which an app changes for another server

    def _path(self, name: str, suffix: str) -> pathlib.Path:
        return self.directory / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.{suffix}"

    @contextlib.contextmanager
    def _lock(self, name: str, timeout: float = 30.0) -> t.Iterator[None]:
        try:
            with FileLock(self._path(name, "lock"), timeout=timeout, mode=0o600):
                yield
        except Timeout as error:
            raise RenewalError(f"no lock within {timeout:g} seconds") from error


def _set_aside(path: pathlib.Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # another process was quicker
        aside = path.replace(path.with_suffix(".damaged"))
        text = f"{path} was damaged and is now {aside}"
        warnings.warn(text, token_storage.DamagedStorageWarning, stacklevel=2)


def _replace(path: pathlib.Path, content: bytes) -> None:
    """Write all of it or nothing, also if the process is killed; for the owner only."""
    new = path.with_suffix(".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
