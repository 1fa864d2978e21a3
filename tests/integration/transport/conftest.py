"""
The tests of this folder talk to a server on loopback.
"""

from __future__ import annotations

from tests.integration.transport.fixtures import (
    certificate,
    closed_port,
    make_client,
    other_server,
    pauses,
    plugins,
    quiet_environment,
    secure_server,
    server,
    transport_mode,
)

__all__ = [
    "certificate",
    "closed_port",
    "make_client",
    "other_server",
    "pauses",
    "plugins",
    "quiet_environment",
    "secure_server",
    "server",
    "transport_mode",
]
