"""
What the client of Timers is, what it asks an app for, and what its errors say.
"""

from __future__ import annotations

import typing as t
import uuid
from importlib import import_module

import pytest

from globus_core import (
    FlowTimer,
    GlobusSDKUsageError,
    MemoryTokenStorage,
    OnceTimerSchedule,
    TimerJob,
    TimersAPIError,
    TimersClient,
    TransferTimer,
    UserApp,
    ValidationError,
    client_class,
)
from globus_core.globus_app import GlobusAppConfig
from globus_core.scopes import SpecificFlowScopes, TimersScopes
from tests.unit.transfer.answering import answered

A, B = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
SERVICE = "524230d7-ea86-4a52-8312-86065a9e0417"
ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"


@pytest.fixture
def app() -> t.Iterator[UserApp]:
    """An app that nobody has logged in to."""
    config = GlobusAppConfig(token_storage=MemoryTokenStorage())
    with UserApp("tests", client_id=A, config=config) as app:
        yield app


def below(app: UserApp) -> list[str]:
    """What is asked for below the scope of Timers."""
    (scope,) = app.scope_requirements[SERVICE]
    assert scope.scope_string == str(TimersScopes.timer)
    return sorted(map(str, scope.dependencies))


def test_the_class_knows_its_server_and_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an instance does; the name of the service is in the singular."""
    for one in (TimersClient, TimersClient()):
        assert one.resource_server == SERVICE
        assert one.default_scope_requirements == [TimersScopes.timer]
        assert one.error_class is TimersAPIError
    assert client_class("timers") is TimersClient
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_TIMER", "https://timers.example.org")
    assert TimersClient().base_url == "https://timers.example.org"


def test_access_to_collections_is_asked_for_below_transfer(app: UserApp) -> None:
    """The consent for Transfer is required, that for a collection optional."""
    client = TimersClient(app=app)

    assert client.add_app_transfer_data_access_scope([A, uuid.UUID(B)]) is client
    (transfer,) = below(app)
    assert transfer.startswith(f"{ALL}[")
    for each in (A, B):
        assert f"*https://auth.globus.org/scopes/{each}/data_access" in transfer


def test_flows_are_asked_for(app: UserApp) -> None:
    """One or several."""
    TimersClient(app=app).add_app_flow_user_scope(A).add_app_flow_user_scope([B])

    assert below(app) == sorted(str(SpecificFlowScopes(each).user) for each in (A, B))


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("add_app_transfer_data_access_scope", "collection_ids"),
        ("add_app_flow_user_scope", "flow_ids"),
    ],
)
def test_what_is_no_uuid_is_refused(app: UserApp, method: str, name: str) -> None:
    """Nothing is asked for then; without an app nothing can be."""
    with pytest.raises(ValidationError, match=f"'{name}'"):
        getattr(TimersClient(app=app), method)("x")
    with pytest.raises(ValidationError, match=rf"'{name}\[1\]'"):
        getattr(TimersClient(app=app), method)([A, "x"])
    assert below(app) == []
    with pytest.raises(GlobusSDKUsageError, match="no app"):
        getattr(TimersClient(), method)(A)


def test_each_document_has_its_method() -> None:
    """The old form and the new one are not mixed up."""
    client = answered(TimersClient, {})
    schedule = OnceTimerSchedule()

    with pytest.raises(GlobusSDKUsageError, match="create_job"):
        client.create_timer(TimerJob("https://a.example.org", {}, "2040-01-01T00:00:00Z", 5))
    for timer in (
        TransferTimer(schedule=schedule, body={}),
        FlowTimer(flow_id=A, schedule=schedule, body={}),
    ):
        with pytest.raises(GlobusSDKUsageError, match="create_timer"):
            client.create_job(timer)
        client.create_timer(timer)
    assert [body["timer"]["schedule"] for body in client.answering.bodies] == [{"type": "once"}] * 2


@pytest.mark.parametrize("identifier", ["", ".", "..", None])
def test_an_id_stays_in_its_place(identifier: t.Any) -> None:
    """It cannot lead to another path, such as the list of all timers."""
    client = answered(TimersClient, {})

    with pytest.raises(GlobusSDKUsageError):
        client.delete_job(identifier)
    client.pause_job("a/../b")
    assert client.answering.paths == ["/jobs/a%2F..%2Fb/pause"]


FIELD = {"loc": ["body", "start"], "msg": "field required", "type": "value_error.missing"}
FORMS: list[tuple[dict[str, t.Any], str | None, list[str], int]] = [
    ({"error": {"code": "ERROR", "detail": "no", "status": 500}}, "ERROR", ["no"], 1),
    ({"error": {"code": "ERROR"}}, "ERROR", [], 1),
    ({"error": {"detail": "no"}, "detail": [FIELD]}, None, ["no"], 1),
    ({"detail": [FIELD, {**FIELD, "loc": ["x"]}]}, None, [
        "field required: body.start", "field required: x"], 2),
    ({"detail": [{"loc": ["body"]}, {"loc": "x", "msg": "no"}, {"loc": [1], "msg": "no"}]},
     None, [], 3),
    ({"detail": [FIELD, "text"]}, None, [], 1),
    ({"detail": "text"}, None, ["text"], 1),
    ({"code": "C", "message": "m"}, "C", ["m"], 1),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code", "messages", "count"), FORMS)
@pytest.mark.parametrize("sdk", ["globus_core", "globus_sdk"])
def test_an_error_says_what_is_wrong_and_where(
    sdk: str, body: dict[str, t.Any], code: str | None, messages: list[str], count: int
) -> None:
    """In either form of Timers, and in those of other services; globus-sdk reads the same."""
    error_class = import_module(sdk).TimersAPIError
    construct_error = import_module(f"{sdk}.testing").construct_error
    error = construct_error(http_status=422, body=body, error_class=error_class)

    assert (error.code, error.messages, len(error.errors)) == (code, messages, count)
