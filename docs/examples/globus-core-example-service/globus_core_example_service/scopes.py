"""The scopes of the service."""

from globus_core import Scope
from globus_core.scopes import StaticScopeCollection


class _ExampleScopes(StaticScopeCollection):
    # the id by which Globus Auth knows the service, and the scopes registered for it
    resource_server = "5d0a6c1e-3f4b-4b7a-9c28-1e7f9d3a6b52"

    all = Scope(f"https://auth.globus.org/scopes/{resource_server}/all")
    view = Scope(f"https://auth.globus.org/scopes/{resource_server}/view")


ExampleScopes = _ExampleScopes()
