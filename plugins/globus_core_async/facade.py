"""
Facades: the clients, apps and storages of the SDK and of any plugin, awaited.

There is no second set of classes. :func:`wrap` makes a class for each synchronous one when it is
first asked for. Each method of its objects has the same name and arguments, and is awaited; it runs
the synchronous method by :func:`.bridge.run`. What a method returns is plain data or becomes
a facade in its turn. A facade that is passed as an argument becomes the object that it stands for,
and an asynchronous function becomes one that synchronous code can call.
"""

from __future__ import annotations

import functools
import inspect
import types

from globus_core import GlobusHTTPResponse
from globus_core.exc import GlobusSDKUsageError
from globus_core.paging import PaginatorTable

from .bridge import at_once
from .called import Called, steps_of
from .for_sync import for_sync
from .liveness import is_awaited, is_facade_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_FORWARDED = ("__contains__", "__getitem__", "__len__", "__bool__", "__str__")


class FacadeType(type):
    """
    The class of facade classes, which stand for synchronous classes.
    """

    def __call__(cls, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Make an object; it is a facade unless it is plain data."""
        sync = _sync_class(cls)
        args, kwargs = _arguments(args, kwargs)
        return wrap(at_once(sync.__name__, functools.partial(sync, *args, **kwargs)))

    def __getattr__(cls, name: str) -> t.Any:
        if name.startswith("_"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        value = getattr(_sync_class(cls), name)
        if isinstance(value, types.MethodType):  # such as a second constructor
            return Method(value)
        return value

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(unwrap(instance), _sync_class(cls))

    def __dir__(cls) -> list[str]:
        return dir(_sync_class(cls))

    def __repr__(cls) -> str:
        return f"<class 'globus_core.aio.{cls.__name__}'>"


class Facade(metaclass=FacadeType):
    """
    Stands for a synchronous object; its methods are awaited.
    """

    __slots__ = ("__weakref__", "_sync")

    _sync: t.Any

    def __init_subclass__(cls, *, sync: type | None = None, **kwargs: t.Any) -> None:
        super().__init_subclass__(**kwargs)
        if sync is None:
            raise GlobusSDKUsageError(
                "a class of globus_core.aio cannot be derived from: derive from the class of "
                "globus_core, and pass yours to aio.wrap()"
            )

    def __getattr__(self, name: str) -> t.Any:
        sync = object.__getattribute__(self, "_sync")
        kind: t.Any = type(sync)
        if isinstance(inspect.getattr_static(kind, name, None), types.FunctionType):
            if not name.startswith("_"):  # the class would else be iterable, or enterable by "with"
                type.__setattr__(type(self), name, _MethodOf(name))  # found at once from now on
            return Method(getattr(sync, name))
        value = at_once(f"{type(sync).__name__}.{name}", functools.partial(getattr, sync, name))
        if isinstance(value, PaginatorTable):
            return Pages(value)
        if isinstance(value, (types.MethodType, types.FunctionType, types.BuiltinFunctionType)):
            return Method(value)
        return wrap(value)

    def __setattr__(self, name: str, value: t.Any) -> None:
        setattr(self._sync, name, for_sync(value, unwrap))

    async def __aenter__(self) -> t.Any:
        return await Called(self._sync.__enter__, (), {}, wrap)

    async def __aexit__(self, *exc_info: object) -> t.Any:
        return await Called(self._sync.__exit__, exc_info, {}, wrap)

    def __aiter__(self) -> t.AsyncIterator[t.Any]:
        return steps_of(iter, (self._sync,), {}, wrap)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facade) and bool(self._sync == other._sync)

    def __hash__(self) -> int:
        return hash(self._sync)

    def __copy__(self) -> t.Any:
        import copy

        return _facade(copy.copy(self._sync))

    def __deepcopy__(self, memo: dict[int, t.Any]) -> t.Any:
        import copy

        return _facade(copy.deepcopy(self._sync, memo))

    def __reduce_ex__(self, protocol: t.Any) -> t.Any:
        return wrap, (self._sync,)

    def __dir__(self) -> list[str]:
        return dir(self._sync)

    def __repr__(self) -> str:
        return f"<awaited {self._sync!r}>"


class Method:
    """
    A method to be awaited, or iterated with ``async for``, or entered with ``async with``.

    :param function: the synchronous method, bound to its object
    """

    __slots__ = ("__wrapped__",)

    def __init__(self, function: t.Callable[..., t.Any]) -> None:
        self.__wrapped__ = function

    def __call__(self, *args: t.Any, **kwargs: t.Any) -> Called:
        args, kwargs = _arguments(args, kwargs)
        return Called(self.__wrapped__, args, kwargs, wrap)

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self.__wrapped__, name)

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return self.__wrapped__.__doc__

    def __repr__(self) -> str:
        return f"<awaited {self.__wrapped__!r}>"


class _MethodOf:
    """
    A method of a facade class.

    :param name: its name
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, facade: Facade | None, owner: type) -> t.Any:
        if facade is None:
            return getattr(_sync_class(owner), self._name)
        return Method(getattr(facade._sync, self._name))


