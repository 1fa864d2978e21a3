"""
Waiting for runs until it is known how they ended, and following what they do meanwhile.
"""

from __future__ import annotations

from globus_core.polling import polled

from .runs import Runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .flows import ID
    from .run_states import RunDocument, RunLogEntry, RunResult, RunState


class Watching(Runs):
    """
    The methods that wait for runs and watch them.
    """

    def wait_for_run(self, run_id: ID, timeout: float | None = None) -> RunResult:
        """
        Wait until a run has ended or is INACTIVE, and say how it ended, with its last document.

        The run is fetched at once, then after 1, 2, 4 ... 30 seconds. Errors of the network and of
        the service that may pass do not end the wait.

        :param run_id: the run's id
        :param timeout: how long to wait, in seconds of real time; None waits for as long as it
            takes, and 0 asks once. A request that is on its way is not interrupted
        :return: ``outcome`` and ``run``; ``TIMEOUT`` if the run still goes on
        :raises GlobusSDKUsageError: if ``timeout`` is negative
        :raises FlowsAPIError: if there is no such run, or it is not visible to the caller
        :raises NetworkError: if Flows could not be reached until ``timeout``
        """
        from .run_states import RunOutcome, RunResult, outcome_of

        run: RunDocument = {"status": "ACTIVE"}
        for run in polled(lambda: self._run(run_id), timeout):
            outcome = outcome_of(run)
            if outcome is not None:
                return RunResult(outcome, run)
        return RunResult(RunOutcome.TIMEOUT, run)

    def watch_run(self, run_id: ID, timeout: float | None = None) -> t.Iterator[RunState]:
        """
        Yield the state of a run at once, then after 1, 2, 4 ... 30 seconds, until it has ended.

        The last state is that at the end, unless ``timeout`` comes before. A state is also yielded
        if nothing has changed. A run that is INACTIVE is watched on. Nothing is yielded while the
        network or the service is down.

        :param run_id: the run's id
        :param timeout: how long to watch, in seconds of real time; None watches until the end
        :return: an iterator, which sends requests only when it is asked for the next state; the
            first state has all entries of the log until then
        :raises GlobusSDKUsageError: if ``timeout`` is negative
        :raises FlowsAPIError: if there is no such run, or it is not visible to the caller
        :raises NetworkError: if Flows could not be reached until ``timeout``
        """
        log = _Log(self, run_id)
        # The run first: its last entry is there when it has ended.
        return _states(polled(lambda: (self._run(run_id), log.new_entries()), timeout))

    def follow_logs(self, run_id: ID, timeout: float | None = None) -> t.Iterator[RunLogEntry]:
        """
        Yield the entries of a run's log, the earliest first, and those to come until it has ended.

        :param run_id: the run's id
        :param timeout: how long to follow, in seconds of real time; None follows until the end
        :return: an iterator, which sends requests only when it is asked for the next entry
        :raises GlobusSDKUsageError: if ``timeout`` is negative
        :raises FlowsAPIError: if there is no such run, or it is not visible to the caller
        :raises NetworkError: if Flows could not be reached until ``timeout``
        """
        states = self.watch_run(run_id, timeout)
        return (entry for state in states for entry in state.entries)

    def _run(self, run_id: ID) -> RunDocument:
        run: RunDocument = self.get_run(run_id).data
        return run


def _states(looks: t.Iterator[tuple[RunDocument, list[RunLogEntry]]]) -> t.Iterator[RunState]:
    from .run_states import RunState, outcome_of

    for run, entries in looks:
        state = RunState(run, outcome_of(run), entries)
        yield state
        if state.outcome is not None and state.outcome.is_final:
            return


class _Log:
    """The log of a run, of which each entry is fetched once, that of the last page aside."""

    def __init__(self, client: Runs, run_id: ID) -> None:
        self._client = client
        self._run_id = run_id
        self._marker: str | None = None
        #: how many entries of the page at the marker are known
        self._known = 0
        #: entries that were fetched before a request for a later page failed
        self._kept: list[RunLogEntry] = []

    def new_entries(self) -> list[RunLogEntry]:
        """The entries since the call before, the earliest first."""
        has_more = True
        while has_more:
            page = self._client.get_run_logs(self._run_id, query_params={"marker": self._marker})
            entries = list(page)
            self._kept += entries[self._known :]
            self._known = len(entries)
            has_more = bool(page.get("has_next_page")) and page.get("marker") is not None
            if has_more:
                self._marker, self._known = page["marker"], 0
        found, self._kept = self._kept, []
        return found
