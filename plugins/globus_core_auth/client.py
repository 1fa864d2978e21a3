"""
The client for the Globus Auth API.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import comma_joined, path
from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import AuthScopes

from ._request_parameters import query
from .errors import AuthAPIError
from .projects import Projects
from .registered_clients import RegisteredClients
from .registered_scopes import RegisteredScopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType, Scope
    from globus_core.documents import IDs

    from .answers import UserinfoResponse
    from .key_store import KeyStore
    from .projects import Params
    from .responses import (
        GetConsentsResponse,
        GetIdentitiesResponse,
        GetIdentityProvidersResponse,
    )


class AuthClient(Projects, RegisteredClients, RegisteredScopes, BaseClient):
    """
    Identities, identity providers, consents, the OpenID Connect endpoints, and what developers
    manage: projects, policies, clients, credentials, scopes.
    """

    service_name = "auth"
    error_class = AuthAPIError
    scopes = AuthScopes

    _not_pickled: frozenset[str] = BaseClient._not_pickled | {"_key_store"}

    @property
    def key_store(self) -> KeyStore:
        """The server's keys, shared by all ID tokens that this client checks."""
        from .key_store import KeyStore

        mine = vars(self)
        # two threads may both make one, and share the one that was there first
        store: KeyStore = mine.get("_key_store") or mine.setdefault("_key_store", KeyStore(self))
        return store

    @property
    def default_scope_requirements(self) -> list[Scope]:
        """Who the person is: openid, profile, email."""
        return [AuthScopes.openid, AuthScopes.profile, AuthScopes.email]

    # OpenID Connect

    def get_openid_configuration(self) -> GlobusHTTPResponse:
        """
        Fetch the OpenID configuration (OpenID Connect Discovery section 4).
        """
        return self.get("/.well-known/openid-configuration", automatic_authorization=False)

    def get_jwk(self, openid_configuration: t.Any = MISSING, *, as_pem: bool = False) -> t.Any:
        """
        Fetch the server's key set, or its first key.

        :param openid_configuration: the document or response that names the key set; MISSING
            or None fetches it
        :param as_pem: return the first key as an RSA public key object
        :raises ValidationError: if the configuration or the key set is malformed
        """
        from .key_store import KeyStore, first_key

        store = self.key_store
        if not (openid_configuration is MISSING or openid_configuration is None) and not (
            store.is_of(openid_configuration)
        ):
            store = KeyStore(self)
            store.set_configuration(openid_configuration)
        key_set = store.fetch_key_set()
        return first_key(key_set) if as_pem else key_set

    def userinfo(self) -> UserinfoResponse:
        """
        Fetch the claims about the token's identity that its scopes allow (OpenID Connect Core 5.3).

        :raises GlobusSDKUsageError: if the client has neither an app nor an authorizer
        :raises AuthAPIError: if there is no token, or it lacks the scope ``openid``
        """
        if self.authorizer is None and self._app is None:
            raise GlobusSDKUsageError(
                "the client has no authorizer, and so no user to ask about; pass 'app' or "
                "'authorizer', such as AuthClient(app=UserApp(...))"
            )
        return self.get("/v2/oauth2/userinfo")  # type: ignore[return-value]

    # identities

    def get_identities(
        self,
        *,
        usernames: t.Iterable[str] | str | MissingType | None = MISSING,
        ids: IDs | MissingType | None = MISSING,
        provision: bool = False,
        query_params: Params = None,
        **params: t.Any,
    ) -> GetIdentitiesResponse:
        """
        Look up identities by username or by id; unknown ones are left out.

        :param usernames: one username or several
        :param ids: one identity id or several; not together with usernames
        :param provision: create identities for usernames that are not known yet
        :param query_params: further query parameters, which win
        :param params: further query parameters
        """
        from .responses import GetIdentitiesResponse

        fields: dict[str, t.Any] = {"usernames": comma_joined(usernames), "ids": comma_joined(ids)}
        if fields["usernames"] is not MISSING and fields["ids"] is not MISSING:
            import warnings

            message = "identities are looked up by 'usernames' or by 'ids', not by both at once"
            warnings.warn(message, stacklevel=2)
        if fields["usernames"] is not MISSING:
            fields["provision"] = "true" if provision else "false"
        return GetIdentitiesResponse(
            self.get("/v2/api/identities", query_params=query(fields, query_params, params))
        )

    def get_identity_providers(
        self,
        *,
        domains: t.Iterable[str] | str | MissingType | None = MISSING,
        ids: IDs | MissingType | None = MISSING,
        query_params: Params = None,
        **params: t.Any,
    ) -> GetIdentityProvidersResponse:
        """
        Look up identity providers by domain or by id.

        :param domains: one domain or several
        :param ids: one id or several; not together with domains
        :param query_params: further query parameters, which win
        :param params: further query parameters
        :raises GlobusSDKUsageError: if both are given
        """
        from .responses import GetIdentityProvidersResponse

        fields: dict[str, t.Any] = {"domains": comma_joined(domains), "ids": comma_joined(ids)}
        if fields["domains"] is not MISSING and fields["ids"] is not MISSING:
            raise GlobusSDKUsageError("pass 'domains' or 'ids', not both")
        looked_up = query(fields, query_params, params)
        if not looked_up:
            import warnings

            message = "identity providers are looked up by 'domains' or 'ids'; neither is given"
            warnings.warn(message, stacklevel=2)
        return GetIdentityProvidersResponse(
            self.get("/v2/api/identity_providers", query_params=looked_up)
        )

    def get_consents(
        self,
        identity_id: uuid.UUID | str | None = None,
        *,
        all: bool = False,
        query_params: Params = None,
        **params: t.Any,
    ) -> GetConsentsResponse:
        """
        Fetch the consents of an identity.

        :param identity_id: the identity; None takes the one whose token this is
        :param all: also consents that are not rooted at the calling client; needs the scope
            ``view_consents``
        :param query_params: further query parameters, which win
        :param params: further query parameters
        """
        from .responses import GetConsentsResponse

        owner = self.userinfo()["sub"] if identity_id is None else identity_id
        fields = {"all": str(all)}
        return GetConsentsResponse(
            self.get(
                path("/v2/api/identities/{}/consents", owner),
                query_params=query(fields, query_params, params),
            )
        )
