"""
The addresses of managers and collections.
"""

from __future__ import annotations

from globus_core.arguments import check_text
from globus_core.exc import GlobusSDKUsageError
from globus_core.origins import is_loopback


def secure_url(address: str, name: str) -> str:
    """
    The URL for a host name or a URL; ``https://`` is put before a host name.

    :param address: the host name or URL
    :param name: the argument's name, for the error
    :raises GlobusSDKUsageError: if it is empty, or a URL that is neither ``https`` nor ``http`` on
        this machine
    """
    check_text(address, name, "a host name or a URL")
    scheme, separator, rest = address.strip().partition("://")
    if not separator:
        scheme, rest = "https", scheme
    url = f"{scheme.lower()}://{rest}"
    if scheme.lower() != "https" and not (scheme.lower() == "http" and is_loopback(url)):
        raise GlobusSDKUsageError(f"{name!r} must be reached by https, not by {scheme!r}")
    if not rest.strip("/"):
        raise GlobusSDKUsageError(f"{name!r} has no host: {address!r}")
    return url


def base_url(address: str, name: str) -> str:
    """
    The same for an address below which there are paths.

    :param address: the host name or URL
    :param name: the argument's name, for the error
    :raises GlobusSDKUsageError: as of :func:`secure_url`, or if it has blanks, a query or a
        fragment
    """
    url = secure_url(address, name)
    if any(sign in url for sign in "?# \t\n\\"):
        raise GlobusSDKUsageError(f"{name!r} must be a host name or a URL without a query")
    return url


def manager_url(address: str) -> str:
    """
    The base URL of the API of a manager.

    :param address: the host name of an endpoint, or a URL with or without ``/api``
    :raises GlobusSDKUsageError: as of :func:`base_url`
    """
    url = base_url(address, "gcs_address").rstrip("/")
    return f"{url}/" if url.endswith("/api") else f"{url}/api/"
