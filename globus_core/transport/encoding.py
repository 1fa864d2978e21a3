"""
Which encoders a transport uses, for requests and for the bodies of responses.

Programs replace encoders on a transport or on a class: in ``encoders`` or
``representation_providers``, which are one table unless one of them is set, or as
``json_provider``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    from .representation_providers import RequestsRepresentationProvider

    Table = dict[str, RequestsRepresentationProvider]


class Encoders:
    """
    The encoders by name, as given in ``encoding``; more can be added.

    On a class they are those that its transports begin with. A transport has a table of its own.
    """

    _of_the_class: Table | None = None

    def __get__(self, transport: t.Any, owner: type) -> Table:
        if transport is None:
            if self._of_the_class is None:
                self._of_the_class = _standard()
            return self._of_the_class
        table: Table = vars(transport).setdefault("encoders", dict(type(transport).encoders))
        return table


class RepresentationProviders:
    """
    Another name for the encoders; a table that is set here takes precedence.
    """

    def __get__(self, transport: t.Any, owner: t.Any) -> Table:
        table: Table = (owner if transport is None else transport).encoders
        return table


class JSONProvider:
    """
    What encodes JSON and reads it in responses and errors: the encoder ``json`` unless it is set.
    """

    def __get__(self, transport: t.Any, owner: t.Any) -> RequestsRepresentationProvider:
        table: Table = (owner if transport is None else transport).representation_providers
        return table["json"]


def as_bytes(request: requests.Request) -> requests.Request:
    """
    A request whose body is bytes, if it was text or JSON.

    :param request: what an encoder made; it is not changed
    :raises GlobusSDKUsageError: if the body cannot be sent
    """
    body, headers = request.data, request.headers
    if isinstance(body, str) and body:
        from globus_core.documents import utf8

        body = utf8(body, "the body")
    elif request.json is not None:
        from .json import dumps

        body = body or dumps(request.json)
        if not any(name.lower() == "content-type" for name in headers):
            headers = {**headers, "Content-Type": "application/json"}
    else:
        return request
    import copy

    ready = copy.copy(request)
    ready.data, ready.json, ready.headers = body, None, headers
    return ready


def _standard() -> Table:
    from . import representation_providers as providers

    return {
        "text": providers.RequestEncoder(),
        "json": providers.JSONRequestEncoder(),
        "form": providers.FormRequestEncoder(),
    }
