"""
Checks that the libraries are those that the shortcuts were written for.

There is no list of versions: what is overridden must be there, with the same parameters and base
classes.
"""

from __future__ import annotations

import functools
import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: where -> a function there -> its parameters
_PARAMETERS: dict[str, dict[str, tuple[str, ...]]] = {
    "http.client:HTTPConnection": {"_output": ("self", "s")},
    "http.client:HTTPResponse": {"begin": ("self",)},
    "requests.adapters:HTTPAdapter": {
        "build_response": ("self", "req", "resp"),
        "close": ("self",),
        "get_connection_with_tls_context": ("self", "request", "verify", "proxies", "cert"),
        "request_url": ("self", "request", "proxies"),
    },
    "requests.cookies": {"extract_cookies_to_jar": ("jar", "request", "response")},
    "requests.utils": {
        "get_encoding_from_headers": ("headers",),
        "select_proxy": ("url", "proxies"),
    },
    "urllib3.connection:HTTPConnection": {
        "request": (
            *("self", "method", "url", "body", "headers"),
            *("chunked", "preload_content", "decode_content", "enforce_content_length"),
        ),
        "putheader": ("self", "header"),
        "getresponse": ("self",),
    },
    "urllib3.connectionpool:HTTPConnectionPool": {
        "urlopen": (
            *("self", "method", "url", "body", "headers", "retries", "redirect"),
            *("assert_same_host", "timeout", "pool_timeout", "release_conn", "chunked"),
            *("body_pos", "preload_content", "decode_content"),
        ),
        "_make_request": (
            *("self", "conn", "method", "url", "body", "headers", "retries", "timeout", "chunked"),
            *("response_conn", "preload_content", "decode_content", "enforce_content_length"),
        ),
    },
}
#: a class -> the names of its base classes
_BASES = {
    "http.client:HTTPResponse": ("BufferedIOBase",),
    "http.client:HTTPMessage": ("Message",),
    "requests.adapters:HTTPAdapter": ("BaseAdapter",),
    "requests:PreparedRequest": ("RequestEncodingMixin", "RequestHooksMixin"),
    "urllib3.connection:HTTPConnection": ("HTTPConnection",),
    "urllib3.connection:HTTPSConnection": ("HTTPConnection",),
    "urllib3.connectionpool:HTTPConnectionPool": ("ConnectionPool", "RequestMethods"),
    "urllib3.connectionpool:HTTPSConnectionPool": ("HTTPConnectionPool",),
}
#: a class -> the attributes of a new instance
_ATTRIBUTES = {
    "http.client:HTTPMessage": {
        *("policy", "_headers", "_unixfrom", "_payload", "_charset", "preamble", "epilogue"),
        *("defects", "_default_type"),
    },
    "requests:PreparedRequest": {
        *("method", "url", "headers", "body", "hooks", "_cookies", "_body_position")
    },
    "requests.structures:CaseInsensitiveDict": {"_store"},
    "urllib3:HTTPHeaderDict": {"_container"},
}


@functools.cache
def unexpected() -> str | None:
    """
    The first difference from what is expected, or None; checked once in a process.
    """
    try:
        return next(_differences(), None)
    except (ImportError, AttributeError) as error:
        return str(error)


def _differences() -> t.Iterator[str]:
    for place, functions in _PARAMETERS.items():
        for name, expected in functions.items():
            code = getattr(_at(place), name).__code__
            found = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            if found != expected:
                yield f"{place}.{name} has the parameters {found}"
    for place, bases in _BASES.items():
        found = tuple(base.__name__ for base in _at(place).__bases__)
        if found != bases:
            yield f"{place} has the base classes {found}"
    for place, attributes in _ATTRIBUTES.items():
        names = set(vars(_at(place)()))
        if names != attributes:
            yield f"{place} has the attributes {sorted(names)}"


def _at(place: str) -> t.Any:
    module, _, name = place.partition(":")
    found = importlib.import_module(module)
    return getattr(found, name) if name else found
