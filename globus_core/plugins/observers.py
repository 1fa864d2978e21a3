"""
Observer hooks, so quick to call that they may stand in every request.

Whoever tells observers holds one object for the hook and asks it each time; what the plugins
contribute to it is worked out once, when there is first something to tell, and forgotten when
plugins come, go or are blocked.
"""

from __future__ import annotations

from . import current_manager
from .current_manager import get_plugin_manager, on_plugins_changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Call = t.Callable[..., t.Any]


class ObserverHook:
    """
    A hook of observers, whose only argument is an event. What they raise is reported.

    :ivar name: the hook's name
    :ivar calls: the functions of the plugins, each called with the event; empty if nobody
        observes. As long as that is not known, one that finds it out
    """

    __slots__ = ("_owners", "_unknown", "calls", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._owners: tuple[tuple[Call, str], ...] = ()
        self._unknown: tuple[Call, ...] = (self._find_out,)
        self.calls: tuple[Call, ...] = self._unknown

    def tell(self, event: t.Any) -> None:
        """
        Tell all observers; one that fails does not keep the news from the others.

        Where the event costs something, look first: ``if hook.calls: hook.tell(...)``.

        :param event: what happened
        :raises PluginError: in strict mode, if a plugin cannot be used
        """
        for call in self.calls:
            try:
                call(event=event)
            except (Exception, SystemExit) as error:  # the boundary to foreign code
                self._failed(call, error)

    def is_observed(self) -> bool:
        """
        Whether anybody observes; found out now if that is not known yet.

        :raises PluginError: in strict mode, if a plugin cannot be used
        """
        return bool((self._found() if self.calls is self._unknown else self).calls)

    def forget(self) -> None:
        """
        Find out anew, at the next event, who observes.
        """
        self.calls = self._unknown

    def _find_out(self, event: t.Any) -> None:
        self._found().tell(event)

    def _found(self) -> ObserverHook:
        """A hook for the plugins of now; kept for later events once all of them are loaded."""
        generation = current_manager.generation  # first, so that no change after this is missed
        manager = get_plugin_manager()
        found = manager.implementations(self.name)
        told = ObserverHook(self.name)
        owners: dict[int, tuple[Call, str]] = {}
        for implementation in found:
            call: Call = implementation.call
            if id(call) in owners:  # two plugins share it; who fails is to be known
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
        # one that was taken out meanwhile is known by its module only
        owners = (label for known, label in self._owners if known is call)
        label = next(owners, None) or str(getattr(call, "__module__", self.name))
        get_plugin_manager().report(label, self.name, error)


_hooks: dict[str, ObserverHook] = {}


def observer_hook(name: str, /) -> ObserverHook:
    """
    The object to tell the observers of a hook with; always the same one.

    :param name: the hook's name
    """
    return _hooks.get(name) or _hooks.setdefault(name, ObserverHook(name))


def _forget_all() -> None:
    for hook in tuple(_hooks.values()):
        hook.forget()


on_plugins_changed(_forget_all)
