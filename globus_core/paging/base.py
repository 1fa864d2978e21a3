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

    from globus_core.response import IterableResponse

    P = t.ParamSpec("P")
    R = t.TypeVar("R")
    PageT = t.TypeVar("PageT", covariant=True)
    ItemT = t.TypeVar("ItemT")

    #: a dict, or something else that has its ``get`` and can be indexed
    Fields = t.Any

    class _Base(Iterable[PageT], t.Generic[PageT]):
        pass

else:

    class _Base:
        # subscripts are for type checkers, and typing is not loaded for them
        __class_getitem__ = classmethod(type(list[int]))


#: what is raised for a field that a page does not have, or that is of another type
NO_FIELD = (KeyError, TypeError, ValueError)


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

    if TYPE_CHECKING:

        @t.overload
        def items(self: Paginator[IterableResponse[ItemT, t.Any]]) -> Iterator[ItemT]: ...
        @t.overload
        def items(self) -> Iterator[t.Any]: ...

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
            try:
                items = iter(fields_of(page)[key])
            except NO_FIELD:
                raise self._lacks(key) from None
            yield from items

    @classmethod
    def wrap(cls, method: Callable[P, R]) -> Callable[P, Paginator[R]]:
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

    def _lacks(self, key: str) -> Exception:
        return self._invalid(f"has no {key!r}")

    def _invalid(self, what: str) -> Exception:
        return ValidationError(f"a page of {_name(self.method)} {what}")


def fields_of(page: t.Any) -> Fields:
    """The fields of a page, which may be a response or plain data; none if it is no JSON object."""
    data = getattr(page, "data", page)
    if isinstance(data, dict):
        return data
    return page if hasattr(page, "get") else {}


def _name(method: t.Any) -> str:
    return str(getattr(method, "__qualname__", None) or repr(method))
