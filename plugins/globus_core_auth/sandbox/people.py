"""Finding identities: the seeded people, the identities of clients, and synthetic ones."""

from __future__ import annotations

import re
import typing as t
import uuid

import attrs

from .seeds import CLIENTS_PROVIDER, EXAMPLE_ORG, ClientSeed, IdentityProvider, Person

CLIENTS_DOMAIN = "clients.auth.globus.org"
_SYNTHETIC_DOMAIN = "example.org"
_SYNTHETIC_NAME = re.compile(rf"user([0-9]{{5,9}})@{re.escape(_SYNTHETIC_DOMAIN)}")
# The number of a synthetic person is the last group of the id, so no table is needed.
_SYNTHETIC_ID = "5a9db0c1-0000-4000-8000-"
_PROVISIONED = uuid.UUID("0a7be5d2-61c8-4f39-9d20-e4b8c5713f6a")


def synthetic_username(number: int) -> str:
    """
    The username of a synthetic person.

    :param number: counted from 1
    """
    return f"user{number:05d}@{_SYNTHETIC_DOMAIN}"


def synthetic_id(number: int) -> str:
    """
    The identity id of a synthetic person.

    :param number: counted from 1
    """
    return f"{_SYNTHETIC_ID}{number:012d}"


class People:
    """
    All identities of the sandbox.

    :param people: the seeded ones
    :param providers: identity providers
    :param synthetic: the number of synthetic people
    """

    def __init__(
        self,
        people: t.Iterable[Person],
        providers: t.Iterable[IdentityProvider],
        synthetic: int,
    ) -> None:
        self.seeded = tuple(people)
        self.providers = {provider.id: provider for provider in providers}
        self.synthetic = synthetic
        self._known = {person.id: person for person in self.seeded}
        self._names = {person.username.lower(): person for person in self.seeded}
        self._services: dict[str, Person] = {}
        self._provisioned: dict[str, Person] = {}

    def reset(self) -> None:
        """
        Remove provisioned identities, and those of clients.
        """
        self._provisioned.clear()
        self._services.clear()

    def dump(self) -> list[dict[str, t.Any]]:
        """
        The provisioned identities as JSON data.
        """
        return [attrs.asdict(person) for person in self._provisioned.values()]

    def load(self, saved: t.Iterable[dict[str, t.Any]]) -> None:
        """
        Replace the provisioned identities by those that were saved, and remove those of clients.

        :param saved: what :py:meth:`dump` returned
        """
        self.reset()
        for entry in saved:
            person = Person(**{**entry, "linked": tuple(entry["linked"])})
            self._provisioned[person.id] = person

    def add_service(self, client: ClientSeed) -> None:
        """
        Add an identity for a confidential client.

        :param client: the client
        """
        if not client.is_public:
            self._services[client.id] = _service(client)

    def forget_service(self, client_id: str) -> None:
        """
        Remove the identity of a client.

        :param client_id: the client's id
        """
        self._services.pop(client_id, None)

    def by_id(self, identity_id: str) -> Person | None:
        """
        Find an identity by id.

        :param identity_id: a UUID, in any spelling
        """
        try:
            key = str(uuid.UUID(identity_id))
        except ValueError:
            return None
        known = self._known.get(key) or self._services.get(key) or self._provisioned.get(key)
        return known or self._synthetic_by_id(key)

    def by_username(self, username: str, *, provision: bool = False) -> Person | None:
        """
        Find an identity by username.

        :param username: the name, in any case
        :param provision: create an unused identity for a new name at a known domain
        """
        name = username.strip().lower()
        service = self._services.get(name.removesuffix(f"@{CLIENTS_DOMAIN}"))
        if service is not None and service.username == name:
            return service
        found = self._names.get(name) or self._synthetic_by_name(name)
        if found is not None:
            return found
        return self._provisioned_name(name, provision)

    def find(self, text: str) -> Person | None:
        """
        Find an identity by id, username or e-mail address.

        :param text: any of them
        """
        return self.by_id(text) or self.by_username(text) or self._by_email(text.lower())

    def service_identity(self, client_id: str) -> Person:
        """
        The identity of a client.

        :param client_id: id of a client with a secret
        """
        return self._services[client_id]

    def _by_email(self, email: str) -> Person | None:
        return next((p for p in self.seeded if p.email and p.email.lower() == email), None)

    def _synthetic_by_name(self, name: str) -> Person | None:
        match = _SYNTHETIC_NAME.fullmatch(name)
        if match is None or synthetic_username(int(match[1])) != name:
            return None
        return self._synthetic(int(match[1]))

    def _synthetic_by_id(self, key: str) -> Person | None:
        tail = key.removeprefix(_SYNTHETIC_ID)
        return self._synthetic(int(tail)) if tail != key and tail.isdigit() else None

    def _synthetic(self, number: int) -> Person | None:
        if not 1 <= number <= self.synthetic:
            return None
        return Person(
            id=synthetic_id(number),
            username=synthetic_username(number),
            name=f"User {number:05d}",
            email=synthetic_username(number),
            organization="Example Institute",
            identity_provider=EXAMPLE_ORG,
        )

    def _provisioned_name(self, name: str, provision: bool) -> Person | None:
        key = str(uuid.uuid5(_PROVISIONED, name))
        if key in self._provisioned or not provision:
            return self._provisioned.get(key)
        local, _, domain = name.rpartition("@")
        provider = next((p for p in self.providers.values() if domain in p.domains), None)
        if not local or provider is None or domain == CLIENTS_DOMAIN:
            return None
        return self._provisioned.setdefault(key, _unused(key, name, provider))


def _unused(key: str, name: str, provider: IdentityProvider) -> Person:
    return Person(
        id=key,
        username=name,
        name=None,
        email=None,
        organization=None,
        identity_provider=provider.id,
        status="unused",
    )


def _service(client: ClientSeed) -> Person:
    return Person(
        id=client.id,
        username=f"{client.id}@{CLIENTS_DOMAIN}",
        name=client.name,
        email=None,
        organization=None,
        identity_provider=CLIENTS_PROVIDER,
        identity_type="service",
    )
