"""
Running checks of the doctor in a test.
"""

from __future__ import annotations

import typing as t

import click

from globus_core_doctor.examined import Examined
from globus_core_doctor.report import DoctorReport

if t.TYPE_CHECKING:
    from globus_core_doctor.report import Finding


def no_app() -> t.NoReturn:
    """What makes no app."""
    raise click.UsageError("a client id is required")


def findings(
    check: t.Callable[[DoctorReport], object],
    make_app: t.Callable[[], t.Any] = no_app,
    *,
    offline: bool = False,
) -> list[Finding]:
    """
    What one check finds, in this thread.

    :param check: the check
    :param make_app: makes the app
    :param offline: whether the network is not to be used
    """
    report = DoctorReport(Examined(make_app, offline=offline))
    check(report)
    return report.close()


def states(found: t.Iterable[Finding]) -> set[str]:
    """The states that occur."""
    return {finding.state for finding in found}


def problems(found: t.Iterable[Finding]) -> list[str]:
    """The texts of the problems, each with its advice."""
    return [f"{each.text} -> {each.advice}" for each in found if each.state == "problem"]


def texts(found: t.Iterable[Finding]) -> str:
    """All texts and advice, one in each line."""
    return "\n".join(f"{each.state}: {each.text} -> {each.advice}" for each in found)
