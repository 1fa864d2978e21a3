"""
What is measured and traced, from the events of the kernel.

Names and units are those of OpenTelemetry's semantic conventions where these have any (HTTP client
spans and metrics, 1.23 and later); the others begin with ``globus.``.
"""

from __future__ import annotations

import typing as t
from urllib.parse import urlsplit

from opentelemetry import context, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from globus_core import hookimpl

if t.TYPE_CHECKING:
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.metrics import Meter
    from opentelemetry.trace import Span, Tracer

    from globus_core.events import (
        Event,
        RequestEvent,
        ResponseEvent,
        StepEndEvent,
        StepEvent,
        TokenEvent,
    )

    Attributes = dict[str, str | int]

_PORTS = {"http": 80, "https": 443}


class TelemetryObserver:
    """
    Observes the process that it is registered in.

    :param tracer: makes the spans
    :param meter: makes the instruments
    """

    def __init__(self, tracer: Tracer, meter: Meter) -> None:
        self._tracer = tracer
        # a span is open from one event to another, which are told in the same thread
        self._open: dict[int, tuple[Span, Token[Context]]] = {}
        self._requests = meter.create_histogram(
            "http.client.request.duration", "s", "how long attempts to send a request took"
        )
        self._tokens = meter.create_counter(
            "globus.tokens",
            "{token}",
            "tokens issued, refreshed or revoked, and failures",
        )
        self._steps = meter.create_histogram(
            "globus.step.duration", "s", "how long logins, renewals, waits and look-ups took"
        )
        self._looked_up = meter.create_counter(
            "globus.identities", "{identity}", "identities that Globus Auth was asked for"
        )

    @hookimpl
    def globus_before_request(self, event: RequestEvent) -> None:
        attributes = _of_request(event)
        attributes["url.full"] = event.url
        if event.namespace is not None:  # may be a person, of whom there are many
            attributes["globus.namespace"] = event.namespace
        if event.attempt:
            attributes["http.request.resend_count"] = event.attempt
        self._begin(event, event.method, SpanKind.CLIENT, attributes)

    @hookimpl
    def globus_after_response(self, event: ResponseEvent) -> None:
        outcome: Attributes = {}
        if event.status is not None:
            outcome["http.response.status_code"] = event.status
        failed = event.error or (str(event.status) if (event.status or 0) >= 400 else None)
        if failed is not None:
            outcome["error.type"] = failed
        self._end(event.request, outcome, failed)
        self._requests.record(event.seconds, {**_of_request(event.request), **outcome})

    @hookimpl
    def globus_before_step(self, event: StepEvent) -> None:
        self._begin(event, f"globus {event.kind}", SpanKind.INTERNAL, _of_step(event))

    @hookimpl
    def globus_after_step(self, event: StepEndEvent) -> None:
        outcome: Attributes = {} if event.error is None else {"error.type": event.error}
        self._end(event.step, outcome, event.error)
        kind = {"globus.step": event.step.kind, **outcome}
        self._steps.record(event.seconds, kind)
        if event.step.count is not None:
            self._looked_up.add(event.step.count, outcome)

    @hookimpl
    def globus_token_event(self, event: TokenEvent) -> None:
        facts = {
            "globus.event": event.kind,
            "globus.resource_server": event.resource_server,
            "error.type": event.error,
        }
        attributes = {name: value for name, value in facts.items() if value is not None}
        self._tokens.add(1, attributes)
        trace.get_current_span().add_event("globus token", attributes)

    def _begin(self, event: Event, name: str, kind: SpanKind, attributes: Attributes) -> None:
        span = self._tracer.start_span(name, kind=kind, attributes=attributes)
        self._open[id(event)] = span, context.attach(trace.set_span_in_context(span))

    def _end(self, event: Event, attributes: Attributes, failed: str | None) -> None:
        begun = self._open.pop(id(event), None)
        if begun is None:  # it began before this was turned on
            return
        span, token = begun
        context.detach(token)
        span.set_attributes(attributes)
        if failed is not None:
            span.set_status(Status(StatusCode.ERROR))
        span.end()


def _of_request(event: RequestEvent) -> Attributes:
    """What spans and metrics of a request have in common: little enough to be counted by."""
    parts = urlsplit(event.url)
    facts = {
        "http.request.method": event.method,
        "server.address": parts.hostname,
        "server.port": parts.port or _PORTS.get(parts.scheme),
        "globus.resource_server": event.resource_server,
        "globus.client": event.client,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _of_step(event: StepEvent) -> Attributes:
    facts = {
        "globus.resource_server": event.resource_server,
        "globus.client_id": event.client_id,
        "globus.namespace": event.namespace,
        "globus.count": event.count,
    }
    return {name: value for name, value in facts.items() if value is not None}
