"""
The hook functions of plugins: checked and ordered by pluggy, and called one by one.

A call by pluggy stops at the first exception and does not say which plugin answered. The loop
over its list (:func:`answers`) skips a plugin that fails, and names the one that answers. How the
answers of several plugins are combined is decided in :mod:`globus_core.compose`.
"""

from __future__ import annotations

from globus_core._hook_markers import PROJECT

from .records import describe, hide_credentials, raise_interrupt

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import pluggy

    from .manager import PluginManager
    from .records import PluginRecord

    Function = t.Callable[..., t.Any]
    Answer = tuple[PluginRecord, t.Any]


class Implementation:
    """
    One plugin's function for one hook, called with all of the hook's arguments.

    :ivar record: the plugin
    :ivar plugin: the plugin's name
    :ivar call: the function, adapted to the hook's arguments, which are passed by name
    """

    __slots__ = ("call", "plugin", "record")

    def __init__(self, record: PluginRecord, call: Function) -> None:
        self.record = record
        self.plugin = record.name
        self.call = call

    def __call__(self, **arguments: t.Any) -> t.Any:
        return self.call(**arguments)

    def __repr__(self) -> str:
        if not hasattr(self, "call"):  # set last
            return "<Implementation, not complete>"
        name = getattr(self.call, "__name__", "?")
        return f"<{name} of the plugin {self.record.label}>"


class HookTable:
    """
    Plugins that are registered with pluggy; one whose functions do not match fails.

    :param records: the loaded plugins, in the order in which they are called
    """

    def __init__(self, records: t.Sequence[PluginRecord]) -> None:
        import pluggy

        from globus_core import hookspecs

        self.records = frozenset(records)
        self._by_label = {record.label: record for record in records}
        self._pluggy = pluggy.PluginManager(PROJECT)
        self._pluggy.add_hookspecs(hookspecs)
        # pluggy calls first what was registered last
        for record in reversed(_without_twins(records)):
            self._register(record)

    def implementations(self, hook: str) -> tuple[Implementation, ...]:
        """
        The functions of a hook, in the order in which they are called.

        Those marked ``tryfirst`` come first and those marked ``trylast`` last; otherwise the order
        is that of the plugins. A plugin that can no longer be used is left out.

        :param hook: the hook's name
        """
        caller: pluggy.HookCaller = getattr(self._pluggy.hook, hook)
        listed = caller.get_hookimpls()
        # among trylast functions, pluggy would call the one registered first at the very end
        in_order = [i for i in reversed(listed) if not i.trylast] + [i for i in listed if i.trylast]
        offered = self._arguments(hook)
        found = ((self._by_label[item.plugin_name], item.function) for item in in_order)
        return tuple(
            Implementation(record, fitted(function, offered, hook))
            for record, function in found
            if record.usable
        )

    def _register(self, record: PluginRecord) -> None:
        try:
            for hook, function in record.functions:
                fitted(function, self._arguments(hook), hook)
            self._pluggy.register(record.plugin, record.label)
            self._pluggy.check_pending()
        except BaseException as error:  # the plugin's, ours or pluggy's
            raise_interrupt(error)
            if self._pluggy.has_plugin(record.label):
                self._pluggy.unregister(name=record.label)
            record.fail(
                f"a hook implementation does not match its specification: {describe(error)}", error
            )

    def _arguments(self, hook: str) -> tuple[str, ...]:
        return tuple(getattr(self._pluggy.hook, hook).spec.argnames)


def _without_twins(records: t.Iterable[PluginRecord]) -> list[PluginRecord]:
    """All but those whose object another plugin has registered already; these fail."""
    holders: dict[int, PluginRecord] = {}
    for record in records:
        holder = holders.setdefault(id(record.plugin), record)
        if holder is not record:
            record.fail(f"its hooks are already registered, as {holder.label}")
    return list(holders.values())


def fitted(function: Function, offered: tuple[str, ...], hook: str) -> Function:
    """
    A function that calls another with those of a hook's arguments that it takes.

    pluggy ignores keyword-only arguments and ``**kwargs``.

    :param function: the plugin's function
    :param offered: the arguments of the hook, all of which are passed by name
    :param hook: the hook's name
    :raises PluginError: if the function needs an argument that the hook does not have
    """
    import inspect

    from globus_core.exc import PluginError

    accepted: list[str] = []
    lacking: list[str] = []
    for p in inspect.signature(function).parameters.values():
        if p.kind is p.VAR_KEYWORD:
            return function
        if p.name in offered and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY):
            accepted.append(p.name)
        elif p.default is p.empty and p.kind is not p.VAR_POSITIONAL:
            lacking.append(p.name)
    if lacking:
        has = ", ".join(map(repr, offered)) or "none"
        raise PluginError(f"{hook} has no argument {lacking[0]!r}; its arguments: {has}")
    if len(accepted) == len(offered):
        return function

    def call(**arguments: t.Any) -> t.Any:
        return function(**{name: arguments[name] for name in accepted})

    call.__name__ = getattr(function, "__name__", "?")
    return call


def answers(manager: PluginManager, hook: str, arguments: dict[str, t.Any]) -> t.Iterator[Answer]:
    """
    The answers of a hook that are not None, in order, each with its plugin's record.

    :param manager: the program's plugins
    :param hook: the hook's name
    :param arguments: all of the hook's arguments
    """
    for implementation in manager.implementations(hook):
        try:
            value = implementation.call(**arguments)
        except BaseException as error:  # foreign code
            raise_interrupt(error)
            report_failure(manager, implementation.record, hook, error)
            continue
        if value is not None:
            yield implementation.record, value


def report_failure(
    manager: PluginManager, record: PluginRecord, hook: str, error: BaseException | str
) -> None:
    """
    Report a failure of a plugin; in strict mode, raise it.

    :param manager: the program's plugins
    :param record: the plugin
    :param hook: the hook's name
    :param error: the exception, or what was wrong
    :raises PluginError: in strict mode
    """
    manager.report(record.label, hook, error)
    if manager.strict:
        from globus_core.exc import PluginError

        if isinstance(error, str):
            raise PluginError(f"plugin {record.label} failed in {hook}: {error}")
        hide_credentials(error)
        raise PluginError(f"plugin {record.label} failed in {hook}: {describe(error)}") from error
