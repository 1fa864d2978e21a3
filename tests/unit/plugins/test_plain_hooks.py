"""Hook functions that plainly match: ordered and called as pluggy would, without importing it."""

from __future__ import annotations

import functools
import inspect
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import hookimpl, hookspecs
from globus_core.plugins.hooks import HookTable
from globus_core.plugins.loading import examine
from globus_core.plugins.records import PluginRecord
from tests.layout.test_import_budget import loaded

HOOK = "globus_resolve_identities"
MARKS = st.lists(st.sampled_from([{}, {"tryfirst": True}, {"trylast": True}]), max_size=7)


def record_with(name: str, function: t.Callable[..., t.Any]) -> PluginRecord:
    """A loaded plugin with one function."""
    record = PluginRecord(name, "<object>")
    examine(record, type("Plugin", (), {HOOK: staticmethod(function)})())
    assert record.state == "loaded"
    return record


def numbered(marks: t.Iterable[dict[str, bool]]) -> list[PluginRecord]:
    """Plugins, each of which answers with its number."""

    def answering(number: int) -> t.Callable[..., t.Any]:
        def answer(keys: tuple[str, ...]) -> dict[str, t.Any]:
            return dict.fromkeys(keys, number)

        return answer

    return [
        record_with(str(number), hookimpl(specname=HOOK, **mark)(answering(number)))
        for number, mark in enumerate(marks)
    ]


def collecting(**arguments: t.Any) -> None:
    """A function that only pluggy can judge."""


@given(MARKS)
def test_the_order_is_that_of_pluggy(marks: list[dict[str, bool]]) -> None:
    """Whatever is marked ``tryfirst`` or ``trylast``."""
    judged = record_with("judged", hookimpl(specname=HOOK)(collecting))
    without_pluggy = HookTable(numbered(marks))
    with_pluggy = HookTable([*numbered(marks), judged])

    expected = [i.plugin for i in with_pluggy.implementations(HOOK) if i.plugin != "judged"]
    assert [i.plugin for i in without_pluggy.implementations(HOOK)] == expected
    assert [i(keys=("a",))["a"] for i in without_pluggy.implementations(HOOK)] == [
        *map(int, expected)
    ]


@pytest.mark.parametrize("hook", hookspecs.hook_names())
def test_a_specification_has_plain_arguments(hook: str) -> None:
    """None has a default, or a plugin's function could not be compared at first sight."""
    parameters = inspect.signature(getattr(hookspecs, hook)).parameters.values()

    assert {(p.kind, p.default) for p in parameters} <= {
        (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.empty)
    }


def test_a_function_may_leave_out_arguments() -> None:
    """Then it is called with those that it takes."""
    record = record_with("short", hookimpl(specname=HOOK)(lambda: {"a": 1}))

    [implementation] = HookTable([record]).implementations(HOOK)

    assert implementation(keys=("a",)) == {"a": 1}


def test_a_wrapped_function_is_judged_by_what_it_wraps() -> None:
    """As ``inspect.signature`` says, not by the wrapper's own arguments."""

    def wrapped(keys: t.Any, more: t.Any) -> None: ...

    @functools.wraps(wrapped)
    def wrapper(keys: t.Any) -> None: ...

    record = record_with("wrapped", hookimpl(specname=HOOK)(wrapper))
    HookTable([record])

    assert record.reason is not None
    assert "has no argument 'more'" in record.reason


def test_the_default_plugins_need_no_pluggy() -> None:
    """Nor what it imports."""
    program = (
        "from globus_core import compose, hookspecs\n"
        "assert 'login' in compose.merged(hookspecs.globus_cli_commands)"
    )
    assert not {"pluggy", "inspect", "typing"} & loaded(program)
