"""
Errors and warnings about the keyring of the operating system.
"""

from __future__ import annotations

from globus_core.token_storage import StorageKeyError

_ADVICE = {
    "missing": 'install it with: pip install "globus-core[keyring]"',
    "none": (
        "log in at the desktop; where there is no keyring, as over SSH, in cron jobs and in "
        "containers, use the storage 'encrypted' with a key of your own"
    ),
    "locked": "unlock the keyring, and allow this program to use it",
    "late": (
        "unlock the keyring if it asks for that, or give it more seconds by "
        "GLOBUS_CORE_KEYRING_TIMEOUT"
    ),
    "failed": "see that the keyring works, for instance with the command 'keyring --list-backends'",
    "packed": "use the storage 'encrypted' with a key of your own",
}


class KeyringError(StorageKeyError):
    """
    The keyring of the operating system cannot be used now. What is stored was not changed.

    :param message: what happened, in one sentence
    :param reason: ``missing`` (the package keyring is not installed), ``none`` (there is no
        keyring), ``locked`` (or the person refused), ``late`` (it did not answer in time),
        ``failed`` (anything else that went wrong), ``packed`` (a packed program cannot use it)
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.advice = _ADVICE[reason]


class UnencryptedStorageWarning(UserWarning):
    """
    Tokens are not encrypted, because the keyring cannot be used, and the policy allows that.
    """
