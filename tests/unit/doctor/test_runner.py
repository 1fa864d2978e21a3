"""
Checks of plugins: what they find, and that none keeps the others from running.
"""

from __future__ import annotations

import contextlib
import threading
import typing as t
import warnings

import click
import pytest

from globus_core import hookimpl
from globus_core.exc import GlobusError
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.token_storage import UnlockedStorageWarning
from globus_core_doctor.examined import Examined
from globus_core_doctor.runner import CheckResult, run_checks
from tests.unit.doctor.reports import no_app

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core.cli import DoctorReport

LONG = 60.0


class Checks:
    """
    A plugin with checks.

    :param offered: the checks, or references to them, by name
    """

    def __init__(self, **offered: t.Any) -> None:
        self._offered = offered

    @hookimpl
    def globus_doctor_checks(self) -> dict[str, t.Any]:
        """Offer them, by ``globus_doctor_checks``."""
        return self._offered


@pytest.fixture
def alone() -> Iterator[PluginManager]:
    """A manager without the default plugins."""
    manager = PluginManager(None)
    before = set_plugin_manager(manager)
    yield manager
    set_plugin_manager(before)


def run(manager: PluginManager, deadline: float = LONG, **checks: t.Any) -> dict[str, CheckResult]:
    """The results of checks that a plugin offers, by name."""
    manager.register(Checks(**checks), "campus")
    return {result.name: result for result in run_checks(Examined(no_app), deadline)}


def told(result: CheckResult) -> list[tuple[str, str, str | None]]:
    """The findings of a check."""
    return [(found.state, found.text, found.advice) for found in result.findings]


def good(report: DoctorReport) -> None:
    """A check that finds nothing wrong."""
    report.ok("all is well")


def test_a_check_reports_lines_in_four_states(alone: PluginManager) -> None:
    """`globus_doctor_checks` offers it; the lines keep their order, and name the plugin."""

    def check(report: DoctorReport) -> None:
        report.ok("up")
        report.note("slow", "wait")
        report.skip("the other one")
        report.problem("down", "start it")

    result = run(alone, vpn=check)["vpn"]

    assert told(result) == [
        ("ok", "up", None),
        ("note", "slow", "wait"),
        ("skipped", "the other one", None),
        ("problem", "down", "start it"),
    ]
    assert result.plugin.name == "campus"
    assert result.seconds >= 0


def test_a_check_that_hangs_is_a_problem_and_the_next_one_runs(alone: PluginManager) -> None:
    """What it had found is kept, it says where it hangs, and later lines are left out."""
    end, ended = threading.Event(), threading.Event()

    def hangs(report: DoctorReport) -> None:
        report.ok("before")
        report.doing("asking vpn.example.edu")
        end.wait(LONG)
        report.ok("after")
        ended.set()

    try:
        # the deadline is short for the one that hangs only: the other is done at once
        alone.register(Checks(hangs=hangs), "hanging")
        results = run_checks(Examined(no_app), 0.05)
        hung = next(results)
    finally:
        end.set()
    assert ended.wait(LONG)
    assert [state for state, *_ in told(hung)] == ["ok", "problem"]
    assert hung.findings[1].text == ("no result within 0.05 seconds while asking vpn.example.edu")
    assert "--deadline" in str(hung.findings[1].advice)
    del results


@pytest.mark.parametrize(
    "error",
    [ValueError("broken"), SystemExit(3), KeyboardInterrupt("broken"), AssertionError()],
    ids=lambda error: type(error).__name__,
)
def test_a_check_that_raises_is_a_problem_and_the_next_one_runs(
    alone: PluginManager, error: BaseException
) -> None:
    """Whatever it raises: the exception is named."""

    def fails(report: DoctorReport) -> None:
        report.ok("before")
        raise error

    results = run(alone, fails=fails, good=good)

    assert [state for state, *_ in told(results["fails"])] == ["ok", "problem"]
    assert type(error).__name__ in results["fails"].findings[1].text
    assert told(results["good"]) == [("ok", "all is well", None)]


