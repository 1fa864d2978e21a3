"""
The protocols of objects that a GlobusAppConfig accepts.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    import uuid

    from globus_core.login_flows import LoginFlowManager
    from globus_core.token_storage import TokenStorage

    from .app import GlobusApp
    from .config import GlobusAppConfig


@t.runtime_checkable
class TokenStorageProvider(t.Protocol):
    """
    Makes the token storage of an app.
    """

    @classmethod
    def for_globus_app(
        cls, *, app_name: str, config: GlobusAppConfig, client_id: uuid.UUID | str, namespace: str
    ) -> TokenStorage:
        """
        Make the storage.

        :param app_name: the app's name
        :param config: the app's settings
        :param client_id: the id of the app's login client
        :param namespace: the namespace of the tokens
        """
        ...


@t.runtime_checkable
class LoginFlowManagerProvider(t.Protocol):
    """
    Makes the login flow manager of an app.
    """

    @classmethod
    def for_globus_app(
        cls, *, app_name: str, config: GlobusAppConfig, login_client: t.Any
    ) -> LoginFlowManager:
        """
        Make the manager.

        :param app_name: the app's name
        :param config: the app's settings
        :param login_client: the app's login client
        """
        ...


@t.runtime_checkable
class IDTokenDecoderProvider(t.Protocol):
    """
    Makes the ID token decoder of an app.
    """

    @classmethod
    def for_globus_app(
        cls, *, app_name: str, config: GlobusAppConfig, login_client: t.Any
    ) -> t.Any:
        """
        Make the decoder.

        :param app_name: the app's name
        :param config: the app's settings
        :param login_client: the app's login client
        """
        ...


class TokenValidationErrorHandler(t.Protocol):
    """
    Called when stored tokens are not valid; when it returns, they are checked again.
    """

    def __call__(self, app: GlobusApp, error: t.Any) -> None:
        """
        Correct the problem, or raise an error.

        :param app: the app
        :param error: the TokenValidationError
        """
        ...
