"""Globus Auth as a service of the sandbox."""

from __future__ import annotations

import logging
import typing as t

import attrs

from globus_core.testing.sandbox import ApiError, Route, ServiceSandbox, World, fields

from . import saved
from .authority import TokenAuthority
from .clients_api import ClientsApi
from .identities_api import IdentitiesApi
from .oauth import Server
from .pages import Pages
from .people import synthetic_id, synthetic_username
from .projects_api import ProjectsApi
from .scope_directory import AUTH
from .scopes_api import ScopesApi
from .seeds import Seeds
from .state import Settings, State
from .tokens_api import TokensApi


class AuthSandbox(ServiceSandbox):
    """
    Globus Auth in the sandbox; it issues the tokens of all services.

    :param world: the data shared with the other services
    :param seeds: the people, clients and so on at the start; None takes made-up ones
    :param issuer: the issuer in documents and ID tokens; None takes the sandbox's URL
    :param synthetic_identities: the number of people ``user00001@example.org``, ...
    :param settings: the initial values of :py:class:`Settings`
    """

    path = ""
    resource_server = AUTH
    is_complete = True

    def __init__(
        self,
        world: World,
        *,
        seeds: Seeds | None = None,
        issuer: str | None = None,
        synthetic_identities: int = 10_000,
        **settings: t.Any,
    ) -> None:
        super().__init__(world)
        self._issuer = issuer
        self._state = State(
            world, seeds or Seeds(), Settings(**settings), synthetic=synthetic_identities
        )
        world.authority = TokenAuthority(self._state)

    def start(self) -> None:
        self._state.url = self.world.url("auth")
        self._state.issuer = self._issuer or self._state.url.rstrip("/")

    def reset(self) -> None:
        self._state.reset()

    def dump(self) -> dict[str, t.Any]:
        return saved.dump(self._state)

    def load(self, document: dict[str, t.Any]) -> None:
        saved.load(self._state, document)

    def routes(self) -> t.Iterable[Route]:
        _silence_secrets()
        state, server = self._state, Server(self._state)
        parts = (
            TokensApi(server),
            IdentitiesApi(state),
            ProjectsApi(state),
            ClientsApi(state),
            ScopesApi(state),
            Pages(server),
        )
        return [route for part in parts for route in part.routes()]

    # what tests do to it

    def verbs(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "keys/rotate": self.rotate_keys,
            "denials": self.deny_next_login,
            "settings": self.configure,
        }

    def describe(self) -> dict[str, t.Any]:
        state = self._state
        return {
            "issuer": state.issuer,
            "settings": attrs.asdict(state.settings),
            "people": [attrs.asdict(person) for person in state.seeds.people],
            "clients": [attrs.asdict(client) for client in state.seeds.clients],
            "tokens": len(state.tokens),
            "synthetic_identities": state.people.synthetic,
        }

    def rotate_keys(self) -> dict[str, t.Any]:
        """
        Sign ID tokens with a new key from now on; the previous key stays published.
        """
        self._state.keys.rotate()
        return {"kid": self._state.keys.current.kid}

    def deny_next_login(self, times: float = 1) -> dict[str, t.Any]:
        """
        Deny the next logins as if the person had denied them.

        :param times: how many; 0 cancels it
        """
        if isinstance(times, bool) or not isinstance(times, (int, float)):
            raise fields.bad("'times' must be a number")
        self._state.settings.denials = int(times)
        return {"denials": self._state.settings.denials}

    def configure(self, **changes: t.Any) -> dict[str, t.Any]:
        """
        Change settings until the next reset.

        :param changes: new values by name
        :raises ApiError: if there is no such setting or the value has the wrong type
        """
        settings = self._state.settings
        current = attrs.asdict(settings)
        for name, value in changes.items():
            if name not in current or type(value) is not type(current[name]):
                raise ApiError(400, f"no such setting: {name!r} = {value!r}")
        for name, value in changes.items():
            setattr(settings, name, value)
        return attrs.asdict(settings)

    # what programs know of it

    @property
    def seeds(self) -> Seeds:
        """
        The people, clients and so on at the start.
        """
        return self._state.seeds

    @property
    def access_token_lifetime(self) -> int:
        """
        The lifetime of access tokens in seconds.
        """
        return self._state.settings.access_token_lifetime

    def synthetic_usernames(self, count: int) -> list[str]:
        """
        Usernames of synthetic people.

        :param count: how many, from the first on
        """
        return [synthetic_username(number) for number in range(1, count + 1)]

    def synthetic_ids(self, count: int) -> list[str]:
        """
        Identity ids of synthetic people.

        :param count: how many, from the first on
        """
        return [synthetic_id(number) for number in range(1, count + 1)]


def _silence_secrets() -> None:
    # Authlib writes the tokens that it issues to its debug log.
    logger = logging.getLogger("authlib")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
