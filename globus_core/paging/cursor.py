"""
Paginators for pages that say how to get the next one.
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


def _position() -> t.Any:
    """The cursor of the page fetched last, None for the first; set it to begin elsewhere."""

    def get(pager: CursorPaginator[t.Any]) -> t.Any:
        return pager._position

    def begin_at(pager: CursorPaginator[t.Any], cursor: t.Any) -> None:
        pager._start = pager._position = cursor

    return property(get, begin_at, doc=_position.__doc__)


class CursorPaginator(Paginator["PageT"]):
    """Each page names the next; subclasses say where, and with which argument to ask for it."""

    _argument: t.ClassVar[str]
    _start: t.Any = None
    _position: t.Any = None

    def pages(self) -> Iterator[PageT]:
        arguments = dict(self.client_kwargs)
        self._position = self._start
        if self._start is not None:
            arguments[self._argument] = self._start
        guard = _Guard(self._content)
        fetch, positional = self.method, self.client_args
        while True:
            page = fetch(*positional, **arguments)
            yield page
            fields = fields_of(page)
            cursor = self._position = self._next_cursor(fields)
            if cursor is None:
                return
            if guard.repeats(cursor, page):
                raise self._invalid("leads back to an earlier page, so paging would never end")
            # do not keep the page while the next one is fetched
            del page, fields
            arguments[self._argument] = cursor

    @abstractmethod
    def _next_cursor(self, fields: Fields) -> t.Any:
        """Get what a page says about the next one; None if there is none."""

    def _content(self, page: t.Any) -> t.Any:
        """What distinguishes this page from others, for the guard against endless paging."""
        if self.items_key is not None:
            return fields_of(page).get(self.items_key)
        return getattr(page, "data", page)

    def _required_cursor(self, fields: Fields, key: str) -> t.Any:
        """Get the cursor of a page that says there is another."""
        cursor = fields.get(key)
        if cursor is None or cursor == "":
            raise self._invalid(f"says that there is another page but has no {key!r}")
        return cursor

    def _optional_cursor(self, fields: Fields, key: str) -> t.Any:
        """Get the cursor of a page that has one exactly when there is another."""
        cursor = fields.get(key)
        return None if cursor == "" else cursor


class MarkerPaginator(CursorPaginator["PageT"]):
    """
    Sends the ``marker`` of a page to get the next, while ``has_next_page`` is true.
    """

    marker = _position()
    _argument = "marker"

    def __init__(
        self,
        method: Callable[..., PageT],
        *,
        items_key: str | None = None,
        marker_key: str = "marker",
        client_args: Iterable[t.Any],
        client_kwargs: dict[str, t.Any],
    ) -> None:
        """
        Make the paginator of one call; nothing is fetched.

        :param method: The bound client method that fetches one page.
        :param items_key: Where in a page its elements are; None if that varies.
        :param marker_key: Where in a page the marker is.
        :param client_args: Positional arguments for the method.
        :param client_kwargs: Keyword arguments for the method.
        """
        super().__init__(
            method, items_key=items_key, client_args=client_args, client_kwargs=client_kwargs
        )
        self.marker_key = marker_key

    def _next_cursor(self, fields: Fields) -> t.Any:
        if not fields.get("has_next_page"):
            return None
        return self._required_cursor(fields, self.marker_key)


class NullableMarkerPaginator(MarkerPaginator["PageT"]):
    """
    Sends the ``marker`` of a page to get the next, until there is none.
    """

    def _next_cursor(self, fields: Fields) -> t.Any:
        return self._optional_cursor(fields, self.marker_key)


class LastKeyPaginator(CursorPaginator["PageT"]):
    """
    Sends the ``last_key`` of a page to get the next, while ``has_next_page`` is true.

    Takes the parameters of ``Paginator``.
    """

    last_key = _position()
    _argument = "last_key"

    def _next_cursor(self, fields: Fields) -> t.Any:
        try:
            if not fields["has_next_page"]:
                return None
        except NO_FIELD:
            raise self._lacks("has_next_page") from None
        return self._required_cursor(fields, "last_key")


class NextTokenPaginator(CursorPaginator["PageT"]):
    """
    Sends the ``next_token`` of a page to get the next, until there is none.

    Takes the parameters of ``Paginator``.
    """

    next_token = _position()
    _argument = "next_token"

    def _next_cursor(self, fields: Fields) -> t.Any:
        return self._optional_cursor(fields, "next_token")


class _Guard:
    """
    Detects a cycle of cursors of any length, remembering only one of them.

    Brent's algorithm: the remembered one is replaced after 1, 2, 4, 8 ... pages. The same cursor
    with other content is not a cycle, as some services keep the position on their side.
    """

    __slots__ = ("_content", "_content_of", "_cursor", "_left", "_span")

    def __init__(self, content: Callable[[t.Any], t.Any]) -> None:
        self._content_of = content
        self._cursor: t.Any = object()  # no page has this one
        self._content: t.Any = None
        self._left = 1
        self._span = 1

    def repeats(self, cursor: t.Any, page: t.Any) -> bool:
        if cursor == self._cursor and self._content_of(page) == self._content:
            return True
        self._left -= 1
        if self._left == 0:
            self._cursor, self._content = cursor, self._content_of(page)
            self._left = self._span = self._span * 2
        return False
