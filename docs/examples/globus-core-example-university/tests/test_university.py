"""Campus names, attributes and the gateway's page, as a program meets them."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
import responses
from globus_core_example_university import CampusGatewayError, directory
from globus_core_example_university.hooks import globus_identity_fingerprint, globus_translate_error

from globus_core import AuthClient, BaseClient, ClientApp, IdentityMap
from globus_core.exc import GlobusAPIError
from globus_core.globus_app import GlobusAppConfig
from globus_core.testing import ErrorTranslatorContract, Sandbox, make_error

PAGE = b"<html><body><h1>Campus gateway</h1></body></html>"


@pytest.fixture
def people(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[IdentityMap]:
    """The people whom the sandbox's Globus Auth knows; dana and emre are among them."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    with ClientApp(
        "tests",
        client_id=globus_sandbox.confidential_client_id,
        client_secret=globus_sandbox.confidential_client_secret,
        config=GlobusAppConfig(token_storage="memory"),
    ) as app:
        yield IdentityMap(AuthClient(app=app))


def test_a_campus_name_is_enough(people: IdentityMap) -> None:
    """In any case; a name that the campus does not know is unknown."""
    assert people["Dana"]["username"] == "dana@example.edu"
    assert "nobody" not in people


def test_attributes_stand_under_the_plugins_name(people: IdentityMap) -> None:
    """Apart from Globus's own fields."""
    dana = people["dana@example.edu"]
    assert dana.extensions["example-university"] == {
        "department": "Physics",
        "orcid": "0000-0002-1825-0097",
    }
    assert "department" not in dana


def test_a_directory_of_ones_own_is_read(
    people: IdentityMap, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    """The variable names it; usernames may be spelled in any case there."""
    file = tmp_path / "people.csv"
    file.write_text("name,username,department,orcid\nd,Dana@Example.edu,History,\n")
    monkeypatch.setenv(directory.VARIABLE, str(file))
    assert people["d"].extensions["example-university"] == {"department": "History"}


def test_a_cache_does_not_outlive_the_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    """Another directory has another fingerprint, so cached attributes of this one are not used."""
    before = globus_identity_fingerprint()
    file = tmp_path / "people.csv"
    file.write_text("name,username,department,orcid\n")
    monkeypatch.setenv(directory.VARIABLE, str(file))
    assert globus_identity_fingerprint() != before


class TestGateway(ErrorTranslatorContract):
    @pytest.fixture
    def translate(self) -> t.Callable[[GlobusAPIError], object]:
        return globus_translate_error

    @pytest.fixture
    def known_errors(self) -> list[GlobusAPIError]:
        return [make_error(PAGE, status=403, content_type="text/html")]


@responses.activate
def test_the_gateways_page_is_an_exception() -> None:
    """Which says what to do."""
    responses.get("https://service.example.org/things", PAGE, status=403, content_type="text/html")
    with pytest.raises(CampusGatewayError) as caught:
        BaseClient(base_url="https://service.example.org").get("things")
    assert "helpdesk" in caught.value.advice
