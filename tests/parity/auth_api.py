"""
Every call of the older description of the Auth API, each optional parameter in a call of its own.

A row is a call and what must be true of its ``result``. The names in it are classes of
``globus_core`` and what ``SUBJECTS`` says; the rest is made by ``test_auth_api``.
"""

from __future__ import annotations

#: the objects that calls are made on, and their classes
SUBJECTS = {
    "auth": "AuthClient",
    "login": "AuthLoginClient",
    "native": "NativeAppAuthClient",
    "confidential": "ConfidentialAppAuthClient",
    "tokens": "OAuthTokenResponse",
    "identities": "GetIdentitiesResponse",
    "consents": "GetConsentsResponse",
    "identity_map": "IdentityMap",
    "decoder": "IDTokenDecoder",
    "spec": "DependentScopeSpec",
    "error": "AuthAPIError",
}

CALLS = (
    # AuthClient
    ("AuthClient()", "result.service_name == 'auth'"),
    ("AuthClient(app=APP)", "result.app_name == APP.app_name"),
    ("AuthClient(authorizer=AUTHORIZER)", "result.authorizer is AUTHORIZER"),
    ("AuthClient(environment='preview')", "'preview' in result.base_url"),
    ("AuthClient(base_url=URL)", "result.base_url == URL"),
    ("AuthClient(transport_params={'http_timeout': 3})", "result.transport.http_timeout == 3"),
    ("auth.get_identities(usernames=[USERNAME])", "[each['id'] for each in result] == [ID]"),
    ("auth.get_identities(ids=[ID])", "[each['username'] for each in result] == [USERNAME]"),
    ("auth.get_identities(usernames=[USERNAME], provision=False)", "len(result['identities'])"),
    ("auth.get_identities(ids=[ID], include='x')", "SENT()['include'] == 'x'"),
    ("auth.get_identity_providers()", "isinstance(result, GetIdentityProvidersResponse)"),
    ("auth.get_identity_providers(domains=['example.org'])", "len(list(result)) == 1"),
    ("auth.get_consents()", "f'/{ID}/consents' in PATH()"),
    ("auth.get_consents(identity_id=ID)", "len(result.to_forest().trees) == len(list(result))"),
    ("auth.get_consents(identity_id=ID, all=True)", "SENT()['all'] == 'True'"),
    ("auth.get_consents(include='x')", "SENT()['include'] == 'x'"),
    ("auth.get_scopes()", "PATH() == '/v2/api/scopes'"),
    ("auth.get_scopes([ID])", "SENT()['ids'] == ID"),
    ("auth.get_scopes(scope_ids=[ID])", "isinstance(result, GetScopesResponse)"),
    ("auth.get_scopes(include='x')", "SENT()['include'] == 'x'"),
    ("auth.get_projects()", "isinstance(result, GetProjectsResponse)"),
    ("auth.get_projects(include='x')", "SENT()['include'] == 'x'"),
    # AuthLoginClient
    ("AuthLoginClient(CLIENT_ID)", "isinstance(result, AuthClient)"),
    ("AuthLoginClient(CLIENT_ID, authorizer=AUTHORIZER)", "result.authorizer is AUTHORIZER"),
    ("AuthLoginClient(CLIENT_ID, base_url=URL)", "result.base_url == URL"),
    ("login.client_id", "result == CLIENT_ID"),
    ("login.get_identities(ids=[ID])", "[each['id'] for each in result] == [ID]"),
    # NativeAppAuthClient
    ("NativeAppAuthClient(CLIENT_ID)", "result.client_id == CLIENT_ID"),
    ("NativeAppAuthClient(CLIENT_ID, environment='preview')", "'preview' in result.base_url"),
    ("NativeAppAuthClient(CLIENT_ID, base_url=URL)", "result.base_url == URL"),
    ("NativeAppAuthClient(CLIENT_ID, app_name='Lab')", "result.app_name == 'Lab'"),
    (
        "NativeAppAuthClient(CLIENT_ID, transport_params={'verify_ssl': False})",
        "result.transport.verify_ssl is False",
    ),
    ("native.oauth2_start_flow()", "QUERY(result)['scope'] == DEFAULT_SCOPES"),
    ("native.oauth2_start_flow(['openid', 'email'])", "QUERY(result)['scope'] == 'openid email'"),
    ("native.oauth2_start_flow(requested_scopes='email')", "QUERY(result)['scope'] == 'email'"),
    ("native.oauth2_start_flow(redirect_uri=BACK)", "QUERY(result)['redirect_uri'] == BACK"),
    ("native.oauth2_start_flow(state='s')", "QUERY(result)['state'] == 's'"),
    ("native.oauth2_start_flow(verifier=VERIFIER)", "result.verifier == VERIFIER"),
    (
        "native.oauth2_start_flow(refresh_tokens=True)",
        "QUERY(result)['access_type'] == 'offline'",
    ),
    (
        "native.oauth2_start_flow(prefill_named_grant='Lab')",
        "QUERY(result)['prefill_named_grant'] == 'Lab'",
    ),
    ("native.oauth2_get_authorize_url()", "result.startswith(URL + 'v2/oauth2/authorize?')"),
    ("native.oauth2_get_authorize_url(login_hint=USERNAME)", "'login_hint=' in result"),
    ("native.oauth2_exchange_code_for_tokens(CODE)", "AUTH_SERVER in result.by_resource_server"),
    ("native.oauth2_refresh_token(REFRESH_TOKEN)", "AUTH_SERVER in result.by_resource_server"),
    (
        "native.oauth2_refresh_token(REFRESH_TOKEN, body_params={'x': 'y'})",
        "FORM()['x'] == 'y'",
    ),
    ("native.oauth2_revoke_token(REFRESH_TOKEN)", "result['active'] is False"),
    ("native.oauth2_revoke_token(REFRESH_TOKEN, body_params={'x': 'y'})", "FORM()['x'] == 'y'"),
    # ConfidentialAppAuthClient
    ("ConfidentialAppAuthClient(CLIENT_ID, SECRET)", "result.client_id == CLIENT_ID"),
    (
        "ConfidentialAppAuthClient(CLIENT_ID, SECRET, environment='preview')",
        "'preview' in result.base_url",
    ),
    ("ConfidentialAppAuthClient(CLIENT_ID, SECRET, base_url=URL)", "result.base_url == URL"),
    ("ConfidentialAppAuthClient(CLIENT_ID, SECRET, app_name='Lab')", "result.app_name == 'Lab'"),
    (
        "ConfidentialAppAuthClient(CLIENT_ID, SECRET, transport_params={'http_timeout': 3})",
        "result.transport.http_timeout == 3",
    ),
    ("confidential.oauth2_client_credentials_tokens()", "TRANSFER in result.by_resource_server"),
    (
        "confidential.oauth2_client_credentials_tokens(requested_scopes=['openid'])",
        "list(result.by_resource_server) == [AUTH_SERVER]",
    ),
    (
        "confidential.oauth2_client_credentials_tokens(body_params={'x': 'y'})",
        "FORM()['x'] == 'y'",
    ),
    ("confidential.oauth2_start_flow(BACK)", "QUERY(result)['scope'] == DEFAULT_SCOPES"),
    ("confidential.oauth2_start_flow(redirect_uri=BACK)", "QUERY(result)['redirect_uri'] == BACK"),
    (
        "confidential.oauth2_start_flow(BACK, requested_scopes=['email'])",
        "QUERY(result)['scope'] == 'email'",
    ),
    ("confidential.oauth2_start_flow(BACK, state='s')", "QUERY(result)['state'] == 's'"),
    (
        "confidential.oauth2_start_flow(BACK, refresh_tokens=True)",
        "QUERY(result)['access_type'] == 'offline'",
    ),
    (
        "confidential.oauth2_start_flow(BACK, prefill_named_grant='Lab')",
        "QUERY(result)['prefill_named_grant'] == 'Lab'",
    ),
    ("confidential.oauth2_get_authorize_url()", "result.startswith(URL + 'v2/oauth2/authorize?')"),
    ("confidential.oauth2_get_authorize_url(login_hint=USERNAME)", "'login_hint=' in result"),
    (
        "confidential.oauth2_exchange_code_for_tokens(PORTAL_CODE)",
        "isinstance(result, OAuthAuthorizationCodeResponse)",
    ),
    (
        "confidential.oauth2_get_dependent_tokens(PORTAL_TOKEN)",
        "isinstance(result, OAuthDependentTokenResponse)",
    ),
    (
        "confidential.oauth2_get_dependent_tokens("
        "PORTAL_TOKEN, requested_scopes=[DependentScopeSpec(TRANSFER_ALL)])",
        "list(result.by_resource_server) == [TRANSFER]",
    ),
    # responses
    ("OAuthAuthorizationCodeResponse", "issubclass(result, OAuthTokenResponse)"),
    ("OAuthClientCredentialsResponse", "issubclass(result, OAuthTokenResponse)"),
    ("OAuthRefreshTokenResponse", "issubclass(result, OAuthTokenResponse)"),
    ("OAuthDependentTokenResponse", "issubclass(result, OAuthTokenResponse)"),
    ("tokens.by_resource_server", "result[AUTH_SERVER]['resource_server'] == AUTH_SERVER"),
    ("tokens.by_scopes(['openid', TRANSFER_ALL])", "set(result) == {AUTH_SERVER, TRANSFER}"),
    ("tokens.by_scopes(TRANSFER_ALL)", "set(result) == {TRANSFER}"),
    ("list(identities)", "[each['id'] for each in result] == [ID]"),
    ("list(consents)", "{each['effective_identity'] for each in result} == {ID}"),
    # IdentityMap
    ("IdentityMap(auth)", "isinstance(result, IdentityMap)"),
    ("IdentityMap(auth, [USERNAME, ID])", "result[USERNAME]['id'] == ID"),
    ("IdentityMap(auth, id_list=[USERNAME])", "result[USERNAME]['id'] == ID"),
    ("identity_map[USERNAME]", "result['id'] == ID"),
    ("identity_map.get(ID)", "result['username'] == USERNAME"),
    ("identity_map.get('nobody@example.org', 'none')", "result == 'none'"),
    (
        "identity_map.add({'id': ID, 'username': 'new@x.org'})",
        "identity_map['new@x.org']['id'] == ID",
    ),
    # IDTokenDecoder
    ("IDTokenDecoder()", "result.get_jwt_audience() is None"),
    ("IDTokenDecoder(native)", "result.decode(ID_TOKEN)['sub'] == ID"),
    (
        "IDTokenDecoder(openid_configuration=CONFIGURATION)",
        "result.decode(ID_TOKEN, verify_audience=CLIENT_ID)['sub'] == ID",
    ),
    ("IDTokenDecoder(native, jwks_uri=KEYS)", "result.decode(ID_TOKEN)['sub'] == ID"),
    ("decoder.decode(ID_TOKEN)", "result['preferred_username'] == USERNAME"),
    ("decoder.decode(UNSIGNED, verify_signature=False)", "result['sub'] == ID"),
    ("decoder.decode(ID_TOKEN, verify_audience=CLIENT_ID)", "result['sub'] == ID"),
    ("decoder.decode(ID_TOKEN, verify_audience=['other', CLIENT_ID])", "result['sub'] == ID"),
    ("decoder.decode(EXPIRED, verify_exp=False)", "result['sub'] == ID"),
    # DependentScopeSpec
    ("DependentScopeSpec(TRANSFER_ALL)", "result.scope == TRANSFER_ALL"),
    ("DependentScopeSpec(Scope(TRANSFER_ALL))", "result.scope == TRANSFER_ALL"),
    ("DependentScopeSpec(TRANSFER_ALL, optional=True)", "result.optional is True"),
    ("spec.scope", "result == TRANSFER_ALL"),
    ("spec.optional", "result is False"),
    # AuthAPIError
    ("AuthAPIError", "issubclass(result, GlobusAPIError)"),
    ("error.authorization_parameters", "result == {'session_message': 'again'}"),
)
