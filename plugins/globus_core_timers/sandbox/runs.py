"""What a timer does at a run: it calls Transfer or Flows over HTTP, as the service does."""

from __future__ import annotations

import typing as t

from globus_core import AccessTokenAuthorizer, BaseClient
from globus_core.documents import path
from globus_core.exc import GlobusAPIError, GlobusError
from globus_core.scopes import SpecificFlowScopes, TimersScopes, TransferScopes
from globus_core.testing.sandbox import ApiError, World
from globus_core.transport import RetryConfig

from .answers import Document
from .jobs import Job

_SERVICE = TimersScopes.resource_server
_TIMER = str(TimersScopes.timer)
_TRANSFER = str(TransferScopes.all)


class Requirements(Exception):  # noqa: N818  # no error, the timer waits
    """
    A run lacks a consent, or a session that is good enough.

    :param document: what is asked for, as a GARE
    """

    def __init__(self, document: Document) -> None:
        super().__init__("the timer has unmet requirements")
        self.document = document


class Busy(Exception):  # noqa: N818  # no error, the timer tries again
    """
    A task of an earlier run has not ended yet, and is at the same files.
    """


class _Service(BaseClient):
    service_name = "sandbox"


def run(world: World, job: Job) -> tuple[int, t.Any]:
    """
    Do what a timer is for; the status and the body with which it was answered.

    :param world: the data shared with the other services
    :param job: the timer
    :raises Requirements: if something is to be consented to first
    :raises Busy: if an earlier run is not done yet
    :raises ApiError: if the service refuses
    """
    scope = _TRANSFER if job.flow_id is None else str(SpecificFlowScopes(job.flow_id).user)
    service = "transfer" if job.flow_id is None else "flows"
    client = _Service(
        base_url=world.url(service),
        authorizer=AccessTokenAuthorizer(_token(world, job, scope)),
        retry_config=RetryConfig(max_retries=0),
    )
    with client:
        try:
            return _transfer(client, job) if job.flow_id is None else _flow(client, job)
        except GlobusAPIError as error:
            raise _refusal(error) from error
        except GlobusError as error:
            raise ApiError(502, str(error)) from error


def _transfer(client: BaseClient, job: Job) -> tuple[int, t.Any]:
    submission = client.get("/v0.10/submission_id")["value"]
    answer = client.post("/v0.10/transfer", data={**job.body, "submission_id": submission})
    return answer.http_status, answer.data


def _flow(client: BaseClient, job: Job) -> tuple[int, t.Any]:
    answer = client.post(path("/flows/{}/run", str(job.flow_id)), data=job.body)
    return answer.http_status, answer.data


def _token(world: World, job: Job, scope: str) -> str:
    try:
        return world.token(_SERVICE, [scope], on_behalf_of=job.caller)
    except ApiError as error:
        if error.status not in (401, 403):
            raise
        raise Requirements(_consent([scope])) from error


def _refusal(error: GlobusAPIError) -> Exception:
    """A missing consent or session is a requirement of the timer; else it is an error, or busy."""
    if error.http_status == 409:
        return Busy(str(error.message))
    if (consent := error.info.consent_required) and consent.required_scopes:
        return Requirements(_consent(consent.required_scopes))
    if error.info.authorization_parameters:
        raw = error.raw_json["authorization_parameters"]
        return Requirements({"code": error.code, "authorization_parameters": raw})
    return ApiError(error.http_status, str(error.message), code=error.code)


def _consent(scopes: list[str]) -> Document:
    below = [f"{_TIMER}[{scope}]" for scope in scopes]
    parameters = {"session_message": "A consent is missing.", "required_scopes": below}
    return {"code": "ConsentRequired", "authorization_parameters": parameters}
