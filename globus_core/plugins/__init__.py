"""
Plugins: found through entry points, loaded one by one, ordered, and kept on record.

pluggy validates hook implementations. What it lacks is here: a plugin that fails harms nobody
else, of two plugins with one name neither wins silently, a misspelled hook is found at once,
and every plugin has a record that says what became of it and why.
"""

from __future__ import annotations

from globus_core._lazy import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "current_manager": ("get_plugin_manager", "set_plugin_manager"),
        "hooks": ("Implementation",),
        "manager": ("STRICT_VARIABLE", "PluginManager"),
        "records": ("PluginRecord",),
        "stubs": ("write_stubs",),
        "notices": ("PluginWarning",),
        "selection": ("BLOCK_VARIABLE", "SELECT_VARIABLE"),
    },
)


def __dir__() -> list[str]:
    return __all__
