"""The hook functions. This module is imported early: keep it light."""

from globus_core import hookimpl, hookspecs


@hookimpl(spec=hookspecs.globus_token_storages)
def globus_token_storages() -> dict[str, str]:
    return {"example-storage": "globus_core_example_storage.storage:ExampleTokenStorage"}
