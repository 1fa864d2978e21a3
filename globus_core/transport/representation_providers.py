"""
Encoders: from Python values to the body, headers and query of a request.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Mapping

import requests
from requests.hooks import default_hooks

from globus_core.documents import MISSING

from .json import dumps, parse
from .streamed_bodies import StreamedBody, is_stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusAPIError

    Params = t.Mapping[str, t.Any] | None
    Headers = t.Mapping[str, str]
    Dict = dict[str, t.Any]


class _JSONRequest(requests.Request):
    """
    A request whose body is its ``json`` until another body is set, so that either can be changed.
    """

    _body: t.Any = None

    def __init__(self, method: str, url: str, params: Dict, json: t.Any, headers: Dict) -> None:
        # in less time than the class of requests takes, since nearly all requests are made here
        vars(self).update(_OF_A_NEW_REQUEST, files=[], hooks=default_hooks())
        self.method, self.url, self.params, self.headers = method, url, params, headers
        self.json = json

    @property
    def data(self) -> t.Any:
        if self._body:
            return self._body
        return [] if self.json is None else dumps(self.json)

    @data.setter
    def data(self, body: t.Any) -> None:
        self._body = body


_OF_A_NEW_REQUEST = {
    name: value for name, value in vars(requests.Request()).items() if name != "data"
}


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
        body = StreamedBody(data, headers) if is_stream(data) else data
        if body is not None and not isinstance(body, (str, bytes, StreamedBody)):
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

    The request has the value as its ``json``, and JSON text as its ``data``; a subclass may change
    either.
    """

    def encode(
        self, method: str, url: str, params: Params, data: t.Any, headers: Headers
    ) -> requests.Request:
        value = None
        if data is not None and data is not MISSING:
            value = _cleaned(data)
            headers = {"Content-Type": "application/json", **headers}
        return _JSONRequest(method, url, _fields(params), value, _fields(headers))


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


def read_api_error(
    transport: t.Any, error_class: type[GlobusAPIError], response: t.Any
) -> GlobusAPIError:
    """
    Build the error for a response, whose body is read by the transport's JSON provider.

    :param transport: the transport; one without a provider of its own changes nothing
    :param error_class: the client's error class
    :param response: the response
    """
    from globus_core.exc import api_error
    from globus_core.exc._response_copy import json_reader

    read = getattr(type(transport), "json_provider", None) and transport.json_provider.decode_body
    if getattr(read, "__func__", None) is RequestsRepresentationProvider.decode_body:
        read = None  # the error reads its body itself
    before = json_reader.set(read)
    try:
        return api_error(error_class, response)
    finally:
        json_reader.reset(before)


def _fields(values: Params) -> dict[str, t.Any]:
    """Parameters, form fields or headers without those that are MISSING or None."""
    if not values:
        return {}
    if {*map(type, values.values())} == {str}:
        return dict(values)
    return {
        key: cleaned
        for key, value in values.items()
        if value is not MISSING and (cleaned := _clean(value)) is not None
    }


def _cleaned(body: t.Any) -> t.Any:
    try:
        return _clean(body)
    except RecursionError:
        from . import deep_json

        return deep_json.clean(body, _clean)


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


# their names in globus-sdk
RequestsPlainTextProvider = RequestEncoder
RequestsJsonProvider = JSONRequestEncoder
RequestsHttpFormProvider = FormRequestEncoder
