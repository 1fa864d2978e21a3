"""
Walking through answers that come in pages.

A client's method opts in with ``has_paginator``; ``client.paginated.<method>(...)`` then gives a
paginator in place of the first page. A page is fetched when it is asked for, no page is kept,
and each iteration starts at the first page.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Callable, Iterable, Iterator

    P = t.ParamSpec("P")
    F = t.TypeVar("F", bound=Callable[..., t.Any])
    PageT = t.TypeVar("PageT")

    class _Base(Iterable[PageT], t.Generic[PageT]):
        pass

else:

    class _Base:
        # subscripts are for type checkers, and typing is not loaded for them
        __class_getitem__ = classmethod(type(list[int]))


_PAGING = "_globus_core_paging"
_ABSENT = object()


class Paginator(_Base["PageT"], ABC):
    """
    All pages of one method call; iterate it, or ``pages()``, or ``items()``.

    A subclass is one style of paging and implements ``pages``. It must not change
    ``client_kwargs``, so that the next iteration starts anew.

    :param method: The bound client method that fetches one page.
    :param items_key: Where in a page its elements are; None if they have no one place.
    :param client_args: Positional arguments for the method.
    :param client_kwargs: Keyword arguments for the method.
    """

    def __init__(
        self,
        method: Callable[..., PageT],
        *,
        items_key: str | None = None,
        client_args: Iterable[t.Any],
        client_kwargs: dict[str, t.Any],
        # further arguments are for styles that know them; 4.x takes and ignores them too
        **kwargs: t.Any,
    ) -> None:
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

        :raises GlobusSDKUsageError: If the method's pages have no one place for elements.
        :raises ValidationError: If a page has no elements in that place.
        """
        if self.items_key is None:
            raise _usage_error(
                f"{_name(self.method)} does not say where its items are, iterate over pages()"
            )
        return self._items(self.items_key)

    def _items(self, key: str) -> Iterator[t.Any]:
        for page in self.pages():
            items = _field(page, key)
            if not hasattr(items, "__iter__"):
                raise self._invalid(f"has no {key!r}")
            yield from items

    @classmethod
    def wrap(cls, method: Callable[P, PageT]) -> Callable[P, Paginator[PageT]]:
        """
        Give a function that takes a method's arguments and returns its paginator.

        The same as ``client.paginated.<method>``, in a form that type checkers follow.

        :param method: A method of a client that has paging, bound to the client.
        :raises TypeError: If it is not a bound method.
        :raises GlobusSDKUsageError: If it has no paging.
        """
        owner = getattr(method, "__self__", None)
        if owner is None or not hasattr(method, "__func__"):
            raise TypeError(f"a method of a client is needed to page through, not {method!r}")
        paging = _find_paging(type(owner), method.__name__)
        if paging is None:
            raise _usage_error(f"{_name(method)} has no paging")
        return paging.bind(method)

    def _fetch(self, arguments: dict[str, t.Any]) -> PageT:
        return self.method(*self.client_args, **arguments)

    def _required(self, page: PageT, key: str) -> t.Any:
        value = _field(page, key)
        if value is _ABSENT:
            raise self._invalid(f"has no {key!r}")
        return value

    def _content(self, page: PageT) -> t.Any:
        """What tells this page from others, for the guard against endless paging."""
        if self.items_key is not None:
            return _field(page, self.items_key)
        return getattr(page, "data", page)

    def _invalid(self, what: str) -> Exception:
        return _invalid_page(self.method, what)


class _CursorPaginator(Paginator["PageT"]):
    """Each page names the next; subclasses say where, and how to ask for it."""

    def pages(self) -> Iterator[PageT]:
        arguments = dict(self.client_kwargs)
        guard = _Guard()
        while True:
            page = self._fetch(arguments)
            yield page
            cursor = self._next_cursor(page)
            if cursor is None:
                return
            if guard.repeats(cursor, self._content(page)):
                raise self._invalid("leads back to an earlier page, so there is no end")
            # not held while the next one is fetched
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
        cursor = _field(page, key)
        if cursor is _ABSENT or cursor is None or cursor == "":
            raise self._invalid(f"says that there is another but has no {key!r}")
        return cursor

    def _optional_cursor(self, page: PageT, key: str) -> t.Any:
        """Get the cursor of a page that has one exactly when there is another."""
        cursor = _field(page, key)
        return None if cursor is _ABSENT or cursor == "" else cursor


