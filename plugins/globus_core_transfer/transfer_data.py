"""
The document of a transfer.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.documents import Document, iso_time
from globus_core.exc import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import typing as t

    from globus_core import MissingType

    from .endpoints import ID

    Fields: t.TypeAlias = t.Mapping[str, t.Any] | None
    SyncLevel: t.TypeAlias = int | t.Literal["exists", "size", "mtime", "checksum"]

_SYNC_LEVELS = {"exists": 0, "size": 1, "mtime": 2, "checksum": 3}


class TransferData(Document):
    """
    A transfer to submit: files and directories of one collection, and where they go on another.

    What is MISSING is left to Transfer.

    :param source_endpoint: the id of the collection from which to transfer
    :param destination_endpoint: the id of the collection to which to transfer
    :param label: a name for people
    :param submission_id: the same id means the same task; MISSING takes a new one when the document
        is submitted, and stores it here
    :param sync_level: transfer only what is not there (``exists`` or 0), or differs in size
        (``size``, 1), or is newer (``mtime``, 2), or has another checksum (``checksum``, 3), each
        with the conditions before it; MISSING transfers everything
    :param verify_checksum: compare checksums after the transfer; MISSING does
    :param preserve_timestamp: keep the times of modification; MISSING does not
    :param encrypt_data: encrypt the data on their way; MISSING does if a collection requires it
    :param deadline: when to give up; MISSING is a day from the submission. A datetime without a
        time zone is in local time
    :param skip_source_errors: leave out what cannot be read; MISSING tries again until the deadline
    :param fail_on_quota_errors: give up at once where there is no space; MISSING tries again
    :param delete_destination_extra: delete what is in the destination directory but not in the
        source directory; MISSING does not
    :param notify_on_succeeded: send an email at the end; MISSING does
    :param notify_on_failed: send an email after a failure; MISSING does
    :param notify_on_inactive: send an email when the task waits for the caller; MISSING does
    :param source_local_user: the account on the system behind the source, if the caller is mapped
        to several
    :param destination_local_user: the account on the system behind the destination
    :param additional_fields: further fields, which win
    :raises GlobusSDKUsageError: if the sync level is not known
    """

    def __init__(
        self,
        source_endpoint: ID,
        destination_endpoint: ID,
        *,
        label: str | MissingType = MISSING,
        submission_id: ID | MissingType = MISSING,
        sync_level: SyncLevel | MissingType = MISSING,
        verify_checksum: bool | MissingType = MISSING,
        preserve_timestamp: bool | MissingType = MISSING,
        encrypt_data: bool | MissingType = MISSING,
        deadline: datetime.datetime | str | MissingType = MISSING,
        skip_source_errors: bool | MissingType = MISSING,
        fail_on_quota_errors: bool | MissingType = MISSING,
        delete_destination_extra: bool | MissingType = MISSING,
        notify_on_succeeded: bool | MissingType = MISSING,
        notify_on_failed: bool | MissingType = MISSING,
        notify_on_inactive: bool | MissingType = MISSING,
        source_local_user: str | MissingType = MISSING,
        destination_local_user: str | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> None:
        fields: dict[str, t.Any] = {
            "DATA_TYPE": "transfer",
            "DATA": [],
            "source_endpoint": source_endpoint,
            "destination_endpoint": destination_endpoint,
            "label": label,
            "submission_id": submission_id,
            "deadline": iso_time(deadline),
            "source_local_user": source_local_user,
            "destination_local_user": destination_local_user,
            "verify_checksum": verify_checksum,
            "preserve_timestamp": preserve_timestamp,
            "encrypt_data": encrypt_data,
            "skip_source_errors": skip_source_errors,
            "fail_on_quota_errors": fail_on_quota_errors,
            "delete_destination_extra": delete_destination_extra,
            "notify_on_succeeded": notify_on_succeeded,
            "notify_on_failed": notify_on_failed,
            "notify_on_inactive": notify_on_inactive,
            "sync_level": _level(sync_level),
        }
        super().__init__(fields, additional_fields)

    def add_item(
        self,
        source_path: str,
        destination_path: str,
        *,
        recursive: bool | MissingType = MISSING,
        external_checksum: str | MissingType = MISSING,
        checksum_algorithm: str | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> None:
        """
        Add a file or a directory.

        :param source_path: where it is
        :param destination_path: where it will be, with its name, also if it is a file
        :param recursive: it is a directory (True) or a file (False); MISSING lets Transfer find out
        :param external_checksum: the checksum that the file is expected to have
        :param checksum_algorithm: the algorithm of that checksum, such as ``sha256``
        :param additional_fields: further fields, which win
        """
        self["DATA"].append(
            {
                "DATA_TYPE": "transfer_item",
                "source_path": source_path,
                "destination_path": destination_path,
                "recursive": recursive,
                "external_checksum": external_checksum,
                "checksum_algorithm": checksum_algorithm,
                **(additional_fields or {}),
            }
        )

    def add_filter_rule(
        self,
        name: str,
        *,
        method: t.Literal["include", "exclude"] = "exclude",
        type: t.Literal["file", "dir"] | MissingType = MISSING,
    ) -> None:
        """
        Leave out, or keep, what has a certain name in the directories to transfer.

        The first rule that matches decides, and what none matches is transferred. An excluded
        directory is left out with all that is in it.

        :param name: the name, with ``*``, ``?`` and ``[...]`` as in patterns of a shell
        :param method: ``exclude`` or ``include``
        :param type: ``file`` or ``dir``; MISSING is both
        """
        rule = {"DATA_TYPE": "filter_rule", "method": method, "name": name, "type": type}
        self.setdefault("filter_rules", []).append(rule)

    def iter_items(self) -> t.Iterator[dict[str, t.Any]]:
        """
        Iterate over the files and directories, as they were added.
        """
        yield from self["DATA"]


def _level(level: SyncLevel | MissingType) -> int | MissingType:
    if not isinstance(level, str):
        return level
    if level not in _SYNC_LEVELS:
        known = ", ".join(_SYNC_LEVELS)
        raise GlobusSDKUsageError(f"there is no sync level {level!r}; those known are {known}")
    return _SYNC_LEVELS[level]
