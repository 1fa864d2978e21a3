"""
Every public name of globus-sdk 4.10 is here, and takes every call that it takes.

``public_names.json`` lists names, where they are imported from, base classes, parameters with
their defaults, attributes and methods. Services other than Auth are left out.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import json
import pathlib
import typing as t
from importlib import import_module

import pytest

from globus_core import MISSING
from globus_core.scopes import GCSCollectionScopes, GCSEndpointScopes
from globus_core.scopes.consents import ConsentForest
from globus_core.transport import RetryConfig
from tests.parity.side import consent

ITEMS: list[dict[str, t.Any]] = json.loads(
    pathlib.Path(__file__).with_name("public_names.json").read_text("utf-8")
)
PUBLIC = {item["name"]: item["in"][0] for item in ITEMS}

#: instances of classes whose attributes a class does not show
INSTANCES: dict[str, t.Callable[[], t.Any]] = {
    "ConsentTree": lambda: ConsentForest([consent(1, [1], "a")]).trees[0],
    "GCSCollectionScopes": lambda: GCSCollectionScopes("a-collection"),
    "GCSEndpointScopes": lambda: GCSEndpointScopes("an-endpoint"),
    "RetryConfig": RetryConfig,
}


def _label(item: dict[str, t.Any]) -> str:
    return f"{item['in'][0]}.{item['name']}"


class _Listed(t.NamedTuple):
    """A parameter as it is listed: ``name`` or ``name=default``."""

    name: str
    default: str | None
    keyword_only: bool


def _listed(params: list[str]) -> list[_Listed]:
    keyword_only, found = False, []
    for param in params:
        if param.startswith("*"):
            keyword_only = True
            continue
        name, equals, default = param.partition("=")
        found.append(_Listed(name, default if equals else None, keyword_only))
    return found


def _call_faults(function: t.Callable[..., t.Any], params: list[str], *, bound: bool) -> list[str]:
    """What keeps a call that the listed signature allows from being taken as it was."""
    try:
        signature = inspect.signature(function)
    except ValueError:  # C code, such as exceptions, takes anything
        return []
    values = [] if bound else ["self"]
    listed = _listed(params)
    faults = []
    places = [param.name for param in listed if not param.keyword_only]
    keywords = {param.name: None for param in listed if param.keyword_only}
    needed = {param.name: None for param in listed if param.default is None}
    for positional, named in (
        (places, keywords),  # all by position
        ([], {**dict.fromkeys(places), **keywords}),  # all by keyword
        ([], needed),  # as few as possible
    ):
        try:
            taken = signature.bind(*values, *positional, **named).arguments
        except TypeError as error:
            faults.append(f"({', '.join([*positional, *named])}): {error}")
            continue
        faults += [f"{name}: another place" for name in positional if taken.get(name) != name]
    return faults + [fault for param in listed for fault in _default_faults(signature, param)]


def _default_faults(signature: inspect.Signature, param: _Listed) -> list[str]:
    """A default that is a plain value has stayed; what stands in angle brackets is an object."""
    ours = signature.parameters.get(param.name)
    if ours is None or param.default is None or param.default.startswith("<"):
        return []
    expected = MISSING if param.default == "MISSING" else ast.literal_eval(param.default)
    if param.name == "query_params" and expected is MISSING:
        expected = None  # both leave it out
    same = ours.default is expected or ours.default == expected
    return [] if same else [f"{param.name}: the default is {ours.default!r}, not {expected!r}"]


def _place_faults(item: dict[str, t.Any], found: t.Any) -> list[str]:
    """A name is the same object in each namespace that it is importable from."""
    others = [getattr(import_module(namespace), item["name"]) for namespace in item["in"][1:]]
    return [f"in {item['in']}: not one object" for other in others if other is not found]


def _base_faults(cls: t.Any, bases: list[str]) -> list[str]:
    """``isinstance`` and ``except`` with a public base class, or a built-in one, still match."""
    faults = []
    for name in bases:
        space = import_module(PUBLIC[name]) if name in PUBLIC else builtins
        if hasattr(space, name) and not issubclass(cls, getattr(space, name)):
            faults.append(f"no {name}")
    return faults


def _method_faults(cls: t.Any, name: str, params: list[str]) -> list[str]:
    if not hasattr(cls, name):
        return _attribute_faults(cls, name)
    if name.startswith("__"):
        return []
    bound = isinstance(inspect.getattr_static(cls, name), (classmethod, staticmethod))
    return _call_faults(getattr(cls, name), params, bound=bound)


def _attribute_faults(cls: t.Any, name: str) -> list[str]:
    """An attribute is there on the class, declared by it, or there on an instance."""
    declared = {each for base in cls.__mro__ for each in vars(base).get("__annotations__", {})}
    if hasattr(cls, name) or name in declared:
        return []
    make = INSTANCES.get(cls.__name__)
    return [] if make is not None and hasattr(make(), name) else ["missing"]


def faults_of(item: dict[str, t.Any]) -> dict[str, list[str]]:
    """
    What a program for globus-sdk would miss, by what it concerns: the name itself or a member.

    :param item: what is listed of the name
    """
    try:
        found = getattr(import_module(item["in"][0]), item["name"])
        faults = {item["name"]: _place_faults(item, found)}
    except (ImportError, AttributeError) as error:
        return {item["name"]: [str(error)]}
    if item.get("params"):
        faults[item["name"]] += _call_faults(found, item["params"], bound=True)
    if item["kind"] == "class":
        faults[item["name"]] += _base_faults(found, item["bases"])
        for name in item["attributes"]:
            faults[name] = _attribute_faults(found, name)
        for name, params in item["methods"].items():
            faults[name] = _method_faults(found, name, params)
    return {name: why for name, why in faults.items() if why}


@pytest.mark.parametrize("item", ITEMS, ids=_label)
def test_every_name_takes_the_same_calls(item: dict[str, t.Any]) -> None:
    """It is where it was, is what it was, and has its members; parameters keep their defaults."""
    assert faults_of(item) == {}


@pytest.mark.parametrize("item", ITEMS, ids=_label)
def test_every_name_is_at_the_top_level_too(item: dict[str, t.Any]) -> None:
    """Whatever namespace it is in; there it is the same object."""
    found = getattr(import_module(item["in"][0]), item["name"])
    assert getattr(import_module("globus_core"), item["name"]) is found
