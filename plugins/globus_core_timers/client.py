"""
The client for the Timers API.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.arguments import uuids
from globus_core.documents import path, query
from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import (
    GCSCollectionScopes,
    SpecificFlowScopes,
    TimersScopes,
    TransferScopes,
)

from .errors import TimersAPIError
from .timers import FlowTimer, TimerJob, TransferTimer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from typing_extensions import Self

    from globus_core.documents import IDs, Params
    from globus_core.scopes import Scope

    ID: t.TypeAlias = uuid.UUID | str


class TimersClient(BaseClient):
    """
    Timers, which submit transfers and start flows at given times.

    It asks an app for the scope ``timer``. What a timer does needs scopes below this one, which the
    two ``add_app_...`` methods ask for.
    """

    service_name = "timer"
    error_class = TimersAPIError
    scopes = TimersScopes
    default_scope_requirements = [TimersScopes.timer]  # pyright: ignore  # on the class too

    # what an app asks for

    def add_app_transfer_data_access_scope(self, collection_ids: IDs) -> Self:
        """
        Ask the client's app for what timers need to transfer from and to mapped collections.

        Only mapped collections without high assurance have the scope ``data_access``. For others
        the login ends with the error that the scope is unknown.

        :param collection_ids: the id of a collection, or several
        :raises ValidationError: if an id is not a UUID
        :raises GlobusSDKUsageError: if the client has no app
        """
        collections = map(GCSCollectionScopes, uuids(collection_ids, "collection_ids"))
        optional = [each.data_access.with_optional(True) for each in collections]
        return self._ask_for([TransferScopes.all.with_dependencies(optional)])

    def add_app_flow_user_scope(self, flow_ids: IDs) -> Self:
        """
        Ask the client's app for what timers need to start flows.

        :param flow_ids: the id of a flow, or several
        :raises ValidationError: if an id is not a UUID
        :raises GlobusSDKUsageError: if the client has no app
        """
        return self._ask_for(
            [SpecificFlowScopes(each).user for each in uuids(flow_ids, "flow_ids")]
        )

    def _ask_for(self, scopes: list[Scope]) -> Self:
        if self._app is None:
            raise GlobusSDKUsageError("the client has no app to ask for what timers need")
        return self.add_app_scope(TimersScopes.timer.with_dependencies(scopes))

    # timers

    def list_jobs(self, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        List the caller's timers, under ``jobs``.

        :param query_params: query parameters
        :raises TimersAPIError: if it is refused
        """
        return self.get("/jobs/", query_params=query(query_params))

    def get_job(self, job_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Fetch a timer.

        :param job_id: the timer's id
        :param query_params: query parameters
        :raises TimersAPIError: if the caller has no such timer
        """
        return self.get(path("/jobs/{}", job_id), query_params=query(query_params))

    def create_timer(
        self, timer: dict[str, t.Any] | TransferTimer | FlowTimer
    ) -> GlobusHTTPResponse:
        """
        Create a timer; the answer has it under ``timer``.

        :param timer: the timer, such as a :class:`TransferTimer` or :class:`FlowTimer`
        :raises GlobusSDKUsageError: if it is a :class:`TimerJob`
        :raises TimersAPIError: if it is refused
        """
        if isinstance(timer, TimerJob):
            raise GlobusSDKUsageError("a TimerJob is created by create_job()")
        return self.post("/v2/timer", data={"timer": timer})

    def create_job(self, data: dict[str, t.Any] | TimerJob) -> GlobusHTTPResponse:
        """
        Create a timer in the old form.

        :param data: the timer, such as a :class:`TimerJob`
        :raises GlobusSDKUsageError: if it is a :class:`TransferTimer` or :class:`FlowTimer`
        :raises TimersAPIError: if it is refused
        """
        if isinstance(data, (TransferTimer, FlowTimer)):
            raise GlobusSDKUsageError(f"a {type(data).__name__} is created by create_timer()")
        return self.post("/jobs/", data=data)

    def update_job(self, job_id: ID, data: dict[str, t.Any]) -> GlobusHTTPResponse:
        """
        Change a timer.

        :param job_id: the timer's id
        :param data: the fields to change, such as ``name``
        :raises TimersAPIError: if the caller has no such timer, or it is refused
        """
        return self.patch(path("/jobs/{}", job_id), data=data)

    def delete_job(self, job_id: ID) -> GlobusHTTPResponse:
        """
        Delete a timer, and fetch it as it was.

        :param job_id: the timer's id
        :raises TimersAPIError: if the caller has no such timer
        """
        return self.delete(path("/jobs/{}", job_id))

    def pause_job(self, job_id: ID) -> GlobusHTTPResponse:
        """
        Pause a timer until it is resumed.

        :param job_id: the timer's id
        :raises TimersAPIError: if the caller has no such timer
        """
        return self.post(path("/jobs/{}/pause", job_id))

    def resume_job(
        self, job_id: ID, *, update_credentials: bool | None = None
    ) -> GlobusHTTPResponse:
        """
        Let a timer that was paused, or had stopped for a missing consent, run again.

        :param job_id: the timer's id
        :param update_credentials: whether it is to run with the consents of the token that is used
            now; None leaves it to the service
        :raises TimersAPIError: if the caller has no such timer
        """
        data = {"update_credentials": MISSING if update_credentials is None else update_credentials}
        return self.post(path("/jobs/{}/resume", job_id), data=data)
