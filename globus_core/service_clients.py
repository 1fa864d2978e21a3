"""
Client classes, looked up by the name of their service, whichever plugin provides them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .client import BaseClient


def client_class(service: str) -> type[BaseClient]:
    """
    The class of a service's client.

    :param service: the service's name, such as ``auth``; ``name@plugin`` for the client of a
        certain plugin
    :raises GlobusSDKUsageError: if no plugin has a client for the service; lists those there are
    :raises PluginUnavailableError: if the plugin that has one cannot be used; says why
    """
    from . import compose, hookspecs

    spec = hookspecs.globus_clients
    found: t.Any = compose.select(spec, service, what="service")
    client: type[BaseClient] = found
    if not callable(found):
        from .exc import PluginError

        record, _ = compose.offers(spec)[service.partition("@")[0]]
        kind = type(found).__name__
        raise PluginError(
            f"the client of the service {service!r} must be a class, not {kind}; it comes from the "
            f"plugin {record.source}"
        )
    return client


def service_names() -> list[str]:
    """
    The names of the services that there are clients for.
    """
    from . import compose, hookspecs

    return sorted(compose.merged(hookspecs.globus_clients))
