"""
Where a token file is: as its URL says, or the default for an app.
"""

from __future__ import annotations

import os

from globus_core.config.env_vars import expand_home
from globus_core.token_storage.names import check_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_REPLACED = {**dict.fromkeys(map(ord, '<>:"/\\|?*'), "+"), ord("."): "-", ord(" "): "-"}
# file names that Windows reserves for devices
_RESERVED = {"con", "prn", "aux", "nul"}.union(
    f"{device}{number}" for device in ("com", "lpt") for number in range(10)
)


def path_from_url(url: str) -> str:
    """
    The path in a URL such as ``sqlite:///home/ada/tokens.db``.

    ``json:tokens.json`` is relative, ``json:~/tokens.json`` is in the home folder, and four
    slashes mean the same as three.

    :param url: the URL
    :raises GlobusSDKUsageError: if it has a host, no path, or anything after the path; or if
        the home folder in it is unknown
    """
    from urllib.parse import unquote, urlsplit

    from globus_core.exc import GlobusSDKUsageError

    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.netloc or parts.query or parts.fragment or not path.strip("/"):
        raise GlobusSDKUsageError(
            "the URL of a token file has a path and nothing else; "
            f"write '{parts.scheme}:///folder/file' or '{parts.scheme}:file'"
        )
    if path.startswith("/"):
        path = "/" + path.lstrip("/")
    if path.startswith(("/~", "~")):
        return expand_home(path.lstrip("/"))
    if os.name == "nt" and path[2:3] == ":":
        return path[1:]
    return path


def app_token_path(client_id: object, app_name: str, environment: str, extension: str) -> str:
    """
    The default path of an app's token file.

    :param client_id: the app's client id
    :param app_name: the app's name
    :param environment: the name of the Globus environment
    :param extension: the file name's extension
    :raises GlobusSDKUsageError: if one of the names cannot be made into a part of a path, or the
        home folder is unknown
    """
    check_name("app name", app_name)
    name = f"tokens.{extension}"
    if environment != "production":
        name = f"{_part('environment', environment)}-{name}"
    client = _part("client id", str(client_id))
    return os.path.join(_app_folder(), client, _slug(app_name), name)


def app_token_files(extension: str) -> t.Iterator[tuple[str, str, str, str]]:
    """
    The token files that are in the folders of apps: client id, app name, environment and path.

    App names are as folders spell them. What cannot be read is left out.

    :param extension: the file names' extension
    :raises GlobusSDKUsageError: if the home folder is unknown
    """
    folder, name = _app_folder(), f"tokens.{extension}"
    for client_id in _names(folder):
        for app_name in _names(os.path.join(folder, client_id)):
            for file in _names(os.path.join(folder, client_id, app_name)):
                environment, dash, rest = file.rpartition("-")
                if rest == name and (environment or not dash):
                    path = os.path.join(folder, client_id, app_name, file)
                    yield client_id, app_name, environment or "production", path


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _part(what: str, name: str) -> str:
    """A name that is used as it is; a colon would mean a drive or a stream on Windows."""
    check_name(what, name)
    if name and ":" not in name:
        return name
    from globus_core.exc import GlobusSDKUsageError

    problem = "contains a colon" if name else "is empty"
    raise GlobusSDKUsageError(f"the {what} {name!r} {problem}; choose another one")


def _app_folder() -> str:
    if os.name != "nt":
        return os.path.join(expand_home("~"), ".globus", "app")
    for variable in ("LOCALAPPDATA", "APPDATA"):
        if os.environ.get(variable):
            return os.path.join(os.environ[variable], "globus", "app")
    home = expand_home("~")
    return os.path.join(home, "AppData", "Local", "globus", "app")


def _slug(app_name: str) -> str:
    replaced = app_name.translate(_REPLACED)
    slug = "".join(character for character in replaced if character.isprintable()).lower()
    if slug and slug not in _RESERVED:
        return slug
    from globus_core.exc import GlobusSDKUsageError

    problem = "is a reserved file name" if slug else "leaves nothing for a folder name"
    raise GlobusSDKUsageError(f"the app name {app_name!r} {problem}; choose another one")