def test_the_text_of_an_exception_may_be_broken_too(alone: PluginManager) -> None:
    """An exception whose text cannot be made is still reported."""

    class NastyError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no")

    def fails(report: DoctorReport) -> None:
        raise NastyError

    (finding,) = run(alone, fails=fails)["fails"].findings
    assert finding.text == "the check fails: NastyError: (no text)"


def test_an_error_of_ours_is_a_problem_with_its_advice(alone: PluginManager) -> None:
    """The check need not catch it."""
    error = GlobusError("the vault is locked")
    error.advice = "unlock it"

    def fails(report: DoctorReport) -> None:
        raise error

    assert told(run(alone, fails=fails)["fails"]) == [
        ("problem", "the vault is locked", "unlock it")
    ]


def test_the_same_failure_is_reported_once(alone: PluginManager) -> None:
    """Checks that need the app fail for the same reason; the first one says it."""

    def needs_app(report: DoctorReport) -> None:
        report.app()

    results = run(alone, first=needs_app, second=needs_app)

    assert told(results["first"]) == [("skipped", "a client id is required", None)]
    assert told(results["second"]) == [
        ("skipped", "not tried, for the reason that stands above", None)
    ]


@pytest.mark.parametrize("offered", ["no_such_module_anywhere:check", "json:no_such_name", 5])
def test_an_offer_that_is_no_check_is_a_problem(alone: PluginManager, offered: object) -> None:
    """A reference that leads nowhere, and something that cannot be called."""
    results = run(alone, wrong=offered, good=good)

    assert [state for state, *_ in told(results["wrong"])] == ["problem"]
    assert told(results["good"]) == [("ok", "all is well", None)]


def test_a_warning_of_ours_during_a_check_is_a_problem(alone: PluginManager) -> None:
    """It is about this machine; those of other libraries are not shown."""

    def warns(report: DoctorReport) -> None:
        warnings.warn("no locks here", UnlockedStorageWarning, stacklevel=1)
        warnings.warn("old", DeprecationWarning, stacklevel=1)

    assert [text for _, text, _ in told(run(alone, warns=warns)["warns"])] == ["no locks here"]


def test_a_flood_of_lines_is_cut(alone: PluginManager) -> None:
    """A check that reports without end fills neither memory nor the screen."""

    def floods(report: DoctorReport) -> None:
        for number in range(100_000):
            report.note(f"line {number} " + "x" * 5000)

    findings = run(alone, floods=floods)["floods"].findings
    assert len(findings) == 100
    assert max(len(finding.text) for finding in findings) < 1100


def test_a_line_cannot_pass_for_another_one(alone: PluginManager) -> None:
    """Line breaks and escape sequences of what a check read are shown as such."""

    def forges(report: DoctorReport) -> None:
        report.note("name\nPROBLEM \x1b[31mred")

    (finding,) = run(alone, forges=forges)["forges"].findings
    assert finding.text == "name\\nPROBLEM \\x1b[31mred"


def test_a_click_error_says_what_is_missing(alone: PluginManager) -> None:
    """An option that is missing is no fault of the machine."""

    def fails(report: DoctorReport) -> None:
        raise click.UsageError("name a client")

    assert told(run(alone, fails=fails)["fails"]) == [("skipped", "name a client", None)]


def test_an_app_that_is_never_made_holds_up_one_check_only() -> None:
    """As on a network disk that does not answer; the next check says so at once."""
    begun, end = threading.Event(), threading.Event()

    def hangs() -> t.NoReturn:
        begun.set()
        end.wait(LONG)
        raise GlobusError("too late")

    examined = Examined(hangs)

    def first_check() -> None:
        with contextlib.suppress(GlobusError):
            examined.app()

    thread = threading.Thread(target=first_check, daemon=True)
    thread.start()
    try:
        assert begun.wait(LONG)
        with pytest.raises(click.ClickException, match="the token storage does not answer"):
            examined.app()
    finally:
        end.set()
        thread.join()
