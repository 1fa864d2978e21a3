"""
The exchange of a code for tokens, which are kept even if nobody waits for them any longer.

A code can be used once. If the task that logs in were cancelled while its code is on the way, the
tokens would be lost, and the person would have to log in again.
"""

from __future__ import annotations

import contextlib
import contextvars

from globus_core import waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    R = t.TypeVar("R")
    Keep = t.Callable[[t.Any], object]

_keep: contextvars.ContextVar[Keep | None] = contextvars.ContextVar(
    "globus_core_login_keep", default=None
)


@contextlib.contextmanager
def keeping(keep: Keep) -> t.Iterator[None]:
    """
    Say how the tokens of a login are kept that is cancelled in this ``with`` block.

    :param keep: is called with the token response
    """
    outer = _keep.set(keep)
    try:
        yield
    finally:
        _keep.reset(outer)


def exchange_to_the_end(exchange: t.Callable[..., R], *args: t.Any) -> R:
    """
    Exchange a code; if the caller is cancelled meanwhile, keep the tokens as its login says.

    :param exchange: exchanges the code
    :param args: its arguments
    :return: the token response
    """
    keep = _keep.get()
    if keep is None:  # a program that exchanges codes by itself
        return exchange(*args)
    responses: list[R] = []
    waited_for = True

    def work() -> None:
        responses.append(exchange(*args))
        if not waited_for:
            keep(responses[0])

    try:
        waiting.to_the_end(work)
    except BaseException:
        waited_for = False
        if responses:  # it had come, but was not yet passed on
            keep(responses[0])
        raise
    return responses[0]
