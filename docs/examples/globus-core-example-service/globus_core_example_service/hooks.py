"""The hook functions. This module is imported early: keep it light."""

from globus_core import hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"example_service": "globus_core_example_service.client:ExampleClient"}


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"example_service": "globus_core_example_service.sandbox:ExampleSandbox"}


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    return {"example-service": "globus_core_example_service.commands:things"}
