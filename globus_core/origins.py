"""
Origins of URLs, and URLs that are safe to show.

Whether an origin gets credentials is decided by ``BaseClient._keep_credentials_home`` for URLs
that a caller passes, by ``transport.redirects`` for redirects, and by ``transport.prepare``,
which refuses plain http.
"""

from __future__ import annotations

_LOOPBACK = ("localhost", "::1")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def origin(url: str) -> str:
    """
    Scheme, host and port of a URL in lower case, without a default port.

    :param url: an absolute URL
    """
    scheme, host, _ = _split(url)
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS.get(scheme, ':'))}"


def page(url: str) -> str:
    """
    Origin and path of a URL, without a slash at the end, to compare it with another one.

    :param url: an absolute URL
    """
    path = _split(url)[2].partition("?")[0].partition("#")[0]
    return f"{origin(url)}{path.rstrip('/')}"


def bare(url: str) -> str:
    """
    A URL without user, password, query, fragment and path parameters, any of which may hold a
    secret; also where the character that begins them is percent-encoded.

    :param url: an absolute URL
    """
    scheme, host, path = _split(url)
    return f"{scheme}://{host}{split_path(path)[0]}"


def setting(text: str) -> str:
    """
    A setting such as the URL of a storage, without what may be secret in it.

    User, password, the values of a query and a fragment are left out; a name or a path stays.

    :param text: a name, a path or a URL
    """
    scheme, colon, rest = text.partition(":")
    if not colon or not any(mark in rest for mark in "@?#"):
        return text
    before, at, after = rest.rpartition("@")
    if at:
        rest = f"{'//' if before.startswith('//') else ''}***@{after}"
    rest, fragment, _ = rest.partition("#")
    place, mark, query = rest.partition("?")
    pairs = (pair.partition("=") for pair in query.replace(";", "&").split("&"))
    # what has no name may be a value
    values = "&".join(f"{name}=***" if equals else "***" for name, equals, _ in pairs)
    values = values if mark else ""
    return f"{scheme}:{place}{mark}{values}{'#***' if fragment else ''}"


def split_path(path: str) -> tuple[str, str]:
    """
    A path, and what follows from its first ``?``, ``#`` or ``;``, percent-encoded or not.

    :param path: the path of a URL, or any text in which one stands
    """
    import re

    found = re.search("[?#;]|%(?:25)*(?:3f|23|3b)", path, re.IGNORECASE)
    return (path, "") if found is None else (path[: found.start()], path[found.start() :])


def is_loopback(url: str) -> bool:
    """
    Whether the host of a URL is a loopback address or ``localhost``.

    :param url: an absolute URL
    """
    host = _split(url)[1]
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name in _LOOPBACK or (name.startswith("127.") and name.replace(".", "").isdigit())


def _split(url: str) -> tuple[str, str, str]:
    """Scheme, host with port, and everything from the path on."""
    scheme, _, rest = url.partition("://")
    # A backslash ends the host, as for urllib3: https://elsewhere.example.org\@home.example.org/
    ends = [end for end in map(rest.find, "/\\?#") if end >= 0]
    end = min(ends, default=len(rest))
    return scheme.lower(), rest[:end].rpartition("@")[2].lower(), rest[end:]
