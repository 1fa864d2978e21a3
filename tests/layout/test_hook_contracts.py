"""Every hook is described, with an example that works, and tested."""

from __future__ import annotations

import inspect
import re
import textwrap
import types
import typing as t

import pytest

from globus_core import hookspecs
from globus_core.events import RequestEvent, ResponseEvent, StepEndEvent, StepEvent, TokenEvent
from globus_core.identities import Identity
from globus_core.plugins import PluginManager
from globus_core.resource_server import Caller
from globus_core.testing import make_error
from tests.layout.house import ROOT

HOOKS = hookspecs.hook_names()

_REQUEST = RequestEvent("GET", "https://service.example.org/", 0, None)
_DANA = Identity({"id": "48e2f7b1-d03a-4956-9cb8-3e1a7d5f0624", "username": "dana@example.edu"})
_ADA = {
    "sub": "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413",
    "username": "ada@example.org",
    "scope": "x",
    "exp": 1,
}
#: what the examples are called with, by hook: arguments that the example is about
_ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "globus_normalize_identity": {"key": "dana"},
    "globus_resolve_identities": {"keys": ("dana@example.edu", "nobody@example.edu")},
    "globus_enrich_identity": {"identity": _DANA},
    "globus_translate_error": {"error": make_error({"message": "campus firewall"})},
    "globus_check_caller": {"caller": Caller(_ADA, 0.0), "service": "a-service"},
    "globus_before_request": {"event": _REQUEST},
    "globus_after_response": {
        "event": ResponseEvent(_REQUEST, status=200, error=None, seconds=0.1)
    },
    "globus_before_step": {"event": StepEvent("login")},
    "globus_after_step": {"event": StepEndEvent(StepEvent("login"), error=None, seconds=0.1)},
    "globus_token_event": {"event": TokenEvent("issued", resource_server="service")},
}


def contract(hook: str) -> str:
    """The docstring of a hook."""
    return inspect.getdoc(getattr(hookspecs, hook)) or ""


def example(hook: str) -> str:
    """The source of the example in a hook's docstring."""
    indented = re.search(r"^Example::\n\n(.+?)(?=^:)", contract(hook), re.M | re.S)
    assert indented is not None, f"{hook} has no example"
    return textwrap.dedent(indented[1])


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_has_its_contract_as_docstring(hook: str) -> None:
    """A summary, when it is called, every argument, what to return, and what None means."""
    doc = contract(hook)
    signature = inspect.signature(getattr(hookspecs, hook))
    summary, _, when = doc.splitlines()[:3]
    answer = re.search(r"^:return: (.+)\Z", doc, re.M | re.S)

    assert summary.endswith(".")
    assert when.startswith("Called ")
    assert re.findall(r":param (\w+):", doc) == list(signature.parameters)
    assert signature.return_annotation is not signature.empty
    assert all(p.annotation is not p.empty for p in signature.parameters.values())
    assert answer is not None
    assert re.search(r"\bNone\b", answer[1])


@pytest.mark.parametrize("hook", HOOKS)
def test_the_example_of_a_hook_is_a_plugin(hook: str) -> None:
    """It is registered as it stands, takes the hook's arguments, and answers what it should."""
    plugin = types.ModuleType("fake_example")
    exec(f"from globus_core import CommandReference, hookimpl\n{example(hook)}", vars(plugin))
    manager = PluginManager(None, strict=True)

    record = manager.register(plugin, "example")

    assert record.hooks == (hook,)
    specified = inspect.signature(getattr(hookspecs, hook))
    assert list(inspect.signature(getattr(plugin, hook)).parameters) == list(specified.parameters)
    (implementation,) = manager.implementations(hook)
    answer = implementation(**_ARGUMENTS.get(hook, {}))
    assert (answer is None) == (specified.return_annotation == "None")


def test_the_reference_is_generated_from_the_module() -> None:
    """The page has the directive and no second text that could differ."""
    page = (ROOT / "docs" / "reference" / "hooks.md").read_text(encoding="utf-8")

    assert "```{hooks}\n```" in page
    assert [hook for hook in HOOKS if f"def {hook}" in page] == []


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
