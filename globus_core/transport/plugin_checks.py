"""
Retry checks that plugins contribute.
"""

from __future__ import annotations

from globus_core import compose
from globus_core.hookspecs import globus_retry_checks
from globus_core.plugins import current_manager

from .retry import RetryCheckResult, check_flags, set_retry_check_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .retry import RetryCheck, RetryContext


class PluginChecks:
    """
    The checks of all plugins for one client; collected again only when plugins change.
    """

    def __init__(self) -> None:
        self._known: tuple[object, list[RetryCheck]] = (None, [])

    def get(self) -> list[RetryCheck]:
        """
        The checks in order.
        """
        generation, checks = self._known
        if generation is current_manager.generation:
            return checks
        generation, checks = current_manager.generation, _collected()
        if current_manager.get_plugin_manager().is_resolved(globus_retry_checks.__name__):
            self._known = (generation, checks)
        return checks


def _collected() -> list[RetryCheck]:
    found: list[RetryCheck] = []
    for plugin, checks in compose.each(globus_retry_checks):
        try:
            found.extend([_guarded(plugin, check) for check in checks])
        except BaseException as error:  # the plugin returned it
            compose.raise_interrupt(error)
            compose.report(plugin, globus_retry_checks, error)
    return found


def _guarded(plugin: str, check: RetryCheck) -> RetryCheck:
    """The check; if it raises, that is reported and the others are asked."""

    @set_retry_check_flags(check_flags(check))
    def guarded(context: RetryContext) -> RetryCheckResult:
        try:
            return check(context)
        except BaseException as error:  # the boundary to foreign code
            compose.raise_interrupt(error)
            compose.report(plugin, globus_retry_checks, error)
            return RetryCheckResult.no_decision

    return guarded
