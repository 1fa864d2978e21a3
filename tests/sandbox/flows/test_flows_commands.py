"""The commands of the command line for flows, against the sandbox."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from click.testing import Result

from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.sandbox.flows.conftest import Shop, copying, flow_of
from tests.sandbox.flows.test_flows import PASS
from tests.sandbox.flows.test_runs import WAIT


@pytest.fixture
def desk(ours: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """
    The confidential client runs the commands.
    """
    monkeypatch.setenv("GLOBUS_CLIENT_ID", ours.sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", ours.sandbox.confidential_client_secret)
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "memory")
    return ours


def run(*arguments: str, typed: str = "") -> Result:
    """Run a command in this process."""
    command = ["flows", *arguments]
    return separate_runner().invoke(cli, command, prog_name="globus-core", input=typed)


def text(*arguments: str, typed: str = "") -> str:
    """What a command that succeeds prints."""
    result = run(*arguments, typed=typed)
    assert result.exit_code == 0, result.stderr
    return str(result.stdout)


def document(*arguments: str) -> t.Any:
    """What a command prints with ``--json``."""
    return json.loads(text(*arguments, "--json"))


def test_flows_are_listed_and_shown(desk: Shop) -> None:
    """By title, role and words."""
    assert "there are no flows" in text("list")
    flow = desk.make(flow_of(PASS), keywords=["sky"])
    assert [each["id"] for each in document("list", "--role", "flow_owner")] == [flow]
    assert flow in text("list", "--search", "sky")
    assert flow not in text("list", "--search", "sea")
    assert document("show", flow)["keywords"] == ["sky"]
    assert text("show", flow).split()[:2] == ["flow:", flow]


def test_a_flow_is_started_and_its_run_watched(desk: Shop, tmp_path: Path) -> None:
    """With input as text, from a file and from standard input."""
    flow = desk.make(copying())
    given = json.dumps(desk.input())
    file = tmp_path / "input.json"
    file.write_text(given)
    started = document("start", flow, "--input", given, "--label", "first", "--tag", "a")
    assert (started["label"], started["tags"]) == ("first", ["a"])
    desk.settle()
    watched = run("run", "watch", started["run_id"])
    assert watched.exit_code == 0
    assert "ActionCompleted" in watched.stderr
    assert "SUCCEEDED" in watched.stdout
    assert (desk.target_root / "copy.txt").read_text() == "one"
    assert "started run" in text("start", flow, "--input", str(file))
    assert "started run" in text("start", flow, "--input", "-", typed=given)
    assert len(document("run", "list", "--flow", flow)) == 3
    assert "first" in text("run", "list", "--limit", "9")


def test_a_run_is_shown_canceled_and_its_log_read(desk: Shop) -> None:
    """A run that was canceled has not succeeded."""
    run_id = desk.run(flow_of(WAIT))
    assert document("run", "show", run_id)["status"] == "ACTIVE"
    assert run("run", "watch", run_id, "--timeout", "0").exit_code == 1
    assert text("run", "cancel", run_id) == f"canceled run {run_id}\n"
    assert run("run", "watch", run_id, "--json").exit_code == 1
    lines = text("run", "log", run_id).splitlines()
    assert [line.split()[1] for line in lines] == ["FlowStarted", "WaitStarted", "FlowCanceled"]
    entries = text("run", "log", run_id, "--follow", "--json").splitlines()
    assert [json.loads(entry)["code"] for entry in entries][-1] == "FlowCanceled"
    again = run("run", "cancel", run_id)
    assert again.exit_code != 0
    assert "409" in again.stderr


def test_a_run_that_lacks_a_consent_is_resumed(desk: Shop, tmp_path: Path) -> None:
    """By a login for it, which the confidential client does by itself."""
    mapped = desk.collection("mapped", tmp_path / "mapped", kind="mapped")
    (tmp_path / "mapped/one.txt").write_text("one")
    run_id = desk.run(copying(), {**desk.input(), "source": mapped})
    inactive = run("run", "watch", run_id)
    assert inactive.exit_code == 1
    assert "INACTIVE" in inactive.stdout
    assert text("run", "resume", run_id) == f"resumed run {run_id}\n"
    desk.settle()
    assert document("run", "watch", run_id)["status"] == "SUCCEEDED"


@pytest.mark.parametrize("wrong", ["{", "[]", "no-such-file"])
def test_input_that_is_no_object_is_a_usage_error(desk: Shop, tmp_path: Path, wrong: str) -> None:
    """Before anything is sent."""
    if wrong == "[]":
        (tmp_path / "list.json").write_text(wrong)
        wrong = str(tmp_path / "list.json")
    result = run("start", "a-flow", "--input", wrong)
    assert result.exit_code == 2
    assert "--input" in result.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\xff\xfe", "is not UTF-8"), (b"[" * 100_000, "nested too deeply"), (b"[]", "JSON object")],
)
def test_a_file_that_is_no_input_is_wrong_usage(
    desk: Shop, tmp_path: Path, content: bytes, told: str
) -> None:
    """Nothing is sent."""
    file = tmp_path / "input.json"
    file.write_bytes(content)
    result = run("start", "an-id", "--input", str(file))
    assert (result.exit_code, told in result.stderr) == (2, True)
