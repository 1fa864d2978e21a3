"""Every plugin is built in the same way, and packed."""

from __future__ import annotations

import pathlib
import re
import typing as t

import pytest

from globus_core.plugins.discovery import scan
from tests.layout.awaited import FOLDER as AWAITED
from tests.layout.house import (
    KERNEL,
    imported_names,
    imports_at_import,
    module_name,
    plugin_folders,
    project,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator

OURS = "globus-core"
FOLDERS = plugin_folders()
each_plugin = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)

#: what is packed beside the plugins: the kernel, and a stub package
NO_PLUGINS = {"globus_core", "globus_core_contributed"}

#: what a hooks module may import besides the kernel
LIGHT = {"__future__", "os", "sys", "time"}


@each_plugin
def test_a_plugin_is_packed(folder: pathlib.Path) -> None:
    """Its folder is in the list of packages of the wheel."""
    packages = project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert f"plugins/{folder.name}" in packages


@each_plugin
def test_a_plugin_has_its_files_and_entry_point(folder: pathlib.Path) -> None:
    """It is named as it is imported, and is found in no other way than a stranger's."""
    points = project()["project"]["entry-points"]["globus_core.plugins"]

    assert folder.name.startswith("globus_core_")
    assert points[folder.name.removeprefix("globus_core_")] == f"{folder.name}.hooks"
    for name in ("__init__.py", "hooks.py", "py.typed"):
        assert (folder / name).is_file(), name


def test_all_that_is_packed_is_there() -> None:
    """No entry point, package or public name points into a folder that is missing."""
    names = {folder.name for folder in FOLDERS}
    points = project()["project"]["entry-points"]
    packages = project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert {pathlib.PurePath(package).name for package in packages} - NO_PLUGINS == names
    assert {value.partition(".")[0] for value in points["globus_core.plugins"].values()} == names
    ours = [lines for group, lines in points.items() if group.startswith("globus_core")]
    tops = {re.split("[.:]", value)[0] for lines in ours for value in lines.values()}
    assert tops <= names


@pytest.mark.parametrize(
    "group", [g for g in project()["project"]["entry-points"] if g.startswith("globus_core")]
)
def test_what_is_installed_is_what_the_project_says(group: str) -> None:
    """An editable install keeps the entry points of the day on which it was made."""
    installed = {p.name: p.value for p in scan() if p.group == group and p.distribution == OURS}

    assert installed == project()["project"]["entry-points"][group], (
        "run `pip install -e .` again, the entry points have changed"
    )


@each_plugin
def test_hooks_modules_are_light(folder: pathlib.Path) -> None:
    """They import the kernel and next to nothing of the standard library."""
    assert imports_at_import(folder / "hooks.py") <= {"globus_core", *LIGHT}


#: a module -> why it may name its siblings
MAY_NAME_SIBLINGS = {"stored_token.py": "it runs before plugins are found, to be quick"}


@each_plugin
def test_plugins_use_only_public_names_of_the_kernel(folder: pathlib.Path) -> None:
    """Neither a private module nor a private name of it, nor a sibling's module."""
    siblings = {other.name for other in FOLDERS if other != folder}
    wrong = []
    for path in [*folder.rglob("*.py"), *folder.rglob("*.pyi")]:
        if path.parent == AWAITED:  # types of all plugins, for type checkers and editors only
            continue
        for dotted in imported_names(path):
            top, *rest = dotted.split(".")
            private = top == "globus_core" and any(
                part[0] == "_" and not part.startswith("__") for part in rest
            )
            if private or (top in siblings and path.name not in MAY_NAME_SIBLINGS):
                wrong.append(f"{path.name}: {dotted}")

    assert wrong == []


@pytest.mark.parametrize("path", sorted(KERNEL.rglob("*.py")), ids=lambda path: path.name)
def test_the_kernel_names_no_plugin(path: pathlib.Path) -> None:
    """Only the stubs do, for type checkers and editors."""
    text = path.read_text(encoding="utf-8")

    assert [folder.name for folder in FOLDERS if folder.name in text] == []


def test_the_rule_on_private_names_knows_all_private_modules() -> None:
    """In pyproject.toml: those with an underscore, and what makes up `globus_core.plugins`."""
    contracts = project()["tool"]["importlinter"]["contracts"]
    (rule,) = (c for c in contracts if c["name"].startswith("Plugins import only public names"))

    assert rule["forbidden_modules"] == sorted(set(_private_modules()))


def _private_modules() -> Iterator[str]:
    for path in KERNEL.rglob("*.py"):
        parts = module_name(path).split(".")
        private = [at for at, part in enumerate(parts) if part.startswith("_")]
        if private:
            yield ".".join(parts[: private[0] + 1])
        elif parts[1:2] == ["plugins"] and len(parts) > 2:
            yield ".".join(parts)
