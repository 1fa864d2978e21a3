"""
What of a request cannot be sent: a text that no encoding has, or a header that HTTP does not allow.

The errors name the part and never its value, which may be a secret; so do not let an exception of
Python or requests that holds the value become their context.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from globus_core.documents import utf8
from globus_core.exc.base import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# A header may have a tab in its value, but no other control character (RFC 9110 section 5.5).
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def check_method(method: t.Any) -> None:
    """
    Refuse a method that is no token (RFC 9110 section 9.1).

    :param method: the HTTP method
    :raises GlobusSDKUsageError: if it could not be sent, or would break the request line
    """
    if method in _METHODS or (isinstance(method, str) and _TOKEN.fullmatch(method)):
        return
    raise GlobusSDKUsageError(f"{method!r} is not an HTTP method")


@functools.lru_cache(maxsize=256)
def is_header_name(name: str) -> bool:
    """
    Whether a header can have a name.

    :param name: the name
    """
    return _TOKEN.fullmatch(name) is not None


def is_header(name: t.Any, value: t.Any) -> bool:
    """
    Whether a header can be sent.

    :param name: its name, a string or bytes
    :param value: its value, a string or bytes
    """
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(name, bytes):
        name = name.decode("latin-1")
    if not (isinstance(name, str) and isinstance(value, str)):
        return False
    if not is_header_name(name) or _CONTROL.search(value):
        return False
    return value[:1] not in (" ", "\t") and (value.isascii() or max(value) <= "\xff")


def refusal(request: requests.Request) -> GlobusSDKUsageError:
    """
    The error for a request that cannot be prepared, naming the first part that cannot be sent.

    :param request: the request
    """
    try:
        _check_texts(request)
    except GlobusSDKUsageError as error:
        return error
    names = [name for name, value in request.headers.items() if not is_header(name, value)]
    which = f"the header {names[0]!r}" if names else "a header"
    return GlobusSDKUsageError(
        f"{which} is not valid; names and values must be strings of Latin-1 characters, without "
        "line breaks, other control characters or leading spaces"
    )


def _check_texts(request: requests.Request) -> None:
    utf8(str(request.url), "the URL")
    for kind, fields in (("query parameter", request.params), ("form field", request.data)):
        if isinstance(fields, Mapping):
            for name, value in fields.items():
                utf8(str(name), f"the name of a {kind}")
                for text in value if isinstance(value, (list, tuple)) else (value,):
                    if isinstance(text, str):
                        utf8(text, f"the {kind} {name!r}")
