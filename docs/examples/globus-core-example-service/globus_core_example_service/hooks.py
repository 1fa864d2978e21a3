"""The hook functions. This module is imported early: keep it light."""

from __future__ import annotations

import typing as t

from globus_core import hookimpl


@hookimpl
def globus_clients() -> t.Mapping[str, str]:
    return {"example_service": "globus_core_example_service.client:ExampleClient"}


@hookimpl
def globus_sandbox_services() -> t.Mapping[str, str]:
    return {"example_service": "globus_core_example_service.sandbox:ExampleSandbox"}


@hookimpl
def globus_cli_commands() -> t.Mapping[str, str]:
    return {"example-service": "globus_core_example_service.commands:things"}
