"""
The plugins of one program: which there are, in which order, and what they implement.

Which may be used is decided in :mod:`.selection`, which public names they have in :mod:`.names`.
"""

from __future__ import annotations

import _thread
import os

from globus_core._lazy import ROOT
from globus_core.exc.base import PluginError, PluginUnavailableError

from .discovery import PLUGIN_GROUP, EntryPoint, scan
from .loading import WAIT_SECONDS, Loader, examine, resolve
from .names import PublicNames
from .records import PluginRecord, record_of
from .selection import (
    BLOCK_VARIABLE,
    SELECT_VARIABLE,
    Selection,
    by_precedence,
    check_arguments,
    holder_of,
    select_plugins,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .hooks import HookTable, Implementation

#: any value but ``0``, ``false``, ``no`` and ``off`` makes every plugin failure an error
STRICT_VARIABLE = "GLOBUS_CORE_PLUGINS_STRICT"


class PluginManager:
    """
    The plugins of one program; tests create their own.

    :param find: returns the entry points to select from; None finds no plugin
    :param select: ``all``, ``first-party``, ``none``, or names separated by commas
    :param blocked: the plugins to block, each ``name`` or ``name@distribution``
    :param strict: raise at the first plugin that fails instead of continuing without it
    :param wait_seconds: how long to wait for another thread's import of a plugin
    :ivar on_change: called when plugins change, under the manager's lock; it must not wait. Or None
    """

    def __init__(
        self,
        find: t.Callable[[], t.Sequence[EntryPoint]] | None = scan,
        *,
        select: str = "all",
        blocked: str | t.Iterable[str] = (),
        strict: bool = False,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        check_arguments(find, select, blocked, wait_seconds)
        self.strict = strict
        self.on_change: t.Callable[[], None] | None = None
        self._find = find
        self._selection = Selection(select, blocked)
        self._by_hand: list[PluginRecord] = []
        self._installed: list[PluginRecord] | None = None
        self._names = PublicNames(self, (), ())
        self._loader = Loader(wait_seconds)
        self._table: HookTable | None = None
        self._implementations: dict[str, tuple[Implementation, ...]] = {}
        self._complete = False
        self._unwarned = True  # whether something changed since the last warnings about plugins
        self._warned: set[str] = set()
        self._lock = _thread.RLock()

    @classmethod
    def from_environment(cls, environ: t.Mapping[str, str] | None = None) -> PluginManager:
        """
        Create a manager that is controlled by the ``GLOBUS_CORE_PLUGINS*`` variables.

        :param environ: where the variables are read; None is ``os.environ``
        """
        variables = os.environ if environ is None else environ
        strict = variables.get(STRICT_VARIABLE, "").strip().lower()
        manager = cls(strict=strict not in ("", "0", "false", "no", "off"))
        select, blocked = variables.get(SELECT_VARIABLE, "all"), variables.get(BLOCK_VARIABLE, "")
        manager._selection = Selection(select, blocked, by_environment=True)
        return manager

    # what there is

    def records(self) -> tuple[PluginRecord, ...]:
        """
        The record of every plugin, in the order in which they are asked.

        Loads and checks usable plugins, but does not raise or warn, even in strict mode.
        """
        self._load(self._all())
        with self._lock:
            if any(record.hooks for record in self._all()):
                self._check_hooks()
        return tuple(self._all())

    def known(self) -> tuple[PluginRecord, ...]:
        """
        The record of every plugin, in the order in which they are asked; none is loaded.
        """
        return tuple(self._all())

    def record(self, name: str) -> PluginRecord | None:
        """
        The record of the plugin with a name, loaded or not.

        :param name: the plugin's name, or ``name@distribution``
        """
        return holder_of(name, self._all())

    # control

    def register(self, plugin: object, name: str) -> PluginRecord:
        """
        Register a plugin by code; it is asked before installed plugins.

        A blocked plugin is recorded as blocked and not used.

        :param plugin: a module or object with marked hook functions
        :param name: its name
        :raises PluginError: if the name is taken or the plugin is faulty
        """
        record = PluginRecord(name, "<object>")
        examine(record, plugin)
        with self._lock:
            self._refuse_second(record)
            if record.usable:
                from .hooks import HookTable

                HookTable([record])
            if record.usable:
                self._by_hand.insert(0, record)
                self._changed()
                if record.state == "failed":  # it requires another one
                    self._by_hand.remove(record)
                    self._changed()
        if record.state == "failed":
            raise PluginError(f"plugin {record.label} cannot be registered: {record.reason}")
        return record

    def unregister(self, name: str) -> None:
        """
        Remove a plugin that was registered by code.

        :param name: its name
        :raises PluginError: if no plugin of that name was registered by code
        """
        with self._lock:
            kept = [record for record in self._by_hand if record.name != name]
            if len(kept) == len(self._by_hand):
                raise PluginError(
                    f"no plugin named {name!r} was registered by code; block an installed one"
                )
            self._by_hand = kept
            self._changed()

    def set_blocked(self, name: str) -> None:
        """
        Stop using a plugin, whether it is registered yet or not.

        :param name: the plugin's name, or ``name@distribution``
        """
        with self._lock:
            self._selection.block(name)
            self._changed()

    def load_all(self) -> None:
        """
        Import the hooks modules of all plugins that may be used; done once.

        :raises PluginError: in strict mode, if a plugin cannot be used
        """
        if self._complete:
            return
        self._load(self._all())
        self._warn_once()
        with self._lock:
            # not if one is still being imported, or was added meanwhile
            self._complete = "found" not in {record.state for record in self._all()}

    # hooks

    def implementations(self, hook: str) -> tuple[Implementation, ...]:
        """
        The implementations of a hook in the order in which they are asked.

        The result is kept until a plugin is added, removed or blocked.

        :param hook: the hook's name
        :raises PluginError: in strict mode, if a plugin cannot be used
        """
        known = self._implementations.get(hook)
        if known is not None:
            return known
        self.load_all()
        with self._lock:
            cache = self._implementations
            # pluggy is not imported if no plugin has the hook
            wanted = {name for record in self._all() if record.usable for name in record.hooks}
            found = self._check_hooks().implementations(hook) if hook in wanted else ()
        self._warn_once()
        if self._complete:
            cache[hook] = found  # no longer read by anyone if the plugins changed meanwhile
        return found

    def is_resolved(self, hook: str) -> bool:
        """
        Whether the implementations of a hook are known and kept until plugins change.

        :param hook: the hook's name
        """
        return hook in self._implementations

    def report(self, plugin: str, hook: str, error: BaseException | str) -> None:
        """
        Record that a plugin's hook failed or returned something invalid; log it the first time.

        Anything that looks like a credential is removed from the text and the traceback.

        :param plugin: the plugin's name
        :param hook: the hook's name
        :param error: the exception, or what was wrong
        """
        from .notices import log_failure

        log_failure(self.record(plugin), plugin, hook, error)

    # public names

    def public_names(self, namespace: str) -> list[str]:
        """
        The names in a namespace that plugins contribute and that can be imported.

        :param namespace: dotted, without ``globus_core``; empty for the top level
        """
        self._all()
        return self._names.available(namespace)

    def public_name(self, namespace: str, name: str) -> t.Any:
        """
        Import an object that a plugin contributes to a namespace.

        :param namespace: dotted, without ``globus_core``; empty for the top level
        :param name: the object's public name
        :raises AttributeError: if no installed plugin contributes the name
        :raises PluginUnavailableError: if its plugin cannot be used, or no metadata is found
        """
        package = f"{ROOT}.{namespace}".rstrip(".")
        holder = self.provider(namespace, name)
        if holder is None and self._lacks_metadata():
            from .notices import NO_METADATA

            raise PluginUnavailableError(NO_METADATA.format(f"{package}.{name}"), name=package)
        if holder is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        record, reference = holder
        if record.usable:
            return self.resolve(record, reference)
        raise PluginUnavailableError(
            f"{package}.{name} comes from the plugin {record.label}, "
            f"which cannot be used: {record.reason}",
            name=package,
        )

    def provider(self, namespace: str, name: str) -> tuple[PluginRecord, str] | None:
        """
        The plugin that provides a public name, and its reference; None if there is none.

        It is the first that is neither blocked nor shadowed, else the first of those that are.

        :param namespace: dotted, without ``globus_core``; empty for the top level
        :param name: the object's public name
        """
        self._all()
        return self._names.provider(namespace, name)

    def require(self, record: PluginRecord) -> bool:
        """
        Load one plugin and those that it requires, and return whether it can be used.

        :param record: the plugin
        """
        if self._complete:
            return record.usable
        pending, seen, loaded = [record], {record}, False
        while pending:
            loaded = self._loader.load(pending[-1]) or loaded
            needed = [self.record(name) for name in pending.pop().requires]
            fresh = [other for other in needed if other is not None and other not in seen]
            pending.extend(fresh)
            seen.update(fresh)
        if loaded:
            self._select()
        return record.usable

    def resolve(self, record: PluginRecord, reference: str) -> t.Any:
        """
        Import the object that a plugin refers to.

        :param record: the plugin that made the reference
        :param reference: ``module:Object``
        :raises PluginUnavailableError: if it cannot be imported; names what to install
        """
        return resolve(record, reference)

    # internals

    def _lacks_metadata(self) -> bool:
        """Whether a search of the whole path found no plugin of globus-core itself."""
        return self._find is scan and not any(record.first_party for record in self._all())

    def _all(self) -> list[PluginRecord]:
        """Every plugin, in the order in which they are asked; starts discovery."""
        if self._installed is None:
            points = self._find() if self._find is not None else ()
            records = [record_of(point) for point in points if point.group == PLUGIN_GROUP]
            records.sort(key=lambda r: (r.first_party, r.name, r.distribution or ""))
            with self._lock:
                if self._installed is None:
                    self._names = PublicNames(self, points, by_precedence(records))
                    self._installed = records
                    self._select()
            self._names.report_conflicts()
        return self._by_hand + self._installed

    def _select(self) -> None:
        with self._lock:
            select_plugins(by_precedence(self._all()), self._selection)
            self._unwarned = True

    def _load(self, records: t.Iterable[PluginRecord]) -> None:
        loaded = [self._loader.load(record) for record in records]
        if any(loaded):
            self._select()

    def _changed(self) -> None:
        """Drop cached results, so that the next call sees the current plugins."""
        self._select()
        self._table = None
        self._implementations = {}
        self._complete = False
        if self.on_change is not None:
            self.on_change()

    def _start_anew(self, *, whole: bool) -> None:
        """Continue in the child of a fork; ``whole`` unless another thread was changing plugins."""
        self._lock = _thread.RLock()
        interrupted = self._loader.start_anew()
        if (interrupted or not whole) and self._installed is not None:
            self._changed()

    def _check_hooks(self) -> HookTable:
        """Check the hook functions; a plugin whose functions do not match fails."""
        loaded = [record for record in self._all() if record.state == "loaded"]
        if self._table is None or not self._table.records.issuperset(loaded):
            from .hooks import HookTable

            self._table = HookTable(loaded)
            if "failed" in {record.state for record in loaded}:
                self._select()
        return self._table

    def _refuse_second(self, record: PluginRecord) -> None:
        others = [other for other in self._all() if other.usable]
        for other in others:
            if other.name == record.name and self._selection.refusal(record) is None:
                raise PluginError(f"the plugin name {record.name!r} is taken by {other.label}")
            if other.plugin is not None and other.plugin is record.plugin:
                raise PluginError(f"the same object is registered already, as {other.label}")

    def _warn_once(self) -> None:
        """Warn once of each plugin that failed or is shadowed; in strict mode, raise."""
        if not self._unwarned:
            return
        from . import notices

        with self._lock:
            records = self._all()
            found = dict(notices.of_records(records))
            found.update(notices.of_selection(self._selection, records))
            messages = [found[key] for key in found if key not in self._warned]
            if not self.strict:
                self._warned.update(found)
            self._unwarned = self.strict and bool(messages)
        for message in messages:
            if self.strict:
                raise PluginError(message)
            notices.warn(message)
        notices.warn_of_deprecated_hooks(records, self._warned)
