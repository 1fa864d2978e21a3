"""The access rules of guest collections, and the roles on collections."""

from __future__ import annotations

import typing as t

from globus_core.testing.sandbox import ApiError, Collection, Route, World, routes

from . import answers
from .access import EVERYONE, Access, Condition
from .disk import Disk

_PRINCIPALS = ("identity", "group", *EVERYONE)
_ROLES = ("administrator", "access_manager", "activity_manager", "activity_monitor")


class Permissions:
    """
    Shows and changes rules and roles.

    :param world: the data shared with the other services
    :param access: who may do what
    """

    def __init__(self, world: World, access: Access) -> None:
        self._world = world
        self._access = access

    def routes(self) -> list[Route]:
        """
        The routes of rules and roles.
        """
        return routes(
            ("GET", "/access_list", self.list_rules),
            ("POST", "/access", self.add_rule),
            ("GET", "/access/<rule_id>", self.show_rule),
            ("PUT", "/access/<rule_id>", self.update_rule),
            ("DELETE", "/access/<rule_id>", self.delete_rule),
            ("GET", "/role_list", self.list_roles),
            ("POST", "/role", self.add_role),
            ("GET", "/role/<role_id>", self.show_role),
            ("DELETE", "/role/<role_id>", self.delete_role),
            prefix="/v0.10/endpoint/<collection_id>",
        )

    def list_rules(self, collection_id: str) -> dict[str, t.Any]:
        """
        The access rules.

        :param collection_id: the collection
        """
        rules = self._rules(collection_id)[1].rules
        return {"DATA_TYPE": "access_list", "DATA": [*rules.values()], "length": len(rules)}

    def add_rule(self, collection_id: str) -> tuple[dict[str, t.Any], int]:
        """
        Add an access rule.

        :param collection_id: the collection
        """
        collection, condition = self._rules(collection_id)
        given = answers.body("access")
        kind, principal = self._principal(given, _PRINCIPALS)
        rule: dict[str, t.Any] = {
            "DATA_TYPE": "access",
            "id": self._world.new_id(),
            "principal_type": kind,
            "principal": principal,
            "path": _folder(collection, answers.text(given, "path")),
            "permissions": _permissions(given),
            "role_id": None,
            "role_type": None,
            "expiration_date": given.get("expiration_date"),
            "create_time": None,
        }
        same = ("principal_type", "principal", "path")
        if any(all(r[n] == rule[n] for n in same) for r in condition.rules.values()):
            raise ApiError(409, "such a rule exists already", code="Exists")
        condition.rules[rule["id"]] = rule
        message = "Access rule created successfully."
        created = answers.result(
            "Created", message, DATA_TYPE="access_create_result", access_id=rule["id"]
        )
        return created, 201

    def show_rule(self, collection_id: str, rule_id: str) -> dict[str, t.Any]:
        """
        An access rule.

        :param collection_id: the collection
        :param rule_id: the rule
        """
        return _known(self._rules(collection_id)[1].rules, rule_id, "AccessRuleNotFound")

    def update_rule(self, collection_id: str, rule_id: str) -> dict[str, t.Any]:
        """
        Change the permissions or the end of an access rule.

        :param collection_id: the collection
        :param rule_id: the rule
        """
        rules = self._rules(collection_id)[1].rules
        rule = _known(rules, rule_id, "AccessRuleNotFound")
        given = answers.body("access")
        changes: dict[str, t.Any] = {}
        if "permissions" in given:
            changes["permissions"] = _permissions(given)
        if "expiration_date" in given:
            changes["expiration_date"] = given["expiration_date"]
        rules[rule["id"]] = {**rule, **changes}
        return answers.result(
            "Updated", f"Access rule '{rule_id}' permissions updated successfully"
        )

    def delete_rule(self, collection_id: str, rule_id: str) -> dict[str, t.Any]:
        """
        Delete an access rule.

        :param collection_id: the collection
        :param rule_id: the rule
        """
        rules = self._rules(collection_id)[1].rules
        del rules[_known(rules, rule_id, "AccessRuleNotFound")["id"]]
        return answers.result("Deleted", f"Access rule '{rule_id}' deleted successfully")

    def list_roles(self, collection_id: str) -> dict[str, t.Any]:
        """
        The roles.

        :param collection_id: the collection
        """
        roles = [*self._roles(collection_id).roles.values()]
        return {"DATA_TYPE": "role_list", "DATA": roles, "length": len(roles)}

    def add_role(self, collection_id: str) -> tuple[dict[str, t.Any], int]:
        """
        Give someone a role.

        :param collection_id: the collection
        """
        condition = self._roles(collection_id)
        given = answers.body("role")
        kind, principal = self._principal(given, ("identity", "group"))
        if given.get("role") not in _ROLES:
            raise answers.bad(f"role must be one of {', '.join(_ROLES)}")
        role = {
            "DATA_TYPE": "role",
            "id": self._world.new_id(),
            "principal_type": kind,
            "principal": principal,
            "role": given["role"],
        }
        condition.roles[role["id"]] = role
        return role, 201

    def show_role(self, collection_id: str, role_id: str) -> dict[str, t.Any]:
        """
        A role.

        :param collection_id: the collection
        :param role_id: the role
        """
        return _known(self._roles(collection_id).roles, role_id, "RoleNotFound")

    def delete_role(self, collection_id: str, role_id: str) -> dict[str, t.Any]:
        """
        Take a role away.

        :param collection_id: the collection
        :param role_id: the role
        """
        roles = self._roles(collection_id).roles
        del roles[_known(roles, role_id, "RoleNotFound")["id"]]
        return answers.result("Deleted", f"Role '{role_id}' deleted successfully")

    def _rules(self, collection_id: str) -> tuple[Collection, Condition]:
        caller, collection = self._access.caller(), self._access.find(collection_id)
        if collection.kind != "guest":
            raise answers.bad(f"{collection.id} is no guest collection and has no access rules")
        self._access.manage(caller, collection, "access_manager")
        return collection, self._access.condition(collection)

    def _roles(self, collection_id: str) -> Condition:
        caller, collection = self._access.caller(), self._access.find(collection_id)
        self._access.manage(caller, collection)
        return self._access.condition(collection)

    def _principal(self, given: dict[str, t.Any], kinds: tuple[str, ...]) -> tuple[str, str]:
        kind = answers.text(given, "principal_type")
        if kind not in kinds:
            raise answers.bad(f"principal_type must be one of {', '.join(kinds)}")
        if kind in EVERYONE:
            return kind, ""
        principal = answers.text(given, "principal")
        if kind == "identity":
            found = self._world.identity(principal)
            if found is None:
                raise answers.bad(f"there is no identity {principal!r}")
            return kind, found.id
        return kind, principal


def _permissions(given: dict[str, t.Any]) -> str:
    if given.get("permissions") not in {"r", "rw"}:
        raise answers.bad("permissions must be r or rw")
    return str(given["permissions"])


def _folder(collection: Collection, path: str) -> str:
    if not path.startswith("/") or not path.endswith("/"):
        raise answers.bad("the path of a rule must begin and end with /")
    return Disk(collection).normal(path).rstrip("/") + "/"


def _known(things: dict[str, dict[str, t.Any]], key: str, code: str) -> dict[str, t.Any]:
    if key.lower() not in things:
        raise ApiError(404, f"there is no {key!r} here", code=code)
    return things[key.lower()]
