"""
What is finished before an event loop ends: renewals on their way, and open connections.

``asyncio.run()`` and other runners cancel the tasks that are left and then close all asynchronous
generators. So each loop has one generator whose end waits for the tasks here, which are not
cancelled, and then closes what is open.
"""

from __future__ import annotations

import asyncio
import weakref

from .places import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import aiohttp


class LoopEnd:
    """
    What one event loop has to finish.

    :ivar tasks: tasks that are not cancelled
    :ivar places: how many of them may be renewals
    """

    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[t.Any]] = set()
        self.places = Places()
        self._open: set[aiohttp.ClientSession] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._guard: t.AsyncGenerator[None, None] | None = None

    async def begin(self) -> None:
        """
        See to it that the end of the loop is noticed; done once.
        """
        if self._guard is None:
            self._guard = self._until_the_end()
            await self._guard.__anext__()

    def keep_open(self, session: aiohttp.ClientSession) -> None:
        """
        Close a session at the end of the loop, unless it was closed before.

        :param session: the session
        """
        self._open.add(session)

    async def close_now(self, session: aiohttp.ClientSession) -> None:
        """
        Close a session, once the tasks that may use it have ended.

        :param session: the session
        """
        await self.finish_tasks()
        self._open.discard(session)
        await session.close()

    def close_soon(self, session: aiohttp.ClientSession) -> None:
        """
        Close a session without waiting for it.

        :param session: the session
        """
        task = asyncio.get_running_loop().create_task(self.close_now(session))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def start(self, work: t.Coroutine[t.Any, t.Any, t.Any]) -> asyncio.Task[t.Any]:
        """
        Start a task that nothing cancels, not even the end of the loop.

        :param work: the coroutine
        """
        await self.begin()
        task = asyncio.Task(work)  # kept here
        asyncio.tasks._unregister_task(task)  # so that runners do not cancel it
        self.tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def finish_tasks(self) -> None:
        """
        Wait until the tasks have ended.
        """
        me = asyncio.current_task()
        while others := self.tasks - {me}:
            await asyncio.wait(others)

    def _ended(self, task: asyncio.Task[t.Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits gets it; if nobody does, there is nobody to tell

    async def _until_the_end(self) -> t.AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await self.finish_tasks()
            while self._open:
                await self._open.pop().close()
            _ends.pop(asyncio.get_running_loop(), None)


_ends: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, LoopEnd] = weakref.WeakKeyDictionary()


def loop_end() -> LoopEnd:
    """
    What the running loop has to finish.
    """
    loop = asyncio.get_running_loop()
    known = _ends.get(loop)
    if known is None:
        known = _ends[loop] = LoopEnd()
    return known
