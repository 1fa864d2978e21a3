"""
Errors and warnings about files with tokens.
"""

from __future__ import annotations

# of the kernel, since other storages have them too; released versions had them here
from globus_core.exc import RenewalLockTimeoutError as RenewalLockTimeoutError
from globus_core.exc import StorageError
from globus_core.token_storage.data import DamagedStorageWarning as DamagedStorageWarning


class UnusableStorageError(StorageError, ValueError):
    """
    A token file that cannot be used, and was not changed.

    It belongs to another user, is a link to another folder, cannot be created, is a file of
    another program, or has the format of a later version.
    """


class DamagedDocumentError(Exception):
    """
    A file is empty or not complete; the message says why, without quoting it.

    :class:`DocumentTokenStorage` takes it from a subclass, and renames the file.
    """


class UnlockedStorageWarning(UserWarning):
    """
    Token files are on a file system without locks, so that two processes that store tokens at the
    same time can overwrite each other's changes. Files stay complete all the same.
    """


class UnprotectedStorageWarning(UserWarning):
    """
    Other users can read a token file, and its mode cannot be changed.
    """
