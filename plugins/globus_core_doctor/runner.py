"""
Running the checks, each in a thread of its own and with a deadline.

A check may be a plugin's: it can raise anything, hang, or end the thread. What it had reported
before counts all the same.
"""

from __future__ import annotations

import threading
import time
import warnings
from typing import NamedTuple

import click

from globus_core import compose, hookspecs, waiting
from globus_core.exc import GlobusError, PluginUnavailableError
from globus_core.plugins import PluginWarning, get_plugin_manager

from .report import DoctorReport, Finding, in_two

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.plugins import PluginRecord

    from .examined import Examined

    Check = t.Callable[[DoctorReport], object]

_FAULTY = "'globus-core plugins' says where the check is from; its authors want to know"


class CheckResult(NamedTuple):
    """
    What one check has found.

    :ivar name: the name of the check
    :ivar plugin: the plugin that it is from
    :ivar seconds: how long it took
    :ivar findings: its lines
    """

    name: str
    plugin: PluginRecord
    seconds: float
    findings: t.Sequence[Finding]


def run_checks(examined: Examined, deadline: float) -> t.Iterator[CheckResult]:
    """
    Run all checks one after the other, and give the result of each when it is there.

    :param examined: what the checks share
    :param deadline: the seconds that each may take
    """
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        failures: list[BaseException] = []
        for name, (plugin, offered) in compose.offers(hookspecs.globus_doctor_checks).items():
            del warned[:]
            run = _Run(offered, plugin, DoctorReport(examined), failures)
            started = time.monotonic()
            run.start()
            ended = waiting.wait(run.ended, deadline)
            for warning in _ours(warned):
                run.report.problem(*in_two(warning))
            findings = run.report.close(None if ended else deadline)
            yield CheckResult(name, plugin, time.monotonic() - started, findings)


class _Run:
    """
    One check in its thread.

    :param offered: the check, or a reference to it
    :param plugin: the plugin that it is from
    :param report: what it reports to
    :param failures: the exceptions that have been reported so far
    """

    def __init__(
        self,
        offered: object,
        plugin: PluginRecord,
        report: DoctorReport,
        failures: list[BaseException],
    ) -> None:
        self.ended = threading.Event()
        self.report = report
        self._offered = offered
        self._plugin = plugin
        self._failures = failures

    def start(self) -> None:
        """Start the thread; it is not waited for when the program ends."""
        try:
            threading.Thread(target=self._run, name="globus-doctor", daemon=True).start()
        except RuntimeError:  # no more threads
            self._run()

    def _run(self) -> None:
        try:
            check = self._check()
        except BaseException as error:  # foreign code
            self.report.problem(f"the check cannot be used: {_text_of(error)}", _FAULTY)
        else:
            self._call(check)
        self.ended.set()

    def _call(self, check: Check) -> None:
        try:
            check(self.report)
        except BaseException as error:  # as above
            self._failed(error)

    def _check(self) -> Check:
        offered = self._offered
        if isinstance(offered, str):
            offered = get_plugin_manager().resolve(self._plugin, offered)
        if not callable(offered):
            raise TypeError(f"a check is a function, not {type(offered).__name__}")
        return offered

    def _failed(self, error: BaseException) -> None:
        if any(error is earlier for earlier in self._failures):
            self.report.skip("not tried, for the reason that stands above")
            return
        self._failures.append(error)
        if isinstance(error, click.ClickException):  # an option is missing
            self.report.skip(error.format_message())
        elif isinstance(error, PluginUnavailableError):  # the check of plugins says more
            self.report.skip(f"not tried: {error}")
        elif isinstance(error, GlobusError):
            self.report.problem_of(error)
        else:
            text = f"the check fails: {type(error).__name__}: {_text_of(error)}"
            self.report.problem(text, _FAULTY)


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # its class is a plugin's
        return "(no text)"


def _ours(warned: t.Iterable[warnings.WarningMessage]) -> t.Iterator[str]:
    """The texts of warnings from this SDK and its plugins; those on plugins have their check."""
    for warning in warned:
        kind = warning.category
        if kind.__module__.partition(".")[0].startswith("globus_core") and not issubclass(
            kind, PluginWarning
        ):
            yield str(warning.message)
