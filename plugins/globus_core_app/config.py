"""
The settings of an app.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from globus_core.origins import setting

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

    #: the default settings, with the environment as it was at the first use
    DEFAULT_CONFIG: GlobusAppConfig


def resolve_by_login_flow(app: GlobusApp, error: Exception) -> None:
    """
    Log in again; the default handler for stored tokens that are not valid.

    :param app: the app
    :param error: the validation error
    :raises IdentityMismatchError: if the tokens belong to another identity; a login cannot fix that
    """
    from globus_core.token_storage.validating_token_storage import IdentityMismatchError

    if isinstance(error, IdentityMismatchError):
        raise error
    app.login(force=True)


@dataclass(frozen=True)
class GlobusAppConfig:
    """
    The settings of an app; immutable, use ``dataclasses.replace`` to change a copy.

    :param login_flow_manager: a name (``command-line``, ``local-server``, ``auto``, or one that a
        plugin adds), a manager or a provider; None is ``command-line``
    :param login_redirect_uri: the redirect URI; None uses the flow's default
    :param token_storage: a name (``json``, ``sqlite``, ``memory``, or one that a plugin adds), a
        URL such as ``sqlite:///path``, a storage or a provider
    :param request_refresh_tokens: request refresh tokens, so that a login lasts longer
    :param auto_redrive_gares: when a service requires a consent or a session, log in again and
        repeat the request
    :param token_validation_error_handler: called when stored tokens are not valid; None raises
        the error
    :param id_token_decoder: a decoder or a provider; None takes the decoder of the token storage,
        or else :class:`~globus_core.IDTokenDecoder`, which is then the attribute's value
    :param environment: the Globus environment; None uses the current ``GLOBUS_SDK_ENVIRONMENT``,
        or else ``production``
    """

    login_flow_manager: str | LoginFlowManager | type[LoginFlowManagerProvider] | None = None
    login_redirect_uri: str | None = None
    token_storage: str | TokenStorage | type[TokenStorageProvider] = "json"  # noqa: S105
    request_refresh_tokens: bool = False
    auto_redrive_gares: bool = False
    token_validation_error_handler: TokenValidationErrorHandler | None = resolve_by_login_flow
    id_token_decoder: t.Any = None
    environment: str = ""

    def __repr__(self) -> str:
        try:
            shown = ", ".join(f"{field.name}={self._shown(field.name)}" for field in fields(self))
        except AttributeError:  # the constructor failed
            return "<GlobusAppConfig, not complete>"
        return f"{type(self).__qualname__}({shown})"

    def _shown(self, name: str) -> str:
        """A value without what may be secret in a URL."""
        value = getattr(self, name)
        return repr(setting(value) if isinstance(value, str) else value)

    def __post_init__(self) -> None:
        from globus_core.arguments import check_texts
        from globus_core.config import get_environment_name

        check_texts(environment=self.environment, login_redirect_uri=self.login_redirect_uri)
        object.__setattr__(self, "environment", get_environment_name(self.environment or None))
        if self.id_token_decoder is None:
            from globus_core import IDTokenDecoder

            object.__setattr__(self, "id_token_decoder", IDTokenDecoder)


def __getattr__(name: str) -> GlobusAppConfig:
    # made at first use: an invalid GLOBUS_SDK_ENVIRONMENT must not break the import
    if name != "DEFAULT_CONFIG":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    made = globals()[name] = GlobusAppConfig()
    return made
