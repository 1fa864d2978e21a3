"""The operations on indices and their roles."""

from __future__ import annotations

import re
import typing as t
import uuid

from flask import request

from globus_core.testing.sandbox import ApiError, Route, World, routes

from . import answers
from .access import ADMINS, OWNERS, QUERY, WRITERS, Access, Holder, with_status
from .indices import Index

MOST_TRIALS = 3
MOST_ROLES = 50
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PRINCIPAL = re.compile(rf"urn:globus:(?:auth:identity|groups:id):{_UUID}", re.IGNORECASE)


class IndexApi:
    """
    Shows and changes indices and their roles.

    :param world: the data shared with the other services
    :param access: who may do what
    """

    def __init__(self, world: World, access: Access) -> None:
        self._world = world
        self._access = access

    def routes(self, around: t.Callable[..., t.Any]) -> list[Route]:
        """
        The routes of indices.

        :param around: decorates each view
        """
        return routes(
            ("POST", "/index", self.create),
            ("GET", "/index_list", self.list_all),
            ("GET", "/index/<index_id>", self.show),
            ("PATCH", "/index/<index_id>", self.update),
            ("DELETE", "/index/<index_id>", self.delete),
            ("POST", "/index/<index_id>/reopen", self.reopen),
            ("POST", "/index/<index_id>/role", self.create_role),
            ("GET", "/index/<index_id>/role_list", self.list_roles),
            ("DELETE", "/index/<index_id>/role/<role_id>", self.delete_role),
            prefix="/v1",
            around=around,
        )

    def create(self) -> dict[str, t.Any]:
        """
        Create a trial index, which the caller owns.
        """
        caller, given = self._access.caller(), answers.body()
        name, description = (answers.text(given, n) for n in ("display_name", "description"))
        self._check_trials(caller.principals)
        return self.add(name, description, str(caller.identity)).document()

    def add(self, name: str, description: str, owner: str, **more: t.Any) -> Index:
        """
        Add an index.

        :param name: its name
        :param description: what it holds
        :param owner: the principal of its owner
        :param more: further members of :class:`Index`
        """
        index_id = more.pop("id", None) or self._world.new_id()
        now = self._world.clock.now()
        index = Index(index_id, name, description, now, **more)
        self._access.indices[index_id] = index
        index.add_role(_role_id(), now, "owner", owner)
        return index

    def list_all(self) -> dict[str, t.Any]:
        """
        The indices on which the caller has a role.
        """
        caller = self._access.caller(QUERY)
        asked = request.args.get("filter_roles")
        wanted = set(WRITERS if asked is None else asked.split(","))
        if not wanted <= set(WRITERS):
            raise answers.invalid(f"filter_roles must be of {', '.join(WRITERS)}", "filter_roles")
        found = []
        for index in self._access.indices.values():
            roles = index.roles_of(caller.principals)
            if roles & wanted:
                found.append({**index.document(), "permissions": sorted(roles)})
        return {"index_list": found}

    def show(self, index_id: str) -> dict[str, t.Any]:
        """
        An index, for anybody.

        :param index_id: its id
        """
        self._access.reader()
        return self._access.find(index_id).document()

    def update(self, index_id: str) -> dict[str, t.Any]:
        """
        Change the name or the description of an index.

        :param index_id: its id
        """
        index, given = self._managed(index_id, ADMINS), answers.body()
        changed = {name: answers.text(given, name) for name in given}
        if unknown := changed.keys() - {"display_name", "description"}:
            raise answers.invalid(f"an index has no field {min(unknown)!r}", min(unknown))
        for name, value in changed.items():
            setattr(index, name, value)
        return index.document()

    def delete(self, index_id: str) -> dict[str, t.Any]:
        """
        Mark an index for deletion.

        :param index_id: its id
        """
        index = with_status(self._managed(index_id, OWNERS), "open")
        index.status = "delete_pending"
        return {"index_id": index.id, "acknowledged": True}

    def reopen(self, index_id: str) -> dict[str, t.Any]:
        """
        Keep an index that was marked for deletion.

        :param index_id: its id
        """
        index = with_status(self._managed(index_id, OWNERS), "delete_pending")
        index.status = "open"
        return {"index_id": index.id, "acknowledged": True}

    def create_role(self, index_id: str) -> dict[str, t.Any]:
        """
        Give a role.

        :param index_id: the index
        """
        index, given = self._managed(index_id, ADMINS), answers.body()
        name, principal = (answers.text(given, n) for n in ("role_name", "principal"))
        if name not in WRITERS:
            raise answers.invalid(f"role_name must be one of {', '.join(WRITERS)}", "role_name")
        if not _PRINCIPAL.fullmatch(principal):
            raise answers.invalid("principal must be the URN of an identity or group", "principal")
        if len(index.roles) >= MOST_ROLES:
            raise _too_many(f"an index has {MOST_ROLES} roles at most")
        if name == "owner" and index.is_trial:
            self._check_trials({principal})
        self._access.note([principal.lower()])
        return index.add_role(_role_id(), self._world.clock.now(), name, principal.lower())

    def list_roles(self, index_id: str) -> dict[str, t.Any]:
        """
        The roles on an index.

        :param index_id: the index
        """
        return {"role_list": [*self._managed(index_id, ADMINS).roles.values()]}

    def delete_role(self, index_id: str, role_id: str) -> dict[str, t.Any]:
        """
        Take a role away.

        :param index_id: the index
        :param role_id: the role
        """
        index = self._managed(index_id, ADMINS)
        if role_id not in index.roles:
            raise answers.missing(f"there is no role {role_id!r}")
        return {"deleted": index.roles.pop(role_id), "success": True}

    def _managed(self, index_id: str, roles: tuple[str, ...]) -> Index:
        caller: Holder = self._access.caller()
        index = self._access.find(index_id)
        self._access.allow(caller, index, roles)
        return index

    def _check_trials(self, principals: t.Collection[str]) -> None:
        owned = [
            index
            for index in self._access.indices.values()
            if index.is_trial and "owner" in index.roles_of(principals)
        ]
        if len(owned) >= MOST_TRIALS:
            raise _too_many(f"an identity owns {MOST_TRIALS} trial indices at most")


def _too_many(constraint: str) -> ApiError:
    data = {"error_data": {"constraint": constraint}}
    return ApiError(409, constraint, code="Conflict.LimitExceeded", extra=data)


def _role_id() -> str:
    return uuid.uuid4().hex[:12]
