"""
The parameters of a login's callback, from a URL, a query or a mapping (RFC 6749 section 4.1.2).
"""

from __future__ import annotations

import re

from globus_core.exc import GlobusSDKUsageError, LoginDeniedError, LoginFlowError
from globus_core.printable import quoted, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .key_store import KeyStore

    Callback = str | bytes | t.Mapping[str, t.Any]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_LONGEST_DESCRIPTION = 500
_SAYS_ISSUER = "authorization_response_iss_parameter_supported"


def parameters(callback: Callback) -> dict[str, str]:
    """
    Read a callback's parameters; repeated ones are refused (RFC 6749 section 3.1).

    :param callback: the URL, its query alone, or a mapping: plain, with lists as values, or of a
        web framework; None among its values is a parameter that did not come
    :raises LoginFlowError: if it is not a URL, repeats a parameter, or is not UTF-8
    :raises GlobusSDKUsageError: if it has another type
    """
    found = _of_mapping(callback) if hasattr(callback, "keys") else _of_text(callback)
    doubled = sorted(name for name, values in found.items() if len(values) > 1)
    if doubled:
        raise LoginFlowError(f"the callback repeats {', '.join(map(quoted, doubled[:10]))}")
    return {name: _text(values[0]) for name, values in found.items() if values}


def check_issuer(issuer: str | None, server: KeyStore) -> None:
    """
    Check that a callback comes from the server to which the login went (RFC 9207 section 2.4).

    :param issuer: what the callback says; None if it says nothing
    :param server: that server
    :raises LoginFlowError: if it comes from another one, or does not say from which though the
        server promises to
    :raises GlobusError: if the server's configuration cannot be fetched
    """
    if issuer is None:
        if server.configuration.get(_SAYS_ISSUER) is True:
            raise LoginFlowError("the callback lacks the issuer, which this server always sends")
        return
    expected = server.setting("issuer")
    if issuer != expected:
        raise LoginFlowError(
            f"the callback comes from the server {quoted(issuer)}, the login went to {expected!r}"
        )


def denied(params: t.Mapping[str, str]) -> LoginDeniedError:
    """
    Make the error that a callback reports.

    :param params: its parameters
    """
    error, description = params["error"], params.get("error_description")
    detail = f": {sentence(description, _LONGEST_DESCRIPTION)}" if description else ""
    return LoginDeniedError(
        f"the login ended with {quoted(error)}{detail}",
        error=error,
        error_description=description,
    )


def _of_text(callback: t.Any) -> dict[str, list[str]]:
    if not isinstance(callback, (str, bytes)):
        raise GlobusSDKUsageError(
            f"a callback is a URL or a mapping of its parameters, not a {type(callback).__name__}"
        )
    from urllib.parse import parse_qs, urlsplit

    text = _text(callback)
    is_url = "?" in text or _URL.match(text)
    try:
        query = urlsplit(text).query if is_url else text
        return parse_qs(query, keep_blank_values=True)
    except ValueError:  # whose message can hold the code
        pass
    raise LoginFlowError("the callback is not a URL")


def _of_mapping(callback: t.Any) -> dict[str, list[t.Any]]:
    # mappings of web frameworks give one value by key, and all of them by one of these methods
    every = getattr(callback, "getlist", getattr(callback, "getall", callback.get))
    return {_text(name): _several(every(name)) for name in callback.keys()}  # noqa: SIM118


def _several(value: t.Any) -> list[t.Any]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return [item for item in values if item is not None]


def _text(value: t.Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except ValueError:
        pass
    raise LoginFlowError("the callback is not UTF-8")
