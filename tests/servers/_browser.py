"""
What a browser would do during a login, without one.
"""

from __future__ import annotations

import typing as t

import requests

_SECONDS = 10


def call(method: str, url: str, **options: t.Any) -> requests.Response:
    """
    Send one request on a connection of its own and follow no redirect.

    Proxy settings and netrc entries of the machine are left aside.
    """
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, allow_redirects=False, timeout=_SECONDS, **options)


def good(method: str, url: str, **options: t.Any) -> requests.Response:
    """
    Send one request as :func:`call` does; the answer must be 200.
    """
    response = call(method, url, **options)
    assert response.status_code == 200, f"{response.status_code}: {response.text[:500]}"
    return response


def redirect_target(response: requests.Response) -> str:
    """Give the URL to which a server sends the browser back."""
    assert response.status_code == 302, f"{response.status_code}: {response.text[:500]}"
    return response.headers["Location"]
