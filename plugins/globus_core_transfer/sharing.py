"""
Folders of guest collections are shared with people and groups, by their names.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.arguments import check_text
from globus_core.documents import iso_time
from globus_core.exc import GlobusSDKUsageError

from .errors import TransferAPIError
from .permissions import Permissions

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import typing as t
    import uuid

    from globus_core import MissingType

    from .endpoints import ID
    from .principals import AccessGrant, Principal

_CONFLICT = 409


class Sharing(Permissions):
    """
    The methods that give people access to folders, and take it away.
    """

    def grant(
        self,
        collection_id: ID,
        path: str,
        who: uuid.UUID | str | None = None,
        permissions: str = "r",
        *,
        group: uuid.UUID | str | None = None,
        identities: t.Any = None,
        expiration_date: datetime.datetime | str | MissingType = MISSING,
        notify_email: str | MissingType = MISSING,
        notify_message: str | MissingType = MISSING,
    ) -> AccessGrant:
        """
        Share a folder of a guest collection with a person or a group.

        There is one rule for a folder and a person: granting again changes it, or nothing.

        :param collection_id: the collection's id
        :param path: the folder, from the root of the collection
        :param who: a username or the id of an identity; ``all_authenticated_users`` or
            ``anonymous`` for everybody. A name is looked up by an IdentityMap, which asks the
            extensions of institutions too
        :param permissions: ``r``, or ``rw`` to write as well
        :param group: a group instead of a person: its id, or its name if the caller is a member
        :param identities: the IdentityMap to ask; None makes one with the client's app
        :param expiration_date: when a new rule ends, a datetime or ISO 8601; MISSING never
        :param notify_email: where Globus writes to about a new rule; MISSING to nobody
        :param notify_message: what Globus adds to that
        :return: the rule, and what was done
        :raises UnknownPrincipalError: if there is no such person or group, or several groups have
            the name; nothing was changed then
        :raises GlobusSDKUsageError: if an argument cannot be used, or a client without an app
            would have to look up a name
        :raises TransferAPIError: if it is not a guest collection, or the caller must not share it
        """
        from .principals import AccessGrant, principal

        if permissions not in ("r", "rw"):
            raise GlobusSDKUsageError(f"'permissions' must be 'r' or 'rw', not {permissions!r}")
        folder = _folder(path)
        to = principal(self, who, group, identities)
        rule = self._rule(collection_id, folder, to)
        if rule is None:
            details = {
                "expiration_date": iso_time(expiration_date),
                "notify_email": notify_email,
                "notify_message": notify_message,
            }
            try:
                added = self._add_rule(collection_id, folder, to, permissions, details)
                return AccessGrant(added, to, folder, permissions, "created")
            except TransferAPIError as error:
                if error.http_status != _CONFLICT:
                    raise
                rule = self._rule(collection_id, folder, to)  # another program was faster
                if rule is None:
                    raise
        if rule["permissions"] == permissions:
            return AccessGrant(rule["id"], to, folder, permissions, "unchanged")
        change = {"DATA_TYPE": "access", "permissions": permissions}
        self.update_endpoint_acl_rule(collection_id, rule["id"], change)
        return AccessGrant(rule["id"], to, folder, permissions, "updated")

    def revoke(
        self,
        collection_id: ID,
        path: str,
        who: uuid.UUID | str | None = None,
        *,
        group: uuid.UUID | str | None = None,
        identities: t.Any = None,
    ) -> bool:
        """
        Take back what :meth:`grant` has given.

        Rules for other folders stay, also those for a folder around this one.

        :param collection_id: the collection's id
        :param path: see :meth:`grant`
        :param who: see :meth:`grant`
        :param group: see :meth:`grant`
        :param identities: see :meth:`grant`
        :return: whether there was a rule
        :raises UnknownPrincipalError: if there is no such person or group, or several groups have
            the name
        :raises GlobusSDKUsageError: if an argument cannot be used, or a client without an app
            would have to look up a name
        :raises TransferAPIError: if it is not a guest collection, or the caller must not share it
        """
        from .principals import principal

        folder = _folder(path)
        rule = self._rule(collection_id, folder, principal(self, who, group, identities))
        if rule is None:
            return False
        self.delete_endpoint_acl_rule(collection_id, rule["id"])
        return True

    def _add_rule(
        self, collection_id: ID, folder: str, to: Principal, permissions: str, details: t.Any
    ) -> str:
        rule = {
            "DATA_TYPE": "access",
            "principal_type": to.type,
            "principal": to.id,
            "path": folder,
            "permissions": permissions,
        }
        added = self.add_endpoint_acl_rule(collection_id, {**rule, **details})
        return str(added["access_id"])

    def _rule(self, collection_id: ID, folder: str, to: Principal) -> dict[str, t.Any] | None:
        """The rule for a folder and a principal, if there is one; roles give rules of their own."""
        wanted = (to.type, to.id, folder)
        for rule in self.endpoint_acl_list(collection_id):
            found = (rule["principal_type"], rule["principal"], rule["path"])
            if found == wanted and rule.get("role_id") is None:
                return dict(rule)
        return None


def _folder(path: str) -> str:
    check_text(path, "path")
    if not path.startswith("/") or ".." in path.split("/"):
        raise GlobusSDKUsageError(f"'path' must go down from the collection's root '/': {path!r}")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return "".join(f"/{part}" for part in parts) + "/"
