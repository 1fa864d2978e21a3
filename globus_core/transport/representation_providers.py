"""
Encoders: from Python values to the body, headers and query of a request.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Mapping

import requests

from globus_core.documents import MISSING, utf8

from .json import dumps, parse
from .streamed_bodies import StreamedBody, is_stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Params = t.Mapping[str, t.Any] | None
    Headers = t.Mapping[str, str]


class RequestsRepresentationProvider:
    """
    Base of encoders. The default sends text, bytes and streams as they are.
    """

    def encode(
        self, method: str, url: str, params: Params, data: t.Any, headers: Headers
    ) -> requests.Request:
        """
        Build a request that is not prepared yet.

        :param method: the HTTP method
        :param url: the URL, without the query that ``params`` makes
        :param params: query parameters; MISSING and None are left out
        :param data: the body in Python's terms, or None
        :param headers: the headers so far; MISSING and None are left out
        :raises TypeError: if this encoder cannot encode the data
        """
        body = utf8(data, "the body") if isinstance(data, str) else data
        if is_stream(data):
            body = StreamedBody(data, headers)
        elif body is not None and not isinstance(body, bytes):
            raise TypeError(
                f"a text body must be str, bytes, a file or an iterator, not {type(data).__name__}"
            )
        return requests.Request(
            method, url, params=_fields(params), data=body, headers=_fields(headers)
        )

    def decode_body(self, response: requests.Response) -> t.Any:
        """
        Parse a response's body.

        :param response: the response
        :raises ValueError: if the body is not JSON
        """
        return parse(response)


class RequestEncoder(RequestsRepresentationProvider):
    """
    Sends text, bytes, files and iterators of bytes as they are, without a Content-Type.
    """


class JSONRequestEncoder(RequestsRepresentationProvider):
    """
    Sends JSON. MISSING is left out at any depth, UUIDs become strings, enums their values.
    """

    def encode(
        self, method: str, url: str, params: Params, data: t.Any, headers: Headers
    ) -> requests.Request:
        body = None
        if data is not None and data is not MISSING:
            body = dumps(_clean(data))
            headers = {"Content-Type": "application/json", **headers}
        return requests.Request(
            method, url, params=_fields(params), data=body, headers=_fields(headers)
        )


class FormRequestEncoder(RequestsRepresentationProvider):
    """
    Sends a form. MISSING and None are left out.
    """

    def encode(
        self, method: str, url: str, params: Params, data: t.Any, headers: Headers
    ) -> requests.Request:
        if not isinstance(data, Mapping):
            raise TypeError(f"a form body must be a dict, not {type(data).__name__}")
        return requests.Request(
            method, url, params=_fields(params), data=_fields(data), headers=_fields(headers)
        )


def _fields(values: Params) -> dict[str, t.Any]:
    """Parameters, form fields or headers without those that are MISSING or None."""
    if not values:
        return {}
    return {
        key: cleaned
        for key, value in values.items()
        if value is not MISSING and (cleaned := _clean(value)) is not None
    }


def _clean(value: t.Any) -> t.Any:
    if isinstance(value, (str, int, float)) and not isinstance(value, enum.Enum):
        return value
    if isinstance(value, Mapping):
        return {k: _clean(v) for k, v in value.items() if v is not MISSING}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(item) for item in value if item is not MISSING]
    if isinstance(value, enum.Enum):
        return _clean(value.value)
    uuid = sys.modules.get("uuid")  # slow to import, and no value is a UUID unless it is loaded
    return str(value) if uuid is not None and isinstance(value, uuid.UUID) else value
