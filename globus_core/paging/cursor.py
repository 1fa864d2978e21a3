"""
Paginators for pages that say how to get the next one.
"""

from __future__ import annotations

from abc import abstractmethod

from .base import ABSENT, Paginator, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Callable, Iterable, Iterator

    PageT = t.TypeVar("PageT")


def _position() -> t.Any:
    """The cursor of the page fetched last, None for the first; set it to begin elsewhere."""

    def get(pager: _CursorPaginator[t.Any]) -> t.Any:
        return pager._position

    def begin_at(pager: _CursorPaginator[t.Any], cursor: t.Any) -> None:
        pager._start = pager._position = cursor

    return property(get, begin_at, doc=_position.__doc__)


class _CursorPaginator(Paginator["PageT"]):
    """Each page names the next; subclasses say where, and how to ask for it."""

    _start: t.Any = None
    _position: t.Any = None

    def pages(self) -> Iterator[PageT]:
        arguments = dict(self.client_kwargs)
        self._position = self._start
        if self._start is not None:
            arguments.update(self._next_arguments(self._start))
        guard = _Guard()
        while True:
            page = self._fetch(arguments)
            yield page
            cursor = self._position = self._next_cursor(page)
            if cursor is None:
                return
            if guard.repeats(cursor, self._content(page)):
                raise self._invalid("leads back to an earlier page, so paging would never end")
            # do not keep the page while the next one is fetched
            del page
            arguments.update(self._next_arguments(cursor))

    @abstractmethod
    def _next_cursor(self, page: PageT) -> t.Any:
        """Get what the page says about the next one; None if there is none."""

    @abstractmethod
    def _next_arguments(self, cursor: t.Any) -> dict[str, t.Any]:
        """Give the arguments that ask for the page at a cursor."""

    def _required_cursor(self, page: PageT, key: str) -> t.Any:
        """Get the cursor of a page that says there is another."""
        cursor = field(page, key)
        if cursor is ABSENT or cursor is None or cursor == "":
            raise self._invalid(f"says that there is another page but has no {key!r}")
        return cursor

    def _optional_cursor(self, page: PageT, key: str) -> t.Any:
        """Get the cursor of a page that has one exactly when there is another."""
        cursor = field(page, key)
        return None if cursor is ABSENT or cursor == "" else cursor


class MarkerPaginator(_CursorPaginator["PageT"]):
    """
    Sends the ``marker`` of a page to get the next, while ``has_next_page`` is true.
    """

    marker = _position()

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

    def _next_cursor(self, page: PageT) -> t.Any:
        more = field(page, "has_next_page")
        if more is ABSENT or not more:
            return None
        return self._required_cursor(page, self.marker_key)

    def _next_arguments(self, cursor: t.Any) -> dict[str, t.Any]:
        return {"marker": cursor}


class NullableMarkerPaginator(MarkerPaginator["PageT"]):
    """
    Sends the ``marker`` of a page to get the next, until there is none.
    """

    def _next_cursor(self, page: PageT) -> t.Any:
        return self._optional_cursor(page, self.marker_key)


class LastKeyPaginator(_CursorPaginator["PageT"]):
    """
    Sends the ``last_key`` of a page to get the next, while ``has_next_page`` is true.

    Takes the parameters of ``Paginator``.
    """

    last_key = _position()

    def _next_cursor(self, page: PageT) -> t.Any:
        if not self._required(page, "has_next_page"):
            return None
        return self._required_cursor(page, "last_key")

    def _next_arguments(self, cursor: t.Any) -> dict[str, t.Any]:
        return {"last_key": cursor}


class NextTokenPaginator(_CursorPaginator["PageT"]):
    """
    Sends the ``next_token`` of a page to get the next, until there is none.

    Takes the parameters of ``Paginator``.
    """

    next_token = _position()

    def _next_cursor(self, page: PageT) -> t.Any:
        return self._optional_cursor(page, "next_token")

    def _next_arguments(self, cursor: t.Any) -> dict[str, t.Any]:
        return {"next_token": cursor}


class JSONAPIPaginator(_CursorPaginator["PageT"]):
    """
    Sends the query of a page's ``links.next`` to get the next (JSON:API, pagination).

    Only the query of that link is used: host and path stay those of the client. It replaces
    the caller's ``query_params``. Takes the parameters of ``Paginator``.
    """

    def _next_cursor(self, page: PageT) -> t.Any:
        links = field(page, "links")
        link = links.get("next") if isinstance(links, dict) else None
        # a link may be written as an object as well
        if isinstance(link, dict):
            link = link.get("href")
        return link if link and isinstance(link, str) else None

    def _content(self, page: PageT) -> t.Any:
        return field(page, "data")

    def _next_arguments(self, cursor: t.Any) -> dict[str, t.Any]:
        from urllib.parse import parse_qs, urlsplit

        try:
            query = parse_qs(urlsplit(cursor).query, keep_blank_values=True)
        except ValueError:
            raise self._invalid("has a 'links.next' that is not a URL") from None
        return {"query_params": query}


class _Guard:
    """
    Detects a cycle of cursors of any length, remembering only one of them.

    Brent's algorithm: the remembered one is replaced after 1, 2, 4, 8 ... pages. The same cursor
    with other content is not a cycle, as some services keep the position on their side.
    """

    def __init__(self) -> None:
        self._cursor: t.Any = ABSENT
        self._content: t.Any = None
        self._left = 1
        self._span = 1

    def repeats(self, cursor: t.Any, content: t.Any) -> bool:
        if cursor == self._cursor and content == self._content:
            return True
        self._left -= 1
        if self._left == 0:
            self._cursor, self._content = cursor, content
            self._left = self._span = self._span * 2
        return False
