"""The consents of people, as a forest: the consents that a service needs are below its scope."""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone
from itertools import count

import attrs

from globus_core.scopes import Scope
from globus_core.testing.sandbox import Clock

from .scope_directory import ScopeDirectory

_FIRST_ID = 4101


@attrs.define(eq=False, kw_only=True)
class Consent:
    """
    The consent of a person that a client may use a scope, directly or on behalf of another service.
    """

    id: int
    client: str
    scope_string: str
    scope_id: str
    identity: str
    path: tuple[int, ...]
    optional: bool
    allows_refresh: bool
    created: float
    updated: float

    def document(self) -> dict[str, t.Any]:
        """
        The consent as the consents API shows it.
        """
        return {
            "id": self.id,
            "client": self.client,
            "scope": self.scope_id,
            "scope_name": self.scope_string,
            "effective_identity": self.identity,
            "dependency_path": list(self.path),
            "status": "approved",
            "allows_refresh": self.allows_refresh,
            "auto_approved": False,
            "atomically_revocable": self.optional,
            "created": iso_time(self.created),
            "updated": iso_time(self.updated),
            "last_used": iso_time(self.updated),
        }


class ConsentForest:
    """
    All consents of all people.

    :param directory: the scopes that exist
    :param clock: the sandbox's time
    """

    def __init__(self, directory: ScopeDirectory, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock
        self._consents: dict[int, Consent] = {}
        self._numbers = count(_FIRST_ID)

    def clear(self) -> None:
        """
        Forget everything.
        """
        self._consents.clear()
        self._numbers = count(_FIRST_ID)

    def dump(self) -> list[dict[str, t.Any]]:
        """
        All consents as JSON data.
        """
        return [attrs.asdict(consent) for consent in self._consents.values()]

    def load(self, saved: t.Iterable[dict[str, t.Any]]) -> None:
        """
        Replace all consents by those that were saved.

        :param saved: what :py:meth:`dump` returned
        """
        made = [Consent(**{**entry, "path": tuple(entry["path"])}) for entry in saved]
        self._consents = {consent.id: consent for consent in made}
        self._numbers = count(max(self._consents, default=_FIRST_ID - 1) + 1)
        for consent in made:
            self._directory.scope_id(consent.scope_string)  # by which scopes are found by their id

    def forget(self, matches: t.Callable[[Consent], bool]) -> None:
        """
        Remove consents, and those below them.

        :param matches: whether to remove a consent
        """
        gone = {consent.id for consent in self._consents.values() if matches(consent)}
        self._consents = {
            number: consent
            for number, consent in self._consents.items()
            if gone.isdisjoint(consent.path)
        }

    def revocable(self) -> list[Consent]:
        """
        The consents that a person can revoke alone: those to an application, and optional ones.
        """
        return [c for c in self._consents.values() if len(c.path) == 1 or c.optional]

    def below_and(self, number: int) -> set[int]:
        """
        A consent and all those below it, by id.

        :param number: its id
        """
        return {consent.id for consent in self._consents.values() if number in consent.path}

    def approve(
        self, client: str, identity: str, scopes: t.Iterable[Scope], *, offline: bool
    ) -> dict[str, int]:
        """
        Record what a person has approved, with all dependent scopes.

        :param client: id of the client that requested it
        :param identity: the person's id
        :param scopes: the scopes approved
        :param offline: whether refresh tokens were approved
        :returns: consent ids by scope string
        """
        return {
            scope.scope_string: self._approve(client, identity, scope, (), offline).id
            for scope in scopes
        }

    def _approve(
        self, client: str, identity: str, scope: Scope, path: tuple[Consent, ...], offline: bool
    ) -> Consent:
        consent = self._node(client, identity, scope, tuple(c.id for c in path), offline)
        seen = {ancestor.scope_string for ancestor in path} | {scope.scope_string}
        owner = self._directory.owner(scope.scope_string)
        for dependency in self._dependencies(scope):
            if dependency.scope_string not in seen:
                self._approve(owner, identity, dependency, (*path, consent), offline)
        return consent

    def _dependencies(self, scope: Scope) -> list[Scope]:
        wanted = {dependency.scope_string: dependency for dependency in scope.dependencies}
        registered = self._directory.find(scope.scope_string)
        for needed in registered.dependent_scopes if registered else ():
            if not needed.optional:
                wanted.setdefault(needed.scope, Scope(needed.scope))
        return list(wanted.values())

    def _node(
        self, client: str, identity: str, scope: Scope, parents: tuple[int, ...], offline: bool
    ) -> Consent:
        now = self._clock.now()
        for known in self._consents.values():
            same = (known.client, known.identity, known.scope_string, known.path[:-1])
            if same == (client, identity, scope.scope_string, parents):
                known.updated = now
                known.allows_refresh = known.allows_refresh or offline
                return known
        number = next(self._numbers)
        self._consents[number] = consent = Consent(
            id=number,
            client=client,
            scope_string=scope.scope_string,
            scope_id=self._directory.scope_id(scope.scope_string),
            identity=identity,
            path=(*parents, number),
            optional=scope.optional,
            allows_refresh=offline,
            created=now,
            updated=now,
        )
        return consent

    def below(self, parents: t.Iterable[int]) -> dict[str, int]:
        """
        The scopes approved directly below some consents.

        :param parents: consent ids
        :returns: consent ids by scope string
        """
        wanted = set(parents)
        return {
            consent.scope_string: consent.id
            for consent in self._consents.values()
            if len(consent.path) > 1 and consent.path[-2] in wanted
        }

    def of(self, identity: str, *, rooted_at: str | None = None) -> list[Consent]:
        """
        The consents of a person.

        :param identity: the person's id
        :param rooted_at: only trees whose root belongs to this client; None for all
        """
        return [
            consent
            for consent in self._consents.values()
            if consent.identity == identity
            and rooted_at in (None, self._consents[consent.path[0]].client)
        ]


def iso_time(timestamp: float) -> str:
    """
    A time in the format of the API.

    :param timestamp: the time, in UTC epoch seconds
    """
    return datetime.fromtimestamp(timestamp, timezone.utc).isoformat(timespec="microseconds")
