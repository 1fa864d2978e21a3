"""
Errors of Globus Timers.
"""

from __future__ import annotations

from globus_core.exc import ErrorSubdocument, GlobusAPIError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class TimersAPIError(GlobusAPIError):
    """
    An error response of Globus Timers.

    A document with wrong fields is answered with a message for each, such as
    ``field required: body.start``.
    """

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read the body: one object under ``error``, or one under ``detail`` for each wrong field.

        :param body: the response's JSON object
        """
        super().parse_body(body)
        error, details = body.get("error"), body.get("detail")
        if isinstance(error, dict):
            self.errors = [ErrorSubdocument(error)]
            self.code = self.errors[0].code
            self.messages = [each.message for each in self.errors if each.message is not None]
        elif isinstance(details, list) and all(isinstance(each, dict) for each in details):
            self.errors = [ErrorSubdocument(each, message_fields=("msg",)) for each in details]
            self.code = None
            self.messages = [told for told in map(_message, self.errors) if told is not None]


def _message(error: ErrorSubdocument) -> str | None:
    """What is wrong with a field, and where it is; None if one of them is not told."""
    place = error.get("loc")
    if error.message is None or not isinstance(place, list):
        return None
    if not all(isinstance(step, str) for step in place):
        return None
    return f"{error.message}: {'.'.join(place)}"
