"""Every hook is described and tested."""

from __future__ import annotations

import inspect
import re

import pytest

from globus_core import hookspecs
from tests.layout.house import ROOT

HOOKS = hookspecs.hook_names()


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_has_its_contract_as_docstring(hook: str) -> None:
    """A summary, what to return, and every argument, all of them typed."""
    function = getattr(hookspecs, hook)
    doc = inspect.getdoc(function) or ""
    signature = inspect.signature(function)

    assert doc.splitlines()[0].endswith(".")
    assert re.findall(r":param (\w+):", doc) == list(signature.parameters)
    assert signature.return_annotation is not signature.empty
    assert all(p.annotation is not p.empty for p in signature.parameters.values())
    if signature.return_annotation != "None":
        assert re.search(r"\b[Rr]eturn|A value is|The object offered", doc)


def test_every_function_of_the_module_is_a_hook() -> None:
    """But for those that list them; a forgotten marker would make a hook nobody can use."""
    functions = {
        name
        for name, value in vars(hookspecs).items()
        if inspect.isfunction(value) and value.__module__ == hookspecs.__name__
    }

    assert functions == {*HOOKS, "hook_names", "deprecated_hooks"}


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_has_a_test(hook: str) -> None:
    """A test function that bears its name, or says it in its docstring."""
    named = re.compile(rf'def test_\w*{hook}|""".*\b{hook}\b.*"""')
    files = list((ROOT / "tests" / "unit").rglob("test_*.py"))

    assert any(named.search(path.read_text(encoding="utf-8")) for path in files)
