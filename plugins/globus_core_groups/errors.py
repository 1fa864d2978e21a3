"""
Errors of Globus Groups.
"""

from __future__ import annotations

import typing as t

from globus_core.exc import GlobusAPIError, GlobusError


class GroupsAPIError(GlobusAPIError):
    """
    An error response of Globus Groups.

    If a document was invalid (status 422), ``messages`` has a line for each field that is wrong.
    """

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read the body, also that of an invalid document, whose ``detail`` is a list.

        :param body: the response's JSON object
        """
        super().parse_body(body)
        details = body.get("detail")
        if not self.messages and isinstance(details, list):
            self.messages = [_line(each) for each in details if isinstance(each, dict)]


def _line(detail: dict[str, t.Any]) -> str:
    """What is wrong with a field, after the place of the field in the document."""
    places = detail.get("loc")
    place = ".".join(str(part) for part in places) if isinstance(places, list) else ""
    said = str(detail.get("msg"))
    return f"{place}: {said}" if place else said


class MembershipFailure(t.NamedTuple):
    """
    An action with a membership that failed, and why.

    :param action: its key, such as ``add``
    :param identity_id: the identity; None if a name has none
    :param username: its username; None if it is not known
    :param code: such as ``NO_MEMBERSHIP``
    :param detail: why, in one sentence
    """

    action: str
    identity_id: str | None
    username: str | None
    code: str
    detail: str


class MembershipActionError(GlobusError):
    """
    Actions with memberships failed, though Groups answered with status 200.

    :param failures: the failures, at least one
    """

    def __init__(self, failures: t.Iterable[MembershipFailure]) -> None:
        self.failures = tuple(failures)
        first = self.failures[0]
        others = "" if len(self.failures) == 1 else f", and {len(self.failures) - 1} more"
        who = first.username or first.identity_id
        super().__init__(f"cannot {first.action} {who}: {first.code}: {first.detail}{others}")
