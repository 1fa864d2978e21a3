"""The command ``globus-core api`` sends any request to any service of the sandbox."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import requests

from globus_core_cli.group import cli
from tests.commands import separate_runner

if t.TYPE_CHECKING:
    from click.testing import Result

    from globus_core_sandbox import Sandbox

Run = t.Callable[..., "Result"]
Sent = list[requests.PreparedRequest]

TASKS = "/transfer/v0.10/task_list"


@pytest.fixture
def run(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Run:
    """
    Run the command as the confidential client, which needs no browser.
    """
    for name, address in globus_sandbox.environment().items():
        monkeypatch.setenv(name, address)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", globus_sandbox.confidential_client_secret)
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "memory")

    def run(*arguments: str, typed: str = "") -> Result:
        return separate_runner().invoke(cli, ["api", *arguments], input=typed)

    return run


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """
    The requests as they are sent, the token requests left out.
    """
    requests_sent: Sent = []
    real = requests.adapters.HTTPAdapter.send

    def send(self: t.Any, request: t.Any, *args: t.Any, **options: t.Any) -> t.Any:
        if not request.path_url.endswith("/token"):
            requests_sent.append(request)
        return real(self, request, *args, **options)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    return requests_sent


def test_the_body_of_the_response_is_printed(run: Run, sent: Sent) -> None:
    """The version of the API may be left out where there is only one."""
    for path in ("/task_list", "task_list", "/v0.10/task_list"):
        result = run("transfer", "get", path)
        assert result.exit_code == 0, result.stderr
        assert json.loads(result.stdout)["DATA_TYPE"] == "task_list"
        assert sent[-1].path_url == TASKS
    assert json.loads(run("groups", "GET", "/groups/my_groups").stdout) == []
    assert json.loads(run("auth", "GET", "/v2/oauth2/userinfo").stdout)["sub"]


def test_queries_headers_and_bodies_are_sent(run: Run, sent: Sent, tmp_path: Path) -> None:
    """The query of the path as well; a body from the command line, a file or standard input."""
    arguments = ("-Q", "filter=status:ACTIVE", "--query-param", "x=a=b", "-H", "X-Mine: 1")
    assert run("transfer", "GET", "/task_list?limit=3&x=1", *arguments).exit_code == 0
    assert sent[-1].path_url == f"{TASKS}?limit=3&x=1&x=a%3Db&filter=status%3AACTIVE"
    assert sent[-1].headers["X-Mine"] == "1"

    group = json.dumps({"name": "Owls", "description": "é"})
    (tmp_path / "group.json").write_text(group, encoding="utf-8")
    scope = ("--scope", "urn:globus:auth:scope:groups.api.globus.org:all")
    for how, typed in (
        (("--body", group), ""),
        (("--body-file", str(tmp_path / "group.json")), ""),
        (("--body-file", "-"), group),
        (("--body", group, "--content-type", "json"), ""),
    ):
        made = json.loads(run("groups", "POST", "/groups", *how, *scope, typed=typed).stdout)
        assert (made["name"], made["description"]) == ("Owls", "é")
        assert sent[-1].headers["Content-Type"] == "application/json"
    run("groups", "POST", "/groups", "--body", "text", *scope)
    assert sent[-1].headers["Content-Type"] == "text/plain"


def test_all_pages_are_printed_a_line_each(globus_sandbox: Sandbox, run: Run, sent: Sent) -> None:
    """By whatever the service counts its pages."""
    for offset, name in enumerate("abc"):
        page = {"DATA": [name], "offset": offset, "total": 3}
        globus_sandbox.fail(TASKS, status=200, body=page, times=1)
    lines = run("transfer", "GET", "/task_list?limit=1", "--all-pages").stdout.splitlines()
    assert [json.loads(line)["DATA"] for line in lines] == [["a"], ["b"], ["c"]]
    assert sent[-1].path_url == f"{TASKS}?limit=1&offset=2"


def test_errors_are_told_or_printed(globus_sandbox: Sandbox, run: Run) -> None:
    """With the exit code of a failure, unless they are wanted."""
    missing = ("transfer", "GET", "/task/d0a5d3a0-3b9c-4b0e-9a7e-6f6a1f6a3f10")
    refused = run(*missing)
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert "404" in refused.stderr
    allowed = run(*missing, "--allow-errors")
    assert allowed.exit_code == 0
    assert json.loads(allowed.stdout)["code"]

    globus_sandbox.fail(TASKS, status=503, times=1)
    before = len(globus_sandbox.journal())
    assert run("transfer", "GET", "/task_list", "--no-retry").exit_code == 1
    assert sum(record.path == TASKS for record in globus_sandbox.journal()[before:]) == 1


def test_redirects_are_followed_on_request(globus_sandbox: Sandbox, run: Run, sent: Sent) -> None:
    """Otherwise their own response is printed."""
    for allowed, code in (((), ""), (("-L",), "task_list")):
        globus_sandbox.fail(TASKS, status=302, headers={"Location": f"{TASKS}?to=1"}, times=1)
        result = run("transfer", "GET", "/task_list", *allowed)
        assert result.exit_code == 0, result.stderr
        assert code in result.stdout
        assert sent[-1].path_url.endswith("?to=1") is bool(allowed)


def test_head_prints_the_headers(globus_sandbox: Sandbox, run: Run) -> None:
    """As its response has no body."""
    globus_sandbox.fail(TASKS, method="HEAD", status=200, headers={"X-Total": "5"}, times=1)
    assert "X-Total: 5" in run("transfer", "HEAD", "/task_list").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tranfer", "GET", "/x"), "tranfer"),
        (("transfer", "FETCH", "/x"), "FETCH"),
        (("transfer", "GET", "/x", "-Q", "novalue"), "'novalue' is not NAME=VALUE"),
        (("transfer", "GET", "/x", "-Q", "=v"), "'=v' is not NAME=VALUE"),
        (("transfer", "GET", "/x", "-H", "X"), "'X' is not NAME:VALUE"),
        (("transfer", "GET", "/x", "--body", "a", "--body-file", "-"), "exclude each other"),
    ],
)
def test_wrong_usage_is_refused(run: Run, arguments: tuple[str, ...], message: str) -> None:
    """In one line, with the exit code for it."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_response_that_is_not_json_has_no_pages(run: Run) -> None:
    """It is not printed as null."""
    result = run("transfer", "HEAD", "/task_list", "--all-pages")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not JSON" in result.stderr or "not JSON" in str(result.exception)


def test_a_body_that_is_no_text_is_wrong_usage(run: Run, sent: Sent) -> None:
    """A command line may have bytes that are not UTF-8, which Python gives as lone surrogates."""
    result = run("transfer", "POST", "/submission", "--body", "\udcff")
    assert (result.exit_code, "--body-file" in result.stderr, sent) == (2, True, [])
