"""A plugin's exception may quote anything; what looks like a credential goes no further."""

from __future__ import annotations

import pytest

from globus_core import compose, hookimpl
from globus_core.exc import PluginError, PluginUnavailableError
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.plugins.contracts import hiding
from tests.unit.plugins.fake_site import FakeSite

SECRET = "Ag0made0up0secret0value"
QUOTES = (
    f"GET failed with Authorization: Bearer {SECRET}",
    f"cannot post access_token={SECRET}&scope=openid",
    f"unexpected {{'refresh_token': '{SECRET}'}}",
)


class Quoting:
    """
    A plugin whose hooks fail, with a secret in the text and in the cause.

    :param text: the text
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def _fail(self) -> None:
        try:
            raise LookupError(self.text)
        except LookupError as error:
            raise ValueError(self.text) from error

    @hookimpl
    def globus_before_request(self) -> None:
        self._fail()

    @hookimpl
    def globus_normalize_identity(self) -> None:
        self._fail()

    @hookimpl
    def globus_retry_checks(self) -> dict[str, str]:
        return {}


@pytest.mark.parametrize("text", QUOTES)
def test_neither_log_nor_report_shows_a_secret(
    text: str, plugins: PluginManager, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest of the text and the traceback stay, for those who look for the cause."""
    plugins.register(Quoting(text), "a")

    compose.notify("globus_before_request", "event")
    compose.first("globus_normalize_identity", key="k")
    compose.report("a", "globus_retry_checks", f"it answered {text}")

    record = plugins.record("a")
    assert record is not None
    assert len(record.reports) == 3
    assert "***" in record.reports[0]
    assert SECRET not in f"{record.reports} {caplog.text}"
    assert "ValueError" in caplog.text
    assert "in globus_before_request" in caplog.text  # of the traceback
    assert all(SECRET not in repr(vars(entry)) for entry in caplog.records)


@pytest.mark.parametrize("text", QUOTES)
def test_a_failed_import_shows_no_secret(text: str, site: FakeSite) -> None:
    """Neither in the warning, nor in what the plugins command prints of it."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": f"raise ValueError({text!r})"})
    manager = site.manager(strict=True)

    with pytest.raises(PluginError, match="importing fake_a failed") as caught:
        manager.load_all()

    record = manager.record("a")
    assert record is not None
    assert SECRET not in f"{caught.value} {record.reason} {record.traceback}"


def test_a_reference_that_fails_shows_no_secret(site: FakeSite) -> None:
    """The reason why a name cannot be had is shown to the program's user."""
    site.install(
        "fake-a",
        {"a": "fake_a"},
        names={"Thing": "fake_b:Thing"},
        modules={"fake_a": "", "fake_b": f"raise ValueError({QUOTES[0]!r})"},
    )
    manager = site.manager()
    set_plugin_manager(manager)

    with pytest.raises(PluginUnavailableError) as caught:
        manager.public_name("", "Thing")

    assert "ValueError: GET failed" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_an_error_about_a_url_does_not_show_its_password() -> None:
    """The same exception goes on, whatever the plugin raises."""
    url = f"redis://:{SECRET}@redis.example.org/0"
    with pytest.raises(LookupError, match=r"redis\.example\.org") as caught, hiding(url):
        raise LookupError(f"cannot open {url}")
    assert SECRET not in str(caught.value)
