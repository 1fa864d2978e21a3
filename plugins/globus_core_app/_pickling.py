"""
What is pickled of an app and its authorizers: settings, never a token or another secret.

The process that reads them makes an app of its own, with locks of its own. A storage that both
processes see keeps one login, and one renewal at a time, for both.
"""

from __future__ import annotations

import dataclasses
import pickle

from globus_core.authorizers import GlobusAuthorizer
from globus_core.exc import NotPicklableError

from ._code_prompt import is_confidential

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .app import GlobusApp
    from .config import GlobusAppConfig


def picklable_settings(app: GlobusApp, login_client: t.Any) -> dict[str, t.Any]:
    """
    The settings that make an app like another one, all but the login client.

    :param app: the app
    :param login_client: its login client
    :raises NotPicklableError: if the app has a secret, or tokens that only this process sees;
        says what to make in the other process instead
    """
    if is_confidential(login_client):
        raise NotPicklableError(
            f"{app!r} has a client secret, which is not pickled; make the app in the worker, for "
            "example with default_app, which finds the secret there"
        )
    if not app.token_storage.describe().shared:
        raise NotPicklableError(
            f"{app!r} keeps its tokens in this process only, and tokens are not pickled; give it a "
            "token storage that processes share, such as token_storage='json', or make an app in "
            "the worker"
        )
    _check_config(app, app.config)
    requirements = app.scope_requirements.items()
    return {
        "app_name": app.app_name,
        "config": app.config,
        "scope_requirements": {server: [*map(str, scopes)] for server, scopes in requirements},
    }


def _check_config(app: GlobusApp, config: GlobusAppConfig) -> None:
    """Name the setting that cannot be pickled, which the errors of pickle do not."""
    for field in dataclasses.fields(config):
        try:
            pickle.dumps(getattr(config, field.name))
        except NotPicklableError:
            raise
        except Exception as error:  # objects of the program raise what they want
            raise NotPicklableError(
                f"{app!r} cannot be pickled because of its {field.name}; configure it by a name or "
                "a class, or make the app in the worker"
            ) from error


class AppAuthorizer(GlobusAuthorizer):
    """
    What an app's authorizer becomes in another process: it takes its header from the app there.

    :param app: the app
    :param resource_server: whose tokens to use
    """

    def __init__(self, app: GlobusApp, resource_server: str) -> None:
        self._app = app
        self._resource_server = resource_server

    def get_authorization_header(self) -> str | None:
        """
        The header's value, from the app's tokens.
        """
        return self._authorizer().get_authorization_header()

    def handle_missing_authorization(self) -> bool:
        """
        React to a 401 as the app's authorizer does.
        """
        return self._authorizer().handle_missing_authorization()

    def handle_refused_header(self, header: str) -> bool:
        """
        React to a 401, knowing which header was refused.

        :param header: the header
        """
        authorizer = self._authorizer()
        by_header = getattr(authorizer, "handle_refused_header", None)
        if by_header is None:
            return authorizer.handle_missing_authorization()
        return bool(by_header(header))

    def _authorizer(self) -> GlobusAuthorizer:
        return self._app.get_authorizer(self._resource_server)


class PickledByApp(GlobusAuthorizer):
    """
    Mixin of the authorizers that an app makes.

    :ivar made_by: the app and the resource server; None if no app has made it
    """

    made_by: tuple[GlobusApp, str] | None = None

    def __reduce_ex__(self, protocol: t.SupportsIndex) -> str | tuple[t.Any, ...]:
        if self.made_by is None:
            return super().__reduce_ex__(protocol)
        return AppAuthorizer, self.made_by
