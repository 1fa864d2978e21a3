"""The existing scopes, and the resource server of each."""

from __future__ import annotations

import re
import typing as t
import uuid

from globus_core.scopes import Scope, ScopeParser
from globus_core.testing.sandbox import Collection, Registry, ServiceScope

from .seeds import DependentScope, ScopeSeed

AUTH = "auth.globus.org"
MANAGE_PROJECTS = f"urn:globus:auth:scope:{AUTH}:manage_projects"
VIEW_CONSENTS = f"urn:globus:auth:scope:{AUTH}:view_consents"
VIEW_IDENTITIES = f"urn:globus:auth:scope:{AUTH}:view_identities"
VIEW_IDENTITY_SET = f"urn:globus:auth:scope:{AUTH}:view_identity_set"

_OIDC = frozenset({"openid", "email", "profile"})
_URN_NAMES = {
    AUTH: frozenset(
        {
            "manage_projects",
            "view_authentications",
            "view_clients",
            "view_clients_and_scopes",
            "view_consents",
            "view_identities",
            "view_identity_set",
        }
    ),
    "transfer.api.globus.org": frozenset({"all", "gcp_install"}),
    "groups.api.globus.org": frozenset({"all", "view_my_groups_and_memberships"}),
    "nexus.api.globus.org": frozenset({"groups"}),
    "search.api.globus.org": frozenset({"all", "globus_connect_server", "ingest", "search"}),
}
_FLOWS = "eec9b274-0c81-4334-bdc2-54e90e689b9a"
_TIMERS = "524230d7-ea86-4a52-8312-86065a9e0417"
_COMPUTE = "facd7ccc-c5f4-42aa-916b-a0e270e2c2a9"
_URL_NAMES = {
    _FLOWS: frozenset({"all", "manage_flows", "view_flows", "run", "run_status", "run_manage"}),
    _TIMERS: frozenset({"timer"}),
    _COMPUTE: frozenset({"all"}),
}
_URL_SERVERS = {_FLOWS: "flows.globus.org", _COMPUTE: "funcx_service"}
_COLLECTION_NAMES = frozenset({"data_access", "https"})
#: a mapped collection that is not in the sandbox; its scopes can be requested all the same
ELSEWHERE = "d00d71c3-b84e-4029-a6f7-e95c3d2810ba"

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_URN = re.compile(r"urn:globus:auth:scope:(?P<server>[^:\s]+):(?P<name>[a-z0-9_]+)")
_URL = re.compile(rf"https://auth\.globus\.org/scopes/(?P<server>{_UUID})/(?P<name>[a-z0-9_]+)")
_NAMESPACE = uuid.UUID("5f1c8e92-0b7d-4a36-9e45-c8d2a17f6b03")

_DESCRIPTIONS = {
    "openid": "Know who you are",
    "email": "See your e-mail address",
    "profile": "See your name, organization and user name",
    VIEW_IDENTITY_SET: "See all your linked identities",
    VIEW_IDENTITIES: "Look up identities",
    VIEW_CONSENTS: "See the consents you have given",
    "urn:globus:auth:scope:transfer.api.globus.org:all": "Manage files with Globus Transfer",
    "urn:globus:auth:scope:groups.api.globus.org:all": "Manage your groups",
}


class UnknownScopeError(Exception):
    """
    A scope string is invalid, or names a scope that does not exist.
    """


