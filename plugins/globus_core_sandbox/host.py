"""The services of one sandbox together: started, reset, described and controlled."""

from __future__ import annotations

import inspect
import typing as t

from globus_core.testing.sandbox import ApiError

from .services import Service, find_services
from .world import World


class Host:
    """
    The services of a sandbox and the data they share.

    :param options: arguments of the services' classes, by the services' names
    :raises SandboxError: if a service cannot be created
    """

    def __init__(self, options: t.Mapping[str, t.Mapping[str, t.Any]]) -> None:
        self.world = World()
        self.url = ""
        self.services = find_services(self.world, options)
        self.reset()

    def start(self, url: str) -> None:
        """
        Tell the services their URLs.

        :param url: the sandbox's URL
        """
        self.url = url
        self.world.addresses = {
            name: f"{url.rstrip('/')}{service.prefix}/" for name, service in self.services.items()
        }
        for service in self.services.values():
            service.sandbox.start()

    def stop(self) -> None:
        """
        Tell the services that there will be no more requests.
        """
        for service in self.services.values():
            service.sandbox.stop()
        self.world.secure.close()

    def reset(self) -> None:
        """
        Return to the initial state.
        """
        self.world.reset()
        for service in self.services.values():
            self.world.scopes.add(*service.sandbox.scopes)
        for service in self.services.values():
            service.sandbox.reset()

    def dump(self) -> dict[str, t.Any]:
        """
        What is kept of the sandbox, as JSON data: the clock, and what each service keeps.
        """
        kept = {name: service.sandbox.dump() for name, service in self.services.items()}
        return {"offset": self.world.clock.offset, "services": kept}

    def load(self, saved: dict[str, t.Any]) -> None:
        """
        Return to what was kept; what belongs to a service that is not installed is ignored.

        :param saved: what :py:meth:`dump` returned
        """
        self.world.clock.offset = float(saved["offset"])
        for name, service in self.services.items():
            if kept := saved["services"].get(name):
                service.sandbox.load(kept)

    def describe(self) -> dict[str, t.Any]:
        """
        The state of the sandbox for the control API; its secrets are made up and not hidden.
        """
        described = {name: made.sandbox.describe() for name, made in self.services.items()}
        root = next((name for name, made in self.services.items() if not made.prefix), None)
        return {
            "url": self.url,
            "now": self.world.clock.now(),
            "offset": self.world.clock.offset,
            "faults": len(self.world.faults),
            **(described.pop(root) if root is not None else {}),
            "services": {
                name: {"url": self.world.addresses.get(name, ""), **described.get(name, {})}
                for name in self.services
            },
        }

    def control(self, service: str, verb: str, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        """
        Run a control verb of a service.

        :param service: the service's name
        :param verb: the verb
        :param arguments: the arguments of the verb, by name
        :raises ApiError: 404 if there is no such verb, 400 for invalid arguments
        """
        verbs = self._service(service).sandbox.verbs()
        if verb not in verbs:
            known = ", ".join(verbs) or "none"
            raise ApiError(404, f"{service} has no control verb {verb!r}; it has: {known}")
        try:
            inspect.signature(verbs[verb]).bind(**arguments)
        except TypeError as error:
            raise ApiError(400, f"{service} cannot do {verb!r}: {error}") from error
        return verbs[verb](**arguments) or {}

    def _service(self, name: str) -> Service:
        if name not in self.services:
            known = ", ".join(self.services)
            raise ApiError(404, f"this sandbox has no service {name!r}; it has: {known}")
        return self.services[name]
