"""
Longer work that observers can follow from its beginning to its end: a login, a renewal, the wait
for its lock, a look-up of identities.
"""

from __future__ import annotations

import contextlib
import time

from . import compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .events import StepEvent
    from .token_storage import TokenStorage

_BEFORE = compose.observer_hook("globus_before_step")
_AFTER = compose.observer_hook("globus_after_step")


class Step:
    """
    A step, for a ``with`` block; it costs almost nothing when nobody listens.

    :param kind: what is done, see :class:`globus_core.events.StepEvent`
    :param facts: further fields of the event
    """

    __slots__ = ("_began", "_event", "_facts", "_kind")

    def __init__(self, kind: str, **facts: t.Any) -> None:
        self._kind = kind
        self._facts = facts
        self._event: StepEvent | None = None
        self._began = 0.0

    def __enter__(self) -> Step:
        if not (_BEFORE.calls or _AFTER.calls):
            return self
        if not (_BEFORE.is_observed() or _AFTER.is_observed()):
            return self
        from .events import StepEvent

        self._event = StepEvent(self._kind, **self._facts)
        self._began = time.perf_counter()
        _BEFORE.tell(self._event)
        return self

    def __exit__(self, error_class: type[BaseException] | None, *rest: object) -> None:
        self.end(None if error_class is None else error_class.__name__)

    def end(self, error: str | None = None) -> None:
        """
        End the step before its ``with`` block; the second time this does nothing.

        :param error: the name of the exception's class that ends it, or None
        """
        event, self._event = self._event, None
        if event is None:
            return
        from .events import StepEndEvent

        seconds = time.perf_counter() - self._began
        _AFTER.tell(StepEndEvent(event, error=error, seconds=seconds))


def renewal(storage: TokenStorage | None, resource_server: str | None) -> Step:
    """
    The step of renewing a token.

    :param storage: where it is stored, or None
    :param resource_server: whose token it is, or None if that is not known
    """
    namespace = getattr(storage, "namespace", None)
    return Step("renewal", resource_server=resource_server, namespace=namespace)


@contextlib.contextmanager
def renewal_lock(storage: TokenStorage, resource_server: str) -> t.Iterator[t.Any]:
    """
    The renewal lock of a storage, for a ``with`` block; the wait for it is a step.

    :param storage: the storage
    :param resource_server: whose token is renewed
    """
    wait = Step(
        "lock_wait",
        resource_server=resource_server,
        namespace=getattr(storage, "namespace", None),
    )
    with wait, storage.renewal_lock(resource_server) as lease:
        wait.end()
        yield lease
