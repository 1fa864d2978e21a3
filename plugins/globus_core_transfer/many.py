"""
Many files at once: what will be moved, and tasks that are submitted and watched together.
"""

from __future__ import annotations

from globus_core.arguments import check_has, check_numbers
from globus_core.exc import GlobusSDKUsageError

from .operations import Operations
from .submitting_once import checked_key, opened
from .watching import Watching, event_codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .many_items import Item
    from .many_runs import Keys, ManyRun
    from .many_states import ManyState
    from .planning import TransferPlan
    from .submission_store import SubmissionStore
    from .transfer_data import TransferData

#: what a task has at most; at 12 MB/s so many bytes take the day that a task has by default
_ITEMS, _BYTES = 10_000, 1_000_000_000_000
#: as many unfinished tasks as submit_many allows itself, and as Transfer allows
_OWN_SHARE, _MOST = 50, 100


class Many(Watching, Operations):
    """
    The methods for many files.
    """

    def plan(
        self,
        data: dict[str, t.Any] | TransferData,
        items: t.Iterable[Item],
        *,
        expand: bool = False,
        items_per_task: int = _ITEMS,
        bytes_per_task: int = _BYTES,
    ) -> TransferPlan:
        """
        Say what :meth:`submit_many` would move with the same arguments; nothing is submitted.

        Directories are listed with all that is in them. A file without a size is looked up, and
        its directory is listed instead if several are wanted from there. Filter rules and
        ``sync_level`` are not considered, so less may be moved.

        :param data: as in :meth:`submit_many`
        :param items: as in :meth:`submit_many`
        :param expand: as in :meth:`submit_many`
        :param items_per_task: as in :meth:`submit_many`
        :param bytes_per_task: as in :meth:`submit_many`
        :return: files, directories and bytes, for all and for each task; and the paths that are
            not there
        :raises GlobusSDKUsageError: if an argument or an item cannot be used
        :raises TransferAPIError: if a directory that is there cannot be listed
        """
        from .many_items import Split, read_items
        from .planning import planned

        split = Split(items_per_task, bytes_per_task).checked()
        source = _source(data, expand=expand)
        return planned(self, source, read_items(items), split, expand=expand)

    def submit_many(
        self,
        data: dict[str, t.Any] | TransferData,
        items: t.Iterable[Item],
        *,
        key: str | None = None,
        store: SubmissionStore | None = None,
        expand: bool = False,
        items_per_task: int = _ITEMS,
        bytes_per_task: int = _BYTES,
        most_unfinished: int = _OWN_SHARE,
        timeout: float | None = None,
        fail_on: str | t.Iterable[str] = (),
        stop_when_paused: bool = True,
    ) -> ManyState:
        """
        Transfer many files and directories in several tasks, and wait until all have ended.

        The items are read as tasks are submitted, so a generator may give any number of them. All
        tasks are looked at with one request, at once, then after 1, 2, 4 ... 30 seconds; then
        further ones are submitted, if there is room. Errors of the network and of the service that
        may pass do not end that, and make no second task. While a task needs a consent or is
        paused, no further ones are submitted.

        :param data: the collections and options, a :class:`TransferData` without items
        :param items: for each file or directory its source path and destination path, and its size
            in bytes if you know it: a tuple or :class:`TransferItem`
        :param key: what your program calls this; with it, a program that was stopped may run again
            with the same items, and goes on. None submits all of them at each call
        :param store: where keys are kept; None takes the user's own file, for 90 days
        :param expand: list directories, and submit their files instead, with their sizes, so that a
            large directory becomes several tasks. Empty directories and links are left out
        :param items_per_task: how many items a task has at most, 10,000 by default
        :param bytes_per_task: how many bytes a task has at most, where sizes are known; a terabyte
            (10^12) by default
        :param most_unfinished: how many tasks may be unfinished at once, 50 by default and 100 at
            most, which is what Transfer allows each user; if other tasks take the room, it is
            waited for
        :param timeout: how long to wait, in seconds of real time; None waits for as long as it
            takes, and 0 submits as much as there is room for, and looks once
        :param fail_on: codes of events, such as ``FILE_NOT_FOUND``, after which a task is canceled;
            its ``fault`` then says why, and the others go on
        :param stop_when_paused: False waits on while managers have paused all that is left
        :return: the tasks, each with its ``outcome``, which is ``TIMEOUT`` if it still goes on;
            ``is_success`` if all were submitted and have succeeded
        :raises SubmissionKeyError: if the items are not those of the key's first run
        :raises TaskConflictError: if an unfinished task has the same paths
        :raises GlobusSDKUsageError: if an argument or an item cannot be used
        :raises TransferAPIError: if a submission is refused for another reason; tasks that were
            submitted go on. So they do after an error of the items themselves
        :raises NetworkError: if Transfer could not be reached until ``timeout``
        """
        from .many_states import ManyState

        state = ManyState([], is_all_submitted=False)
        for state in self.watch_many(
            data,
            items,
            key=key,
            store=store,
            expand=expand,
            items_per_task=items_per_task,
            bytes_per_task=bytes_per_task,
            most_unfinished=most_unfinished,
            timeout=timeout,
            fail_on=fail_on,
        ):
            if state.is_stuck(also_when_paused=stop_when_paused):
                break
        return state.timed_out()

    def watch_many(
        self,
        data: dict[str, t.Any] | TransferData,
        items: t.Iterable[Item],
        *,
        key: str | None = None,
        store: SubmissionStore | None = None,
        expand: bool = False,
        items_per_task: int = _ITEMS,
        bytes_per_task: int = _BYTES,
        most_unfinished: int = _OWN_SHARE,
        timeout: float | None = None,
        fail_on: str | t.Iterable[str] = (),
    ) -> t.Iterator[ManyState]:
        """
        Do as :meth:`submit_many`, and yield the state of all tasks after each look at them.

        The last state is that at the end, unless ``timeout`` comes before. Tasks that are paused or
        need a consent are watched on. Nothing is yielded while the network or the service is down.

        :param data: as in :meth:`submit_many`, like all other parameters
        :param timeout: how long to watch, in seconds of real time; None watches until the end
        :return: an iterator, which submits tasks and looks at them only when it is asked for the
            next state
        :raises GlobusSDKUsageError: at once, if an argument cannot be used
        :raises GlobusError: see :meth:`submit_many`
        """
        from globus_core.polling import polled

        from .many_items import Split, read_items
        from .many_runs import ManyRun
        from .planning import expanded

        split = Split(items_per_task, bytes_per_task).checked()
        _check_most(most_unfinished)
        source = _source(data, expand=expand)
        wanted = read_items(items)
        run = ManyRun(
            self,
            data,
            split.batches(expanded(self, source, wanted, timeout) if expand else wanted),
            keys=_keys(key, store),
            most=most_unfinished,
            codes=event_codes(fail_on),
        )
        return _until_ended(run, polled(run.look, timeout))


