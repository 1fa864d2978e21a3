"""
Retry checks that plugins contribute.
"""

from __future__ import annotations

from globus_core import compose
from globus_core.hookspecs import globus_retry_checks
from globus_core.plugins import current_manager

from .retry import RetryCheckResult, RetryContext, check_flags, is_pause, set_retry_check_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .retry import RetryCheck


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
    """The check; what it does against its contract is reported, and the others are asked."""

    @set_retry_check_flags(check_flags(check))
    def guarded(context: RetryContext) -> RetryCheckResult:
        before = {name: getattr(context, name, None) for name in RetryContext.__slots__}
        try:
            result = check(context)
            problem: BaseException | str | None = _broken(result, context, before)
        except BaseException as error:  # the boundary to foreign code
            compose.raise_interrupt(error)
            problem, result = error, RetryCheckResult.no_decision
        if problem is None:
            return result
        for name, value in before.items():
            setattr(context, name, value)
        compose.report(plugin, globus_retry_checks, problem)
        return RetryCheckResult.no_decision

    return guarded


def _broken(result: object, context: RetryContext, before: dict[str, t.Any]) -> str | None:
    """How a check has broken its contract, or None."""
    if not isinstance(result, RetryCheckResult):
        return f"a check must return a RetryCheckResult, not {type(result).__name__}"
    for name, value in before.items():
        if name != "backoff" and getattr(context, name) is not value:
            return f"a check must not change {name!r} of the context"
    pause = context.backoff
    if pause is not None and not is_pause(pause):
        return f"the backoff must be seconds, 0 or more, not {pause!r:.80}"
    return None
