"""
Errors of Globus Flows.
"""

from __future__ import annotations

import typing as t

from globus_core.exc import ErrorSubdocument, GlobusAPIError


class FlowsProblem(t.NamedTuple):
    """
    One thing that is wrong with a request: where, and what.

    ``place`` leads to the value, as in ``("definition", "States", "Copy")``; a place in the input
    of a run is one text, such as ``"$.path"``. ``kind`` is Flows' name for it, or None.
    """

    place: tuple[str | int, ...]
    message: str
    kind: str | None


class FlowsAPIError(GlobusAPIError):
    """
    An error response of Globus Flows.

    Invalid definitions, inputs and roles have ``problems``. The response's ``debug_id`` is the
    request id.
    """

    #: what is wrong with the request, one for each place; empty if the response has no places
    problems: list[FlowsProblem] = []

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read the body, and the object under ``error`` if its format is that of Flows.

        :param body: the response's JSON object
        """
        super().parse_body(body)
        error = body.get("error")
        if self.body_format is not None or not isinstance(error, dict):
            return
        self.errors = [ErrorSubdocument(error, message_fields=("detail", "title", "message"))]
        self.code = self.errors[0].code
        self.problems = _problems(error.get("detail"))
        self.messages = [each.message for each in self.problems]
        if not self.messages and (message := self.errors[0].message) is not None:
            self.messages = [message]
        debug_id = body.get("debug_id")
        if self.request_id is None and isinstance(debug_id, str):
            self.request_id = debug_id


def _problems(detail: object) -> list[FlowsProblem]:
    """The parts of a detail that have a message; none if it is no list."""
    parts = [part for part in detail if isinstance(part, dict)] if isinstance(detail, list) else []
    return [
        FlowsProblem(_place(part.get("loc")), part["msg"], _text(part.get("type")))
        for part in parts
        if isinstance(part.get("msg"), str)
    ]


def _place(loc: object) -> tuple[str | int, ...]:
    steps = loc if isinstance(loc, list) else [loc]
    return tuple(step for step in steps if isinstance(step, (str, int)))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
