"""Who is calling, and what they may do with an index."""

from __future__ import annotations

import dataclasses
import typing as t

from flask import request

from globus_core import AccessTokenAuthorizer, BaseClient, RetryConfig
from globus_core.exc import GlobusError
from globus_core.scopes import GroupsScopes
from globus_core.testing.sandbox import ApiError, Caller, World

from . import answers
from .indices import Index

SEARCH = "search.api.globus.org"
_SCOPE = f"urn:globus:auth:scope:{SEARCH}"
ALL, INGEST, QUERY = f"{_SCOPE}:all", f"{_SCOPE}:ingest", f"{_SCOPE}:search"
IDENTITY = "urn:globus:auth:identity:"
GROUP = "urn:globus:groups:id:"
#: what Search needs to know whose groups somebody is in
VIEW_GROUPS = str(GroupsScopes.view_my_groups_and_memberships)

WRITERS = ("owner", "admin", "writer")
ADMINS = ("owner", "admin")
OWNERS = ("owner",)


@dataclasses.dataclass(frozen=True)
class Holder:
    """
    The caller of a request.

    :param principals: what entries and roles may name them by
    :param identity: the principal of a new index's owner; None without a token
    """

    principals: frozenset[str]
    identity: str | None


class Access:
    """
    Finds the caller and indices, and decides what is allowed.

    The caller's groups are asked of the sandbox's Groups, once something is for a group.

    :param world: the data shared with the other services
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.indices: dict[str, Index] = {}
        #: whether an entry or a role is for a group
        self.knows_groups = False

    def caller(self, *scopes: str) -> Holder:
        """
        The caller of the current request.

        :param scopes: scopes beside ``all``, one of which suffices
        :raises ApiError: 401 without a token for Search, 403 if it has none of the scopes
        """
        caller = self._world.caller(SEARCH, [ALL, *scopes])
        identities = frozenset(IDENTITY + identity for identity in caller.identities)
        everyone = frozenset({"public", "all_authenticated_users"})
        groups = self._groups(caller) if self.knows_groups else frozenset()
        return Holder(identities | everyone | groups, IDENTITY + caller.identity)

    def note(self, principals: t.Iterable[str]) -> None:
        """
        Remember whether there are groups among those that something is for.

        :param principals: the principals
        """
        if any(principal.startswith(GROUP) for principal in principals):
            self.knows_groups = True

    def _groups(self, caller: Caller) -> frozenset[str]:
        """The groups of a caller; none without a consent to look, or without Groups."""
        try:
            token = self._world.token(SEARCH, [VIEW_GROUPS], caller)
            with BaseClient(
                base_url=self._world.url("groups"),
                authorizer=AccessTokenAuthorizer(token),
                retry_config=RetryConfig(max_retries=0),
            ) as client:
                found = client.get("/v2/groups/my_groups").data
        except (ApiError, GlobusError):
            return frozenset()
        return frozenset(GROUP + group["id"] for group in found)

    def reader(self) -> Holder:
        """
        The caller of a query, which needs no token.
        """
        if "Authorization" not in request.headers:
            return Holder(frozenset({"public"}), None)
        return self.caller(QUERY)

    def find(self, index_id: str) -> Index:
        """
        An index.

        :param index_id: its id
        :raises ApiError: 404 if there is none
        """
        found = self.indices.get(index_id.lower())
        if found is None:
            raise answers.missing(f"there is no index {index_id!r}", "NotFound.NoSuchIndex")
        return found

    def open(self, index_id: str) -> Index:
        """
        An index that is not marked for deletion.

        :param index_id: its id
        :raises ApiError: 404 if there is none, 409 if it is marked for deletion
        """
        return with_status(self.find(index_id), "open")

    def allow(self, caller: Holder, index: Index, roles: tuple[str, ...]) -> None:
        """
        Check that the caller has a role.

        :param caller: the caller
        :param index: the index
        :param roles: the roles, one of which suffices
        :raises ApiError: 403 otherwise
        """
        if index.roles_of(caller.principals).isdisjoint(roles):
            needed = " or ".join(roles)
            raise ApiError(
                403,
                "your roles on the index do not allow this",
                code="Forbidden.Generic",
                extra={"error_data": {"cause": f"a role is needed: {needed}"}},
            )

    def writable(self, index_id: str) -> Index:
        """
        An index to whose entries the caller may write.

        :param index_id: its id
        :raises ApiError: 401, 403, 404 or 409 otherwise
        """
        caller = self.caller(INGEST)
        index = self.open(index_id)
        self.allow(caller, index, WRITERS)
        return index


def with_status(index: Index, status: str) -> Index:
    """
    An index, if it has a certain status.

    :param index: the index
    :param status: the status
    :raises ApiError: 409 otherwise
    """
    if index.status != status:
        raise ApiError(
            409,
            f"the index has the status {index.status}, and this needs {status}",
            code="Conflict.IncompatibleIndexStatus",
        )
    return index
