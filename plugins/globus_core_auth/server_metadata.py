"""
What a server says of itself, believed only if that server itself says so, and over a safe way.

Otherwise an answer of another server could have its own issuer and keys believed (OpenID Connect
Discovery sections 3, 4.3 and 7.2; RFC 8414 sections 3.3 and 6).
"""

from __future__ import annotations

import re

from globus_core.config import token_namespace
from globus_core.exc import ValidationError
from globus_core.origins import bare, is_loopback, origin, page
from globus_core.printable import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import GlobusHTTPResponse

#: what messages call the key set
KEYS = "the server's keys"

_THIS_MACHINE = re.compile(r"^(https?://)(?:localhost|127\.[\d.]+|\[::1\])(?=[:/]|$)")
_WRONG_SERVER = "check that the URL is that of Globus Auth, and that no proxy answers in its place"


def unusable(message: str) -> ValidationError:
    """
    The error of metadata that cannot be used.

    :param message: what is wrong, in one sentence
    """
    error = ValidationError(message)
    error.advice = _WRONG_SERVER
    return error


def check_configuration(response: GlobusHTTPResponse) -> None:
    """
    Check that an OpenID configuration is the one of the server that was asked for it.

    :param response: the response that brought it
    :raises ValidationError: if it comes from elsewhere, over plain http, or names another issuer
    """
    if response.client is None or not isinstance(response.data, dict):
        return
    asked, environment = response.client.base_url, response.client.environment
    for url in response.urls:
        if not _is_same(origin(url), origin(asked), environment):
            raise unusable(
                f"the OpenID configuration of {bare(asked)} was redirected to {origin(url)}"
            )
    check_way("the OpenID configuration", response.urls)
    issuer = response.data.get("issuer")
    if isinstance(issuer, str) and issuer and not _is_issuer(issuer, asked, environment):
        raise unusable(
            f"{bare(asked)} says that it is the server {quoted(issuer)}; its issuer must be its "
            "own address"
        )
    keys = response.data.get("jwks_uri")
    if isinstance(keys, str):
        check_way(KEYS, [asked, keys])


def check_way(what: str, urls: t.Sequence[str]) -> None:
    """
    Check that nobody could change an answer on its way.

    :param what: the answer, for the message
    :param urls: whoever named the address, the address, and those to which it was redirected
    :raises ValidationError: unless each is https, or on this machine where the first one is
    """
    for url in urls:
        here = is_loopback(url) and is_loopback(urls[0])
        if not here and not url.lower().startswith("https://"):
            raise unusable(f"{what} must come over https, not from {quoted(bare(url))}")


def _is_issuer(issuer: str, base_url: str, environment: str) -> bool:
    is_bare = issuer.lower() == bare(issuer).lower()  # no user, query or fragment
    return is_bare and _is_same(page(issuer), page(base_url), environment)


def _is_same(url: str, other: str, environment: str) -> bool:
    """Whether two URLs are the same, by any name of this machine or of the environment's server."""
    if _with_one_name(url) == _with_one_name(other):
        return True
    return not (token_namespace("", url, environment) or token_namespace("", other, environment))


def _with_one_name(url: str) -> str:
    """A URL in which this machine always has the same name."""
    return _THIS_MACHINE.sub(r"\1localhost", url)
