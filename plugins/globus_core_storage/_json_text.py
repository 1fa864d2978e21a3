"""
Parsing JSON texts by the scanner of the standard library, without the package around it.

``json`` brings ``re`` along for the blanks between values and for its errors; that costs more
than all the rest of reading a token. What the scanner does not take is left to ``json``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Scan = t.Callable[[str, int], tuple[t.Any, int]]

_BLANKS = " \t\n\r"


def loads(text: str | bytes) -> t.Any:
    """
    Parse a text, with the result and the errors of ``json.loads``.

    :param text: the text; bytes are UTF-8, or UTF-16 or UTF-32 as ``json`` finds out
    :raises ValueError: if it is not JSON
    :raises RecursionError: if it is nested too deeply
    """
    try:
        plain = text if isinstance(text, str) else text.decode()
        plain = plain.strip(_BLANKS)
        value, end = _scan(plain, 0)
        if end == len(plain):
            return value
    except (ValueError, StopIteration):
        pass
    return _loads(text)


def _loads(text: str | bytes) -> t.Any:
    from json import loads

    return loads(text)


class _Context:
    """What the scanner wants to know of a decoder."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = {
        "NaN": float("nan"),
        "Infinity": float("inf"),
        "-Infinity": float("-inf"),
    }.__getitem__
    memo: t.ClassVar[dict[str, str]] = {}


def _make_scan() -> Scan:
    try:
        from _json import make_scanner
    except ImportError:  # an interpreter without the C scanner
        return lambda text, start: (_loads(text), len(text))
    context: t.Any = _Context
    scan: Scan = make_scanner(context)
    return scan


_scan = _make_scan()
