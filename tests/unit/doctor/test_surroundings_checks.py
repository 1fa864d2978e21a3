"""
What the doctor says of Python, packages, plugins, variables and sources of credentials.
"""

from __future__ import annotations

import pathlib
import re
import sys
import typing as t
from importlib import metadata

import pytest

from globus_core import hookimpl
from globus_core.globus_app import CredentialsError
from globus_core.plugins import PluginManager
from globus_core_doctor.checks import installation, variables
from globus_core_doctor.checks.credential_sources import check_credentials
from globus_core_doctor.checks.installation import check_packages, check_python
from globus_core_doctor.checks.plugin_states import check_plugins
from globus_core_doctor.checks.variables import check_variables
from tests.layout.house import KERNEL, PLUGINS
from tests.unit.doctor.reports import findings, problems, states, texts

SECRET = "sec-ret-value-0123456789"


# Python and packages


def test_python_and_the_system_are_named() -> None:
    """A release that is tested, on a system that is, is no more than that."""
    found = findings(check_python)

    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in texts(found)
    assert problems(found) == []


def test_a_system_where_nothing_is_tested_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a note: things may work, and there is a way to try them."""
    for system in ("darwin", "win32", "sunos5"):
        monkeypatch.setattr(sys, "platform", system)
        found = findings(check_python)
        assert "note" in states(found)
        assert "tested on Linux" in texts(found)
        assert "globus-core demo" in texts(found)


@pytest.mark.parametrize(("version", "state"), [((3, 9, 1), "problem"), ((3, 99, 0), "note")])
def test_a_python_that_is_not_tested_is_told(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], state: str
) -> None:
    """Too old is a problem, newer than what is tested a note."""
    monkeypatch.setattr(sys, "version_info", version)

    assert state in states(findings(check_python))


def test_packages_are_named_with_their_versions() -> None:
    """Those that are required, and those that are used if they are there."""
    found = findings(check_packages)

    assert problems(found) == []
    for name in ("requests", "urllib3", "cryptography", "pyjwt", "pluggy", "attrs"):
        assert f"{name} {metadata.version(name)}" in texts(found)
    assert "OpenSSL" in texts(found)


def test_a_package_that_is_missing_or_too_old_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    known = {"requests": "2.9", "urllib3": None}
    version = installation._version
    monkeypatch.setattr(
        installation, "_version", lambda name: known[name] if name in known else version(name)
    )
    old, missing = problems(findings(check_packages))

    assert "requests 2.9 is too old" in old
    assert "pip install --upgrade 'requests>=" in old
    assert "urllib3 is not installed" in missing


def test_missing_metadata_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in programs whose packer left it out."""

    def none(name: str) -> t.NoReturn:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", none)
    monkeypatch.setattr(metadata, "version", none)

    assert "the metadata of globus-core is missing" in problems(findings(check_packages))[0]


# plugins


class Raising:
    """A plugin whose hook fails."""

    @hookimpl
    def globus_cli_commands(self) -> dict[str, t.Any]:
        """Raise."""
        raise RuntimeError("no directory")


def test_plugins_are_named_and_those_that_are_out_have_their_reason(
    globus_plugins: PluginManager,
) -> None:
    """Blocked on purpose is a note; failed when it was called is a problem."""
    from globus_core import compose, hookspecs

    globus_plugins.set_blocked("demo")
    globus_plugins.register(Raising(), "campus")
    compose.merged(hookspecs.globus_cli_commands)
    found = findings(check_plugins)

    assert "in use: campus@code" in texts(found)
    assert any("demo" in each.text for each in found if each.state == "note")
    (problem,) = problems(found)
    assert "campus@code failed when it was called" in problem
    assert "no directory" in problem
    assert "GLOBUS_CORE_PLUGINS_BLOCKED=campus" in problem


# variables


