"""Writing a new plugin distribution."""

from __future__ import annotations

import pathlib

import pytest
from click.testing import CliRunner, Result

from globus_core_cli._examples import KINDS
from globus_core_cli.group import cli


def new(kind: str, name: str, directory: pathlib.Path) -> Result:
    """Run the command."""
    arguments = ["plugins", "new", kind, name, "--directory", str(directory)]
    return CliRunner().invoke(cli, arguments)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_distribution_is_written_under_its_name(tmp_path: pathlib.Path, kind: str) -> None:
    """In every spelling; nothing of the example's own name is left."""
    result = new(kind, "north-campus", tmp_path)
    assert result.exit_code == 0, result.output
    folder = tmp_path / "globus-core-north-campus"
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix() for path in files}
    wanted = {"pyproject.toml", "README.md", "globus_core_north_campus/hooks.py"}
    assert wanted < names
    assert all(str(path) in result.output for path in files)
    for path in files:
        text = path.read_text(encoding="utf-8").lower()
        assert KINDS[kind] not in text
        assert KINDS[kind].replace("-", "_") not in text
    assert 'north-campus = "globus_core_north_campus.hooks"' in (
        folder / "pyproject.toml"
    ).read_text(encoding="utf-8")


def test_nothing_is_overwritten(tmp_path: pathlib.Path) -> None:
    """A folder that is there already is an error, and stays as it is."""
    folder = tmp_path / "globus-core-vault"
    folder.mkdir()
    result = new("storage", "vault", tmp_path)
    assert result.exit_code == 1
    assert "already exists" in result.output
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["Vault", "a b", "../up", "-x", "x-", "9x", "class", "core", "é"])
def test_a_name_that_no_package_can_have_is_refused(tmp_path: pathlib.Path, name: str) -> None:
    """Nothing is written."""
    result = CliRunner().invoke(
        cli, ["plugins", "new", "--directory", str(tmp_path), "storage", "--", name]
    )
    assert result.exit_code == 2
    assert "NAME" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *[(kind, name) for kind in sorted(KINDS) for name in ("errors", "storage", "auth", "cli")],
        *[("errors", name) for name in ("error", "err-ors", "identitys", "core", "contributed")],
        *[("service", name) for name in ("transfer", "groups", "group", "globus-core-x")],
        *[("storage", name) for name in ("json", "sqlite", "memory", "sq-lite")],
        *[("login-flow", name) for name in ("command-line", "commandline", "local-server", "auto")],
        *[("environment", name) for name in ("production", "preview", "sandbox")],
        *[("command", name) for name in ("login", "logout", "whoami", "who-am-i", "plugins")],
        ("cache", "memory"),
    ],
)
def test_a_name_of_our_own_is_refused_with_the_reason(
    tmp_path: pathlib.Path, kind: str, name: str
) -> None:
    """Its files would overwrite ours, or what it offers would lose against ours."""
    result = new(kind, name, tmp_path)
    assert result.exit_code == 2
    assert f"'{name}'" in result.output
    assert "globus-core" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["json", "login", "production", "news", "my-errors"])
def test_a_name_that_another_kind_has_is_fine(tmp_path: pathlib.Path, name: str) -> None:
    """A translator of errors offers no name."""
    assert new("errors", name, tmp_path).exit_code == 0


def test_an_unknown_kind_is_refused_with_those_there_are(tmp_path: pathlib.Path) -> None:
    """The help lists them as well."""
    result = new("toaster", "x", tmp_path)
    assert result.exit_code == 2
    for kind in KINDS:
        assert kind in result.output
