"""
Made-up documents of Globus Auth, each in the shape in which it is answered.
"""

from __future__ import annotations

from . import signed

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

IDENTITY_ID = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
OTHER_IDENTITY_ID = "1f8b42d6-7c05-4e93-b8a1-d64e3f90c275"
PROVIDER_ID = "9c3f5e08-7b21-4d6c-8a90-e41f2c7d3b56"
PROJECT_ID = "31aa84c0-6f5d-4e27-b1c8-90d7a3e2f64b"
GROUP_ID = "4e0d9b63-2c7a-4f18-a5d0-83b16fe2c947"
POLICY_ID = "88d0b3a7-15ce-49f2-8e64-7c2f9d10a5b8"
CLIENT_ID = "5d0c7f1e-2a64-4b0e-9d3a-1f6c8e70b255"
PORTAL_ID = "b83d5e07-41fc-4a92-8e6d-f09c7ab21564"
INSTANCE_ID = "c07e2b94-58d1-4f6a-93b7-0ae6d41f8c25"
CREDENTIAL_ID = "c4e19a56-d703-4c8b-a2f5-68b0e37d1c94"
SCOPE_ID = "e2b70d4f-93a8-4156-bc0e-5a7f21d8c639"
NEEDED_SCOPE_ID = "aa90f6e1-0c37-4d82-9b45-d3e8127fa06c"
SESSION_ID = "0b2ed648-7c9f-4a13-b5e0-f1824d6c90a7"

ISSUER = "https://auth.globus.org"
FQDN = "portal.example.org"
SCOPE_STRING = f"{ISSUER}/scopes/{PORTAL_ID}/manage"
CONSENT_ID = 4101
LIFETIME_SECONDS = 172800
ISSUED_AT = 1735689600
CREATED_AT = "2025-01-01T00:00:00.000001+00:00"

AUTH = "auth.globus.org"
AUTH_SCOPES = "openid profile email"
TRANSFER = "transfer.api.globus.org"
TRANSFER_SCOPE = f"urn:globus:auth:scope:{TRANSFER}:all"

IDENTITY: Document = {
    "id": IDENTITY_ID,
    "username": "ada@example.org",
    "name": "Ada Kestrel",
    "email": "ada@example.org",
    "organization": "Example University",
    "identity_provider": PROVIDER_ID,
    "identity_type": "login",
    "status": "used",
}

OTHER_IDENTITY: Document = {
    **IDENTITY,
    "id": OTHER_IDENTITY_ID,
    "username": "bo@example.org",
    "name": "Bo Lindqvist",
    "email": "bo@example.org",
}

PROVIDER: Document = {
    "id": PROVIDER_ID,
    "name": "Example University",
    "short_name": "example",
    "alternative_names": [],
    "domains": ["example.org"],
}

CONSENT: Document = {
    "id": CONSENT_ID,
    "client": CLIENT_ID,
    "scope": SCOPE_ID,
    "scope_name": SCOPE_STRING,
    "effective_identity": IDENTITY_ID,
    "dependency_path": [CONSENT_ID],
    "created": CREATED_AT,
    "updated": CREATED_AT,
    "last_used": CREATED_AT,
    "status": "approved",
    "allows_refresh": True,
    "auto_approved": False,
    "atomically_revocable": False,
}

PROJECT: Document = {
    "id": PROJECT_ID,
    "display_name": "Lab",
    "project_name": "Lab",
    "contact_email": "lab@example.org",
    "admin_ids": [IDENTITY_ID],
    "admin_group_ids": None,
    "admins": {"identities": [IDENTITY], "groups": []},
}

POLICY: Document = {
    "id": POLICY_ID,
    "project_id": PROJECT_ID,
    "display_name": "Staff",
    "description": "Staff only",
    "high_assurance": False,
    "authentication_assurance_timeout": 3600,
    "required_mfa": False,
    "domain_constraints_include": ["example.org"],
    "domain_constraints_exclude": None,
}

PORTAL: Document = {
    "id": PORTAL_ID,
    "name": "Portal",
    "project": PROJECT_ID,
    "parent_client": None,
    "public_client": False,
    "client_type": "confidential_client",
    "visibility": "private",
    "grant_types": ["authorization_code", "client_credentials", "refresh_token"],
    "scopes": [SCOPE_ID],
    "fqdns": [FQDN],
    "redirect_uris": ["https://portal.example.org/callback"],
    "links": {"privacy_policy": None, "terms_and_conditions": None},
    "required_idp": None,
    "preselect_idp": None,
    "prompt_for_named_grant": False,
    "userinfo_from_effective_identity": True,
}

#: a client that another client made
INSTANCE: Document = {
    **PORTAL,
    "id": INSTANCE_ID,
    "name": "laptop",
    "project": None,
    "parent_client": CLIENT_ID,
    "scopes": [],
    "fqdns": [],
    "redirect_uris": [],
}

