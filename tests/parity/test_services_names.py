"""
Every public name of globus-sdk's services is here, with the same parameters.

``services_names.json`` lists names, the namespaces that they are in, parameters with their
defaults, and methods; ``services_namespaces.json`` lists what each namespace has in ``__all__``,
for services other than Auth.
"""

from __future__ import annotations

import ast
import inspect
import json
import pathlib
import typing as t
from importlib import import_module

import pytest

import globus_core
from globus_core import MISSING, BaseClient

#: namespaces for the scopes of one service, which come together
SCOPES = "globus_core.scopes.data."
#: names in modules that have no ``__all__``
HIDDEN = {
    "globus_core.services.transfer.transport": "TRANSFER_DEFAULT_RETRY_CHECKS",
    "globus_core.experimental.transfer_v2.transport": "TRANSFER_V2_DEFAULT_RETRY_CHECKS",
    "globus_core.services.transfer.client": "TransferFilterDict",
}
#: only annotated in globus-sdk: no object has them
NEVER_THERE = {"full_data"}


def _read(name: str) -> t.Any:
    return json.loads(pathlib.Path(__file__).with_name(name).read_text("utf-8"))


ITEMS: list[dict[str, t.Any]] = _read("services_names.json")
NAMESPACES: dict[str, list[str]] = _read("services_namespaces.json")
ENUMS = [item for item in ITEMS if item["kind"] == "enum"]
SPACES = [each for each in NAMESPACES if not each.startswith(SCOPES)]


_NONE = inspect.Parameter.empty


class Listed(t.NamedTuple):
    """A parameter: its name, its kind, its default."""

    name: str
    kind: t.Any
    default: object


def _listed(params: list[str]) -> list[Listed]:
    """Parameters as the file has them: ``name``, ``name=default``, ``*``."""
    found = []
    kind: t.Any = inspect.Parameter.POSITIONAL_OR_KEYWORD
    for param in params:
        if param == "*":
            kind = inspect.Parameter.KEYWORD_ONLY
        elif param.startswith("**"):
            found.append(Listed(param[2:], inspect.Parameter.VAR_KEYWORD, _NONE))
        elif param.startswith("*"):
            found.append(Listed(param[1:], inspect.Parameter.VAR_POSITIONAL, _NONE))
        else:
            name, equals, default = param.partition("=")
            found.append(Listed(name, kind, _default(default) if equals else _NONE))
    return found


def _default(text: str) -> object:
    return MISSING if text == "MISSING" else ast.literal_eval(text)


def _ours_of(owner: t.Any, name: str) -> list[Listed]:
    """Parameters of a method; one without ``self`` is static or of the class."""
    static = isinstance(inspect.getattr_static(owner, name), (classmethod, staticmethod))
    return _ours(getattr(owner, name), bound=static)


def _has(owner: t.Any, name: str) -> bool:
    return hasattr(owner, name) or name in getattr(owner, "__dataclass_fields__", ())


def _ours(function: t.Any, *, bound: bool) -> list[Listed]:
    parameters = list(inspect.signature(function).parameters.values())
    return [Listed(p.name, p.kind, p.default) for p in parameters[0 if bound else 1 :]]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["name"])
def test_a_name_is_one_object_in_each_of_its_namespaces(item: dict[str, t.Any]) -> None:
    """Changing the name of the package in the import is enough."""
    objects = [getattr(import_module(place), item["name"]) for place in item["in"]]

    assert len({id(each) for each in objects}) == 1


@pytest.mark.parametrize("item", ENUMS, ids=lambda item: item["name"])
def test_an_enum_has_the_same_members(item: dict[str, t.Any]) -> None:
    """In the same order, each with its name as its value."""
    found = getattr(import_module(item["in"][0]), item["name"])

    assert [(each.name, each.value) for each in found] == [(n, n) for n in item["members"]]


@pytest.mark.parametrize(
    "item", [item for item in ITEMS if item not in ENUMS], ids=lambda item: item["name"]
)
def test_a_name_has_the_same_parameters(item: dict[str, t.Any]) -> None:
    """Names, order, kinds and defaults, also of the methods; clients take BaseClient's."""
    found = getattr(import_module(item["in"][0]), item["name"])
    if isinstance(found, type) and issubclass(found, BaseClient):
        ours = _ours(found, bound=True)
        by_name = [each._replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in ours]
        assert set(_listed(item["params"])) <= {*ours, *by_name}
    elif not issubclass(type(found), type) or not issubclass(found, Exception):
        assert _ours(found, bound=True) == _listed(item["params"])
    for name, params in item.get("methods", {}).items():
        assert (name, _ours_of(found, name)) == (name, _listed(params))
    for name in set(item.get("attributes", ())) - NEVER_THERE:
        assert _has(found, name)
    known = [getattr(globus_core, base) for base in item["bases"] if hasattr(globus_core, base)]
    assert all(issubclass(found, base) for base in known)


@pytest.mark.parametrize("namespace", SPACES)
def test_a_namespace_lists_the_same_names(namespace: str) -> None:
    """What ``from ... import *`` imports, or nothing in particular."""
    module = import_module(namespace)

    assert set(NAMESPACES[namespace]) <= set(module.__all__)


@pytest.mark.parametrize(("namespace", "name"), HIDDEN.items())
def test_names_outside_all_are_there_too(namespace: str, name: str) -> None:
    """Existing programs import them."""
    assert hasattr(import_module(namespace), name)


def test_the_top_level_has_the_names_of_services() -> None:
    """Those that globus-sdk has at its top level."""
    top = import_module("globus_core")
    listed = [item["name"] for item in ITEMS if "globus_core" in item["in"]]

    assert "TransferClient" in listed
    assert [name for name in listed if name not in top.__all__] == []
