"""
Pictures of who tells whom what, as SVG.

A journey is written as lines of text. The first names the lanes; each of the others is a step::

    program, app, Globus Auth
    program > app: userinfo() -- The program sends its first request.
    app: fresh state -- What it does by itself has no arrow.
    Globus Auth >> app: tokens -- A dashed arrow is an answer.

What follows ``--`` is for the list below the picture. The picture takes its colours from the page,
so it is light or dark with it, and is narrow enough for a phone.
"""

from __future__ import annotations

import re
from html import escape
from typing import NamedTuple

WIDTH = 440
HEAD = 34
ROW = 46
#: about how wide a letter is, in the two sizes of text
LETTER, SMALL_LETTER = 6.9, 5.8
_STEP = re.compile(r"(?P<who>[^:>]+?)(?: (?P<arrow>>>?) (?P<whom>[^:]+?))?: (?P<label>.+?) -- ")


class Step(NamedTuple):
    """
    One line of a journey.
    """

    who: str
    whom: str
    label: str
    is_answer: bool
    text: str


def read_journey(lines: list[str]) -> tuple[list[str], list[Step]]:
    """
    The lanes and the steps of a directive's content.

    :raises ValueError: if a line is no step, or names no lane
    """
    lanes = [lane.strip() for lane in lines[0].split(",")]
    steps = []
    for line in filter(None, map(str.strip, lines[1:])):
        match = _STEP.match(line)
        if match is None:
            raise ValueError(f"this is no step: {line}")
        who, whom = match["who"], match["whom"] or match["who"]
        if not {who, whom} <= set(lanes):
            raise ValueError(f"a step names a lane that is not there: {line}")
        steps.append(Step(who, whom, match["label"], match["arrow"] == ">>", line[match.end() :]))
    return lanes, steps


def drawn(title: str, lanes: list[str], steps: list[Step]) -> str:
    """
    The picture as SVG, for a page of HTML.
    """
    gap = WIDTH / len(lanes)
    middle = {lane: gap * (number + 0.5) for number, lane in enumerate(lanes)}
    height = HEAD + ROW * len(steps) + 16
    parts = [
        f'<svg class="journey" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg" aria-label="{escape(title)}; the steps are below">'
    ]
    for lane, x in middle.items():
        parts.append(f'<line class="lane" x1="{x}" y1="{HEAD}" x2="{x}" y2="{height - 4}"/>')
        parts.append(
            f'<rect class="head" x="{x - gap / 2 + 3}" y="1" width="{gap - 6}" height="{HEAD - 4}" '
            f'rx="5"/><text class="name" x="{x}" y="20">{escape(lane)}</text>'
        )
    for number, step in enumerate(steps, 1):
        y = HEAD + ROW * number - 10
        parts.append(_step(number, step, middle[step.who], middle[step.whom], y))
    return "\n".join([*parts, "</svg>"])


def _step(number: int, step: Step, start: float, end: float, y: float) -> str:
    if start == end:
        wide = len(step.label) * SMALL_LETTER + 34
        left = min(max(start - wide / 2, 2), WIDTH - wide - 2)
        return (
            f'<rect class="deed" x="{left}" y="{y - 25}" width="{wide}" height="26" rx="13"/>'
            + _number(number, left + 13, y - 12)
            + f'<text class="small" x="{left + 28}" y="{y - 7.5}">{escape(step.label)}</text>'
        )
    way = 1 if end > start else -1
    wide = len(step.label) * LETTER
    x = min(max((start + end) / 2, wide / 2 + 4), WIDTH - wide / 2 - 4)
    kind = "arrow answer" if step.is_answer else "arrow"
    tip = f"{end - way * 2},{y} {end - way * 10},{y - 5} {end - way * 10},{y + 5}"
    return (
        f'<line class="{kind}" x1="{start + way * 9}" y1="{y}" x2="{end - way * 9}" y2="{y}"/>'
        f'<polygon class="tip" points="{tip}"/>'
        f'<text class="label" x="{x}" y="{y - 13}">{escape(step.label)}</text>'
        + _number(number, start, y)
    )


def _number(number: int, x: float, y: float) -> str:
    return (
        f'<circle class="number" cx="{x}" cy="{y}" r="9.5"/>'
        f'<text class="digit" x="{x}" y="{y + 4}">{number}</text>'
    )
