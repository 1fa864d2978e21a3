"""
The base of all paginators; how the next page is found is in :mod:`.cursor` and :mod:`.offset`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from globus_core.exc.base import GlobusSDKUsageError, ValidationError

from .table import find_paging
from .table import has_paginator as has_paginator  # where globus-sdk has it

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Callable, Iterable, Iterator

    P = t.ParamSpec("P")
    PageT = t.TypeVar("PageT")

    class _Base(Iterable[PageT], t.Generic[PageT]):
        pass

else:

    class _Base:
        # subscripts are for type checkers, and typing is not loaded for them
        __class_getitem__ = classmethod(type(list[int]))


#: what ``field`` gives for a field that a page does not have
ABSENT = object()


class Paginator(_Base["PageT"], ABC):
    """
    All pages of one method call; iterate it, or ``pages()``, or ``items()``.

    A subclass is one style of paging and implements ``pages``. It must not change
    ``client_kwargs``, so that the next iteration starts anew.
    """

    def __init__(
        self,
        method: Callable[..., PageT],
        *,
        items_key: str | None = None,
        client_args: Iterable[t.Any],
        client_kwargs: dict[str, t.Any],
        # further arguments are ignored, as in 4.x of globus-sdk
        **kwargs: t.Any,
    ) -> None:
        """
        Make the paginator of one call; nothing is fetched.

        :param method: The bound client method that fetches one page.
        :param items_key: Where in a page its elements are; None if that varies.
        :param client_args: Positional arguments for the method.
        :param client_kwargs: Keyword arguments for the method.
        """
        self.method = method
        self.items_key = items_key
        self.client_args = tuple(client_args)
        self.client_kwargs = client_kwargs

    def __iter__(self) -> Iterator[PageT]:
        return self.pages()

    @abstractmethod
    def pages(self) -> Iterator[PageT]:
        """
        Iterate over the pages, from the first.
        """

    def items(self) -> Iterator[t.Any]:
        """
        Iterate over the elements of all pages, from the first.

        :raises GlobusSDKUsageError: If the method does not say where its elements are.
        :raises ValidationError: If a page has no elements there.
        """
        if self.items_key is None:
            raise GlobusSDKUsageError(
                f"{_name(self.method)} does not say where its items are, iterate over pages()"
            )
        return self._items(self.items_key)

    def _items(self, key: str) -> Iterator[t.Any]:
        for page in self.pages():
            items = field(page, key)
            if not hasattr(items, "__iter__"):
                raise self._invalid(f"has no {key!r}")
            yield from items

    @classmethod
    def wrap(cls, method: Callable[P, PageT]) -> Callable[P, Paginator[PageT]]:
        """
        Give a function that takes a method's arguments and returns its paginator.

        The same as ``client.paginated.<method>``, in a form that type checkers follow.

        :param method: A method of a client that is paginated, bound to the client.
        :raises TypeError: If it is not a bound method.
        :raises GlobusSDKUsageError: If it is not paginated.
        """
        owner = getattr(method, "__self__", None)
        if owner is None or not hasattr(method, "__func__"):
            raise TypeError(f"expected a method of a client, not {method!r}")
        paging = find_paging(type(owner), method.__name__)
        if paging is None:
            raise GlobusSDKUsageError(f"{_name(method)} is not paginated")
        return paging.bind(method)

    def _fetch(self, arguments: dict[str, t.Any]) -> PageT:
        return self.method(*self.client_args, **arguments)

    def _required(self, page: PageT, key: str) -> t.Any:
        value = field(page, key)
        if value is ABSENT:
            raise self._invalid(f"has no {key!r}")
        return value

    def _content(self, page: PageT) -> t.Any:
        """What distinguishes this page from others, for the guard against endless paging."""
        if self.items_key is not None:
            return field(page, self.items_key)
        return getattr(page, "data", page)

    def _invalid(self, what: str) -> Exception:
        return ValidationError(f"a page of {_name(self.method)} {what}")


def field(page: t.Any, key: str) -> t.Any:
    """Get a field of a page, which may be a response or plain data."""
    get = getattr(page, "get", None)
    return ABSENT if get is None else get(key, ABSENT)


def _name(method: t.Any) -> str:
    return str(getattr(method, "__qualname__", None) or repr(method))
