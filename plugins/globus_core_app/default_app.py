"""
The app that fits the environment: with a job's credentials, or with a user's login.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from ._token_source import SourcedSecret
from .client_app import ClientApp
from .config import GlobusAppConfig
from .credentials import CredentialsError, find_credentials
from .token_app import TokenApp
from .user_app import ReadingApp, UserApp

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .app import GlobusApp
    from .credentials import CredentialSearch


def default_app(
    app_name: str = "Unnamed Globus App",
    *,
    client_id: t.Any = None,
    scope_requirements: t.Mapping[str, t.Any] | None = None,
    config: GlobusAppConfig | None = None,
    search: CredentialSearch | None = None,
    access_token_suffices: bool = False,
) -> GlobusApp:
    """
    Make a ClientApp or a TokenApp from the credentials that are found, or else a UserApp.

    :func:`find_credentials` documents where it looks; what it finds is logged at level INFO.

    :param app_name: shown on consent pages and in the User-Agent header; names the token file
    :param client_id: the program's own client id, for a user's login; None uses the one that was
        found
    :param scope_requirements: the scopes to request, by resource server
    :param config: the settings; None uses the defaults; the login flow applies to a UserApp only
    :param search: the result of :func:`find_credentials`; None calls it
    :param access_token_suffices: use stored tokens without refresh tokens too while they are valid,
        even if the config requests refresh tokens, for a program that only reads
    :raises CredentialsError: if credentials cannot be used, or there are none and no client id
    """
    own = None if client_id is None else str(client_id)
    found = find_credentials(client_id=own) if search is None else search
    logging.getLogger("globus_core.globus_app").info("credentials\n%s", found.explain())
    settings = GlobusAppConfig() if config is None else config
    given: dict[str, t.Any] = {"scope_requirements": scope_requirements}
    if found.client_secret is not None:
        return _client_app(app_name, found, settings, given)
    if found.tokens is not None:
        return _token_app(app_name, found, settings, {"client_id": found.client_id or own, **given})
    if own is None and found.client_id is None:
        raise CredentialsError("no credentials were found for this program", found.links)
    user_app = ReadingApp if access_token_suffices else UserApp
    return user_app(app_name, client_id=own or found.client_id, config=settings, **given)


def _client_app(
    app_name: str, found: CredentialSearch, settings: GlobusAppConfig, given: dict[str, t.Any]
) -> ClientApp:
    assert found.client_id is not None
    assert found.client_secret is not None
    made = ClientApp(
        app_name,
        client_id=found.client_id,
        client_secret=found.client_secret,
        config=replace(settings, login_flow_manager=None),
        **given,
    )

    def secret_now() -> str | None:
        now = found.again()
        return now.client_secret if now.client_id == found.client_id else None

    made._login_client.authorizer = SourcedSecret(found.client_id, found.client_secret, secret_now)
    return made


def _token_app(
    app_name: str, found: CredentialSearch, settings: GlobusAppConfig, given: dict[str, t.Any]
) -> TokenApp:
    assert found.tokens is not None
    made = TokenApp(
        app_name,
        tokens=found.tokens,
        read_again=lambda: found.again().tokens,
        config=replace(settings, login_flow_manager=None),
        **given,
    )
    if found.used is not None:
        made._source.name = found.used.name
    return made
