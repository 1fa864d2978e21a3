"""
Headers in the form that requests has for them, made and taken apart in one go.

Going through their ``items`` and ``update`` costs several times as much, twice for each request.
"""

from __future__ import annotations

from requests.structures import CaseInsensitiveDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


def case_insensitive(pairs: t.Iterable[tuple[str, t.Any]]) -> CaseInsensitiveDict[t.Any]:
    """
    Make headers.

    :param pairs: names and values; of equal names the last one counts
    """
    made: CaseInsensitiveDict[t.Any] = CaseInsensitiveDict()
    vars(made)["_store"].update({name.lower(): (name, value) for name, value in pairs})
    return made


def plain(headers: t.Any) -> dict[str, t.Any]:
    """
    The headers in a plain dict.

    :param headers: any mapping
    """
    if type(headers) is CaseInsensitiveDict:
        return dict(vars(headers)["_store"].values())
    return dict(headers.items())


def is_plain(name: t.Any, value: t.Any) -> bool:
    """
    Whether a header is text that goes over the wire as it is.

    :param name: its name
    :param value: its value
    """
    if not isinstance(name, str) or not isinstance(value, str):
        return False
    if not (name.isascii() and name.isprintable() and value.isascii() and value.isprintable()):
        return False
    return bool(name) and ":" not in name and name[0] != " " and value[:1] != " "
