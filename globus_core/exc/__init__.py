"""
All exceptions of this SDK; those with a second base class can also be caught by it.

* GlobusError

  * GlobusSDKUsageError (ValueError)

    * NotPicklableError (TypeError)

  * ValidationError (ValueError)
  * PluginError

    * PluginUnavailableError (ImportError)

  * StorageError

    * StorageLockTimeoutError (TimeoutError)

      * RenewalLockTimeoutError (RenewalError)

  * LoginFlowError

    * LoginDeniedError
    * StateMismatchError
    * LoginTimeoutError (TimeoutError)

  * LoginRequiredError
  * IDTokenError (ValueError)
  * RenewalError (ValueError)
  * NetworkError

    * GlobusConnectionError
    * GlobusTimeoutError

      * GlobusConnectionTimeoutError

  * GlobusAPIError, and the error class of each client, such as AuthAPIError

RemovedInV5Warning (DeprecationWarning) is outside this tree. Every error has ``advice`` and
``explain()``: what happened and what to do next, in plain words.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "_redact": ("redacted",),
        "api": ("ErrorSubdocument", "GlobusAPIError"),
        "base": (
            "GlobusError",
            "GlobusSDKUsageError",
            "IDTokenError",
            "LoginDeniedError",
            "LoginFlowError",
            "LoginRequiredError",
            "LoginTimeoutError",
            "NotPicklableError",
            "PluginError",
            "PluginUnavailableError",
            "RemovedInV5Warning",
            "RenewalError",
            "RenewalLockTimeoutError",
            "StateMismatchError",
            "StorageError",
            "StorageLockTimeoutError",
            "ValidationError",
            "warn_deprecated",
        ),
        "convert": ("convert_request_exception",),
        "error_facts": ("ErrorFacts",),
        "error_info": (
            "AuthorizationParameterInfo",
            "ConsentRequiredInfo",
            "ErrorInfo",
            "ErrorInfoContainer",
        ),
        "network": (
            "GlobusConnectionError",
            "GlobusConnectionTimeoutError",
            "GlobusTimeoutError",
            "NetworkError",
        ),
        "retry_after": ("retry_after_seconds",),
        "globus_core.error_translation": ("api_error",),
    },
    submodules=(
        "api",
        "base",
        "convert",
        "error_facts",
        "error_info",
        "network",
        "retry_after",
    ),
)
