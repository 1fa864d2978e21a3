"""
Retry checks, their collection and their runner.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core.transport import (
    RequestCallerInfo,
    RetryCheckCollection,
    RetryCheckFlags,
    RetryCheckResult,
    RetryCheckRunner,
    RetryConfig,
    RetryContext,
    set_retry_check_flags,
)
from globus_core.transport.retry import exponential_backoff

YES, NO, OTHERS = (
    RetryCheckResult.do_retry,
    RetryCheckResult.do_not_retry,
    RetryCheckResult.no_decision,
)


def context(attempt: int = 0) -> RetryContext:
    """An attempt that ended."""
    return RetryContext(attempt, caller_info=RequestCallerInfo(retry_config=RetryConfig()))


def says(result: RetryCheckResult) -> t.Callable[[RetryContext], RetryCheckResult]:
    """A check that always says the same."""
    return lambda ctx: result


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], False),
        ([OTHERS, OTHERS], False),
        ([OTHERS, YES, NO], True),
        ([OTHERS, NO, YES], False),
    ],
)
def test_the_first_check_that_decides_decides(
    answers: list[RetryCheckResult], expected: bool
) -> None:
    """Where none does, there is no retry."""
    runner = RetryCheckRunner([says(answer) for answer in answers])
    assert runner.should_retry(context()) is expected


def test_a_check_that_runs_once_decides_once() -> None:
    """Having no opinion does not use it up."""
    answers = [OTHERS, YES, YES]

    @set_retry_check_flags(RetryCheckFlags.RUN_ONCE)
    def check(ctx: RetryContext) -> RetryCheckResult:
        return answers.pop(0)

    runner = RetryCheckRunner([check])
    assert [runner.should_retry(context(n)) for n in range(4)] == [False, True, False, False]


def test_a_collection_holds_each_check_once_in_order() -> None:
    """It can be used as a decorator, iterated and counted."""
    checks = RetryCheckCollection()
    first, second = says(YES), says(NO)
    assert checks.register_check(first) is first
    checks.register_many_checks([second, first])
    assert (list(checks), len(checks)) == ([first, second], 2)
    same = RetryCheckCollection()
    same.register_many_checks([first, second])
    assert same == checks != RetryCheckCollection()


def test_configs_of_equal_settings_are_equal() -> None:
    """The checks belong to the settings."""
    assert RetryConfig() == RetryConfig()
    assert RetryConfig(max_retries=1) != RetryConfig()
    assert "max_retries=5, max_sleep=10" in repr(RetryConfig())


@pytest.mark.parametrize("attempt", range(6))
def test_the_pause_doubles_with_each_attempt(attempt: int) -> None:
    """Spread by chance; a check's own wish comes first."""
    ctx = context(attempt)
    assert 0.25 * 2**attempt <= exponential_backoff(ctx) <= 0.75 * 2**attempt
    ctx.backoff = 0.0
    assert exponential_backoff(ctx) == 0
