"""
The hook functions of all plugins, validated by pluggy, in the order in which they are asked.
"""

from __future__ import annotations

from globus_core._markers import PROJECT

from .loading import describe, marked
from .records import Implementation

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import pluggy

    from .records import PluginRecord


class HookTable:
    """
    The plugins that are registered with pluggy, which is imported when there is one.
    """

    def __init__(self) -> None:
        self._pluggy: pluggy.PluginManager | None = None
        self._added: set[PluginRecord] = set()

    def add(self, record: PluginRecord) -> None:
        """
        Register a plugin; one that does not fit is noted as failed.

        :param record: the plugin, which is loaded
        """
        if record in self._added:
            return
        twin = next((other for other in self._added if other.plugin is record.plugin), None)
        self._added.add(record)
        if twin is not None:
            record.fail(f"its hooks are already registered, as {twin.label}")
            return
        manager = self._manager()
        try:
            for hook, function, _ in marked(record.plugin):
                if hook in record.hooks:
                    _fitted(function, _arguments(manager, hook), hook)
            manager.register(record.plugin, record.label)
            manager.check_pending()
        except (Exception, SystemExit) as error:  # the plugin's, ours, or one of many of pluggy's
            if manager.has_plugin(record.label):
                manager.unregister(name=record.label)
            record.fail(f"a hook of it does not fit: {describe(error)}", error)

    def implementations(
        self, hook: str, records: t.Sequence[PluginRecord]
    ) -> tuple[Implementation, ...]:
        """
        The functions of a hook, in the order in which they are asked.

        Those marked ``tryfirst`` come first and those marked ``trylast`` last; within that the
        order is that of the plugins.

        :param hook: the hook's name
        :param records: the plugins to take into account, in order
        """
        manager = self._manager()
        ranks = {record.label: rank for rank, record in enumerate(records)}
        items = [i for i in getattr(manager.hook, hook).get_hookimpls() if i.plugin_name in ranks]
        items.sort(key=lambda i: (i.trylast - i.tryfirst, ranks[i.plugin_name]))
        offered = _arguments(manager, hook)
        return tuple(
            Implementation(
                records[ranks[item.plugin_name]],
                item.function,
                _fitted(item.function, offered, hook),
                offered,
            )
            for item in items
        )

    def _manager(self) -> pluggy.PluginManager:
        if self._pluggy is None:
            import pluggy

            from globus_core import hookspecs

            self._pluggy = pluggy.PluginManager(PROJECT)
            self._pluggy.add_hookspecs(hookspecs)
        return self._pluggy


def _arguments(manager: pluggy.PluginManager, hook: str) -> tuple[str, ...]:
    spec = getattr(manager.hook, hook).spec
    return tuple(spec.argnames)


def _fitted(
    function: t.Callable[..., t.Any], offered: tuple[str, ...], hook: str
) -> tuple[str, ...]:
    """Those of a hook's arguments that a function takes; it may not need any other."""
    import inspect

    from globus_core.exc import PluginError

    accepted = set()
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            return offered
        by_name = parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        if by_name and parameter.name in offered:
            accepted.add(parameter.name)
        elif (
            parameter.default is parameter.empty and parameter.kind is not parameter.VAR_POSITIONAL
        ):
            has = ", ".join(map(repr, offered)) or "none"
            raise PluginError(f"{hook} hands over no argument {parameter.name!r}; it has: {has}")
    return tuple(name for name in offered if name in accepted)
