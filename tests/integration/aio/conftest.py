"""
The sandbox as the one Globus Auth that there is.
"""

from __future__ import annotations

from tests.integration.app.conftest import sandbox

__all__ = ["sandbox"]
