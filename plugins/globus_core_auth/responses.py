"""
Responses of the Auth API that are lists under one key.
"""

from __future__ import annotations

from globus_core import GlobusHTTPResponse, IterableResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .answers import (
        ClientsResponse,
        ConsentsResponse,
        CredentialsResponse,
        IdentitiesResponse,
        IdentityProvidersResponse,
        PoliciesResponse,
        ProjectsResponse,
        ScopesResponse,
    )
    from .consents import ConsentForest
else:
    ClientsResponse = ConsentsResponse = CredentialsResponse = IterableResponse
    IdentitiesResponse = IdentityProvidersResponse = PoliciesResponse = IterableResponse
    ProjectsResponse = ScopesResponse = IterableResponse


class GetIdentitiesResponse(IdentitiesResponse):
    """
    Identities, iterated one document after another.
    """

    default_iter_key = "identities"


class GetIdentityProvidersResponse(IdentityProvidersResponse):
    """
    Identity providers, iterated one document after another.
    """

    default_iter_key = "identity_providers"


class GetConsentsResponse(ConsentsResponse):
    """
    Consents, iterated one document after another.
    """

    default_iter_key = "consents"

    def to_forest(self) -> ConsentForest:
        """
        The consents as trees, by what each was given for.

        :raises ConsentParseError: if the body does not hold consents
        :raises ConsentTreeConstructionError: if a consent hangs below one that is not there
        """
        from .consents import ConsentForest, ConsentParseError

        data: t.Any = self.data
        consents = data.get(self.iter_key) if isinstance(data, dict) else None
        if not isinstance(consents, list):
            raise ConsentParseError("the response has no list of consents", self.data)
        return ConsentForest(consents)


class GetProjectsResponse(ProjectsResponse):
    """
    Projects, iterated one document after another.
    """

    default_iter_key = "projects"


class GetPoliciesResponse(PoliciesResponse):
    """
    Policies, iterated one document after another.
    """

    default_iter_key = "policies"


class GetClientsResponse(ClientsResponse):
    """
    Clients, iterated one document after another.
    """

    default_iter_key = "clients"


class GetClientCredentialsResponse(CredentialsResponse):
    """
    The credentials of a client, which show no secret, iterated one document after another.
    """

    default_iter_key = "credentials"


class GetScopesResponse(ScopesResponse):
    """
    Scopes, iterated one document after another.
    """

    default_iter_key = "scopes"


class SecretResponse(GlobusHTTPResponse):
    """
    An answer with a new client secret: there for who asks for it, hidden in the text.
    """

    def __str__(self) -> str:
        import json

        return json.dumps(_hidden(self.data), indent=2)


def _hidden(value: t.Any) -> t.Any:
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: "***" if key == "secret" and item is not None else _hidden(item)
        for key, item in value.items()
    }
