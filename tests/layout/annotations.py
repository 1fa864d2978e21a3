"""
Annotations of one module written into a stub, with the imports that they need there.
"""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.util
import pathlib
import typing as t

#: a module and a name in it, or a module and "" for the module itself
Place = tuple[str, str]


class Names:
    """
    The names that a stub imports.

    :param own: the names of what the stub defines itself, which imports must not take
    """

    def __init__(self, own: t.Iterable[str]) -> None:
        self._places: dict[str, Place | None] = dict.fromkeys(own)

    def use(self, place: Place, wanted: str) -> str:
        """
        The name under which the stub has something.

        :param place: where that is defined
        :param wanted: the name that it is to have, unless it is taken
        """
        name = wanted
        while self._places.setdefault(name, place) != place:
            name = f"_{name}" if not name.startswith("_") else f"{name}_"
        return name

    def lines(self) -> list[str]:
        """
        The lines that import them.
        """
        found = []
        for name, place in self._places.items():
            if place is not None:
                module, attribute = place
                found.append(
                    f"from {module} import {attribute} as {name}"
                    if attribute
                    else f"import {module} as {name}"
                )
        return sorted(line.removesuffix(" as " + line.split()[-3]) for line in found)


@functools.cache
def defined(module: str) -> dict[str, Place]:
    """
    The names at the top of a module, those for type checkers as well, and where they are from.

    :param module: its dotted name
    """
    found: dict[str, Place] = {}
    pending: list[ast.stmt] = list(tree(module).body)
    package = module if _file(module).stem == "__init__" else module.rpartition(".")[0]
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.If):
            pending += [*node.body, *node.orelse]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, (alias.name, ""))
        elif isinstance(node, ast.ImportFrom):
            source = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, (source, alias.name))
        else:
            for name in _names_of(node):
                found.setdefault(name, (module, name))
    return found


@functools.cache
def tree(module: str) -> ast.Module:
    """
    The text of a module, read.

    :param module: its dotted name
    """
    return ast.parse(_file(module).read_text(encoding="utf-8"))


def alias_value(place: Place) -> ast.expr | None:
    """
    What an alias of a type stands for; None for anything else.

    :param place: where the name is defined
    """
    module, name = place
    if not module.startswith("globus_core"):
        return None
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Assign) and [ast.unparse(x) for x in node.targets] == [name]:
            return node.value
    return None


def source_of(module: str, name: str) -> Place:
    """
    Where a name that a module uses is defined: there, or in a module that it imports from.

    :param module: the module
    :param name: the name
    """
    place = defined(module).get(name, ("builtins", name))
    while place[1] and place[0].startswith("globus_core"):
        further = defined(place[0]).get(place[1], place)
        if further == place:
            return _where_it_is_defined(place)
        place = further
    return place


def _where_it_is_defined(place: Place) -> Place:
    """For a class that a lazy namespace gives, its module."""
    value = value_at(place)
    if isinstance(value, type) and value.__name__ == place[1]:
        return (value.__module__, place[1])
    return place


def value_at(place: Place) -> t.Any:
    """
    What is there in a running program; None if there is nothing.

    :param place: where
    """
    module, name = place
    try:
        return getattr(importlib.import_module(module), name, None) if name else None
    except ImportError:
        return None


def _names_of(node: ast.stmt) -> t.Iterable[str]:
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
        return (node.name,)
    if isinstance(node, ast.Assign):
        names = (part for target in node.targets for part in ast.walk(target))
        return [name.id for name in names if isinstance(name, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return (node.target.id,)
    return ()


def _file(module: str) -> pathlib.Path:
    return pathlib.Path(str(importlib.import_module(module).__file__))
