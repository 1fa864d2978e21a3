"""
The plugin manager of the program, what happens when its plugins change, and at a fork.
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

#: Another object whenever plugins are added, taken out or blocked, or the manager is replaced.
#: What was worked out from the plugins holds as long as this *is* what it was before that. No
#: number: two changes at once must not look as one.
generation = object()

_manager: PluginManager | None = None
_listeners: list[t.Callable[[], None]] = []
_kept_names: dict[tuple[str, str], t.Any] = {}
# of the manager and the generation; what is dropped under it may run code that takes it again
_lock = _thread.RLock()


def get_plugin_manager() -> PluginManager:
    """
    The program's plugin manager, made from the environment when it is first asked for.
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
    Put another manager in place, for tests, and return the one that was there.

    :param manager: the new one; None has it made from the environment again
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
    Import a name that a plugin contributes; it is an attribute of the namespace from then on,
    until plugins change.

    :param namespace: dotted, without ``globus_core``; empty for the top level
    :param name: the public name
    :raises AttributeError: if no installed plugin contributes the name
    :raises PluginUnavailableError: if the plugin that does cannot be used; says why
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
    """Under the lock. A value that somebody put in the place of ours stays, as mocks do."""
    for (package, name), value in tuple(_kept_names.items()):
        module = vars(sys.modules[package])
        if module.get(name) is value:
            del module[name], _kept_names[package, name]


def on_plugins_changed(forget: t.Callable[[], None]) -> None:
    """
    Have something forgotten with each new generation, where a comparison would be too dear.

    :param forget: called when the generation is a new one; under a lock, so that it must not
        wait for anything
    """
    _listeners.append(forget)


def _plugins_changed() -> None:
    global generation
    with _lock:
        generation = object()
        _forget_names()
        for forget in _listeners:
            forget()


# A fork: the child has only the thread that forked, and copies of the locks of all others.

_FORK_WAIT_SECONDS = 5.0
_paused: dict[int, PluginManager] = {}


def _before_fork() -> None:
    """Let other threads end what they are doing to the plugins, within reason."""
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
