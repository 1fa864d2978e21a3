"""What type checkers see of ``globus_core.aio`` is what its synchronous classes have."""

from __future__ import annotations

import ast
import asyncio
import functools
import importlib
import inspect
import pathlib
import types
import typing as t

import pytest

from globus_core import aio
from globus_core.paging.table import find_paging
from tests.layout.awaited import FOLDER, awaited_classes, stubs
from tests.layout.stubs import formatted

Parameter = tuple[str, str, str | None]

_HAND_WRITTEN = ("__init__", "shapes")
_CLASSES = awaited_classes()


def test_the_stubs_are_those_that_are_made() -> None:
    """Run ``python -m tests.layout.stubs`` where they are not."""
    made = stubs()

    assert set(FOLDER.glob("*.pyi")) == {*made, *(FOLDER / f"{n}.pyi" for n in _HAND_WRITTEN)}
    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == formatted(text, path), path.name


@pytest.mark.parametrize("name", _CLASSES)
def test_every_method_has_the_parameters_of_the_synchronous_one(name: str) -> None:
    """Their names, kinds and defaults, in the same order; the constructor's as well."""
    cls, methods = _CLASSES[name], _methods(name)

    for method, function in _functions(cls).items():
        node = methods[method]
        if not _is_property(node):
            assert _of_stub(node) == _of_function(function), f"{name}.{method}"


@pytest.mark.parametrize("name", _CLASSES)
def test_there_is_no_method_more(name: str) -> None:
    """So that one which is renamed or removed does not stay."""
    own = {method for method in _methods(name) if not method.startswith("_")}

    assert own - set(dir(_CLASSES[name])) == set()


@pytest.mark.parametrize("name", _CLASSES)
def test_methods_are_awaited_iterated_or_entered(name: str) -> None:
    """None of them gives its result at once; properties do."""
    for method, node in _methods(name).items():
        if not (method.startswith("_") or _is_property(node)):
            returned = ast.unparse(node.returns) if node.returns else ""
            at_once = not isinstance(node, ast.AsyncFunctionDef)
            assert not at_once or returned.startswith(("Each[", "Entered[")), f"{name}.{method}"


@pytest.mark.parametrize("name", [n for n, c in _CLASSES.items() if hasattr(c, "paginated")])
def test_paginated_has_the_paginated_methods(name: str) -> None:
    """With their parameters, and no other."""
    cls = _CLASSES[name]
    paginated = {method for method in dir(cls) if find_paging(cls, method)}
    pages = _methods(f"{name}Pages") if f"{name}Pages" in _stub_classes() else {}
    if not pages and cls.__mro__[1].__name__ in _CLASSES:
        pages = _methods(f"{cls.__mro__[1].__name__}Pages")

    assert set(pages) == paginated
    for method, node in pages.items():
        assert _of_stub(node) == _of_function(inspect.unwrap(getattr(cls, method)))
        assert "Paginator[" in ast.unparse(node.returns or node)


def test_the_shapes_are_what_methods_give() -> None:
    """A call can be awaited; an iterator can be iterated, a context manager entered."""

    async def main() -> None:
        storage = aio.MemoryTokenStorage()
        iterated = storage.namespaces()
        assert [namespace async for namespace in iterated] == []
        assert [namespace async for namespace in await storage.namespaces()] == []
        async with storage.renewal_lock("auth.globus.org"):
            pass
        async with await storage.renewal_lock("auth.globus.org"):
            pass
        assert await storage.get_token_data("auth.globus.org") is None

    asyncio.run(main())


@functools.cache
def _stub_classes() -> dict[str, ast.ClassDef]:
    nodes = [n for path in FOLDER.glob("*.pyi") for n in ast.parse(_read(path)).body]
    return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}


def _read(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8")


def _methods(name: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The methods of a class in the stubs, with those that it inherits there."""
    node = _stub_classes().get(name)
    if node is None:
        return {}
    found: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    for base in node.bases:
        inherited = base.value if isinstance(base, ast.Subscript) else base
        found |= _methods(ast.unparse(inherited))
    functions = [n for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return found | {function.name: function for function in functions}


def _functions(cls: type) -> dict[str, types.FunctionType]:
    """The public methods and the constructor of a synchronous class."""
    found = {}
    for name in dir(cls):
        value = inspect.getattr_static(cls, name)
        function = inspect.unwrap(getattr(value, "__func__", value))
        if isinstance(function, types.FunctionType) and (
            name == "__init__" or not name.startswith("_")
        ):
            found[name] = function
    return found


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return "property" in [ast.unparse(decorator) for decorator in node.decorator_list]


def _of_function(function: t.Callable[..., t.Any]) -> list[Parameter]:
    parameters = inspect.signature(function).parameters.values()
    return [(p.name, p.kind.name, _as_text(p.default)) for p in parameters]


def _of_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[Parameter]:
    """The same of a method in a stub, evaluated with the names that its file imports."""
    module = ast.Module([ast.FunctionDef("f", node.args, [ast.Pass()], [])], [])
    for part in ast.walk(module):
        if isinstance(part, ast.arg):
            part.annotation = None
    namespace: dict[str, t.Any] = dict(_imported(node))
    exec(compile(ast.fix_missing_locations(module), "stub", "exec"), namespace)
    return _of_function(namespace["f"])


@functools.cache
def _imports() -> dict[str, tuple[str, str]]:
    """Where each name that a stub imports is from; a name stands for the same in all of them."""
    found = {}
    for path in FOLDER.glob("*.pyi"):
        for line in ast.parse(_read(path)).body:
            if isinstance(line, (ast.Import, ast.ImportFrom)):
                module = getattr(line, "module", None)
                for alias in line.names:
                    name = alias.asname or alias.name
                    found[name] = (module or alias.name, alias.name if module else "")
    return found


def _imported(node: ast.AST) -> dict[str, t.Any]:
    """The values of the defaults of a method that are names."""
    arguments = node.args  # type: ignore[attr-defined]
    defaults = [value for value in (*arguments.defaults, *arguments.kw_defaults) if value]
    used = [n for value in defaults for n in ast.walk(value) if isinstance(n, ast.Name)]
    found = {}
    for name in {part.id for part in used} & set(_imports()):
        module, attribute = _imports()[name]
        value = importlib.import_module(module)
        found[name] = getattr(value, attribute) if attribute else value
    return found


def _as_text(default: object) -> str | None:
    if default is inspect.Parameter.empty:
        return None
    return repr(default)
