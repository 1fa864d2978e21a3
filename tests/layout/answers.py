"""
The fields of answers as type checkers see them, made from the documents that they consist of.

A class in an ``answers.pyi`` says which document is its body: the last thing in the brackets after
its base. Its ``__getitem__`` and ``get`` are written from the fields of that document, since Python
has no other way to say that ``response["name"]`` is what ``response.data["name"]`` is.
"""

from __future__ import annotations

import ast
import pathlib
import typing as t

from tests.layout.house import PLUGINS

STUBS = sorted(PLUGINS.glob("*/answers.pyi"))

#: the methods take fewer keys than those of the classes that they override; that is their purpose
_HEADER = """\
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false
"""

#: the type of each field, as it is written
Fields = dict[str, str]


def completed(stub: pathlib.Path) -> str:
    """
    A stub with the methods of its classes and the imports that these need, before it is formatted.

    :param stub: an ``answers.pyi``
    """
    text = stub.read_text(encoding="utf-8")
    module = ast.parse(text)
    documents = _documents(module, stub.parent)
    parts = []
    for node in module.body:
        source = ast.get_source_segment(text, node) or ""
        if isinstance(node, ast.ClassDef) and (body := _body_of(node)) in documents:
            source = _class(node, documents[body])
        parts.append(source)
    names = {
        node.id for node in ast.walk(ast.parse("\n".join(parts))) if isinstance(node, ast.Name)
    }
    return "\n".join([_HEADER, *_imports(names, module, stub.parent), *parts]) + "\n"


def answers_of(stub: pathlib.Path) -> dict[str, str]:
    """
    The classes of a stub that are answers, each with the name of its body.

    :param stub: an ``answers.pyi``
    """
    module = ast.parse(stub.read_text(encoding="utf-8"))
    documents = _documents(module, stub.parent)
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    return {node.name: _body_of(node) for node in classes if _body_of(node) in documents}


def _documents(module: ast.Module, folder: pathlib.Path) -> dict[str, Fields]:
    """The fields of each TypedDict that a module has or imports from a neighbour."""
    found: dict[str, Fields] = {}
    for node in module.body:
        if _is_neighbour(node):
            neighbour = folder / f"{node.module}.py"
            found |= _documents(ast.parse(neighbour.read_text(encoding="utf-8")), folder)
        if isinstance(node, ast.ClassDef):
            bases = [_name(base) for base in node.bases]
            if "TypedDict" in bases or found.keys() & set(bases):
                inherited = [found.get(base, {}) for base in bases]
                found[node.name] = {k: v for fields in inherited for k, v in fields.items()}
                found[node.name] |= _fields(node)
    return found


def _imports(names: set[str], module: ast.Module, folder: pathlib.Path) -> list[str]:
    """The lines that import what is used of the neighbours that are imported from anyway."""
    lines = []
    for neighbour in {node.module for node in module.body if _is_neighbour(node)}:
        theirs = ast.parse((folder / f"{neighbour}.py").read_text(encoding="utf-8")).body
        has = {node.name for node in theirs if isinstance(node, ast.ClassDef)}
        lines += [f"from .{neighbour} import {name}" for name in sorted(names & has)]
    return lines


def _is_neighbour(node: ast.stmt) -> t.TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.level == 1


def _fields(node: ast.ClassDef) -> Fields:
    return {
        item.target.id: ast.unparse(item.annotation)
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }


def _body_of(node: ast.ClassDef) -> str:
    """The document that is the body of an answer: the last argument of its base."""
    base = node.bases[-1] if node.bases else None
    if not isinstance(base, ast.Subscript):
        return ""
    arguments = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
    return _name(arguments[-1])


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        node = node.value
    return str(getattr(node, "attr", None) or getattr(node, "id", ""))


def _class(node: ast.ClassDef, fields: Fields) -> str:
    by_type: dict[str, list[str]] = {}
    for name, kind in fields.items():
        by_type.setdefault(kind, []).append(f'"{name}"')
    keys = {kind: f"t.Literal[{', '.join(names)}]" for kind, names in by_type.items()}
    items = [f"def __getitem__(self, key: {key}) -> {kind}: ..." for kind, key in keys.items()]
    gets = []
    for kind, key in keys.items():
        plain, null, _ = kind.partition(" | None")
        gets.append(f"def get(self, key: {key}, default: None = None) -> {plain} | None: ...")
        gets.append(
            f"def get(self, key: {key}, default: DefaultT) -> {plain} | DefaultT{null}: ..."
        )
    head = ", ".join(ast.unparse(base) for base in node.bases)
    lines = [f"class {node.name}({head}):", *_overloads(items), *_overloads(gets)]
    return "\n".join([lines[0], *(f"    {line}" for line in lines[1:])])


def _overloads(methods: list[str]) -> list[str]:
    """Several signatures of one method."""
    if len(methods) == 1:
        return methods
    return [line for method in methods for line in ("@t.overload", method)]
