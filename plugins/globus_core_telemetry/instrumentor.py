"""
Turns traces and metrics on and off.
"""

from __future__ import annotations

import typing as t

from opentelemetry.instrumentation.instrumentor import (  # type: ignore[attr-defined,unused-ignore]
    BaseInstrumentor,
)
from opentelemetry.metrics import get_meter
from opentelemetry.trace import get_tracer

from globus_core import __version__
from globus_core.plugins import get_plugin_manager

from .observer import TelemetryObserver

_NAME = "globus_core"
_PLUGIN = "telemetry-observer"


class GlobusCoreInstrumentor(BaseInstrumentor):  # type: ignore[misc,unused-ignore]
    """
    Traces and metrics of globus-core for OpenTelemetry, as for other libraries::

        GlobusCoreInstrumentor().instrument()

    ``opentelemetry-instrument program.py`` does the same for a program that has no such line. There
    is one instrumentor in a process. :meth:`instrument` takes ``tracer_provider`` and
    ``meter_provider``; without them it uses the global ones. :meth:`uninstrument` ends it.
    """

    def instrumentation_dependencies(self) -> t.Collection[str]:
        """
        What has to be installed: globus-core, which is.
        """
        return ()

    def _instrument(self, **kwargs: t.Any) -> None:
        tracer = get_tracer(_NAME, __version__, kwargs.get("tracer_provider"))
        meter = get_meter(_NAME, __version__, kwargs.get("meter_provider"))
        get_plugin_manager().register(TelemetryObserver(tracer, meter), _PLUGIN)

    def _uninstrument(self, **kwargs: t.Any) -> None:
        get_plugin_manager().unregister(_PLUGIN)
