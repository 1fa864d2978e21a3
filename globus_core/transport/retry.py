"""
Retries: the settings, and the checks that decide.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

from globus_core.arguments import check_functions, check_has, check_iterables, check_numbers
from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    from .caller_info import RequestCallerInfo


class RetryContext:
    """
    A finished attempt, as passed to retry checks.

    :param attempt: 0 after the first attempt
    :param caller_info: the caller's side of the request
    :param response: the response, or None where there was none
    :param exception: the exception, or None where there was a response
    :ivar backoff: seconds to wait before the next attempt; None leaves it to the config
    :ivar sent_authorization: the Authorization header that was sent, or None
    """

    __slots__ = (
        "attempt",
        "backoff",
        "caller_info",
        "exception",
        "response",
        "sent_authorization",
    )

    def __init__(
        self,
        attempt: int,
        *,
        caller_info: RequestCallerInfo,
        response: requests.Response | None = None,
        exception: Exception | None = None,
    ) -> None:
        self.attempt = attempt
        self.caller_info = caller_info
        self.response = response
        self.exception = exception
        self.backoff: float | None = None
        self.sent_authorization: str | None = None


class RetryCheckResult(enum.Enum):
    """
    The decision of a check: yes, no, or "ask the others".
    """

    do_retry = enum.auto()
    do_not_retry = enum.auto()
    no_decision = enum.auto()


_NO_DECISION = RetryCheckResult.no_decision  # to look up a member of an enumeration takes longer


class RetryCheckFlags(enum.Flag):
    """
    How a check is to be run.
    """

    NONE = enum.auto()
    #: decides at most once for each request
    RUN_ONCE = enum.auto()


#: the type of a check, which may set ``context.backoff`` to the seconds to wait
RetryCheck = Callable[[RetryContext], RetryCheckResult]

_FLAGS_ATTRIBUTE = "_globus_core_retry_check_flags"


def set_retry_check_flags(flag: RetryCheckFlags) -> Callable[[RetryCheck], RetryCheck]:
    """
    Decorate a check with a flag.

    :param flag: how the check is to be run
    """

    def decorate(check: RetryCheck) -> RetryCheck:
        setattr(check, _FLAGS_ATTRIBUTE, flag)
        return check

    return decorate


def check_flags(check: RetryCheck) -> RetryCheckFlags:
    """
    How a check is to be run.

    :param check: the check
    """
    flags: RetryCheckFlags = getattr(check, _FLAGS_ATTRIBUTE, RetryCheckFlags.NONE)
    return flags


class RetryCheckCollection:
    """
    Checks in the order in which they are asked, each of them once.
    """

    def __init__(self) -> None:
        self._checks: list[RetryCheck] = []

    def register_check(self, func: RetryCheck) -> RetryCheck:
        """
        Add a check at the end; usable as a decorator.

        :param func: the check
        """
        if func not in self._checks:
            self._checks.append(func)
        return func

    def register_many_checks(self, funcs: t.Iterable[RetryCheck]) -> None:
        """
        Add several checks at the end.

        :param funcs: the checks
        """
        for func in funcs:
            self.register_check(func)

    def __iter__(self) -> t.Iterator[RetryCheck]:
        return iter(self._checks)

    def __len__(self) -> int:
        return len(self._checks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RetryCheckCollection) and self._checks == other._checks

    __hash__ = None  # type: ignore[assignment]


class RetryCheckRunner:
    """
    Asks the checks for one request, remembering those that may decide only once.

    :param checks: the checks in order
    """

    def __init__(self, checks: t.Iterable[RetryCheck]) -> None:
        self._checks = list(checks)

    def should_retry(self, context: RetryContext) -> bool:
        """
        Whether the first check that decides says yes.

        :param context: the attempt that ended
        """
        for check in self._checks:
            result = check(context)
            if result is _NO_DECISION:
                continue
            if check_flags(check) & RetryCheckFlags.RUN_ONCE:
                self._checks.remove(check)
            return result is RetryCheckResult.do_retry
        return False


def exponential_backoff(context: RetryContext) -> float:
    """
    Seconds to wait: what a check asked for, else between 0.25 and 0.75, doubled with each attempt.

    :param context: the attempt that ended
    """
    if context.backoff is not None:
        return context.backoff
    import random

    return (0.25 + 0.5 * random.random()) * 2.0**context.attempt  # noqa: S311


class RetryConfig:
    """
    When and how often a request is retried.

    :param max_retries: attempts after the first one
    :param max_sleep: the longest wait between two attempts, in seconds
    :param backoff: from a :class:`RetryContext` to seconds, or None for the default, which
        doubles with each attempt and has random jitter
    :param retry_after_status_codes: statuses whose ``Retry-After`` is respected
    :param transient_error_status_codes: statuses that are retried
    :param expired_authorization_status_codes: statuses for which the token is renewed
    :param checks: checks to ask before the default ones, which a client adds; None for none
    :param max_total: seconds that a call may take with all its attempts and pauses, if that is less
        than the transport's ``total_timeout``; None leaves it to the transport
    :raises GlobusSDKUsageError: if ``max_total`` is not above 0
    """

    # The defaults, which programs read from the class.
    max_retries: int = 5
    max_sleep: float = 10
    backoff: Callable[[RetryContext], float] = exponential_backoff
    retry_after_status_codes: tuple[int, ...] = (429, 503)
    transient_error_status_codes: tuple[int, ...] = (429, 500, 502, 503, 504)
    expired_authorization_status_codes: tuple[int, ...] = (401,)

    def __init__(
        self,
        max_retries: int = max_retries,
        max_sleep: float = max_sleep,
        backoff: Callable[[RetryContext], float] | None = None,
        retry_after_status_codes: tuple[int, ...] = retry_after_status_codes,
        transient_error_status_codes: tuple[int, ...] = transient_error_status_codes,
        expired_authorization_status_codes: tuple[int, ...] = expired_authorization_status_codes,
        checks: RetryCheckCollection | None = None,
        *,
        max_total: float | None = None,
    ) -> None:
        check_numbers(max_retries=max_retries, max_sleep=max_sleep, max_total=max_total)
        check_functions(backoff=backoff)
        if checks is not None:
            check_has(checks, "checks", ("register_check",), "a RetryCheckCollection")
        self.max_retries = max_retries
        self.max_sleep = max_sleep
        self.backoff = exponential_backoff if backoff is None else backoff
        self.retry_after_status_codes = retry_after_status_codes
        check_iterables(
            retry_after_status_codes=retry_after_status_codes,
            transient_error_status_codes=transient_error_status_codes,
            expired_authorization_status_codes=expired_authorization_status_codes,
        )
        self.transient_error_status_codes = transient_error_status_codes
        self.expired_authorization_status_codes = expired_authorization_status_codes
        self.checks = RetryCheckCollection() if checks is None else checks
        self.max_total = _checked_total(max_total)

    def tune(
        self,
        *,
        backoff: Callable[[RetryContext], float] | None = None,
        max_sleep: float | None = None,
        max_retries: int | None = None,
        max_total: float | None = None,
    ) -> Tuned:
        """
        Change settings for a ``with`` block; they are restored when the block ends.

        :param backoff: see the constructor; None leaves it
        :param max_sleep: seconds; None leaves it
        :param max_retries: None leaves it
        :param max_total: seconds; None leaves it
        """
        settings = {
            "backoff": backoff,
            "max_sleep": max_sleep,
            "max_retries": max_retries,
            "max_total": _checked_total(max_total),
        }
        return Tuned(self, {name: value for name, value in settings.items() if value is not None})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RetryConfig) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    @safe_repr
    def __repr__(self) -> str:
        return f"RetryConfig(max_retries={self.max_retries}, max_sleep={self.max_sleep})"


class Tuned:
    """
    Changes attributes of an object for a ``with`` block.

    :param target: the object
    :param changes: attribute to value
    """

    def __init__(self, target: object, changes: dict[str, t.Any]) -> None:
        self._target = target
        self._changes = changes
        self._before: dict[str, t.Any] = {}

    def __enter__(self) -> None:
        self._before = {name: getattr(self._target, name) for name in self._changes}
        for name, value in self._changes.items():
            setattr(self._target, name, value)

    def __exit__(self, *exc_info: object) -> None:
        for name, value in self._before.items():
            setattr(self._target, name, value)


def is_pause(seconds: object) -> bool:
    """
    Whether a value is a time to wait.

    :param seconds: what a check or a backoff function said
    """
    return isinstance(seconds, (int, float)) and seconds >= 0


def _checked_total(seconds: float | None) -> float | None:
    if seconds is None or seconds > 0:
        return seconds
    from globus_core.exc.base import GlobusSDKUsageError

    raise GlobusSDKUsageError(f"max_total must be seconds above 0, or None, not {seconds!r}")
