"""
Observer hooks, which are quick enough to be called in every request.

Code that notifies observers keeps one object for the hook. The functions of the plugins are
collected at the first event, and again after plugins are added, removed or blocked.
"""

from __future__ import annotations

from . import current_manager
from .current_manager import get_plugin_manager, on_plugins_changed
from .records import raise_interrupt

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Call = t.Callable[..., t.Any]


class ObserverHook:
    """
    An observer hook, whose only argument is an event. What an observer raises is reported.

    :ivar name: the hook's name
    :ivar calls: the functions of the plugins, each called with the event; empty if there are none.
        Until they are known, a single function that collects them
    """

    __slots__ = ("_owners", "_unknown", "calls", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._owners: tuple[tuple[Call, str], ...] = ()
        self._unknown: tuple[Call, ...] = (self._find_out,)
        self.calls: tuple[Call, ...] = self._unknown

    def tell(self, event: t.Any) -> None:
        """
        Notify all observers; one that fails does not affect the others.

        Where making the event has a cost, check first: ``if hook.calls: hook.tell(...)``.

        :param event: what happened
        :raises PluginError: in strict mode, if a plugin cannot be used
        """
        for call in self.calls:
            try:
                call(event=event)
            except BaseException as error:  # foreign code
                raise_interrupt(error)
                self._failed(call, error)

    def is_observed(self) -> bool:
        """
        Whether there are observers; collects them if they are not known yet.

        :raises PluginError: in strict mode, if a plugin cannot be used
        """
        return bool((self._found() if self.calls is self._unknown else self).calls)

    def forget(self) -> None:
        """
        Collect the observers again at the next event.
        """
        self.calls = self._unknown

    def _find_out(self, event: t.Any) -> None:
        self._found().tell(event)

    def _found(self) -> ObserverHook:
        """Collect the functions of the current plugins; kept once all plugins are loaded."""
        generation = current_manager.generation  # first, so that no change after this is missed
        manager = get_plugin_manager()
        found = manager.implementations(self.name)
        told = ObserverHook(self.name)
        owners: dict[int, tuple[Call, str]] = {}
        for implementation in found:
            call: Call = implementation.call
            if id(call) in owners:  # two plugins share it; the failing one must be known
                call = implementation.__call__
            owners[id(call)] = (call, implementation.record.label)
        told._owners = self._owners = tuple(owners.values())
        told.calls = tuple(call for call, _ in owners.values())
        if manager.is_resolved(self.name):
            self.calls = told.calls
            if generation is not current_manager.generation:  # plugins changed meanwhile
                self.forget()
        return told

    def _failed(self, call: Call, error: BaseException) -> None:
        if call is self._unknown[0]:
            raise error
        # one that was removed meanwhile is known by its module only
        owners = (label for known, label in self._owners if known is call)
        label = next(owners, None) or str(getattr(call, "__module__", self.name))
        get_plugin_manager().report(label, self.name, error)


_hooks: dict[str, ObserverHook] = {}


def observer_hook(name: str, /) -> ObserverHook:
    """
    The object that notifies the observers of a hook; always the same one.

    :param name: the hook's name
    """
    return _hooks.get(name) or _hooks.setdefault(name, ObserverHook(name))


def _forget_all() -> None:
    for hook in tuple(_hooks.values()):
        hook.forget()


on_plugins_changed(_forget_all)
