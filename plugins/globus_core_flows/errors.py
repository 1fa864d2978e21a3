"""
Errors of Globus Flows.
"""

from __future__ import annotations

from globus_core.exc import ErrorSubdocument, GlobusAPIError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .problems import FlowsProblem


class FlowsAPIError(GlobusAPIError):
    """
    An error response of Globus Flows.

    Invalid definitions, inputs and roles have ``problems``. The response's ``debug_id`` is the
    request id.
    """

    #: what is wrong with the request, one for each place; empty if the response has no places
    problems: tuple[FlowsProblem, ...] = ()

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read the body, and the object under ``error`` if its format is that of Flows.

        :param body: the response's JSON object
        """
        super().parse_body(body)
        error = body.get("error")
        if self.body_format is not None or not isinstance(error, dict):
            return
        from .problems import problems_in

        self.errors = [ErrorSubdocument(error, message_fields=("detail", "title", "message"))]
        self.code = self.errors[0].code
        self.problems = tuple(problems_in(error.get("detail")))
        self.messages = [each.message for each in self.problems]
        if not self.messages and (message := self.errors[0].message) is not None:
            self.messages = [message]
        debug_id = body.get("debug_id")
        if self.request_id is None and isinstance(debug_id, str):
            self.request_id = debug_id
