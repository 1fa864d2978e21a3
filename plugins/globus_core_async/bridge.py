"""
From coroutines to the synchronous code of the SDK, and back.

:func:`run` calls a synchronous function in a greenlet of its own. Where that function has to wait,
for an answer or a lock, :func:`wait_for` hands an awaitable to the coroutine that called
:func:`run`, which awaits it, and the event loop runs other tasks meanwhile. The function sees
none of this: it was written once, for threads. SQLAlchemy's asyncio extension works in the same
way.

The greenlet shares the context variables of the task. What runs in other threads, such as those
that the SDK starts for itself, is not in a greenlet and waits as it always does.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import threading
import weakref

import greenlet

from globus_core.exc import GlobusSDKUsageError

from .turns import Turns

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    R = t.TypeVar("R")


class Call:
    """
    A synchronous call that can wait for awaitables.

    :param function: the function
    :param args: its arguments
    :param kwargs: its keyword arguments; None for none
    :param owner: what owns the locks that are taken during the call; None makes a new owner
    :param shielded: whether the call goes on when the task that waits for it is cancelled
    :ivar ended: whether the function has returned
    :ivar result: what it has returned
    """

    __slots__ = ("args", "ended", "function", "kwargs", "owner", "result", "shielded")

    def __init__(
        self,
        function: t.Callable[..., t.Any],
        args: tuple[t.Any, ...] = (),
        kwargs: dict[str, t.Any] | None = None,
        *,
        owner: object = None,
        shielded: bool = False,
    ) -> None:
        self.function = function
        self.args = args
        self.kwargs = {} if kwargs is None else kwargs
        self.owner = object() if owner is None else owner
        self.shielded = shielded
        self.ended = False
        self.result: t.Any = None


class _Carrier(greenlet.greenlet):  # type: ignore[misc]
    """
    Runs calls, one after another, since making a greenlet takes longer than what it does here.

    One whose call has raised an exception ends with it. Nothing is passed to it, or by it, when it
    begins or has ended a call: what is passed stays alive for as long as it rests.
    """

    call: Call | None = None

    def run(self) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        while True:
            call = self.call
            assert call is not None
            call.result = call.function(*call.args, **call.kwargs)
            call.ended = True
            self.call = call = None
            assert self.parent is not None
            self.parent.switch()


class _Carriers(threading.local):
    """The carriers of a thread that have nothing to do."""

    def __init__(self) -> None:
        self._resting: list[_Carrier] = []

    def take(self) -> _Carrier:
        return self._resting.pop() if self._resting else _Carrier()

    def give_back(self, carrier: _Carrier) -> None:
        if len(self._resting) < _MOST_RESTING and not carrier.dead:
            carrier.gr_context = None
            self._resting.append(carrier)


_MOST_RESTING = 256  # each has some 16 kB
_carriers = _Carriers()


def current_call() -> Call | None:
    """
    The call in whose greenlet the caller runs; None outside of one, as in any other thread.
    """
    current = greenlet.getcurrent()
    return current.call if isinstance(current, _Carrier) else None


def wait_for(awaitable: t.Awaitable[R]) -> R:
    """
    Wait for an awaitable from synchronous code, while the event loop runs other tasks.

    :param awaitable: a coroutine or future of the running loop
    :return: its result
    :raises GlobusSDKUsageError: outside of :func:`run`
    """
    carrier = greenlet.getcurrent()
    if not isinstance(carrier, _Carrier):
        close = getattr(awaitable, "close", None)
        if close is not None:  # a coroutine, which would warn that nobody awaits it
            close()
        raise GlobusSDKUsageError("only a function that aio.call() calls can wait for an awaitable")
    assert carrier.parent is not None
    result: R = carrier.parent.switch(awaitable)
    return result


async def run(function: t.Callable[..., R], /, *args: t.Any, **kwargs: t.Any) -> R:
    """
    Call a synchronous function and await what it waits for.

    :param function: the function
    :param args: its arguments
    :param kwargs: its keyword arguments
    :return: what it returns
    :raises GlobusSDKUsageError: in a child process, if the event loop is its parent's
    """
    result: R = await drive(Call(function, args, kwargs))
    return result


async def drive(call: Call, wrap: t.Callable[[t.Any], t.Any] | None = None) -> t.Any:
    """
    Run a call to its end.

    :param call: the call, which has not been started
    :param wrap: makes of the result what is returned; None returns it as it is
    :return: what the function returns
    :raises GlobusSDKUsageError: in a child process, if the event loop is its parent's
    """
    turns = loops.turns()
    if not turns.is_free():
        await turns.later()
    carrier = _carriers.take()
    # not where it was made, which may be in another call
    carrier.parent = driver = greenlet.getcurrent()
    carrier.gr_context = driver.gr_context  # so that context variables are those of the task
    carrier.call = call
    step = carrier.switch()
    while not call.ended:
        try:
            value = await step
        except GeneratorExit:  # nobody can await any longer
            _end(carrier)
            raise
        except BaseException as error:
            step = carrier.throw(error)
        else:
            step = carrier.switch(value)
    _carriers.give_back(carrier)
    return call.result if wrap is None else wrap(call.result)


async def in_turn() -> None:
    """
    Wait for a later round of the loop if much has been done in this one.
    """
    turns = loops.turns()
    if not turns.is_free():
        await turns.later()


def at_once(what: str, function: t.Callable[[], R]) -> R:
    """
    Call a function that cannot be awaited, such as a constructor.

    Locks and files may make it wait for a short time; requests do not.

    :param what: what is called, for the error
    :param function: the function
    :raises GlobusSDKUsageError: while a loop is running, if a request would be sent
    """
    if asyncio._get_running_loop() is not None:
        loops.turns()  # so that check_may_block() is asked
    outer = _at_once.set(what)
    try:
        return function()
    finally:
        _at_once.reset(outer)


def check_may_block() -> None:
    """
    See that a request may block this thread.

    :raises GlobusSDKUsageError: inside of :func:`at_once`, while a loop is running
    """
    what = _at_once.get()
    if what is not None and asyncio._get_running_loop() is not None:
        raise GlobusSDKUsageError(
            f"{what} has to send a request, which must be awaited: call it in a function that "
            "you pass to aio.call()"
        )


_at_once: contextvars.ContextVar[str | None] = contextvars.ContextVar(
    "globus_core_aio_at_once", default=None
)


def _end(carrier: _Carrier) -> None:
    """End a call without waiting: each further wait of its cleanup ends at once as well."""
    while not carrier.dead:
        try:
            step = carrier.throw(GeneratorExit)
        except GeneratorExit:
            return
        if carrier.call is None:  # it has caught the exception and returned
            return
        if hasattr(step, "close"):
            step.close()


class _Loops:
    """The event loops of this process, to tell those that a fork has copied."""

    def __init__(self) -> None:
        self._known: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = (
            weakref.WeakKeyDictionary()
        )
        self._copied: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()
        self._last: tuple[t.Callable[[], object], Turns | None] = (_nothing, None)

    def turns(self) -> Turns:
        """
        The turns of the running loop.

        :raises GlobusSDKUsageError: if a fork has copied it from the parent process
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # some versions of Python notice the fork themselves
            if self._copied:
                raise _copied_loop() from None
            raise
        last, turns = self._last
        if turns is not None and loop is last():
            return turns
        if loop in self._copied:
            raise _copied_loop()
        _install()
        turns = self._known.get(loop)
        if turns is None:
            turns = self._known[loop] = Turns()
        self._last = weakref.ref(loop), turns
        return turns

    def after_fork_in_child(self) -> None:
        for loop in self._known:
            self._copied.add(loop)
        self._known = weakref.WeakKeyDictionary()
        self._last = (_nothing, None)


def _nothing() -> None:
    """What a reference to no loop gives."""


def _install() -> None:
    """Wait and send in the ways of this package, from the first awaited call on."""
    from . import transport, waiter

    waiter.install()
    transport.install()


def _copied_loop() -> GlobusSDKUsageError:
    return GlobusSDKUsageError(
        "this event loop belongs to the parent process; start a new one after a fork, "
        "with asyncio.run()"
    )


loops = _Loops()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=loops.after_fork_in_child)
