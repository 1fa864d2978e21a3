"""A service of a third party in the sandbox: weather stations, and a harbour that asks them."""

from __future__ import annotations

import typing as t

import requests
from flask import request

from globus_core import hookimpl
from globus_core.testing.sandbox import (
    ApiError,
    Route,
    ServiceSandbox,
    ServiceScope,
    World,
    fields,
    routes,
)

SERVICE_ID = "5d2f8f5a-9c64-4d43-8f1e-6f0a7d1f0b1c"
READ = f"https://auth.globus.org/scopes/{SERVICE_ID}/read"
WRITE = f"https://auth.globus.org/scopes/{SERVICE_ID}/write"
HARBOUR_ID = "0b6f1c3e-2a5d-4c8b-9e7f-4d3c2b1a0f9e"
SAIL = f"https://auth.globus.org/scopes/{HARBOUR_ID}/sail"
LOOK = f"https://auth.globus.org/scopes/{HARBOUR_ID}/look"


class WeatherSandbox(ServiceSandbox):
    """
    Stations and what they measure; anybody's token reads, a token for writing adds.

    :param world: what it shares with the other services
    :param stations: the names of the stations
    """

    resource_server = SERVICE_ID
    scopes = (
        ServiceScope(READ, SERVICE_ID, "Read the weather"),
        ServiceScope(WRITE, SERVICE_ID, "Add measurements", allows_refresh_token=False),
    )

    def __init__(self, world: World, *, stations: t.Sequence[str] = ("north",)) -> None:
        super().__init__(world)
        self._names = tuple(stations)
        self._measured: dict[str, list[float]] = {}
        self._storm = False
        self.events: list[str] = []

    def start(self) -> None:
        self.events.append(f"start {self.world.url('weather')}")

    def stop(self) -> None:
        self.events.append("stop")

    def reset(self) -> None:
        self._storm = False
        self._measured = {name: [] for name in self._names}

    def describe(self) -> dict[str, t.Any]:
        return {"stations": list(self._names), "storm": self._storm}

    def verbs(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"storm": self.make_storm, "calm": self.make_calm}

    def make_storm(self, force: int) -> dict[str, t.Any]:
        """A storm, from force 8 on."""
        if force < 8:
            raise ApiError(409, f"force {force} is no storm")
        self._storm = True
        return {"force": force}

    def make_calm(self) -> None:
        """No storm."""
        self._storm = False

    def routes(self) -> t.Iterable[Route]:
        return routes(
            ("GET", "/stations/<name>", self.station),
            ("POST", "/stations/<name>", self.add),
            ("POST", "/pictures", self.picture),
            prefix="/v1",
        )

    def station(self, name: str) -> dict[str, t.Any]:
        """One station, for whoever may read."""
        caller = self.caller(READ, WRITE)
        return {
            "name": name,
            "measured": self._station(name),
            "storm": self._storm,
            "time": self.world.clock.now(),
            "reader": caller.username,
            "client": caller.client_id,
        }

    def add(self, name: str) -> tuple[dict[str, t.Any], int]:
        """A measurement, from whoever may write."""
        self.caller(WRITE)
        given = fields.read(request.get_json(), {"force": fields.seconds}, ("force",))
        self._station(name).append(given["force"])
        return {"id": self.world.new_id()}, 201

    def picture(self) -> dict[str, t.Any]:
        """A picture, of any size."""
        return {"size": len(request.get_data())}

    def error_document(self, error: ApiError) -> dict[str, t.Any]:
        return {"code": error.code, "message": error.detail, **error.extra}

    def _station(self, name: str) -> list[float]:
        if name not in self._measured:
            raise ApiError(404, f"there is no station {name!r}", code="NoStation")
        return self._measured[name]


class HarbourSandbox(ServiceSandbox):
    """
    Asks the weather for the person who wants to sail.
    """

    path = "port"
    service_name = "haven"
    resource_server = HARBOUR_ID
    scopes = (
        ServiceScope(SAIL, HARBOUR_ID, "Set sail", dependent_scopes=(READ,)),
        ServiceScope(LOOK, HARBOUR_ID, "Look at the boats"),
    )

    def routes(self) -> t.Iterable[Route]:
        return routes(("POST", "/sail", self.sail), ("GET", "/forecast", self.forecast))

    def sail(self) -> dict[str, t.Any]:
        """What the weather says to the caller."""
        return self._weather(self.token(READ, on_behalf_of=self.caller()))

    def forecast(self) -> dict[str, t.Any]:
        """What the weather says to the harbour itself."""
        return self._weather(self.token(READ))

    def _weather(self, token: str) -> dict[str, t.Any]:
        response = requests.get(
            self.world.url("weather") + "v1/stations/north",
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )
        return {"status": response.status_code, "weather": response.json()}


class WeatherPlugin:
    """The plugin of both services."""

    @hookimpl
    def globus_sandbox_services(self) -> dict[str, t.Any]:
        """The weather by reference, the harbour as it is."""
        return {"weather": "tests.sandbox.weather:WeatherSandbox", "harbour": HarbourSandbox}
