from collections.abc import AsyncGenerator, AsyncIterable, Coroutine, Generator
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

class Facade:
    """Stands for a synchronous object; its methods are awaited."""

class _Call(Coroutine[Any, Any, T]):
    def __await__(self) -> Generator[Any, Any, T]: ...
    def send(self, value: Any, /) -> Any: ...
    def throw(
        self, kind: Any, value: Any = None, traceback: TracebackType | None = None, /
    ) -> Any: ...
    def close(self) -> None: ...

class Each(_Call[AsyncGenerator[T]], AsyncIterable[T]):
    """A call to be iterated with ``async for``; awaited, it gives an iterator."""

    def __aiter__(self) -> AsyncGenerator[T]: ...

class Entered(_Call[AbstractAsyncContextManager[T]]):
    """A call to be entered with ``async with``."""

    async def __aenter__(self) -> T: ...
    async def __aexit__(self, *exc_info: object) -> bool | None: ...
