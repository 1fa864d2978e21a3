"""
Longer work that observers can follow.
"""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from globus_core import hookimpl
from globus_core.plugins import PluginManager
from globus_core.steps import Step, renewal_lock
from globus_core.token_storage import MemoryTokenStorage

if t.TYPE_CHECKING:
    from globus_core.events import StepEndEvent, StepEvent


class Watcher:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[t.Any] = []

    @hookimpl
    def globus_before_step(self, event: StepEvent) -> None:
        self.told.append(event)

    @hookimpl
    def globus_after_step(self, event: StepEndEvent) -> None:
        self.told.append(event)


@pytest.fixture
def told(globus_plugins: PluginManager) -> list[t.Any]:
    """What a plugin is told."""
    watcher = Watcher()
    globus_plugins.register(watcher, "watcher")
    return watcher.told


def test_a_step_is_told_to_globus_before_step_and_globus_after_step(told: list[t.Any]) -> None:
    """The second event has the first, and how long it took."""
    with Step("login", client_id="a-client", namespace="portal"):
        (begun,) = told
        assert (begun.kind, begun.client_id, begun.namespace) == ("login", "a-client", "portal")
    (_, ended) = told
    assert ended.step is begun
    assert ended.error is None
    assert ended.seconds >= 0


def test_an_exception_that_ends_a_step_is_named(told: list[t.Any]) -> None:
    """By its class only, since its text may hold anything."""
    with contextlib.suppress(ValueError), Step("look_up", count=3):
        raise ValueError("a secret")
    assert told[1].error == "ValueError"
    assert "a secret" not in repr(told)


def test_a_step_ends_once(told: list[t.Any]) -> None:
    """Also if it ends before its block does."""
    with Step("login") as step:
        step.end()
        step.end()
    assert len(told) == 2


def test_the_wait_for_a_lock_ends_when_the_lock_is_held(told: list[t.Any]) -> None:
    """What is done under the lock is not part of it."""
    with renewal_lock(MemoryTokenStorage(), "a.example.org"):
        assert [type(event).__name__ for event in told] == ["StepEvent", "StepEndEvent"]
        assert told[0].kind == "lock_wait"
    assert len(told) == 2
