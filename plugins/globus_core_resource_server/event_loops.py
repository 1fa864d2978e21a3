"""
Checking tokens in an event loop, which never waits for Globus Auth.
"""

from __future__ import annotations

import asyncio
import copy
import typing as t
from hashlib import sha256

from globus_core.exc import GlobusError

if t.TYPE_CHECKING:
    from .caller import Caller
    from .checker import TokenChecker

    Key = tuple[asyncio.AbstractEventLoop, bytes]


class LoopChecks:
    """
    Checks for the tasks of event loops: known callers at once, others in a thread.

    Tasks that have the same token at the same time wait for one thread; a thread for each would
    use up the loop's threads, for which the application waits as well.

    :param checker: checks the tokens
    """

    def __init__(self, checker: TokenChecker) -> None:
        self._checker = checker
        self._asking: dict[Key, asyncio.Task[Caller]] = {}

    async def caller(self, authorization: str | None) -> Caller:
        """
        Who sent a request.

        :param authorization: the value of its ``Authorization`` header; None if there is none
        :raises RefusedError: as :meth:`TokenChecker.check`
        """
        caller = self._checker.remembered(authorization)
        if caller is not None:
            return caller
        assert authorization is not None  # or it would have been refused
        try:
            # a task that is cancelled does not take the answer away from the others
            return await asyncio.shield(self._in_thread(authorization))
        except GlobusError as error:
            # a copy for each, because a traceback belongs to one task
            raise copy.copy(error) from error.__cause__

    def _in_thread(self, authorization: str) -> asyncio.Task[Caller]:
        key = (asyncio.get_running_loop(), sha256(authorization.encode("ascii")).digest())
        asking = self._asking.get(key)
        if asking is None:
            asking = asyncio.create_task(asyncio.to_thread(self._checker.check, authorization))
            self._asking[key] = asking
            asking.add_done_callback(lambda done: self._forget(key, done))
        return asking

    def _forget(self, key: Key, done: asyncio.Task[Caller]) -> None:
        del self._asking[key]
        if not done.cancelled():
            done.exception()  # looked at, even if all who wanted it are gone
