"""
The documents of timers.
"""

from __future__ import annotations

import datetime

from globus_core import MISSING
from globus_core.documents import Document

from .times import time_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType

    from .schedules import OnceTimerSchedule, RecurringTimerSchedule

    Schedule: t.TypeAlias = OnceTimerSchedule | RecurringTimerSchedule | dict[str, t.Any]

#: fields of a transfer that belong to one submission
_OF_A_SUBMISSION = {"submission_id", "skip_activation_check"}


class TransferTimer(Document):
    """
    A timer that submits a transfer at each run.

    :param name: a name for people; MISSING for none
    :param schedule: when it runs
    :param body: the transfer, such as a TransferData; it is copied without its submission id
    """

    def __init__(
        self, *, name: str | MissingType = MISSING, schedule: Schedule, body: t.Mapping[str, t.Any]
    ) -> None:
        kept = {key: value for key, value in body.items() if key not in _OF_A_SUBMISSION}
        super().__init__(
            {"timer_type": "transfer", "name": name, "schedule": schedule, "body": kept}
        )


class FlowTimer(Document):
    """
    A timer that starts a flow at each run.

    :param flow_id: the flow's id
    :param name: a name for people; MISSING for none
    :param schedule: when it runs
    :param body: what ``SpecificFlowClient.run_flow`` would send: ``body`` with the input of the
        flow, and for example ``label`` and ``run_managers``; it is copied
    """

    def __init__(
        self,
        *,
        flow_id: uuid.UUID | str,
        name: str | MissingType = MISSING,
        schedule: Schedule,
        body: t.Mapping[str, t.Any],
    ) -> None:
        super().__init__(
            {
                "timer_type": "flow",
                "flow_id": flow_id,
                "name": name,
                "schedule": schedule,
                "body": dict(body),
            }
        )


class TimerJob(Document):
    """
    A timer in the old form, which calls a URL; :class:`TransferTimer` and :class:`FlowTimer` have
    taken its place.

    :param callback_url: the URL of an action
    :param callback_body: what is sent to it
    :param start: the first run: a datetime with a time zone, or text
    :param interval: how much later each run is than the one before, as a timedelta or in seconds;
        None for one run
    :param name: a name for people; None for none
    :param stop_after: a datetime with a time zone after which it does not run; None for never
    :param stop_after_n: the number of runs after which it stops; None for never
    :param scope: the scope of the action; None leaves it to the service
    :raises ValidationError: if a time has no time zone
    """

    def __init__(
        self,
        callback_url: str,
        callback_body: dict[str, t.Any],
        start: datetime.datetime | str,
        interval: datetime.timedelta | int | None,
        *,
        name: str | None = None,
        stop_after: datetime.datetime | None = None,
        stop_after_n: int | None = None,
        scope: str | None = None,
    ) -> None:
        if isinstance(interval, datetime.timedelta):
            interval = int(interval.total_seconds())
        stop = None if stop_after is None else time_text(stop_after, "stop_after", timespec="auto")
        optional = {"name": name, "stop_after": stop, "stop_after_n": stop_after_n, "scope": scope}
        super().__init__(
            {
                "callback_url": callback_url,
                "callback_body": callback_body,
                "start": time_text(start, "start", timespec="auto"),
                "interval": interval,
                **{key: value for key, value in optional.items() if value is not None},
            }
        )
