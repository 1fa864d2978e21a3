"""
JSON, using ``orjson`` where it is installed and gives the same result.
"""

from __future__ import annotations

import functools
import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    import typing as t

    import requests

#: below this size in bytes, importing orjson costs more than it saves
_WORTH_IT = 16 * 1024
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
#: orjson turns an integer beyond 64 bits into a float
_LONG_NUMBER = b"0" * 19


def parse(response: requests.Response) -> t.Any:
    """
    Parse the body of a response.

    :param response: the response
    :raises ValueError: if it is not JSON
    """
    content = response.content
    if (response.encoding or "utf-8").lower() == "utf-8":
        try:
            return loads(content)
        except (ValueError, RecursionError):
            pass  # requests knows more encodings, and its error says what is wrong
    return response.json()


def loads(content: bytes) -> t.Any:
    """
    Parse JSON in UTF-8.

    :param content: the bytes
    :raises ValueError: if it is not JSON in UTF-8
    """
    orjson = _orjson(len(content))
    if orjson is not None and _LONG_NUMBER not in content.translate(_DIGITS):
        try:
            return orjson.loads(content)
        except ValueError:
            pass  # NaN, lone surrogates and deep nesting need the standard library
    return json.loads(content.decode())


def dumps(value: t.Any) -> bytes:
    """
    Serialise a value as JSON.

    :param value: a value in Python's terms
    :raises TypeError: if the value cannot be serialised as JSON
    """
    orjson = _orjson(0)
    if orjson is not None:
        try:
            made: bytes = orjson.dumps(value, option=_only_json(orjson))
        except TypeError:  # keys that are not strings, integers beyond 64 bits, and real mistakes
            return json.dumps(value).encode()
        if b"null" not in made:  # which may stand for NaN
            return made
    return json.dumps(value).encode()


def _orjson(size: int) -> types.ModuleType | None:
    # Importing it waits for a thread that is importing it now: until then, sys.modules holds a
    # partial module.
    return _imported() if size >= _WORTH_IT or "orjson" in sys.modules else None


@functools.cache
def _imported() -> types.ModuleType | None:
    try:
        import orjson
    except ImportError:
        return None
    return orjson


def _only_json(orjson: t.Any) -> int:
    """Options that refuse whatever the standard library refuses."""
    flags: int = (
        orjson.OPT_PASSTHROUGH_DATACLASS
        | orjson.OPT_PASSTHROUGH_DATETIME
        | orjson.OPT_PASSTHROUGH_SUBCLASS
    )
    return flags
