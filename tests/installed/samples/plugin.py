"""A plugin whose hook functions and calls say what the specifications say."""

from __future__ import annotations

import logging
import typing as t

from globus_core import BaseClient, compose, hookimpl, hookspecs
from globus_core.events import ResponseEvent
from globus_core.exc import ErrorFacts, GlobusAPIError
from globus_core.identities import Identity


class WeatherClient(BaseClient):
    service_name = "weather"


@hookimpl(spec=hookspecs.globus_clients)
def globus_clients() -> dict[str, type[BaseClient] | str]:
    return {"weather": WeatherClient}


@hookimpl(spec=hookspecs.globus_translate_error, tryfirst=True)
def globus_translate_error(error: GlobusAPIError) -> ErrorFacts | None:
    return ErrorFacts(message="try later") if error.http_status == 503 else None


class Campus:
    def __init__(self, directory: dict[str, str]) -> None:
        self.directory = directory

    @hookimpl(spec=hookspecs.globus_normalize_identity)
    def globus_normalize_identity(self, key: str) -> str | None:
        return self.directory.get(key)

    @hookimpl(spec=hookspecs.globus_enrich_identity)
    def globus_enrich_identity(self, identity: Identity) -> dict[str, t.Any] | None:
        return {"seen": identity.username}

    @hookimpl(spec=hookspecs.globus_after_response)
    def globus_after_response(self, event: ResponseEvent) -> None:
        logging.getLogger(__name__).info("%s", event.status)


def ask(name: str) -> str:
    answer = compose.first(hookspecs.globus_normalize_identity, key=name)
    return name if answer is None else answer[1] or name
