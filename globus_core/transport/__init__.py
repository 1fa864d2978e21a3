"""
Sending requests: encode, authorize, send, retry.

Nothing here imports requests before the first request is sent.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "caller_info": ("RequestCallerInfo",),
        "client_info": ("GlobusClientInfo",),
        "deadline": ("pause_deadline",),
        "representation_providers": (
            "FormRequestEncoder",
            "JSONRequestEncoder",
            "RequestEncoder",
            "RequestsRepresentationProvider",
        ),
        "requests_transport": ("RequestsTransport",),
        "retry": (
            "RetryCheck",
            "RetryCheckCollection",
            "RetryCheckFlags",
            "RetryCheckResult",
            "RetryCheckRunner",
            "RetryConfig",
            "RetryContext",
            "set_retry_check_flags",
        ),
    },
    submodules=("default_retry_checks", "representation_providers", "retry"),
)
