"""Every module of globus-sdk that a program may import is here, with the same names."""

from __future__ import annotations

import importlib
import pkgutil
import types
import typing as t

import globus_sdk
import pytest

from tests.layout import sdk_paths
from tests.layout.house import KERNEL

#: where globus-sdk has its canned responses; here each plugin has its own
NOT_HERE = "testing.data"
#: names that are no part of the interface there, with the reason
NOT_MEANT: dict[str, tuple[str, ...]] = {
    # imports, which have no module of their own
    "client": ("DEFAULT_RETRY_CHECKS",),
    "experimental.gcs_downloader": ("DEFAULT_RETRY_CHECKS",),
    "experimental.transfer_v2.client": ("TRANSFER_V2_DEFAULT_RETRY_CHECKS",),
    "experimental.transfer_v2.transport": ("DEFAULT_RETRY_CHECKS",),
    "services.transfer.client": ("TRANSFER_DEFAULT_RETRY_CHECKS",),
    "services.transfer.transport": ("DEFAULT_RETRY_CHECKS",),
    "config.environments": ("envname",),  # a loop's variable
    # tables of classes by name; here plugins provide them
    "globus_app.app": ("KNOWN_TOKEN_STORAGES",),
    "globus_app.config": ("KNOWN_LOGIN_FLOW_MANAGERS", "KNOWN_TOKEN_STORAGES"),
    "globus_app.user_app": ("KNOWN_LOGIN_FLOW_MANAGERS",),
}


def _paths() -> list[str]:
    prefix = "globus_sdk."
    found = (
        each.name[len(prefix) :] for each in pkgutil.walk_packages(globus_sdk.__path__, prefix)
    )
    return [path for path in found if not _private(path) and not _not_here(path)]


def _private(path: str) -> bool:
    return any(part.startswith("_") for part in path.split("."))


def _not_here(path: str) -> bool:
    return f"{path}.".startswith(f"{NOT_HERE}.")


def _names(path: str) -> set[str]:
    """What a module exports, or defines; without its imports and its type variables."""
    module = importlib.import_module(f"globus_sdk.{path}")
    variables = (types.ModuleType, t.TypeVar, t.ParamSpec)
    names = getattr(module, "__all__", None) or (
        name
        for name, value in vars(module).items()
        if name[0] != "_" and getattr(value, "__module__", module.__name__) == module.__name__
    )
    kept = {name for name in names if not isinstance(getattr(module, name), variables)}
    return kept - {"annotations", "log", "TYPE_CHECKING"} - set(NOT_MEANT.get(path, ()))


@pytest.mark.parametrize("path", _paths())
def test_a_module_has_the_same_names(path: str) -> None:
    """At the same path, so that a program's imports need another first word only."""
    ours = importlib.import_module(f"globus_core.{path}")

    assert [name for name in sorted(_names(path)) if not hasattr(ours, name)] == []


@pytest.mark.parametrize("path", sdk_paths.PATHS)
def test_a_name_is_the_same_object_at_its_other_path(path: str) -> None:
    """And no other name is there."""
    origin, names = sdk_paths.PATHS[path]
    here = importlib.import_module(f"globus_core.{path}")
    there = importlib.import_module(f"globus_core.{origin}".rstrip("."))

    assert all(getattr(here, name) is getattr(there, name) for name in names.split())
    assert set(names.split()) <= set(dir(here))
    assert not hasattr(here, "no_such_name")


def test_the_files_are_those_of_the_table() -> None:
    """Else ``python -m tests.layout.sdk_paths`` writes them."""
    files = sdk_paths.files()
    marked = {
        path
        for path in KERNEL.rglob("*.py")
        if "Written by tests/layout/sdk_paths.py" in path.read_text(encoding="utf-8")
    }

    assert {path: path.read_text(encoding="utf-8") for path in files} == files
    assert marked == set(files)


def test_every_path_is_one_of_globus_sdk() -> None:
    """A path that globus-sdk has no more goes."""
    assert set(sdk_paths.PATHS) <= set(_paths())
