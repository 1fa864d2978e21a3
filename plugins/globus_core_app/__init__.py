"""
Apps: they log in, store and renew tokens, and authorize clients.
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
        "auto_login_flow": ("AutoLoginFlowManager",),
        "client_app": ("ClientApp",),
        "credentials": (
            "CredentialLink",
            "CredentialSearch",
            "CredentialsError",
            "find_credentials",
        ),
        "default_app": ("default_app",),
        "_callback_page": ("DEFAULT_HTML_TEMPLATE",),
        "_environment_detection": ("BROWSER_DENY_LIST",),
        "_code_prompt": ("CommandLineLoginFlowEOFError",),
        "command_line_login_flow": ("CommandLineLoginFlowManager",),
        "config": ("DEFAULT_CONFIG", "GlobusAppConfig", "resolve_by_login_flow"),
        "local_server_login_flow": (
            "LocalServerEnvironmentalLoginError",
            "LocalServerLoginError",
            "LocalServerLoginFlowManager",
        ),
        "token_outlook": ("Outlook", "TokenOutlook"),
        "providers": (
            "IDTokenDecoderProvider",
            "LoginFlowManagerProvider",
            "TokenStorageProvider",
            "TokenValidationErrorHandler",
        ),
        "standalone_redirect_server": ("RedirectHTTPServer", "RedirectHandler"),
        "token_app": ("TokenApp",),
        "user_app": ("UserApp",),
    },
)

#: what namespaces of globus_core get of these names, where it is not all of them
NAMESPACES = {
    "": (
        "AccessTokenAuthorizerFactory",
        "AuthorizerFactory",
        "ClientApp",
        "ClientCredentialsAuthorizerFactory",
        "CommandLineLoginFlowEOFError",
        "CommandLineLoginFlowManager",
        "DEFAULT_CONFIG",
        "GlobusApp",
        "GlobusAppConfig",
        "IDTokenDecoderProvider",
        "LocalServerEnvironmentalLoginError",
        "LocalServerLoginError",
        "LocalServerLoginFlowManager",
        "LoginFlowManagerProvider",
        "RedirectHTTPServer",
        "RedirectHandler",
        "RefreshTokenAuthorizerFactory",
        "TokenStorageProvider",
        "TokenValidationErrorHandler",
        "UserApp",
        "resolve_by_login_flow",
    ),
    "globus_app": (
        "ClientApp",
        "CredentialLink",
        "CredentialSearch",
        "CredentialsError",
        "GlobusApp",
        "GlobusAppConfig",
        "IDTokenDecoderProvider",
        "LoginFlowManagerProvider",
        "Outlook",
        "TokenApp",
        "TokenOutlook",
        "TokenStorageProvider",
        "TokenValidationErrorHandler",
        "UserApp",
        "default_app",
        "find_credentials",
    ),
    "globus_app.authorizer_factory": (
        "AccessTokenAuthorizerFactory",
        "AuthorizerFactory",
        "ClientCredentialsAuthorizerFactory",
        "RefreshTokenAuthorizerFactory",
    ),
    "globus_app.config": ("DEFAULT_CONFIG", "GlobusAppConfig", "resolve_by_login_flow"),
    "login_flows": (
        "AutoLoginFlowManager",
        "CommandLineLoginFlowEOFError",
        "CommandLineLoginFlowManager",
        "LocalServerEnvironmentalLoginError",
        "LocalServerLoginError",
        "LocalServerLoginFlowManager",
    ),
    "login_flows.local_server_login_flow_manager": (
        "BROWSER_DENY_LIST",
        "LocalServerEnvironmentalLoginError",
        "LocalServerLoginError",
        "LocalServerLoginFlowManager",
    ),
    "login_flows.local_server_login_flow_manager.local_server": (
        "DEFAULT_HTML_TEMPLATE",
        "RedirectHTTPServer",
        "RedirectHandler",
    ),
}
