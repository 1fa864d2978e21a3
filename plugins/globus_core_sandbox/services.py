"""The services of a sandbox: found by the hook, with their URLs and names."""

from __future__ import annotations

import typing as t

import attrs

from globus_core import compose, hookspecs
from globus_core.testing.sandbox import ServiceSandbox

from .errors import SandboxError
from .world import World

_HOOK = hookspecs.globus_sandbox_services
_WHAT = "service of the sandbox"


@attrs.frozen
class Service:
    """
    A service of the sandbox.

    :param name: the name under which it is offered
    :param sandbox: its sandbox
    """

    name: str
    sandbox: ServiceSandbox

    @property
    def prefix(self) -> str:
        """
        The prefix of its paths: ``/weather``, or empty for the service at the root.
        """
        path = self.name if self.sandbox.path is None else self.sandbox.path
        return f"/{path}" if path else ""

    @property
    def variable(self) -> str:
        """
        The environment variable that makes its clients use the sandbox; empty if there is none.
        """
        if self.sandbox.service_name == "":
            return ""
        name = self.sandbox.service_name or self.name
        return f"GLOBUS_SDK_SERVICE_URL_{name.upper().replace('-', '_')}"


def find_services(
    world: World, options: t.Mapping[str, t.Mapping[str, t.Any]]
) -> dict[str, Service]:
    """
    Create the services that plugins offer, the one at the root first.

    A third-party service that cannot be created is reported and left out, unless there are options
    for it.

    :param world: the data they share
    :param options: arguments of their classes, by the services' names
    :raises GlobusSDKUsageError: if there are options for a service that no plugin offers
    :raises SandboxError: if a first-party service, or one with options, cannot be created
    """
    offers = compose.offers(_HOOK)
    for name in set(options).difference(offers):
        compose.select(_HOOK, name, what=_WHAT)  # its error lists what is offered
    found = []
    for name, (record, _) in offers.items():
        try:
            factory = compose.select(_HOOK, name, what=_WHAT)
            made = factory(world, **options.get(name, {}))
            if not isinstance(made, ServiceSandbox):
                raise TypeError(f"a ServiceSandbox was expected, not {type(made).__name__}")
            found.append(Service(name, made))
        except BaseException as error:  # the plugin's class
            compose.raise_interrupt(error)
            if record.first_party or name in options:
                raise SandboxError(f"the service {name!r} cannot be created: {error}") from error
            compose.report(record.name, _HOOK, error)
    return {service.name: service for service in sorted(found, key=lambda made: made.prefix)}
