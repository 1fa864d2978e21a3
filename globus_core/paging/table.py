"""
Which methods of a client are paginated, and how.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Callable

    from .base import Paginator

    F = t.TypeVar("F", bound=Callable[..., t.Any])
    PageT = t.TypeVar("PageT")

_PAGING = "_globus_core_paging"


def has_paginator(
    paginator_class: type[Paginator[t.Any]],
    items_key: str | None = None,
    **paginator_params: t.Any,
) -> Callable[[F], F]:
    """
    Declare that a client's method returns the first of several pages.

    The method itself stays as it is. One that overrides it in a subclass is paginated likewise,
    unless it declares something else.

    :param paginator_class: The style of paging.
    :param items_key: Where in a page its elements are; None if that varies.
    :param paginator_params: Further arguments for the class.
    """

    def declare(method: F) -> F:
        setattr(method, _PAGING, Paging(paginator_class, items_key, paginator_params))
        return method

    return declare


class Paging:
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


def find_paging(owner: type, name: str) -> Paging | None:
    """Find the nearest declaration for a method, be it for one that is overridden."""
    for base in owner.__mro__:
        paging = getattr(vars(base).get(name), _PAGING, None)
        if paging is not None:
            found: Paging = paging
            return found
    return None


class PaginatorTable:
    """
    The paginated forms of a client's methods, as attributes of the same names.

    :param client: The client whose methods fetch the pages.
    """

    __slots__ = ("_client",)

    def __init__(self, client: object) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Paginator[t.Any]]:
        # copy and pickle ask for such names before there are any fields
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        owner = type(self._client)
        paging = find_paging(owner, name)
        if paging is None:
            raise AttributeError(_no_paging(owner, name))
        return paging.bind(getattr(self._client, name))

    def __dir__(self) -> list[str]:
        owner = type(self._client)
        paginated = [name for name in dir(owner) if find_paging(owner, name) is not None]
        return [*super().__dir__(), *paginated]


def _no_paging(owner: type, name: str) -> str:
    if hasattr(owner, name):
        return f"{owner.__name__}.{name} is not paginated, call it on the client itself"
    return f"{owner.__name__} has no method {name!r}"
