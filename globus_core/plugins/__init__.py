"""
Plugins: found through entry points, loaded one by one, ordered and recorded.

pluggy validates hook implementations. This package adds the rest: a plugin that fails does not
affect the others, a name conflict between two plugins is reported, a misspelled hook is found at
once, and every plugin has a record of its state and the reason for it.
"""

from __future__ import annotations

from globus_core._lazy import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "current_manager": ("get_plugin_manager", "set_plugin_manager"),
        "discovery": ("others_may_have_plugins",),
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
