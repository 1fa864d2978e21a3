"""
The stubs of kernel and plugins, made from the tables of names in their ``__init__.py``.

``python -m tests.layout.stubs`` writes them anew, with ruff to put them in order.
"""

from __future__ import annotations

import ast
import functools
import importlib
import pathlib
import re
import subprocess
import sys

from globus_core.plugins.stubs import NAMESPACES, PACKAGE
from tests.layout import awaited
from tests.layout.answers import STUBS, completed
from tests.layout.house import KERNEL, PLUGINS, module_name, project, stub_names

#: where a name is imported from, and its name there
Import = tuple[str, str]

_LAZY = ("attach", "lazy_exports")


def lazy_packages() -> list[pathlib.Path]:
    """The ``__init__.py`` of each package of kernel and plugins whose names load when used."""
    files = [*KERNEL.rglob("__init__.py"), *PLUGINS.rglob("__init__.py")]
    return sorted(path for path in files if _table_of(path) is not None)


def imports_of(path: pathlib.Path) -> set[Import]:
    """
    What the stub of a package has to import, each under its own name.

    :param path: its ``__init__.py``
    """
    call = _table_of(path)
    assert call is not None
    tables = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "unlisted")]
    found = {
        (module if module.startswith("globus_core.") else f".{module}", name)
        for table in tables
        for module, names in ast.literal_eval(table).items()
        for name in names
    }
    submodules = (k.value for k in call.keywords if k.arg == "submodules")
    found.update((".", name) for value in submodules for name in ast.literal_eval(value))
    if KERNEL in path.parents:
        namespace = module_name(path).partition(".")[2]
        for public, package, name in contributed():
            if public == f"{namespace}.{name}".lstrip("."):
                found.add((package, name))
        if namespace == "aio":
            found |= _of_aio()
    return found


def _of_aio() -> set[Import]:
    """The names of ``globus_core``: classes that are awaited, and all else as it is there."""
    classes = awaited.awaited_classes()
    modules = {name for module, name in imports_of(KERNEL / "__init__.py") if module == "."}
    return {
        (f"globus_core_async.awaited.{awaited.stub_of(classes[name])}", name)
        if name in classes
        else ("globus_core", name)
        for name in stub_names(KERNEL / "__init__.pyi") - modules
    }


@functools.cache
def contributed() -> set[tuple[str, str, str]]:
    """
    What the default plugins have for the kernel: the public name with its namespace, the package
    that it is from, and its name there.
    """
    found = set()
    for group, lines in project()["project"]["entry-points"].items():
        if group == "globus_core.names":
            for public, reference in lines.items():
                package, _, name = reference.partition(":")
                found.add((public, package, name))
        elif re.fullmatch(r"globus_core(\.(?!plugins$).+)?", group):
            namespace = group.partition(".")[2]
            for package in lines.values():
                module = importlib.import_module(package)
                names = getattr(module, "NAMESPACES", {}).get(namespace, module.__all__)
                found.update((f"{namespace}.{name}".lstrip("."), package, name) for name in names)
    return found


def imports_in(stub: pathlib.Path) -> set[Import]:
    """
    What a stub imports to give it away again.

    :param stub: an ``__init__.pyi``
    """
    return {
        ("." * node.level + (node.module or ""), alias.name)
        for node in ast.walk(ast.parse(stub.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }


def _table_of(path: pathlib.Path) -> ast.Call | None:
    """The call that makes a package lazy."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            call = node.value
            if isinstance(call.func, ast.Name) and call.func.id in _LAZY:
                return call
    return None


def _write(path: pathlib.Path) -> None:
    stub = path.with_suffix(".pyi")
    old = stub.read_text(encoding="utf-8") if stub.is_file() else ""
    own = [
        ast.get_source_segment(old, node) or ""
        for node in ast.parse(old).body
        if not (isinstance(node, ast.ImportFrom) and any(alias.asname for alias in node.names))
    ]
    lines = [f"from {module} import {name} as {name}" for module, name in imports_of(path)]
    if KERNEL in path.parents and not any(line.endswith(" import *") for line in own):
        namespace = module_name(path).partition(".")[2]
        if namespace in NAMESPACES:
            own.insert(0, f"from {f'{PACKAGE}.{namespace}'.rstrip('.')} import *")
    text = "\n".join([*sorted(lines), *own]) + "\n"
    stub.write_text(formatted(text, stub), encoding="utf-8")


def formatted(text: str, stub: pathlib.Path) -> str:
    """
    A stub as ruff would have it.

    :param text: its text
    :param stub: where it is
    """
    ruff = (sys.executable, "-m", "ruff")
    for command in (("check", "--fix", "--quiet", "--select=F,I"), ("format", "--quiet")):
        done = subprocess.run(
            [*ruff, *command, f"--stdin-filename={stub}", "-"],
            input=text,
            capture_output=True,
            text=True,
            check=True,
        )
        text = done.stdout
    return text


if __name__ == "__main__":
    for package in lazy_packages():
        _write(package)
    for answers in STUBS:
        answers.write_text(formatted(completed(answers), answers), encoding="utf-8")
    for path, text in awaited.stubs().items():
        path.write_text(formatted(text, path), encoding="utf-8")
