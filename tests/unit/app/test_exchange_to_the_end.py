"""The tokens of a code are kept, though the login that waits for them is cancelled."""

from __future__ import annotations

import typing as t

import pytest

from globus_core import waiting
from globus_core.login_flows.exchange import exchange_to_the_end, keeping


class Cancelled(BaseException):
    """What a task is told that is cancelled."""


class Cancelling(waiting.Waiter):
    """
    A way of waiting whose tasks are cancelled.

    :param ended: whether what they wait for has ended by then; else it ends later
    """

    def __init__(self, *, ended: bool) -> None:
        self.ended = ended
        self.later: list[t.Callable[..., t.Any]] = []

    def to_the_end(self, function: t.Callable[..., t.Any], *args: t.Any) -> t.Any:
        """Cancel the caller."""
        if self.ended:
            function(*args)
        else:
            self.later.append(function)
        raise Cancelled


@pytest.mark.parametrize("ended", [True, False])
def test_tokens_are_kept_that_nobody_waits_for(ended: bool) -> None:
    """Whether they had come when the login was cancelled, or come later."""
    kept: list[str] = []
    cancelling = Cancelling(ended=ended)
    with waiting.use(cancelling), keeping(kept.append), pytest.raises(Cancelled):
        exchange_to_the_end(str.upper, "code")
    assert kept == (["CODE"] if ended else [])
    for function in cancelling.later:
        function()
    assert kept == ["CODE"]


def test_tokens_that_are_waited_for_are_left_to_the_login() -> None:
    """It may refuse them yet."""
    kept: list[str] = []
    with keeping(kept.append):
        assert exchange_to_the_end(str.upper, "code") == "CODE"
    assert kept == []


def test_a_program_without_a_login_exchanges_codes_as_ever() -> None:
    """Nobody would have the tokens of an exchange that goes on."""
    with waiting.use(Cancelling(ended=True)):
        assert exchange_to_the_end(str.upper, "code") == "CODE"


def test_a_refused_code_keeps_nothing() -> None:
    """Its error reaches the login."""
    kept: list[str] = []
    with keeping(kept.append), pytest.raises(ZeroDivisionError):
        exchange_to_the_end(divmod, 1, 0)
    assert kept == []
