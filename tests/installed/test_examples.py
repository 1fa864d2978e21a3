"""
The example distributions, and those written from them, as their authors and users meet them.
"""

from __future__ import annotations

import os
import pathlib

import pytest

from tests.installed.programs import ROOT, Shop

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

_EXAMPLES = ROOT / "docs" / "examples"
KINDS = {
    "cache": "example-cache",
    "command": "example-command",
    "environment": "example-environment",
    "errors": "example-errors",
    "identity": "example-university",
    "login-flow": "example-login",
    "observer": "example-observer",
    "service": "example-service",
    "storage": "example-storage",
}


@pytest.fixture
def shop(workshop: pathlib.Path, tmp_path: pathlib.Path) -> Shop:
    """Where this test installs."""
    return Shop(workshop, tmp_path / "site")


@pytest.fixture(params=["workshop", "lowest_workshop"], ids=["newest", "lowest"])
def any_shop(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Shop:
    """The same, with the newest and with the oldest releases of what globus-core depends on."""
    return Shop(request.getfixturevalue(request.param), tmp_path / "site")


@pytest.mark.parametrize("transport", ["fast", "plain"])
@pytest.mark.parametrize("example", KINDS.values())
def test_an_example_passes_its_tests_where_it_is_installed(
    any_shop: Shop, example: str, transport: str
) -> None:
    """Built as a wheel, beside the wheel of globus-core."""
    plain = {"GLOBUS_CORE_PLAIN_TRANSPORT": "1"} if transport == "plain" else {}
    assert " passed" in any_shop.run_tests(
        any_shop.install_copy(_EXAMPLES / f"globus-core-{example}"), **plain
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_plugin_passes_its_tests_as_it_is_written(
    shop: Shop, tmp_path: pathlib.Path, kind: str
) -> None:
    """`globus-core plugins new` of the installed program, for each kind."""
    name = f"brand-new-{kind}"
    shop.run("globus-core", "plugins", "new", kind, name, folder=tmp_path)
    folder = tmp_path / f"globus-core-{name}"
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()]
    assert not any(word in text for text in texts for word in (KINDS[kind], "globus_core_example"))
    shop.install(folder)
    assert " passed" in shop.run_tests(folder)
    assert f"{name}\t" in shop.run("globus-core", "plugins", folder=tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_plugin_passes_its_type_checker(
    shop: Shop, tmp_path: pathlib.Path, kind: str
) -> None:
    """mypy in its strict mode, with the settings that are written with it."""
    shop.run("globus-core", "plugins", "new", kind, "brand-new", folder=tmp_path)
    folder = tmp_path / "globus-core-brand-new"
    assert "strict = true" in (folder / "pyproject.toml").read_text(encoding="utf-8")
    assert "no issues found" in shop.run("mypy", folder=folder)


def test_a_new_service_passes_its_linter(shop: Shop, tmp_path: pathlib.Path) -> None:
    """ruff, with the settings that are written with it."""
    shop.run("globus-core", "plugins", "new", "service", "brand-new", folder=tmp_path)
    folder = tmp_path / "globus-core-brand-new"
    shop.run("ruff", "check", folder=folder)
    shop.run("ruff", "format", "--check", folder=folder)


APPLICATION = """
import os
import sys
from globus_core import AuthClient, ClientApp, GlobusAPIError, IdentityMap
from globus_core.globus_app import GlobusAppConfig
from globus_core.provenance import origin
from globus_core.testing import Sandbox

with Sandbox() as sandbox:
    os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"] = sandbox.url
    config = GlobusAppConfig(token_storage="example-storage://" + sys.argv[1])
    with ClientApp(
        "portal",
        client_id=sandbox.confidential_client_id,
        client_secret=sandbox.confidential_client_secret,
        config=config,
    ) as app:
        client = AuthClient(app=app)
        dana = IdentityMap(client)["dana"]
        print(dana["username"], dict(dana.extensions["example-university"]))
        print(origin(app.token_storage.token_storage))
        print(app.token_storage.describe())
"""


def test_a_program_uses_both_examples_through_the_public_api(
    shop: Shop, tmp_path: pathlib.Path
) -> None:
    """Its tokens lie in the encrypted files, and it knows people by their campus names."""
    for example in ("example-storage", "example-university"):
        shop.install_copy(_EXAMPLES / f"globus-core-{example}")
    program = tmp_path / "program.py"
    program.write_text(APPLICATION, encoding="utf-8")
    tokens = tmp_path / "tokens"
    shown = shop.run("python", program, tokens, folder=tmp_path).splitlines()
    assert shown[0] == (
        "dana@example.edu {'department': 'Physics', 'orcid': '0000-0002-1825-0097'}"
    )
    assert shown[1] == "example-storage@globus-core-example-storage 1.0"
    assert "encrypted" in shown[2] and str(tokens) in shown[2]
    (stored,) = tokens.glob("*.tokens")
    assert b"access_token" not in stored.read_bytes()
    assert os.stat(stored).st_mode & 0o077 == 0
