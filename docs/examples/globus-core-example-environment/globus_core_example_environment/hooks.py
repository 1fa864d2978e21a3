"""The hook functions. This module is imported early: keep it light."""

from __future__ import annotations

import typing as t

from globus_core import hookimpl, hookspecs


@hookimpl(spec=hookspecs.globus_environments)
def globus_environments() -> t.Mapping[str, t.Mapping[str, t.Any]]:
    return {
        "example-environment": {
            "domain": "globus.example.org",
            # those that are not at <service>.<domain> or <service>.api.<domain>
            "services": {"transfer": "https://data.example.org/"},
            # further addresses of the same Globus Auth
            "server_aliases": ["https://login.example.org"],
        }
    }
