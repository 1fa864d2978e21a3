"""Who is calling, and what they may do with a collection."""

from __future__ import annotations

import dataclasses
import typing as t

from globus_core import AccessTokenAuthorizer, BaseClient, RetryConfig
from globus_core.exc import GlobusError
from globus_core.scopes import GroupsScopes
from globus_core.testing.sandbox import ApiError, Caller, Collection, World

from . import answers
from .disk import Disk

TRANSFER = "transfer.api.globus.org"
ALL = f"urn:globus:auth:scope:{TRANSFER}:all"
#: what Transfer needs to know whose groups somebody is in
VIEW_GROUPS = str(GroupsScopes.view_my_groups_and_memberships)
EVERYONE = ("all_authenticated_users", "anonymous")


def data_access(collection_id: str) -> str:
    """
    The scope by which Transfer may use a person's account behind a mapped collection.

    :param collection_id: the collection
    """
    return f"https://auth.globus.org/scopes/{collection_id}/data_access"


@dataclasses.dataclass
class Condition:
    """
    What changes about a collection while the sandbox runs.

    :param is_connected: whether it can be reached
    :param rules: its access rules by id
    :param roles: its roles by id
    :param changes: members of its document that were updated
    """

    is_connected: bool = True
    rules: dict[str, dict[str, t.Any]] = dataclasses.field(default_factory=dict)
    roles: dict[str, dict[str, t.Any]] = dataclasses.field(default_factory=dict)
    changes: dict[str, t.Any] = dataclasses.field(default_factory=dict)


class Access:
    """
    Finds the caller and collections, and decides what is allowed.

    Every identity has an account behind gcp and mapped collections; guest collections are open to
    those who administer them and to those who have a rule. Rules for groups are for active members
    who have consented to Transfer looking at their groups, which the sandbox's Groups is asked for.

    :param world: the data shared with the other services
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._conditions: dict[str, Condition] = {}
        self.listeners: list[t.Callable[[Caller], None]] = []

    def reset(self) -> None:
        """
        Forget what has changed.
        """
        self._conditions.clear()

    def caller(self) -> Caller:
        """
        The caller of the current request.

        :raises ApiError: 401 without a token for Transfer, 403 without its scope
        """
        caller = self._world.caller(TRANSFER, [ALL])
        for listener in self.listeners:
            listener(caller)
        return caller

    def find(self, collection_id: str) -> Collection:
        """
        A collection.

        :param collection_id: its id
        :raises ApiError: 404 if there is none
        """
        found = self._world.collections.find(collection_id.lower())
        if found is None:
            detail = f"there is no endpoint or collection {collection_id!r}"
            raise ApiError(404, detail, code="EndpointNotFound")
        return found

    def condition(self, collection: Collection) -> Condition:
        """
        What has changed about a collection.

        :param collection: the collection
        """
        return self._conditions.setdefault(collection.id, Condition())

    def forget(self, collection: Collection) -> None:
        """
        Forget a collection that was deleted.

        :param collection: the collection
        """
        self._conditions.pop(collection.id, None)

    def open(self, caller: Caller, collection: Collection, path: str, wanted: str) -> Disk:
        """
        The files of a collection, if the caller may use them.

        :param caller: the caller
        :param collection: the collection
        :param path: the path that will be used
        :param wanted: ``r`` or ``rw``
        :raises ApiError: 403 without the consent or the permission
        """
        if collection.kind == "endpoint":
            raise answers.bad(f"{collection.id} is an endpoint, and has no files itself")
        self.check_consent(caller, collection)
        disk = Disk(collection)
        if collection.kind == "guest" and not self.permits(caller, collection, path, wanted):
            raise answers.denied(f"no permission to {_DONE[wanted]} {path!r} on {collection.id}")
        return disk

    def check_consent(self, caller: Caller, collection: Collection) -> None:
        """
        Check that Transfer may use the caller's account behind a collection.

        :param caller: the caller
        :param collection: the collection
        :raises ApiError: 403 ConsentRequired with the scopes to ask for
        """
        scope = data_access(collection.id)
        if not needs_consent(collection) or scope in caller.dependent_scopes:
            return
        raise ApiError(
            403,
            f"Transfer needs a consent for data access on {collection.id}",
            code="ConsentRequired",
            extra={"required_scopes": [f"{ALL}[*{scope}]"]},
        )

    def permits(self, caller: Caller, collection: Collection, path: str, wanted: str) -> bool:
        """
        Whether a guest collection's rules permit something.

        :param caller: the caller
        :param collection: the collection
        :param path: the path in it
        :param wanted: ``r`` or ``rw``
        """
        if self.roles(caller, collection) & {"administrator", "access_manager"}:
            return True
        path = Disk(collection).normal(path)
        return any(
            wanted in rule["permissions"]
            and _covers(rule["path"], path)
            and self._is_principal(caller, rule)
            for rule in self.condition(collection).rules.values()
        )

    def has_rule(self, caller: Caller, collection: Collection) -> bool:
        """
        Whether a collection has a rule for the caller.

        :param caller: the caller
        :param collection: the collection
        """
        rules = self.condition(collection).rules.values()
        return any(self._is_principal(caller, rule) for rule in rules)

    def roles(self, caller: Caller, collection: Collection) -> set[str]:
        """
        The roles that the caller has on a collection.

        :param caller: the caller
        :param collection: the collection
        """
        given = {
            role["role"]
            for role in self.condition(collection).roles.values()
            if role["principal"] in caller.identities
        }
        return given | ({"administrator"} if collection.owner in caller.identities else set())

    def manage(self, caller: Caller, collection: Collection, *roles: str) -> None:
        """
        Check that the caller may change a collection.

        :param caller: the caller
        :param collection: the collection
        :param roles: the roles that may, besides administrators
        :raises ApiError: 403 otherwise
        """
        if self.roles(caller, collection).isdisjoint({"administrator", *roles}):
            raise answers.denied(f"only an administrator of {collection.id} may do this")

    def _is_principal(self, caller: Caller, rule: t.Mapping[str, t.Any]) -> bool:
        if rule["principal_type"] == "group":
            return rule["principal"] in self._groups(caller)
        return rule["principal_type"] in EVERYONE or rule["principal"] in caller.identities

    def _groups(self, caller: Caller) -> frozenset[str]:
        """The groups of a caller; none without a consent to look, or without Groups."""
        try:
            token = self._world.token(TRANSFER, [VIEW_GROUPS], caller)
            with BaseClient(
                base_url=self._world.url("groups"),
                authorizer=AccessTokenAuthorizer(token),
                retry_config=RetryConfig(max_retries=0),
            ) as client:
                found = client.get("/v2/groups/my_groups").data
        except (ApiError, GlobusError):
            return frozenset()
        return frozenset(group["id"] for group in found)


def needs_consent(collection: Collection) -> bool:
    """
    Whether Transfer needs a consent of its own for a collection.

    :param collection: the collection
    """
    return collection.kind == "mapped" and not collection.high_assurance


_DONE = {"r": "read", "rw": "write"}


def _covers(folder: str, path: str) -> bool:
    return f"{path.rstrip('/')}/".startswith(f"{folder.rstrip('/')}/")
