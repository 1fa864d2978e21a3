"""
JSON, using ``msgspec`` or ``orjson`` where they are installed and give the same result.
"""

from __future__ import annotations

import functools
import gc
import json
import sys
import threading

from globus_core import json_text
from globus_core._lazy import import_module
from globus_core.http_bodies import stand_in_json, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    import typing as t

    import requests

#: below this size in bytes, importing another parser costs more than it saves
_WORTH_IT = 16 * 1024
#: turns all integers of one length into one
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
#: orjson turns an integer beyond 64 bits into a float
_LONG_NUMBER = b"0" * 19
#: and so did msgspec before 0.17
_BEYOND_64_BITS = b"9" * 20


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
    if len(content) < _WORTH_IT:
        return _loads(content)
    return _without_collections(_loads, content)


def _loads(content: bytes) -> t.Any:
    # What the others refuse may still be JSON: in another encoding, with lone surrogates, or deep.
    msgspec = _installed("msgspec", len(content))
    if msgspec is not None:
        try:
            return msgspec.json.decode(content)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            pass
    elif (orjson := _installed("orjson", len(content))) is not None:
        try:
            if _LONG_NUMBER not in content.translate(_DIGITS):
                return orjson.loads(content)
        except ValueError:
            pass
    return json_text.loads(content)


def _without_collections(parse: t.Callable[[bytes], t.Any], content: bytes) -> t.Any:
    """
    Parse without looking for cyclic garbage meanwhile; saves a fifth of the time.

    Every 700 new objects start a collection, though those that a parser makes are all in use. Not
    where other threads run: one might see that it is off, or fork a process where it would stay so.
    """
    if threading.active_count() > 1 or not gc.isenabled():
        return parse(content)
    try:
        gc.disable()
        return parse(content)
    finally:
        gc.enable()


def dumps(value: t.Any) -> bytes:
    """
    Serialise a value as JSON.

    :param value: a value in Python's terms
    :raises TypeError: if the value cannot be serialised as JSON
    :raises GlobusSDKUsageError: if it has a number that JSON does not have: NaN or infinity
    """
    orjson = _installed("orjson", 0)
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


def _installed(name: str, size: int) -> types.ModuleType | None:
    # Importing it waits for a thread that is importing it now: until then, sys.modules holds a
    # partial module.
    return _imported(name) if size >= _WORTH_IT or name in sys.modules else None


@functools.cache
def _imported(name: str) -> types.ModuleType | None:
    try:
        module: t.Any = import_module(name)
    except ImportError:
        return None
    if name == "msgspec" and module.json.decode(_BEYOND_64_BITS) != int(_BEYOND_64_BITS):
        return None
    return module  # type: ignore[no-any-return]


def _only_json(orjson: t.Any) -> int:
    """Options that refuse whatever the standard library refuses."""
    flags: int = (
        orjson.OPT_PASSTHROUGH_DATACLASS
        | orjson.OPT_PASSTHROUGH_DATETIME
        | orjson.OPT_PASSTHROUGH_SUBCLASS
    )
    return flags
