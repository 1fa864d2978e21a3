"""The contract of login flows, and where this one writes."""

from __future__ import annotations

import io
import typing as t

import pytest
from globus_core_example_login.flow import ExampleLoginFlowManager

from globus_core.login_flows import LoginFlowManager
from globus_core.testing import LoginFlowContract

CALLBACK = "http://127.0.0.1:7777/callback"
Person = t.Callable[[str], str | None]


class TestExampleLogin(LoginFlowContract):
    @pytest.fixture
    def flow_factory(self, monkeypatch: pytest.MonkeyPatch) -> t.Callable[..., LoginFlowManager]:
        """A flow whose person opens the URL and pastes that of the callback."""

        class Answered(ExampleLoginFlowManager):
            person: Person

            def print_authorize_url(self, authorize_url: str) -> None:
                super().print_authorize_url(authorize_url)
                entered = self.person(authorize_url)
                monkeypatch.setattr("sys.stdin", io.StringIO(f"{entered}\n" if entered else ""))

        def make(login_client: t.Any, person: Person, **options: t.Any) -> LoginFlowManager:
            flow = Answered(login_client, redirect_uri=CALLBACK, **options)
            flow.person = person
            return flow

        return make


def test_standard_output_is_left_to_the_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address and the prompt go to standard error."""
    monkeypatch.setattr("sys.stdin", io.StringIO("a-code\n"))
    flow = ExampleLoginFlowManager.__new__(ExampleLoginFlowManager)
    flow.print_authorize_url("https://auth.example.org/")
    assert flow.prompt_for_code() == "a-code"
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "https://auth.example.org/" in shown.err
