"""
Submissions that may be repeated, also by other processes, and make one task.
"""

from __future__ import annotations

from globus_core.arguments import check_has, check_text
from globus_core.exc import GlobusSDKUsageError

from .tasks import Tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .delete_data import DeleteData
    from .submission_store import SubmissionStore
    from .submissions import Submission
    from .transfer_data import TransferData


class SubmittingOnce(Tasks):
    """
    The methods that keep submission ids by key.
    """

    def submit_once(
        self,
        data: dict[str, t.Any] | TransferData | DeleteData,
        key: str,
        *,
        store: SubmissionStore | None = None,
    ) -> Submission:
        """
        Submit a transfer or deletion, unless one was submitted under this key.

        The key is kept with a submission id before anything is sent. So a program that was stopped
        at any time may run again, and several processes may do the same at once: there is one task.
        If Transfer refuses the document at its first submission, the key is free again.

        :param data: the transfer or deletion; it stays as it is, and a ``submission_id`` in it is
            not used. It has to be the same for the same key; a deadline counted from now is not
        :param key: what your program calls this submission, such as ``nightly-2026-11-26``
        :param store: where keys are kept; None takes the user's own file, for 90 days
        :raises SubmissionKeyError: if the key stands for another document; nothing is sent
        :raises TaskConflictError: if an unfinished task has the same paths
        :raises TransferAPIError: if the submission is refused for another reason
        :raises GlobusError: if the store cannot be used; nothing is sent
        """
        from .submission_store import Place
        from .submissions import submit_once

        place = Place(self.base_url, checked_key(key), 0)
        return submit_once(self, data, place, opened(store))

    def forget_submission(self, key: str, *, store: SubmissionStore | None = None) -> None:
        """
        Forget a key of :meth:`submit_once` or :meth:`submit_many`, which then means new tasks.

        Tasks that were submitted are not canceled.

        :param key: the key; one that is not known is ignored
        :param store: where keys are kept; None takes the user's own file
        :raises GlobusError: if the store cannot be used
        """
        opened(store).forget(self.base_url, checked_key(key))


def checked_key(key: str) -> str:
    """
    The same key.

    :param key: the key
    :raises GlobusSDKUsageError: if it is not text, or empty
    """
    check_text(key, "key")
    if not key:
        raise GlobusSDKUsageError("'key' must not be empty")
    return key


def opened(store: SubmissionStore | None) -> SubmissionStore:
    """
    The same store, or the user's own if it is None.

    :param store: the store
    :raises GlobusSDKUsageError: if it is something else
    """
    if store is None:
        from .submission_store import SubmissionStore

        return SubmissionStore()
    check_has(store, "store", ("claim", "find", "note"), "a SubmissionStore")
    return store
