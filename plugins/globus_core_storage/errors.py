"""
What can be wrong with a file that holds tokens.
"""

from __future__ import annotations

from globus_core.exc import RenewalError, StorageError, StorageLockTimeoutError


class UnusableStorageError(StorageError, ValueError):
    """
    A token file is not one that may be used; it was not touched.

    It belongs to somebody else, lies outside its folder, cannot be created, or is in a format
    of a later version.
    """


class RenewalLockTimeoutError(StorageLockTimeoutError, RenewalError):
    """
    Another renewal of the same token, perhaps in another process, did not end in time.
    """


class DamagedStorageWarning(UserWarning):
    """
    A damaged token file was moved aside; the message says where it is now.
    """


class UnlockedStorageWarning(UserWarning):
    """
    Token files lie on a file system without locks, so that stores of two processes at the
    same moment can undo each other. No file is torn by that.
    """


class UnprotectedStorageWarning(UserWarning):
    """
    Others can read a token file, and the file system lets nobody change that.
    """
