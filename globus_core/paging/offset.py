"""
Paginators that count elements to find where the next page begins.
"""

from __future__ import annotations

from abc import abstractmethod

from .base import NO_FIELD, Paginator, fields_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Callable, Iterable, Iterator

    from .base import Fields

    PageT = t.TypeVar("PageT", covariant=True)


class _LimitOffsetBasedPaginator(Paginator["PageT"]):
    """
    Counts the elements of the pages to get the next, up to a maximum that the service sets.

    :ivar limit: How many elements are asked for at once.
    """

    def __init__(
        self,
        method: Callable[..., PageT],
        *,
        items_key: str | None = None,
        get_page_size: Callable[[PageT], int],
        max_total_results: int,
        page_size: int,
        client_args: Iterable[t.Any],
        client_kwargs: dict[str, t.Any],
    ) -> None:
        """
        Make the paginator of one call; nothing is fetched.

        :param method: The bound client method that fetches one page.
        :param items_key: Where in a page its elements are; None if that varies.
        :param get_page_size: Counts the elements of a page.
        :param max_total_results: The position of the last element that the service gives.
        :param page_size: How many elements to ask for at once; a caller's ``limit`` can only be
            lower.
        :param client_args: Positional arguments for the method.
        :param client_kwargs: Keyword arguments for the method; paging starts at their ``offset``.
        """
        super().__init__(
            method, items_key=items_key, client_args=client_args, client_kwargs=client_kwargs
        )
        self.get_page_size = get_page_size
        self.max_total_results = max_total_results
        self.limit = _limit(page_size, client_kwargs.get("limit"))
        self.offset = _offset(client_kwargs)

    @property
    def offset(self) -> int:
        """How many elements lie before the page fetched last; set it to begin elsewhere."""
        return self._position

    @offset.setter
    def offset(self, offset: int) -> None:
        self._start = self._position = offset

    def pages(self) -> Iterator[PageT]:
        arguments = dict(self.client_kwargs)
        offset = self._position = self._start
        if offset:
            arguments["offset"] = offset
        fetch, positional = self.method, self.client_args
        while (left := self.max_total_results - offset) > 0:
            arguments["limit"] = left if left < self.limit else self.limit
            page = fetch(*positional, **arguments)
            yield page
            try:
                size = self.get_page_size(page)
            except NO_FIELD:
                raise self._invalid("has no elements that can be counted") from None
            offset = self._position = offset + size
            if not self._has_more(fields_of(page), offset):
                return
            if size <= 0:
                raise self._invalid("is empty but says that there is another page")
            # do not keep the page while the next one is fetched
            del page
            arguments["offset"] = offset

    @abstractmethod
    def _has_more(self, fields: Fields, offset: int) -> bool:
        """Say whether there are elements from an offset on."""


class HasNextPaginator(_LimitOffsetBasedPaginator["PageT"]):
    """
    Counts the elements of the pages to get the next, while ``has_next_page`` is true.
    """

    def _has_more(self, fields: Fields, offset: int) -> bool:
        try:
            return bool(fields["has_next_page"])
        except NO_FIELD:
            raise self._lacks("has_next_page") from None


class LimitOffsetTotalPaginator(_LimitOffsetBasedPaginator["PageT"]):
    """
    Counts the elements of the pages to get the next, until there are ``total`` of them.
    """

    def _has_more(self, fields: Fields, offset: int) -> bool:
        try:
            total = fields["total"]
        except NO_FIELD:
            raise self._lacks("total") from None
        if not isinstance(total, int):
            raise self._invalid(f"has a 'total' that is not a number: {total!r}")
        return offset < total


def _limit(page_size: int, asked: t.Any) -> int:
    return min(page_size, asked) if isinstance(asked, int) and asked > 0 else page_size


def _offset(arguments: dict[str, t.Any]) -> int:
    offset = arguments.get("offset")
    return offset if isinstance(offset, int) else 0
