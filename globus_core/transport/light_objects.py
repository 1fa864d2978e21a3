"""
Headers and responses of requests that are made in less time, and what is read from them.
"""

from __future__ import annotations

import functools
from collections.abc import ItemsView

import requests
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class _Items(ItemsView):  # type: ignore[type-arg]  # not generic when it is run
    """
    Names and values, which are not looked up again.
    """

    __slots__ = ()

    def __iter__(self) -> t.Iterator[t.Any]:
        headers: t.Any = self._mapping  # type: ignore[attr-defined]
        return iter(headers._store.values())


class LightHeaders(CaseInsensitiveDict):  # type: ignore[type-arg]  # generic in newer versions only
    """
    Headers that are iterated and copied at once, as urllib3 does with all of them.

    The class of requests looks each of them up again.

    :param store: name in lower case -> name and value; the headers keep it
    """

    def __init__(self, store: t.Any) -> None:
        self._store = store

    def items(self) -> t.Any:
        return _Items(self)

    def copy(self) -> CaseInsensitiveDict[t.Any]:
        return LightHeaders(self._store.copy())

    def get(self, name: str, default: t.Any = None) -> t.Any:
        found = self._store.get(name.lower())
        return default if found is None else found[1]

    def __contains__(self, name: t.Any) -> bool:
        return name.lower() in self._store


class LightResponse(requests.Response):
    """
    A response whose cookies are made when somebody asks for them, which hardly anybody does.

    In the class of requests they take longer than all the rest.
    """

    def __init__(self) -> None:
        vars(self).update(_OF_A_NEW_ONE, headers=LightHeaders({}), history=[])

    def __getattr__(self, name: str) -> t.Any:
        if name != "cookies":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self.cookies = cookies = RequestsCookieJar()
        return cookies

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status_code < 400 and super().is_redirect  # which looks at the headers


_MADE_EACH_TIME = ("cookies", "headers", "history")
_OF_A_NEW_ONE = {
    name: value for name, value in vars(requests.Response()).items() if name not in _MADE_EACH_TIME
}


@functools.lru_cache(maxsize=64)
def text_encoding(content_type: str) -> str | None:
    """
    The encoding of a body as requests sees it; None if it is not known.

    :param content_type: the header; empty if there is none
    """
    return get_encoding_from_headers(CaseInsensitiveDict({"Content-Type": content_type}))
