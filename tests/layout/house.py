"""
Where the parts of the house are, and what their files say without being imported.
"""

from __future__ import annotations

import ast
import importlib
import pathlib
import sys
import typing as t

ROOT = pathlib.Path(__file__).resolve().parents[2]
KERNEL = ROOT / "globus_core"
PLUGINS = ROOT / "plugins"


def project() -> dict[str, t.Any]:
    """The text of ``pyproject.toml`` as a mapping."""
    reader = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return t.cast("dict[str, t.Any]", reader.loads(text))


def plugin_folders() -> list[pathlib.Path]:
    """The folders of ``plugins/`` that hold code."""
    return sorted(folder for folder in PLUGINS.iterdir() if any(folder.glob("*.py")))


def module_name(path: pathlib.Path) -> str:
    """
    The dotted name of a module of the kernel or of a plugin.

    :param path: its file
    """
    base = PLUGINS if PLUGINS in path.parents else ROOT
    parts = path.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def stub_names(stub: pathlib.Path) -> set[str]:
    """
    The public names that a stub declares.

    :param stub: an ``__init__.pyi``
    """
    names: set[str] = set()
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname for alias in node.names if alias.asname)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
    return {name for name in names if not name.startswith("_")}


def imports_at_import(path: pathlib.Path) -> set[str]:
    """
    The modules that a module imports when it is imported, relative ones with their dots.

    What stands in functions or under ``if TYPE_CHECKING`` is left out.

    :param path: its file
    """
    found: set[str] = set()
    pending: list[ast.AST] = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            pending.extend(node.orelse)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))
    return found


def imported_names(path: pathlib.Path) -> set[str]:
    """
    The dotted names of everything that a module imports from elsewhere, wherever it does so.

    :param path: its file
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found
