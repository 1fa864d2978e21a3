"""
Which plugin an object comes from.
"""

from __future__ import annotations

from .plugins import contracts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plugins.records import PluginRecord


def plugin_of(thing: object) -> PluginRecord | None:
    """
    The plugin that an object or a class comes from; None if it comes from the kernel or from no
    plugin.

    It is the plugin whose package defines the class or, for a class derived by a program, its
    nearest base class from a plugin. The record names the distribution and its version.

    :param thing: a client, a storage, an error, or a class
    """
    return contracts.plugin_of(thing)


def origin(thing: object) -> str:
    """
    Where an object or a class comes from, in words: ``storage@globus-core 0.2.0``.

    If it comes from no plugin, the module that defines the class.

    :param thing: a client, a storage, an error, or a class
    """
    record = plugin_of(thing)
    return contracts.class_of(thing).__module__ if record is None else record.source


def suffix(thing: object) -> str:
    """
    For a ``repr``: where an object comes from, if that is a third-party plugin.

    :param thing: the object
    """
    record = plugin_of(thing)
    return "" if record is None or record.first_party else f" from {record.source}"
