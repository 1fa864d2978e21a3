"""
The client that starts one flow, with the flow's own scope.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.arguments import check_id, has, uuids
from globus_core.documents import Document, path
from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import (
    GCSCollectionScopes,
    ScopeCollection,
    SpecificFlowScopes,
    TransferScopes,
)

from .errors import FlowsAPIError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from globus_core import GlobusApp, MissingType
    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.documents import IDs
    from globus_core.scopes import Scope
    from globus_core.transport import RequestsTransport, RetryConfig

    from .flows import ID, Fields
    from .notifications import RunActivityNotificationPolicy

    Policy: t.TypeAlias = t.Mapping[str, t.Any] | RunActivityNotificationPolicy


class _ScopesOfAFlow(ScopeCollection):
    """Stands on the class, where it is not known which flow is meant."""

    @property
    def resource_server(self) -> str:
        raise AttributeError("the resource server is the flow's id: make a SpecificFlowClient")

    @property
    def user(self) -> Scope:
        raise AttributeError("each flow has a scope of its own: make a SpecificFlowClient")

    def __iter__(self) -> t.Iterator[Scope]:
        raise AttributeError("each flow has a scope of its own: make a SpecificFlowClient")

    def __repr__(self) -> str:
        return "<the scopes of a flow>"


class SpecificFlowClient(BaseClient):
    """
    Starts one flow, and resumes its runs.

    It asks an app for the flow's scope, ``user``. Everything else about flows and runs is done by
    :class:`FlowsClient`.

    :param flow_id: the flow's id, which is its resource server as well
    :param environment: the Globus environment, see :class:`BaseClient`
    :param base_url: the address of Flows; None looks it up
    :param app: the app whose tokens authorize the requests
    :param app_scopes: the scopes to ask the app for; None takes the flow's
    :param authorizer: provides the Authorization header; None sends none
    :param app_name: name for the User-Agent header; None takes the app's
    :param transport: sends the requests; None makes one that is closed with the client
    :param retry_config: when to retry; None takes the defaults
    :raises GlobusSDKUsageError: if settings contradict each other
    """

    service_name = "flows"
    error_class = FlowsAPIError
    scopes: ScopeCollection | None = _ScopesOfAFlow()

    def __init__(
        self,
        flow_id: ID,
        *,
        environment: str | None = None,
        base_url: str | None = None,
        app: GlobusApp | None = None,
        app_scopes: t.Sequence[str | Scope] | None = None,
        authorizer: GlobusAuthorizer | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
    ) -> None:
        check_id(flow_id, "flow_id")
        self._flow_id = str(flow_id)
        self.scopes = SpecificFlowScopes(flow_id)
        super().__init__(
            environment=environment,
            base_url=base_url,
            app=app,
            app_scopes=app_scopes,
            authorizer=authorizer,
            app_name=app_name,
            transport=transport,
            retry_config=retry_config,
        )

    @property
    def default_scope_requirements(self) -> list[Scope]:
        """The flow's scope."""
        return [SpecificFlowScopes(self._flow_id).user]

    def add_app_transfer_data_access_scope(self, collection_ids: IDs) -> Self:
        """
        Ask the client's app for the scope ``data_access`` of collections, for use by the flow.

        Only mapped collections without high assurance have this scope. For others the login ends
        with the error that the scope is unknown.

        :param collection_ids: the id of a collection, or several
        :raises ValidationError: if an id is not a UUID
        :raises GlobusSDKUsageError: if the client has no app
        """
        if self._app is None:
            raise GlobusSDKUsageError("the client has no app to ask for access to collections")
        collections = map(GCSCollectionScopes, uuids(collection_ids, "collection_ids"))
        optional = [each.data_access.with_optional(True) for each in collections]
        transfer = TransferScopes.all.with_dependencies(optional).with_optional(True)
        return self.add_app_scope(SpecificFlowScopes(self._flow_id).user.with_dependency(transfer))

    def run_flow(
        self,
        body: t.Mapping[str, t.Any],
        *,
        label: str | MissingType = MISSING,
        tags: list[str] | MissingType = MISSING,
        activity_notification_policy: Policy | MissingType = MISSING,
        run_monitors: list[str] | MissingType = MISSING,
        run_managers: list[str] | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse:
        """
        Start the flow; the response is the run, with its ``run_id``.

        :param body: the input, which the flow's schema describes
        :param label: a name for the run
        :param tags: words by which it is found
        :param activity_notification_policy: when its owner gets an email; MISSING leaves it to
            Flows
        :param run_monitors: URNs of those who may see the run
        :param run_managers: URNs of those who may also cancel and change it
        :param additional_fields: further fields, which win
        :raises FlowsAPIError: if the input does not fit the schema, with ``problems``; or the
            caller must not start the flow
        """
        data = _order(
            additional_fields,
            body=body,
            tags=tags,
            label=label,
            activity_notification_policy=activity_notification_policy,
            run_monitors=run_monitors,
            run_managers=run_managers,
        )
        return self.post(path("/flows/{}/run", self._flow_id), data=data)

    def resume_run(self, run_id: ID) -> GlobusHTTPResponse:
        """
        Let a run go on that is INACTIVE.

        What it waited for, such as a consent, must have been given before.

        :param run_id: the run's id
        :raises FlowsAPIError: if the run is of another flow, or cannot be resumed
        """
        return self.post(path("/runs/{}/resume", run_id))

    def login_and_resume(self, run: t.Mapping[str, t.Any]) -> GlobusHTTPResponse:
        """
        Log in as an INACTIVE run requires, for a consent for example, and let it go on.

        A run that does not say what it requires is resumed without a login.

        :param run: the run's document, from :meth:`FlowsClient.get_run` or one that waits
        :return: the run after that
        :raises GlobusSDKUsageError: if a login is required and the client has no app, or ``run`` is
            no document of a run
        :raises GlobusError: if the login fails
        :raises FlowsAPIError: if the run is of another flow, or cannot be resumed
        """
        from .run_states import run_requirements

        document: t.Any = run
        if not has(run, "get") or not run.get("run_id") or run.get("status") is None:
            raise GlobusSDKUsageError("'run' must be the document of a run")
        required = run_requirements(document)
        if required is not None:
            if self._app is None:
                raise GlobusSDKUsageError("the client has no app to log in with")
            self._app.login(auth_params=required.authorization_parameters)
        return self.resume_run(run["run_id"])

    def validate_run(
        self,
        body: t.Mapping[str, t.Any],
        *,
        label: str | MissingType = MISSING,
        tags: list[str] | MissingType = MISSING,
        run_monitors: list[str] | MissingType = MISSING,
        run_managers: list[str] | MissingType = MISSING,
        activity_notification_policy: Policy | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse:
        """
        Check what :meth:`run_flow` would send, without starting the flow.

        :param body: the input, which the flow's schema describes
        :param label: a name for the run
        :param tags: words by which it is found
        :param run_monitors: URNs of those who may see the run
        :param run_managers: URNs of those who may also cancel and change it
        :param activity_notification_policy: when its owner gets an email
        :param additional_fields: further fields, which win
        :raises FlowsAPIError: as of :meth:`run_flow`
        """
        data = _order(
            additional_fields,
            body=body,
            tags=tags,
            label=label,
            run_monitors=run_monitors,
            run_managers=run_managers,
            activity_notification_policy=activity_notification_policy,
        )
        return self.post(path("/flows/{}/validate_run", self._flow_id), data=data)


def _order(additional_fields: Fields, **fields: t.Any) -> Document:
    return Document(fields, additional_fields)
