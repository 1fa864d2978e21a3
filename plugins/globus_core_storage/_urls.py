"""
Paths of token files in URLs.
"""

from __future__ import annotations

import os


def path_from_url(url: str) -> str:
    """
    The path in a URL such as ``sqlite:///home/ada/tokens.db``.

    ``json:tokens.json`` is relative, ``json:~/tokens.json`` in the home folder, and a fourth
    slash is the same as three.

    :param url: the URL
    :raises GlobusSDKUsageError: if it names a host, nothing, or more than a path
    """
    from urllib.parse import unquote, urlsplit

    from globus_core.exc import GlobusSDKUsageError

    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.netloc or parts.query or parts.fragment or not path.strip("/"):
        raise GlobusSDKUsageError(
            "the URL of a token file has a path and nothing else, "
            f"write '{parts.scheme}:///folder/file' or '{parts.scheme}:file'"
        )
    if path.startswith("/"):
        path = "/" + path.lstrip("/")
    if path.startswith(("/~", "~")):
        return os.path.expanduser(path.lstrip("/"))
    if os.name == "nt" and path[2:3] == ":":
        return path[1:]
    return path
