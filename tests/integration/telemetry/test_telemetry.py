"""
Spans and metrics of a program, as OpenTelemetry gets them.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import typing as t

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from globus_core import AuthClient, GlobusAPIError, IdentityMap, UserApp, aio
from globus_core.plugins import PluginManager
from globus_core.telemetry import GlobusCoreInstrumentor
from tests.integration.app.helpers import AUTH, CountedLogin, user_app

if t.TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from globus_core_sandbox import Sandbox


class Telemetry:
    """What was exported."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        self.traces = traces = TracerProvider()
        traces.add_span_processor(SimpleSpanProcessor(self.exporter))
        GlobusCoreInstrumentor().instrument(
            tracer_provider=traces, meter_provider=MeterProvider([self.reader])
        )

    def spans(self, name: str) -> list[ReadableSpan]:
        """The spans of a name, in the order in which they ended."""
        return [span for span in self.exporter.get_finished_spans() if span.name == name]

    def path(self, span: ReadableSpan) -> list[str]:
        """The names of the spans around one, the outermost first."""
        known = {one.context.span_id: one for one in self.exporter.get_finished_spans()}
        names = [span.name]
        while span.parent is not None:
            span = known[span.parent.span_id]
            names.insert(0, span.name)
        return names

    def points(self, metric: str) -> list[t.Any]:
        """The points of a metric."""
        data: t.Any = self.reader.get_metrics_data()
        metrics = data.resource_metrics[0].scope_metrics[0].metrics
        return [point for one in metrics if one.name == metric for point in one.data.data_points]


@pytest.fixture
def telemetry(globus_plugins: PluginManager) -> t.Iterator[Telemetry]:
    """Telemetry that is turned on for the test."""
    made = Telemetry()
    yield made
    GlobusCoreInstrumentor().uninstrument()


