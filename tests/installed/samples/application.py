"""An application that uses the public API only, and is typed strictly."""

from __future__ import annotations

import typing as t

from globus_core import (
    AuthAPIError,
    AuthClient,
    IdentityMap,
    NativeAppAuthClient,
    UserApp,
)
from globus_core.globus_app import GlobusAppConfig
from globus_core.scopes import Scope
from globus_core.token_storage import JSONTokenStorage, TokenStorageData


def who_is_it(app: UserApp, name: str) -> str:
    with AuthClient(app=app) as client:
        try:
            me = client.userinfo()
        except AuthAPIError as error:
            return f"{error.http_status} {error.code} {error.request_id}"
        person = IdentityMap(client).get(name)
        return f"{me['sub']}: {'nobody' if person is None else person['username']}"


def log_in(client_id: str) -> dict[str, t.Any]:
    with NativeAppAuthClient(client_id) as client:
        client.oauth2_start_flow(requested_scopes=Scope("openid"), refresh_tokens=True)
        url: str = client.oauth2_get_authorize_url(session_required_mfa=True)
        tokens = client.oauth2_exchange_code_for_tokens(input(url))
        return dict(tokens.by_resource_server)


def stored(path: str) -> list[TokenStorageData]:
    storage = JSONTokenStorage(path, namespace="portal")
    return list(storage.get_token_data_by_resource_server().values())


def portal(client_id: str) -> UserApp:
    config = GlobusAppConfig(request_refresh_tokens=True, token_storage="sqlite")
    return UserApp("portal", client_id=client_id, config=config)
