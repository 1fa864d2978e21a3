"""
Errors about keys and about what was encrypted with them.
"""

from __future__ import annotations

from globus_core.exc import StorageError


class StorageKeyError(StorageError):
    """
    There is no key, it cannot be read, or it is not the one with which tokens were encrypted.

    What is stored was not changed.
    """

    advice = (
        "give the key or passphrase with which the tokens were encrypted; if it is lost, move them "
        "away and log in again"
    )


class BrokenSealError(StorageError):
    """
    Something encrypted is not what was written: it was changed, damaged, or moved from another
    place.

    It was not changed further, and nothing of it was used.
    """

    advice = (
        "restore it from a backup, or move it away and log in again; find out who else can write "
        "there"
    )
