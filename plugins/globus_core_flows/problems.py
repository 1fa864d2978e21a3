"""
What is wrong with a request to Globus Flows, and where.
"""

from __future__ import annotations

import typing as t


class FlowsProblem(t.NamedTuple):
    """
    One thing that is wrong with a request: where, and what.

    :param place: leads to the value, as in ``("definition", "States", "Copy")``; a place in the
        input of a run is one text, such as ``"$.path"``
    :param message: what is wrong
    :param kind: Flows' name for it, or None
    """

    place: tuple[str | int, ...]
    message: str
    kind: str | None


def problems_in(detail: object) -> list[FlowsProblem]:
    """
    The parts of an error's detail that have a message; none if it is no list.

    :param detail: the detail
    """
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
