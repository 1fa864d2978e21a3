"""
Globus Timers: the client, the documents that it sends, and the next runs of timers.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "client": ("TimersClient",),
        "errors": ("TimersAPIError",),
        "next_runs": ("next_runs",),
        "schedules": ("OnceTimerSchedule", "RecurringTimerSchedule"),
        "timers": ("FlowTimer", "TimerJob", "TransferTimer"),
    },
)

_NAMES = (
    "FlowTimer",
    "OnceTimerSchedule",
    "RecurringTimerSchedule",
    "TimerJob",
    "TimersAPIError",
    "TimersClient",
    "TransferTimer",
)

#: what namespaces of globus_core get of these names
NAMESPACES = {"": _NAMES, "services.timers": (*_NAMES, "next_runs")}
