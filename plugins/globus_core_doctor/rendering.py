"""
The report as text and as a document.
"""

from __future__ import annotations

import textwrap

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .report import Finding
    from .runner import CheckResult

_MARKS = {"ok": "ok", "note": "note", "skipped": "skipped", "problem": "PROBLEM"}
_COLOURS = {"ok": "green", "note": "cyan", "skipped": "bright_black", "problem": "red"}
_INDENT = " " * 12


def as_document(results: t.Sequence[CheckResult]) -> dict[str, t.Any]:
    """
    The report as data for JSON.

    :param results: the results of all checks
    """
    import globus_core

    return {
        "version": globus_core.__version__,
        "problems": count(results, "problem"),
        "checks": [
            {
                "name": result.name,
                "plugin": result.plugin.source,
                "seconds": round(result.seconds, 3),
                "findings": [
                    {"state": found.state, "text": found.text, "advice": found.advice}
                    for found in result.findings
                ],
            }
            for result in results
        ],
    }


def as_text(result: CheckResult, width: int | None, *, colour: bool) -> str:
    """
    The result of one check.

    :param result: the result
    :param width: at which column lines end; None for no limit
    :param colour: whether the states are in colour
    """
    origin = "" if result.plugin.first_party else f" ({result.plugin.source})"
    lines = [line for found in result.findings for line in _lines(found, width, colour)]
    return "\n".join([f"{result.name}{origin}", *lines])


def summary(results: t.Sequence[CheckResult]) -> str:
    """
    One line on all results.

    :param results: the results of all checks
    """
    problems, skipped = count(results, "problem"), count(results, "skipped")
    told = f"{problems or 'no'} problem{'' if problems == 1 else 's'} found"
    return f"{told}, {skipped} not tried" if skipped else told


def count(results: t.Iterable[CheckResult], state: str) -> int:
    """
    How many findings have a state.

    :param results: the results
    :param state: the state
    """
    return sum(found.state == state for result in results for found in result.findings)


def _lines(found: Finding, width: int | None, colour: bool) -> t.Iterator[str]:
    mark = f"{_MARKS[found.state]:9}"
    if colour:
        mark = click.style(mark, fg=_COLOURS[found.state])
    first, *others = _wrapped(found.text, width)
    yield f"  {mark} {first}"
    yield from (f"{_INDENT}{line}" for line in others)
    if found.advice is not None:
        for number, line in enumerate(_wrapped(found.advice, width, 3)):
            yield f"{_INDENT}{'-> ' if number == 0 else '   '}{line}"


def _wrapped(text: str, width: int | None, further: int = 0) -> list[str]:
    if width is None:
        return [text]
    room = max(20, width - len(_INDENT) - further)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    return lines or [""]
