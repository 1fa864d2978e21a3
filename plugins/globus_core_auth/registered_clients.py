"""
What a developer registers at Globus Auth: clients, and their credentials.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse, MissingType
from globus_core.documents import listed, path
from globus_core.exc import GlobusSDKUsageError

from ._request_parameters import query

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from .projects import Params
    from .responses import GetClientCredentialsResponse, GetClientsResponse

    Visibility = t.Literal["public", "private"]
    ClientType = t.Literal[
        "client_identity",
        "confidential_client",
        "globus_connect_server",
        "hybrid_confidential_client_resource_server",
        "public_installed_client",
        "public_webapp_client",
        "resource_server",
    ]


class RegisteredClients(BaseClient):
    """
    Clients and their credentials; all calls need the scope ``manage_projects``.
    """

    service_name = "auth"

    # clients

    def get_client(
        self,
        *,
        client_id: uuid.UUID | str | MissingType = MISSING,
        fqdn: str | MissingType = MISSING,
        query_params: Params = None,
        **params: t.Any,
    ) -> GlobusHTTPResponse:
        """
        Fetch one client, by its id or by a domain name that belongs to it.

        :param client_id: the client's id
        :param fqdn: the domain name
        :param query_params: further query parameters, which win
        :param params: further query parameters
        :raises GlobusSDKUsageError: if both are given, or neither
        :raises AuthAPIError: if there is no such client, or it is not public
        """
        if (client_id is MISSING) is (fqdn is MISSING):
            raise GlobusSDKUsageError("pass either 'client_id' or 'fqdn'")
        if not isinstance(client_id, MissingType):
            return self.get(
                path("/v2/api/clients/{}", client_id), query_params=query({}, query_params, params)
            )
        return self.get("/v2/api/clients", query_params=query({"fqdn": fqdn}, query_params, params))

    def get_clients(self, *, query_params: Params = None, **params: t.Any) -> GetClientsResponse:
        """
        Fetch the clients that the token's identity manages.

        :param query_params: further query parameters, which win
        :param params: further query parameters
        """
        from .responses import GetClientsResponse

        return GetClientsResponse(
            self.get("/v2/api/clients", query_params=query({}, query_params, params))
        )

    def create_client(
        self,
        name: str,
        project: uuid.UUID | str,
        *,
        public_client: bool | MissingType = MISSING,
        client_type: ClientType | MissingType = MISSING,
        visibility: Visibility | MissingType = MISSING,
        redirect_uris: t.Iterable[str] | str | MissingType = MISSING,
        terms_and_conditions: str | MissingType = MISSING,
        privacy_policy: str | MissingType = MISSING,
        required_idp: uuid.UUID | str | MissingType = MISSING,
        preselect_idp: uuid.UUID | str | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Register a client; ``public_client`` or ``client_type`` says of which kind.

        :param name: the name on the consent page, without line breaks
        :param project: the id of the project that it belongs to
        :param public_client: True for a program that cannot keep a secret, False for one that can
        :param client_type: the kind in full, such as ``client_identity`` for a service account
        :param visibility: ``public`` or ``private``
        :param redirect_uris: where callbacks may go, one address or several
        :param terms_and_conditions: an address; not without ``privacy_policy``
        :param privacy_policy: an address; not without ``terms_and_conditions``
        :param required_idp: the identity provider that people must have signed in with
        :param preselect_idp: the identity provider that is offered first
        :param additional_fields: further fields, which win
        :raises GlobusSDKUsageError: if the kind is given twice or not at all, or an address is
            given without the other
        :raises AuthAPIError: if that is not allowed, or a field is wrong
        """
        check_kind(public_client, client_type)
        body = registration(
            name=name,
            project=project,
            public_client=public_client,
            client_type=client_type,
            visibility=visibility,
            redirect_uris=redirect_uris,
            terms_and_conditions=terms_and_conditions,
            privacy_policy=privacy_policy,
            required_idp=required_idp,
            preselect_idp=preselect_idp,
            additional_fields=additional_fields,
        )
        return self.post("/v2/api/clients", data=body)

    def update_client(
        self,
        client_id: uuid.UUID | str,
        *,
        name: str | MissingType = MISSING,
        visibility: Visibility | MissingType = MISSING,
        redirect_uris: t.Iterable[str] | str | MissingType = MISSING,
        terms_and_conditions: str | MissingType | None = MISSING,
        privacy_policy: str | MissingType | None = MISSING,
        required_idp: uuid.UUID | str | MissingType | None = MISSING,
        preselect_idp: uuid.UUID | str | MissingType | None = MISSING,
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Change a client; what is MISSING stays as it is. Its kind cannot change.

        :param client_id: the client's id
        :param name: the name on the consent page
        :param visibility: ``public`` or ``private``
        :param redirect_uris: where callbacks may go, all addresses
        :param terms_and_conditions: an address, None takes it away; not without ``privacy_policy``
        :param privacy_policy: an address, None takes it away; not without
            ``terms_and_conditions``
        :param required_idp: the identity provider that people must have signed in with, or None
        :param preselect_idp: the identity provider that is offered first, or None
        :param additional_fields: further fields, which win
        :raises GlobusSDKUsageError: if an address is given without the other
        :raises AuthAPIError: if that is not allowed, or a field is wrong
        """
        body = registration(
            name=name,
            visibility=visibility,
            redirect_uris=redirect_uris,
            terms_and_conditions=terms_and_conditions,
            privacy_policy=privacy_policy,
            required_idp=required_idp,
            preselect_idp=preselect_idp,
            additional_fields=additional_fields,
        )
        return self.put(path("/v2/api/clients/{}", client_id), data=body)

    def delete_client(self, client_id: uuid.UUID | str) -> GlobusHTTPResponse:
        """
        Delete a client, and with it its credentials, its scopes and all tokens it holds.

        :param client_id: the client's id
        :raises AuthAPIError: if that is not allowed
        """
        return self.delete(path("/v2/api/clients/{}", client_id))

    # credentials

    def get_client_credentials(
        self, client_id: uuid.UUID | str, *, query_params: Params = None, **params: t.Any
    ) -> GetClientCredentialsResponse:
        """
        Fetch the credentials of a client, without their secrets.

        :param client_id: the client's id
        :param query_params: further query parameters, which win
        :param params: further query parameters
        :raises AuthAPIError: if that is not allowed
        """
        from .responses import GetClientCredentialsResponse

        return GetClientCredentialsResponse(
            self.get(
                path("/v2/api/clients/{}/credentials", client_id),
                query_params=query({}, query_params, params),
            )
        )

    def create_client_credential(self, client_id: uuid.UUID | str, name: str) -> GlobusHTTPResponse:
        """
        Make a secret for a client. It is in this answer only, at ``["credential"]["secret"]``.

        :param client_id: the client's id
        :param name: a name to know it by
        :raises AuthAPIError: if that is not allowed, or the client can keep no secret
        """
        from .responses import SecretResponse

        data = {"credential": {"name": name}}
        return SecretResponse(
            self.post(path("/v2/api/clients/{}/credentials", client_id), data=data)
        )

    def delete_client_credential(
        self, client_id: uuid.UUID | str, credential_id: uuid.UUID | str
    ) -> GlobusHTTPResponse:
        """
        Delete a credential; its secret is no longer accepted.

        :param client_id: the client's id
        :param credential_id: the credential's id
        :raises AuthAPIError: if there is no such credential, or that is not allowed
        """
        return self.delete(path("/v2/api/clients/{}/credentials/{}", client_id, credential_id))


def check_kind(public_client: object, client_type: object) -> None:
    """
    Check that a new client's kind is given in exactly one way.

    :param public_client: whether it is public, or MISSING
    :param client_type: its type, or MISSING
    :raises GlobusSDKUsageError: if both are given, or neither
    """
    if (public_client is MISSING) is (client_type is MISSING):
        raise GlobusSDKUsageError("pass either 'public_client' or 'client_type'")


def registration(
    *,
    redirect_uris: t.Iterable[str] | str | MissingType,
    terms_and_conditions: str | MissingType | None,
    privacy_policy: str | MissingType | None,
    additional_fields: t.Mapping[str, t.Any] | MissingType | None,
    **fields: t.Any,
) -> dict[str, t.Any]:
    """
    The body of a request that makes or changes a client.

    :param redirect_uris: one address or several
    :param terms_and_conditions: an address; not without ``privacy_policy``
    :param privacy_policy: an address; not without ``terms_and_conditions``
    :param additional_fields: further fields, which win
    :param fields: the others, by their wire names
    :raises GlobusSDKUsageError: if one of the two addresses is given without the other
    """
    fields["redirect_uris"] = listed(redirect_uris)
    if (terms_and_conditions is MISSING) is not (privacy_policy is MISSING):
        raise GlobusSDKUsageError("pass 'terms_and_conditions' and 'privacy_policy' together")
    if terms_and_conditions is not MISSING:
        fields["links"] = {
            "terms_and_conditions": terms_and_conditions,
            "privacy_policy": privacy_policy,
        }
    further = {} if isinstance(additional_fields, MissingType) else additional_fields or {}
    return {"client": {**fields, **further}}
