"""
The request path has every name of globus-sdk 4.9, and takes every call that it takes.

``request_path.json`` lists names, parameters (``=`` marks one with a default) and attributes.
"""

from __future__ import annotations

import inspect
import json
import pathlib
import typing as t
from importlib import import_module

import pytest

ITEMS: list[dict[str, t.Any]] = json.loads(
    pathlib.Path(__file__).with_name("request_path.json").read_text("utf-8")
)
CLASSES = [item for item in ITEMS if item["kind"] == "class"]
FUNCTIONS = [item for item in ITEMS if item["kind"] == "function"]

#: attributes that exist on instances only, which other tests look at
INSTANCE_ATTRIBUTES = {
    "access_token",
    "app_name",
    "backoff",
    "checks",
    "code",
    "expired_authorization_status_codes",
    "header_val",
    "headers",
    "http_status",
    "iter_key",
    "max_retries",
    "max_sleep",
    "message",
    "retry_after_status_codes",
    "transient_error_status_codes",
}


def _label(item: dict[str, t.Any]) -> str:
    return str(item["name"])


def _object(item: dict[str, t.Any]) -> t.Any:
    return getattr(import_module(item["in"][0]), item["name"])


def _binds(function: t.Callable[..., t.Any], params: list[str], *, bound: bool) -> None:
    """Bind each call that the listed signature allows: all by position, all by keyword."""
    signature = inspect.signature(function)
    values = [] if bound else ["self"]
    before, keyword_only = params, []
    if "*" in params:
        cut = params.index("*")
        before, keyword_only = params[:cut], params[cut + 1 :]
    before = [name for name in before if name != "/" and not name.startswith("*")]
    names = [name.rstrip("=") for name in before]
    keywords = {name.rstrip("="): None for name in keyword_only if not name.startswith("*")}
    signature.bind(*values, *names, **keywords)
    signature.bind(*values, **dict.fromkeys(names), **keywords)
    required = [name for name in before if not name.endswith("=")]
    needed = {
        name: None for name in keyword_only if not name.endswith("=") and not name.startswith("*")
    }
    signature.bind(*values, *required, **needed)


@pytest.mark.parametrize("item", ITEMS, ids=_label)
def test_every_name_is_where_it_was(item: dict[str, t.Any]) -> None:
    """A name is the same object in each namespace that it is importable from."""
    found = [getattr(import_module(namespace), item["name"]) for namespace in item["in"]]
    assert all(value is found[0] for value in found)


@pytest.mark.parametrize("item", CLASSES, ids=_label)
def test_every_constructor_takes_the_same_calls(item: dict[str, t.Any]) -> None:
    """Parameters have their names and places."""
    cls = _object(item)
    if issubclass(cls, Warning) or not item["params"]:
        return
    _binds(cls, item["params"], bound=True)


@pytest.mark.parametrize(
    ("item", "method"),
    [(item, method) for item in CLASSES for method in item["methods"]],
    ids=lambda value: value if isinstance(value, str) else _label(value),
)
def test_every_method_takes_the_same_calls(item: dict[str, t.Any], method: str) -> None:
    """Methods are there, and their parameters have their names and places."""
    cls = _object(item)
    function = getattr(cls, method)
    if method.startswith("__"):
        return
    bound = isinstance(inspect.getattr_static(cls, method), (classmethod, staticmethod))
    _binds(function, item["methods"][method], bound=bound)


@pytest.mark.parametrize("item", CLASSES, ids=_label)
def test_every_attribute_is_there(item: dict[str, t.Any]) -> None:
    """Attributes of the class, and those that instances get."""
    cls = _object(item)
    annotated = {name for base in cls.__mro__ for name in vars(base).get("__annotations__", {})}
    missing = [
        name
        for name in item["attributes"]
        if not hasattr(cls, name) and name not in annotated | INSTANCE_ATTRIBUTES
    ]
    assert missing == []


@pytest.mark.parametrize("item", FUNCTIONS, ids=_label)
def test_every_function_takes_the_same_calls(item: dict[str, t.Any]) -> None:
    """Parameters have their names and places."""
    _binds(_object(item), item["params"], bound=True)
