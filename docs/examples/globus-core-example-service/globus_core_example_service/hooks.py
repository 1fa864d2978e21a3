"""The hook functions. This module is imported early: keep it light."""

from __future__ import annotations

import typing as t

from globus_core import BaseClient, hookimpl, hookspecs


@hookimpl(spec=hookspecs.globus_clients)
def globus_clients() -> t.Mapping[str, str | type[BaseClient]]:
    return {"example-service": "globus_core_example_service.client:ExampleClient"}
