"""
A call that was made and has not begun: it is awaited, iterated or entered.
"""

from __future__ import annotations

from .bridge import Call, drive

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Arguments = tuple[t.Any, ...]
    Keywords = dict[str, t.Any]
    Wrap = t.Callable[[t.Any], t.Any]

_END = object()


class Called:
    """
    A call of a synchronous function, for ``await``, ``async for`` or ``async with``.

    It can be passed to whatever takes a coroutine, such as ``asyncio.create_task``.

    :param function: the function
    :param args: its arguments
    :param kwargs: its keyword arguments
    :param wrap: makes the result one that can be awaited
    """

    __slots__ = ("_args", "_begun", "_coroutine", "_entered", "_function", "_kwargs", "_wrap")

    def __init__(
        self, function: t.Callable[..., t.Any], args: Arguments, kwargs: Keywords, wrap: Wrap
    ) -> None:
        self._function = function
        self._args = args
        self._kwargs = kwargs
        self._wrap = wrap
        self._begun = False
        self._coroutine: t.Coroutine[t.Any, t.Any, t.Any] | None = None
        self._entered: t.Any = None

    # a coroutine

    def _as_coroutine(self) -> t.Coroutine[t.Any, t.Any, t.Any]:
        if self._coroutine is None:
            self._begun = True
            call = Call(self._function, self._args, self._kwargs)
            self._coroutine = drive(call, self._wrap)
        return self._coroutine

    def __await__(self) -> t.Generator[t.Any, None, t.Any]:
        return self._as_coroutine().__await__()

    def send(self, value: t.Any) -> t.Any:
        """As of a coroutine."""
        return self._as_coroutine().send(value)

    def throw(self, *error: t.Any) -> t.Any:
        """As of a coroutine."""
        return self._as_coroutine().throw(*error)

    def close(self) -> None:
        """As of a coroutine."""
        self._begun = True
        if self._coroutine is not None:
            self._coroutine.close()

    # an iterator

    def __aiter__(self) -> t.AsyncIterator[t.Any]:
        self._begun = True
        return steps_of(self._function, self._args, self._kwargs, self._wrap)

    # a context manager

    async def __aenter__(self) -> t.Any:
        self._begun = True
        owner = object()
        manager = await drive(Call(self._function, self._args, self._kwargs, owner=owner))
        self._entered = (owner, manager)
        return await drive(Call(manager.__enter__, owner=owner), self._wrap)

    async def __aexit__(self, *exc_info: object) -> t.Any:
        owner, manager = self._entered
        return await drive(Call(manager.__exit__, exc_info, owner=owner))

    def __repr__(self) -> str:
        name = getattr(self._function, "__qualname__", repr(self._function))
        return f"<call of {name}, to be awaited>"

    def __del__(self) -> None:
        if not getattr(self, "_begun", True):
            import warnings

            name = getattr(self._function, "__qualname__", repr(self._function))
            warnings.warn(f"{name} was called and not awaited", RuntimeWarning, stacklevel=2)


async def steps_of(
    function: t.Callable[..., t.Any], args: Arguments, kwargs: Keywords, wrap: Wrap
) -> t.AsyncGenerator[t.Any, None]:
    """
    Iterate over what a function returns.

    :param function: the function, which returns an iterable
    :param args: its arguments
    :param kwargs: its keyword arguments
    :param wrap: makes each value one that can be awaited
    """
    owner = object()  # of the locks that are held from one step to the next
    iterable = await drive(Call(function, args, kwargs, owner=owner))
    iterator = await drive(Call(iter, (iterable,), owner=owner))
    try:
        following = (iterator, _END)
        while (value := await drive(Call(next, following, owner=owner))) is not _END:
            yield wrap(value)
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            await drive(Call(close, owner=owner))
