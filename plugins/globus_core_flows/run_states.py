"""
What the methods that wait for runs and watch them give.
"""

from __future__ import annotations

import dataclasses
import enum
import typing as t

from globus_core.gare import to_gare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.gare import GARE


class RunLogEntry(t.TypedDict):
    """
    Something that has happened in a run.

    ``time`` is ISO 8601; entries about a state have its ``state_name`` in ``details``.
    """

    code: str
    time: str
    description: str
    details: dict[str, t.Any]


class _Run(t.TypedDict):
    status: str


class RunDocument(_Run, total=False):
    """
    A run, as Flows describes it; the fields that are read most. It has others too.

    Times are ISO 8601; ``completion_time`` is None until the end. ``details`` has a ``code``, and
    after success the ``output``.
    """

    run_id: str
    flow_id: str
    flow_title: str
    label: str | None
    tags: list[str]
    start_time: str
    completion_time: str | None
    details: dict[str, t.Any]
    run_owner: str
    user_role: str | None


class RunOutcome(enum.Enum):
    """
    Why waiting for a run has ended.
    """

    #: the flow has run
    SUCCEEDED = "succeeded"
    #: it has failed; ``details`` of the run say why
    FAILED = "failed"
    #: somebody has canceled it
    CANCELED = "canceled"
    #: it is INACTIVE until its owner logs in as :func:`run_requirements` says, and resumes it
    NEEDS_LOGIN = "needs a login"
    #: it is INACTIVE until it is resumed, and does not say what it needs
    INACTIVE = "inactive"
    #: the time to wait has run out; the run goes on
    TIMEOUT = "timeout"

    @property
    def is_final(self) -> bool:
        """
        Whether the run has ended.
        """
        return self in {self.SUCCEEDED, self.FAILED, self.CANCELED}


class RunResult(t.NamedTuple):
    """
    How waiting for a run has ended, and the run's last document.

    :param outcome: why it has ended
    :param run: the document
    """

    outcome: RunOutcome
    run: RunDocument


@dataclasses.dataclass(frozen=True)
class RunState:
    """
    A run at one moment.

    :param run: its document
    :param outcome: what it has come to; None while it goes on
    :param entries: what has happened since the state before, the latest last
    """

    run: RunDocument
    outcome: RunOutcome | None
    entries: list[RunLogEntry]

    @property
    def status(self) -> str:
        """
        ACTIVE, INACTIVE, SUCCEEDED or FAILED.
        """
        return self.run["status"]


def run_requirements(run: RunDocument) -> GARE | None:
    """
    What an INACTIVE run requires of a login; None if the run is not INACTIVE or does not say.

    :param run: its document
    """
    details = run.get("details")
    if run["status"] != "INACTIVE" or not isinstance(details, dict):
        return None
    return to_gare(details)


def outcome_of(run: RunDocument) -> RunOutcome | None:
    """
    What a run has come to; None while it goes on.

    :param run: its document
    """
    status = run["status"]
    if status == "SUCCEEDED":
        return RunOutcome.SUCCEEDED
    if status in {"FAILED", "ENDED"}:
        is_canceled = (run.get("details") or {}).get("code") == "FlowCanceled"
        return RunOutcome.CANCELED if is_canceled else RunOutcome.FAILED
    if status == "INACTIVE":
        return RunOutcome.INACTIVE if run_requirements(run) is None else RunOutcome.NEEDS_LOGIN
    return None
