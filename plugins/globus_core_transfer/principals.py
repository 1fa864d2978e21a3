"""
Who may use a folder: people by their usernames, groups by their names, or everybody.
"""

from __future__ import annotations

import typing as t
import uuid

from globus_core.arguments import check_has
from globus_core.exc import GlobusSDKUsageError

from .errors import UnknownPrincipalError

if t.TYPE_CHECKING:
    from globus_core import BaseClient
    from globus_core.scopes import Scope

    Name: t.TypeAlias = uuid.UUID | str

#: everybody with a Globus login, and everybody
EVERYBODY = ("all_authenticated_users", "anonymous")


class Principal(t.NamedTuple):
    """
    Who a rule is for.

    :ivar type: ``identity``, ``group``, or one of ``EVERYBODY``
    :ivar id: the id of the identity or group; empty for everybody
    """

    type: str
    id: str


class AccessGrant(t.NamedTuple):
    """
    A rule by which somebody may use a folder.

    :ivar access_id: the rule's id
    :ivar principal: whom it is for
    :ivar path: the folder
    :ivar permissions: ``r`` or ``rw``
    :ivar change: ``created``, ``updated`` or ``unchanged``
    """

    access_id: str
    principal: Principal
    path: str
    permissions: str
    change: str


def principal(
    client: BaseClient,
    who: uuid.UUID | str | None,
    group: uuid.UUID | str | None,
    identities: t.Any,
) -> Principal:
    """
    Find out who is meant; what is an id already is not looked up.

    :param client: its app looks up names
    :param who: see ``TransferClient.grant``
    :param group: see ``TransferClient.grant``
    :param identities: see ``TransferClient.grant``
    :raises UnknownPrincipalError: if there is nobody of that name, or several groups
    :raises GlobusSDKUsageError: if not one of both is given, or the client has no app
    """
    if (who is None) == (group is None):
        raise GlobusSDKUsageError("expected either a person or a group")
    if group is not None:
        return Principal("group", _id(group, "group") or _group(client, str(group)))
    if who in EVERYBODY:
        return Principal(str(who), "")
    return Principal("identity", _id(who, "who") or _person(client, str(who), identities))


def _id(value: object, name: str) -> str | None:
    """An id as Globus writes it; None for a name."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise GlobusSDKUsageError(f"{name!r} must be a name, or an id")
    try:
        return str(uuid.UUID(value))
    except ValueError:
        return None


def _person(client: BaseClient, name: str, identities: t.Any) -> str:
    if identities is None:
        from globus_core import IdentityMap
        from globus_core.scopes import Scope

        identities = IdentityMap(_other_client(client, "auth", [Scope("openid")]))
    check_has(identities, "identities", ("get",), "an IdentityMap")
    found = identities.get(name)
    if found is None:
        raise UnknownPrincipalError(f"no identity has the username {name!r}")
    return str(found["id"])


def _group(client: BaseClient, name: str) -> str:
    found = [
        group["id"]
        for group in _other_client(client, "groups", None).get_my_groups()
        if group["name"] == name
    ]
    if len(found) != 1:
        which = f"are {len(found)} groups" if found else "is no group"
        raise UnknownPrincipalError(f"there {which} with the name {name!r} among the caller's")
    return str(found[0])


def _other_client(client: BaseClient, service: str, scopes: list[Scope] | None) -> t.Any:
    from globus_core.service_clients import client_class

    if client._app is None:
        raise GlobusSDKUsageError(
            "the client has no app to look up names; pass ids, or 'identities' for usernames"
        )
    return client_class(service)(app=client._app, app_scopes=scopes)