class MarkerPaginator(_CursorPaginator["PageT"]):
    """
    Sends the ``marker`` of a page to get the next, while ``has_next_page`` is true.

    :param method: The bound client method that fetches one page.
    :param items_key: Where in a page its elements are; None if they have no one place.
    :param marker_key: Where in a page the marker is.
    :param client_args: Positional arguments for the method.
    :param client_kwargs: Keyword arguments for the method.
    """

    def __init__(
        self,
        method: Callable[..., PageT],
        *,
        items_key: str | None = None,
        marker_key: str = "marker",
        client_args: Iterable[t.Any],
        client_kwargs: dict[str, t.Any],
    ) -> None:
        super().__init__(
            method, items_key=items_key, client_args=client_args, client_kwargs=client_kwargs
        )
        self.marker_key = marker_key

    def _next_cursor(self, page: PageT) -> t.Any:
        more = _field(page, "has_next_page")
        if more is _ABSENT or not more:
            return None
        return self._required_cursor(page, self.marker_key)

    def _next_arguments(self, cursor: t.Any) -> dict[str, t.Any]:
        return {"marker": cursor}


class NullableMarkerPaginator(MarkerPaginator["PageT"]):
    """
    Sends the ``marker`` of a page to get the next, until there is none.

    Takes the parameters of ``MarkerPaginator``.
    """

    def _next_cursor(self, page: PageT) -> t.Any:
        return self._optional_cursor(page, self.marker_key)


class LastKeyPaginator(_CursorPaginator["PageT"]):
    """
    Sends the ``last_key`` of a page to get the next, while ``has_next_page`` is true.

    Takes the parameters of ``Paginator``.
    """

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
        links = _field(page, "links")
        link = links.get("next") if isinstance(links, dict) else None
        # a link may be written as an object as well
        if isinstance(link, dict):
            link = link.get("href")
        return link if link and isinstance(link, str) else None

    def _content(self, page: PageT) -> t.Any:
        return _field(page, "data")

    def _next_arguments(self, cursor: t.Any) -> dict[str, t.Any]:
        from urllib.parse import parse_qs, urlsplit

        try:
            query = parse_qs(urlsplit(cursor).query, keep_blank_values=True)
        except ValueError:
            raise self._invalid("has a 'links.next' that is not a URL") from None
        return {"query_params": query}


