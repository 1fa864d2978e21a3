"""
JSON that a server sent: its encoding, and the numbers that are none (RFC 8259).

``transport.json`` parses bodies of responses and is faster for long ones.
"""

from __future__ import annotations

import json
import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


def encoding(content: bytes) -> str:
    """
    The encoding of JSON by its first bytes: UTF-8, or UTF-16 or UTF-32 as older servers send.

    :param content: the bytes, with or without a byte order mark
    """
    return json.detect_encoding(content)


def loads(content: bytes | str) -> t.Any:
    """
    Parse JSON in any encoding of Unicode.

    :param content: the text
    :raises ValueError: if it is not JSON, or has a number that is none: NaN, Infinity or one that
        is too large, such as ``1e400``
    """
    text = content if isinstance(content, str) else content.decode(encoding(content))
    return _DECODER.decode(text.removeprefix("\ufeff"))


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"a number is too large: {text[:40]}")
    return number


def _no_number(name: str) -> t.NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_no_number)
