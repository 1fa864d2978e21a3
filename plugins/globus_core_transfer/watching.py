"""
Waiting for tasks until it is known how they ended, and watching them meanwhile.
"""

from __future__ import annotations

from globus_core.arguments import check_has, check_text
from globus_core.polling import polled

from .errors import TaskFaultError
from .tasks import Tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.rate_limits import RequestBudget

    from .answer_documents import TaskDocument, TaskEvent
    from .endpoints import ID
    from .task_states import TaskResult, TaskState

#: as many events as Transfer lists at once
_MOST_EVENTS = 1000


class Watching(Tasks):
    """
    The methods that wait for tasks and watch them.
    """

    def wait_for_task(
        self,
        task_id: ID,
        timeout: float | None = None,
        *,
        fail_on: str | t.Iterable[str] = (),
        stop_when_paused: bool = True,
    ) -> TaskResult:
        """
        Wait until a task has ended or cannot go on, and say how it ended, with its last document.

        The task is fetched at once, then after 1, 2, 4 ... 30 seconds. Errors of the network and
        of the service that may pass do not end the wait.

        :param task_id: the task's id
        :param timeout: how long to wait, in seconds of real time; None waits for as long as it
            takes, and 0 asks once. A request that is on its way is not interrupted
        :param fail_on: codes of events such as ``FILE_NOT_FOUND``, at which Transfer would try
            again until the task's deadline. A task that has had one of them and has not ended is
            canceled
        :param stop_when_paused: False waits on while a manager of a collection has paused the task
        :return: ``outcome`` and ``task``; ``TIMEOUT`` if the task still goes on
        :raises TaskFaultError: if the task was canceled because of ``fail_on``; it has the path and
            the reason
        :raises GlobusSDKUsageError: if ``timeout`` is negative, or ``fail_on`` holds no codes
        :raises TransferAPIError: if the caller has no such task
        :raises NetworkError: if Transfer could not be reached until ``timeout``
        """
        from .task_states import UNKNOWN_TASK, TaskOutcome, TaskResult, outcome_of

        codes = event_codes(fail_on)
        task = UNKNOWN_TASK
        for task in polled(lambda: self._checked(task_id, codes), timeout):
            outcome = outcome_of(task)
            if outcome is TaskOutcome.PAUSED and not stop_when_paused:
                continue
            if outcome is not None:
                return TaskResult(outcome, task)
        return TaskResult(TaskOutcome.TIMEOUT, task)

    def watch_task(self, task_id: ID, timeout: float | None = None) -> t.Iterator[TaskState]:
        """
        Yield the state of a task at once, then after 1, 2, 4 ... 30 seconds, until it has ended.

        The last state is that at the end, unless ``timeout`` comes before. A state is also yielded
        if nothing has changed. A paused task, or one that needs a consent, is watched on. Nothing
        is yielded while the network or the service is down.

        :param task_id: the task's id
        :param timeout: how long to watch, in seconds of real time; None watches until the end
        :return: an iterator, which sends requests only when it is asked for the next state; the
            first state has all events until then, 1000 at most
        :raises GlobusSDKUsageError: if ``timeout`` is negative
        :raises TransferAPIError: if the caller has no such task
        :raises NetworkError: if Transfer could not be reached until ``timeout``
        """
        # The task first: its last event is there when it has ended.
        looks = polled(lambda: (self._task(task_id), self._events(task_id)), timeout)
        return self._states(looks)

    def _states(
        self, looks: t.Iterator[tuple[TaskDocument, list[TaskEvent]]]
    ) -> t.Iterator[TaskState]:
        from .task_faults import new_events
        from .task_states import TaskState, outcome_of

        before: list[TaskEvent] = []
        for task, events in looks:
            state = TaskState(task, outcome_of(task), new_events(events, before)[::-1])
            before = events
            yield state
            if state.outcome is not None and state.outcome.is_final:
                return

    def _checked(self, task_id: ID, codes: frozenset[str]) -> TaskDocument:
        """A task; it is canceled after an error with one of these codes."""
        task = self._task(task_id)
        fault = self._fault(task_id, task, codes)
        if fault is None:
            return task
        error = self._cancel_after(task_id, fault)
        if error is not None:
            raise error
        return self._task(task_id)

    def _cancel_after(self, task_id: ID, fault: TaskEvent) -> TaskFaultError | None:
        """Cancel a task because of an event; None if it has ended meanwhile."""
        canceled = self._budget().send(lambda client: client.cancel_task(task_id))
        if canceled["code"] == "TaskComplete":
            return None
        from .task_faults import path_and_reason

        path, reason = path_and_reason(fault)
        return TaskFaultError(str(task_id), fault["code"], path, reason)

    def _fault(self, task_id: ID, task: TaskDocument, codes: frozenset[str]) -> TaskEvent | None:
        if not codes or not task.get("faults") or task["status"] in {"SUCCEEDED", "FAILED"}:
            return None
        faults = self._events(task_id, {"filter": "is_error:1"})
        return next((fault for fault in faults if fault["code"] in codes), None)

    def _task(self, task_id: ID) -> TaskDocument:
        response = self._budget().send(lambda client: client.get_task(task_id))
        task: TaskDocument = response.data
        return task

    def _events(self, task_id: ID, params: dict[str, t.Any] | None = None) -> list[TaskEvent]:
        response = self._budget().send(
            lambda client: client.task_event_list(task_id, limit=_MOST_EVENTS, query_params=params)
        )
        return list(response)

    def _budget(self) -> RequestBudget[Watching]:
        from globus_core.rate_limits import RequestBudget  # which loads much

        return RequestBudget(self)


def event_codes(fail_on: str | t.Iterable[str]) -> frozenset[str]:
    """
    The codes of events as a set.

    :param fail_on: one code, or several
    :raises GlobusSDKUsageError: if it is something else
    """
    if isinstance(fail_on, str):
        return frozenset([fail_on])
    check_has(fail_on, "fail_on", ("__iter__",), "codes of events")
    codes = list(fail_on)
    for code in codes:
        check_text(code, "fail_on", "codes of events, as text")
    return frozenset(codes)
