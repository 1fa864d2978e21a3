"""Globus Groups as a service of the sandbox."""

from __future__ import annotations

import dataclasses
import functools
import threading
import typing as t

from globus_core.testing.sandbox import ApiError, Route, ServiceSandbox, ServiceScope, World

from . import answers
from .actions import Actions
from .directory import ALL, GROUPS, VIEW, Directory
from .group_api import GroupApi
from .people_api import PeopleApi
from .records import ROLES, Group

#: the role of each member of a group, by username
Members = t.Mapping[str, str]

SEEDED = "3b6f0d92-58c7-4e1a-a94d-7c20e6f1b835"


class GroupsSandbox(ServiceSandbox):
    """
    Groups of the sandbox's people.

    :param world: the data shared with the other services
    :param groups: the groups at the start, by name: the role of each member, by username; None
        takes one group of the first three people
    """

    resource_server = GROUPS
    scopes = (
        ServiceScope(ALL, GROUPS, "Manage your Globus groups"),
        ServiceScope(VIEW, GROUPS, "View your Globus groups"),
    )

    def __init__(self, world: World, *, groups: t.Mapping[str, Members] | None = None) -> None:
        super().__init__(world)
        self._seeds = groups
        self._lock = threading.RLock()
        self._directory = Directory(world)
        actions = Actions(self._directory)
        self._parts = (GroupApi(self._directory, actions), actions, PeopleApi(self._directory))

    def reset(self) -> None:
        self._directory.reset()
        if self._seeds is not None:
            for name, members in self._seeds.items():
                self.add_group(name, members)
            return
        if self.world.authority is not None:
            self.add_group("Sandbox Group", self._first_people(), id=SEEDED)

    def _first_people(self) -> dict[str, str]:
        """The first three people, as admin, manager and member; linked identities have one name."""
        names: dict[str, str] = {}
        for person in self.world.people():
            names.setdefault(str(person.get("name")), person.username)
        return dict(zip(names.values(), reversed(ROLES), strict=False))

    def routes(self) -> t.Iterable[Route]:
        found = [route for part in self._parts for route in part.routes()]
        return [dataclasses.replace(route, view=self._alone(route.view)) for route in found]

    def error_document(self, error: ApiError) -> dict[str, t.Any]:
        return answers.error_document(error)

    def describe(self) -> dict[str, t.Any]:
        with self._lock:
            groups = list(self._directory.groups.values())
        return {
            "groups": [
                {"id": group.id, "name": group.name, "memberships": len(group.memberships)}
                for group in groups
            ]
        }

    def dump(self) -> dict[str, t.Any]:
        with self._lock:
            groups = [dataclasses.asdict(group) for group in self._directory.groups.values()]
            return {"groups": groups, "allows_add": dict(self._directory.allows_add)}

    def load(self, document: dict[str, t.Any]) -> None:
        kept = [Group.load(group) for group in document["groups"]]
        self._directory.groups = {group.id: group for group in kept}
        self._directory.allows_add = dict(document["allows_add"])

    def verbs(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "groups/add": self._alone(self.add_group),
            "allow-join": self._alone(self.allow_join),
            "subscribe": self._alone(self.subscribe),
        }

    def add_group(
        self,
        name: str,
        members: Members,
        id: str | None = None,
        description: str | None = None,
        parent_id: str | None = None,
        policies: t.Mapping[str, t.Any] | None = None,
    ) -> dict[str, t.Any]:
        """
        Add a group.

        :param name: its name
        :param members: the role of each member, by username or identity id
        :param id: its id; None makes one
        :param description: what it is for, or None
        :param parent_id: the id of the group in which it is a subgroup, or None
        :param policies: policies that are not those of new groups
        :raises ApiError: 404 if there is no such identity, 422 if there is no such role
        """
        group = Group(
            id=id or self.world.new_id(), name=name, description=description, parent_id=parent_id
        )
        group.policies.update(policies or {})
        for key, role in members.items():
            if role not in ROLES:
                raise answers.invalid(f"a role is one of {', '.join(ROLES)}, not {role!r}")
            self._directory.enter(group, key, role)
        self._directory.groups[group.id] = group
        return {"id": group.id}

    def allow_join(self, group_id: str, allowed: bool = True) -> None:
        """
        Let people join a group without asking, which the API cannot.

        :param group_id: the group
        :param allowed: whether they may
        """
        self._directory.known(group_id).allows_join = allowed

    def subscribe(
        self,
        group_id: str,
        subscription_id: str | None = None,
        name: str = "Sandbox Subscription",
        high_assurance: bool = False,
    ) -> dict[str, t.Any]:
        """
        Let a group provide a subscription.

        :param group_id: the group
        :param subscription_id: the subscription's id; None makes one
        :param name: the subscription's name
        :param high_assurance: whether it is for protected data
        """
        group = self._directory.known(group_id)
        group.subscription_id = subscription_id or self.world.new_id()
        group.subscription_info = {
            "name": name,
            "subscriber_name": name,
            "is_high_assurance": high_assurance,
            "is_baa": False,
            "connectors": {},
        }
        return {"subscription_id": group.subscription_id}

    def _alone(self, function: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        """A function that runs while no other changes or reads the groups."""

        @functools.wraps(function)
        def alone(*args: t.Any, **options: t.Any) -> t.Any:
            with self._lock:
                return function(*args, **options)

        return alone
