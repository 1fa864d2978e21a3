"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.services.timers import FlowTimer as FlowTimer
    from globus_core.services.timers import OnceTimerSchedule as OnceTimerSchedule
    from globus_core.services.timers import RecurringTimerSchedule as RecurringTimerSchedule
    from globus_core.services.timers import TimerJob as TimerJob
    from globus_core.services.timers import TransferTimer as TransferTimer
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {
            "globus_core.services.timers": (
                "FlowTimer",
                "OnceTimerSchedule",
                "RecurringTimerSchedule",
                "TimerJob",
                "TransferTimer",
            )
        },
    )

__all__ = ("FlowTimer", "OnceTimerSchedule", "RecurringTimerSchedule", "TimerJob", "TransferTimer")
