"""
What this plugin gives: the clients of Globus Auth.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"auth": "globus_core_auth:AuthClient"}
