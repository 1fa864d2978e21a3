"""Timers as the sandbox keeps them, and their documents in the new and in the old form."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from globus_core.testing.sandbox import Caller

from .answers import Document, time_text
from .schedules import LAST_TIME, Schedule

#: how many of the last runs are shown
_MOST_RESULTS = 100


@dataclasses.dataclass
class Job:
    """
    A timer.

    :param id: its id
    :param caller: whose consents its runs use
    :param kind: ``transfer`` or ``flow``
    :param body: what its runs send
    :param schedule: when it runs
    :param submitted_at: when it was made, in epoch seconds
    :param callback_url: the URL in the old form
    :param callback_body: what is sent there in the old form
    :param name: its name, or None
    :param flow_id: the flow that it starts, or None
    :param scope: the scope in the old form, or None
    :param status: ``new``, ``loaded``, ``inactive`` or ``ended``
    :param inactive_reason: why it is inactive, or None
    :param due: when it runs next, or None
    :param last_ran_at: when it has run last, or None
    :param runs: how often it has run
    :param errors: how many of these runs have failed
    :param is_running: whether it runs now
    :param pauses: how often this run has waited for an earlier one
    :param results: the last runs
    """

    id: str
    caller: Caller
    kind: str
    body: Document
    schedule: Schedule
    submitted_at: float
    callback_url: str
    callback_body: Document
    name: str | None = None
    flow_id: str | None = None
    scope: str | None = None
    status: str = "new"
    inactive_reason: Document | None = None
    due: float | None = None
    last_ran_at: float | None = None
    runs: int = 0
    errors: int = 0
    is_running: bool = False
    pauses: int = 0
    results: collections.deque[Document] = dataclasses.field(
        default_factory=lambda: collections.deque(maxlen=_MOST_RESULTS)
    )

    # what happens to it

    def wait(self, due: float) -> None:
        """
        Wait for the next run.

        :param due: its time
        """
        self.inactive_reason = None
        self._wait_for(due)

    def suspend(self, cause: str, detail: Document | None = None) -> None:
        """
        Run no more until it is resumed.

        :param cause: ``user`` or ``globus_auth_requirements``
        :param detail: the requirements, or None
        """
        self.status, self.due = "inactive", None
        self.inactive_reason = {"cause": cause, "detail": detail}

    def ran(self, at: float, status: int, data: t.Any, errors: str | None = None) -> None:
        """
        Count a run, and wait for the next one.

        :param at: the time for which it was meant
        :param status: the status with which it was answered
        :param data: the answer
        :param errors: what was wrong, or None
        """
        self.pauses = 0
        self.runs += 1
        self.errors += errors is not None
        self.last_ran_at = at
        self.results.append(
            {"ran_at": time_text(at), "status": status, "data": data, "errors": errors}
        )
        if self.status == "loaded":
            step = self.schedule.step
            self._wait_for(None if step is None else at + step)

    def _wait_for(self, time: float | None) -> None:
        plan = self.schedule
        is_over = time is None or time > min(plan.until or LAST_TIME, LAST_TIME)
        most = 1 if plan.interval is None else plan.runs
        if is_over or (most is not None and self.runs >= most):
            self.status, self.due = "ended", None
        else:
            self.status, self.due = "loaded", time

    # what is kept of it from one day to the next

    def dump(self) -> Document:
        """
        The timer as JSON data.
        """
        kept = dataclasses.asdict(self)
        for name in ("scopes", "dependent_scopes"):
            kept["caller"][name] = sorted(kept["caller"][name])
        return {**kept, "results": [*self.results], "is_running": False}

    @classmethod
    def load(cls, document: Document) -> Job:
        """
        A timer from what was kept of it.

        :param document: what :py:meth:`dump` returned
        """
        caller = {**document["caller"], "identities": tuple(document["caller"]["identities"])}
        for name in ("scopes", "dependent_scopes"):
            caller[name] = frozenset(caller[name])
        made = {
            "caller": Caller(**caller),
            "schedule": Schedule(**document["schedule"]),
            "results": collections.deque(document["results"], maxlen=_MOST_RESULTS),
        }
        return cls(**{**document, **made})

    # its documents

    def timer(self) -> Document:
        """
        The timer in the new form; flow timers have names of the old form, as those of Timers.
        """
        common = {
            **self._common(),
            "timer_type": self.kind,
            "schedule": self.schedule.document(),
        }
        if self.kind == "flow":
            return {**common, **self._old_fields()}
        return {
            **common,
            "number_of_runs": self.runs,
            "number_of_errors": self.errors,
            "body": self.body,
        }

    def job(self) -> Document:
        """
        The timer in the old form.
        """
        return {
            **self._common(),
            **self._old_fields(),
            "start": time_text(self.schedule.first),
            "timer_type": self.kind,
            "schedule": self.schedule.document(),
            "activity": self._activity(),
        }

    def _common(self) -> Document:
        return {
            "job_id": self.id,
            "name": self.name,
            "status": self.status,
            "submitted_at": time_text(self.submitted_at),
            "next_run": time_text(self.due),
            "last_ran_at": time_text(self.last_ran_at),
            "inactive_reason": self.inactive_reason,
        }

    def _old_fields(self) -> Document:
        return {
            "callback_url": self.callback_url,
            "callback_body": self.callback_body,
            "interval": self.schedule.interval,
            "stop_after": self.schedule.stop_after(),
            "scope": self.scope,
            "n_runs": self.runs,
            "n_errors": self.errors,
            "results": {"data": [*self.results], "page_next": None},
        }

    def _activity(self) -> Document | None:
        if self.is_running:
            return {"code": "run_in_progress", "start_timestamp": time_text(self.due)}
        codes = {"loaded": "awaiting_next_run", "inactive": "paused"}
        code = codes.get(self.status)
        return None if code is None else {"code": code, "start_timestamp": None}
