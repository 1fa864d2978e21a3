"""
What a developer registers at Globus Auth: the scopes of services.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse, MissingType
from globus_core.documents import comma_joined, listed, path
from globus_core.exc import GlobusSDKUsageError

from ._request_parameters import query

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core.documents import IDs

    from .dependent_scope import DependentScopeSpec
    from .projects import Params
    from .responses import GetScopesResponse

    Dependents = t.Iterable[DependentScopeSpec | dict[str, t.Any]]


class RegisteredScopes(BaseClient):
    """
    Scopes; all calls need the scope ``manage_projects``.
    """

    service_name = "auth"

    def get_scope(
        self, scope_id: uuid.UUID | str, *, query_params: Params = None, **params: t.Any
    ) -> GlobusHTTPResponse:
        """
        Fetch one scope.

        :param scope_id: the scope's id
        :param query_params: further query parameters, which win
        :param params: further query parameters
        :raises AuthAPIError: if there is no such scope
        """
        return self.get(
            path("/v2/api/scopes/{}", scope_id), query_params=query({}, query_params, params)
        )

    def get_scopes(
        self,
        scope_ids: IDs | MissingType | None = None,
        *,
        scope_strings: t.Iterable[str] | str | MissingType | None = MISSING,
        ids: IDs | MissingType | None = MISSING,
        query_params: Params = None,
        **params: t.Any,
    ) -> GetScopesResponse:
        """
        Fetch scopes by string or by id, or those of all clients that the identity manages.

        :param scope_ids: the same as ``ids``
        :param scope_strings: one scope string or several
        :param ids: one scope id or several; not together with scope_strings
        :param query_params: further query parameters, which win
        :param params: further query parameters
        :raises GlobusSDKUsageError: if more than one of the three is given
        """
        from .responses import GetScopesResponse

        given = [comma_joined(values) for values in (scope_ids, ids, scope_strings)]
        if given.count(MISSING) < 2:
            raise GlobusSDKUsageError("pass 'scope_strings' or 'ids' ('scope_ids'), not both")
        fields = {"ids": given[1] if given[0] is MISSING else given[0], "scope_strings": given[2]}
        return GetScopesResponse(
            self.get("/v2/api/scopes", query_params=query(fields, query_params, params))
        )

    def create_scope(
        self,
        client_id: uuid.UUID | str,
        name: str,
        description: str,
        scope_suffix: str,
        *,
        required_domains: t.Iterable[str] | str | MissingType = MISSING,
        dependent_scopes: Dependents | MissingType = MISSING,
        advertised: bool | MissingType = MISSING,
        allows_refresh_token: bool | MissingType = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Register a scope of a client that is a service.

        :param client_id: the client's id
        :param name: the name on the consent page
        :param description: what it allows, on the consent page
        :param scope_suffix: the last part of the scope string: lower-case letters, digits,
            underscores
        :param required_domains: domains, one of which the person must have an identity of
        :param dependent_scopes: what the service needs downstream
        :param advertised: whether it is shown to everybody
        :param allows_refresh_token: whether refresh tokens are given for it
        :raises AuthAPIError: if that is not allowed, or a field is wrong
        """
        scope = {
            "name": name,
            "description": description,
            "scope_suffix": scope_suffix,
            "required_domains": listed(required_domains),
            "dependent_scopes": _dependents(dependent_scopes),
            "advertised": advertised,
            "allows_refresh_token": allows_refresh_token,
        }
        return self.post(path("/v2/api/clients/{}/scopes", client_id), data={"scope": scope})

    def update_scope(
        self,
        scope_id: uuid.UUID | str,
        *,
        name: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
        scope_suffix: str | MissingType = MISSING,
        required_domains: t.Iterable[str] | str | MissingType = MISSING,
        dependent_scopes: Dependents | MissingType = MISSING,
        advertised: bool | MissingType = MISSING,
        allows_refresh_token: bool | MissingType = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Change a scope; what is MISSING stays as it is.

        :param scope_id: the scope's id
        :param name: the name on the consent page
        :param description: what it allows, on the consent page
        :param scope_suffix: the last part of the scope string
        :param required_domains: domains, one of which the person must have an identity of
        :param dependent_scopes: what the service needs downstream, all of it
        :param advertised: whether it is shown to everybody
        :param allows_refresh_token: whether refresh tokens are given for it
        :raises AuthAPIError: if that is not allowed, or a field is wrong
        """
        scope = {
            "name": name,
            "description": description,
            "scope_suffix": scope_suffix,
            "required_domains": listed(required_domains),
            "dependent_scopes": _dependents(dependent_scopes),
            "advertised": advertised,
            "allows_refresh_token": allows_refresh_token,
        }
        return self.put(path("/v2/api/scopes/{}", scope_id), data={"scope": scope})

    def delete_scope(self, scope_id: uuid.UUID | str) -> GlobusHTTPResponse:
        """
        Delete a scope.

        :param scope_id: the scope's id
        :raises AuthAPIError: if there is no such scope, or that is not allowed
        """
        return self.delete(path("/v2/api/scopes/{}", scope_id))


def _dependents(scopes: Dependents | MissingType) -> list[dict[str, t.Any]] | MissingType:
    return MISSING if isinstance(scopes, MissingType) else [dict(scope) for scope in scopes]
