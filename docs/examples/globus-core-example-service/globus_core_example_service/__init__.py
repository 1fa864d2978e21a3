"""A client for a service that Globus Auth protects."""

from .client import ExampleAPIError, ExampleClient, ExampleScopes

__all__ = ["ExampleAPIError", "ExampleClient", "ExampleScopes"]
