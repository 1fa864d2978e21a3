"""
Reading secrets from files and file descriptors: permissions, time limit, accepted content.
"""

from __future__ import annotations

import os
import select
import stat
import time

from globus_core import waiting
from globus_core.config.env_vars import expand_home
from globus_core.exc import GlobusSDKUsageError

#: the largest accepted secret, in bytes
MOST_BYTES = 1 << 20
#: the longest time to wait for data from a pipe, in seconds
PIPE_SECONDS = 30.0

#: data read from pipes, which can be read only once, by descriptor, device and inode
_from_pipes: dict[tuple[int, int, int], bytes] = {}


class UnusableSecretError(Exception):
    """
    A secret was found but cannot or must not be used; the message says why.
    """


def read_file(path: str, *, readable_by_all: bool = False) -> str:
    """
    Read a secret from a file; symbolic links are followed.

    :param path: the file, or a pipe such as ``/dev/fd/63``
    :param readable_by_all: accept a file that everyone can read
    :raises FileNotFoundError: if there is no such file
    :raises UnusableSecretError: if others can read or write it, or it is not text
    """
    path = _with_home(path)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except OSError as error:
        raise UnusableSecretError(f"cannot be opened: {error.strerror}") from None
    try:
        _check(os.fstat(descriptor), readable_by_all)
        return as_text(_read(descriptor))
    finally:
        os.close(descriptor)


def _with_home(path: str) -> str:
    try:
        return expand_home(path)
    except GlobusSDKUsageError as error:
        raise UnusableSecretError(f"cannot be opened: {error}") from None


def read_descriptor(number: str) -> str:
    """
    Read a secret from an open file descriptor; later calls return the same text.

    :param number: the descriptor's number, as text
    :raises UnusableSecretError: if it is not open, or does not deliver text
    """
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise UnusableSecretError("is not a file descriptor number")
    descriptor = int(number)
    try:
        info = os.fstat(descriptor)
        os.set_inheritable(descriptor, False)  # child processes must not inherit it
    except OSError as error:
        raise UnusableSecretError(f"is not open: {error.strerror}") from None
    if stat.S_ISREG(info.st_mode):
        return as_text(_read_from_start(descriptor))
    key = (descriptor, info.st_dev, info.st_ino)
    if key not in _from_pipes:
        _from_pipes[key] = _read(descriptor)
    return as_text(_from_pipes[key])


def one_line(text: str) -> str:
    """
    A secret of a single line, without the line ending.

    :param text: the text
    :raises UnusableSecretError: if it is empty or more than one line
    """
    line = text.removesuffix("\n").removesuffix("\r")
    if not line.strip():
        raise UnusableSecretError("is empty")
    if line[0] in ("'", '"') and line[0] == line[-1]:
        raise UnusableSecretError("has quotation marks around it, which are not part of it")
    if not line.isprintable() or line != line.strip():
        raise UnusableSecretError("is not a single line of text without surrounding spaces")
    return line


def _check(info: os.stat_result, readable_by_all: bool) -> None:
    if stat.S_ISDIR(info.st_mode):
        raise UnusableSecretError("is a directory")
    if os.name != "posix" or not stat.S_ISREG(info.st_mode):
        return
    mode = stat.S_IMODE(info.st_mode)
    if info.st_uid not in (0, os.geteuid()):
        raise UnusableSecretError("belongs to another user")
    if mode & 0o022:
        raise UnusableSecretError(f"is writable by others (mode {mode:04o})")
    if mode & 0o004 and not readable_by_all:
        raise UnusableSecretError(f"is readable by everyone (mode {mode:04o})")


def _read_from_start(descriptor: int) -> bytes:
    try:
        position = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            return _read(descriptor)
        finally:
            os.lseek(descriptor, position, os.SEEK_SET)
    except OSError as error:
        raise UnusableSecretError(f"cannot be read: {error.strerror}") from None


def _read(descriptor: int) -> bytes:
    give_up = time.monotonic() + PIPE_SECONDS
    read = bytearray()
    while len(read) <= MOST_BYTES:
        _wait(descriptor, give_up)
        try:
            some = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            continue
        except OSError as error:
            raise UnusableSecretError(f"cannot be read: {error.strerror}") from None
        if not some:
            return bytes(read)
        read += some
    raise UnusableSecretError(f"holds more than {MOST_BYTES} bytes")


def _wait(descriptor: int, give_up: float) -> None:
    if os.name != "posix":  # where select works on sockets only
        return
    # poll, because select fails for descriptors above 1023
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    if not waiting.blocking(poll.poll, max(give_up - time.monotonic(), 0) * 1000):
        raise UnusableSecretError(f"did not finish sending within {PIPE_SECONDS:g} seconds")


def as_text(data: bytes) -> str:
    """
    The text of a secret.

    :param data: its bytes
    :raises UnusableSecretError: if they are not UTF-8
    """
    # A decoding error would contain the data, so none is raised here.
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    if "\ufffd" in text or "\0" in text:
        raise UnusableSecretError("is not UTF-8 text")
    return text