def _until_ended(run: ManyRun, states: t.Iterator[ManyState]) -> t.Iterator[ManyState]:
    for state in states:
        if run.failure is not None:
            raise run.failure
        yield state
        if state.is_ended:
            return


def _keys(key: str | None, store: SubmissionStore | None) -> Keys | None:
    from .many_runs import Keys

    return None if key is None else Keys(checked_key(key), opened(store))


def _source(data: t.Mapping[str, t.Any], *, expand: bool) -> str:
    """The source collection of a document that has no items yet."""
    check_has(data, "data", ("get", "items"), "a TransferData")
    if "source_endpoint" not in data:
        raise GlobusSDKUsageError("'data' must be a TransferData; it has no 'source_endpoint'")
    if data.get("DATA"):
        raise GlobusSDKUsageError("'data' must have no items; they come from 'items'")
    if expand and (data.get("filter_rules") or data.get("delete_destination_extra") is True):
        raise GlobusSDKUsageError(
            "'filter_rules' and 'delete_destination_extra' are about whole directories, which "
            "'expand' takes apart"
        )
    return str(data["source_endpoint"])


def _check_most(most: int) -> None:
    check_numbers(most_unfinished=most)
    if not 1 <= most <= _MOST:
        raise GlobusSDKUsageError(f"'most_unfinished' must be from 1 to {_MOST}, not {most!r}")
