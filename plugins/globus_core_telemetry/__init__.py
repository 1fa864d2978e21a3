"""
OpenTelemetry: spans and metrics for requests, renewals, logins and look-ups.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(__name__, {"instrumentor": ("GlobusCoreInstrumentor",)})

#: what namespaces of globus_core get of these names
NAMESPACES = {"telemetry": ("GlobusCoreInstrumentor",)}
