"""The people, providers, projects, clients and scopes at the start of a sandbox."""

from __future__ import annotations

import attrs

EXAMPLE_ORG = "0d4f1c7e-5a26-4c3b-9e18-7b60d2a4f951"
EXAMPLE_EDU = "4b9e60a3-c718-4f52-8d07-13e5a9c6b284"
HYBRID = "hybrid_confidential_client_resource_server"
CLIENTS_PROVIDER = "c2f87d15-3e9a-4b64-a1d0-96b85e7034fc"

PROJECT = "31aa84c0-6f5d-4e27-b1c8-90d7a3e2f64b"
NATIVE_CLIENT = "6a1f3c52-9d84-4e0b-b7a6-2c58e910d3f7"
CONFIDENTIAL_CLIENT = "b83d5e07-41fc-4a92-8e6d-f09c7ab21564"

TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"
GROUPS_MEMBERSHIPS = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships"


@attrs.frozen(kw_only=True)
class IdentityProvider:
    """
    An organization whose people can sign in.

    :param id: the provider's id
    :param name: the name that people see
    :param short_name: a short name
    :param domains: the domains of its usernames
    """

    id: str
    name: str
    short_name: str
    domains: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Person:
    """
    A person or service that can have tokens.

    :param id: the identity's id
    :param username: username with its domain, in lower case
    :param name: full name; None for an identity that never signed in
    :param email: e-mail address, or None
    :param organization: where the person works
    :param identity_provider: id of the provider
    :param linked: ids of further identities of the same person
    :param identity_type: ``login``, or ``service`` for the identity of a client
    :param status: ``used``, or ``unused`` for an identity that never signed in
    """

    id: str
    username: str
    name: str | None
    email: str | None
    organization: str | None
    identity_provider: str
    linked: tuple[str, ...] = ()
    identity_type: str = "login"
    status: str = "used"

    @property
    def domain(self) -> str:
        """
        The part of the username after the ``@``.
        """
        return self.username.rpartition("@")[2]


@attrs.frozen(kw_only=True)
class Project:
    """
    A project that clients belong to.

    :param id: the project's id
    :param display_name: the name that people see
    :param contact_email: the contact e-mail address
    :param admin_ids: ids of the people who manage it
    :param admin_group_ids: ids of groups that manage it; everyone is a member of every group here
    """

    id: str
    display_name: str
    contact_email: str
    admin_ids: tuple[str, ...] = ()
    admin_group_ids: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Policy:
    """
    An authentication policy that sessions can be required to meet.

    :param id: the policy's id
    :param project_id: id of its project
    :param display_name: the name that people see
    :param description: what it is for
    :param high_assurance: whether the session must belong to the application alone
    :param authentication_assurance_timeout: seconds after which people must sign in again
    :param required_mfa: whether a second factor is needed
    :param domain_constraints_include: domains that are allowed; None for all
    :param domain_constraints_exclude: domains that are refused; None for none
    """

    id: str
    project_id: str
    display_name: str
    description: str
    high_assurance: bool = False
    authentication_assurance_timeout: int = 3600
    required_mfa: bool = False
    domain_constraints_include: tuple[str, ...] | None = None
    domain_constraints_exclude: tuple[str, ...] | None = None


def _type_by_secret(client: ClientSeed) -> str:
    return "public_installed_client" if client.secret is None else HYBRID


@attrs.frozen(kw_only=True)
class ClientSeed:
    """
    A registered application.

    :param id: the client id
    :param name: the name shown on the consent page
    :param project: id of its project; None if it belongs to another client
    :param secret: the secret of a confidential client; None for a native one
    :param redirect_uris: redirect URIs that are accepted if they match exactly
    :param loopback_redirects: accept every loopback redirect URI, with any port (RFC 8252, 7.3)
    :param client_type: its type, as Globus Auth names it; by default a native client without a
        secret, or a confidential one of any kind with a secret
    :param visibility: ``public``, or ``private`` for those who manage it
    :param terms_and_conditions: an address, or None
    :param privacy_policy: an address, or None
    :param required_idp: id of the provider that people must have signed in with, or None
    :param preselect_idp: id of the provider that is offered first, or None
    :param prompt_for_named_grant: ask people for a label for their consent
    :param userinfo_from_effective_identity: describe the identity that has signed in
    :param fqdns: domain names that belong to it
    :param parent_client: id of the client that created it, or None
    """

    id: str
    name: str
    project: str | None
    secret: str | None = attrs.field(default=None, repr=False)
    redirect_uris: tuple[str, ...] = ()
    loopback_redirects: bool = True
    client_type: str = attrs.field(default=attrs.Factory(_type_by_secret, takes_self=True))
    visibility: str = "private"
    terms_and_conditions: str | None = None
    privacy_policy: str | None = None
    required_idp: str | None = None
    preselect_idp: str | None = None
    prompt_for_named_grant: bool = False
    userinfo_from_effective_identity: bool = True
    fqdns: tuple[str, ...] = ()
    parent_client: str | None = None

    @property
    def is_public(self) -> bool:
        """
        Whether it is a public client (RFC 6749 section 2.1).
        """
        return self.client_type.startswith("public_")


@attrs.frozen(kw_only=True)
class DependentScope:
    """
    A scope that a service needs downstream.

    :param scope: the scope string
    :param optional: whether the person may decline it
    :param requires_refresh_token: whether the service needs a refresh token for it
    """

    scope: str
    optional: bool = False
    requires_refresh_token: bool = False


