"""
The Globus Connect Server on this machine.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib

from .files import checked_path, damaged, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    import typing as t

_INFO = "/var/lib/globus-connect-server/info.json"


@dataclasses.dataclass(frozen=True)
class ServerStatus:
    """
    What the file of a Globus Connect Server tells.

    :param endpoint_id: the id of its endpoint, or None
    :param domain_name: its name in the DNS, or None
    :param is_set_up: whether there is the file; nothing is said of whether it runs now
    """

    endpoint_id: str | None
    domain_name: str | None
    is_set_up: bool


class LocalGlobusConnectServer:
    """
    The Globus Connect Server on this machine, read from the file that it keeps.

    :param info_path: the file
    :raises GlobusSDKUsageError: if it is no path
    """

    def __init__(self, *, info_path: str | os.PathLike[str] = _INFO) -> None:
        self.info_path = pathlib.Path(checked_path(info_path, "info_path"))
        self._info: dict[str, t.Any] | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.info_path}>"

    @property
    def info_dict(self) -> dict[str, t.Any] | None:
        """
        The JSON object in the file; None if there is no file, or no such object in it. Once read it
        is kept until it is deleted by ``del``.
        """
        if self._info is None:
            try:
                found = json.loads(self.info_path.read_text(encoding="utf-8"))
            except (OSError, ValueError, RecursionError):
                return None
            self._info = found if isinstance(found, dict) else None
        return self._info

    @info_dict.deleter
    def info_dict(self) -> None:
        self._info = None

    @property
    def endpoint_id(self) -> str | None:
        """The id of its endpoint, or None."""
        return _text(self.info_dict, "endpoint_id")

    @property
    def domain_name(self) -> str | None:
        """Its name in the DNS, or None."""
        return _text(self.info_dict, "domain_name")

    def status(self) -> ServerStatus:
        """
        Tell what the file tells, read anew.

        :raises LocalEndpointError: if it cannot be read or is damaged
        """
        file = str(self.info_path)
        text = read_text(file)
        if text is None:
            return ServerStatus(None, None, is_set_up=False)
        try:
            info = json.loads(text)
        except (ValueError, RecursionError):
            raise damaged(file, "it is not JSON") from None
        if not isinstance(info, dict):
            raise damaged(file, "it is not a JSON object")
        for name in ("endpoint_id", "domain_name"):
            if info.get(name) is not None and _text(info, name) is None:
                raise damaged(file, f"{name} is not text")
        return ServerStatus(_text(info, "endpoint_id"), _text(info, "domain_name"), is_set_up=True)


def _text(info: dict[str, t.Any] | None, name: str) -> str | None:
    value = None if info is None else info.get(name)
    return value if isinstance(value, str) else None
