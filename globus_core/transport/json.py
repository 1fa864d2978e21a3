"""
JSON, using ``orjson`` where it is installed and gives the same result.
"""

from __future__ import annotations

import functools
import json
import sys

from globus_core import json_text
from globus_core.http_bodies import stand_in_json, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    import typing as t

    import requests

#: below this size in bytes, importing orjson costs more than it saves
_WORTH_IT = 16 * 1024
#: with "+" left out, these turn all forms of a long number into few
_DIGITS = bytes.maketrans(b"123456789E", b"000000000e")
#: orjson turns an integer beyond 64 bits into a float
_LONG_NUMBER = b"0" * 19
#: what may belong to a number that is too large, which orjson turns into infinity
_LONG_EXPONENT = b"0e000"
#: what stands before a number; nothing at the start of the text
_BEFORE_NUMBERS = (b"", b"[", b":", b",", b" ", b"\t", b"\r", b"\n")


def parse(response: requests.Response) -> t.Any:
    """
    Parse the body of a response.

    :param response: the response, or a stand-in that has its body
    :raises ValueError: if it is not JSON
    """
    content = getattr(response, "content", None)
    if not isinstance(content, bytes):
        return stand_in_json(response)
    try:
        return loads(content)
    except ValueError as error:
        encoding = getattr(response, "encoding", None)
        if not isinstance(encoding, str) and not isinstance(error, UnicodeDecodeError):
            raise
    # JSON is Unicode, whatever the Content-Type says; but some servers mean what they say.
    return json_text.loads(text(response))


def loads(content: bytes) -> t.Any:
    """
    Parse JSON.

    :param content: the bytes, in an encoding of Unicode
    :raises ValueError: if it is not JSON
    """
    orjson = _orjson(len(content))
    if orjson is not None and not _has_odd_number(content.translate(_DIGITS, b"+")):
        try:
            return orjson.loads(content)
        except ValueError:
            pass  # other encodings, lone surrogates and deep nesting need the standard library
    return json_text.loads(content)


def _has_odd_number(content: bytes) -> bool:
    """
    Whether there may be a number of which orjson would make another one.

    :param content: JSON whose digits are all replaced by 0, E by e and + by nothing
    """
    if _LONG_NUMBER in content:
        return True
    at = content.find(_LONG_EXPONENT)
    while at >= 0:
        # Ids are full of this, but they are in quotes.
        before = content[max(0, at - 40) : at].rstrip(b"0.").removesuffix(b"-")
        if before[-1:] in _BEFORE_NUMBERS:
            return True
        at = content.find(_LONG_EXPONENT, at + 1)
    return False


def dumps(value: t.Any) -> bytes:
    """
    Serialise a value as JSON.

    :param value: a value in Python's terms
    :raises TypeError: if the value cannot be serialised as JSON
    :raises GlobusSDKUsageError: if it has a number that JSON does not have: NaN or infinity
    """
    orjson = _orjson(0)
    if orjson is not None:
        try:
            made: bytes = orjson.dumps(value, option=_only_json(orjson))
        except TypeError:  # keys that are not strings, integers beyond 64 bits, and real mistakes
            return _dumps(value)
        if b"null" not in made:  # which may stand for NaN
            return made
    return _dumps(value)


def _dumps(value: t.Any) -> bytes:
    try:
        return _text(value).encode()
    except ValueError as error:
        from globus_core.exc.base import GlobusSDKUsageError

        raise GlobusSDKUsageError(f"the body cannot be sent as JSON: {error}") from error


def _text(value: t.Any) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except RecursionError:
        from . import deep_json

        return deep_json.dumps(value)


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
