"""The services of a sandbox: found by the hook, with their addresses and names."""

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
    :param sandbox: what answers for it
    """

    name: str
    sandbox: ServiceSandbox

    @property
    def prefix(self) -> str:
        """
        What its paths begin with: ``/weather``, or nothing for the service at the root.
        """
        path = self.name if self.sandbox.path is None else self.sandbox.path
        return f"/{path}" if path else ""

    @property
    def variable(self) -> str:
        """
        The environment variable that leads its clients to the sandbox.
        """
        name = self.sandbox.service_name or self.name
        return f"GLOBUS_SDK_SERVICE_URL_{name.upper().replace('-', '_')}"


def find_services(
    world: World, options: t.Mapping[str, t.Mapping[str, t.Any]]
) -> dict[str, Service]:
    """
    Make the services that plugins offer, the one at the root first.

    A service of a third party that cannot be made is reported and left out, unless there are
    options for it.

    :param world: what they share
    :param options: arguments of their classes, by the services' names
    :raises GlobusSDKUsageError: if there are options for a service that no plugin offers
    :raises SandboxError: if a service of ours, or one with options, cannot be made
    """
    offers = compose.offers(_HOOK)
    for name in set(options).difference(offers):
        compose.select(_HOOK, name, what=_WHAT)  # says what is offered, and what is not in use
    found = []
    for name, (record, _) in offers.items():
        try:
            factory = compose.select(_HOOK, name, what=_WHAT)
            found.append(Service(name, factory(world, **options.get(name, {}))))
        except Exception as error:  # the class is the plugin's
            if record.first_party or name in options:
                raise SandboxError(f"the service {name!r} cannot be made: {error}") from error
            compose.report(record.name, _HOOK, error)
    return {service.name: service for service in sorted(found, key=lambda made: made.prefix)}
