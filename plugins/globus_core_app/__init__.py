"""
Apps: logins, tokens that are always fresh, and the clients that use them.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "authorizer_factory": (
            "AccessTokenAuthorizerFactory",
            "AuthorizerFactory",
            "ClientCredentialsAuthorizerFactory",
            "RefreshTokenAuthorizerFactory",
        ),
        "revocation": ("RevocationFailure",),
        "app": ("GlobusApp",),
        "auto": ("AutoLoginFlowManager",),
        "client_app": ("ClientApp",),
        "credentials": (
            "CredentialLink",
            "CredentialSearch",
            "CredentialsError",
            "find_credentials",
        ),
        "default_app": ("default_app",),
        "_code_prompt": ("CommandLineLoginFlowEOFError",),
        "command_line": ("CommandLineLoginFlowManager",),
        "config": ("DEFAULT_CONFIG", "GlobusAppConfig", "resolve_by_login_flow"),
        "local_server": (
            "LocalServerEnvironmentalLoginError",
            "LocalServerLoginError",
            "LocalServerLoginFlowManager",
        ),
        "outlook": ("Outlook", "TokenOutlook"),
        "providers": (
            "IDTokenDecoderProvider",
            "LoginFlowManagerProvider",
            "TokenStorageProvider",
            "TokenValidationErrorHandler",
        ),
        "redirect_server": ("RedirectHTTPServer", "RedirectHandler"),
        "token_app": ("TokenApp",),
        "user_app": ("UserApp",),
    },
)
