"""
Helpers for tests of programs and plugins: contract suites, canned responses, a headless browser,
the sandbox.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "browser": ("HeadlessBrowser",),
        "canary": ("CanarySecrets",),
        "canned": (
            "RegisteredResponse",
            "ResponseList",
            "ResponseSet",
            "construct_error",
            "get_last_request",
            "get_response_set",
            "load_response",
            "load_response_set",
            "register_response_set",
        ),
        "checker": ("CheckerContract", "IntrospectionStandIn", "SharedCheckerContract"),
        "clock": ("FakeClock",),
        "error_translator": ("ErrorTranslatorContract", "make_error"),
        "identity_cache": ("IdentityCacheContract", "SharedIdentityCacheContract", "make_identity"),
        "login_flow": ("LoginFlowContract",),
        "renewal_lease": ("RenewalLeaseContract",),
        "shared_token_storage": ("FileTokenStorageContract", "SharedTokenStorageContract"),
        "stored_tokens": ("make_token",),
        "token_storage": ("TokenStorageContract",),
    },
    submodules=("canned", "sandbox"),
)
