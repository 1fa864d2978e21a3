"""
The hook implementations of the plugin ``telemetry``: none until a program turns it on, so that
OpenTelemetry is not imported and requests are not observed.
"""

from __future__ import annotations

EXTRA = "telemetry"