@attrs.frozen(kw_only=True)
class ScopeSeed:
    """
    A scope that a client of the sandbox has registered for its own service.

    :param id: the scope's id
    :param scope_string: the scope string that applications request
    :param client: id of the client that owns it, which is also its resource server
    :param name: its text on the consent page
    :param dependent_scopes: the scopes that the service needs downstream
    :param description: what it allows, in a sentence
    :param required_domains: domains, one of which the person must have an identity of
    :param advertised: whether it is visible to everyone
    :param allows_refresh_token: whether refresh tokens are issued for it
    """

    id: str
    scope_string: str
    client: str
    name: str
    dependent_scopes: tuple[DependentScope, ...] = ()
    description: str = ""
    required_domains: tuple[str, ...] = ()
    advertised: bool = False
    allows_refresh_token: bool = True


def _providers() -> tuple[IdentityProvider, ...]:
    return (
        IdentityProvider(
            id=EXAMPLE_ORG,
            name="Example Institute",
            short_name="institute",
            domains=("example.org",),
        ),
        IdentityProvider(
            id=EXAMPLE_EDU,
            name="Example University",
            short_name="university",
            domains=("example.edu", "physics.example.edu"),
        ),
        IdentityProvider(
            id=CLIENTS_PROVIDER,
            name="Application Identities",
            short_name="clients",
            domains=("clients.auth.globus.org",),
        ),
    )


def _person(id: str, username: str, name: str, *, linked: tuple[str, ...] = ()) -> Person:
    university = username.endswith("example.edu")
    return Person(
        id=id,
        username=username,
        name=name,
        email=username,
        organization="Example University" if university else "Example Institute",
        identity_provider=EXAMPLE_EDU if university else EXAMPLE_ORG,
        linked=linked,
    )


ADA_AT_WORK = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
ADA_AT_SCHOOL = "e5c07b34-8f21-4d96-a3be-50d91f7c62a8"


def _people() -> tuple[Person, ...]:
    return (
        _person(ADA_AT_WORK, "ada@example.org", "Ada Kestrel", linked=(ADA_AT_SCHOOL,)),
        _person(ADA_AT_SCHOOL, "akestrel@example.edu", "Ada Kestrel", linked=(ADA_AT_WORK,)),
        _person("1f8b42d6-7c05-4e93-b8a1-d64e3f90c275", "bo@example.org", "Bo Lindqvist"),
        _person("93d6a0e8-25b7-4c1f-8f42-a07b5c9e1d36", "chidi@example.org", "Chidi Okafor"),
        _person("48e2f7b1-d03a-4956-9cb8-3e1a7d5f0624", "dana@example.edu", "Dana Whitfield"),
        _person("c60a9d35-1b7e-4f28-a5d4-82f3e0b97c1d", "emre@example.edu", "Emre Özgül"),
        _person("27b5e8f0-94d3-4a6c-b1e7-0c9d6f2a8351", "fatima@example.edu", "Fatima al-Amin"),
        _person("d1934c7a-6e80-4b5f-92ad-f7b0e4c3582d", "grace@physics.example.edu", "Grace Oduya"),
        _person("8c7f0b29-e5a4-4d13-86f9-1d2e7a6b9043", "hiro@example.org", "Hiro O'Tanaka"),
    )


def _projects() -> tuple[Project, ...]:
    return (
        Project(
            id=PROJECT,
            display_name="Sandbox Project",
            contact_email="ada@example.org",
            admin_ids=(ADA_AT_WORK,),
        ),
    )


def _clients() -> tuple[ClientSeed, ...]:
    return (
        ClientSeed(id=NATIVE_CLIENT, name="Sandbox Native App", project=PROJECT),
        ClientSeed(
            id=CONFIDENTIAL_CLIENT,
            name="Sandbox Portal",
            project=PROJECT,
            secret="sandbox-client-secret",  # noqa: S106 (made up, not secret)
            fqdns=("portal.example.org",),
        ),
    )


def _scopes() -> tuple[ScopeSeed, ...]:
    return (
        ScopeSeed(
            id="e2b70d4f-93a8-4156-bc0e-5a7f21d8c639",
            scope_string=f"https://auth.globus.org/scopes/{CONFIDENTIAL_CLIENT}/portal",
            client=CONFIDENTIAL_CLIENT,
            name="Use the sandbox portal",
            dependent_scopes=(
                DependentScope(scope=TRANSFER_ALL),
                DependentScope(scope=GROUPS_MEMBERSHIPS, optional=True),
            ),
        ),
    )


@attrs.frozen(kw_only=True)
class Seeds:
    """
    The initial data of a sandbox; each part has a made-up default.

    :param people: the people who can sign in; the first one, unless a login requests another
    :param identity_providers: their organizations
    :param projects: projects
    :param policies: policies of these projects
    :param clients: applications; the first without a secret is *the* native client, the first
        with one *the* confidential client
    :param scopes: scopes registered by these clients
    """

    people: tuple[Person, ...] = attrs.field(factory=_people)
    identity_providers: tuple[IdentityProvider, ...] = attrs.field(factory=_providers)
    projects: tuple[Project, ...] = attrs.field(factory=_projects)
    policies: tuple[Policy, ...] = ()
    clients: tuple[ClientSeed, ...] = attrs.field(factory=_clients)
    scopes: tuple[ScopeSeed, ...] = attrs.field(factory=_scopes)
