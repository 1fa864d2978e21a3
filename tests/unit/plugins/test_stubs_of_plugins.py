"""Stubs of the names that third-party plugins add, for type checkers."""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from globus_core.plugins import write_stubs
from globus_core.plugins.stubs import NAMESPACES, PACKAGE
from tests.layout.house import PLUGINS
from tests.unit.plugins.fake_site import FakeSite

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from globus_core.plugins import PluginManager

    Use = Callable[[PluginManager], PluginManager]

THINGS = "class Thing:\n    pass\n\n__all__ = ['Thing']\n"


@pytest.fixture
def stubs(site: FakeSite, use: Use, tmp_path: pathlib.Path) -> Callable[[], dict[str, str]]:
    """Writes the stubs, and says what is in those that are not empty."""

    def write() -> dict[str, str]:
        use(site.manager())
        write_stubs(str(tmp_path / "typings"))
        files = (tmp_path / "typings" / PACKAGE).iterdir()
        found = {file.stem: file.read_text(encoding="utf-8") for file in files}
        assert set(found) == {namespace or "__init__" for namespace in NAMESPACES}
        return {name: text for name, text in found.items() if text}

    return write


def test_names_of_third_party_plugins_are_written(
    site: FakeSite, stubs: Callable[[], dict[str, str]]
) -> None:
    """Those of packages, single ones under another name, and whole modules."""
    site.install(
        "fake-a",
        {"a": "fake_a.hooks"},
        packages={"globus_core": "fake_a", "globus_core.token_storage": "fake_a"},
        names={"services.weather": "fake_a", "login_flows.Other": "fake_a:Thing"},
        modules={"fake_a.hooks": "", "fake_a.__init__": THINGS},
    )

    alias = "from fake_a import Thing as Thing\n"
    assert stubs() == {
        "__init__": alias,
        "aio": "import typing as _t\nThing: _t.Any\n",
        "token_storage": alias,
        "services": "import fake_a\nweather = fake_a\n",
        "login_flows": "import fake_a\nOther = fake_a.Thing\n",
    }


def test_default_plugins_and_those_not_in_use_are_left_out(
    site: FakeSite, stubs: Callable[[], dict[str, str]]
) -> None:
    """The kernel's stubs list the ones, and nobody can use the others."""
    for distribution in ("globus-core", "fake-b"):
        package = distribution.replace("-", "_") + "_names"
        site.install(
            distribution,
            {distribution: f"{package}.hooks"},
            packages={"globus_core": package},
            modules={f"{package}.hooks": "", f"{package}.__init__": THINGS},
        )
    site.module("fake_b_names.hooks", "REQUIRES = 'nobody'")

    assert stubs() == {}


def test_stubs_are_written_anew(site: FakeSite, stubs: Callable[[], dict[str, str]]) -> None:
    """What was installed then and is not now is gone."""
    site.install("fake-a", {"a": "fake_a"}, names={"Thing": "fake_a:Thing"})
    site.module("fake_a", THINGS)
    assert "__init__" in stubs()
    (site.folder / "fake_a-1.0.dist-info" / "entry_points.txt").unlink()

    assert stubs() == {}


def test_the_installed_stub_package_is_empty_and_complete() -> None:
    """It has a module for each namespace whose stub imports from it."""
    package = PLUGINS / PACKAGE
    assert {file.stem for file in package.glob("*.pyi")} == {
        name or "__init__" for name in NAMESPACES
    }
    for file in package.glob("*.pyi"):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if not line.startswith("#")] == []
