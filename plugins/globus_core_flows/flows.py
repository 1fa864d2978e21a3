"""
Flows: their definitions, texts and roles.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import Document, comma_joined, path, query
from globus_core.paging import MarkerPaginator, has_paginator

from .responses import IterableFlowsResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType

    ID: t.TypeAlias = uuid.UUID | str
    Params: t.TypeAlias = t.Mapping[str, t.Any] | None
    Fields: t.TypeAlias = t.Mapping[str, t.Any] | None


class Flows(BaseClient):
    """
    The methods for flows.
    """

    service_name = "flows"

    def create_flow(
        self,
        title: str,
        definition: t.Mapping[str, t.Any],
        input_schema: t.Mapping[str, t.Any],
        subtitle: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
        flow_viewers: list[str] | MissingType = MISSING,
        flow_starters: list[str] | MissingType = MISSING,
        flow_administrators: list[str] | MissingType = MISSING,
        run_managers: list[str] | MissingType = MISSING,
        run_monitors: list[str] | MissingType = MISSING,
        keywords: list[str] | MissingType = MISSING,
        subscription_id: ID | MissingType | None = MISSING,
        authentication_policy_id: ID | MissingType | None = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse:
        """
        Create a flow; the caller owns it.

        People and groups are written as URNs, such as ``urn:globus:auth:identity:<id>`` and
        ``urn:globus:groups:id:<id>``.

        :param title: its title
        :param definition: its states, in the language of Flows
        :param input_schema: a JSON schema for the input of runs; ``{}`` takes any input
        :param subtitle: a line below the title
        :param description: what it does, at length
        :param flow_viewers: who may see it; also ``public``
        :param flow_starters: who may also start it; also ``all_authenticated_users``
        :param flow_administrators: who may also change it
        :param run_managers: who may see and manage all its runs
        :param run_monitors: who may see all its runs
        :param keywords: words by which it is found
        :param subscription_id: the subscription that it belongs to; None is for none
        :param authentication_policy_id: the policy that logins of its starters must satisfy
        :param additional_fields: further fields, which win
        :raises FlowsAPIError: if the definition, the schema or a role is invalid; ``problems`` of
            the error has the places
        """
        fields = {
            "title": title,
            "definition": definition,
            "input_schema": input_schema,
            "subtitle": subtitle,
            "description": description,
            "flow_viewers": flow_viewers,
            "flow_starters": flow_starters,
            "flow_administrators": flow_administrators,
            "run_managers": run_managers,
            "run_monitors": run_monitors,
            "keywords": keywords,
            "subscription_id": subscription_id,
            "authentication_policy_id": authentication_policy_id,
        }
        return self.post("/flows", data=Document(fields, additional_fields))

    def get_flow(self, flow_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Fetch a flow.

        :param flow_id: its id
        :param query_params: further query parameters, which win
        :raises FlowsAPIError: if there is none with this id, or it is not visible to the caller
        """
        return self.get(path("/flows/{}", flow_id), query_params=query(query_params))

    @has_paginator(MarkerPaginator, items_key="flows")
    def list_flows(
        self,
        *,
        filter_roles: str | t.Iterable[str] | MissingType = MISSING,
        filter_fulltext: str | MissingType = MISSING,
        orderby: str | t.Iterable[str] | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableFlowsResponse:
        """
        List flows that are visible to the caller.

        :param filter_roles: only those on which the caller has one of these roles:
            ``flow_viewer``, ``flow_starter``, ``flow_administrator``, ``flow_owner``,
            ``run_monitor``, ``run_manager``
        :param filter_fulltext: only those in whose texts these words are found
        :param orderby: a field and a direction, such as ``title ASC``, or several
        :param marker: the ``marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises FlowsAPIError: if a parameter is malformed
        """
        params = query(
            query_params,
            filter_roles=comma_joined(filter_roles),
            filter_fulltext=filter_fulltext,
            orderby=orderby,
            marker=marker,
        )
        return IterableFlowsResponse(self.get("/flows", query_params=params))

    def update_flow(
        self,
        flow_id: ID,
        *,
        title: str | MissingType = MISSING,
        definition: t.Mapping[str, t.Any] | MissingType = MISSING,
        input_schema: t.Mapping[str, t.Any] | MissingType = MISSING,
        subtitle: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
        flow_owner: str | MissingType = MISSING,
        flow_viewers: list[str] | MissingType = MISSING,
        flow_starters: list[str] | MissingType = MISSING,
        flow_administrators: list[str] | MissingType = MISSING,
        run_managers: list[str] | MissingType = MISSING,
        run_monitors: list[str] | MissingType = MISSING,
        keywords: list[str] | MissingType = MISSING,
        subscription_id: ID | t.Literal["DEFAULT"] | MissingType | None = MISSING,
        authentication_policy_id: ID | MissingType | None = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse:
        """
        Change a flow. Fields that are MISSING stay as they are.

        The fields are those of :meth:`create_flow`; a list takes the place of the one before.

        :param flow_id: the flow's id
        :param title: its title
        :param definition: its states; runs that have begun keep theirs
        :param input_schema: a JSON schema for the input of runs
        :param subtitle: a line below the title
        :param description: what it does, at length
        :param flow_owner: the URN of its new owner
        :param flow_viewers: who may see it
        :param flow_starters: who may also start it
        :param flow_administrators: who may also change it
        :param run_managers: who may see and manage all its runs
        :param run_monitors: who may see all its runs
        :param keywords: words by which it is found
        :param subscription_id: the subscription that it belongs to; ``DEFAULT`` takes the
            caller's, None is for none
        :param authentication_policy_id: the policy that logins must satisfy; None takes it away
        :param additional_fields: further fields, which win
        :raises FlowsAPIError: if a field is invalid, or the caller must not change the flow
        """
        fields = {
            "title": title,
            "definition": definition,
            "input_schema": input_schema,
            "subtitle": subtitle,
            "description": description,
            "flow_owner": flow_owner,
            "flow_viewers": flow_viewers,
            "flow_starters": flow_starters,
            "flow_administrators": flow_administrators,
            "run_managers": run_managers,
            "run_monitors": run_monitors,
            "keywords": keywords,
            "subscription_id": subscription_id,
            "authentication_policy_id": authentication_policy_id,
        }
        return self.put(path("/flows/{}", flow_id), data=Document(fields, additional_fields))

    def delete_flow(self, flow_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Delete a flow; the response is its last document, with ``DELETED``.

        :param flow_id: its id
        :param query_params: further query parameters, which win
        :raises FlowsAPIError: if the caller does not administer the flow
        """
        return self.delete(path("/flows/{}", flow_id), query_params=query(query_params))

    def validate_flow(
        self,
        definition: t.Mapping[str, t.Any],
        input_schema: t.Mapping[str, t.Any] | MissingType = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Check a definition without creating a flow; the response has the ``scopes`` of its actions.

        :param definition: the states
        :param input_schema: a JSON schema to check as well
        :raises FlowsAPIError: if one is invalid; ``problems`` of the error has the places
        """
        data = {"definition": definition, "input_schema": input_schema}
        return self.post("/flows/validate", data=data)
