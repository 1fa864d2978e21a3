from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "env_vars": ("get_environment_name", "get_http_timeout", "get_ssl_verify"),
        "environments": ("EnvConfig", "get_service_url", "get_webapp_url", "token_namespace"),
    },
    submodules=("env_vars", "environments"),
)