CREDENTIAL: Document = {
    "id": CREDENTIAL_ID,
    "name": "main",
    "client": PORTAL_ID,
    "created": CREATED_AT,
    "secret": None,
}

#: as it is answered once, when it is made
NEW_CREDENTIAL: Document = {**CREDENTIAL, "secret": "made-up-secret-of-the-portal"}

SCOPE: Document = {
    "id": SCOPE_ID,
    "scope_string": SCOPE_STRING,
    "name": "Manage",
    "description": "Manage it",
    "client": PORTAL_ID,
    "advertised": False,
    "allows_refresh_token": True,
    "required_domains": [],
    "dependent_scopes": [
        {"scope": NEEDED_SCOPE_ID, "optional": False, "requires_refresh_token": False}
    ],
}

#: what is told of an identity in userinfo, in its set of identities
LINKED: Document = {
    "sub": IDENTITY_ID,
    "username": IDENTITY["username"],
    "name": IDENTITY["name"],
    "email": IDENTITY["email"],
    "organization": IDENTITY["organization"],
    "status": IDENTITY["status"],
    "identity_provider": PROVIDER_ID,
    "identity_provider_display_name": PROVIDER["name"],
}

USERINFO: Document = {
    "sub": IDENTITY_ID,
    "name": IDENTITY["name"],
    "email": IDENTITY["email"],
    "preferred_username": IDENTITY["username"],
    "organization": IDENTITY["organization"],
    "identity_provider": PROVIDER_ID,
    "identity_provider_display_name": PROVIDER["name"],
    "last_authentication": ISSUED_AT,
    "identity_set": [LINKED],
}

OPENID_CONFIGURATION: Document = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/v2/oauth2/authorize",
    "token_endpoint": f"{ISSUER}/v2/oauth2/token",
    "introspection_endpoint": f"{ISSUER}/v2/oauth2/token/introspect",
    "revocation_endpoint": f"{ISSUER}/v2/oauth2/token/revoke",
    "userinfo_endpoint": f"{ISSUER}/v2/oauth2/userinfo",
    "jwks_uri": f"{ISSUER}/jwk.json",
    "scopes_supported": ["openid", "email", "profile"],
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS512"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
    "authorization_response_iss_parameter_supported": True,
}

KEY_SET: Document = {
    "keys": [
        {
            "kty": "RSA",
            "alg": "RS512",
            "use": "sig",
            "kid": signed.KEY_ID,
            "n": signed.MODULUS,
            "e": "AQAB",
        }
    ]
}


def token(server: str, scope: str, access_token: str, *, refresh: bool = False) -> Document:
    """
    The tokens for one resource server.

    :param server: the resource server
    :param scope: the scopes, separated by spaces
    :param access_token: the access token
    :param refresh: with a refresh token
    """
    refreshing = {"refresh_token": f"refresh-{access_token}"} if refresh else {}
    return {
        "access_token": access_token,
        **refreshing,
        "scope": scope,
        "expires_in": LIFETIME_SECONDS,
        "token_type": "Bearer",
        "resource_server": server,
    }


def tokens(*others: Document, refresh: bool = False, **more: t.Any) -> Document:
    """
    A token response with the tokens for Globus Auth first.

    :param others: the tokens for other resource servers
    :param refresh: with a refresh token for Globus Auth
    :param more: further members
    """
    first = token(AUTH, AUTH_SCOPES, signed.ACCESS_TOKEN, refresh=refresh)
    return {**first, "other_tokens": list(others), **more}


def transfer_token(*, refresh: bool = False) -> Document:
    """
    The tokens for another service.

    :param refresh: with a refresh token
    """
    access_token = "AgMadeUpAccessTokenOfAdaForTransfer"  # noqa: S105 - made up
    return token(TRANSFER, TRANSFER_SCOPE, access_token, refresh=refresh)


INTROSPECTION: Document = {
    "active": True,
    "token_type": "Bearer",
    "scope": AUTH_SCOPES,
    "client_id": CLIENT_ID,
    "username": IDENTITY["username"],
    "name": IDENTITY["name"],
    "email": IDENTITY["email"],
    "sub": IDENTITY_ID,
    "aud": [AUTH, CLIENT_ID],
    "iss": ISSUER,
    "iat": ISSUED_AT,
    "nbf": ISSUED_AT,
    "exp": 4102444800,
}

SESSION_INFO: Document = {
    "session_id": SESSION_ID,
    "authentications": {
        IDENTITY_ID: {
            "idp": PROVIDER_ID,
            "auth_time": ISSUED_AT,
            "acr": None,
            "amr": None,
            "custom_claims": {},
        }
    },
}
