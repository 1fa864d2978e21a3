"""
The Globus Connect Personal of the person who runs the program.
"""

from __future__ import annotations

import dataclasses
import os
import sys

from globus_core.exc import GlobusSDKUsageError

from .errors import LocalEndpointError
from .files import checked_path, damaged, read_text
from .folders import AccessibleFolder, read_folders
from .owner_info import DN_PREFIX, GlobusConnectPersonalOwnerInfo
from .paths import to_collection, to_local

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import AuthClient


@dataclasses.dataclass(frozen=True)
class PersonalStatus:
    """
    What the files of a Globus Connect Personal tell.

    :param endpoint_id: the id of its collection; None if it was not set up
    :param owner: its owner; None if they do not tell
    :param folders: the folders that it has access to; None if they do not tell
    """

    endpoint_id: str | None
    owner: GlobusConnectPersonalOwnerInfo | None
    folders: tuple[AccessibleFolder, ...] | None

    @property
    def is_set_up(self) -> bool:
        """Whether it was set up; nothing is said of whether it runs now."""
        return self.endpoint_id is not None


class LocalGlobusConnectPersonal:
    """
    The Globus Connect Personal of this machine and user, read from its files.

    :param config_dir: the directory with its files; None for the usual one of the system
    :raises GlobusSDKUsageError: if the directory is no path, or if there is no usual one: on
        Windows it is below ``%LOCALAPPDATA%``
    """

    def __init__(self, *, config_dir: str | None = None) -> None:
        self._config_dir = (
            _usual_folder() if config_dir is None else checked_path(config_dir, "config_dir")
        )
        self._endpoint_id: str | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._config_dir}>"

    @property
    def config_dir(self) -> str:
        """The directory with its files."""
        return self._config_dir

    @property
    def endpoint_id(self) -> str | None:
        """
        The id of its collection, or None if it was not set up. Once read it is kept until it is
        deleted by ``del``.

        :raises OSError: if the file cannot be read
        """
        if self._endpoint_id is None:
            try:
                with open(self._file("client-id.txt"), encoding="utf-8") as file:
                    self._endpoint_id = file.read().strip()
            except FileNotFoundError:
                return None
        return self._endpoint_id

    @endpoint_id.deleter
    def endpoint_id(self) -> None:
        self._endpoint_id = None

    if TYPE_CHECKING:

        @t.overload
        def get_owner_info(
            self, auth_client: None = None
        ) -> GlobusConnectPersonalOwnerInfo | None: ...

        @t.overload
        def get_owner_info(self, auth_client: AuthClient) -> dict[str, t.Any] | None: ...

    def get_owner_info(
        self, auth_client: AuthClient | None = None
    ) -> GlobusConnectPersonalOwnerInfo | dict[str, t.Any] | None:
        """
        The owner, as far as its files tell; None if they do not.

        :param auth_client: looks the owner up, which gives the document of the identity, or None if
            there is none; None for what the files tell
        :raises OSError: if the file cannot be read
        """
        try:
            with open(self._file("gridmap"), encoding="utf-8") as file:
                line = _owner_line(file)
        except FileNotFoundError:
            return None
        try:
            owner = GlobusConnectPersonalOwnerInfo(config_dn=line) if line else None
        except ValueError:
            return None
        return owner if owner is None or auth_client is None else _looked_up(owner, auth_client)

    def status(self) -> PersonalStatus:
        """
        Tell what the files tell, read anew.

        :raises LocalEndpointError: if a file cannot be read or is damaged
        """
        return PersonalStatus(self._checked_id(), self._checked_owner(), self._folders())

    def collection_path(self, local_path: str | os.PathLike[str]) -> str:
        """
        The path in the collection of a file on this machine. Links are not followed.

        :param local_path: the path of the file; a relative one begins in the current directory
        :raises ValidationError: if it has no path in the collection, such as one on a network
            drive of Windows
        :raises LocalEndpointError: if it is in none of the folders that Globus Connect Personal has
            access to, or the file that lists these cannot be read or is damaged
        """
        path = os.path.abspath(checked_path(local_path, "local_path"))
        found = to_collection(path, windows=_is_windows())
        self._check_access(path)
        return found

    def local_path(self, collection_path: str) -> str:
        """
        The path on this machine of a file in the collection.

        :param collection_path: the absolute path in the collection; ``/~/`` is the home directory,
            except on Windows, where it is not known which folder that is
        :raises ValidationError: if it has no path on this machine
        :raises LocalEndpointError: as for :meth:`collection_path`
        """
        path = checked_path(collection_path, "collection_path")
        found = to_local(path, home=_home(), windows=_is_windows())
        self._check_access(found)
        return found

    # the files

    def _file(self, name: str) -> str:
        parts = () if _is_windows() else ("lta",)
        return os.path.join(self._config_dir, *parts, name)

    def _checked_id(self) -> str | None:
        import uuid

        file = self._file("client-id.txt")
        text = read_text(file)
        if text is None:
            return None
        try:
            return str(uuid.UUID(text.strip()))
        except ValueError:
            raise damaged(file, "it holds no id of a collection") from None

    def _checked_owner(self) -> GlobusConnectPersonalOwnerInfo | None:
        file = self._file("gridmap")
        line = _owner_line((read_text(file) or "").splitlines())
        try:
            return GlobusConnectPersonalOwnerInfo(config_dn=line) if line else None
        except ValueError as error:
            raise damaged(file, str(error)) from None

    def _folders(self) -> tuple[AccessibleFolder, ...] | None:
        """The folders in the file that lists them; None if there is no such file."""
        file = self._file("config-paths")
        text = None if _is_windows() else read_text(file)
        return None if text is None else read_folders(text, _home(), file)

    def _check_access(self, path: str) -> None:
        folders = self._folders()
        if folders is not None and not any(folder.holds(path) for folder in folders):
            raise LocalEndpointError(
                f"Globus Connect Personal has no access to {path}: it is in none of the folders in "
                f"{self._file('config-paths')}",
                path,
            )


def _usual_folder() -> str:
    if not _is_windows():
        return os.path.expanduser("~/.globusonline")
    folder = os.environ.get("LOCALAPPDATA")
    if folder is None:
        raise GlobusSDKUsageError(
            "the variable LOCALAPPDATA is not set, so the files of Globus Connect Personal cannot "
            "be found; pass config_dir"
        )
    return os.path.join(folder, "Globus Connect")


def _is_windows() -> bool:
    return sys.platform == "win32"


def _home() -> str:
    return os.path.expanduser("~").rstrip("/")


def _owner_line(lines: t.Iterable[str]) -> str | None:
    return next((line for line in lines if line.startswith(f'"{DN_PREFIX}')), None)


def _looked_up(
    owner: GlobusConnectPersonalOwnerInfo, auth_client: AuthClient
) -> dict[str, t.Any] | None:
    if owner.id is not None:
        answer = auth_client.get_identities(ids=owner.id)
    else:
        answer = auth_client.get_identities(usernames=owner.username)
    return next(map(dict, answer["identities"]), None)
