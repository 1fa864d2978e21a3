"""
For tests of programs and plugins: contract suites, a browser without a window, the sandbox.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "browser": ("HeadlessBrowser",),
        "canary": ("CanarySecrets",),
        "clock": ("FakeClock",),
        "error_translator": ("ErrorTranslatorContract", "make_error"),
        "identity_cache": ("IdentityCacheContract", "SharedIdentityCacheContract"),
        "shared_token_storage": ("FileTokenStorageContract", "SharedTokenStorageContract"),
        "token_storage": ("TokenStorageContract",),
    },
)
