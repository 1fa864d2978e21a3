"""
Errors and warnings about files with tokens.
"""

from __future__ import annotations

from globus_core.exc import RenewalError, StorageError, StorageLockTimeoutError


class UnusableStorageError(StorageError, ValueError):
    """
    A token file that cannot be used, and was not changed.

    It belongs to another user, is a link to another folder, cannot be created, is a file of
    another program, or has the format of a later version.
    """


class RenewalLockTimeoutError(StorageLockTimeoutError, RenewalError):
    """
    Another renewal of the same token, perhaps in another process, did not finish in time.
    """


class DamagedStorageWarning(UserWarning):
    """
    A damaged token file was renamed, and the message has the new name; or one record of a file
    cannot be used, and the message has its resource server.
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
