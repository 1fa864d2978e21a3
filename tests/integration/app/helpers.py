"""
Apps that log in at the sandbox without anybody's help.
"""

from __future__ import annotations

import time
import typing as t

from globus_core import UserApp
from globus_core.globus_app import GlobusAppConfig
from globus_core.login_flows import LocalServerLoginFlowManager
from globus_core.testing import HeadlessBrowser
from globus_core.token_storage import MemoryTokenStorage, TokenStorage

if t.TYPE_CHECKING:
    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.globus_app import GlobusApp
    from globus_core_sandbox import Sandbox

AUTH = "auth.globus.org"
TRANSFER = "transfer.api.globus.org"
TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"
GROUPS = "groups.api.globus.org"
GROUPS_ALL = "urn:globus:auth:scope:groups.api.globus.org:all"
GROUPS_MEMBERSHIPS = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships"


class CountedLogin(LocalServerLoginFlowManager):
    """
    The local-server flow with a browser that nobody sees; it counts and keeps what was asked.
    """

    asked: list[GlobusAuthorizationParameters]

    @classmethod
    def for_globus_app(cls, app_name: str, login_client: t.Any, config: t.Any) -> CountedLogin:
        """Make the manager of an app."""
        made = cls(
            login_client,
            request_refresh_tokens=config.request_refresh_tokens,
            open_browser=HeadlessBrowser().open,
            timeout=30.0,
        )
        made.asked = []
        return made

    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        """Note what is asked for, and log in."""
        self.asked.append(auth_parameters)
        return super().run_login_flow(auth_parameters)

    def print_authorize_url(self, authorize_url: str) -> None:
        """There is nobody to show it to."""


def user_app(
    sandbox: Sandbox,
    *,
    storage: TokenStorage | str | None = None,
    scopes: dict[str, t.Any] | None = None,
    **settings: t.Any,
) -> UserApp:
    """
    An app of the sandbox's native client, found through the environment.

    :param sandbox: the sandbox
    :param storage: where tokens are kept; None is memory
    :param scopes: the scope requirements
    :param settings: further settings of its config
    """
    settings.setdefault("login_flow_manager", CountedLogin)
    return UserApp(
        "tests",
        client_id=sandbox.native_client_id,
        scope_requirements=scopes,
        config=GlobusAppConfig(
            token_storage=MemoryTokenStorage() if storage is None else storage, **settings
        ),
    )


def logins(app: UserApp) -> int:
    """How often the app has logged somebody in."""
    manager = app._login_flow_manager
    assert isinstance(manager, CountedLogin)
    return len(manager.asked)


def stored(app: GlobusApp, resource_server: str = AUTH) -> t.Any:
    """What is stored for a resource server, unchecked."""
    return app.token_storage.token_storage.get_token_data(resource_server)


def expire(app: GlobusApp, resource_server: str = AUTH) -> None:
    """Have a stored token be past its end by this machine's clock."""
    storage = app.token_storage.token_storage
    data = storage.get_token_data(resource_server)
    assert data is not None
    data.expires_at_seconds = int(time.time()) - 60
    storage.store_token_data_by_resource_server({resource_server: data})
