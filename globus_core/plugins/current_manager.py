"""
The plugin manager of the program, and what happens when its plugins change and at a fork.
"""

from __future__ import annotations

import _thread
import os
import sys

from globus_core._lazy import ROOT

from .manager import PluginManager

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: A new object whenever plugins are added, removed or blocked, or the manager is replaced. A result
#: that depends on plugins is valid as long as this *is* the object from before the result. It is
#: not a number, because two concurrent changes must not look like one.
generation = object()

_manager: PluginManager | None = None
_listeners: list[t.Callable[[], None]] = []
_kept_names: dict[tuple[str, str], t.Any] = {}
# guards the manager and the generation; reentrant, because finalizers may run under it and take it
_lock = _thread.RLock()


def get_plugin_manager() -> PluginManager:
    """
    The program's plugin manager, created from environment variables at the first call.
    """
    global _manager
    manager = _manager
    if manager is None:
        with _lock:
            if _manager is None:
                _manager = PluginManager.from_environment()
                _manager.on_change = _plugins_changed
            manager = _manager
    return manager


def set_plugin_manager(manager: PluginManager | None) -> PluginManager | None:
    """
    Replace the plugin manager, for tests, and return the previous one.

    :param manager: the new one; None creates one from environment variables when it is next needed
    """
    global _manager
    with _lock:
        previous, _manager = _manager, manager
        if previous is not None:
            previous.on_change = None
        if manager is not None:
            manager.on_change = _plugins_changed
        _plugins_changed()
    return previous


def public_name(namespace: str, name: str) -> t.Any:
    """
    Import a name that a plugin contributes, and keep it as an attribute of the namespace until
    plugins change.

    :param namespace: dotted, without ``globus_core``; empty for the top level
    :param name: the public name
    :raises AttributeError: if no installed plugin contributes the name
    :raises PluginUnavailableError: if the plugin that does cannot be used; gives the reason
    """
    before = generation
    value = get_plugin_manager().public_name(namespace, name)
    package = f"{ROOT}.{namespace}".rstrip(".")
    with _lock:
        if before is generation:
            setattr(sys.modules[package], name, value)
            _kept_names[package, name] = value
    return value


def _forget_names() -> None:
    """Called under the lock. Values that others assigned, such as mocks, stay."""
    for (package, name), value in tuple(_kept_names.items()):
        module = vars(sys.modules[package])
        if module.get(name) is value:
            del module[name], _kept_names[package, name]


def on_plugins_changed(forget: t.Callable[[], None]) -> None:
    """
    Register a function that drops a cached result with each new generation, where comparing
    generations would be too slow.

    :param forget: called when the generation has changed; under a lock, so it must not wait for
        anything
    """
    _listeners.append(forget)


def _plugins_changed() -> None:
    global generation
    with _lock:
        generation = object()
        _forget_names()
        for forget in _listeners:
            forget()


# Forks: the child has only the thread that forked, and copies of the locks of all others.

_FORK_WAIT_SECONDS = 5.0
_paused: dict[int, PluginManager] = {}


def _before_fork() -> None:
    """Wait until other threads have finished changing plugins, up to a limit."""
    manager = _manager
    if manager is not None and manager._lock.acquire(timeout=_FORK_WAIT_SECONDS):
        _paused[_thread.get_ident()] = manager


def _after_fork_in_parent() -> None:
    manager = _paused.pop(_thread.get_ident(), None)
    if manager is not None:
        manager._lock.release()


def _after_fork_in_child() -> None:
    global _lock
    _lock = _thread.RLock()
    whole = _paused.pop(_thread.get_ident(), None)
    _paused.clear()
    if _manager is not None:
        _manager._start_anew(whole=whole is _manager)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
