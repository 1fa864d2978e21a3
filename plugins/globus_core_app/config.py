"""
The settings of an app.
"""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.login_flows import LoginFlowManager
    from globus_core.token_storage import TokenStorage

    from .app import GlobusApp
    from .providers import (
        LoginFlowManagerProvider,
        TokenStorageProvider,
        TokenValidationErrorHandler,
    )

    #: the settings of an app without any, with the environment as it was at the first use
    DEFAULT_CONFIG: GlobusAppConfig


def resolve_by_login_flow(app: GlobusApp, error: Exception) -> None:
    """
    Log in again; the default reaction to stored tokens that are not good enough.

    :param app: the app
    :param error: what is wrong with the tokens
    :raises IdentityMismatchError: if that is what is wrong; a login would not mend it
    """
    from globus_core.token_storage.validating_token_storage import IdentityMismatchError

    if isinstance(error, IdentityMismatchError):
        raise error
    app.login(force=True)


@dataclass(frozen=True)
class GlobusAppConfig:
    """
    The settings of an app, which do not change; ``dataclasses.replace`` makes others of them.

    :param login_flow_manager: a name (``command-line``, ``local-server``, ``auto``, or what plugins
        add), a manager or a provider of one; None is ``command-line``
    :param login_redirect_uri: where callbacks go; None takes the flow's default
    :param token_storage: a name (``json``, ``sqlite``, ``memory``, or what plugins add), a URL
        such as ``sqlite:///path``, a storage or a provider of one
    :param request_refresh_tokens: ask for refresh tokens, so that logins last
    :param auto_redrive_gares: log in again, and repeat the request, when a service answers that
        a consent or a session is missing
    :param token_validation_error_handler: called when stored tokens are not good enough; None
        raises
    :param id_token_decoder: a decoder or a provider of one; None is IDTokenDecoder
    :param environment: the Globus environment; None takes ``GLOBUS_SDK_ENVIRONMENT`` as it is
        now, then ``production``
    """

    login_flow_manager: str | LoginFlowManager | type[LoginFlowManagerProvider] | None = None
    login_redirect_uri: str | None = None
    token_storage: str | TokenStorage | type[TokenStorageProvider] = "json"  # noqa: S105
    request_refresh_tokens: bool = False
    auto_redrive_gares: bool = False
    token_validation_error_handler: TokenValidationErrorHandler | None = resolve_by_login_flow
    id_token_decoder: t.Any = None
    environment: str = ""

    def __post_init__(self) -> None:
        from globus_core.config import get_environment_name

        object.__setattr__(self, "environment", get_environment_name(self.environment or None))


def __getattr__(name: str) -> GlobusAppConfig:
    # made when it is used: a faulty GLOBUS_SDK_ENVIRONMENT must not keep apps from being imported
    if name != "DEFAULT_CONFIG":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    made = globals()[name] = GlobusAppConfig()
    return made
