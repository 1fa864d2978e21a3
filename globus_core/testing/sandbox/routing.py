"""
The routes of a service, and whether a host is local.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import typing as t

View = t.Callable[..., t.Any]


@dataclasses.dataclass(frozen=True)
class Route:
    """
    One operation of a service.

    :param method: the HTTP method
    :param path: the path below the service's address, with the variables of Flask, such as
        ``/stations/<name>``
    :param view: called with the variables of the path; it returns what a Flask view may return,
        such as a dict, or a dict and a status
    """

    method: str
    path: str
    view: View


def routes(
    *table: tuple[str, str, View],
    prefix: str = "",
    around: t.Callable[[View], View] | None = None,
) -> list[Route]:
    """
    Create routes from a table.

    :param table: method, path and view of each
    :param prefix: the prefix of every path
    :param around: a decorator for every view, such as one that takes a lock, or None
    """
    return [
        Route(method, prefix + path, view if around is None else around(view))
        for method, path, view in table
    ]


def is_loopback(host: str | None) -> bool:
    """
    Whether a host can only be reached from this machine.

    :param host: a name or an address
    """
    if not host:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
