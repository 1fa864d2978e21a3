"""
The ``globus-core`` command, whose subcommands come from plugins.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "app_options": ("offered", "with_app"),
        "exit_codes": ("ExitCode",),
        "main": ("main",),
        "output": ("Output", "with_output"),
        "places": ("PlaceType",),
    },
)

#: what namespaces of globus_core get of these names, where it is not all of them
NAMESPACES = {
    "cli": ("ExitCode", "Output", "PlaceType", "offered", "with_app", "with_output"),
}
