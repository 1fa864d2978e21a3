"""
What all token storages in files have in common: the path, who may read the file, and locks.
"""

from __future__ import annotations

import os
import stat

from globus_core.token_storage import StorageDescription, TokenStorage
from globus_core.token_storage.data import UNUSED_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import contextlib
    import typing as t

    from typing_extensions import Self

    from ._file_lock import FileLock

_POSIX = os.name == "posix"
#: the longest time to wait before storing, in seconds
WRITE_LOCK_SECONDS = 30.0
#: the longest time to wait for another renewal of the same token, in seconds
RENEWAL_LOCK_SECONDS = 120.0


class FileTokenStorage(TokenStorage):
    """
    Base class of storages that keep tokens in one file, which processes can share.

    Only their owner can read the file and the files next to it (``<file>.locks``, ``<file>.new``,
    ``<file>.damaged-1``). Missing folders are created.

    :param filepath: the file, which need not exist; a leading ``~/`` is the home folder
    :param namespace: the namespace of the tokens in the file that this object uses
    :raises UnusableStorageError: if the file's folder cannot be created
    :raises GlobusSDKUsageError: if the path or the namespace is not one, or the home folder is
        unknown
    """

    #: all namespaces are in one file
    namespaces_have_slashes = True
    #: the extension of the default file's name
    file_format: str
    #: whether a damaged file is renamed, so that a login can store a new one
    _renames_damaged: bool = True
    #: the lock between the threads that store, kept so that each store finds it
    _mutex: t.Any = None
    _not_pickled: frozenset[str] = TokenStorage._not_pickled | {"_mutex"}

    def __init__(self, filepath: str | os.PathLike[str], *, namespace: str = "DEFAULT") -> None:
        super().__init__(namespace)
        if not isinstance(filepath, str):
            from globus_core.arguments import check_path

            check_path(filepath, "filepath")
        self.filepath = os.fspath(filepath)
        _check_path(self.filepath)
        self._path = _absolute(self.filepath)
        folder = os.path.dirname(self._path)
        if not os.path.isdir(folder):
            from ._private_files import make_folder

            make_folder(folder)

    def __getattr__(self, name: str) -> t.NoReturn:
        if name == "_path":
            from globus_core.exc import GlobusSDKUsageError

            raise GlobusSDKUsageError(
                f"the constructor of {type(self).__name__} does not call that of its base class; "
                "let it call super().__init__(filepath)"
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _use_namespace(self, namespace: str) -> None:
        self.namespace = namespace

    @classmethod
    def for_globus_app(
        cls, client_id: object, app_name: str, config: t.Any, namespace: str
    ) -> Self:
        """
        Create the storage of an app, in the app's own folder.

        The file is ``~/.globus/app/<client_id>/<app name>/tokens.<file_format>``.

        :param client_id: the app's client id
        :param app_name: the app's name
        :param config: the app's configuration, of which only the environment is used
        :param namespace: the namespace of the tokens in the file that the storage uses
        :raises GlobusSDKUsageError: if one of the names cannot be made into a part of a path
        """
        from ._paths import app_token_path

        path = app_token_path(client_id, app_name, config.environment, cls.file_format)
        storage = cls(path, namespace=namespace)
        from ._private_files import private_folder

        private_folder(os.path.dirname(path))  # it contains only tokens
        return storage

    @classmethod
    def stored_by_apps(cls) -> t.Iterator[tuple[str, str, str, Self]]:
        """
        The storages of this class that apps of this user have made at the default places.

        Each comes with the client id, the app's name as its folder spells it, and the environment.
        They are for reading: a damaged file stays where it is, and is an error. The caller closes
        them.

        :raises GlobusSDKUsageError: if the home folder is unknown
        """
        from ._paths import app_token_files

        for client_id, app_name, environment, path in app_token_files(cls.file_format):
            storage = cls(path)
            storage._renames_damaged = False
            yield client_id, app_name, environment, storage

    @classmethod
    def from_url(cls, url: str, *, namespace: str = "DEFAULT") -> Self:
        """
        Create a storage from its URL: the scheme, and an absolute path after three slashes.

        :param url: the URL
        :param namespace: the namespace of the tokens in the file that the storage uses
        :raises GlobusSDKUsageError: if the URL has a host, no path, or anything after the path
        """
        from ._paths import path_from_url

        return cls(path_from_url(url), namespace=namespace)

    def file_exists(self) -> bool:
        """
        Whether the file exists.
        """
        return os.path.exists(self._path)

    def user_only_umask(self) -> contextlib.AbstractContextManager[None]:
        """
        Remove all rights of other users from files that are created in a ``with`` block.

        The storages here do not use it, because it changes the umask of the whole process; it
        exists for subclasses written for globus-sdk.
        """
        return UserOnlyUmask()

    def describe(self) -> StorageDescription:
        protection = "file readable by its owner only" if os.name == "posix" else "file"
        return StorageDescription(
            location=self._path, protection=f"{protection}, not encrypted", shared=True
        )

    def renewal_lock(
        self, resource_server: str, *, timeout: float = RENEWAL_LOCK_SECONDS
    ) -> contextlib.AbstractContextManager[t.Any]:
        """
        Hold the lock for renewing one token, in any process, for a ``with`` block.

        :param resource_server: the resource server
        :param timeout: the longest time to wait, in seconds
        :raises RenewalError: if this thread already holds the lock, or the wait takes too long
        """
        from hashlib import sha256

        from ._file_lock import RenewalFileLock

        key = f"{self.namespace}\0{resource_server}".encode(errors="surrogatepass")
        path, _ = self._locate()
        return RenewalFileLock(
            os.path.join(f"{path}.locks", f"renewal-{sha256(key).hexdigest()[:32]}"),
            timeout,
            f"a renewal of the token for {resource_server!r}",
        )

    def sweep(self, *, unused_seconds: float = UNUSED_SECONDS) -> int:
        removed = self._remove_spent(unused_seconds)
        from ._file_lock import remove_free_locks

        remove_free_locks(f"{self._locate()[0]}.locks", "renewal-")
        return removed

    def _remove_spent(self, unused_seconds: float) -> int:
        """Remove the tokens that nobody can use, and return how many there were."""
        return super().sweep(unused_seconds=unused_seconds)

    def _locate(self) -> tuple[str, os.stat_result | None]:
        """The checked file and its status, which is None if it does not exist."""
        path = self._path
        try:
            info = os.lstat(path)
            if stat.S_ISLNK(info.st_mode):
                from ._private_files import inside_folder

                path = inside_folder(path)
                info = os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return path, None
        except OSError as error:
            from globus_core.exc import StorageError

            raise StorageError(f"cannot use {path!r}: {error.strerror}") from error
        if info.st_mode & 0o170077 != stat.S_IFREG or (_POSIX and info.st_uid != os.geteuid()):
            from ._private_files import check_file

            check_file(path, info)
        return path, info

    def _check_renaming(self, path: str) -> None:
        """Refuse to rename a damaged file for somebody who only looks."""
        if not self._renames_damaged:
            from globus_core.exc import StorageError

            raise StorageError(f"the token file {path!r} is damaged")

    def _write_lock(self, path: str, timeout: float | None = None) -> FileLock:
        from ._file_lock import FileLock

        lock = FileLock(
            f"{path}.locks{os.sep}write",
            WRITE_LOCK_SECONDS if timeout is None else timeout,
            f"another store to {path!r}",
        )
        self._mutex = lock.mutex
        return lock


def _absolute(path: str) -> str:
    if path.startswith("~/"):
        from globus_core.config.env_vars import expand_home

        path = expand_home(path)
    return os.path.abspath(path)


def _check_path(path: str) -> None:
    """Refuse what the operating system cannot take as a path."""
    try:
        problem = "contains a null character" if b"\0" in os.fsencode(path) else None
    except UnicodeEncodeError:
        problem = "has a character that file names cannot have"
    if path and problem is None:
        return
    from globus_core.exc import GlobusSDKUsageError
    from globus_core.printable import quoted

    if not path:
        raise GlobusSDKUsageError("the path of a token file is empty")
    raise GlobusSDKUsageError(f"the path of a token file {problem}: {quoted(path)}")


class UserOnlyUmask:
    __slots__ = ("_previous",)

    def __enter__(self) -> None:
        self._previous = os.umask(0o177)

    def __exit__(self, *exc_info: object) -> None:
        os.umask(self._previous)
