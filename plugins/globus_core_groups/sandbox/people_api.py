"""What people say about themselves: preferences, and the fields that groups want to know."""

from __future__ import annotations

import typing as t

from globus_core.testing.sandbox import Route, fields, routes

from . import answers
from .directory import Directory
from .records import SIGNUP_FIELDS, Document

_PREFERENCES: dict[str, fields.Check] = {"allow_add": fields.nullable(fields.flag)}
_NAMES = ("first_name", "last_name", "organization", *SIGNUP_FIELDS)
_FIELDS: dict[str, fields.Check] = {name: fields.nullable(fields.text) for name in _NAMES}


class PeopleApi:
    """
    Shows and changes what belongs to the caller's identities.

    :param directory: the groups
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def routes(self) -> list[Route]:
        """
        The routes of preferences and fields.
        """
        return routes(
            ("GET", "/preferences", self.show_preferences),
            ("PUT", "/preferences", self.set_preferences),
            ("GET", "/groups/<group_id>/membership_fields", self.show_fields),
            ("PUT", "/groups/<group_id>/membership_fields", self.set_fields),
            prefix="/v2",
        )

    def show_preferences(self) -> dict[str, Document]:
        """
        Whether others may add each of the caller's identities to groups.
        """
        allows = self._directory.allows_add
        own = self._directory.caller().identities
        return {identity: {"allow_add": allows.get(identity, True)} for identity in own}

    def set_preferences(self) -> dict[str, Document]:
        """
        Change this, by identity, or without one for all of them.
        """
        own = self._directory.caller().identities
        given: dict[str, t.Any] = answers.body()
        if given.keys() <= _PREFERENCES.keys():
            given = dict.fromkeys(own, given)
        for identity, wanted in answers.by_identity(given, _PREFERENCES, own).items():
            if wanted.get("allow_add") is not None:
                self._directory.allows_add[identity] = wanted["allow_add"]
        return self.show_preferences()

    def show_fields(self, group_id: str) -> dict[str, Document]:
        """
        What each of the caller's identities has told a group.

        :param group_id: the group
        """
        caller = self._directory.caller()
        group = self._directory.visible(group_id, caller)
        return {identity: group.fields.get(identity, {}) for identity in caller.identities}

    def set_fields(self, group_id: str) -> dict[str, Document]:
        """
        Tell a group something, by identity.

        :param group_id: the group
        """
        caller = self._directory.caller()
        group = self._directory.visible(group_id, caller)
        group.fields.update(answers.by_identity(answers.body(), _FIELDS, caller.identities))
        return self.show_fields(group_id)
