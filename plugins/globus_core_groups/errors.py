"""
Errors of Globus Groups.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


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
