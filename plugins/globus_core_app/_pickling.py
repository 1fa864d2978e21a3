"""
Pickling of apps and their authorizers as settings, without tokens and secrets.

The other process makes its own app with its own locks. Through a shared storage both processes
have one login, and renew a token once.
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
    The constructor arguments that make an equal app, except for the login client.

    :param app: the app
    :param login_client: its login client
    :raises NotPicklableError: if the app has a secret, or tokens in memory; says what to do
        instead
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
    """Raise an error with the name of the setting that cannot be pickled."""
    for field in dataclasses.fields(config):
        try:
            pickle.dumps(getattr(config, field.name))
        except NotPicklableError:
            raise
        except Exception as error:  # pickling may run any code
            raise NotPicklableError(
                f"{app!r} cannot be pickled because of its {field.name}; configure it by a name or "
                "a class, or make the app in the worker"
            ) from error


class AppAuthorizer(GlobusAuthorizer):
    """
    An app's authorizer in another process; it uses the authorizer of the app there.

    :param app: the app
    :param resource_server: the resource server
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
        React to a 401 response to a known header.

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
    Mixin for authorizers made by an app, which are pickled as a reference to it.

    :ivar made_by: the app and the resource server; None if not made by an app
    """

    made_by: tuple[GlobusApp, str] | None = None

    def __reduce_ex__(self, protocol: t.SupportsIndex) -> str | tuple[t.Any, ...]:
        if self.made_by is None:
            return super().__reduce_ex__(protocol)
        return AppAuthorizer, self.made_by
