"""
The body of a response of any class: requests', a stand-in of somebody's tests, another library's.

``content`` is used where it is bytes, else ``json()``, else ``text``.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: what JSON is in Python; a Mock, which has every attribute, gives something else
_JSON_TYPES = (dict, list, str, int, float, bool, type(None))


def content(response: t.Any) -> bytes:
    """
    The body as bytes; empty if there is none.

    :param response: an object like requests.Response
    """
    found = getattr(response, "content", None)
    if isinstance(found, (bytes, bytearray)):
        return bytes(found)
    if isinstance(found, str):
        return found.encode()
    try:
        return json.dumps(stand_in_json(response)).encode()
    except (TypeError, ValueError):
        return text(response).encode()


def text(response: t.Any) -> str:
    """
    The body as text; empty if there is none.

    :param response: an object like requests.Response
    """
    found = getattr(response, "text", None)
    if isinstance(found, str):
        return found
    found = getattr(response, "content", None)
    if isinstance(found, (bytes, bytearray)):
        return found.decode(errors="replace")
    try:
        return json.dumps(stand_in_json(response))
    except (TypeError, ValueError):
        return ""


def stand_in_json(response: t.Any) -> t.Any:
    """
    What ``json()`` gives, else the JSON in ``text``, of a response whose ``content`` is no bytes.

    :param response: an object with some of the attributes of requests.Response
    :raises ValueError: if neither is JSON
    """
    try:
        value = response.json()
    except (AttributeError, TypeError, ValueError):
        pass
    else:
        if isinstance(value, _JSON_TYPES):
            return value
    body = getattr(response, "text", None)
    if isinstance(body, str):
        return json.loads(body)
    raise ValueError("the response has no body that is JSON")
