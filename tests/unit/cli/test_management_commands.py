"""The commands that show and write plugins work whatever plugins do."""

from __future__ import annotations

import typing as t

import pytest

import globus_core
from tests.unit.cli.commands import run
from tests.unit.plugins.fake_site import FakeSite

if t.TYPE_CHECKING:
    import pathlib

COMMANDS = {
    "plugins": (("plugins",), "odd"),
    "offers": (("plugins", "--offers"), "what"),
    "new": (("plugins", "new", "storage", "vault", "--directory", "."), "globus_core_vault"),
    "help": (("--help",), "plugins"),
    "version": (("--version",), globus_core.__version__),
}
#: what plugins do to a command line when they can
BROKEN = """
from globus_core import hookimpl

@hookimpl
def globus_cli_commands():
    raise SystemExit("no commands today")

@hookimpl
def globus_token_storages():
    raise RuntimeError("no storages today")
"""


@pytest.fixture
def broken(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder with one plugin that cannot be imported and one whose hooks fail."""
    site = FakeSite(tmp_path / "site")
    site.install("fake-odd", {"odd": "fake_odd"}, modules={"fake_odd": "raise SystemExit(3)"})
    site.install("fake-even", {"even": "fake_even"}, modules={"fake_even": BROKEN})
    return site.folder


@pytest.mark.parametrize("variables", [{"GLOBUS_CORE_PLUGINS": "none"}, {}], ids=["none", "broken"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_management_command_works(
    broken: pathlib.Path,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    name: str,
) -> None:
    """With all plugins off, and beside plugins that are broken: to its end, without a traceback."""
    monkeypatch.chdir(tmp_path)
    arguments, shown = COMMANDS[name]
    if name == "offers" and variables:
        shown = "nothing is offered"

    done = run(*arguments, path=broken, **variables)

    assert done.returncode == 0, done.stderr
    assert shown in done.stdout
    if name == "plugins" and not variables:
        assert "importing fake_odd failed: SystemExit: 3" in done.stdout
    if name == "new":
        assert (tmp_path / "globus-core-vault" / "pyproject.toml").is_file()


def test_strict_mode_is_a_clear_error_for_the_help(broken: pathlib.Path) -> None:
    """It asks the plugins for their commands; the list of plugins works even so."""
    shown = run("--help", path=broken, GLOBUS_CORE_PLUGINS_STRICT="1")
    listed = run("plugins", path=broken, GLOBUS_CORE_PLUGINS_STRICT="1")

    assert shown.returncode == 1
    assert "Traceback" not in shown.stderr
    assert "odd@fake-odd (1.0) is not used: importing fake_odd failed" in shown.stderr
    assert listed.returncode == 0, listed.stderr