class Pages:
    """
    ``client.paginated``: its methods give paginators at once, for ``async for``.

    :param table: the paginated methods of the synchronous client
    """

    __slots__ = ("_table",)

    def __init__(self, table: PaginatorTable) -> None:
        self._table = table

    def __getattr__(self, name: str) -> t.Callable[..., t.Any]:
        make = getattr(self._table, name)

        @functools.wraps(make)
        def paginated(*args: t.Any, **kwargs: t.Any) -> t.Any:
            args, kwargs = _arguments(args, kwargs)
            return wrap(make(*args, **kwargs))

        return paginated

    def __dir__(self) -> list[str]:
        return dir(self._table)


def wrap(value: t.Any) -> t.Any:
    """
    The awaited form of a class or an object of the SDK, of a plugin or of your own.

    :param value: a synchronous class or object
    :return: a facade class, or a facade; data is returned as it is
    """
    if isinstance(value, GlobusHTTPResponse) and value.is_read:  # the most frequent one
        return value
    if isinstance(value, FacadeType):
        return value
    if isinstance(value, type):
        return _facade_class(value) if is_facade_class(value) else value
    if type(value) in (list, tuple):
        return type(value)(map(wrap, value))  # pyright: ignore
    if is_awaited(value):
        return _facade(value)
    if hasattr(type(value), "__next__"):
        return steps_of(_itself, (value,), {}, wrap)
    return value


def unwrap(value: t.Any) -> t.Any:
    """
    The synchronous class or object that a facade stands for.

    :param value: a facade or facade class; anything else is returned as it is
    """
    if isinstance(value, type):
        return _sync_class(value) if isinstance(value, FacadeType) else value
    if isinstance(type(value), FacadeType):
        return object.__getattribute__(value, "_sync")
    return value


async def call(function: t.Callable[..., t.Any], /, *args: t.Any, **kwargs: t.Any) -> t.Any:
    """
    Call a synchronous function that uses the SDK, and await it.

    What it sends and waits for does not block the event loop. Facades among the arguments become
    the objects that they stand for.

    :param function: the function
    :param args: its arguments
    :param kwargs: its keyword arguments
    :return: what it returns; a facade if that is to be awaited
    """
    args, kwargs = _arguments(args, kwargs)
    return await Called(unwrap(function), args, kwargs, wrap)


def _arguments(
    args: tuple[t.Any, ...], kwargs: dict[str, t.Any]
) -> tuple[tuple[t.Any, ...], dict[str, t.Any]]:
    return (
        tuple([for_sync(value, unwrap) for value in args]),
        {name: for_sync(value, unwrap) for name, value in kwargs.items()},
    )


def _itself(iterator: t.Any) -> t.Any:
    return iterator


def _facade(sync: t.Any) -> Facade:
    kind: t.Any = type(sync)
    made: Facade = object.__new__(_facade_class(kind))
    object.__setattr__(made, "_sync", sync)
    return made


_sync_classes: dict[type, type] = {}


def _sync_class(cls: type) -> type:
    return _sync_classes.get(cls, object)


@functools.lru_cache(maxsize=1024)
def _facade_class(sync: t.Any) -> t.Any:
    namespace: dict[str, t.Any] = {
        "__slots__": (),
        "__module__": "globus_core.aio",
        "__qualname__": sync.__qualname__,
        "__doc__": sync.__doc__,
    }
    for name in _FORWARDED:
        if getattr(sync, name, None) not in (None, getattr(object, name, None)):
            namespace[name] = _forwarded(name)
    made = FacadeType(sync.__name__, (Facade,), namespace, sync=sync)
    _sync_classes[made] = sync
    return made


def _forwarded(name: str) -> t.Callable[..., t.Any]:
    def forward(self: Facade, *args: t.Any) -> t.Any:
        sync = self._sync
        method = getattr(type(sync), name)
        what = f"{type(sync).__name__}.{name}"
        return wrap(at_once(what, functools.partial(method, sync, *args)))

    return forward


__all__ = ("Facade", "call", "unwrap", "wrap")
