"""
The document of a deletion.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.documents import Document, iso_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import typing as t

    from globus_core import MissingType

    from .endpoints import ID


class DeleteData(Document):
    """
    A deletion to submit: files and directories of one collection.

    What is MISSING is left to Transfer.

    :param endpoint: the id of the collection
    :param label: a name for people
    :param submission_id: the same id means the same task; MISSING takes a new one when the document
        is submitted, and stores it here
    :param recursive: delete directories with all that is in them; MISSING refuses directories
    :param ignore_missing: take no offence at what does not exist; MISSING does
    :param interpret_globs: read ``*``, ``?`` and ``[...]`` in the last part of a path as a pattern;
        MISSING does not
    :param deadline: when to give up; MISSING is a day from the submission. A datetime without a
        time zone is in local time
    :param notify_on_succeeded: send an email at the end; MISSING does
    :param notify_on_failed: send an email after a failure; MISSING does
    :param notify_on_inactive: send an email when the task waits for the caller; MISSING does
    :param local_user: the account on the system behind the collection, if the caller is mapped to
        several
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        endpoint: ID,
        *,
        label: str | MissingType = MISSING,
        submission_id: ID | MissingType = MISSING,
        recursive: bool | MissingType = MISSING,
        ignore_missing: bool | MissingType = MISSING,
        interpret_globs: bool | MissingType = MISSING,
        deadline: datetime.datetime | str | MissingType = MISSING,
        notify_on_succeeded: bool | MissingType = MISSING,
        notify_on_failed: bool | MissingType = MISSING,
        notify_on_inactive: bool | MissingType = MISSING,
        local_user: str | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        fields: dict[str, t.Any] = {
            "DATA_TYPE": "delete",
            "DATA": [],
            "endpoint": endpoint,
            "label": label,
            "submission_id": submission_id,
            "deadline": iso_time(deadline),
            "local_user": local_user,
            "recursive": recursive,
            "ignore_missing": ignore_missing,
            "interpret_globs": interpret_globs,
            "notify_on_succeeded": notify_on_succeeded,
            "notify_on_failed": notify_on_failed,
            "notify_on_inactive": notify_on_inactive,
        }
        super().__init__(fields, additional_fields)

    def add_item(
        self, path: str, *, additional_fields: t.Mapping[str, t.Any] | None = None
    ) -> None:
        """
        Add a file or a directory.

        :param path: where it is
        :param additional_fields: further fields, which win
        """
        item = {"DATA_TYPE": "delete_item", "path": path, **(additional_fields or {})}
        self["DATA"].append(item)

    def iter_items(self) -> t.Iterator[dict[str, t.Any]]:
        """
        Iterate over the files and directories, as they were added.
        """
        yield from self["DATA"]
