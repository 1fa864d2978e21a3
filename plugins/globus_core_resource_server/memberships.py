"""
Whether callers are members of groups, as Globus Groups says.
"""

from __future__ import annotations

import math
import typing as t
from functools import partial
from hashlib import sha256

from globus_core.exc import GlobusError

from .answers import Answers, NoAnswerError, failure, hasty
from .memory import Known, Storable
from .refusals import ForbiddenError, RefusedError

if t.TYPE_CHECKING:
    from globus_core import GroupsClient

    from .answers import Limits, Suffices
    from .caller import Caller

    Role: t.TypeAlias = t.Literal["member", "manager", "admin"]

#: the roles in a group, each of which may do what those before it may
ROLES = ("member", "manager", "admin")


class GroupRequirement(t.NamedTuple):
    """
    That a caller is in one of some groups, with at least this role.
    """

    groups: tuple[str, ...]
    role: Role

    def __str__(self) -> str:
        who = {"member": "members", "manager": "managers", "admin": "admins"}[self.role]
        return f"only {who} of the group {' or '.join(self.groups)} may do this"


class Roles(t.NamedTuple):
    """
    An answer of Globus Groups: the roles of a caller by group, or those in a group by identity.

    ``ends`` is until when it counts at the most, in UTC epoch seconds.
    """

    by_id: dict[str, str]
    ends: float
    identity_id: str = ""
    username: str = ""


class Memberships(Answers):
    """
    Knows which groups callers are in. A subclass says who asks Globus Groups.
    """

    away = "Globus Groups cannot be reached to check the caller's groups"
    broken = "this service cannot check the caller's groups; its operator can see why"

    def check(
        self, caller: Caller, digest: bytes, required: GroupRequirement, *, ask: bool
    ) -> bool:
        """
        Check that a caller meets a requirement; return whether that could be told.

        :param caller: the caller, who can be acted for
        :param digest: the SHA-256 of the caller's token
        :param required: the requirement
        :param ask: whether Globus Groups may be asked
        :raises ForbiddenError: if the caller does not meet it, or has not consented to the question
        :raises CheckFailedError: if Globus Groups does not answer
        """
        met = self._met(caller, digest, required, ask=False)
        if met is None and ask:
            met = self._met(caller, digest, required, ask=True)
        if met is False:
            raise ForbiddenError(str(required), code="PermissionDenied")
        return met is True

    def _met(
        self, caller: Caller, digest: bytes, required: GroupRequirement, *, ask: bool
    ) -> bool | None:
        """Whether a caller meets it; None if that is not known."""
        enough = ROLES[ROLES.index(required.role) :]
        is_told = True
        for group in required.groups:

            def has_role(answer: Roles, group: str = group) -> bool:
                return any(role in enough for role in self._roles(answer, caller, group))

            def suffices(known: Known, has_role: t.Any = has_role) -> bool:
                now = self._clock()
                # who is kept out may have become a member a moment ago
                recent = now < known.asked_at + self._limits.refusal_ttl
                return known.is_fresh(now) and (recent or has_role(known.answer))

            known = self._known(caller, digest, group, suffices, ask=ask)
            if known is None:
                is_told = False
            elif has_role(known.answer):
                return True
        return False if is_told else None

    def _known(
        self, caller: Caller, digest: bytes, group: str, suffices: Suffices, *, ask: bool
    ) -> Known | None:
        """The answer about a caller and a group; None if it is not known, and not to be asked."""
        key = self._key(digest, group)
        known = self._memory.get(key)
        if known is not None and suffices(known):
            return known
        return self.find(key, partial(self._asked, caller, group), suffices) if ask else None

    def _asked(self, caller: Caller, group: str, now: float) -> Roles:
        try:
            return self._request(caller, group)
        except (AttributeError, KeyError, TypeError) as error:  # it is not what Groups answers
            raise failure(NoAnswerError(), self.away, self.broken) from error
        except RefusedError:
            raise
        except GlobusError as error:
            raise failure(error, self.away, self.broken) from error

    def _note(self, digest: bytes, answer: Roles, now: float) -> Known:
        known = self.fresh(answer, now, answer.ends)
        self._memory.put(digest, known)
        return known

    # what a subclass says

    def _key(self, digest: bytes, group: str) -> bytes:
        """Under which an answer is remembered."""
        raise NotImplementedError

    def _request(self, caller: Caller, group: str) -> Roles:
        """Ask Globus Groups."""
        raise NotImplementedError

    def _roles(self, answer: Roles, caller: Caller, group: str) -> t.Iterable[str | None]:
        """The roles that the identities of a caller have in a group."""
        raise NotImplementedError


class CallersGroups(Memberships):
    """
    Asks on behalf of each caller, whose consent is needed, for all of their groups at once.
    """

    kind = "memberships"

    def _key(self, digest: bytes, group: str) -> bytes:
        return digest

    def _request(self, caller: Caller, group: str) -> Roles:
        from globus_core import GroupsClient

        client = hasty(caller.client(GroupsClient), self._limits.timeout)
        found: t.Any = client.get_my_groups(statuses="active").data
        by_id = {each["id"]: _highest(each["my_memberships"]) for each in found}
        return Roles(by_id, caller.expires_at, caller.id, caller.username)

    def _roles(self, answer: Roles, caller: Caller, group: str) -> t.Iterable[str | None]:
        return (answer.by_id.get(group),)

    def _storable(self, known: Known) -> Storable | None:
        answer: Roles = known.answer
        document = {"roles": answer.by_id, "ends": answer.ends}
        return Storable(answer.identity_id, answer.username, document, known.asked_at)

    def _read(self, document: dict[str, t.Any], asked_at: float) -> Known | None:
        by_id, ends = document.get("roles"), document.get("ends")
        if not isinstance(by_id, dict) or not isinstance(ends, (int, float)):
            return None
        return self.fresh(Roles(by_id, ends), asked_at, ends)


class MembersOfGroups(Memberships):
    """
    Asks as the service, which must be allowed to see the members, for one group at a time.

    :param client: asks Globus Groups
    :param limits: how long and how much is remembered
    :param clock: the time in UTC epoch seconds
    """

    kind = "members"

    def __init__(self, client: GroupsClient, limits: Limits, clock: t.Callable[[], float]) -> None:
        super().__init__(None, limits, clock)
        self._client = hasty(client, limits.timeout)

    def _key(self, digest: bytes, group: str) -> bytes:
        return sha256(group.encode()).digest()

    def _request(self, caller: Caller, group: str) -> Roles:
        found: t.Any = self._client.get_group(group, include="memberships").data
        active = (member for member in found["memberships"] if member["status"] == "active")
        return Roles({member["identity_id"]: member["role"] for member in active}, math.inf)

    def _roles(self, answer: Roles, caller: Caller, group: str) -> t.Iterable[str | None]:
        return (answer.by_id.get(identity.id) for identity in caller.identities)


def _highest(memberships: t.Iterable[t.Mapping[str, t.Any]]) -> str:
    """The role of those that a caller's identities have in a group which may do most."""
    roles = {each["role"] for each in memberships if each.get("status", "active") == "active"}
    return next((role for role in reversed(ROLES) if role in roles), "")
