"""
The ``globus-core`` command, whose subcommands come from plugins.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "app_options": ("complete_offered", "offered", "with_app", "with_app_maker"),
        "durations": ("as_seconds",),
        "exit_codes": ("ExitCode", "exit_code_of"),
        "main": ("main",),
        "network_notes": ("network_notes_shown",),
        "output": ("Output", "with_output"),
        "places": ("PlaceType",),
        "rich_output": ("terminal",),
    },
)

#: what namespaces of globus_core get of these names, where it is not all of them
NAMESPACES = {
    "cli": (
        "ExitCode",
        "Output",
        "PlaceType",
        "as_seconds",
        "complete_offered",
        "exit_code_of",
        "network_notes_shown",
        "offered",
        "terminal",
        "with_app",
        "with_app_maker",
        "with_output",
    ),
}
