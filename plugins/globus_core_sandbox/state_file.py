"""The file of ``--state``, which keeps a sandbox's state from one day to the next."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import typing as t

from .errors import SandboxError

if t.TYPE_CHECKING:
    from .host import Host

_VERSION = 1
_NAME = "globus-core sandbox"


class StateFile:
    """
    A file with the state of a sandbox; only its owner can read it.

    :param path: the file; it need not exist yet
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.path.realpath(path)
        self._written: str | None = None

    def load(self, host: Host) -> None:
        """
        Return to the state in the file; does nothing if there is no file.

        :param host: the sandbox's services
        :raises SandboxError: if the file cannot be read, is of another version, or is damaged
        """
        saved = self._read()
        if saved is None:
            return
        try:
            host.load(saved["state"])
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise SandboxError(
                f"the state in {self._path!r} does not fit this sandbox: "
                f"{type(error).__name__}: {error}"
            ) from error

    def _read(self) -> dict[str, t.Any] | None:
        try:
            with open(self._path, encoding="utf-8") as file:
                saved = json.load(file)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SandboxError(f"cannot read {self._path!r}: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise SandboxError(f"{self._path!r} is no file of a sandbox's state") from error
        if not isinstance(saved, dict) or saved.get("format") != _NAME:
            raise SandboxError(f"{self._path!r} is no file of a sandbox's state")
        if saved.get("version") != _VERSION:
            raise SandboxError(
                f"{self._path!r} has version {saved.get('version')!r} of the sandbox's state, "
                f"and this sandbox reads version {_VERSION}: use another file"
            )
        return saved

    def save(self, host: Host) -> None:
        """
        Replace the file, if the state has changed since it was last written.

        :param host: the sandbox's services
        :raises SandboxError: if the file cannot be written
        """
        saved = {"format": _NAME, "version": _VERSION, "state": host.dump()}
        text = json.dumps(saved, indent=1)
        if text == self._written:
            return
        try:
            self._replace(text)
        except OSError as error:
            raise SandboxError(f"cannot write {self._path!r}: {error.strerror}") from error
        self._written = text

    def _replace(self, text: str) -> None:
        folder, name = os.path.split(self._path)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)  # mode 0600
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