class ScopeDirectory:
    """
    Looks up scopes.

    :param registered: scopes that the sandbox's clients have registered
    :param declared: scopes that the other services of the sandbox declare
    :param collections: the collections of the sandbox, which have scopes of their own
    """

    def __init__(
        self,
        registered: t.Iterable[ScopeSeed],
        declared: Registry[ServiceScope],
        collections: Registry[Collection],
    ) -> None:
        self._seeds = tuple(registered)
        self._declared = declared
        self._collections = collections
        self.registered: dict[str, ScopeSeed] = {}
        self._foreign: dict[str, str] = {}
        self.reset()

    def reset(self) -> None:
        """
        Return to the initial scopes.
        """
        self.registered = {scope.scope_string: scope for scope in self._seeds}
        self._foreign = {_foreign_id(text): text for text in _known_strings()}

    def by_id(self, scope_id: str) -> str | None:
        """
        Find a scope by its id; one of a foreign collection only after its id was returned before.

        :param scope_id: the id
        :returns: the scope string; None if there is no such scope
        """
        own = (s.scope_string for s in self.registered.values() if s.id == scope_id)
        declared = (
            s.scope_string for s in self._declared if _foreign_id(s.scope_string) == scope_id
        )
        return next(own, None) or next(declared, None) or self._foreign.get(scope_id)

    def find(self, scope_string: str) -> ScopeSeed | None:
        """
        A scope that a client has registered or a service declares; None otherwise.

        :param scope_string: one scope, without its dependencies
        """
        registered = self.registered.get(scope_string)
        declared = self._declared.find(scope_string) if registered is None else None
        return registered if declared is None else _as_seed(declared)

    def parse(self, text: str | None) -> list[Scope]:
        """
        Read a scope string and check that all its scopes exist.

        :param text: space separated scopes, each with its dependencies
        :raises UnknownScopeError: if it is empty or invalid, or names an unknown scope
        """
        try:
            scopes = list(ScopeParser.parse(text or ""))
        except ValueError as error:
            raise UnknownScopeError(str(error)) from error
        if not scopes:
            raise UnknownScopeError("no scope was requested")
        for scope in scopes:
            self._check(scope)
        return scopes

    def _check(self, scope: Scope) -> None:
        if self.resource_server(scope.scope_string) is None:
            raise UnknownScopeError(scope.scope_string)
        for dependency in scope.dependencies:
            self._check(dependency)

    def resource_server(self, scope_string: str) -> str | None:
        """
        The resource server of a scope.

        :param scope_string: one scope, without its dependencies
        :returns: the resource server; None if there is no such scope
        """
        if scope_string in _OIDC:
            return AUTH
        if (known := self.find(scope_string)) is not None:
            return known.client
        if match := _URN.fullmatch(scope_string):
            return _urn_server(match["server"], match["name"])
        if match := _URL.fullmatch(scope_string):
            return self._url_server(match["server"], match["name"])
        return None

    def _url_server(self, server: str, name: str) -> str | None:
        if server in _URL_NAMES:
            return _URL_SERVERS.get(server, server) if name in _URL_NAMES[server] else None
        if name not in _COLLECTION_NAMES:
            return None
        if server == ELSEWHERE:
            return server
        collection = self._collections.find(server)
        if collection is None or (name == "data_access" and not _needs_consent(collection)):
            return None
        return server

    def by_resource_server(self, scope_strings: t.Iterable[str]) -> dict[str, list[str]]:
        """
        Group scopes by resource server, Globus Auth first.

        :param scope_strings: scopes without dependencies; those that have gone meanwhile, such as
            the ones of a deleted collection, are left out
        """
        groups: dict[str, list[str]] = {}
        for scope_string in dict.fromkeys(scope_strings):
            if (server := self.resource_server(scope_string)) is not None:
                groups.setdefault(server, []).append(scope_string)
        return dict(sorted(groups.items(), key=lambda item: item[0] != AUTH))

    def allow_refresh_tokens(self, scope_strings: t.Iterable[str]) -> bool:
        """
        Whether a refresh token can be issued for these scopes.

        :param scope_strings: known scopes, without dependencies
        """
        found = (self.find(scope_string) for scope_string in scope_strings)
        return all(scope is None or scope.allows_refresh_token for scope in found)

    def describe(self, scope_string: str) -> str:
        """
        The text for a scope on the consent page.

        :param scope_string: a known scope
        """
        if (known := self.find(scope_string)) is not None:
            return known.name
        if (text := _DESCRIPTIONS.get(scope_string)) is not None:
            return text
        name = re.split("[:/]", scope_string)[-1].replace("_", " ")
        return f"{name.capitalize()} at {self.resource_server(scope_string)}"

    def scope_id(self, scope_string: str) -> str:
        """
        The id of a scope; for scopes of other services made up, but always the same.

        :param scope_string: a known scope
        """
        known = self.registered.get(scope_string)
        if known is not None:
            return known.id
        made = _foreign_id(scope_string)
        self._foreign[made] = scope_string
        return made

    def owner(self, scope_string: str) -> str:
        """
        The client id of the service that a scope belongs to.

        :param scope_string: a known scope
        """
        if (registered := self.registered.get(scope_string)) is not None:
            return registered.client
        return service_client_id(self.resource_server(scope_string) or AUTH)


def service_client_id(resource_server: str) -> str:
    """
    The client id of a service: its resource server, or one made up from it.

    :param resource_server: the service's resource server
    """
    if re.fullmatch(_UUID, resource_server):
        return resource_server
    return str(uuid.uuid5(_NAMESPACE, resource_server))


def _as_seed(scope: ServiceScope) -> ScopeSeed:
    return ScopeSeed(
        id=_foreign_id(scope.scope_string),
        scope_string=scope.scope_string,
        client=scope.resource_server,
        name=scope.name,
        dependent_scopes=tuple(DependentScope(scope=text) for text in scope.dependent_scopes),
        description=scope.name,
        advertised=True,
        allows_refresh_token=scope.allows_refresh_token,
    )


def _foreign_id(scope_string: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, scope_string))


def _known_strings() -> list[str]:
    urns = [
        f"urn:globus:auth:scope:{s}:{name}" for s, names in _URN_NAMES.items() for name in names
    ]
    urls = [
        f"https://{AUTH}/scopes/{s}/{name}" for s, names in _URL_NAMES.items() for name in names
    ]
    return [*_OIDC, *urns, *urls]


def _urn_server(server: str, name: str) -> str | None:
    return server if name in _URN_NAMES.get(server, ()) else None


def _needs_consent(collection: Collection) -> bool:
    """Whether Transfer needs a consent of its own for a collection."""
    return collection.kind == "mapped" and not collection.high_assurance
