"""
The hook functions of plugins: checked and ordered as pluggy does, and called one by one.

A call by pluggy stops at the first exception and does not say which plugin answered. The loop
over its list (:func:`answers`) skips a plugin that fails, and names the one that answers. How the
answers of several plugins are combined is decided in :mod:`globus_core.compose`.
"""

from __future__ import annotations

from globus_core._hook_markers import IMPL_ATTRIBUTE, PROJECT

from .records import describe, hide_credentials, raise_interrupt

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import pluggy

    from .manager import PluginManager
    from .records import PluginRecord

    Function = t.Callable[..., t.Any]
    Answer = tuple[PluginRecord, t.Any]

#: flags of the code of a function with ``*args`` or ``**kwargs``
_COLLECTS = 0x04 | 0x08


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
    The hook functions of plugins, in order; a plugin whose functions do not match fails.

    Which ones match is for pluggy to say. It is not imported if all functions plainly have their
    hooks' arguments: then it would find nothing, and with ``inspect`` its import takes longer than
    a small program.

    :param records: the loaded plugins, in the order in which they are called
    """

    def __init__(self, records: t.Sequence[PluginRecord]) -> None:
        self.records = frozenset(records)
        self._in_order = _without_twins(records)
        self._pluggy = None if all(map(_is_plain, self._in_order)) else self._with_pluggy()

    def implementations(self, hook: str) -> tuple[Implementation, ...]:
        """
        The functions of a hook, in the order in which they are called.

        Those marked ``tryfirst`` come first and those marked ``trylast`` last; otherwise the order
        is that of the plugins. A plugin that can no longer be used is left out.

        :param hook: the hook's name
        """
        offered = _arguments(hook)
        return tuple(
            Implementation(record, fitted(function, offered, hook))
            for record, function in self._listed(hook)
            if record.usable
        )

    def _listed(self, hook: str) -> t.Iterable[tuple[PluginRecord, Function]]:
        if self._pluggy is None:
            found = [(r, f) for r in self._in_order for name, f in r.functions if name == hook]
            return sorted(found, key=_turn)
        by_label = {record.label: record for record in self.records}
        caller: pluggy.HookCaller = getattr(self._pluggy.hook, hook)
        listed = caller.get_hookimpls()
        # among trylast functions, pluggy would call the one registered first at the very end
        in_order = [i for i in reversed(listed) if not i.trylast] + [i for i in listed if i.trylast]
        return ((by_label[item.plugin_name], item.function) for item in in_order)

    def _with_pluggy(self) -> pluggy.PluginManager:
        import pluggy

        from globus_core import hookspecs

        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(hookspecs)
        # pluggy calls first what was registered last
        for record in reversed(self._in_order):
            _register(manager, record)
        return manager


def _register(manager: pluggy.PluginManager, record: PluginRecord) -> None:
    try:
        for hook, function in record.functions:
            fitted(function, _arguments(hook), hook)
        manager.register(record.plugin, record.label)
        manager.check_pending()
    except BaseException as error:  # the plugin's, ours or pluggy's
        raise_interrupt(error)
        if manager.has_plugin(record.label):
            manager.unregister(name=record.label)
        record.fail(
            f"a hook implementation does not match its specification: {describe(error)}", error
        )


def _is_plain(record: PluginRecord) -> bool:
    """Whether all functions of a plugin match their hooks at first sight."""
    if len(set(record.hooks)) < len(record.hooks):  # two for one hook
        return False
    for hook, function in record.functions:
        names = _plain_arguments(function)
        if names is None or not set(names).issubset(_arguments(hook)):
            return False
    return True


def _arguments(hook: str) -> tuple[str, ...]:
    """The arguments of a hook, none of which has a default."""
    from globus_core import hookspecs

    return _plain_arguments(getattr(hookspecs, hook)) or ()


def _plain_arguments(function: Function) -> tuple[str, ...] | None:
    """The arguments of a function in Python; None if it has any that are not plain."""
    plain = getattr(function, "__func__", function)
    if type(plain) is not type(fitted) or plain.__defaults__ or hasattr(plain, "__wrapped__"):
        return None
    code = plain.__code__
    if code.co_flags & _COLLECTS or code.co_posonlyargcount or code.co_kwonlyargcount:
        return None
    names = code.co_varnames[: code.co_argcount]
    return names if plain is function else names[1:]


def _turn(found: tuple[PluginRecord, Function]) -> int:
    """When a plugin is called: before the others, among them, or after them."""
    options = getattr(found[1], IMPL_ATTRIBUTE)
    return 2 if options.get("trylast") else 0 if options.get("tryfirst") else 1


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
    plain = _plain_arguments(function)
    if plain is not None and set(plain).issubset(offered):
        return function if len(plain) == len(offered) else _taking(function, plain)
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
    return function if len(accepted) == len(offered) else _taking(function, accepted)


def _taking(function: Function, accepted: t.Collection[str]) -> Function:
    """A function that leaves out the arguments that another does not take."""

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
