"""
The members of a group as a whole: who they are, and how they become those of a list.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.arguments import check_has
from globus_core.documents import path, query
from globus_core.exc import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import IdentityMap

    from .answer_documents import Membership
    from .client import ID
    from .member_changes import MemberChange, MembersSync
    from .membership_actions import Role

#: how many changes one request has
BATCH_SIZE = 100


class Members(BaseClient):
    """
    The methods for all members of a group.
    """

    service_name = "groups"

    def members(self, group_id: ID) -> list[Membership]:
        """
        List the active members of a group, with usernames and roles.

        :param group_id: the group
        :raises GroupsAPIError: if there is no such group, or the caller must not see its members
        """
        found = self._group_with_members(group_id)["memberships"]
        return [membership for membership in found if membership["status"] == "active"]

    def sync_members(
        self,
        group_id: ID,
        members: t.Iterable[str] | t.Mapping[str, Role],
        *,
        role: Role | None = None,
        remove: bool = True,
        dry_run: bool = False,
        identity_map: IdentityMap | None = None,
    ) -> MembersSync:
        """
        Make the members of a group those of a list: add, change roles, remove.

        The caller's own membership is changed only if the list has it, and is never removed.
        Changes are sent 100 a request. What Groups refuses, and names without an identity, are in
        the result and raise nothing; see :meth:`MembersSync.raise_failures`.

        :param group_id: the group
        :param members: usernames and identity ids, perhaps with the role of each
        :param role: the role of all in a list without roles; None makes new ones ``member``, and
            keeps the roles of the others
        :param remove: remove members that are not in the list
        :param dry_run: send no change; the result has what would be done
        :param identity_map: looks up usernames; None makes one with the client's app
        :raises GlobusSDKUsageError: if a role is unknown, or there is neither a map nor an app
        :raises GroupsAPIError: if there is no such group, or the caller must not change it
        """
        from .member_changes import planned_changes, wanted_roles

        roles = wanted_roles(members, role)
        found = self._identities(identity_map).resolve_many(roles)
        group = self._group_with_members(group_id)
        result = planned_changes(group, roles, found, remove=remove)
        if not dry_run:
            changes, result.done = result.done, []
            for start in range(0, len(changes), BATCH_SIZE):
                self._send_changes(group_id, changes[start : start + BATCH_SIZE], result)
        return result

    def _group_with_members(self, group_id: ID) -> t.Any:
        asked = query(include="memberships,my_memberships")
        return self.get(path("/v2/groups/{}", group_id), query_params=asked)

    def _identities(self, identity_map: IdentityMap | None) -> IdentityMap:
        if identity_map is not None:
            check_has(identity_map, "identity_map", ("resolve_many",), "an IdentityMap")
            return identity_map
        if self._app is None:
            raise GlobusSDKUsageError("'identity_map' is needed if the client has no app")
        from globus_core import AuthClient, IdentityMap

        return IdentityMap(AuthClient(app=self._app))

    def _send_changes(self, group_id: ID, changes: list[MemberChange], result: MembersSync) -> None:
        from .member_changes import record_answer

        document: dict[str, list[dict[str, str]]] = {}
        for change in changes:
            document.setdefault(change.action, []).append(change.entry())
        answer = self.post(path("/v2/groups/{}", group_id), data=document)
        record_answer(changes, answer.data, result)