class _LimitOffsetBasedPaginator(Paginator["PageT"]):
    """
    Counts the elements of the pages to get the next, up to a maximum that the service sets.

    :param method: The bound client method that fetches one page.
    :param items_key: Where in a page its elements are; None if they have no one place.
    :param get_page_size: Counts the elements of a page.
    :param max_total_results: The position of the last element that the service gives.
    :param page_size: How many elements to ask for at once; a caller's ``limit`` is not used.
    :param client_args: Positional arguments for the method.
    :param client_kwargs: Keyword arguments for the method; paging starts at their ``offset``.
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
        super().__init__(
            method, items_key=items_key, client_args=client_args, client_kwargs=client_kwargs
        )
        self.get_page_size = get_page_size
        self.max_total_results = max_total_results
        self.page_size = page_size

    def pages(self) -> Iterator[PageT]:
        arguments = dict(self.client_kwargs)
        offset = _offset(arguments)
        while offset < self.max_total_results:
            arguments["limit"] = min(self.page_size, self.max_total_results - offset)
            page = self._fetch(arguments)
            yield page
            size = self._size(page)
            offset += size
            if not self._has_more(page, offset):
                return
            if size <= 0:
                raise self._invalid("is empty but says that there is another")
            # not held while the next one is fetched
            del page
            arguments["offset"] = offset

    def _size(self, page: PageT) -> int:
        try:
            return self.get_page_size(page)
        except (KeyError, TypeError, ValueError):
            raise self._invalid("has no elements that can be counted") from None

    @abstractmethod
    def _has_more(self, page: PageT, offset: int) -> bool:
        """Say whether there are elements from an offset on."""


class HasNextPaginator(_LimitOffsetBasedPaginator["PageT"]):
    """
    Counts the elements of the pages to get the next, while ``has_next_page`` is true.
    """

    def _has_more(self, page: PageT, offset: int) -> bool:
        return bool(self._required(page, "has_next_page"))


class LimitOffsetTotalPaginator(_LimitOffsetBasedPaginator["PageT"]):
    """
    Counts the elements of the pages to get the next, until there are ``total`` of them.
    """

    def _has_more(self, page: PageT, offset: int) -> bool:
        total = self._required(page, "total")
        if not isinstance(total, int):
            raise self._invalid(f"has a 'total' that is not a number: {total!r}")
        return offset < total


class PaginatorTable:
    """
    The paginated forms of a client's methods, as attributes of the same names.

    :param client: The client whose methods fetch the pages.
    """

    __slots__ = ("_client",)

    def __init__(self, client: object) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Paginator[t.Any]]:
        # also what copy and pickle ask of an object that has no fields yet
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        owner = type(self._client)
        paging = _find_paging(owner, name)
        if paging is None:
            raise AttributeError(_no_paging(owner, name))
        return paging.bind(getattr(self._client, name))

    def __dir__(self) -> list[str]:
        owner = type(self._client)
        paginated = [name for name in dir(owner) if _find_paging(owner, name) is not None]
        return [*super().__dir__(), *paginated]


def has_paginator(
    paginator_class: type[Paginator[t.Any]],
    items_key: str | None = None,
    **paginator_params: t.Any,
) -> Callable[[F], F]:
    """
    Declare that a client's method gives the first of several pages.

    The method itself stays as it is. One that overrides it in a subclass is paginated likewise,
    unless it declares something else.

    :param paginator_class: The style of paging.
    :param items_key: Where in a page its elements are; None if they have no one place.
    :param paginator_params: Further arguments for the class.
    """

    def declare(method: F) -> F:
        setattr(method, _PAGING, _Paging(paginator_class, items_key, paginator_params))
        return method

    return declare


class _Paging:
    """How a method is paginated."""

    __slots__ = ("items_key", "paginator_class", "params")

    def __init__(
        self,
        paginator_class: type[Paginator[t.Any]],
        items_key: str | None,
        params: dict[str, t.Any],
    ) -> None:
        self.paginator_class = paginator_class
        self.items_key = items_key
        self.params = params

    def bind(self, method: Callable[..., PageT]) -> Callable[..., Paginator[PageT]]:
        """Give the function that makes a method's paginators."""

        def paginated(*args: t.Any, **kwargs: t.Any) -> Paginator[PageT]:
            return self.paginator_class(
                method,
                items_key=self.items_key,
                client_args=args,
                client_kwargs=kwargs,
                **self.params,
            )

        # what functools.wraps does, without loading functools for it
        paginated.__name__ = getattr(method, "__name__", paginated.__name__)
        paginated.__qualname__ = getattr(method, "__qualname__", paginated.__qualname__)
        paginated.__doc__ = method.__doc__
        paginated.__wrapped__ = method  # type: ignore[attr-defined]
        return paginated


class _Guard:
    """
    Notices cursors that go round in a circle, of whatever length, with one cursor remembered.

    After Brent: the remembered one is replaced after 1, 2, 4, 8 ... pages. The same cursor with
    other content is no circle: some services keep their position to themselves.
    """

    def __init__(self) -> None:
        self._cursor: t.Any = _ABSENT
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


def _find_paging(owner: type, name: str) -> _Paging | None:
    """Find the nearest declaration for a method, be it for one that is overridden."""
    for base in owner.__mro__:
        paging = getattr(vars(base).get(name), _PAGING, None)
        if paging is not None:
            found: _Paging = paging
            return found
    return None


def _no_paging(owner: type, name: str) -> str:
    if hasattr(owner, name):
        return f"{owner.__name__}.{name} has no paging, call it on the client itself"
    return f"{owner.__name__} has no method {name!r}"


def _field(page: t.Any, key: str) -> t.Any:
    """Get a field of a page, which may be a response or plain data."""
    get = getattr(page, "get", None)
    return _ABSENT if get is None else get(key, _ABSENT)


def _offset(arguments: dict[str, t.Any]) -> int:
    offset = arguments.get("offset")
    return offset if isinstance(offset, int) else 0


def _name(method: t.Any) -> str:
    return str(getattr(method, "__qualname__", None) or repr(method))


def _usage_error(message: str) -> Exception:
    from globus_core.exc import GlobusSDKUsageError

    return GlobusSDKUsageError(message)


def _invalid_page(method: t.Any, what: str) -> Exception:
    from globus_core.exc import ValidationError

    return ValidationError(f"a page of {_name(method)} {what}")
