"""
What Globus Auth answers, field by field, for type checkers and editors.

Each is a plain dict when the program runs. Fields that depend on scopes, or on what was asked
for, may be missing; where Globus Auth may send null, the type says so. Times are UTC epoch seconds,
or ISO 8601 where they are text.
"""

from __future__ import annotations

import typing as t


class LinkedIdentity(t.TypedDict):
    """
    One of the identities that belong to the same person, as userinfo and introspection list them.
    """

    sub: str
    username: str
    name: str | None
    email: str | None
    organization: str | None
    status: str
    identity_provider: str
    identity_provider_display_name: str | None


class _Userinfo(t.TypedDict):
    sub: str


class UserinfoDocument(_Userinfo, total=False):
    """
    Who has logged in (OpenID Connect Core 5.3).

    ``sub`` is the id of the identity, and always there. ``email`` needs the scope ``email``,
    ``identity_set`` needs ``view_identity_set``, and the others need ``profile``.
    """

    preferred_username: str
    name: str | None
    email: str | None
    organization: str | None
    identity_provider: str
    identity_provider_display_name: str | None
    last_authentication: int | None
    identity_set: list[LinkedIdentity]


class _Identity(t.TypedDict):
    id: str
    username: str
    name: str | None
    email: str | None
    organization: str | None
    identity_provider: str
    status: str


class IdentityDocument(_Identity, total=False):
    """
    An identity. ``status`` is such as ``used`` or ``unused``.
    """

    identity_type: str


class IdentityProviderDocument(t.TypedDict):
    """
    An organization whose people can log in.
    """

    id: str
    name: str
    short_name: str
    alternative_names: list[str]
    domains: list[str]


class IncludedDocuments(t.TypedDict, total=False):
    """
    What was asked for with ``include``, beside identities.
    """

    identity_providers: list[IdentityProviderDocument]


class _Identities(t.TypedDict):
    identities: list[IdentityDocument]


class IdentitiesDocument(_Identities, total=False):
    """
    Identities; unknown ones are left out.
    """

    included: IncludedDocuments


class IdentityProvidersDocument(t.TypedDict):
    """
    Identity providers; unknown ones are left out.
    """

    identity_providers: list[IdentityProviderDocument]


class ConsentDocument(t.TypedDict):
    """
    A person's permission for a client to use a scope; :class:`Consent` has the fields one by one.
    """

    id: int
    client: str
    scope: str
    scope_name: str
    effective_identity: str
    dependency_path: list[int]
    created: str
    updated: str
    last_used: str
    status: str
    allows_refresh: bool
    auto_approved: bool
    atomically_revocable: bool


class ConsentsDocument(t.TypedDict):
    """
    The consents of an identity.
    """

    consents: list[ConsentDocument]


class AuthenticationDocument(t.TypedDict):
    """
    How and when somebody has signed in with one identity.
    """

    idp: str
    auth_time: int
    acr: str | None
    amr: list[str] | None
    custom_claims: dict[str, t.Any]


class SessionDocument(t.TypedDict):
    """
    The session that a token belongs to; ``authentications`` are by identity id.
    """

    session_id: str
    authentications: dict[str, AuthenticationDocument] | None


class PolicyEvaluation(t.TypedDict):
    """
    Whether the session meets a policy.
    """

    evaluation: bool


class _Introspection(t.TypedDict):
    active: bool


class IntrospectionDocument(_Introspection, total=False):
    """
    What a token is good for (RFC 7662). Of a token that is not ``active`` nothing else is told.

    ``scope`` has the scopes with spaces in between. ``session_info``, ``identity_set``,
    ``identity_set_detail`` and ``policy_evaluations`` are there if they were asked for.
    """

    token_type: str
    scope: str
    client_id: str
    username: str
    name: str | None
    email: str | None
    sub: str
    aud: list[str]
    iss: str
    iat: int
    nbf: int
    exp: int
    session_info: SessionDocument | None
    identity_set: list[str]
    identity_set_detail: list[LinkedIdentity]
    policy_evaluations: dict[str, PolicyEvaluation]


class _IssuedToken(t.TypedDict):
    access_token: str
    token_type: str
    resource_server: str
    scope: str
    expires_in: int


class IssuedToken(_IssuedToken, total=False):
    """
    A token in an answer (RFC 6749 section 5.1); ``expires_in`` is in seconds.
    """

    refresh_token: str


class TokensDocument(IssuedToken, total=False):
    """
    The answer to a grant: the token of one resource server, and the others in ``other_tokens``.
    """

    id_token: str
    state: str
    other_tokens: list[IssuedToken]


class TokenFields(t.TypedDict):
    """
    A token in ``by_resource_server`` and ``by_scopes``.

    ``refresh_token`` is None if the login did not ask for one.
    """

    resource_server: str
    scope: str
    access_token: str
    # None only for who did not ask for it, so nobody has to check for it again
    refresh_token: str | t.Any
    token_type: str | None
    expires_at_seconds: int


class ProjectDocument(t.TypedDict):
    """
    A project of developers.
    """

    id: str
    display_name: str
    project_name: str
    contact_email: str
    admin_ids: list[str] | None
    admin_group_ids: list[str] | None
    admins: dict[str, list[dict[str, t.Any]]]


class ProjectsDocument(t.TypedDict):
    """
    Projects in a list.
    """

    projects: list[ProjectDocument]


class PolicyDocument(t.TypedDict):
    """
    A policy on how people have to sign in; its time is in seconds.
    """

    id: str
    project_id: str
    display_name: str
    description: str
    high_assurance: bool
    authentication_assurance_timeout: int
    required_mfa: bool
    domain_constraints_include: list[str] | None
    domain_constraints_exclude: list[str] | None


class PoliciesDocument(t.TypedDict):
    """
    Policies in a list.
    """

    policies: list[PolicyDocument]


class ClientDocument(t.TypedDict):
    """
    A registered client; ``scopes`` are the ids of its scopes.
    """

    id: str
    name: str
    project: str | None
    parent_client: str | None
    public_client: bool
    client_type: str
    visibility: str
    grant_types: list[str]
    scopes: list[str]
    fqdns: list[str]
    redirect_uris: list[str]
    links: dict[str, str | None]
    required_idp: str | None
    preselect_idp: str | None
    prompt_for_named_grant: bool
    userinfo_from_effective_identity: bool


class ClientsDocument(t.TypedDict):
    """
    Clients in a list.
    """

    clients: list[ClientDocument]


class CredentialDocument(t.TypedDict):
    """
    A client secret; ``secret`` is None except in the answer that creates it.
    """

    id: str
    name: str
    client: str
    created: str
    secret: str | None


class CredentialsDocument(t.TypedDict):
    """
    Credentials in a list.
    """

    credentials: list[CredentialDocument]


class DependentScopeDocument(t.TypedDict):
    """
    A scope that another one needs, by its id.
    """

    scope: str
    optional: bool
    requires_refresh_token: bool


class ScopeDocument(t.TypedDict):
    """
    A scope of a client.
    """

    id: str
    scope_string: str
    name: str
    description: str
    client: str
    advertised: bool
    allows_refresh_token: bool
    required_domains: list[str]
    dependent_scopes: list[DependentScopeDocument]


class ScopesDocument(t.TypedDict):
    """
    Scopes in a list.
    """

    scopes: list[ScopeDocument]
