"""
The tests of this folder talk to a server on loopback.
"""

from __future__ import annotations

from tests.integration.transport.fixtures import (
    closed_port,
    make_client,
    other_server,
    pauses,
    plugins,
    quiet_environment,
    server,
    transport_mode,
)

__all__ = [
    "closed_port",
    "make_client",
    "other_server",
    "pauses",
    "plugins",
    "quiet_environment",
    "server",
    "transport_mode",
]
