"""
Checks of the proxies and of the certificate authorities that the surroundings name.

The HTTP libraries find these faults late, while they connect, and blame the URL or the host.
"""

from __future__ import annotations

import os
import re

from globus_core.exc import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
#: the names of files in a folder of certificate authorities, which OpenSSL finds by hash
_BY_HASH = re.compile(r"[0-9a-f]{8}\.\d+")


def check_proxy(url: str, proxies: t.Mapping[str, str]) -> None:
    """
    Refuse a proxy that no request can use.

    :param url: the URL to which a request goes
    :param proxies: the proxies by scheme, as requests has them
    :raises GlobusSDKUsageError: names the variable and what to do; the value, which may hold a
        password, is not shown
    """
    from requests.utils import select_proxy

    proxy = select_proxy(url, proxies)
    if not proxy:
        return
    scheme, found, rest = proxy.partition("://")
    scheme = scheme.lower() if found else "http"
    name = _variable(proxy)
    if scheme not in _SCHEMES:
        raise GlobusSDKUsageError(
            f"{name} names a proxy whose scheme is not one of {', '.join(_SCHEMES)}; "
            f"correct or unset {name}"
        )
    if not _has_host(rest if found else proxy):
        raise GlobusSDKUsageError(
            f"{name} names a proxy without a valid host and port; correct or unset {name}"
        )
    if scheme.startswith("socks") and not _has_socks():
        raise GlobusSDKUsageError(
            f"{name} names a SOCKS proxy, for which PySocks is needed; "
            f"run pip install 'requests[socks]', or unset {name}"
        )


def check_ca(name: str, path: str) -> None:
    """
    Refuse a file or folder of certificate authorities that has none.

    :param name: the variable or setting that names it
    :param path: the file or folder
    :raises GlobusSDKUsageError: names both
    """
    problem = _folder_problem(path) if os.path.isdir(path) else _file_problem(path)
    if problem is not None:
        raise GlobusSDKUsageError(
            f"{name} names {path!r}, {problem}; name a file with certificates in PEM format, "
            "or leave it unset"
        )


def _variable(proxy: str) -> str:
    for name in ("https_proxy", "http_proxy", "all_proxy"):
        for spelled in (name, name.upper()):
            if os.environ.get(spelled) == proxy:
                return spelled
    return "the proxy setting of this system"


def _has_host(authority: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(f"//{authority}")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _has_socks() -> bool:
    try:
        __import__("socks")
    except ImportError:
        return False
    return True


def _folder_problem(path: str) -> str | None:
    try:
        if any(_BY_HASH.fullmatch(name) for name in os.listdir(path)):
            return None
    except OSError as error:
        return f"which cannot be read ({error.strerror})"
    return "a folder without certificates under the names that 'openssl rehash' gives them"


def _file_problem(path: str) -> str | None:
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        return "which holds no certificate that can be read"
    except OSError as error:
        return f"which cannot be read ({error.strerror})"
    return None
