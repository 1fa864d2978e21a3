"""
One login at each of the servers that somebody else wrote; what else is tried there takes longer.
"""

from __future__ import annotations

from globus_core import (
    AccessTokenAuthorizer,
    AuthClient,
    ConfidentialAppAuthClient,
    NativeAppAuthClient,
)
from tests.foreign.test_fauxbus import AUTH, GROUPS, GROUPS_SCOPE, sign_in
from tests.foreign.test_nanoidp import log_in
from tests.servers.fauxbus import Fauxbus
from tests.servers.nanoidp import Nanoidp


def test_a_login_brings_a_token_for_each_resource_server(
    fauxbus: Fauxbus,
) -> None:
    """The exchanged code gives one token for Auth and one for Groups."""
    client = ConfidentialAppAuthClient(
        fauxbus.client_id, fauxbus.client_secret, base_url=fauxbus.base_url
    )
    callback = sign_in(fauxbus, client, "openid", "email", GROUPS_SCOPE)
    tokens = client.oauth2_exchange_code_for_tokens(callback["code"])
    assert set(tokens.by_resource_server) == {AUTH, GROUPS}
    assert tokens.by_resource_server[GROUPS]["scope"] == GROUPS_SCOPE
    assert tokens.by_resource_server[AUTH]["refresh_token"] is None


def test_a_native_login_gets_tokens_with_pkce(nanoidp: Nanoidp) -> None:
    """A client without a secret logs in by its verifier and may ask who signed in."""
    client = NativeAppAuthClient(nanoidp.native_client_id, base_url=nanoidp.base_url)
    known = log_in(nanoidp, client)
    assert known["scope"] == "openid email"
    authorizer = AccessTokenAuthorizer(known["access_token"])
    info = AuthClient(base_url=nanoidp.base_url, authorizer=authorizer).userinfo()
    assert (info["sub"], info["email"]) == (nanoidp.username, nanoidp.email)
