"""
The tests of this folder see no plugin and no setting of this machine.
"""

from __future__ import annotations

from tests.integration.transport.fixtures import (
    make_client,
    plugins,
    quiet_environment,
    transport_mode,
)

__all__ = ["make_client", "plugins", "quiet_environment", "transport_mode"]
