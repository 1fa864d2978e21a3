"""``help()`` of a public class says what its parameters are, without sending anybody elsewhere."""

from __future__ import annotations

import enum
import importlib
import inspect
import re
import typing as t

import pytest

from globus_core.exc import PluginUnavailableError
from tests.layout.house import module_name
from tests.layout.stubs import lazy_packages

#: what else they have is said by their base, which their docstring names, or made by others
EXEMPT = {
    "GuestCollectionDocument": "twenty parameters are those of CollectionDocument",
    "MappedCollectionDocument": "twenty parameters are those of CollectionDocument",
    "RedirectHandler": "http.server makes it",
}


def public_classes() -> dict[str, type]:
    """The classes that kernel and default plugins make public, by their first public name."""
    found: dict[type, str] = {}
    for path in lazy_packages():
        module = importlib.import_module(module_name(path))
        for name in dir(module):
            try:
                value = None if name.startswith("_") else getattr(module, name)
            except PluginUnavailableError:  # for want of an extra
                continue
            if isinstance(value, type) and value.__module__.startswith("globus_core"):
                found.setdefault(value, f"{module.__name__}.{name}")
    return {name: value for value, name in found.items()}


CLASSES = public_classes()


def parameters(value: type) -> list[str]:
    """The parameters of a class's constructor that have a name for callers."""
    if issubclass(value, enum.Enum) or t.is_typeddict(value):
        return []
    try:
        signature = inspect.signature(value)
    except ValueError:  # it is written in C
        return []
    named = (
        p for p in signature.parameters.values() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    )
    return [each.name for each in named if not each.name.startswith("_")]


def shown(value: type) -> str:
    """What ``help()`` says of a class and of its constructor."""
    return f"{value.__doc__}\n{inspect.getdoc(value.__init__)}"  # type: ignore[misc]


def test_the_classes_are_found() -> None:
    """Those of the kernel and those of plugins."""
    names = {value.__name__ for value in CLASSES.values()}
    assert {"UserApp", "BaseClient", "TransferClient", "IdentityMap", "GlobusAPIError"} <= names


@pytest.mark.parametrize("name", CLASSES)
def test_help_says_the_parameters_of_a_constructor(name: str) -> None:
    """Each has its line, which is not only the name of another class."""
    value = CLASSES[name]
    if value.__name__ in EXEMPT:
        pytest.skip(EXEMPT[value.__name__])
    said = shown(value)

    assert value.__doc__
    assert [
        p
        for p in parameters(value)
        if not re.search(rf":(?:param|ivar) {p}: (?!see \S+$)", said, re.M)
    ] == []