def test_variables_are_shown_with_their_values_unless_these_are_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A URL is shown without user and password; what nobody knows without its value."""
    monkeypatch.setenv("GLOBUS_CORE_NAMESPACE", "night")
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", f"redis://ada:{SECRET}@db.example.org/0")
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("GLOBUS_OF_ANOTHER_PROGRAM", SECRET)
    monkeypatch.setenv("https_proxy", f"http://ada:{SECRET}@proxy.example.org:3128")
    told = texts(findings(check_variables))

    assert "GLOBUS_CORE_NAMESPACE=night" in told
    assert "GLOBUS_CORE_TOKEN_STORAGE=redis://***@db.example.org/0" in told
    assert "GLOBUS_CLIENT_SECRET is set; its value is not shown" in told
    assert "GLOBUS_OF_ANOTHER_PROGRAM is set; it is none of globus-core's" in told
    assert "https_proxy=http://***@proxy.example.org:3128" in told
    assert SECRET not in told


def test_a_mistyped_variable_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no effect, and the one that is meant is named."""
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORGE", "json")
    (problem,) = problems(findings(check_variables))

    assert "GLOBUS_CORE_TOKEN_STORAGE" in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GLOBUS_SDK_HTTP_TIMEOUT", "soon"),
        ("GLOBUS_CORE_TOTAL_TIMEOUT", "soon"),
        ("GLOBUS_SDK_VERIFY_SSL", "/no/such/file.pem"),
        ("GLOBUS_SDK_ENVIRONMENT", "nowhere"),
        ("HOME", ""),
        ("SSLKEYLOGFILE", "/tmp/keys"),
    ],
)
def test_a_variable_with_a_wrong_value_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The kernel says what is wrong with it, as it does to programs."""
    monkeypatch.setenv(name, value)
    (problem,) = problems(findings(check_variables))

    assert name in problem or value in problem


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRANSFR", "http://127.0.0.1:8999/transfer/", "is GLOBUS_SDK_SERVICE_URL_TRANSFER meant"),
        ("AUTH", "127.0.0.1:8999", "has no URL that begins with https://"),
        ("TIMER", "", "has no URL that begins with https://"),
    ],
)
def test_the_address_of_a_service_that_no_client_would_use_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """Its name or its value is mistyped."""
    monkeypatch.setenv(f"GLOBUS_SDK_SERVICE_URL_{name}", value)

    assert said in texts(findings(check_variables))


def test_a_service_of_the_programs_own_may_have_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its client is not installed as a plugin."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_WEATHER", "https://weather.example.org/")

    found = findings(check_variables)
    assert "GLOBUS_SDK_SERVICE_URL_WEATHER=https://weather.example.org/" in texts(found)
    assert problems(found) == []


def test_every_variable_that_the_code_reads_is_known() -> None:
    """A new one gets its line in one of the two lists."""
    folders = (KERNEL, PLUGINS)
    sources = [path for folder in folders for path in folder.rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    read = set(
        re.findall(
            r"""["'](GLOBUS_(?:CORE|SDK|CLI|CLIENT|COMPUTE|TOKENS?|ALLOW)[A-Z_]*[A-Z])["']""", text
        )
    )

    read = {name for name in read if not name.startswith(variables.SERVICE_URL)}
    unknown = read - variables.PUBLIC - variables.SECRET
    assert unknown == set(), "a line for each is missing in globus_core_doctor/checks/variables.py"


# credentials


def test_the_source_that_is_used_is_told_and_why_the_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each place once."""
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", " ")
    monkeypatch.setenv("GLOBUS_TOKENS", f'{{"auth.globus.org": "{SECRET}"}}')
    found = findings(check_credentials)
    told = texts(found)

    assert "tokens from GLOBUS_TOKENS: this is what is used" in told
    assert "client secret from GLOBUS_CLIENT_SECRET: not used, set, but empty" in told
    assert re.search(r"an earlier source was used: .*GLOBUS_TOKENS_FILE", told)
    assert re.search(r"not set: .*GLOBUS_CLIENT_SECRET_FILE", told)
    assert SECRET not in told


def test_a_source_that_cannot_be_used_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    """It names the place; the runner reports it."""
    monkeypatch.setenv("GLOBUS_TOKENS_FILE", str(tmp_path / "none.json"))

    with pytest.raises(CredentialsError, match=r"none\.json.*does not exist"):
        findings(check_credentials)
