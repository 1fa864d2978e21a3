"""A client for a service that Globus Auth protects."""

from globus_core import lazy_exports

# The public names, by the module that each is in. Modules are imported when a name is used;
# __init__.pyi has the same names for type checkers.
__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "client": ("ExampleClient",),
        "documents": ("ExampleThing",),
        "errors": ("ExampleAPIError",),
        "responses": ("ExampleThingList",),
        "scopes": ("ExampleScopes",),
    },
)
