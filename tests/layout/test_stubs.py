"""What type checkers and editors see is what there is."""

from __future__ import annotations

import importlib
import pathlib

import pytest

from globus_core import GlobusHTTPResponse, IterableResponse
from globus_core.exc import PluginUnavailableError
from tests.layout.answers import STUBS as ANSWERS
from tests.layout.answers import answers_of, completed
from tests.layout.awaited import FOLDER as AWAITED
from tests.layout.house import KERNEL, module_name, plugin_folders, stub_names
from tests.layout.stubs import contributed, formatted, imports_in, imports_of, lazy_packages

KERNEL_STUBS = sorted(KERNEL.rglob("__init__.pyi"))
STUBS = KERNEL_STUBS + [
    stub
    for folder in plugin_folders()
    for stub in folder.rglob("*.pyi")
    if stub not in ANSWERS and stub.parent != AWAITED
]
LAZY = lazy_packages()


def needs_an_extra(error: PluginUnavailableError) -> bool:
    """Whether a name is missing only because the extra of its plugin is not installed."""
    return "pip install" in str(error)


@pytest.mark.parametrize("stub", STUBS, ids=module_name)
def test_every_name_of_a_stub_is_there(stub: pathlib.Path) -> None:
    """At run time, whether it is the kernel's own or contributed by a plugin."""
    module = importlib.import_module(module_name(stub))
    missing = []
    for name in sorted(stub_names(stub)):
        try:
            getattr(module, name)
        except PluginUnavailableError as error:
            missing += [] if needs_an_extra(error) else [f"{name}: {error}"]
        except (AttributeError, ImportError) as error:
            missing.append(f"{name}: {error}")

    assert missing == []


@pytest.mark.parametrize("stub", KERNEL_STUBS, ids=module_name)
def test_every_public_name_is_in_the_stub(stub: pathlib.Path) -> None:
    """``dir()`` of a namespace lists nothing that a type checker does not know."""
    module = importlib.import_module(module_name(stub))
    listed = {name for name in dir(module) if not name.startswith("_")}
    exported = set(getattr(module, "__all__", ())) - {"__version__"}

    assert listed - stub_names(stub) == set()
    assert exported - stub_names(stub) == set()


@pytest.mark.parametrize("stub", [s for s in STUBS if s not in KERNEL_STUBS], ids=module_name)
def test_what_a_plugin_exports_is_in_its_stub(stub: pathlib.Path) -> None:
    """Names that are imported when they are used are invisible otherwise."""
    module = importlib.import_module(module_name(stub))

    assert set(module.__all__) == stub_names(stub)


def test_every_namespace_of_the_kernel_has_a_stub() -> None:
    """Each package that answers names lazily."""
    assert len([path for path in LAZY if KERNEL in path.parents]) > 20
    assert [path for path in LAZY if not path.with_suffix(".pyi").is_file()] == []


@pytest.mark.parametrize("package", LAZY, ids=module_name)
def test_a_stub_has_what_the_tables_of_names_say(package: pathlib.Path) -> None:
    """Run ``python -m tests.layout.stubs`` where it has not."""
    assert imports_in(package.with_suffix(".pyi")) == imports_of(package)


@pytest.mark.parametrize(("public", "package", "attribute"), sorted(contributed()))
def test_every_contributed_name_is_there_and_typed(
    public: str, package: str, attribute: str
) -> None:
    """It resolves to the object of the plugin's package, and stands in the namespace's stub."""
    namespace, _, name = public.rpartition(".")
    module = importlib.import_module(f"globus_core.{namespace}".rstrip("."))
    folder = KERNEL / namespace.replace(".", "/") if namespace else KERNEL

    assert name in stub_names(folder / "__init__.pyi")
    try:
        value = getattr(module, name)
    except PluginUnavailableError as error:
        assert needs_an_extra(error), str(error)
    else:
        assert value is getattr(importlib.import_module(package), attribute)


@pytest.mark.parametrize("stub", ANSWERS, ids=module_name)
def test_a_stub_of_answers_has_the_fields_of_their_documents(stub: pathlib.Path) -> None:
    """Run ``python -m tests.layout.stubs`` where it has not."""
    assert stub.read_text(encoding="utf-8") == formatted(completed(stub), stub)


@pytest.mark.parametrize("stub", ANSWERS, ids=module_name)
def test_answers_are_plain_responses_in_a_running_program(stub: pathlib.Path) -> None:
    """Under the names that type checkers know, so that annotations can be evaluated."""
    module = importlib.import_module(module_name(stub))

    assert answers_of(stub)
    for name in answers_of(stub):
        assert getattr(module, name) in (GlobusHTTPResponse, IterableResponse)
