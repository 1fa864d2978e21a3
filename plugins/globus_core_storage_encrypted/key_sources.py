"""
Where keys come from: a file, an open descriptor, an environment variable, or the program itself.
"""

from __future__ import annotations

import os
import stat
import typing as t
import warnings

from globus_core.exc import GlobusSDKUsageError, NotPicklableError
from globus_core.locks import ForkSafeLock

from .errors import StorageKeyError
from .keys import Secret, StorageKey, parse_secrets

#: the variables, of which one is set: the path of a file, the number of an open descriptor, or the
#: key itself
FILE_VARIABLE = "GLOBUS_CORE_STORAGE_KEY_FILE"
FD_VARIABLE = "GLOBUS_CORE_STORAGE_KEY_FD"
KEY_VARIABLE = "GLOBUS_CORE_STORAGE_KEY"

_LONGEST = 65536
_warned: set[str] = set()


class KeySource:
    """
    A place with keys and passphrases.

    :ivar name: what it is, for messages
    """

    name: str

    def read(self) -> tuple[Secret, ...]:
        """
        The keys and passphrases; the first is for encrypting.

        :raises StorageKeyError: if there is none, or it cannot be read
        """
        raise NotImplementedError

    def state(self) -> t.Any:
        """
        Something that differs once there may be other keys; None if there never are, or if that
        cannot be seen.
        """
        return None

    def __repr__(self) -> str:
        return f"<keys from {self.name}>"


class GivenKeys(KeySource):
    """
    Keys that the program has passed.

    :param keys: the keys, the one for encrypting first
    :raises GlobusSDKUsageError: if there is none, or one does not have 32 bytes
    """

    name = "the program"

    def __init__(self, keys: t.Sequence[bytes]) -> None:
        if not keys:
            raise GlobusSDKUsageError("an envelope needs a key")
        self._keys = tuple(StorageKey(key) for key in keys)

    def read(self) -> tuple[Secret, ...]:
        return self._keys

    def __reduce__(self) -> t.NoReturn:
        raise NotPicklableError(
            "an envelope that was made with keys cannot be pickled; make it from a file or from "
            "the environment, which the other process reads again"
        )


class KeyFile(KeySource):
    """
    A file with a key or a passphrase on each line.

    :param path: the file; a leading ``~/`` is the home folder
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        from globus_core.arguments import check_path

        check_path(path, "path")
        self.path = os.path.abspath(os.path.expanduser(os.fspath(path)))
        self.name = f"the key file {self.path!r}"

    def read(self) -> tuple[Secret, ...]:
        try:
            with open(self.path, "rb") as file:
                self._warn_if_open(os.fstat(file.fileno()))
                content = file.read(_LONGEST)
        except OSError as error:
            raise StorageKeyError(f"{self.name} cannot be read: {error.strerror}") from error
        return _parsed(content, self.name)

    def state(self) -> t.Any:
        try:
            info = os.stat(self.path)
        except OSError:
            return None  # a program goes on with the keys that it has
        return info.st_mtime_ns, info.st_ino, info.st_size

    def _warn_if_open(self, info: os.stat_result) -> None:
        if os.name != "posix" or not info.st_mode & stat.S_IROTH or self.path in _warned:
            return
        _warned.add(self.path)
        from globus_core.token_storage import UnprotectedStorageWarning

        warnings.warn(
            f"all users can read {self.name}; remove that right with chmod o-r",
            UnprotectedStorageWarning,
            stacklevel=4,
        )


class KeyDescriptor(KeySource):
    """
    An open descriptor, such as the end of a pipe. It is read to its end once in a process, and
    closed.

    :param number: its number
    """

    _contents: t.ClassVar[dict[int, bytes]] = {}
    _reading = ForkSafeLock()

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = f"the descriptor {number} ({FD_VARIABLE})"

    def read(self) -> tuple[Secret, ...]:
        with self._reading.held():
            if self.number not in self._contents:
                self._contents[self.number] = self._content()
        return _parsed(self._contents[self.number], self.name)

    def _content(self) -> bytes:
        try:
            with open(self.number, "rb") as file:
                return file.read(_LONGEST)
        except OSError as error:
            raise StorageKeyError(f"{self.name} cannot be read: {error.strerror}") from error


class KeyVariable(KeySource):
    """
    The variable with the key itself.
    """

    name = f"the variable {KEY_VARIABLE}"

    def read(self) -> tuple[Secret, ...]:
        return _parsed(os.fsencode(os.environ.get(KEY_VARIABLE, "")), self.name)


class EnvironmentKeys(KeySource):
    """
    What one of the three variables names when it is read.
    """

    @property
    def name(self) -> str:  # type: ignore[override]
        try:
            return self.source().name
        except StorageKeyError:
            return "the environment"

    def read(self) -> tuple[Secret, ...]:
        return self.source().read()

    def state(self) -> t.Any:
        try:
            return self.source().state()
        except StorageKeyError:
            return None  # as after a program has removed the variable

    def source(self) -> KeySource:
        """
        The place that the variables name.

        :raises StorageKeyError: if none of them is set, or several are
        """
        names = (FILE_VARIABLE, FD_VARIABLE, KEY_VARIABLE)
        given = [name for name in names if os.environ.get(name)]
        if not given:
            error = StorageKeyError("there is no key for encrypted tokens")
            error.advice = f"set {FILE_VARIABLE} to the path of a file with a key or a passphrase"
            raise error
        if len(given) > 1:
            raise StorageKeyError(f"{' and '.join(given)} are set; set only one of them")
        if given == [FILE_VARIABLE]:
            return KeyFile(os.environ[FILE_VARIABLE])
        return _descriptor() if given == [FD_VARIABLE] else KeyVariable()


def _descriptor() -> KeyDescriptor:
    number = os.environ[FD_VARIABLE]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise StorageKeyError(f"{FD_VARIABLE} must be the number of an open descriptor")
    return KeyDescriptor(int(number))


def _parsed(content: bytes, name: str) -> tuple[Secret, ...]:
    try:
        return parse_secrets(content.decode())
    except UnicodeDecodeError:
        problem = "it is not text"
    except GlobusSDKUsageError as error:
        problem = str(error)
    raise StorageKeyError(f"{name} has no key that can be used: {problem}")