@pytest.fixture
def app(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[UserApp]:
    """An app that has logged in, with a refresh token."""
    for name, value in globus_sandbox.environment().items():
        monkeypatch.setenv(name, value)
    settings: dict[str, t.Any] = {"request_refresh_tokens": True}
    with user_app(globus_sandbox, login_flow_manager=CountedLogin, **settings) as made:
        yield made


def test_a_login_has_its_requests_inside(telemetry: Telemetry, app: UserApp) -> None:
    """The exchange of the code is part of the login; both know whose they are."""
    app.login()

    (login,) = telemetry.spans("globus login")
    assert login.attributes is not None
    assert login.attributes["globus.client_id"] == app.client_id
    assert str(login.attributes["globus.namespace"]).startswith("DEFAULT@")  # at the sandbox
    exchange = telemetry.spans("POST")[0]
    assert telemetry.path(exchange) == ["globus login", "POST"]
    assert exchange.attributes is not None
    assert exchange.attributes["http.response.status_code"] == 200
    assert exchange.attributes["globus.client"] == "NativeAppAuthClient"
    (point,) = telemetry.points("globus.tokens")
    assert (point.value, point.attributes["globus.event"]) == (1, "issued")


def test_a_renewal_has_its_wait_and_its_request_inside(telemetry: Telemetry, app: UserApp) -> None:
    """A thread that had to wait for another process shows where its time went."""
    app.login()
    telemetry.exporter.clear()
    with AuthClient(app=app, app_scopes=[]) as client:
        app.get_authorizer(AUTH).handle_missing_authorization()
        client.userinfo()

    (wait,) = telemetry.spans("globus lock_wait")
    assert telemetry.path(wait) == ["globus renewal", "globus lock_wait"]
    refresh = telemetry.spans("POST")[0]
    assert telemetry.path(refresh) == ["globus renewal", "POST"]
    (renewal,) = telemetry.spans("globus renewal")
    assert renewal.attributes is not None
    assert renewal.attributes["globus.resource_server"] == AUTH
    kinds = {point.attributes["globus.step"] for point in telemetry.points("globus.step.duration")}
    assert kinds == {"login", "renewal", "lock_wait"}


def test_a_look_up_counts_its_identities(telemetry: Telemetry, app: UserApp) -> None:
    """One span for each request, with how many it asked for."""
    names = [f"user{number:05}@example.org" for number in range(150)]
    with AuthClient(app=app, app_scopes=[]) as client:
        IdentityMap(client).resolve_many(names)

    facts: list[t.Any] = [span.attributes for span in telemetry.spans("globus look_up")]
    counts = [each["globus.count"] for each in facts]
    assert sum(counts) == 150
    assert sum(point.value for point in telemetry.points("globus.identities")) == 150


def test_threads_and_requests_of_a_look_up_are_inside_the_programs_span(
    telemetry: Telemetry, app: UserApp
) -> None:
    """Requests that are sent at once by several threads have the parent of the call."""
    names = [f"user{number:05}@example.org" for number in range(450)]
    tracer = telemetry.traces.get_tracer("tests")
    with AuthClient(app=app, app_scopes=[]) as client:
        client.get_identities(usernames="ada@example.org")
        telemetry.exporter.clear()
        with tracer.start_as_current_span("program"):
            IdentityMap(client).resolve_many(names)

    requests = telemetry.spans("GET")
    assert len(requests) >= 5
    for request in requests:
        assert telemetry.path(request) == ["program", "globus look_up", "GET"]


def test_tasks_have_spans_of_their_own(telemetry: Telemetry, app: UserApp) -> None:
    """Awaited requests that overlap are each inside the span of the task that made them."""
    app.login()
    telemetry.exporter.clear()
    tracer = telemetry.traces.get_tracer("tests")

    async def ask(client: aio.AuthClient, name: str) -> None:
        with tracer.start_as_current_span(name):
            await client.userinfo()

    async def ask_at_once() -> None:
        async with aio.AuthClient(app=app, app_scopes=[]) as client:
            await asyncio.gather(*[ask(client, f"task {number}") for number in range(5)])

    asyncio.run(ask_at_once())
    paths = [telemetry.path(request) for request in telemetry.spans("GET")]
    assert sorted(paths) == [[f"task {number}", "GET"] for number in range(5)]


def test_a_refusal_is_an_error_with_its_status(telemetry: Telemetry, app: UserApp) -> None:
    """The span has the status and no query, and the metric counts it apart."""
    with AuthClient(app=app, app_scopes=[]) as client, pytest.raises(GlobusAPIError):
        client.get("/v2/api/nothing", query_params={"token": "a-secret"})

    span = telemetry.spans("GET")[-1]
    assert span.status.status_code.name == "ERROR"
    assert span.attributes is not None
    assert span.attributes["error.type"] == "404"
    assert "a-secret" not in span.to_json()
    statuses = {
        point.attributes.get("error.type")
        for point in telemetry.points("http.client.request.duration")
    }
    assert "404" in statuses


def test_attempts_are_spans_of_their_own(
    telemetry: Telemetry, app: UserApp, globus_sandbox: Sandbox
) -> None:
    """The second says that it is one."""
    app.login()
    globus_sandbox.fail("/v2/oauth2/userinfo", status=503, times=1)
    with AuthClient(app=app, app_scopes=[]) as client:
        client.retry_config.backoff = lambda context: 0.0
        client.userinfo()

    first, second = telemetry.spans("GET")[-2:]
    assert first.attributes is not None
    assert second.attributes is not None
    assert first.attributes["http.response.status_code"] == 503
    assert second.attributes["http.request.resend_count"] == 1


def test_turned_off_it_sees_nothing_more(telemetry: Telemetry, app: UserApp) -> None:
    """Also what had begun before."""
    GlobusCoreInstrumentor().uninstrument()
    app.login()
    assert telemetry.exporter.get_finished_spans() == ()
    GlobusCoreInstrumentor().instrument()  # for the fixture to end


def test_a_program_that_does_not_turn_it_on_does_not_import_it() -> None:
    """The plugin is found, and costs no import of OpenTelemetry."""
    code = (
        "import sys; from globus_core import AuthClient, plugins; AuthClient();"
        "plugins.get_plugin_manager().load_all(); import globus_core_telemetry.hooks;"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
