"""
The file from which a command reads its tokens: in a private folder, or in memory.

Readers get the old tokens or the new ones, and never a part of them: a new version takes the place
of the old one in one step.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading

from . import run_folders
from .run_folders import RunFolder, RunFolderError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

_NEW = "tokens.new"
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def as_json(tokens: t.Iterable[TokenStorageData]) -> bytes:
    """
    Tokens in the format of GLOBUS_TOKENS_FILE, without refresh tokens.

    :param tokens: the tokens
    """
    document = {
        data.resource_server: {
            "access_token": data.access_token,
            "token_type": data.token_type,
            "expires_at_seconds": data.expires_at_seconds,
            "scope": data.scope,
            "identity_id": data.identity_id,
        }
        for data in tokens
    }
    return (json.dumps(document, indent=2) + "\n").encode()


class TokensFile:
    """
    A file in a private folder of its own.

    :param place: the folder in which that one is made
    :raises RunFolderError: if it cannot be made
    """

    def __init__(self, place: str) -> None:
        self._folder = RunFolder(place)
        self.path = os.path.join(self._folder.path, run_folders.TOKENS)
        self._lock = threading.Lock()  # a write must not come after the removal
        self._removed = False

    @property
    def present(self) -> bool:
        """Whether it is still there; a system that tidies up may have removed it."""
        return os.path.exists(self.path)

    def write(self, content: bytes) -> None:
        """
        Replace the content; nothing happens after the removal.

        :param content: the new content
        :raises RunFolderError: if that is not possible; the old content is kept
        """
        with self._lock:
            if self._removed:
                return
            try:
                self._folder.restore()
                _replace(self.path, content)
            except OSError as error:
                raise RunFolderError(f"{self.path}: {error.strerror}") from error

    def remove(self) -> None:
        """
        Remove the file and its folder.
        """
        with self._lock:
            self._removed = True
            self._folder.remove()


class MemoryFile:
    """
    A file in the memory of this process, which is gone when the process ends, however it ends.

    Other processes of this user open it by the path of the descriptor. A new version takes the
    descriptor over.

    :raises RunFolderError: where there are no such files
    """

    present = True

    def __init__(self) -> None:
        try:
            self._descriptor = _in_memory(b"{}\n")
        except (AttributeError, OSError):
            raise _no_memory_files() from None
        self.path = f"/proc/{os.getpid()}/fd/{self._descriptor}"
        self._lock = threading.Lock()
        self._removed = False
        if not os.path.exists(self.path):
            self.remove()
            raise _no_memory_files()

    def write(self, content: bytes) -> None:
        """
        Replace the content; nothing happens after the removal.

        :param content: the new content
        :raises RunFolderError: if there is no memory for it; the old content is kept
        """
        with self._lock:
            if self._removed:
                return
            try:
                new = _in_memory(content)
            except OSError as error:
                raise RunFolderError(f"there is no memory: {error.strerror}") from error
            os.dup2(new, self._descriptor, inheritable=False)
            os.close(new)

    def remove(self) -> None:
        """
        Free the memory.
        """
        with self._lock:
            self._removed = True
            os.close(self._descriptor)


def _replace(path: str, content: bytes) -> None:
    new = os.path.join(os.path.dirname(path), _NEW)
    try:
        descriptor = os.open(new, _WRITE, 0o600)
        try:
            _write_all(descriptor, content)
        finally:
            os.close(descriptor)
        os.replace(new, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(new)
        raise


def _in_memory(content: bytes) -> int:
    descriptor = os.memfd_create("globus-tokens")
    try:
        os.fchmod(descriptor, 0o600)
        _write_all(descriptor, content)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _no_memory_files() -> RunFolderError:
    error = RunFolderError("there are no files in memory on this system")
    error.advice = "leave out --memory"
    return error


def _write_all(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
